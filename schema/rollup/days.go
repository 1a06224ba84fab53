package rollup

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
)

// staleDaysSQL lists the days whose rows of day_keys are not those of their row of day_windows, with the new stamp, the
// number of the next rows and how many posts the day has. Days that changed in the last milliseconds are left out. Of two
// states of a day the later one has the higher number.
const staleDaysSQL = `
SELECT toString(d.community), d.day, d.stamp, greatest(k.calc + 1, d.age), d.posts
FROM
(
    SELECT community, day, ` + schema.StampSQL + ` AS stamp, calc + marks AS age, arraySum(cells.posts) AS posts, calculated_at
    FROM @day_windows FINAL
) AS d
LEFT JOIN (SELECT community, day, calc FROM @day_stamps FINAL) AS k ON d.community = k.community AND d.day = k.day
WHERE (d.community, d.day, d.stamp) NOT IN (SELECT community, day, stamp FROM @day_stamps)
    AND toUnixTimestamp64Milli(d.calculated_at) + ? <= toUnixTimestamp64Milli(now64(3))
ORDER BY d.day DESC, d.community`

// The posts and days whose keys one statement writes, unless a day alone has more. A post takes some 300 bytes meanwhile.
const (
	keyPosts = 200_000
	keyDays  = 128
)

// keyed is a day whose keys are to be written.
type keyed struct {
	schema.Window
	stamp, calc, posts uint64
}

// KeepDays writes the rows of day_keys of the days that came to rest, newest first, and returns how many days these were.
// They may be read after the pause, and until their day changes: the views post_keys and activity_keys make them from the
// facts of every other day. No query takes as long as the pause from where it looks for the rows that it may read to
// where it reads them, so that it never goes without both.
//
// The stamp of a day is read before its facts. If they change meanwhile, the rows have a stamp that the day does not have
// any more, and are written again.
func (r *Rollup) KeepDays(ctx context.Context, rest, pause time.Duration) (int, error) {
	days, err := r.staleDays(ctx, rest)
	if err != nil {
		return 0, err
	}
	done := 0
	for done < len(days) {
		n, err := r.keepDays(ctx, days[done:], pause)
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// keepDays writes the rows of the first days and returns how many days these are: at least one.
func (r *Rollup) keepDays(ctx context.Context, days []keyed, pause time.Duration) (int, error) {
	n, posts := 0, uint64(0)
	for n < len(days) && n < keyDays && (n == 0 || posts+days[n].posts <= keyPosts) {
		posts += days[n].posts
		n++
	}
	if n == 0 {
		return 0, nil
	}
	if err := r.step(ctx); err != nil {
		return 0, err
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(schema.InsertSettings()))
	for _, statement := range []string{keepDaysSQL(days[:n]), stampDaysSQL(days[:n], pause)} {
		if err := r.conn.Exec(ctx, r.sql(statement)); err != nil {
			return 0, fmt.Errorf("rollup: cannot keep the keys of %d days: %w", n, err)
		}
	}
	return n, nil
}

// staleDays lists the days whose keys are to be written.
func (r *Rollup) staleDays(ctx context.Context, rest time.Duration) ([]keyed, error) {
	rows, err := r.conn.Query(ctx, r.sql(staleDaysSQL), rest.Milliseconds())
	if err != nil {
		return nil, fmt.Errorf("rollup: cannot look for days whose keys are to be kept: %w", err)
	}
	defer rows.Close()
	var days []keyed
	for rows.Next() {
		var d keyed
		if err := rows.Scan(&d.Community, &d.Day, &d.stamp, &d.calc, &d.posts); err != nil {
			return nil, fmt.Errorf("rollup: cannot read the days whose keys are to be kept: %w", err)
		}
		days = append(days, d)
	}
	return days, rows.Err()
}

// keepDaysSQL writes the rows of days from the views that make such rows; a kind that nothing is of gets an empty one, so
// that it replaces what was there.
func keepDaysSQL(days []keyed) string {
	literals, in := asked(days, func(d keyed) (schema.Window, uint64) { return d.Window, d.calc })
	return `INSERT INTO @day_keys (community, day, kind, calc, posts, places, at, authors, threads, answered, sources, accounts, traits, topics, counts, ids) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, d.kind, asked.3, k.posts, k.places, k.at, k.authors, k.threads, k.answered, k.sources, k.accounts, k.traits, k.topics, k.counts, k.ids
FROM
(
    SELECT asked, asked.1 AS community, asked.2 AS day, arrayJoin(['asked', 'reply', 'other', 'viewed', 'accepted']) AS kind
    FROM (SELECT arrayJoin([` + literals + `]) AS asked)
) AS d
LEFT JOIN
(
    SELECT community, day, kind, posts, places, at, authors, threads, answered, sources, accounts, traits, topics, [] AS counts, accepted AS ids
    FROM @post_keys
    WHERE (community, day) ` + in + `
    UNION ALL
    SELECT community, day, kind, posts, [], [], [], [], [], [], [], [], [], counts, ids
    FROM @activity_keys
    WHERE (community, day) ` + in + `
) AS k ON k.community = d.community AND k.day = d.day AND k.kind = d.kind`
}

// stampDaysSQL has the rows of days read after the pause.
func stampDaysSQL(days []keyed, pause time.Duration) string {
	rows := make([]string, len(days))
	for i, d := range days {
		rows[i] = fmt.Sprintf("(%s, '%s', %d, %d, now64(3) + toIntervalMillisecond(%d))", quote(d.Community), d.Day.Format(time.DateOnly), d.calc, d.stamp, pause.Milliseconds())
	}
	return "INSERT INTO @day_stamps (community, day, calc, stamp, ready_at) SETTINGS async_insert = 0 VALUES " + strings.Join(rows, ", ")
}
