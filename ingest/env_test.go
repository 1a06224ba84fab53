package ingest_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"voc/analyze"
	"voc/ingest"
	"voc/ingest/connect"
	"voc/ingest/privacy"
	"voc/ingest/source/sourcetest"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

// workerEnv makes the test binary a worker process instead of running tests.
const workerEnv = "VOC_TEST_WORKER"

func TestMain(m *testing.M) {
	if w := os.Getenv(workerEnv); w != "" {
		runWorker(w)
		return
	}
	chtest.Main(m, sourcetest.Close)
}

type (
	analyzeInput  = analyze.Input
	analyzeResult = analyze.Result
)

// fakeTagger knows three words, so that a test can say what to expect.
type fakeTagger struct{}

func (fakeTagger) Analyze(in analyze.Input, out *analyze.Result) {
	*out = analyze.Result{Sentiment: analyze.Neutral, Topics: out.Topics[:0], Intents: out.Intents[:0], Signals: out.Signals[:0], Flags: out.Flags[:0]}
	if strings.Contains(in.Body, "panic") {
		panic("the tagger met " + in.Body)
	}
	if i := strings.Index(in.Body, "高い"); i >= 0 {
		start := len([]rune(in.Body[:i]))
		ev := []analyze.Evidence{{Start: start, End: start + 2, Text: "高い", Rule: "pricing/high"}}
		out.Sentiment, out.Score, out.Evidence = analyze.Negative, -0.5, ev
		out.Topics = append(out.Topics, analyze.Topic{ID: "pricing", Sentiment: analyze.Negative, Score: -0.5, Evidence: ev})
		out.Intents = append(out.Intents, analyze.Intent{ID: "complaint", Evidence: ev})
		out.Signals = append(out.Signals, analyze.Signal{Kind: "emotion", Value: "anger", Evidence: ev})
	}
}

const testKey = "a secret key of the tests"

// env is a Kafka, a database and a set of topics of one test.
type env struct {
	t      testing.TB
	k      *sourcetest.Kafka
	db     *chtest.DB
	cfg    ingest.Config
	deps   ingest.Deps
	posts  string
	groups []string
}

func newEnv(t testing.TB, partitions int) *env {
	t.Helper()
	return newEnvOn(t, sourcetest.Open(t), chtest.Open(t), partitions)
}

func newEnvOn(t testing.TB, k *sourcetest.Kafka, db *chtest.DB, partitions int) *env {
	t.Helper()
	e := &env{t: t, k: k, db: db}
	group := sourcetest.Name("voc")
	e.groups = []string{group}
	cfg := ingest.DefaultConfig()
	cfg.Kafka = connect.Config{Brokers: []string{k.Addr}, ClientID: "voc-test"}
	cfg.Source = k.Config(group)
	cfg.Topics = ingest.Topics{
		Posts: k.Topic(t, "posts", partitions), Activity: k.Topic(t, "activity", 1),
		Accounts: k.Topic(t, "accounts", 1), Surveys: k.Topic(t, "surveys", 1),
	}
	e.posts = cfg.Topics.Posts
	cfg.DeadLetter.Topic = k.Topic(t, "dead", 1)
	cfg.Sink.DSN, cfg.Sink.Database = db.DSN(engine.Writer), db.Database
	cfg.Sink.InsertTimeout, cfg.Sink.RetryMin, cfg.Sink.RetryMax = 5*time.Second, 20*time.Millisecond, 300*time.Millisecond
	cfg.DeadLetter.RetryMin, cfg.DeadLetter.RetryMax = 20*time.Millisecond, 300*time.Millisecond
	cfg.Batch.MaxAge, cfg.Batch.MaxRows = 50*time.Millisecond, 500
	cfg.RollupInterval = 100 * time.Millisecond
	e.cfg = cfg
	masker, err := privacy.New([]byte(testKey))
	if err != nil {
		t.Fatal(err)
	}
	e.deps = ingest.Deps{
		NewTagger: func() ingest.Tagger { return fakeTagger{} }, Revision: 1, Masker: masker, Log: sourcetest.Log(t),
	}
	return e
}

// withRollup lets the pipelines of the test rebuild windows.
func (e *env) withRollup() *env {
	e.t.Helper()
	r, err := rollup.New(e.db.As(e.t, engine.Writer), rollup.Config{Database: e.db.Database})
	if err != nil {
		e.t.Fatal(err)
	}
	e.deps.Rollup = r
	return e
}

// run starts a pipeline and returns it with a function that stops it softly.
func (e *env) run(change ...func(*ingest.Config, *ingest.Deps)) (*ingest.Pipeline, func()) {
	e.t.Helper()
	cfg, deps := e.cfg, e.deps
	for _, c := range change {
		c(&cfg, &deps)
	}
	p, err := ingest.New(cfg, deps)
	if err != nil {
		e.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	var once sync.Once
	stop := func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-done:
				if err != nil {
					e.t.Errorf("the pipeline ended with: %v", err)
				}
			case <-time.After(40 * time.Second):
				e.t.Error("the pipeline does not stop")
			}
		})
	}
	e.t.Cleanup(stop)
	return p, stop
}

// produce writes values to the posts topic; the key is the post_id by contract, given before a tab.
func (e *env) produce(topic string, partition int, keyed ...string) {
	e.t.Helper()
	var recs []*kgo.Record
	for _, s := range keyed {
		key, value, ok := strings.Cut(s, "\t")
		r := sourcetest.Record(topic, partition, key, value)
		if !ok {
			r.Value = nil
		}
		recs = append(recs, r)
	}
	e.k.Produce(e.t, recs...)
}

func created(id, body string) string {
	return fmt.Sprintf("%s\t"+`{"post_id":%q,"version":1,"posted_at":"2026-11-16T09:00:00+09:00","body":%q,"author":{"id":"u1","role":"member"}}`, id, id, body)
}

// settled waits until the group has committed everything that is in the topic.
func (e *env) settled(topic string, partition int, end int64) {
	e.t.Helper()
	sourcetest.Eventually(e.t, 60*time.Second, func() (bool, string) {
		c := e.k.Committed(e.t, e.groups[0], topic, partition+1)
		return c[partition] == end, fmt.Sprintf("%s/%d: committed %d of %d", topic, partition, c[partition], end)
	})
}

func (e *env) query(sql string) []string {
	e.t.Helper()
	return e.db.Query(e.t, sql)
}

// want compares the answer of a query with lines.
func (e *env) want(sql string, lines ...string) {
	e.t.Helper()
	got := e.query(sql)
	if strings.Join(got, "\n") != strings.Join(lines, "\n") {
		e.t.Errorf("%s\n got %q\nwant %q", sql, got, lines)
	}
}
