package ingest_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"voc/ingest"
	"voc/ingest/sink"
)

// without is a store that leaves a part of a batch's work out, to measure what that part costs.
type without struct {
	ingest.Store
	registry, ledger, marks bool
}

func (w *without) Registered(ctx context.Context, keys []sink.PostKey) (map[sink.PostKey]time.Time, error) {
	if w.registry {
		return nil, nil
	}
	return w.Store.Registered(ctx, keys)
}

func (w *without) WriteFacts(ctx context.Context, b *sink.Batch) ([]sink.Refused, error) {
	less := *b
	if w.registry {
		less.Registry = nil
	}
	return w.Store.WriteFacts(ctx, &less)
}

func (w *without) WriteLedger(ctx context.Context, b *sink.Batch) error {
	less := *b
	if w.ledger {
		less.Outcomes = nil
	}
	if w.marks {
		less.Windows = nil
	}
	return w.Store.WriteLedger(ctx, &less)
}

// BenchmarkSafety is BenchmarkPipelineClickHouse with single safeties taken away. Run with -benchtime 1x, and compare
// only what was measured in one run. Batches of 500 rows are what a worker writes when it is not behind; with one
// partition nothing happens while a batch is written, so that the time of the writes shows.
func BenchmarkSafety(b *testing.B) {
	const n = 20_000
	for _, size := range []struct{ partitions, rows int }{{1, 500}, {4, 500}, {4, ingest.DefaultConfig().Batch.MaxRows}} {
		for _, c := range []struct {
			name string
			off  without
			sync bool
		}{
			{name: "warm-up", sync: true}, // the first one pays for the start of the engine
			{name: "all", sync: true},
			{name: "no fsync"},
			{name: "no registry", off: without{registry: true}, sync: true},
			{name: "no ledger", off: without{ledger: true}, sync: true},
			{name: "no marks", off: without{marks: true}, sync: true},
			{name: "none", off: without{registry: true, ledger: true, marks: true}},
		} {
			b.Run(fmt.Sprintf("partitions=%d,rows=%d/%s", size.partitions, size.rows, strings.ReplaceAll(c.name, " ", "-")), func(b *testing.B) {
				for range b.N {
					e := newEnv(b, size.partitions)
					e.cfg.Topics.Posts = benchPosts(b, e.k, size.partitions, n)
					e.cfg.Batch = ingest.DefaultConfig().Batch
					e.cfg.Batch.MaxRows = size.rows
					e.deps.NewTagger = func() ingest.Tagger { return idle{} }
					s, err := sink.New(e.cfg.Sink, sink.Deps{Log: e.deps.Log})
					if err != nil {
						b.Fatal(err)
					}
					off := c.off
					off.Store = s
					if !c.sync {
						for _, table := range []string{"post_facts", "post_registry", "record_outcomes", "window_marks"} {
							e.db.Exec(b, "ALTER TABLE "+table+" MODIFY SETTING fsync_after_insert = 0, fsync_part_directory = 0")
						}
					}
					before := processorTime(b, os.Getpid()) + processorTime(b, e.db.Server().PID())
					measure(b, n, func() func() {
						_, stop := e.run(func(_ *ingest.Config, d *ingest.Deps) { d.Store = &off })
						return stop
					}, func() bool {
						return e.query("SELECT count() FROM post_facts")[0] == fmt.Sprintf("(%d)", n)
					})
					used := processorTime(b, os.Getpid()) + processorTime(b, e.db.Server().PID()) - before
					b.ReportMetric(float64(used.Microseconds())/n, "cpu-µs/post")
					if err := s.Close(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// processorTime is what a process has used so far. The test's own holds the embedded Kafka and its producer too.
func processorTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	if pid == os.Getpid() {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	f := strings.Fields(rest)
	sum := 0
	for _, v := range f[11:13] {
		ticks, err := strconv.Atoi(v)
		if err != nil {
			b.Fatal(err)
		}
		sum += ticks
	}
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux of today
	return time.Duration(sum) * tick
}
