// Package pipetest gives the tests of the packages around the pipeline a Kafka, a database and pipelines between them,
// with a tagger whose few words make the expected tags plain. It is imported by tests only.
package pipetest

import (
	"context"
	"fmt"
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

// Main runs the tests of a package and stops what they shared. TestMain calls it.
func Main(m *testing.M) { chtest.Main(m, sourcetest.Close) }

// Key is the privacy.key of the tests.
const Key = "a secret key of the tests"

// Words is a tagger that finds the words it maps to topics. A word with the value "-" makes the post negative instead.
type Words map[string]string

// Analyze implements ingest.Tagger.
func (w Words) Analyze(in analyze.Input, out *analyze.Result) {
	*out = analyze.Result{Sentiment: analyze.Neutral, Topics: out.Topics[:0], Intents: out.Intents[:0], Signals: out.Signals[:0], Flags: out.Flags[:0]}
	for _, word := range []string{"高い", "遅い", "画面", "連携", "一周"} {
		topic, i := w[word], strings.Index(in.Body, word)
		if topic == "" || i < 0 {
			continue
		}
		start := len([]rune(in.Body[:i]))
		ev := []analyze.Evidence{{Start: start, End: start + 2, Text: word, Rule: topic + "/" + word}}
		if strings.HasPrefix(topic, "-") {
			out.Sentiment, out.Score, out.Evidence = analyze.Negative, -0.5, ev
			out.Intents = append(out.Intents, analyze.Intent{ID: "complaint", Evidence: ev})
			continue
		}
		out.Topics = append(out.Topics, analyze.Topic{ID: topic, Sentiment: analyze.Negative, Score: -0.25, Evidence: ev})
		out.Signals = append(out.Signals, analyze.Signal{Kind: "word", Value: word, Evidence: ev})
	}
}

// Taggers returns a function for ingest.Deps.
func (w Words) Taggers() func() ingest.Tagger { return func() ingest.Tagger { return w } }

// Env is the Kafka and the database of one test.
type Env struct {
	T     testing.TB
	Kafka *sourcetest.Kafka
	DB    *chtest.DB
	Guard *privacy.Guard
	// Config and Deps are copied by Run; a test may change them.
	Config ingest.Config
	Deps   ingest.Deps
}

// New gives topics of the test's own, with the given partitions of posts, and a database of its own.
func New(t testing.TB, partitions int) *Env {
	t.Helper()
	k := sourcetest.Open(t)
	cfg := ingest.DefaultConfig()
	cfg.Kafka = connect.Config{Brokers: []string{k.Addr}, ClientID: "voc-test"}
	cfg.Source = k.Config(sourcetest.Name("voc"))
	cfg.Topics = ingest.Topics{
		Posts: k.Topic(t, "posts", partitions), Activity: k.Topic(t, "activity", 1),
		Accounts: k.Topic(t, "accounts", 1), Surveys: k.Topic(t, "surveys", 1),
	}
	cfg.DeadLetter.Topic = k.Topic(t, "dead", 2)
	cfg.DeadLetter.RetryMin, cfg.DeadLetter.RetryMax = 20*time.Millisecond, 300*time.Millisecond
	cfg.Batch.MaxAge, cfg.Batch.MaxRows = 50*time.Millisecond, 500
	cfg.RollupInterval = 100 * time.Millisecond
	guard, err := privacy.New([]byte(Key))
	if err != nil {
		t.Fatal(err)
	}
	e := &Env{T: t, Kafka: k, Guard: guard, Config: cfg}
	e.Deps = ingest.Deps{NewTagger: Words{"高い": "pricing"}.Taggers(), Revision: 1, Masker: guard, Log: sourcetest.Log(t)}
	return e.On(chtest.Open(t))
}

// On returns the same with another database and a consumer group of its own.
func (e *Env) On(db *chtest.DB) *Env {
	e.T.Helper()
	n := *e
	n.DB = db
	n.Config.Source.Group = sourcetest.Name("voc")
	n.Config.Sink.DSN, n.Config.Sink.Database = db.DSN(engine.Writer), db.Database
	n.Config.Sink.InsertTimeout, n.Config.Sink.RetryMin, n.Config.Sink.RetryMax = 5*time.Second, 20*time.Millisecond, 300*time.Millisecond
	n.Deps.Rollup = n.Rollup()
	return &n
}

// Rollup is a rollup of the database.
func (e *Env) Rollup() *rollup.Rollup {
	e.T.Helper()
	r, err := rollup.New(e.DB.As(e.T, engine.Writer), rollup.Config{Database: e.DB.Database})
	if err != nil {
		e.T.Fatal(err)
	}
	return r
}

// Run starts a pipeline and returns it with a function that stops it softly.
func (e *Env) Run() (*ingest.Pipeline, func()) {
	e.T.Helper()
	p, err := ingest.New(e.Config, e.Deps)
	if err != nil {
		e.T.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				e.T.Errorf("the pipeline ended with: %v", err)
			}
		case <-time.After(60 * time.Second):
			e.T.Error("the pipeline does not stop")
		}
	})
	e.T.Cleanup(stop)
	return p, stop
}

// Produce writes records, each given as key, tab and value, to a partition.
func (e *Env) Produce(topic string, partition int, keyed ...string) {
	e.T.Helper()
	recs := make([]*kgo.Record, len(keyed))
	for i, s := range keyed {
		key, value, _ := strings.Cut(s, "\t")
		recs[i] = sourcetest.Record(topic, partition, key, value)
	}
	e.Kafka.Produce(e.T, recs...)
}

// Settled waits until the group has committed everything up to an offset.
func (e *Env) Settled(topic string, partition int, end int64) {
	e.T.Helper()
	sourcetest.Eventually(e.T, 90*time.Second, func() (bool, string) {
		c := e.Kafka.Committed(e.T, e.Config.Source.Group, topic, partition+1)
		return c[partition] == end, fmt.Sprintf("%s/%d: committed %d of %d", topic, partition, c[partition], end)
	})
}

// Counted waits until no window is dirty.
func (e *Env) Counted() {
	e.T.Helper()
	if _, err := e.Rollup().RunOnce(e.T.Context()); err != nil {
		e.T.Fatal(err)
	}
}

// Want compares the answer of a query with lines.
func (e *Env) Want(sql string, lines ...string) {
	e.T.Helper()
	got := e.DB.Query(e.T, sql)
	if strings.Join(got, "\n") != strings.Join(lines, "\n") {
		e.T.Errorf("%s\n got %q\nwant %q", sql, got, lines)
	}
}

// Post is the message of a post event, with its key.
func Post(id string, version int, event, postedAt, author, body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\t"+`{"post_id":%q,"event":%q,"version":%d,"posted_at":%q`, id, id, event, version, postedAt)
	if event != "deleted" {
		fmt.Fprintf(&b, `,"body":%q`, body)
	}
	if author != "" {
		fmt.Fprintf(&b, `,"author":{"id":%q,"role":"member"}`, author)
	}
	return b.String() + "}"
}
