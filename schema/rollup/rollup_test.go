package rollup_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

func TestMain(m *testing.M) { chtest.Main(m) }

func newRollup(t *testing.T, db *chtest.DB, cfg rollup.Config) *rollup.Rollup {
	t.Helper()
	r, err := rollup.New(db.As(t, engine.Writer), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func run(t *testing.T, r *rollup.Rollup) rollup.Stats {
	t.Helper()
	stats, err := r.RunOnce(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return stats
}

// post is a version of a post about pricing, which the tests below change.
func post(db *chtest.DB, id string, version uint64, posted string, change func(*schema.PostRow)) *schema.PostRow {
	at, err := time.Parse(time.RFC3339, posted)
	if err != nil {
		panic(err)
	}
	p := &schema.PostRow{
		Community: "default", Day: db.Calendar.Day(at), PostID: id, SourceVersion: version, KafkaOffset: version, PostedAt: at, OccurredAt: at,
		Event: "created", Source: "community", AuthorID: "a", AuthorRole: "member", Body: "高すぎる", Sentiment: "negative", Score: -0.5,
		Topics:  schema.PostTopics{ID: []string{"pricing"}, Sentiment: []string{"negative"}, Score: []float32{-0.5}},
		Intents: []string{"complaint"},
	}
	if change != nil {
		change(p)
	}
	return p
}

func windowOf(p *schema.PostRow) *schema.Window {
	return &schema.Window{Community: p.Community, Day: p.Day}
}

func write(t *testing.T, db *chtest.DB, posts ...*schema.PostRow) {
	t.Helper()
	rows := make([]schema.Row, 0, 2*len(posts))
	for _, p := range posts {
		rows = append(rows, p)
	}
	for _, p := range posts {
		rows = append(rows, windowOf(p))
	}
	db.Insert(t, rows...)
}

func TestCountsAndCorrects(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{})
	topics := func() []string {
		return db.Query(t, "SELECT day, topic, posts, authors, positive, negative FROM topic_daily ORDER BY ALL")
	}
	const jan5 = "2026-01-04T15:30:00Z" // 00:30 on Monday the 5th in Tokyo

	write(t, db, post(db, "1", 1, jan5, nil))
	if stats := run(t, r); stats.Dirty != 1 || stats.Windows != 1 || stats.Statements != 1 {
		t.Errorf("stats are %+v, want one window in one statement", stats)
	}
	equal(t, topics(), "('2026-01-05','pricing',1,1,0,1)")
	if stats := run(t, r); stats.Dirty != 0 {
		t.Errorf("%d windows are dirty after a run, want none", stats.Dirty)
	}

	// An edit makes it positive and moves it to another topic; the old topic leaves no ghost.
	write(t, db, post(db, "1", 2, jan5, func(p *schema.PostRow) {
		p.Event, p.Sentiment, p.Score = "edited", "positive", 0.5
		p.Topics = schema.PostTopics{ID: []string{"support"}, Sentiment: []string{"positive"}, Score: []float32{0.5}}
	}))
	run(t, r)
	equal(t, topics(), "('2026-01-05','support',1,1,1,0)")

	// A late duplicate of the first version changes nothing.
	write(t, db, post(db, "1", 1, jan5, nil))
	run(t, r)
	equal(t, topics(), "('2026-01-05','support',1,1,1,0)")

	// A post that arrives late counts on its own day.
	write(t, db, post(db, "2", 3, "2025-12-30T03:00:00Z", nil))
	run(t, r)
	equal(t, topics(), "('2025-12-30','pricing',1,1,0,1)", "('2026-01-05','support',1,1,1,0)")

	// A deletion takes everything back, and the day stays with zeros.
	write(t, db, post(db, "1", 4, jan5, func(p *schema.PostRow) { p.Event, p.Deleted, p.Body = "deleted", true, "" }))
	run(t, r)
	equal(t, topics(), "('2025-12-30','pricing',1,1,0,1)")
	equal(t, db.Query(t, "SELECT day, posts, negative FROM community_daily ORDER BY ALL"), "('2025-12-30',1,1)", "('2026-01-05',0,0)")
	equal(t, db.Query(t, "SELECT count() FROM posts"), "(1)")
}

func equal(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) == len(want) {
		same := true
		for i := range got {
			same = same && got[i] == want[i]
		}
		if same {
			return
		}
	}
	t.Errorf("got\n  %v\nwant\n  %v", got, want)
}

var errKilled = errors.New("killed here")

// A rollup that is killed between any two steps leaves rows that were right, and the rest dirty; the next one
// finishes.
func TestKilledBetweenSteps(t *testing.T) {
	for killAt := range 4 {
		db := chtest.Open(t)
		for i := range 4 {
			write(t, db, post(db, "1", 1, fmt.Sprintf("2026-01-0%dT00:00:00Z", i+1), nil))
		}
		r := newRollup(t, db, rollup.Config{Chunk: 1})
		step := 0
		r.SetStep(func(context.Context) error {
			step++
			if step > killAt {
				return errKilled
			}
			return nil
		})
		stats, err := r.RunOnce(t.Context())
		if !errors.Is(err, errKilled) || stats.Windows != killAt || stats.Dirty != 4 {
			t.Fatalf("killed at step %d: %+v, %v", killAt, stats, err)
		}
		equal(t, db.Query(t, "SELECT count(), sum(posts) FROM community_daily"), fmt.Sprintf("(%d,%d)", killAt, killAt))
		next := newRollup(t, db, rollup.Config{})
		if stats := run(t, next); stats.Windows != 4-killAt {
			t.Errorf("killed at step %d: the next run counted %d windows, want %d", killAt, stats.Windows, 4-killAt)
		}
		equal(t, db.Query(t, "SELECT count(), sum(posts) FROM community_daily"), "(4,4)")
		db.Close()
	}
}

// A slow rollup that read its marks long ago and writes last must not leave an old state behind.
func TestSlowRollupDoesNotWinInTheEnd(t *testing.T) {
	db := chtest.Open(t)
	const at = "2026-01-05T00:00:00Z"
	write(t, db, post(db, "1", 1, at, nil))
	slow, fast := newRollup(t, db, rollup.Config{}), newRollup(t, db, rollup.Config{})
	slow.SetStep(func(context.Context) error { // between reading the marks and the facts
		for v := range uint64(3) {
			write(t, db, post(db, fmt.Sprint("later", v), v+2, at, nil))
			run(t, fast)
		}
		return nil
	})
	run(t, slow)
	slow.SetStep(func(context.Context) error { return nil })
	for range 3 {
		run(t, fast)
	}
	equal(t, db.Query(t, "SELECT posts FROM community_daily"), "(4)")
	if stats := run(t, fast); stats.Dirty != 0 {
		t.Errorf("%d windows stay dirty", stats.Dirty)
	}
}

// Rollups at once, while writers write: in the end everything is counted.
func TestRollupsAtOnce(t *testing.T) {
	db := chtest.Open(t)
	const writers, rounds = 2, 15
	ctx, cancel := context.WithCancel(t.Context())
	var rollups, writing sync.WaitGroup
	for range 3 {
		r := newRollup(t, db, rollup.Config{Interval: time.Millisecond, Share: 1, Chunk: 2})
		rollups.Go(func() { r.Run(ctx) })
	}
	for w := range writers {
		writing.Go(func() {
			for i := range rounds {
				p := post(db, fmt.Sprintf("%d-%d", w, i), 1, fmt.Sprintf("2026-01-0%dT00:00:00Z", 1+i%5), nil)
				if err := schema.Insert(ctx, db.Conn, p, windowOf(p)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	cancel()
	rollups.Wait()
	last := newRollup(t, db, rollup.Config{})
	// The server may still finish an insert of a rollup that was cancelled; the window is dirty once more then.
	for try := 0; run(t, last).Dirty > 0; try++ {
		if try == 5 {
			t.Fatal("windows stay dirty")
		}
	}
	equal(t, db.Query(t, "SELECT sum(posts) FROM community_daily"), fmt.Sprintf("(%d)", writers*rounds))
}

// Marks need no clock: one that carries a time long before the last count makes a window dirty all the same, and so
// does a table of marks that was lost.
func TestClocksDoNotMatter(t *testing.T) {
	db := chtest.Open(t)
	const at = "2026-01-05T00:00:00Z"
	write(t, db, post(db, "1", 1, at, nil))
	write(t, db, post(db, "1", 1, at, nil))
	r := newRollup(t, db, rollup.Config{})
	run(t, r)
	db.Insert(t, post(db, "2", 2, at, nil))
	db.Exec(t, "INSERT INTO window_marks (community, day, marked_at) VALUES ('default', '2026-01-05', '2001-01-01 00:00:00')")
	run(t, r)
	equal(t, db.Query(t, "SELECT posts FROM community_daily"), "(2)")

	db.Exec(t, "TRUNCATE TABLE window_marks")
	write(t, db, post(db, "3", 3, at, nil))
	run(t, r)
	equal(t, db.Query(t, "SELECT posts FROM community_daily"), "(3)")
	if stats := run(t, r); stats.Dirty != 0 {
		t.Errorf("%d windows stay dirty", stats.Dirty)
	}
}

// On replicas, facts may follow their mark: with Settle, a fresh window is counted again until it has settled.
func TestSettle(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{Settle: time.Hour})
	p := post(db, "1", 1, "2026-01-05T00:00:00Z", nil)
	db.Insert(t, windowOf(p))
	run(t, r)
	db.Insert(t, p) // arrives after its mark
	run(t, r)
	equal(t, db.Query(t, "SELECT posts FROM community_daily"), "(1)")
	db.Exec(t, "INSERT INTO window_marks (community, day, marks, marked_at) VALUES ('other', '2026-01-05', 1, now() - 7200)")
	run(t, r)
	if stats := run(t, r); stats.Dirty != 1 {
		t.Errorf("%d windows are dirty, want the fresh one and not the settled one", stats.Dirty)
	}
}

func TestAudit(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{Chunk: 2})
	from, to := time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	for i := range 5 {
		write(t, db, post(db, fmt.Sprint(i), uint64(i), fmt.Sprintf("2026-01-0%dT00:00:00Z", i+1), nil))
	}
	run(t, r)
	audit := func(mend bool) []string {
		t.Helper()
		found, err := r.Audit(t.Context(), from, to, mend)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, d := range found {
			out = append(out, d.String())
		}
		return out
	}
	equal(t, audit(true))

	// Facts without a mark, one number that is off, a row that is lost, and a window that is dirty and none of an audit's business.
	db.Insert(t, post(db, "unmarked", 1, "2026-01-01T00:00:00Z", nil), post(db, "new", 1, "2025-12-05T00:00:00Z", nil))
	db.Exec(t,
		"INSERT INTO day_windows SELECT * REPLACE(calc + 1 AS calc, arrayMap(c -> tuple(c.1, c.2, c.3, c.4, c.5, c.6, c.7, c.8, c.9, c.10, c.11, c.12, c.13 + 1, c.14, c.15, c.16, c.17, c.18, c.19), cells) AS cells) FROM day_windows FINAL WHERE day = '2026-01-02'",
		"ALTER TABLE day_windows DELETE WHERE day = '2026-01-03' SETTINGS mutations_sync = 1",
		"ALTER TABLE window_marks DELETE WHERE day = '2026-01-03' SETTINGS mutations_sync = 1")
	write(t, db, post(db, "dirty", 1, "2026-01-04T00:00:00Z", nil))
	want := []string{
		"default 2026-01-03 has no row and 1 posts in its facts",
		"default 2026-01-02 has 1 posts in its row and its facts, but other numbers differ",
		"default 2026-01-01 has 1 posts in its row and 2 in its facts",
		"default 2025-12-05 has no row and 1 posts in its facts",
	}
	got := audit(false)
	slices.Sort(got)
	slices.Sort(want)
	equal(t, got, want...)
	if n := len(audit(true)); n != 4 {
		t.Errorf("mending found %d differences", n)
	}
	equal(t, audit(false))
	equal(t, db.Query(t, "SELECT day, posts, sum(views) FROM community_daily AS c JOIN channel_daily AS d ON c.day = d.day GROUP BY day, posts ORDER BY day"),
		"('2025-12-05',1,0)", "('2026-01-01',2,0)", "('2026-01-02',1,0)", "('2026-01-03',1,0)", "('2026-01-04',2,0)", "('2026-01-05',1,0)")
}

// Many windows with long names do not make a statement the server refuses.
func TestHugeBackfill(t *testing.T) {
	db := chtest.Open(t)
	var rows []schema.Row
	var marks []schema.Window
	for i := range 700 {
		p := post(db, "1", 1, time.Date(2004, 1, 1+7*i, 0, 0, 0, 0, time.UTC).Format(time.RFC3339), func(p *schema.PostRow) {
			p.Community = strings.Repeat("長", 200) + fmt.Sprint(i%3)
		})
		rows = append(rows, p)
		marks = append(marks, *windowOf(p))
	}
	db.Insert(t, rows...)
	if err := rollup.Mark(t.Context(), db.Conn, marks); err != nil {
		t.Fatal(err)
	}
	r := newRollup(t, db, rollup.Config{Chunk: 500})
	if stats := run(t, r); stats.Windows != 700 || stats.Statements < 700*1200/65536 {
		t.Errorf("stats are %+v, want 700 windows in several statements", stats)
	}
	equal(t, db.Query(t, "SELECT count(), sum(posts) FROM community_daily"), "(700,700)")
}

// Tombstones of posts that were never seen lie on day 0, which is no window.
func TestDayZeroIsNoWindow(t *testing.T) {
	db := chtest.Open(t)
	p := &schema.PostRow{Community: "default", Day: time.Unix(0, 0).UTC(), PostID: "1", Deleted: true, Event: "deleted"}
	write(t, db, p)
	if stats := run(t, newRollup(t, db, rollup.Config{})); stats.Dirty != 0 {
		t.Errorf("%d windows are dirty", stats.Dirty)
	}
	equal(t, db.Query(t, "SELECT * FROM community_daily"))
	equal(t, db.Query(t, "SELECT * FROM posts"))
}

func TestRunReportsFailuresAndGoesOn(t *testing.T) {
	db := chtest.Open(t)
	write(t, db, post(db, "1", 1, "2026-01-05T00:00:00Z", nil))
	ctx, cancel := context.WithCancel(t.Context())
	var failures, successes atomic.Int32 // the hook of steps is called beside the counting of days, too
	r := newRollup(t, db, rollup.Config{Interval: time.Millisecond, Logger: slog.New(slog.DiscardHandler), Observe: func(s rollup.Stats, err error) {
		if err != nil {
			failures.Add(1)
		} else {
			successes.Add(1)
			cancel()
		}
	}})
	r.SetStep(func(context.Context) error {
		if failures.Load() == 0 {
			return errKilled
		}
		return nil
	})
	r.Run(ctx)
	if failures.Load() != 1 || successes.Load() != 1 {
		t.Errorf("%d failures and %d successes were reported", failures.Load(), successes.Load())
	}
	equal(t, db.Query(t, "SELECT posts FROM community_daily"), "(1)")
}

func TestConfig(t *testing.T) {
	for want, cfg := range map[string]rollup.Config{
		"interval": {Interval: -1}, "share": {Share: 2}, "chunk": {Chunk: 501}, "settle": {Settle: -1},
	} {
		if _, err := rollup.New(nil, cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want one that names %s", err, want)
		}
	}
}
