package ingest_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"voc/analyze"
	"voc/ingest"
	"voc/ingest/connect"
	"voc/ingest/privacy"
	"voc/ingest/source/sourcetest"
)

// idle analyses nothing, so that a benchmark shows what everything else costs.
type idle struct{}

func (idle) Analyze(_ analyze.Input, out *analyze.Result) {
	*out = analyze.Result{Sentiment: analyze.Neutral, Topics: out.Topics[:0], Intents: out.Intents[:0], Signals: out.Signals[:0], Flags: out.Flags[:0]}
}

// benchPosts is a topic full of posts of some 530 bytes.
func benchPosts(b *testing.B, k *sourcetest.Kafka, partitions, n int) string {
	b.Helper()
	topic := k.Topic(b, "bench", partitions)
	body := strings.Repeat("写真の取り込みが遅くて困っています。", 6)
	c := k.Kgo(b, kgo.ProducerLinger(5*time.Millisecond))
	for i := range n {
		id := fmt.Sprintf("p-%08d", i)
		r := sourcetest.Record(topic, i%partitions, id, fmt.Sprintf(
			`{"post_id":%q,"event":"created","version":1,"posted_at":"2026-11-%02dT09:00:00+09:00","community":"camera","source":"forum","channel":"使い方","url":"https://example.com/t/%d","author":{"id":"u-%d","role":"member"},"attributes":{"plan":"pro"},"body":%q}`,
			id, 1+i%14, i, i%300, body))
		c.Produce(b.Context(), r, nil)
	}
	if err := c.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	return topic
}

func measure(b *testing.B, n int, run func() (stop func()), done func() bool) {
	b.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b.ResetTimer()
	began := time.Now()
	stop := run()
	for !done() {
		time.Sleep(2 * time.Millisecond)
	}
	took := time.Since(began)
	b.StopTimer()
	runtime.ReadMemStats(&after)
	stop()
	b.ReportMetric(float64(n)/took.Seconds(), "posts/s")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(n), "allocs/post")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(n), "B/post")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkPipelineMemory is the way from Kafka to rows, without ClickHouse and without analysis. Run with -benchtime 1x.
func BenchmarkPipelineMemory(b *testing.B) {
	const n = 100_000
	k := sourcetest.Open(b)
	masker, err := privacy.New([]byte(testKey))
	if err != nil {
		b.Fatal(err)
	}
	topic := benchPosts(b, k, 4, n)
	for range b.N {
		m := &memory{}
		cfg := ingest.DefaultConfig()
		cfg.Kafka = connect.Config{Brokers: []string{k.Addr}}
		cfg.Source = k.Config(sourcetest.Name("bench"))
		cfg.Topics = ingest.Topics{Posts: topic}
		cfg.Sink.DSN = "clickhouse://127.0.0.1:1/"
		cfg.Sink.InsertTimeout = time.Second
		p, err := ingest.New(cfg, ingest.Deps{NewTagger: func() ingest.Tagger { return idle{} }, Masker: masker, Store: m, Letters: m})
		if err != nil {
			b.Fatal(err)
		}
		measure(b, n, func() func() {
			ctx, cancel := context.WithCancel(context.Background())
			end := make(chan error, 1)
			go func() { end <- p.Run(ctx) }()
			return func() {
				cancel()
				if err := <-end; err != nil {
					b.Fatal(err)
				}
			}
		}, func() bool {
			m.mu.Lock()
			defer m.mu.Unlock()
			return m.posts >= n
		})
	}
}

// BenchmarkPipelineClickHouse is the same into the real engine, registry look-ups included. Run with -benchtime 1x.
func BenchmarkPipelineClickHouse(b *testing.B) {
	const n = 100_000
	for range b.N {
		e := newEnv(b, 4)
		e.cfg.Topics.Posts = benchPosts(b, e.k, 4, n)
		e.cfg.Batch = ingest.DefaultConfig().Batch
		e.deps.NewTagger = func() ingest.Tagger { return idle{} }
		measure(b, n, func() func() {
			_, stop := e.run()
			return stop
		}, func() bool {
			got := e.query("SELECT count() FROM post_facts")
			return got[0] == fmt.Sprintf("(%d)", n)
		})
	}
}
