package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/fetch"
)

// Kind tells what a record is.
type Kind uint8

// The kinds of a record.
const (
	Data    Kind = iota // written by a producer
	Control             // commit or abort marker of a transaction
	Aborted             // written in a transaction that was aborted
)

// Record is one record of a partition. Key and Value are nil when they are null in Kafka; both are valid until the
// next Fetch of the partition.
type Record struct {
	Offset  int64
	Time    time.Time // zero when the record has no timestamp
	Key     []byte
	Value   []byte
	Headers []Header
	Kind    Kind
}

// Header of a record.
type Header struct {
	Key   string
	Value []byte
}

// Batch is what one Fetch returns. Records may be empty while Next has moved, when compaction left a hole.
type Batch struct {
	Records []Record
	// Next is the offset to commit once all records of this and earlier batches are dealt with.
	Next int64
	// Stable is the end of what can be read now: records before it are in the log and their transactions decided.
	Stable int64
	// Lost counts offsets that were deleted from the log before they could be read.
	Lost int64
}

// fetcher reads one partition, from a position on.
type fetcher struct {
	client    *kafka.Client
	topic     string
	partition int
	maxBytes  int
	pos       int64 // next offset to read; negative until resolved
	arena     []byte
	records   []Record
}

// networkTimeout is how much longer than its wait a request may take.
const networkTimeout = 10 * time.Second

// resolve turns the markers "first" and "last" into an offset.
func (f *fetcher) resolve(ctx context.Context) error {
	if f.pos >= 0 {
		return nil
	}
	first, last, err := f.bounds(ctx)
	if err != nil {
		return err
	}
	if f.pos == kafka.LastOffset {
		f.pos = last
	} else {
		f.pos = first
	}
	return nil
}

// bounds returns the first offset of the partition and the one behind its last stable record.
func (f *fetcher) bounds(ctx context.Context) (first, last int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, networkTimeout)
	defer cancel()
	res, err := f.client.ListOffsets(ctx, &kafka.ListOffsetsRequest{
		Topics:         map[string][]kafka.OffsetRequest{f.topic: {kafka.FirstOffsetOf(f.partition), kafka.LastOffsetOf(f.partition)}},
		IsolationLevel: kafka.ReadCommitted,
	})
	if err != nil {
		return 0, 0, fmt.Errorf("ask for the bounds of %s/%d: %w", f.topic, f.partition, err)
	}
	for _, p := range res.Topics[f.topic] {
		if p.Partition != f.partition {
			continue
		}
		if p.Error != nil {
			return 0, 0, fmt.Errorf("ask for the bounds of %s/%d: %w", f.topic, f.partition, p.Error)
		}
		return p.FirstOffset, p.LastOffset, nil
	}
	return 0, 0, fmt.Errorf("ask for the bounds of %s/%d: %w", f.topic, f.partition, kafka.UnknownTopicOrPartition)
}

// request sends one fetch at offset, which the broker answers when there are as many bytes as minBytes or wait is over,
// and returns the partition's answer, whose ErrorCode is zero.
func (f *fetcher) request(ctx context.Context, offset int64, minBytes, maxBytes int, wait time.Duration) (*fetch.ResponsePartition, error) {
	ctx, cancel := context.WithTimeout(ctx, wait+networkTimeout)
	defer cancel()
	res, err := f.client.Transport.RoundTrip(ctx, f.client.Addr, &fetch.Request{
		ReplicaID:      -1,
		MaxWaitTime:    int32(wait.Milliseconds()),
		MinBytes:       int32(minBytes),
		MaxBytes:       int32(maxBytes),
		IsolationLevel: int8(kafka.ReadCommitted),
		SessionID:      0,
		SessionEpoch:   -1, // no fetch session
		Topics: []fetch.RequestTopic{{
			Topic: f.topic,
			Partitions: []fetch.RequestPartition{{
				Partition:          int32(f.partition),
				CurrentLeaderEpoch: -1,
				FetchOffset:        offset,
				LogStartOffset:     -1,
				PartitionMaxBytes:  int32(maxBytes),
			}},
		}},
	})
	if err != nil {
		return nil, fmt.Errorf("fetch %s/%d: %w", f.topic, f.partition, err)
	}
	r, ok := res.(*fetch.Response)
	if !ok {
		return nil, fmt.Errorf("fetch %s/%d: the answer is a %T", f.topic, f.partition, res)
	}
	code := r.ErrorCode
	if code == 0 && len(r.Topics) == 1 && len(r.Topics[0].Partitions) == 1 {
		p := &r.Topics[0].Partitions[0]
		if code = p.ErrorCode; code == 0 {
			return p, nil
		}
	}
	if code == 0 {
		return nil, fmt.Errorf("fetch %s/%d: the broker left the partition out of its answer: %w", f.topic, f.partition, io.ErrUnexpectedEOF)
	}
	return nil, fmt.Errorf("fetch %s/%d: %w", f.topic, f.partition, kafka.Error(code))
}

// next reads what follows the position and moves it. It waits for at most wait when less than minBytes is there.
func (f *fetcher) next(ctx context.Context, minBytes int, wait time.Duration) (Batch, error) {
	if err := f.resolve(ctx); err != nil {
		return Batch{}, err
	}
	res, err := f.request(ctx, f.pos, minBytes, f.maxBytes, wait)
	if outOfRange(err) {
		return f.reset(ctx)
	}
	if err != nil {
		return Batch{}, err
	}
	start := f.pos
	batches, err := f.decode(res)
	if err != nil {
		return Batch{}, err
	}
	if f.pos == start && batches > 0 {
		if err := f.skipHole(ctx, res); err != nil {
			return Batch{}, err
		}
	}
	return Batch{Records: f.records, Next: f.pos, Stable: max(f.pos, stable(res))}, nil
}

// stable is the end of what a committed reader may read. Brokers before version 4 of the call give no such offset.
func stable(res *fetch.ResponsePartition) int64 {
	if res.LastStableOffset > 0 || res.HighWatermark == 0 {
		return res.LastStableOffset
	}
	return res.HighWatermark
}

// reset moves a position that the log does not have: to the first offset, which is where the log now begins, whether
// its head was deleted or the topic was made anew.
func (f *fetcher) reset(ctx context.Context) (Batch, error) {
	first, last, err := f.bounds(ctx)
	if err != nil {
		return Batch{}, err
	}
	lost := max(0, first-f.pos)
	f.pos = first
	return Batch{Next: first, Stable: last, Lost: lost}, nil
}

// decode copies the records at and behind the position out of the answer, moves the position behind them, and
// returns how many record batches there were.
func (f *fetcher) decode(res *fetch.ResponsePartition) (int, error) {
	if cap(f.arena) > 4*f.maxBytes {
		f.arena = nil
	}
	f.arena, f.records = f.arena[:0], f.records[:0]
	parts := batchesOf(res.RecordSet.Records)
	// The broker lists the aborted transactions that touch the answer, by their first offset. A producer's records
	// count as aborted from there to its next abort marker.
	aborted := slices.Clone(res.AbortedTransactions)
	slices.SortFunc(aborted, func(a, b fetch.ResponseTransaction) int { return int(max(-1, min(1, a.FirstOffset-b.FirstOffset))) })
	running := map[int64]bool{}
	for _, part := range parts {
		kind, producer := Data, int64(-1)
		switch b := part.(type) {
		case *protocol.ControlBatch:
			kind, producer = Control, b.ProducerID
		case *protocol.RecordBatch:
			if b.Attributes.Transactional() {
				producer = b.ProducerID
			}
		}
		for {
			r, err := part.ReadRecord()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return 0, fmt.Errorf("decode %s/%d behind offset %d: %w", f.topic, f.partition, f.pos, err)
			}
			for len(aborted) > 0 && aborted[0].FirstOffset <= r.Offset {
				running[aborted[0].ProducerID] = true
				aborted = aborted[1:]
			}
			rec := Record{Offset: r.Offset, Time: recordTime(r.Time), Kind: kind}
			switch {
			case kind == Control:
				// A marker ends its producer's transaction, whether it says commit or abort.
				delete(running, producer)
				drop(r)
			case producer >= 0 && running[producer]:
				rec.Kind = Aborted
				drop(r)
			case r.Offset < f.pos: // the batch begins before the position
				drop(r)
			default:
				if rec.Key, err = f.copy(r.Key); err == nil {
					rec.Value, err = f.copy(r.Value)
				}
				if err != nil {
					return 0, fmt.Errorf("decode %s/%d at offset %d: %w", f.topic, f.partition, r.Offset, err)
				}
				for _, h := range r.Headers {
					rec.Headers = append(rec.Headers, Header{Key: h.Key, Value: h.Value})
				}
			}
			if r.Offset >= f.pos {
				f.records = append(f.records, rec)
				f.pos = r.Offset + 1
			}
		}
	}
	return len(parts), nil
}

// skipHole moves the position behind the last batch of res, in which nothing at or behind the position is left. An
// offset inside that batch is answered with that batch, one behind it with a later batch or with none.
func (f *fetcher) skipHole(ctx context.Context, res *fetch.ResponsePartition) error {
	parts := batchesOf(res.RecordSet.Records)
	base, ok := baseOffset(parts[len(parts)-1])
	if !ok {
		return fmt.Errorf("fetch %s/%d: no record at or behind offset %d in an old-format answer", f.topic, f.partition, f.pos)
	}
	end := stable(res)
	inside, outside, step := max(f.pos, base), end, int64(1)
	for inside+1 < outside {
		probe := inside + step
		if probe >= outside {
			probe = inside + (outside-inside)/2
		}
		p, err := f.request(ctx, probe, 1, 1, 0)
		if err != nil && !outOfRange(err) {
			return err
		}
		same := false
		if err == nil {
			if found := batchesOf(p.RecordSet.Records); len(found) > 0 {
				b, ok := baseOffset(found[0])
				same = ok && b <= base
			}
		}
		if same {
			inside, step = probe, step*2
		} else {
			outside, step = probe, 1
			if inside+step < outside {
				step = max(1, (outside-inside)/2)
			}
		}
	}
	f.pos = max(outside, f.pos+1)
	return nil
}

func (f *fetcher) copy(b protocol.Bytes) ([]byte, error) {
	if b == nil {
		return nil, nil
	}
	defer b.Close()
	n, size := len(f.arena), b.Len()
	f.arena = slices.Grow(f.arena, size)[:n+size]
	out := f.arena[n : n+size : n+size]
	if out == nil {
		out = []byte{}
	}
	if _, err := io.ReadFull(b, out); err != nil && size > 0 {
		return nil, err
	}
	return out, nil
}

func drop(r *protocol.Record) {
	if r.Key != nil {
		r.Key.Close()
	}
	if r.Value != nil {
		r.Value.Close()
	}
}

func batchesOf(r protocol.RecordReader) []protocol.RecordReader {
	switch r := r.(type) {
	case nil:
		return nil
	case *protocol.RecordStream:
		return r.Records
	default:
		return []protocol.RecordReader{r}
	}
}

func baseOffset(r protocol.RecordReader) (int64, bool) {
	switch b := r.(type) {
	case *protocol.RecordBatch:
		return b.BaseOffset, true
	case *protocol.ControlBatch:
		return b.BaseOffset, true
	default:
		return 0, false
	}
}

// recordTime maps Kafka's "no timestamp" (-1 ms, or zero from old producers) to the zero time.
func recordTime(t time.Time) time.Time {
	if t.UnixMilli() <= 0 {
		return time.Time{}
	}
	return t
}
