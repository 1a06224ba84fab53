package source

import (
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"

	"voc/ingest/connect"
)

// Start says where a group without a committed offset begins.
type Start string

// Where a group without a committed offset begins.
const (
	StartFirst Start = "first" // the default: at the oldest record
	StartLast  Start = "last"  // only what is produced from now on
)

// Config of a Source.
type Config struct {
	Kafka  connect.Config
	Group  string   // consumer group
	Topics []string // topics to read; those that do not exist yet are joined when they appear
	Start  Start

	// SessionTimeout is how long the group waits for a silent member before its partitions go to others.
	SessionTimeout time.Duration
	// RebalanceTimeout is how long the group waits for a member to finish its work and rejoin. Grace must be shorter.
	RebalanceTimeout time.Duration
	// Heartbeat is the interval of heartbeats; at most a third of SessionTimeout.
	Heartbeat time.Duration
	// JoinBackoff is the pause after a failed attempt to join.
	JoinBackoff time.Duration
	// WatchInterval is how often topics and partition counts are looked at.
	WatchInterval time.Duration
	// Grace is how long a handler may go on after its generation ended, to finish a write in flight.
	Grace time.Duration
	// Drain is how long all handlers together may take to finish after the context of Run ended.
	Drain time.Duration
	// FetchMaxBytes bounds one fetch of one partition, before decompression. A single larger batch is still read.
	FetchMaxBytes int
	// FetchWait is how long the broker may hold a fetch open for new records.
	FetchWait time.Duration
	// RetryMin and RetryMax bound the back-off of a partition whose fetches fail.
	RetryMin, RetryMax time.Duration
}

// DefaultConfig returns everything but the brokers, the group and the topics.
func DefaultConfig() Config {
	return Config{
		Start:            StartFirst,
		SessionTimeout:   30 * time.Second,
		RebalanceTimeout: 30 * time.Second,
		Heartbeat:        3 * time.Second,
		JoinBackoff:      2 * time.Second,
		WatchInterval:    10 * time.Second,
		Grace:            10 * time.Second,
		Drain:            20 * time.Second,
		FetchMaxBytes:    1 << 20,
		FetchWait:        500 * time.Millisecond,
		RetryMin:         100 * time.Millisecond,
		RetryMax:         10 * time.Second,
	}
}

// Validate joins every fault, each naming its field.
func (c Config) Validate() error {
	errs := []error{c.Kafka.Validate()}
	fault := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	fault(c.Group == "", "group is empty; give a consumer group name")
	fault(len(c.Topics) == 0, "topics is empty; give at least one topic")
	for i, t := range c.Topics {
		fault(t == "", "topics[%d] is empty; give a topic name", i)
	}
	fault(c.Start != StartFirst && c.Start != StartLast, "start_offset is %q; give first or last", c.Start)
	for _, d := range []struct {
		name string
		v    time.Duration
	}{
		{"session_timeout", c.SessionTimeout}, {"rebalance_timeout", c.RebalanceTimeout}, {"heartbeat", c.Heartbeat},
		{"join_backoff", c.JoinBackoff}, {"watch_interval", c.WatchInterval}, {"grace", c.Grace}, {"drain", c.Drain},
		{"fetch_wait", c.FetchWait}, {"retry_min", c.RetryMin}, {"retry_max", c.RetryMax},
	} {
		fault(d.v <= 0, "%s is %s; it must be positive", d.name, d.v)
	}
	fault(c.FetchMaxBytes < 1, "fetch_max_bytes is %d; it must be positive", c.FetchMaxBytes)
	fault(c.Heartbeat*3 > c.SessionTimeout, "heartbeat is %s; it must be at most a third of session_timeout (%s)", c.Heartbeat, c.SessionTimeout)
	fault(c.Grace >= c.RebalanceTimeout, "grace is %s; it must be shorter than rebalance_timeout (%s)", c.Grace, c.RebalanceTimeout)
	fault(c.RetryMin > c.RetryMax, "retry_min is %s; it must not exceed retry_max (%s)", c.RetryMin, c.RetryMax)
	return errors.Join(errs...)
}

func (c Config) startOffset() int64 {
	if c.Start == StartLast {
		return kafka.LastOffset
	}
	return kafka.FirstOffset
}
