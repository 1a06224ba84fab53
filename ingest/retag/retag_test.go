package retag_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"voc/ingest"
	"voc/ingest/pipetest"
	"voc/ingest/retag"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/revision"
)

func TestMain(m *testing.M) { pipetest.Main(m) }

var (
	before = pipetest.Words{"高い": "pricing", "画面": "design"}
	after  = pipetest.Words{"高い": "pricing/plan", "遅い": "performance", "連携": "-"}
)

// register gives the two taggers their numbers.
func register(t *testing.T, db *chtest.DB) (old, new uint16) {
	t.Helper()
	conn := db.As(t, engine.Writer)
	var out [2]uint16
	for i, hash := range []string{"before", "after"} {
		n, err := revision.Register(t.Context(), conn, hash, "test", "")
		if err != nil {
			t.Fatal(err)
		}
		out[i] = n
	}
	return out[0], out[1]
}

func newRetag(t *testing.T, e *pipetest.Env, cfg retag.Config, number uint16, words pipetest.Words) *retag.Retag {
	t.Helper()
	r, err := retag.New(cfg, retag.Deps{
		Conn: e.DB.As(t, engine.Writer), NewTagger: words.Taggers(), Masker: e.Guard, Keys: e.Guard.ErasureKeys(), Revision: number,
		Hash: map[bool]string{true: "after", false: "before"}[words["遅い"] != ""],
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func run(t *testing.T, r *retag.Retag) retag.Stats {
	t.Helper()
	s, err := r.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// events is a log of posts, edits, deletions and late ones, some in communities with awkward names.
func events(seed uint64, n int) []string {
	rng := rand.New(rand.NewPCG(seed, 1))
	words := []string{"高い", "遅い", "画面", "連携", "ふつう", "よい"}
	var out []string
	for i := range n {
		id := fmt.Sprintf("p%d", rng.IntN(n/3))
		body := fmt.Sprintf("%s%sです%d", words[rng.IntN(len(words))], words[rng.IntN(len(words))], i)
		at := time.Date(2026, 9, 1, rng.IntN(24), 0, 0, 0, time.UTC).AddDate(0, 0, rng.IntN(40)).Format(time.RFC3339)
		event := "edited"
		if rng.IntN(8) == 0 {
			event = "deleted"
		}
		m := pipetest.Post(id, rng.IntN(6), event, at, fmt.Sprintf("u%d", rng.IntN(9)), body)
		community := []string{"default", `it's "a\b"`, "写真"}[len(id)%3]
		out = append(out, strings.TrimSuffix(m, "}")+fmt.Sprintf(`,"community":%q}`, community))
	}
	return out
}

// everything is every cell that the contract shows about posts, but for when it was written.
var everything = map[string]string{
	"posts":           "SELECT * EXCEPT (ingested_at, kafka_topic) FROM posts ORDER BY ALL",
	"post_topics":     "SELECT * FROM post_topics ORDER BY ALL",
	"post_intents":    "SELECT * FROM post_intents ORDER BY ALL",
	"post_signals":    "SELECT * FROM post_signals ORDER BY ALL",
	"post_evidence":   "SELECT * FROM post_evidence ORDER BY ALL",
	"topic_daily":     "SELECT * FROM topic_daily ORDER BY ALL",
	"topic_weekly":    "SELECT * FROM topic_weekly ORDER BY ALL",
	"intent_daily":    "SELECT * FROM intent_daily ORDER BY ALL",
	"channel_daily":   "SELECT * FROM channel_daily ORDER BY ALL",
	"community_daily": "SELECT * EXCEPT calculated_at FROM community_daily ORDER BY ALL",
	"hourly":          "SELECT * FROM hourly ORDER BY ALL",
}

func same(t *testing.T, a, b *chtest.DB) {
	t.Helper()
	cells := 0
	for view, query := range everything {
		got, want := a.Query(t, query), b.Query(t, query)
		cells += len(want)
		if slices.Equal(got, want) {
			continue
		}
		for i := range max(len(got), len(want)) {
			g, w := "nothing", "nothing"
			if i < len(got) {
				g = got[i]
			}
			if i < len(want) {
				w = want[i]
			}
			if g != w {
				t.Errorf("%s has %d rows, fresh ingest %d; first difference:\n got %s\nwant %s", view, len(got), len(want), g, w)
				break
			}
		}
	}
	if cells < 100 {
		t.Errorf("only %d rows were compared", cells)
	}
	t.Logf("%d rows compared", cells)
}

// Tagging everything again, while edits and new posts keep coming, gives what a fresh ingest with the new tagger gives.
func TestRetagEqualsFreshIngest(t *testing.T) {
	e := pipetest.New(t, 1)
	old, now := register(t, e.DB)
	log := events(1, 900)
	e.Produce(e.Config.Topics.Posts, 0, log[:500]...)
	e.Deps.NewTagger, e.Deps.Revision = before.Taggers(), old
	p, stop := e.Run()
	e.Settled(e.Config.Topics.Posts, 0, 500)
	e.Counted()
	past := e.DB.Query(t, "SELECT community, day, post_id, topic, sentiment, score FROM post_topics WHERE NOT inherited ORDER BY ALL")

	// Workers are switched first, then history is tagged, and the log goes on all the time.
	p.Swap(ingestEngine(e, after, now))
	r := newRetag(t, e, retag.Config{Chunk: 7, Workers: 2}, now, after)
	plan, err := r.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if plan.Posts == 0 || plan.ByRevision[old] != plan.Posts || plan.Windows < 20 {
		t.Fatalf("the plan is %+v", plan)
	}
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		for i := 500; i < 900; i += 20 {
			e.Produce(e.Config.Topics.Posts, 0, log[i:i+20]...)
		}
	}()
	s := run(t, r)
	<-fed
	e.Settled(e.Config.Topics.Posts, 0, 900)
	last := run(t, r) // a post may have been written by the batch that was begun before the swap
	if s.Posts == 0 || s.Changed == 0 || s.Posts > plan.Posts || last.Posts != 0 || s.Left != 0 {
		t.Errorf("the first run did %+v of %+v, the second %+v; want all and nothing", s, plan, last)
	}
	stop()
	e.Counted()

	fresh := e.On(chtest.Open(t))
	register(t, fresh.DB)
	fresh.Deps.NewTagger, fresh.Deps.Revision = after.Taggers(), now
	_, stop = fresh.Run()
	fresh.Settled(e.Config.Topics.Posts, 0, 900)
	stop()
	fresh.Counted()
	same(t, e.DB, fresh.DB)
	if audit, err := e.Rollup().Audit(t.Context(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), false); err != nil || len(audit) > 0 {
		t.Errorf("the audit finds %v, %v", audit, err)
	}
	checkHistory(t, e, old, now, past)
}

// checkHistory compares what the old analyzer said with what was shown when it was the newest: for every post that
// still has the version it had then, and is not deleted.
func checkHistory(t *testing.T, e *pipetest.Env, old, now uint16, past []string) {
	t.Helper()
	got := e.DB.Query(t, fmt.Sprintf("SELECT community, day, post_id, topic, sentiment, score FROM post_topics_history WHERE analyzer_revision = %d ORDER BY ALL", old))
	if len(got) == 0 {
		t.Fatal("the old analyzer's topics cannot be asked for any more")
	}
	for _, g := range got {
		if !slices.Contains(past, g) {
			t.Errorf("the history has %s, which the old analyzer never said", g)
		}
	}
	// Posts that were not touched after the switch must all be there.
	kept := e.DB.Query(t, fmt.Sprintf("SELECT community, day, post_id FROM posts WHERE kafka_offset < 500 AND (community, day, post_id) NOT IN "+
		"(SELECT community, day, post_id FROM post_history WHERE analyzer_revision = %d) ORDER BY ALL", old))
	if len(kept) > 0 {
		t.Errorf("%d posts have no result of the old analyzer: %v", len(kept), kept[:1])
	}
	e.Want(fmt.Sprintf("SELECT count() > 0, countIf(current), uniqExact(analyzer_revision), max(analyzer_revision) = %d FROM post_history", now),
		fmt.Sprintf("(1,%s,2,1)", strings.Trim(e.DB.Query(t, "SELECT count() FROM posts")[0], "()")))
	e.Want("SELECT count() FROM (SELECT community, day, post_id, analyzer_revision FROM post_history GROUP BY ALL HAVING count() > 1)", "(0)")
}

func ingestEngine(e *pipetest.Env, w pipetest.Words, number uint16) ingest.Engine {
	return ingest.Engine{NewTagger: w.Taggers(), Revision: number, Masker: e.Guard}
}

var errKill = errors.New("killed")

// A run that is killed between any two statements is continued by the next one, which leaves no window uncounted.
func TestRetagCanBeKilledAnywhere(t *testing.T) {
	e := pipetest.New(t, 1)
	old, now := register(t, e.DB)
	log := events(2, 300)
	e.Produce(e.Config.Topics.Posts, 0, log...)
	e.Deps.NewTagger, e.Deps.Revision = before.Taggers(), old
	_, stop := e.Run()
	e.Settled(e.Config.Topics.Posts, 0, 300)
	stop()
	e.Counted()
	r := newRetag(t, e, retag.Config{Chunk: 5, Workers: 1}, now, after)
	kills := map[string]int{}
	for round := range 15 {
		step, skip := []string{"history", "facts", "marks"}[round%3], round%2
		r.SetStep(func(_ context.Context, at string) error {
			if at == step {
				if skip--; skip < 0 {
					kills[step]++
					return errKill
				}
			}
			return nil
		})
		if _, err := r.Run(t.Context(), nil); !errors.Is(err, errKill) {
			t.Fatalf("round %d ended with %v", round, err)
		}
		e.Counted() // the rollup of a worker runs all the time
	}
	r.SetStep(func(context.Context, string) error { return nil })
	if s := run(t, r); s.Left != 0 {
		t.Errorf("%d posts are left", s.Left)
	}
	if s := run(t, r); s.Posts != 0 {
		t.Errorf("a further run tagged %d posts", s.Posts)
	}
	e.Counted()
	fresh := e.On(chtest.Open(t))
	register(t, fresh.DB)
	fresh.Deps.NewTagger, fresh.Deps.Revision = after.Taggers(), now
	_, stop = fresh.Run()
	fresh.Settled(e.Config.Topics.Posts, 0, 300)
	stop()
	fresh.Counted()
	same(t, e.DB, fresh.DB)
	if len(kills) != 3 {
		t.Errorf("kills at %v only", kills)
	}
}

// Going back to the earlier taxonomy gives its results again, and both stay in the history.
func TestGoingBack(t *testing.T) {
	e := pipetest.New(t, 1)
	old, now := register(t, e.DB)
	e.Produce(e.Config.Topics.Posts, 0, events(3, 120)...)
	e.Deps.NewTagger, e.Deps.Revision = before.Taggers(), old
	_, stop := e.Run()
	e.Settled(e.Config.Topics.Posts, 0, 120)
	stop()
	const topics = "SELECT community, post_id, topic, sentiment, score FROM post_topics ORDER BY ALL"
	first := e.DB.Query(t, topics)
	run(t, newRetag(t, e, retag.Config{}, now, after))
	second := e.DB.Query(t, topics)
	if slices.Equal(first, second) {
		t.Fatal("the two taggers say the same; the test has become weak")
	}
	back, err := revision.Activate(t.Context(), e.DB.As(t, engine.Writer), "before", "test", "")
	if err != nil || back <= now {
		t.Fatalf("the old analyzer got number %d: %v", back, err)
	}
	again, err := revision.Activate(t.Context(), e.DB.As(t, engine.Writer), "before", "test", "")
	if err != nil || again != back {
		t.Errorf("activated twice, it got numbers %d and %d: %v", back, again, err)
	}
	run(t, newRetag(t, e, retag.Config{Rate: 100_000}, back, before))
	if got := e.DB.Query(t, topics); !slices.Equal(got, first) {
		t.Errorf("going back gives %d rows, want the first %d", len(got), len(first))
	}
	e.Want("SELECT analyzer_revision, count() = (SELECT count() FROM posts) FROM post_history GROUP BY analyzer_revision ORDER BY analyzer_revision",
		"(1,1)", fmt.Sprintf("(%d,1)", now), fmt.Sprintf("(%d,1)", back))
}

// shouting is a masker that shows that it was asked.
type shouting struct{}

func (shouting) Mask(text string) string {
	if text == "" {
		return ""
	}
	return strings.TrimSuffix(text, "!") + "!"
}

// Texts are masked again unless an analyzer with the same masker has written them.
func TestTextsAreMaskedAgainOnlyByAnotherMasker(t *testing.T) {
	e := pipetest.New(t, 1)
	conn := e.DB.As(t, engine.Writer)
	number := func(hash string) uint16 {
		n, err := revision.Activate(t.Context(), conn, hash, "test", "")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	e.Deps.NewTagger, e.Deps.Revision = before.Taggers(), number("words+quiet")
	e.Produce(e.Config.Topics.Posts, 0, pipetest.Post("p1", 1, "created", "2026-09-01T09:00:00Z", "u1", "画面です"))
	_, stop := e.Run()
	e.Settled(e.Config.Topics.Posts, 0, 1)
	stop()
	for _, step := range []struct{ hash, masked, body string }{
		{"more words+quiet", "+quiet", "画面です"},
		{"words+loud", "+loud", "画面です!"},
		{"words+unknown", "", "画面です!"},
	} {
		r, err := retag.New(retag.Config{}, retag.Deps{
			Conn: conn, NewTagger: after.Taggers(), Masker: shouting{}, Masked: step.masked, Keys: e.Guard.ErasureKeys(), Revision: number(step.hash), Hash: step.hash,
		})
		if err != nil {
			t.Fatal(err)
		}
		if s := run(t, r); s.Posts != 1 {
			t.Errorf("%s: %+v, want one post", step.hash, s)
		}
		e.Want("SELECT body FROM posts", "('"+step.body+"')")
	}
}

func TestConfigValidate(t *testing.T) {
	for want, cfg := range map[string]retag.Config{
		"chunk":   {Chunk: 1_000_000},
		"workers": {Workers: -1},
		"rate":    {Rate: -1},
		"to (":    {From: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want one that names %s", err, want)
		}
	}
	if _, err := retag.New(retag.Config{}, retag.Deps{}); err == nil {
		t.Error("a re-tagging without parts was made")
	}
}
