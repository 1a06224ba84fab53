// Package batch decides when a batch of records is written: by rows, by bytes or by age.
//
// Ages end on a grid of times that all policies of a process share, so that the batches of several partitions become
// due together and are written in few large inserts. While a partition does not keep up, its batches may become older, and
// oldest in a backlog: whoever waits for its records waits for the backlog, and large inserts make that shorter.
//
// A Policy is a plain object without goroutines, timers or locks: its owner adds records, asks how long to wait, and
// resets it after each write. It holds no records. Its only caller is the pipeline, which has two of them a partition:
// for the batch that is collected and for the one that is being written.
package batch

import (
	"errors"
	"fmt"
	"time"
)

// Reason says why a batch was written. It is a label of a metric.
type Reason string

// The reasons for writing a batch.
const (
	None  Reason = ""      // not yet
	Rows  Reason = "rows"  // Config.MaxRows reached, or what all batches of the worker may hold together
	Bytes Reason = "bytes" // Config.MaxBytes reached
	Age   Reason = "age"   // Config.MaxAge is over
	Drain Reason = "drain" // the process is stopping
)

// Reasons returns every reason for writing.
func Reasons() []Reason { return []Reason{Rows, Bytes, Age, Drain} }

// Config bounds a batch. The batch is written as soon as one bound is reached, so it may overshoot MaxBytes by one
// record.
type Config struct {
	MaxRows  int // records of a batch
	MaxBytes int // sum of the records' sizes
	// MaxAge is the longest time from the first record until the write while the partition keeps up.
	MaxAge time.Duration
}

// Patience is how many times MaxAge a batch may become old.
type Patience int

// The patience with a batch.
const (
	Prompt  Patience = 1 // everything that can be read is in the batch, or what is read has come just now
	Busy    Patience = 2 // more can be read, and what is read had waited for some time
	Backlog Patience = 8 // more can be read, and what is read had waited for long
)

const (
	// Waiting is how many times MaxAge a record has waited when batches do not keep up with what comes.
	Waiting = 2
	// Late is how many times MaxAge a record has waited that is of a backlog, and how old a batch may become that is due by
	// age and waits for others.
	Late = 8
)

// DefaultConfig returns bounds that suit ClickHouse, where the cost of a row grows quickly below some thousands, and
// the memory: a post takes about 6 KB until it is written.
func DefaultConfig() Config {
	return Config{MaxRows: 10_000, MaxBytes: 32 << 20, MaxAge: 500 * time.Millisecond}
}

// Validate joins every fault of the bounds.
func (c Config) Validate() error {
	var errs []error
	if c.MaxRows < 1 {
		errs = append(errs, fmt.Errorf("batch_rows is %d; it must be at least 1", c.MaxRows))
	}
	if c.MaxBytes < 1 {
		errs = append(errs, fmt.Errorf("batch_bytes is %d; it must be at least 1", c.MaxBytes))
	}
	if c.MaxAge <= 0 {
		errs = append(errs, fmt.Errorf("batch_age is %s; it must be positive", c.MaxAge))
	}
	return errors.Join(errs...)
}

// Policy counts one batch. New makes it.
type Policy struct {
	cfg      Config
	grid     time.Time
	patience Patience
	rows     int
	bytes    int
	first    time.Time
}

// New returns an empty policy; cfg must be valid. The grid of ages begins at grid, which policies share.
func New(cfg Config, grid time.Time) *Policy { return &Policy{cfg: cfg, grid: grid, patience: Prompt} }

// SetPatience says how old the batch may become; it is Prompt at first.
func (p *Policy) SetPatience(patience Patience) { p.patience = patience }

// Waited is the patience with a batch while more records can be read than it holds, of which the next was written to
// Kafka at recorded, which may be unknown.
func (c Config) Waited(recorded, now time.Time) Patience {
	switch waited := now.Sub(recorded); {
	case recorded.IsZero() || waited > Late*c.MaxAge:
		return Backlog
	case waited > Waiting*c.MaxAge:
		return Busy
	default:
		return Prompt
	}
}

// Add counts one record of size bytes that was taken in at now, and says whether the batch must be written.
func (p *Policy) Add(size int, now time.Time) Reason {
	if p.rows == 0 {
		p.first = now
	}
	p.rows++
	p.bytes += size
	return p.Due(now)
}

// end is when the batch becomes due by age, on a grid of the given step: the first time after its first record.
func (p *Policy) end(step time.Duration) time.Time {
	return p.grid.Add(p.first.Sub(p.grid).Truncate(step) + step)
}

// Due says whether the batch must be written at now. An empty batch is never due.
func (p *Policy) Due(now time.Time) Reason {
	step := p.cfg.MaxAge * time.Duration(p.patience)
	switch {
	case p.rows == 0:
		return None
	case p.rows >= p.cfg.MaxRows:
		return Rows
	case p.bytes >= p.cfg.MaxBytes:
		return Bytes
	case !now.Before(p.end(step)):
		return Age
	default:
		return None
	}
}

// Wait returns how long after now the batch becomes due by age if no more records come, never negative; ok is false when
// the batch is empty and nothing is to be waited for.
func (p *Policy) Wait(now time.Time) (d time.Duration, ok bool) {
	if p.rows == 0 {
		return 0, false
	}
	return max(0, p.end(p.cfg.MaxAge).Sub(now)), true
}

// MayWait reports whether a batch that is due by age may wait for others to be written.
func (p *Policy) MayWait(now time.Time) bool { return now.Sub(p.first) < Late*p.cfg.MaxAge }

// Len returns the number of records counted since the last Reset.
func (p *Policy) Len() int { return p.rows }

// Reset empties the batch, after it was written.
func (p *Policy) Reset() { p.rows, p.bytes, p.first = 0, 0, time.Time{} }
