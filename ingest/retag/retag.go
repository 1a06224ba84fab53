// Package retag analyses stored posts again, with a newer analyzer, while new posts keep coming.
//
// It reads the masked text that is stored, never Kafka, and writes the same row with the new tags and a higher
// analyzer revision. It makes no versions of its own: source version and Kafka offset stay, so a live edit or deletion
// wins over it whenever it comes. What the earlier analyzer said is written to post_tag_history before.
//
// # Why it may be killed at any point, and run twice
//
// What is left to do is what the facts themselves say: the posts whose newest row was made by an earlier analyzer. A
// chunk is written in the order history, facts, marks of the windows. A crash before the facts repeats the chunk, and
// the history keeps one row a post and analyzer. A crash between facts and marks would leave windows that nobody
// counts again, so the next run marks every window that holds rows of the new revision written since the run before it
// marked: see [Retag.Run].
//
// # Order of deployment
//
// Workers first: they must tag new posts with the new analyzer before history is tagged again, or what they write in
// between is tagged by the old one. voc run takes up a changed taxonomy by itself. A second run finds what was missed,
// and changes nothing when nothing was.
package retag

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/analyze"
	"voc/ingest/erasure"
	"voc/ingest/process"
	"voc/schema"
	"voc/schema/revision"
	"voc/schema/rollup"
)

// Config of a re-tagging.
type Config struct {
	// Chunk is how many posts are read and written at once. Default: 5000.
	Chunk int
	// Workers is how many posts are analysed at once. Default: the number of processors.
	Workers int
	// Rate is how many posts a second are tagged at most; 0 for no limit.
	Rate int
	// From and To bound the days of the posts, inclusive; zero for no bound.
	From, To time.Time
	// Passes is how often the whole history is looked through for posts that came meanwhile from a worker with an
	// earlier analyzer. Default: 3.
	Passes int
}

func (c Config) withDefaults() Config {
	if c.Chunk == 0 {
		c.Chunk = 5000
	}
	if c.Workers == 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Passes == 0 {
		c.Passes = 3
	}
	return c
}

// maxChunk keeps a chunk of the longest posts in memory, and one insert one block.
const maxChunk = 50_000

// Validate joins every fault, each naming its field.
func (c Config) Validate() error {
	var errs []error
	if c.Chunk < 0 || c.Chunk > maxChunk {
		errs = append(errs, fmt.Errorf("chunk is %d; give 1 to %d posts", c.Chunk, maxChunk))
	}
	if c.Workers < 0 || c.Passes < 0 {
		errs = append(errs, fmt.Errorf("workers (%d) and passes (%d) must not be negative", c.Workers, c.Passes))
	}
	if c.Rate < 0 {
		errs = append(errs, fmt.Errorf("rate is %d; give posts a second, or 0 for no limit", c.Rate))
	}
	if !c.From.IsZero() && !c.To.IsZero() && c.To.Before(c.From) {
		errs = append(errs, fmt.Errorf("to (%s) is before from (%s)", c.To.Format(time.DateOnly), c.From.Format(time.DateOnly)))
	}
	return errors.Join(errs...)
}

// Deps are what a re-tagging needs from outside.
type Deps struct {
	// Conn is to the database of the tables and has the rights of schema.RoleWriter.
	Conn driver.Conn
	// NewTagger makes one tagger; it is called Config.Workers times.
	NewTagger func() process.Tagger
	// Masker masks the stored texts once more, so that a masker that has become stricter reaches history.
	Masker process.Masker
	// Masked is the end of the hash of every analyzer that masks exactly as Masker does. Their posts are not masked
	// once more, because masking a masked text changes nothing. Empty masks every post.
	Masked string
	// Keys recognise what was erased.
	Keys erasure.Keys
	// Hash names tagger and masker in analyzer_revisions, and Revision is the number they have there, given by
	// [revision.Activate]: posts of analyzers with higher numbers are left alone.
	Hash     string
	Revision uint16
	Log      *slog.Logger // nil discards
}

// Retag is one re-tagging.
type Retag struct {
	cfg  Config
	deps Deps
	same []uint16
	// masked are the numbers whose posts Masker would not change.
	masked []uint16
	// step is called before every statement that writes; tests stop a run there.
	step func(context.Context, string) error
}

// New checks the configuration; it connects with Run.
func New(cfg Config, deps Deps) (*Retag, error) {
	errs := []error{cfg.Validate()}
	if deps.Conn == nil || deps.NewTagger == nil || deps.Masker == nil {
		errs = append(errs, errors.New("a connection, a tagger and a masker are needed"))
	}
	if deps.Revision == 0 || deps.Hash == "" {
		errs = append(errs, errors.New("the analyzer has no number; register it first"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("retag: %w", err)
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	return &Retag{cfg: cfg.withDefaults(), deps: deps, step: func(context.Context, string) error { return nil }}, nil
}

// Plan is what a run would do now.
type Plan struct {
	Posts   uint64
	Windows int
	// ByRevision counts the posts by the analyzer that tagged them last.
	ByRevision map[uint16]uint64
	// Newer counts posts that an analyzer with a higher number has tagged; they are left alone.
	Newer uint64
}

// Stats tells what a run did.
type Stats struct {
	// Posts is how many were tagged again, and Changed how many of them have other tags now.
	Posts, Changed uint64
	// Windows is how many days of a community hold them.
	Windows int
	// Left is how many posts of earlier analyzers were there at the end: a worker still tags with one.
	Left uint64
	// Erased is how many posts were left out because they were erased meanwhile.
	Erased uint64
	Took   time.Duration
}

// Progress is how far a run is.
type Progress struct{ Done, Total uint64 }

// window is a day of a community and how many of its posts are to be tagged.
type window struct {
	schema.Window
	posts uint64
}

// Plan counts what there is to do and writes nothing.
func (r *Retag) Plan(ctx context.Context) (Plan, error) {
	p := Plan{ByRevision: map[uint16]uint64{}}
	if err := r.prepare(ctx); err != nil {
		return p, err
	}
	rows, err := r.deps.Conn.Query(ctx, "SELECT analyzer_revision, count() FROM post_facts FINAL WHERE "+r.days()+" GROUP BY analyzer_revision")
	if err != nil {
		return p, fmt.Errorf("retag: cannot count the posts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var rev uint16
		var n uint64
		if err := rows.Scan(&rev, &n); err != nil {
			return p, fmt.Errorf("retag: cannot count the posts: %w", err)
		}
		switch {
		case rev > r.deps.Revision:
			p.Newer += n
		case !slices.Contains(r.same, rev):
			p.ByRevision[rev] = n
			p.Posts += n
		}
	}
	if err := rows.Err(); err != nil {
		return p, fmt.Errorf("retag: cannot count the posts: %w", err)
	}
	windows, err := r.windows(ctx)
	p.Windows = len(windows)
	return p, err
}

// Run tags every post again that an earlier analyzer has tagged, newest days first, and returns when none is left or
// the passes are used up. progress may be nil. After an error or a kill, another run continues.
func (r *Retag) Run(ctx context.Context, progress func(Progress)) (Stats, error) {
	began := time.Now()
	var s Stats
	err := r.run(ctx, &s, progress)
	s.Took = time.Since(began)
	return s, err
}

func (r *Retag) run(ctx context.Context, s *Stats, progress func(Progress)) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if err := r.markUnfinished(ctx); err != nil {
		return err
	}
	touched := map[schema.Window]bool{}
	var total uint64
	for range r.cfg.Passes {
		windows, err := r.windows(ctx)
		if err != nil {
			return err
		}
		s.Left = 0
		for _, w := range windows {
			s.Left += w.posts
		}
		if s.Left == 0 {
			break
		}
		total += s.Left
		if progress != nil {
			progress(Progress{s.Posts, total})
		}
		err = r.pass(ctx, windows, s, func() {
			if progress != nil {
				progress(Progress{s.Posts, max(total, s.Posts)})
			}
		})
		for _, w := range windows {
			touched[w.Window] = true
		}
		s.Windows = len(touched)
		if err != nil {
			return err
		}
	}
	windows, err := r.windows(ctx)
	if err != nil {
		return err
	}
	s.Left = 0
	for _, w := range windows {
		s.Left += w.posts
	}
	return nil
}

// prepare finds the numbers whose results are those of this analyzer already.
func (r *Retag) prepare(ctx context.Context) error {
	same, _, err := revision.Numbers(ctx, r.deps.Conn, r.deps.Hash)
	if err != nil {
		return fmt.Errorf("retag: %w", err)
	}
	r.same = slices.Concat(same, []uint16{r.deps.Revision})
	slices.Sort(r.same)
	r.same = slices.Compact(r.same)
	if r.deps.Masked == "" {
		return nil
	}
	if r.masked, err = revision.EndingWith(ctx, r.deps.Conn, r.deps.Masked); err != nil {
		return fmt.Errorf("retag: %w", err)
	}
	return nil
}

// markUnfinished marks the windows of a run that was killed between writing facts and marking them: those whose rows
// of this revision are newer than their last mark.
func (r *Retag) markUnfinished(ctx context.Context) error {
	rows, err := r.deps.Conn.Query(ctx, `
SELECT toString(f.community), f.day
FROM
(
    SELECT community, day, max(ingested_at) AS written
    FROM post_facts
    WHERE analyzer_revision = ? AND day > toDate(0)
    GROUP BY community, day
) AS f
LEFT JOIN
(
    SELECT community, day, max(marked_at) AS marked
    FROM window_marks
    GROUP BY community, day
) AS m ON m.community = f.community AND m.day = f.day
WHERE f.written >= m.marked`, r.deps.Revision)
	if err != nil {
		return fmt.Errorf("retag: cannot look for windows that were not marked: %w", err)
	}
	defer rows.Close()
	var windows []schema.Window
	for rows.Next() {
		var w schema.Window
		if err := rows.Scan(&w.Community, &w.Day); err != nil {
			return fmt.Errorf("retag: cannot look for windows that were not marked: %w", err)
		}
		windows = append(windows, w)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("retag: cannot look for windows that were not marked: %w", err)
	}
	if len(windows) == 0 {
		return nil
	}
	if err := rollup.Mark(ctx, r.deps.Conn, windows); err != nil {
		return fmt.Errorf("retag: %w", err)
	}
	return nil
}

// pass tags the posts of the windows. One chunk is read and one is written while one is analysed.
func (r *Retag) pass(ctx context.Context, windows []window, s *Stats, progress func()) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	read := make(chan []schema.PostRow, 1)
	tagged := make(chan *chunk, 1)
	go func() {
		defer close(read)
		if err := r.read(ctx, windows, func(rows []schema.PostRow) bool {
			select {
			case read <- rows:
				return true
			case <-ctx.Done():
				return false
			}
		}); err != nil {
			cancel(err)
		}
	}()
	go func() {
		defer close(tagged)
		taggers := make([]process.Tagger, r.cfg.Workers)
		results := make([]analyze.Result, r.cfg.Workers)
		for i := range taggers {
			taggers[i] = r.deps.NewTagger()
		}
		for rows := range read {
			c := r.tag(rows, taggers, results)
			select {
			case tagged <- c:
			case <-ctx.Done():
				return
			}
		}
	}()
	began, before := time.Now(), s.Posts
	for c := range tagged {
		if ctx.Err() != nil {
			continue
		}
		if err := r.write(ctx, c, s); err != nil {
			cancel(err)
			continue // the other two end, and with them this loop
		}
		progress()
		if err := r.pace(ctx, began, s.Posts-before); err != nil {
			cancel(err)
		}
	}
	return context.Cause(ctx)
}

// pace waits until the posts of this pass are not ahead of the rate.
func (r *Retag) pace(ctx context.Context, began time.Time, posts uint64) error {
	if r.cfg.Rate == 0 {
		return nil
	}
	due := time.Duration(float64(posts) / float64(r.cfg.Rate) * float64(time.Second))
	timer := time.NewTimer(due - time.Since(began))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// days is the condition on the days; it is made of dates only.
func (r *Retag) days() string {
	c := "day > toDate(0)"
	if !r.cfg.From.IsZero() {
		c += " AND day >= toDate('" + r.cfg.From.Format(time.DateOnly) + "')"
	}
	if !r.cfg.To.IsZero() {
		c += " AND day <= toDate('" + r.cfg.To.Format(time.DateOnly) + "')"
	}
	return c
}

// old is the condition on posts of earlier analyzers.
func (r *Retag) old() string {
	c := fmt.Sprintf("analyzer_revision < %d AND analyzer_revision NOT IN (", r.deps.Revision)
	for i, n := range r.same {
		if i > 0 {
			c += ", "
		}
		c += fmt.Sprint(n)
	}
	return c + ")"
}
