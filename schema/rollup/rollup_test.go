package rollup_test

import (
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
