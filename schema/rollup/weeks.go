package rollup

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
)

// family is what stands ready of a week under one stamp: rows of some tables.
type family struct {
	// windows is the table whose row has the number of the calculation, and stamps the one that says which row may be read.
	windows, stamps string
	// now is the query for the weeks that there are and the stamps that they have now.
	now string
	// count writes the rows of weeks, the one of windows last, so that a crash in between counts again.
	count func([]week) []string
	// keyed is instead of count for what is counted from keys: the view post_keys, or its sibling when that has all days of
	// the weeks.
	keyed func(weeks []week, keys string) string
}

// families returns what stands ready of a week. What of it follows from the days alone has one stamp. The segments have
// another, since they also follow from what is known of members and accounts. Questions and writers have stamps of their own,
// so that the other rows need not be counted again when theirs change. Writers are followed in communities that have a large
// week, and what follows is of large weeks only, after their other rows, which tell how large they are: copies of posts, and
// who needs attention and what became of the questions of nine weeks, which is counted from the rows of writers and questions
// once these may be read.
func (r *Rollup) families() []family {
	return []family{
		{"week_windows", "week_stamps", schema.DayStampsSQL("@"), func(w []week) []string {
			return []string{detailWeeksSQL(w), listWeeksSQL(w), countWeeksSQL(w)}
		}, nil},
		{"segment_windows", "segment_stamps", schema.SegmentStampsSQL("@"), func(w []week) []string { return []string{segmentWeeksSQL(w)} }, nil},
		{"question_windows", "question_stamps", schema.DayStampsSQL("@"), func(w []week) []string { return []string{questionWeeksSQL(w)} }, nil},
		{"writer_windows", "writer_stamps", writersNowSQL(r.cfg.LargeWeek), nil, writerWeeksSQL},
		{"shown_windows", "shown_stamps", shownNowSQL(r.cfg.LargeWeek), func(w []week) []string { return []string{shownWeeksSQL(w)} }, nil},
		{"progress_windows", "progress_stamps", progressNowSQL(r.cfg.LargeWeek), func(w []week) []string {
			return append(attentionWeeksSQL(w), progressWeeksSQL(w)...)
		}, nil},
	}
}

// staleSQL lists the weeks whose stamp is not the one under which their row is read, with the new stamp and the number of
// the next row. Weeks in which something was counted in the last milliseconds are left out.
func (f family) staleSQL() string {
	return `
SELECT toString(d.community), d.week, d.stamp, greatest(w.calc + 1, d.age)
FROM (` + f.now + `) AS d
LEFT JOIN (SELECT community, week, calc FROM @` + f.windows + ` FINAL) AS w ON d.community = w.community AND d.week = w.week
WHERE (d.community, d.week, d.stamp) NOT IN (SELECT community, week, stamp FROM @` + f.stamps + `)
    AND toUnixTimestamp64Milli(d.calculated_at) + ? <= toUnixTimestamp64Milli(now64(3))
ORDER BY d.week DESC, d.community`
}

// weekChunk is how many weeks one statement counts: each reads all posts of its days.
const weekChunk = 4

// week is one that was counted, or is to be: its stamp was read before anything else of it.
type week struct {
	schema.Window // Day is its Monday
	stamp, calc   uint64
	// stamps is the table that publishes its row.
	stamps string
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

// countWeeks counts at most so many weeks of each family, and returns how many different ones these were.
func (r *Rollup) countWeeks(ctx context.Context, rest time.Duration, most int) (int, error) {
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(schema.InsertSettings()))
	done := map[schema.Window]bool{}
	for _, f := range r.families() {
		weeks, err := r.staleWeeks(ctx, f, rest)
		if err != nil {
			return len(done), err
		}
		for chunk := range slices.Chunk(weeks[:min(most, len(weeks))], weekChunk) {
			if err := r.countChunk(ctx, f, chunk); err != nil {
				return len(done), err
			}
			for _, w := range chunk {
				done[w.Window] = true
			}
		}
	}
	return len(done), nil
}

func (r *Rollup) countChunk(ctx context.Context, f family, weeks []week) error {
	if err := r.step(ctx); err != nil {
		return err
	}
	var statements []string
	if f.keyed == nil {
		statements = f.count(weeks)
	} else {
		keys, err := r.keysOf(ctx, weeks)
		if err != nil {
			return err
		}
		statements = []string{f.keyed(weeks, keys)}
	}
	for _, statement := range statements {
		if err := r.conn.Exec(ctx, r.sql(statement)); err != nil {
			return fmt.Errorf("rollup: cannot count %d weeks for %s: %w", len(weeks), f.windows, err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range weeks {
		w.written, w.stamps = time.Now(), f.stamps
		r.written = append(r.written, w)
	}
	return nil
}

// keysOf returns the view that has the keys of all days of weeks and takes least to plan. A day whose keys may be read now has
// them of the state that the week's stamp, which was read before, names of it, or of a later one.
func (r *Rollup) keysOf(ctx context.Context, weeks []week) (string, error) {
	var missing uint64
	if err := r.conn.QueryRow(ctx, r.sql("SELECT count() FROM @days_not_ready WHERE (community, day) IN ("+daysOf(weeks)+")")).Scan(&missing); err != nil {
		return "", fmt.Errorf("rollup: cannot tell whose keys are kept: %w", err)
	}
	if missing > 0 {
		return "post_keys", nil
	}
	return "post_keys" + schema.ReadySuffix, nil
}

// KeepReady counts weeks, keeps keys of days, blocks of offsets and the ledger until ctx ends, a few at a time and beside the counting
// of days, which does not wait for it. Without it nothing stands ready, and readers count everything from the posts. After
// each step it calls pause with the time that the step took; nil pauses so that the share of Config is kept.
func (r *Rollup) KeepReady(ctx context.Context, pause func(ctx context.Context, took time.Duration)) {
	var offsets, ledger time.Time // when the full blocks of offsets and the ledger were kept last
	failed := false
	for ctx.Err() == nil {
		began := time.Now()
		more, err := r.restingWeeks(ctx)
		if err == nil && time.Since(offsets) >= offsetsPause {
			if err = r.KeepOffsets(ctx); err == nil {
				offsets = time.Now()
			}
		}
		if err == nil && !more && time.Since(ledger) >= ledgerPause {
			if _, err = r.KeepLedger(ctx, ledgerRest, ledgerMost); err == nil {
				ledger = time.Now()
			}
		}
		took := time.Since(began)
		var wait time.Duration
		if pause != nil {
			pause(ctx, took)
		} else {
			wait = time.Duration(float64(took) * (1/r.cfg.Share - 1))
		}
		if !more {
			wait = max(wait, r.cfg.Rest)
		}
		if err != nil && ctx.Err() == nil {
			wait = max(wait, 30*time.Second)
			level := slog.LevelDebug
			if !failed {
				level = slog.LevelWarn
			}
			r.cfg.Logger.Log(ctx, level, "what stands ready of days and weeks could not be written and will be tried again", slog.Any("error", err), slog.Duration("in", wait))
		}
		failed = err != nil
		select {
		case <-ctx.Done():
		case <-time.After(wait):
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
	rows := map[string][]string{}
	for _, w := range ready {
		rows[w.stamps] = append(rows[w.stamps], fmt.Sprintf("(%s, '%s', %d, %d)", quote(w.Community), w.Day.Format(time.DateOnly), w.calc, w.stamp))
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(schema.InsertSettings()))
	for table, values := range rows {
		if err := r.conn.Exec(ctx, r.sql("INSERT INTO @"+table+" (community, week, calc, stamp) VALUES "+strings.Join(values, ", "))); err != nil {
			return fmt.Errorf("rollup: cannot publish %d weeks: %w", len(values), err)
		}
	}
	r.written = kept
	return nil
}

// staleWeeks lists the weeks to be counted, without those that were counted and only wait to be published.
func (r *Rollup) staleWeeks(ctx context.Context, f family, rest time.Duration) ([]week, error) {
	rows, err := r.conn.Query(ctx, r.sql(f.staleSQL()), rest.Milliseconds())
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
		if !slices.ContainsFunc(r.written, func(o week) bool { return o.Window == w.Window && o.stamp == w.stamp && o.stamps == f.stamps }) {
			weeks = append(weeks, w)
		}
	}
	return weeks, rows.Err()
}
