// Package deadletter keeps refused messages, raw and with the reason, in a Kafka topic of their own.
//
// It produces and nothing else: who refuses a message and why is decided elsewhere, and the row that counts it is
// written by the sink. The raw bytes may hold what must not be stored; give the topic a retention and access rules of
// its own. A message may appear more than once in the topic, because a crash between producing and committing repeats
// it: the origin headers say which are the same.
package deadletter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"

	"voc/ingest/connect"
)

// The headers of a dead letter.
const (
	HeaderReason    = "voc-reason"    // one of the closed set of ingest/event
	HeaderField     = "voc-field"     // the field at fault; empty when the whole message is
	HeaderDetail    = "voc-detail"    // what would be right
	HeaderTopic     = "voc-topic"     // where the message came from
	HeaderPartition = "voc-partition" // where the message came from
	HeaderOffset    = "voc-offset"    // where the message came from
	HeaderTime      = "voc-time"      // milliseconds since 1970 of the message; empty when it had no timestamp
	// HeaderOmitted is "true" when the value was too large for the dead-letter topic; it is still in the topic it came
	// from, for as long as that keeps it.
	HeaderOmitted = "voc-value-omitted"
)

// Letter is one refused message.
type Letter struct {
	Topic     string
	Partition int
	Offset    int64
	Time      time.Time
	Key       []byte
	Value     []byte // nil for a null value
	Headers   []Header
	Reason    string
	Field     string
	Detail    string
}

// Header of the refused message; they are kept, except those whose names this package uses itself.
type Header struct {
	Key   string
	Value []byte
}

// Config of a writer.
type Config struct {
	Kafka connect.Config
	Topic string
	// Timeout bounds one attempt; RetryMin and RetryMax bound the pauses between attempts.
	Timeout            time.Duration
	RetryMin, RetryMax time.Duration
}

// DefaultConfig returns everything but the brokers.
func DefaultConfig() Config {
	return Config{Topic: "voc.deadletter", Timeout: 10 * time.Second, RetryMin: 200 * time.Millisecond, RetryMax: 10 * time.Second}
}

// Validate joins every fault, each naming its field.
func (c Config) Validate() error {
	errs := []error{c.Kafka.Validate()}
	if c.Topic == "" {
		errs = append(errs, errors.New("dead_letter is empty; give a topic name"))
	}
	if c.Timeout <= 0 || c.RetryMin <= 0 || c.RetryMax < c.RetryMin {
		errs = append(errs, fmt.Errorf("timeout (%s), retry_min (%s) and retry_max (%s) must be positive and growing", c.Timeout, c.RetryMin, c.RetryMax))
	}
	return errors.Join(errs...)
}

// Deps are what a writer needs from outside.
type Deps struct {
	Log      *slog.Logger
	Registry prometheus.Registerer
}

// Writer produces dead letters. It is safe for use by many goroutines.
type Writer struct {
	cfg       Config
	log       *slog.Logger
	transport *kafka.Transport
	w         *kafka.Writer
	letters   *prometheus.CounterVec
}

// maxRequest bounds one produce request on our side; the broker's own limit is usually lower.
const maxRequest = 64 << 20

// New checks the configuration and returns a writer that has not connected yet.
func New(cfg Config, deps Deps) (*Writer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("kafka: %w", err)
	}
	transport, err := cfg.Kafka.Transport(cfg.Topic)
	if err != nil {
		return nil, fmt.Errorf("kafka: %w", err)
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	letters := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "voc_dead_letters_total", Help: "Messages refused and kept in the dead-letter topic, by reason; repeats after a crash count again.",
	}, []string{"topic", "reason"})
	if deps.Registry != nil {
		deps.Registry.MustRegister(letters)
	}
	return &Writer{
		cfg: cfg, log: deps.Log, transport: transport, letters: letters,
		w: &kafka.Writer{
			Addr: cfg.Kafka.Addr(), Topic: cfg.Topic, Transport: transport, Balancer: &kafka.Hash{},
			RequiredAcks: kafka.RequireAll, BatchTimeout: time.Millisecond, BatchBytes: maxRequest, MaxAttempts: 1,
			WriteTimeout: cfg.Timeout, ReadTimeout: cfg.Timeout,
		},
	}, nil
}

// Close closes the connections. No call may be running.
func (w *Writer) Close() error {
	err := w.w.Close()
	w.transport.CloseIdleConnections()
	return err
}

// Write returns nil after the broker has confirmed every letter. It tries again for as long as the context lives. A
// letter that the broker finds too large is produced without its value.
func (w *Writer) Write(ctx context.Context, letters []Letter) error {
	if len(letters) == 0 {
		return nil
	}
	pending := make([]kafka.Message, len(letters))
	for i, l := range letters {
		pending[i] = l.message()
	}
	retry := backoff.NewExponentialBackOff()
	retry.InitialInterval, retry.MaxInterval = w.cfg.RetryMin, w.cfg.RetryMax
	last := ""
	for {
		err := w.attempt(ctx, &pending)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return fmt.Errorf("write %d dead letters to %s: %w", len(pending), w.cfg.Topic, context.Cause(ctx))
		}
		pause := retry.NextBackOff()
		if err.Error() != last {
			last = err.Error()
			w.log.WarnContext(ctx, "producing dead letters failed; trying again", slog.String("topic", w.cfg.Topic),
				slog.Int("letters", len(pending)), slog.Duration("pause", pause), slog.Any("error", err))
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("write %d dead letters to %s: %w", len(pending), w.cfg.Topic, context.Cause(ctx))
		}
	}
	for _, l := range letters {
		w.letters.WithLabelValues(l.Topic, l.Reason).Inc()
	}
	return nil
}

// attempt produces what is pending and keeps in it what was not confirmed.
func (w *Writer) attempt(ctx context.Context, pending *[]kafka.Message) error {
	ctx, cancel := context.WithTimeout(ctx, w.cfg.Timeout)
	defer cancel()
	err := w.w.WriteMessages(ctx, *pending...)
	if err == nil {
		*pending = nil
		return nil
	}
	if failures, ok := errors.AsType[kafka.WriteErrors](err); ok && len(failures) == len(*pending) {
		var left []kafka.Message
		for i, f := range failures {
			if f != nil {
				left = append(left, (*pending)[i])
			}
		}
		*pending = left
	}
	if tooLarge(err) {
		// One large letter fails the whole request that it shares.
		return w.oneByOne(ctx, pending)
	}
	return err
}

// oneByOne produces each letter in a request of its own, so that only those that are too large lose their value.
func (w *Writer) oneByOne(ctx context.Context, pending *[]kafka.Message) error {
	for len(*pending) > 0 {
		one := (*pending)[:1]
		err := w.w.WriteMessages(ctx, one...)
		if tooLarge(err) {
			err = w.w.WriteMessages(ctx, withoutValues(one)...)
		}
		if err != nil {
			return err
		}
		*pending = (*pending)[1:]
	}
	return nil
}

func tooLarge(err error) bool {
	if errors.Is(err, kafka.MessageSizeTooLarge) {
		return true
	}
	if _, ok := errors.AsType[kafka.MessageTooLargeError](err); ok {
		return true
	}
	if all, ok := errors.AsType[kafka.WriteErrors](err); ok {
		for _, e := range all {
			if e != nil && tooLarge(e) {
				return true
			}
		}
	}
	return false
}

func withoutValues(ms []kafka.Message) []kafka.Message {
	out := make([]kafka.Message, len(ms))
	for i, m := range ms {
		m.Value = nil
		m.Headers = append(m.Headers[:len(m.Headers):len(m.Headers)], kafka.Header{Key: HeaderOmitted, Value: []byte("true")})
		out[i] = m
	}
	return out
}

func (l Letter) message() kafka.Message {
	at := ""
	if !l.Time.IsZero() {
		at = strconv.FormatInt(l.Time.UnixMilli(), 10)
	}
	m := kafka.Message{Key: l.Key, Value: l.Value, Headers: []kafka.Header{
		{Key: HeaderReason, Value: []byte(l.Reason)},
		{Key: HeaderField, Value: []byte(l.Field)},
		{Key: HeaderDetail, Value: []byte(l.Detail)},
		{Key: HeaderTopic, Value: []byte(l.Topic)},
		{Key: HeaderPartition, Value: []byte(strconv.Itoa(l.Partition))},
		{Key: HeaderOffset, Value: []byte(strconv.FormatInt(l.Offset, 10))},
		{Key: HeaderTime, Value: []byte(at)},
	}}
	for _, h := range l.Headers {
		if !reserved(h.Key) {
			m.Headers = append(m.Headers, kafka.Header{Key: h.Key, Value: h.Value})
		}
	}
	return m
}

func reserved(name string) bool {
	switch name {
	case HeaderReason, HeaderField, HeaderDetail, HeaderTopic, HeaderPartition, HeaderOffset, HeaderTime, HeaderOmitted:
		return true
	}
	return false
}
