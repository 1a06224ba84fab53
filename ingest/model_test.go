package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"voc/ingest"
	"voc/ingest/source/sourcetest"
)

// model is what the facts must say, computed from the log alone: the newest version of each post, on the day that its
// first event with a time fixed.
type model struct {
	posts map[string]*modelPost
	log   map[int][]string // messages by partition
}

type modelPost struct {
	postedAt time.Time
	version  int
	offset   int
	deleted  bool
	body     string
}

// add applies one event, which is at the end of a partition's log.
func (m *model) add(partition int, id, event string, version int, postedAt time.Time, body string) {
	if m.posts == nil {
		m.posts, m.log = map[string]*modelPost{}, map[int][]string{}
	}
	offset := len(m.log[partition])
	var b strings.Builder
	fmt.Fprintf(&b, `%s	{"post_id":%q,"event":%q,"version":%d`, id, id, event, version)
	if !postedAt.IsZero() {
		fmt.Fprintf(&b, `,"posted_at":%q`, postedAt.Format(time.RFC3339))
	}
	if event != "deleted" {
		fmt.Fprintf(&b, `,"body":%q`, body)
	}
	b.WriteString("}")
	m.log[partition] = append(m.log[partition], b.String())
	p := m.posts[id]
	if p == nil {
		p = &modelPost{version: -1}
		m.posts[id] = p
	}
	if p.postedAt.IsZero() {
		p.postedAt = postedAt
	}
	if version > p.version || (version == p.version && offset > p.offset) {
		p.version, p.offset, p.deleted, p.body = version, offset, event == "deleted", body
	}
}

func (m *model) facts(zone *time.Location) []string {
	var out []string
	for id, p := range m.posts {
		if !p.deleted {
			out = append(out, fmt.Sprintf("('%s','%s',%d,'%s')", id, p.postedAt.In(zone).Format("2006-01-02"), p.version, p.body))
		}
	}
	sort.Strings(out)
	return out
}

func (m *model) daily(zone *time.Location) []string {
	days := map[string][2]int{}
	for _, p := range m.posts {
		if !p.deleted {
			d := p.postedAt.In(zone).Format("2006-01-02")
			n := days[d]
			n[0]++
			if strings.Contains(p.body, "高い") {
				n[1]++
			}
			days[d] = n
		}
	}
	var out []string
	for d, n := range days {
		out = append(out, fmt.Sprintf("('%s',%d,%d)", d, n[0], n[1]))
	}
	sort.Strings(out)
	return out
}

// generate makes a log in which everything happens: edits that carry another posted_at, deletions before their post,
// versions out of order, equal versions, resurrections, late posts of long ago.
func generate(seed uint64, partitions, posts, events int) *model {
	rng := rand.New(rand.NewPCG(seed, 7))
	m := &model{}
	base := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for range events {
		n := rng.IntN(posts)
		id, partition := fmt.Sprintf("p%d", n), n%partitions
		at := base.Add(time.Duration(rng.IntN(14*24)) * time.Hour)
		if rng.IntN(10) == 0 {
			at = at.AddDate(-rng.IntN(12), -rng.IntN(12), 0)
		}
		body := fmt.Sprintf("本文%d", rng.IntN(1000))
		if rng.IntN(3) == 0 {
			body += "は高い"
		}
		version := 1 + rng.IntN(6)
		switch rng.IntN(5) {
		case 0:
			if rng.IntN(2) == 0 {
				at = time.Time{}
			}
			m.add(partition, id, "deleted", version, at, "")
		case 1, 2:
			m.add(partition, id, "edited", version, at, body)
		default:
			m.add(partition, id, "created", version, at, body)
		}
	}
	return m
}

const factsQuery = "SELECT post_id, toString(day), source_version, body FROM post_facts FINAL WHERE day != toDate(0) ORDER BY post_id"

// check compares facts, ledger and aggregates with the model.
func (e *env) check(m *model) {
	e.t.Helper()
	zone := e.cfg.Zone
	got, want := e.query(factsQuery), m.facts(zone)
	sort.Strings(got)
	if !slices.Equal(got, want) {
		e.t.Errorf("facts differ from the model: %s", diff(got, want))
	}
	total := 0
	for p, log := range m.log {
		total += len(log)
		e.want(fmt.Sprintf("SELECT count(), uniqExact(kafka_offset), min(kafka_offset), max(kafka_offset) FROM record_outcomes FINAL WHERE kafka_topic = '%s' AND kafka_partition = %d", e.posts, p),
			fmt.Sprintf("(%d,%d,0,%d)", len(log), len(log), len(log)-1))
	}
	if e.deps.Rollup != nil {
		wantDaily := m.daily(zone)
		sourcetest.Eventually(e.t, 20*time.Second, func() (bool, string) {
			got := e.query("SELECT toString(day), sum(posts), sum(negative) FROM community_daily GROUP BY day HAVING sum(posts) > 0 ORDER BY day")
			sort.Strings(got)
			return slices.Equal(got, wantDaily), "aggregates differ from the model: " + diff(got, wantDaily)
		})
	}
}

func diff(got, want []string) string {
	var only [2][]string
	for _, g := range got {
		if !slices.Contains(want, g) {
			only[0] = append(only[0], g)
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			only[1] = append(only[1], w)
		}
	}
	return fmt.Sprintf("%d lines, want %d; not expected: %.400q; missing: %.400q", len(got), len(want), only[0], only[1])
}

func (e *env) produceModel(m *model) {
	e.t.Helper()
	for p, log := range m.log {
		e.produce(e.posts, p, log...)
	}
}

func (e *env) settledModel(m *model) {
	e.t.Helper()
	for p, log := range m.log {
		e.settled(e.posts, p, int64(len(log)))
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			e := newEnv(t, 3).withRollup()
			m := generate(seed, 3, 60, 900)
			_, stop := e.run(func(c *ingest.Config, _ *ingest.Deps) { c.Batch.MaxRows = 37 })
			e.produceModel(m)
			e.settledModel(m)
			e.check(m)
			stop()
		})
	}
}

var errCrash = errors.New("crash")

// The pipeline is ended between two steps of a batch, again and again, and started anew each time.
func TestCrashBetweenAnyTwoSteps(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			e := newEnv(t, 2).withRollup()
			m := generate(100+seed, 2, 40, 600)
			e.produceModel(m)
			rng := rand.New(rand.NewPCG(seed, 3))
			var mu sync.Mutex
			crashes := map[string]int{}
			for round := range 24 {
				step := stepNames[round%len(stepNames)]
				after := rng.IntN(3)
				seen := 0
				crash := func(_ context.Context, at string) error {
					mu.Lock()
					defer mu.Unlock()
					if at != step {
						return nil
					}
					if seen++; seen <= after {
						return nil
					}
					crashes[step]++
					return errCrash
				}
				cfg, deps := e.cfg, e.deps
				cfg.Batch.MaxRows = 5 + rng.IntN(20)
				e.withSteps(crash)(&cfg, &deps)
				p, err := ingest.New(cfg, deps)
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				err = p.Run(ctx)
				cancel()
				if err != nil && !errors.Is(err, errCrash) {
					t.Fatal(err)
				}
				if err == nil {
					break // everything was read before the step was reached often enough
				}
			}
			_, stop := e.run()
			e.settledModel(m)
			e.check(m)
			stop()
			t.Logf("crashes: %v", crashes)
			if len(crashes) < 5 {
				t.Errorf("only %d of %d steps were reached: the test has become weak", len(crashes), len(stepNames))
			}
		})
	}
}

func TestReplayOfTheWholeTopicChangesNothing(t *testing.T) {
	e := newEnv(t, 2).withRollup()
	m := generate(7, 2, 50, 500)
	e.produceModel(m)
	_, stop := e.run()
	e.settledModel(m)
	e.check(m)
	stop()
	before := e.query("SELECT * EXCEPT ingested_at FROM post_facts FINAL ORDER BY ALL")
	e.groups[0] = sourcetest.Name("again")
	_, stop = e.run(func(c *ingest.Config, _ *ingest.Deps) { c.Source.Group, c.Batch.MaxRows = e.groups[0], 11 })
	e.settledModel(m)
	e.check(m)
	stop()
	if after := e.query("SELECT * EXCEPT ingested_at FROM post_facts FINAL ORDER BY ALL"); !slices.Equal(before, after) {
		t.Errorf("the replay changed facts: %s", diff(after, before))
	}
}

func TestDuplicatesOfAProducerCountOnce(t *testing.T) {
	e := newEnv(t, 1).withRollup()
	m := &model{}
	at := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	for range 3 {
		for i := range 20 {
			m.add(0, fmt.Sprintf("p%d", i), "created", 1, at, "高い")
		}
	}
	_, stop := e.run()
	e.produceModel(m)
	e.settledModel(m)
	e.check(m)
	stop()
}

func TestMembersComeAndGo(t *testing.T) {
	e := newEnv(t, 6).withRollup()
	m := generate(11, 6, 200, 6000)
	slow := e.withSteps(func(context.Context, string) error { time.Sleep(time.Millisecond); return nil })
	small := func(c *ingest.Config, _ *ingest.Deps) { c.Batch.MaxRows, c.Batch.MaxAge = 50, 20*time.Millisecond }
	_, stopA := e.run(small, slow)
	e.produceModel(m)
	_, stopB := e.run(small, slow)
	time.Sleep(700 * time.Millisecond) // lets the rebalance come in the middle of the work
	c, stopC := e.run(small, slow)
	time.Sleep(700 * time.Millisecond)
	stopA()
	time.Sleep(300 * time.Millisecond)
	c.Abort() // a hard stop in the middle of the work
	stopC()
	e.settledModel(m)
	e.check(m)
	stopB()
}

// A zombie is cut off from the group in the middle of a write, and finishes that write after the new owner has gone on.
func TestZombieWritesOnlyWhatTheOwnerWrites(t *testing.T) {
	e := newEnv(t, 1).withRollup()
	m := &model{}
	at := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	for i := range 30 {
		m.add(0, fmt.Sprintf("p%d", i%10), "edited", i, at, fmt.Sprintf("版%d", i))
	}
	e.produceModel(m)
	entered, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	zombie := e.withSteps(func(_ context.Context, step string) error {
		if step == "before facts" {
			once.Do(func() { close(entered) })
			<-release // deaf to every signal, as a process that the machine has suspended
		}
		return nil
	})
	_, stopZombie := e.run(zombie, func(c *ingest.Config, _ *ingest.Deps) {
		c.Source.RebalanceTimeout, c.Source.Grace = 3*time.Second, 20*time.Second
		c.Source.Grace = 2 * time.Second
	})
	<-entered
	_, stop := e.run()
	e.settledModel(m)
	for i := range 10 {
		m.add(0, fmt.Sprintf("p%d", i), "edited", 100+i, at, "最新")
	}
	e.produce(e.posts, 0, m.log[0][30:]...)
	e.settledModel(m)
	e.check(m)
	close(release)
	stopZombie()
	e.check(m)
	stop()
	if c := e.k.Committed(t, e.groups[0], e.posts, 1)[0]; c != 40 {
		t.Errorf("committed %d, want 40: the zombie rewound the group", c)
	}
}

// The newest answer decides whether a survey's comment is there, in whatever order the answers come and however often
// they are read. The fault harness found that a replay took back a comment that the first reading had kept.
func TestNewestAnswerDecidesAboutTheComment(t *testing.T) {
	e := newEnv(t, 1)
	_, stop := e.run()
	answer := func(id, at, comment string) string {
		return id + "\t" + `{"response_id":"` + id + `","metric":"nps","score":9,"answered_at":"2026-11-` + at + `T00:00:00Z","comment":"` + comment + `"}`
	}
	e.produce(e.cfg.Topics.Surveys, 0,
		answer("late", "16", ""), answer("late", "15", "古い"),
		answer("kept", "15", ""), answer("kept", "16", "新しい"),
		answer("gone", "15", "古い"), answer("gone", "16", ""))
	e.settled(e.cfg.Topics.Surveys, 0, 6)
	const query = "SELECT post_id, body FROM posts ORDER BY post_id"
	e.want(query, "('survey/kept','新しい')")
	stop()
	e.groups[0] = sourcetest.Name("again")
	_, stop = e.run(func(c *ingest.Config, _ *ingest.Deps) { c.Source.Group = e.groups[0] })
	e.settled(e.cfg.Topics.Surveys, 0, 6)
	e.want(query, "('survey/kept','新しい')")
	stop()
}
