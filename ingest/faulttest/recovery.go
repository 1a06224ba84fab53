package faulttest

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"voc/ingest/deadletter"
)

// recoveries measures how long each fault is felt: until everything that was in the log when it happened is committed,
// which means written, and no window waits to be rebuilt.
type recoveries struct {
	kafka *Kafka
	dirty func(context.Context) (int, error)
	began time.Time

	mu   sync.Mutex
	list []*pending
}

type pending struct {
	Injected
	at   time.Time
	ends map[Place]int64 // nil until they were asked for
}

func newRecoveries(w *World, began time.Time) *recoveries {
	return &recoveries{kafka: w.kafka, dirty: w.dirty, began: began}
}

// note says that a fault happens now, or that it was missed.
func (r *recoveries) note(f Fault, missed bool) {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, &pending{Injected: Injected{Fault: f, At: now.Sub(r.began), Missed: missed}, at: now})
}

func (r *recoveries) run(ctx context.Context) {
	for ctx.Err() == nil {
		r.look(ctx)
		pause(ctx, 50*time.Millisecond)
	}
}

func (r *recoveries) look(ctx context.Context) {
	r.mu.Lock()
	var open []*pending
	for _, p := range r.list {
		if p.Recovery == 0 && !p.Missed {
			open = append(open, p)
		}
	}
	r.mu.Unlock()
	if len(open) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	ends, err := r.kafka.Ends(ctx)
	if err != nil {
		return
	}
	committed, err := r.kafka.Committed(ctx, group)
	if err != nil {
		return
	}
	for _, p := range open {
		if p.ends == nil {
			p.ends = ends
		}
	}
	// The windows are asked for after the commits: what was committed is marked.
	if n, err := r.dirty(ctx); err != nil || n > 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range open {
		if reached(committed, p.ends) {
			p.Recovery = time.Since(p.at)
		}
	}
}

func (r *recoveries) result() []Injected {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Injected
	for _, p := range r.list {
		out = append(out, p.Injected)
	}
	return out
}

// origin reads where a dead letter came from.
func origin(d Logged) (Place, int64, error) {
	partition, err := strconv.Atoi(d.Headers[deadletter.HeaderPartition])
	if err != nil {
		return Place{}, 0, fmt.Errorf("dead letter %d: header %s: %w", d.Offset, deadletter.HeaderPartition, err)
	}
	offset, err := strconv.ParseInt(d.Headers[deadletter.HeaderOffset], 10, 64)
	if err != nil {
		return Place{}, 0, fmt.Errorf("dead letter %d: header %s: %w", d.Offset, deadletter.HeaderOffset, err)
	}
	return Place{d.Headers[deadletter.HeaderTopic], partition}, offset, nil
}
