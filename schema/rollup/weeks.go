package rollup

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
)

// staleWeeksSQL lists the weeks whose row was not counted from the rows that their days have now, with the stamp of
// these and the number of the next row. Weeks in which something was counted in the last milliseconds are left out.
const staleWeeksSQL = `
SELECT toString(d.community), d.week, d.stamp, w.calc + 1
FROM
(
    SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks)) AS stamp, max(calculated_at) AS calculated_at
    FROM @day_windows FINAL
    GROUP BY community, week
) AS d
LEFT JOIN (SELECT community, week, calc, stamp FROM @week_windows FINAL) AS w ON d.community = w.community AND d.week = w.week
WHERE (w.calc = 0 OR w.stamp != d.stamp) AND toUnixTimestamp64Milli(d.calculated_at) + ? <= toUnixTimestamp64Milli(now64(3))
ORDER BY d.week DESC, d.community`

// weekChunk is how many weeks one statement counts: each reads all posts of its days.
const weekChunk = 4

// staleWeek is a week to be counted: its stamp was read before anything else of it.
type staleWeek struct {
	schema.Window // Day is its Monday
	stamp, calc   uint64
}

// CountWeeks counts the weeks that came to rest and whose row is older than those of their days, newest first, and
// returns how many these were. Readers take a week's row only while its days are the ones it was counted from, so that
// it may be counted at leisure: a week without a row, or with an old one, is counted for every reader afresh.
//
// The stamp of a week is read before its days. If one of them changes meanwhile, the row is written under a stamp that
// no reader will find, and the week is counted again.
func (r *Rollup) CountWeeks(ctx context.Context, rest time.Duration) (int, error) {
	weeks, err := r.staleWeeks(ctx, rest)
	if err != nil {
		return 0, err
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(schema.InsertSettings()))
	done := 0
	for len(weeks) > 0 {
		chunk := weeks[:min(weekChunk, len(weeks))]
		if err := r.step(ctx); err != nil {
			return done, err
		}
		if err := r.conn.Exec(ctx, r.sql(countWeeksSQL(chunk))); err != nil {
			return done, fmt.Errorf("rollup: cannot count %d weeks: %w", len(chunk), err)
		}
		done += len(chunk)
		weeks = weeks[len(chunk):]
	}
	return done, nil
}

func (r *Rollup) staleWeeks(ctx context.Context, rest time.Duration) ([]staleWeek, error) {
	rows, err := r.conn.Query(ctx, r.sql(staleWeeksSQL), rest.Milliseconds())
	if err != nil {
		return nil, fmt.Errorf("rollup: cannot look for weeks to count: %w", err)
	}
	defer rows.Close()
	var weeks []staleWeek
	for rows.Next() {
		var w staleWeek
		if err := rows.Scan(&w.Community, &w.Day, &w.stamp, &w.calc); err != nil {
			return nil, fmt.Errorf("rollup: cannot read the weeks to count: %w", err)
		}
		weeks = append(weeks, w)
	}
	return weeks, rows.Err()
}

// weekTotals are the columns of community_weekly, in the order of the tuple.
const weekTotals = `posts, threads, replies, staff_posts, positive, negative, neutral, mixed, untagged, questions, answers, requests, complaints, praises, churn_risks,
        authors, accounts, active_members, viewed, reacted, accepted, joined, logins, points, days`

// countWeeksSQL writes the rows of weeks from the views that count such weeks.
func countWeeksSQL(weeks []staleWeek) string {
	literals := make([]string, len(weeks))
	keys := make([]string, len(weeks))
	for i, w := range weeks {
		key := quote(w.Community) + ", toDate('" + w.Day.Format(time.DateOnly) + "')"
		keys[i] = "(" + key + ")"
		literals[i] = fmt.Sprintf("(%s, toUInt64(%d), toUInt64(%d))", key, w.stamp, w.calc)
	}
	in := "IN (" + strings.Join(keys, ", ") + ")"
	tagged := func(view, tag string) string {
		return `
    SELECT community, week, arraySort(groupArray((toString(` + tag + `), posts, replies, positive, negative, neutral, mixed, authors, accounts, author_squares))) AS cells
    FROM @` + view + `
    WHERE (community, week) ` + in + `
    GROUP BY community, week`
	}
	return `INSERT INTO @week_windows (community, week, calc, stamp, totals, topics, intents, topic_days) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, asked.4, asked.3, c.totals, t.cells, i.cells, d.cells
FROM (SELECT arrayJoin([` + strings.Join(literals, ", ") + `]) AS asked, asked.1 AS community, asked.2 AS week) AS a
LEFT JOIN
(
    SELECT community, week, groupArray((` + weekTotals + `)) AS totals
    FROM @community_weekly
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS c ON c.community = a.community AND c.week = a.week
LEFT JOIN
(` + tagged("topic_week_totals", "topic") + `
) AS t ON t.community = a.community AND t.week = a.week
LEFT JOIN
(` + tagged("intent_week_totals", "intent") + `
) AS i ON i.community = a.community AND i.week = a.week
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((day, toString(topic), posts, positive, negative, neutral, mixed, authors))) AS cells
    FROM @topic_day_totals
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS d ON d.community = a.community AND d.week = a.week`
}
