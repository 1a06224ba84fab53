package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/segmentio/kafka-go"

	"voc/ingest/connect"
)

// Filter chooses letters. The zero value chooses all.
type Filter struct {
	// Reasons, when given, are those for which a message was refused.
	Reasons []string
	// Topic, when given, is the one the message came from.
	Topic string
	// Partition, when not negative, is the one the message came from. NoPartition is any.
	Partition int
	// From and To bound the offset of the message in the topic it came from, inclusive; To 0 is no bound.
	From, To int64
	// Since bounds the time at which it was refused.
	Since time.Time
}

// NoPartition is the Partition of a filter that takes any.
const NoPartition = -1

// Match says whether a letter is chosen.
func (f Filter) Match(l *Letter) bool {
	return (len(f.Reasons) == 0 || slices.Contains(f.Reasons, l.Reason)) &&
		(f.Topic == "" || f.Topic == l.Topic) && (f.Partition < 0 || f.Partition == l.Partition) &&
		l.Offset >= f.From && (f.To == 0 || l.Offset <= f.To) && (f.Since.IsZero() || !l.Refused.Before(f.Since))
}

// Validate joins every fault, each naming its field.
func (f Filter) Validate() error {
	var errs []error
	if f.From < 0 || f.To < 0 || (f.To > 0 && f.To < f.From) {
		errs = append(errs, fmt.Errorf("from (%d) and to (%d) must be offsets, and from the lower one", f.From, f.To))
	}
	if f.Partition >= 0 && f.Topic == "" {
		errs = append(errs, errors.New("partition is given without topic; offsets and partitions belong to a topic"))
	}
	if (f.From > 0 || f.To > 0) && f.Topic == "" {
		errs = append(errs, errors.New("from or to is given without topic; offsets and partitions belong to a topic"))
	}
	return errors.Join(errs...)
}

// Reader reads the dead-letter topic. It belongs to no consumer group and moves no offsets.
type Reader struct {
	client  *kafka.Client
	topic   string
	strange []error
}

// Strange returns what is wrong with the messages of the topic that are no letters of voc; Read leaves them out.
func (r *Reader) Strange() []error { return r.strange }

// NewReader checks the configuration; it connects with Read.
func NewReader(c connect.Config, topic string) (*Reader, error) {
	if topic == "" {
		return nil, errors.New("replay: the dead-letter topic is empty; give a topic name")
	}
	t, err := c.Transport(topic)
	if err != nil {
		return nil, fmt.Errorf("replay: kafka: %w", err)
	}
	return &Reader{client: &kafka.Client{Addr: c.Addr(), Transport: t, Timeout: 30 * time.Second}, topic: topic}, nil
}

// Close ends the connections.
func (r *Reader) Close() {
	if t, ok := r.client.Transport.(*kafka.Transport); ok {
		t.CloseIdleConnections()
	}
}

// Read gives every letter that is in the topic now and matches, each message once however often it is there, until
// yield returns an error. progress, which may be nil, hears how many messages were read of how many.
func (r *Reader) Read(ctx context.Context, f Filter, progress func(done, total int64), yield func(Letter) error) error {
	parts, err := r.bounds(ctx)
	if err != nil {
		return err
	}
	var done, total int64
	for _, p := range parts {
		total += p.LastOffset - p.FirstOffset
	}
	seen := map[Origin]bool{}
	for _, p := range parts {
		for at := p.FirstOffset; at < p.LastOffset; {
			next, err := r.fetch(ctx, p.Partition, at, func(l Letter) error {
				if seen[l.Origin()] || !f.Match(&l) {
					return nil
				}
				seen[l.Origin()] = true
				return yield(l)
			})
			if err != nil {
				return err
			}
			done += min(next, p.LastOffset) - at
			at = next
			if progress != nil {
				progress(done, total)
			}
		}
	}
	return nil
}

func (r *Reader) bounds(ctx context.Context) ([]kafka.PartitionOffsets, error) {
	meta, err := r.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{r.topic}})
	if err != nil {
		return nil, fmt.Errorf("replay: ask for the topic %s: %w", r.topic, err)
	}
	var ask []kafka.OffsetRequest
	for _, t := range meta.Topics {
		if t.Name != r.topic {
			continue
		}
		if t.Error != nil {
			return nil, fmt.Errorf("replay: the dead-letter topic %s: %w", r.topic, t.Error)
		}
		for _, p := range t.Partitions {
			ask = append(ask, kafka.FirstOffsetOf(p.ID), kafka.LastOffsetOf(p.ID))
		}
	}
	res, err := r.client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{r.topic: ask}})
	if err != nil {
		return nil, fmt.Errorf("replay: ask for the bounds of %s: %w", r.topic, err)
	}
	parts := res.Topics[r.topic]
	for _, p := range parts {
		if p.Error != nil {
			return nil, fmt.Errorf("replay: ask for the bounds of %s/%d: %w", r.topic, p.Partition, p.Error)
		}
	}
	slices.SortFunc(parts, func(a, b kafka.PartitionOffsets) int { return a.Partition - b.Partition })
	return parts, nil
}

// fetch reads what one answer holds and returns the offset behind it.
func (r *Reader) fetch(ctx context.Context, partition int, at int64, yield func(Letter) error) (next int64, err error) {
	res, err := r.client.Fetch(ctx, &kafka.FetchRequest{
		Topic: r.topic, Partition: partition, Offset: at, MinBytes: 1, MaxBytes: 16 << 20, MaxWait: time.Second,
	})
	if err == nil {
		err = res.Error
	}
	if err != nil {
		return at, fmt.Errorf("replay: read %s/%d from offset %d: %w", r.topic, partition, at, err)
	}
	next = at
	for {
		rec, err := res.Records.ReadRecord()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return at, fmt.Errorf("replay: read %s/%d at offset %d: %w", r.topic, partition, next, err)
		}
		l, err := letterOf(rec)
		if rec.Offset < at {
			continue // an answer begins with the whole batch that holds the offset
		}
		next = rec.Offset + 1
		if err != nil {
			r.strange = append(r.strange, fmt.Errorf("%s/%d: %w", r.topic, partition, err))
			continue
		}
		if err := yield(l); err != nil {
			return at, err
		}
	}
	if next == at {
		// Nothing but control records, or compaction: the next offset is tried.
		next++
	}
	return next, nil
}

func letterOf(rec *kafka.Record) (Letter, error) {
	key, err := kafka.ReadAll(rec.Key)
	if err != nil {
		return Letter{}, fmt.Errorf("the dead letter at offset %d cannot be read: %w", rec.Offset, err)
	}
	value, err := kafka.ReadAll(rec.Value)
	if err != nil {
		return Letter{}, fmt.Errorf("the dead letter at offset %d cannot be read: %w", rec.Offset, err)
	}
	return fromMessage(rec.Offset, rec.Time.UTC(), key, value, rec.Headers)
}
