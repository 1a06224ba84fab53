package importer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/segmentio/kafka-go"

	"voc/ingest/connect"
)

// ProducerConfig says where the events go.
type ProducerConfig struct {
	Kafka connect.Config
	Topic string
	// BatchRows and BatchBytes bound what is produced at once, and so the memory; defaults 500 and 900,000. A batch
	// must stay below the broker's limit of a message, which is usually 1 MiB.
	BatchRows  int
	BatchBytes int
	// Timeout is that of one attempt (default 10 s). RetryFor is how long a batch is tried before giving up
	// (default 2 min).
	Timeout  time.Duration
	RetryFor time.Duration
	// RetryMin and RetryMax are the pauses between attempts (defaults 100 ms and 5 s).
	RetryMin time.Duration
	RetryMax time.Duration
}

func (c ProducerConfig) withDefaults() ProducerConfig {
	if c.BatchRows == 0 {
		c.BatchRows = 500
	}
	if c.BatchBytes == 0 {
		c.BatchBytes = 900_000
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.RetryFor == 0 {
		c.RetryFor = 2 * time.Minute
	}
	if c.RetryMin == 0 {
		c.RetryMin = 100 * time.Millisecond
	}
	if c.RetryMax == 0 {
		c.RetryMax = 5 * time.Second
	}
	return c
}

// Validate joins every fault of the configuration, each naming its field.
func (c ProducerConfig) Validate() error {
	errs := []error{c.Kafka.Validate()}
	if c.Topic == "" {
		errs = append(errs, errors.New("topic is empty; give the name of the posts topic"))
	}
	if c.BatchRows < 0 || c.BatchBytes < 0 || c.Timeout < 0 || c.RetryFor < 0 {
		errs = append(errs, errors.New("batch_rows, batch_bytes, timeout and retry_for must not be negative"))
	}
	return errors.Join(errs...)
}

// Producer sends rows to Kafka. A row is confirmed when all in-sync replicas have it. Rows with the same post id keep
// their order: they share a partition, and the next batch is sent after the one before is confirmed. A batch whose
// outcome is unknown is sent again, so Kafka may hold an event twice; ids and versions make that harmless.
// It is used by one goroutine.
type Producer struct {
	cfg       ProducerConfig
	log       *slog.Logger
	transport *kafka.Transport
	w         *kafka.Writer
	batch     []kafka.Message
	size      int
	confirmed int
}

// NewProducer checks the configuration; it connects with the first batch.
func NewProducer(cfg ProducerConfig, log *slog.Logger) (*Producer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("kafka: %w", err)
	}
	cfg = cfg.withDefaults()
	transport, err := cfg.Kafka.Transport(cfg.Topic)
	if err != nil {
		return nil, fmt.Errorf("kafka: %w", err)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	const wholeBatch = 64 << 20 // never split by size: batches of one partition must not overtake each other
	return &Producer{
		cfg: cfg, log: log, transport: transport,
		w: &kafka.Writer{
			Addr: cfg.Kafka.Addr(), Topic: cfg.Topic, Transport: transport, Balancer: &kafka.Hash{}, RequiredAcks: kafka.RequireAll,
			BatchSize: cfg.BatchRows, BatchBytes: wholeBatch, BatchTimeout: time.Millisecond, MaxAttempts: 1,
			WriteTimeout: cfg.Timeout, ReadTimeout: cfg.Timeout,
		},
	}, nil
}

// Confirmed is how many rows Kafka has.
func (p *Producer) Confirmed() int { return p.confirmed }

// Send adds a row to the batch and sends the batch when it is full.
func (p *Producer) Send(ctx context.Context, row Row) error {
	n := len(row.Key) + len(row.Value)
	if len(p.batch) > 0 && p.size+n > p.cfg.BatchBytes {
		if err := p.Flush(ctx); err != nil {
			return err
		}
	}
	p.batch = append(p.batch, kafka.Message{Key: row.Key, Value: row.Value})
	p.size += n
	if len(p.batch) >= p.cfg.BatchRows {
		return p.Flush(ctx)
	}
	return nil
}

// Flush sends what is pending and returns after Kafka has confirmed it.
func (p *Producer) Flush(ctx context.Context) error {
	pending := p.batch
	retry := backoff.NewExponentialBackOff()
	retry.InitialInterval, retry.MaxInterval = p.cfg.RetryMin, p.cfg.RetryMax
	giveUp := time.Now().Add(p.cfg.RetryFor)
	for len(pending) > 0 {
		left, err := p.attempt(ctx, pending)
		p.confirmed += len(pending) - len(left)
		if len(left) < len(pending) {
			giveUp = time.Now().Add(p.cfg.RetryFor)
		}
		pending = left
		if err == nil {
			break
		}
		pause := retry.NextBackOff()
		switch {
		case ctx.Err() != nil:
			err = context.Cause(ctx)
		case hopeless(err):
		case time.Now().Add(pause).After(giveUp):
			err = fmt.Errorf("gave up after %s: %w", p.cfg.RetryFor, err)
		default:
			p.log.WarnContext(ctx, "producing failed; trying again", slog.String("topic", p.cfg.Topic), slog.Int("rows", len(pending)),
				slog.Duration("pause", pause), slog.Any("error", err))
			if wait(ctx, pause) == nil {
				continue
			}
			err = context.Cause(ctx)
		}
		p.batch = pending
		return fmt.Errorf("produce %d rows to the topic %s: %w", len(pending), p.cfg.Topic, err)
	}
	p.batch, p.size = p.batch[:0], 0
	return nil
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// attempt produces the messages and returns those that were not confirmed, in their order.
func (p *Producer) attempt(ctx context.Context, pending []kafka.Message) ([]kafka.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, p.cfg.Timeout)
	defer cancel()
	err := p.w.WriteMessages(ctx, pending...)
	if err == nil {
		return nil, nil
	}
	failures, ok := errors.AsType[kafka.WriteErrors](err)
	if !ok || len(failures) != len(pending) {
		return pending, err
	}
	var left []kafka.Message
	var first error
	for i, f := range failures {
		if f == nil {
			continue
		}
		left = append(left, pending[i])
		if first == nil || hopeless(f) {
			first = f
		}
	}
	return left, first
}

// hopeless says whether another attempt cannot succeed: the broker has understood and refused. Seen: a wrong
// password (SASL authentication failed), no right to the topic, a batch above the topic's limit, an invalid name.
func hopeless(err error) bool {
	if _, ok := errors.AsType[kafka.MessageTooLargeError](err); ok {
		return true
	}
	k, ok := errors.AsType[kafka.Error](err)
	return ok && !k.Temporary()
}

// Close ends the connections. Rows that were not flushed are not sent.
func (p *Producer) Close() error {
	err := p.w.Close()
	p.transport.CloseIdleConnections()
	return err
}

// Import sends every row of the reader. progress, if given, is called after each confirmed batch and at the end.
// Whatever happens, Stats.Produced counts what Kafka has confirmed; after an error it may be less than the rows read.
func (p *Producer) Import(ctx context.Context, x *Reader, progress func(Stats)) (Stats, error) {
	before := p.confirmed
	stats := func(s Stats) Stats {
		s.Produced = p.confirmed - before
		return s
	}
	told := p.confirmed
	s, err := x.Read(ctx, func(row Row) error {
		if err := p.Send(ctx, row); err != nil {
			return err
		}
		if progress != nil && p.confirmed > told {
			told = p.confirmed
			progress(stats(x.Progress()))
		}
		return nil
	})
	if err == nil || errors.Is(err, ErrTooManyErrors) {
		err = errors.Join(err, p.Flush(ctx)) // the rows in front of the last bad one were good
	}
	s = stats(s)
	if progress != nil {
		progress(s)
	}
	return s, err
}
