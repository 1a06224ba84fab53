// Package rollup keeps the aggregates of day_windows a function of the facts.
//
// It owns the rows of day_windows, of window_marks, and of the tables that hold what stands ready of days, weeks and
// offsets. It never adds anything up: a window, which is one calendar day of one community, is counted afresh from the
// facts and replaced as a whole by one row, so a reader sees the window before or after, never in between, and a group that
// disappears leaves no ghost.
//
// Why it holds, whatever crashes or overlaps:
//
//   - A writer marks a window after its facts are in. Marks are added up, so their sum tells two states of a window
//     apart without trusting any clock.
//   - A rollup reads the sum of the marks first and the facts afterwards, and writes the sum into the row. The row
//     therefore contains every fact that was marked under that sum. A window whose sum differs from its row's is dirty.
//   - A crash anywhere leaves the old row, and the window dirty. Rollups that overlap write rows that are each right
//     for the sum they name, and whichever of them is read, its sum says whether it is the newest.
//
// What a whole week comes to is kept once more, in a row of week_windows and, its long lists, in one of week_details and
// one of week_lists, because people cannot be added up over days and counting them over many weeks takes long. Such a row
// never decides: week_stamps names the rows of the days it was counted from, and the views read it only while these are
// the newest. What a week comes to by segment has a row of segment_windows, and stamps of its own in segment_stamps: it
// also follows from who had joined by then, and from the states that accounts had had. Questions with the answers of their own
// week have a row of question_windows, and their stamps in question_stamps. What follows writers over weeks has a row of
// writer_windows, and stamps in writer_stamps. Of large weeks, the posts that lists show first
// are copied into a row of shown_windows, with stamps in shown_stamps; and what became until its end of the questions of nine
// weeks has a row of progress_windows, and who needs attention by their posts one of attention_windows, both with stamps in
// progress_stamps, once all that they are counted from stands ready.
//
// day_keys holds the posts of a day as numbers, for queries that follow posts over many weeks. It goes the same way: it
// is read only while its day has the row of day_windows beside which it was written. offset_blocks names the blocks of
// Kafka offsets of which every record is known. ledger_windows has what became of the records of a day, with a sum of the
// records and the states of the days of their posts, and is read only while these are the same.
//
// Facts that are written but not yet marked may be counted or not; their mark follows before their offset is
// committed. On replicas a mark may arrive before the facts it stands for: set Config.Settle above the lag.
package rollup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
)

// Config says how often windows are counted.
type Config struct {
	// Database holds the tables; empty for the connection's own.
	Database string
	// Interval is the shortest pause between two looks for dirty windows. Default: 500 ms.
	Interval time.Duration
	// Share is the largest share of time that is spent counting; the pause grows with the work. Default: 0.2.
	Share float64
	// Chunk is how many windows one statement counts. Default: 256.
	Chunk int
	// Settle counts a window once more when it was marked less than this before it was counted. It must be longer
	// than replicas lag behind each other; 0, the default, is right for a single server.
	Settle time.Duration
	// Rest is how long no day of a week must have changed before the week's own row is counted. Default: 20 s.
	Rest time.Duration
	// LargeWeek is how many posts a large week has: of such weeks the posts that lists show are copied, what became of their
	// questions is counted and who needs attention, and the writers of all weeks are followed where a community has any. Default: 20,000.
	LargeWeek int
	// Observe is called after every run, also of a failed one. It may be nil.
	Observe func(Stats, error)
	// Logger receives failures. Default: slog.Default().
	Logger *slog.Logger
}

func (c Config) withDefaults() Config {
	if c.Interval == 0 {
		c.Interval = 500 * time.Millisecond
	}
	if c.Share == 0 {
		c.Share = 0.2
	}
	if c.Chunk == 0 {
		c.Chunk = 256
	}
	if c.Rest == 0 {
		c.Rest = 20 * time.Second
	}
	if c.LargeWeek == 0 {
		c.LargeWeek = largeWeek
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// Validate reports every field that cannot work.
func (c Config) Validate() error {
	var errs []error
	if c.Interval < 0 {
		errs = append(errs, fmt.Errorf("rollup: interval is %s; it must not be negative", c.Interval))
	}
	if c.Share < 0 || c.Share > 1 {
		errs = append(errs, fmt.Errorf("rollup: share is %g; use a number above 0 and up to 1", c.Share))
	}
	if c.Chunk < 0 || c.Chunk > maxChunk {
		errs = append(errs, fmt.Errorf("rollup: chunk is %d; use 1 to %d windows", c.Chunk, maxChunk))
	}
	if c.Rest < 0 {
		errs = append(errs, fmt.Errorf("rollup: rest is %s; it must not be negative", c.Rest))
	}
	if c.Settle < 0 {
		errs = append(errs, fmt.Errorf("rollup: settle is %s; it must not be negative", c.Settle))
	}
	return errors.Join(errs...)
}

// maxChunk keeps a statement below the server's limit of 256 KiB.
const maxChunk = 500

// maxChunkBytes bounds the text that names the windows of one statement, should community names be long.
const maxChunkBytes = 64 << 10

// publishPause is how long the row of a week is in the table before it may be read.
const publishPause = 15 * time.Second

// Stats tells what a run did.
type Stats struct {
	// Dirty is how many windows were found dirty, and Windows how many of them were counted.
	Dirty, Windows int
	// Statements is how many statements that took.
	Statements int
	// Took is the time of all statements, without pauses.
	Took time.Duration
}

// Rollup counts dirty windows. Its methods may be called at the same time, also by other processes.
type Rollup struct {
	conn driver.Conn
	cfg  Config
	// step is called before every statement that writes; tests stop a run there.
	step func(context.Context) error
	// mu guards written: the weeks whose rows wait to be published.
	mu      sync.Mutex
	written []week
}

// New returns a rollup over a connection that has the rights of schema.RoleWriter.
func New(conn driver.Conn, cfg Config) (*Rollup, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Rollup{conn: conn, cfg: cfg.withDefaults(), step: func(context.Context) error { return nil }}, nil
}

// Mark makes windows dirty. A writer calls it after the server has acknowledged the facts, and before it commits.
func Mark(ctx context.Context, conn driver.Conn, windows []schema.Window) error {
	seen := make(map[schema.Window]bool, len(windows))
	rows := make([]schema.Row, 0, len(windows))
	for _, w := range windows {
		key := schema.Window{Community: w.Community, Day: w.Day.UTC()}
		if !seen[key] {
			seen[key] = true
			rows = append(rows, &key)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := schema.Insert(ctx, conn, rows...); err != nil {
		return fmt.Errorf("rollup: cannot mark %d windows: %w", len(rows), err)
	}
	return nil
}

// Run counts dirty windows until ctx ends, and keeps ready what follows from them. Failures are logged and tried again, ever more slowly.
func (r *Rollup) Run(ctx context.Context) {
	var weeks sync.WaitGroup
	weeks.Go(func() { r.KeepReady(ctx, nil) })
	defer weeks.Wait()
	failures := 0
	for ctx.Err() == nil {
		stats, err := r.RunOnce(ctx)
		if ctx.Err() != nil {
			break
		}
		if r.cfg.Observe != nil {
			r.cfg.Observe(stats, err)
		}
		pause := max(r.cfg.Interval, time.Duration(float64(stats.Took)*(1/r.cfg.Share-1)))
		if err != nil {
			failures++
			pause = max(pause, min(30*time.Second, time.Second<<min(failures, 5)))
			r.cfg.Logger.Error("aggregates could not be counted and will be tried again", "error", err, "in", pause)
		} else {
			failures = 0
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// RunOnce counts every window that is dirty now, newest days first.
func (r *Rollup) RunOnce(ctx context.Context) (Stats, error) { return r.run(ctx, r.cfg.Chunk, nil) }

// pacedChunk is how many windows a statement of RunPaced counts: few enough that whoever waits for the server does not wait
// for long, and so many that it is not the statements themselves that cost.
const pacedChunk = 16

// RunPaced is RunOnce in small steps. After each of them that succeeds it calls pause with the time that the step took, and
// ends when pause says that there need not be more: what is left may have changed meanwhile, and is still dirty.
func (r *Rollup) RunPaced(ctx context.Context, pause func(ctx context.Context, took time.Duration) (more bool)) (Stats, error) {
	return r.run(ctx, min(pacedChunk, r.cfg.Chunk), pause)
}

func (r *Rollup) run(ctx context.Context, chunk int, pause func(context.Context, time.Duration) (more bool)) (Stats, error) {
	began := time.Now()
	dirty, err := r.dirty(ctx)
	stats := Stats{Dirty: len(dirty), Took: time.Since(began)}
	for windows := range chunks(dirty, chunk) {
		if err != nil {
			break
		}
		began := time.Now()
		if err = r.count(ctx, windows); err == nil {
			stats.Windows += len(windows)
			stats.Statements++
		}
		took := time.Since(began)
		stats.Took += took
		if err == nil && pause != nil && !pause(ctx, took) {
			break
		}
	}
	return stats, err
}

// state is a window, the marks it has now, and the number its next row gets.
type state struct {
	schema.Window
	marks uint64
	calc  uint64
}

// Dirty returns how many windows wait to be counted.
func (r *Rollup) Dirty(ctx context.Context) (int, error) {
	states, err := r.dirty(ctx)
	return len(states), err
}

// dirty lists the windows whose marks are not those of their row.
func (r *Rollup) dirty(ctx context.Context) ([]state, error) {
	rows, err := r.conn.Query(ctx, r.sql(dirtySQL), r.cfg.Settle.Milliseconds(), r.cfg.Settle.Milliseconds())
	if err != nil {
		return nil, fmt.Errorf("rollup: cannot look for dirty windows: %w", err)
	}
	defer rows.Close()
	var dirty []state
	for rows.Next() {
		var s state
		if err := rows.Scan(&s.Community, &s.Day, &s.marks, &s.calc); err != nil {
			return nil, fmt.Errorf("rollup: cannot read the dirty windows: %w", err)
		}
		dirty = append(dirty, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("rollup: cannot read the dirty windows: %w", err)
	}
	return dirty, nil
}

// count writes the rows of some windows.
func (r *Rollup) count(ctx context.Context, windows []state) error {
	if err := r.step(ctx); err != nil {
		return err
	}
	// A row on another shard is there when the statement ends, so that a reader who waited for the rollup sees it.
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(schema.InsertSettings()))
	if err := r.conn.Exec(ctx, r.sql(countSQL(windows))); err != nil {
		return fmt.Errorf("rollup: cannot count %d windows: %w", len(windows), err)
	}
	return nil
}

// chunks cuts windows into pieces that one statement can hold.
func chunks(windows []state, size int) func(yield func([]state) bool) {
	return func(yield func([]state) bool) {
		for len(windows) > 0 {
			n, length := 0, 0
			for n < len(windows) && n < size && (n == 0 || length < maxChunkBytes) {
				length += 2*len(windows[n].Community) + 60
				n++
			}
			if !yield(slices.Clip(windows[:n])) {
				return
			}
			windows = windows[n:]
		}
	}
}
