package rollup

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
)

// staleWeeksSQL lists the weeks whose stamp is not that of the rows that their days have now, with the new stamp and the
// number of the next row. Of two states of a week the later one has the higher number, unless days expired; weeks in
// which something was counted in the last milliseconds are left out.
const staleWeeksSQL = `
SELECT toString(d.community), d.week, d.stamp, greatest(w.calc + 1, d.age)
FROM
(
    SELECT community, toMonday(day) AS week, sum(` + schema.StampSQL + `) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at
    FROM @day_windows FINAL
    GROUP BY community, week
) AS d
LEFT JOIN (SELECT community, week, calc FROM @week_windows FINAL) AS w ON d.community = w.community AND d.week = w.week
WHERE (d.community, d.week, d.stamp) NOT IN (SELECT community, week, stamp FROM @week_stamps)
    AND toUnixTimestamp64Milli(d.calculated_at) + ? <= toUnixTimestamp64Milli(now64(3))
ORDER BY d.week DESC, d.community`

// weekChunk is how many weeks one statement counts: each reads all posts of its days.
const weekChunk = 4

// week is one that was counted, or is to be: its stamp was read before anything else of it.
type week struct {
	schema.Window // Day is its Monday
	stamp, calc   uint64
	// written is when its row was in the table.
	written time.Time
}

// CountWeeks counts the weeks that came to rest, newest first, and returns how many these were. Their rows are read only
// after PublishWeeks, and until their days change: a week without such a row is counted for every reader afresh.
//
// The stamp of a week is read before its days. If one of them changes meanwhile, the row is published under a stamp that
// the week does not have any more, and the week is counted again.
func (r *Rollup) CountWeeks(ctx context.Context, rest time.Duration) (int, error) {
	return r.countWeeks(ctx, rest, math.MaxInt)
}

// countWeeks counts at most so many weeks.
func (r *Rollup) countWeeks(ctx context.Context, rest time.Duration, most int) (int, error) {
	weeks, err := r.staleWeeks(ctx, rest)
	if err != nil {
		return 0, err
	}
	weeks = weeks[:min(most, len(weeks))]
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(schema.InsertSettings()))
	done := 0
	for chunk := range slices.Chunk(weeks, weekChunk) {
		if err := r.step(ctx); err != nil {
			return done, err
		}
		// The row of week_windows comes last: its number is that of the calculation, so that a crash in between counts again.
		for _, statement := range []string{detailWeeksSQL(chunk), countWeeksSQL(chunk)} {
			if err := r.conn.Exec(ctx, r.sql(statement)); err != nil {
				return done, fmt.Errorf("rollup: cannot count %d weeks: %w", len(chunk), err)
			}
		}
		done += len(chunk)
		r.mu.Lock()
		for _, w := range chunk {
			w.written = time.Now()
			r.written = append(r.written, w)
		}
		r.mu.Unlock()
	}
	return done, nil
}

// runWeeks counts weeks, keeps keys of days and blocks of offsets until ctx ends, a few at a time and beside the counting
// of days, which does not wait for it.
func (r *Rollup) runWeeks(ctx context.Context) {
	var offsets time.Time // when the full blocks of offsets were kept last
	for ctx.Err() == nil {
		began := time.Now()
		more, err := r.restingWeeks(ctx)
		if err == nil && time.Since(offsets) >= offsetsPause {
			err, offsets = r.KeepOffsets(ctx), time.Now()
		}
		pause := time.Duration(float64(time.Since(began)) * (1/r.cfg.Share - 1))
		if !more {
			pause = max(pause, r.cfg.Rest)
		}
		if err != nil && ctx.Err() == nil {
			pause = max(pause, 30*time.Second)
			r.cfg.Logger.Error("what stands ready of days and weeks could not be written and will be tried again", "error", err, "in", pause)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// restingWeeks publishes what was counted some time ago, keeps the keys of some days, and counts a few weeks more when no
// day is left. It says whether there is more to do.
func (r *Rollup) restingWeeks(ctx context.Context) (bool, error) {
	if err := r.PublishWeeks(ctx, publishPause); err != nil {
		return false, err
	}
	days, err := r.staleDays(ctx, r.cfg.Rest)
	if err != nil {
		return false, err
	}
	kept, err := r.keepDays(ctx, days, publishPause)
	if err != nil || kept < len(days) {
		return true, err
	}
	n, err := r.countWeeks(ctx, r.cfg.Rest, weekChunk)
	return n == weekChunk, err
}

// PublishWeeks has the rows read that CountWeeks wrote at least so long ago. A query looks at the stamps and at the rows
// one after the other; whatever it sees first, the pause is longer than the time between, so that it never goes without
// both the row and the count of the week. A row that is lost to a crash before is written again.
func (r *Rollup) PublishWeeks(ctx context.Context, pause time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ready []week
	var kept []week
	for _, w := range r.written {
		if time.Since(w.written) >= pause {
			ready = append(ready, w)
		} else {
			kept = append(kept, w)
		}
	}
	if len(ready) == 0 {
		return nil
	}
	rows := make([]string, len(ready))
	for i, w := range ready {
		rows[i] = fmt.Sprintf("(%s, '%s', %d, %d)", quote(w.Community), w.Day.Format(time.DateOnly), w.calc, w.stamp)
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(schema.InsertSettings()))
	if err := r.conn.Exec(ctx, r.sql("INSERT INTO @week_stamps (community, week, calc, stamp) VALUES "+strings.Join(rows, ", "))); err != nil {
		return fmt.Errorf("rollup: cannot publish %d weeks: %w", len(ready), err)
	}
	r.written = kept
	return nil
}

// staleWeeks lists the weeks to be counted, without those that were counted and only wait to be published.
func (r *Rollup) staleWeeks(ctx context.Context, rest time.Duration) ([]week, error) {
	rows, err := r.conn.Query(ctx, r.sql(staleWeeksSQL), rest.Milliseconds())
	if err != nil {
		return nil, fmt.Errorf("rollup: cannot look for weeks to count: %w", err)
	}
	defer rows.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	var weeks []week
	for rows.Next() {
		var w week
		if err := rows.Scan(&w.Community, &w.Day, &w.stamp, &w.calc); err != nil {
			return nil, fmt.Errorf("rollup: cannot read the weeks to count: %w", err)
		}
		if !slices.ContainsFunc(r.written, func(o week) bool { return o.Window == w.Window && o.stamp == w.stamp }) {
			weeks = append(weeks, w)
		}
	}
	return weeks, rows.Err()
}

// weekTotals are the columns of community_weekly, in the order of the tuple.
const weekTotals = `posts, threads, replies, staff_posts, positive, negative, neutral, mixed, untagged, questions, answers, requests, complaints, praises, churn_risks,
        authors, accounts, active_members, viewed, reacted, accepted, joined, logins, points, days`

// askedWeeks names weeks twice: as rows of community, week and calc, and as a condition that prunes.
func askedWeeks(weeks []week) (rows, in string) {
	literals := make([]string, len(weeks))
	keys := make([]string, len(weeks))
	for i, w := range weeks {
		key := quote(w.Community) + ", toDate('" + w.Day.Format(time.DateOnly) + "')"
		keys[i] = "(" + key + ")"
		literals[i] = fmt.Sprintf("(%s, toUInt64(%d))", key, w.calc)
	}
	return "(SELECT arrayJoin([" + strings.Join(literals, ", ") + "]) AS asked, asked.1 AS community, asked.2 AS week)", "IN (" + strings.Join(keys, ", ") + ")"
}

// countWeeksSQL writes the rows of weeks from the views that count such weeks.
func countWeeksSQL(weeks []week) string {
	rows, in := askedWeeks(weeks)
	tagged := func(view, tag string) string {
		return `
    SELECT community, week, arraySort(groupArray((toString(` + tag + `), posts, replies, positive, negative, neutral, mixed, authors, accounts, author_squares))) AS cells
    FROM @` + view + `
    WHERE (community, week) ` + in + `
    GROUP BY community, week`
	}
	return `INSERT INTO @week_windows (community, week, calc, totals, topics, intents, topic_days) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, asked.3, c.totals, t.cells, i.cells, d.cells
FROM ` + rows + ` AS a
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

// detailWeeksSQL writes the long lists of weeks from the views that count such weeks.
func detailWeeksSQL(weeks []week) string {
	rows, in := askedWeeks(weeks)
	return `INSERT INTO @week_details (community, week, calc, phrases, terms) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, asked.3, p.cells, m.cells
FROM ` + rows + ` AS a
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((toString(topic), toString(kind), phrase, posts, authors, negative))) AS cells
    FROM @topic_phrase_totals
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS p ON p.community = a.community AND p.week = a.week
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((toString(kind), value, posts, authors))) AS cells
    FROM @term_week_totals
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS m ON m.community = a.community AND m.week = a.week`
}
