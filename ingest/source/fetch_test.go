package source

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/fetch"
)

// fakeLog answers fetches from record batches that compaction may have thinned out: a batch covers base to last, but
// holds only some offsets, or none.
type fakeLog struct {
	batches []fakeBatch
	end     int64
	asked   int
}

type fakeBatch struct {
	base, last int64
	offsets    []int64
}

func (l *fakeLog) RoundTrip(_ context.Context, _ net.Addr, m kafka.Request) (kafka.Response, error) {
	l.asked++
	p := m.(*fetch.Request).Topics[0].Partitions[0]
	res := fetch.ResponsePartition{HighWatermark: l.end, LastStableOffset: l.end}
	stream := &protocol.RecordStream{}
	size := int32(0)
	for _, b := range l.batches {
		if b.last < p.FetchOffset {
			continue
		}
		if size++; size > 1 && size*100 > p.PartitionMaxBytes {
			break
		}
		var recs []protocol.Record
		for _, o := range b.offsets {
			recs = append(recs, protocol.Record{Offset: o, Time: time.UnixMilli(1), Value: protocol.NewBytes([]byte{byte(o)})})
		}
		stream.Records = append(stream.Records, &protocol.RecordBatch{BaseOffset: b.base, ProducerID: -1, Records: protocol.NewRecordReader(recs...)})
	}
	if len(stream.Records) > 0 {
		res.RecordSet = protocol.RecordSet{Version: 2, Records: stream}
	}
	return &fetch.Response{Topics: []fetch.ResponseTopic{{Partitions: []fetch.ResponsePartition{res}}}}, nil
}

func TestSkipHole(t *testing.T) {
	for name, batches := range map[string][]fakeBatch{
		"end of the last batch is gone": {{0, 9, []int64{0, 1, 2}}},
		"empty batch in the middle":     {{0, 4, []int64{0, 4}}, {5, 9, nil}, {10, 11, []int64{10, 11}}},
		"empty batch at the end":        {{0, 0, []int64{0}}, {1, 500, nil}},
		"only empty batches":            {{0, 4, nil}, {5, 99, nil}, {100, 100, nil}},
		"offsets between batches":       {{0, 3, []int64{0}}, {50, 59, []int64{55}}, {200, 201, nil}},
	} {
		t.Run(name, func(t *testing.T) { readAll(t, batches) })
	}
}

func TestSkipHoleRandom(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var batches []fakeBatch
		for o := int64(rng.IntN(3)); len(batches) < 12; {
			b := fakeBatch{base: o, last: o + rng.Int64N(40)}
			for at := b.base; at <= b.last; at++ {
				if rng.IntN(6) == 0 {
					b.offsets = append(b.offsets, at)
				}
			}
			batches = append(batches, b)
			o = b.last + 1 + rng.Int64N(4)*rng.Int64N(10)
		}
		readAll(t, batches)
	}
}

// readAll reads a log with small and with large fetches and expects every record once, the end reached, and an
// effort that is bounded.
func readAll(t *testing.T, batches []fakeBatch) {
	t.Helper()
	for _, maxBytes := range []int{1, 100, 1000, 1 << 20} {
		l := &fakeLog{batches: batches, end: batches[len(batches)-1].last + 1}
		f := &fetcher{client: &kafka.Client{Addr: kafka.TCP("127.0.0.1:1"), Transport: l}, topic: "t", maxBytes: maxBytes}
		var got []int64
		for f.pos < l.end {
			before := f.pos
			b, err := f.next(t.Context(), 1, time.Second)
			if err != nil {
				t.Fatal(err)
			}
			if f.pos <= before || b.Next != f.pos {
				t.Fatalf("max bytes %d: stuck at offset %d of %d in %+v", maxBytes, f.pos, l.end, batches)
			}
			for _, r := range b.Records {
				got = append(got, r.Offset)
			}
		}
		var want []int64
		for _, b := range batches {
			want = append(want, b.offsets...)
		}
		if len(got) != len(want) {
			t.Fatalf("max bytes %d: read %v, want %v from %+v", maxBytes, got, want, batches)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("max bytes %d: read %v, want %v", maxBytes, got, want)
			}
		}
		if limit := 40 * len(batches); l.asked > limit {
			t.Fatalf("max bytes %d: %d requests for %d batches", maxBytes, l.asked, len(batches))
		}
	}
}

// askedLog remembers how it was asked.
type askedLog struct {
	fakeLog
	minBytes int32
	wait     time.Duration
}

func (l *askedLog) RoundTrip(ctx context.Context, a net.Addr, m kafka.Request) (kafka.Response, error) {
	r := m.(*fetch.Request)
	l.minBytes, l.wait = r.MinBytes, time.Duration(r.MaxWaitTime)*time.Millisecond
	return l.fakeLog.RoundTrip(ctx, a, m)
}

// Whoever has begun a batch lets the broker collect for a moment, never longer than there is time; the first record comes
// at once.
func TestGathering(t *testing.T) {
	cfg := DefaultConfig()
	l := &askedLog{fakeLog: fakeLog{batches: []fakeBatch{{0, 0, []int64{0}}}, end: 1}}
	for _, c := range []struct {
		wait     time.Duration
		gather   bool
		minBytes int32
		longest  time.Duration
	}{
		{time.Second, false, 1, cfg.FetchWait},
		{time.Second, true, gatheredBytes, gatherWait},
		{gatherWait / 2, true, gatheredBytes, gatherWait / 2},
	} {
		p := &Partition{
			f:   fetcher{client: &kafka.Client{Addr: kafka.TCP("127.0.0.1:1"), Transport: l}, topic: "t", maxBytes: cfg.FetchMaxBytes},
			cfg: &cfg, metrics: newMetrics(nil), retry: newBackoff(&cfg), log: slog.New(slog.DiscardHandler),
		}
		b, err := p.Fetch(t.Context(), c.wait, c.gather)
		if err != nil || len(b.Records) != 1 {
			t.Fatalf("%d records, %v", len(b.Records), err)
		}
		if l.minBytes != c.minBytes || l.wait > c.longest || l.wait < c.longest/4 {
			t.Errorf("wait %s, gather %v: asked for %d bytes within %s, want %d within %s", c.wait, c.gather, l.minBytes, l.wait, c.minBytes, c.longest)
		}
	}
}
