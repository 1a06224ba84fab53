package faulttest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"voc/analyze"
)

// Result is what a seed gave.
type Result struct {
	Plan       Plan
	Events     map[string]int
	Records    int
	Injected   []Injected
	Comparison *Comparison
	Polls      int
	Judged     int
	Violations []string
	Took       time.Duration
}

// Injected is a fault that happened.
type Injected struct {
	Fault
	At time.Duration // since the start of the seed
	// Missed is true when no worker came to the step in time.
	Missed bool
	// Recovery is the time from the fault until everything that was in the log then was written, committed and counted.
	Recovery time.Duration
}

type run struct {
	*World
	gen      *Generator
	analyzer *analyze.Analyzer
	began    time.Time
	watch    *recoveries
	result   *Result
}

// Run plays a plan and compares what ClickHouse shows with the model of the log. The error is that of the harness or of
// a worker that ended by itself; what differs is in the result.
func Run(ctx context.Context, plan Plan, binary, dir string) (_ *Result, err error) {
	began := time.Now()
	res := &Result{Plan: plan}
	w, err := NewWorld(ctx, plan, binary, dir)
	defer func() { err = errors.Join(err, w.Close()) }()
	if err != nil {
		return res, err
	}
	an, err := analyze.New(analyze.Config{Taxonomy: []byte(taxonomy), TaxonomyName: "taxonomy.yaml"})
	if err != nil {
		return res, err
	}
	r := &run{World: w, gen: NewGenerator(plan.Seed), analyzer: an, began: began, result: res}
	r.watch = newRecoveries(w, began)
	watching, stopWatching := context.WithCancel(ctx)
	reader := &Reader{conn: w.reader}
	var wg sync.WaitGroup
	wg.Go(func() { r.watch.run(watching) })
	wg.Go(func() { reader.Run(watching) })
	err = r.play(ctx)
	stopWatching()
	wg.Wait()
	r.watch.look(ctx) // the last fault may have been over only just before
	res.Injected = r.watch.result()
	res.Polls, res.Judged, res.Violations = reader.Result()
	res.Events = r.gen.Counts
	res.Took = time.Since(began)
	return res, err
}

func (r *run) play(ctx context.Context) error {
	if err := r.kafka.Produce(ctx, r.round()); err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return fmt.Errorf("before the first fault: %w", err)
	}
	for i, f := range r.plan.Faults {
		if err := r.inject(ctx, f); err != nil {
			return fmt.Errorf("fault %d (%s): %w", i+1, f, err)
		}
		if f.Settle {
			if err := r.settle(ctx); err != nil {
				return fmt.Errorf("after fault %d (%s): %w", i+1, f, err)
			}
		}
		if err := r.check(); err != nil {
			return fmt.Errorf("after fault %d (%s): %w", i+1, f, err)
		}
	}
	if !r.plan.Bulk {
		if err := r.kafka.ProduceAborted(ctx, r.gen.Aborted(4)); err != nil {
			return err
		}
		if err := r.kafka.Produce(ctx, r.gen.Late(25)); err != nil {
			return err
		}
	}
	if err := r.settle(ctx); err != nil {
		return fmt.Errorf("at the end: %w", err)
	}
	for _, m := range r.all() {
		if m.Alive() {
			if err := m.Stop(15 * time.Second); err != nil {
				return err
			}
		}
	}
	if err := r.check(); err != nil {
		return err
	}
	// Nothing writes any more: what the views show now is final.
	return r.compare(ctx)
}

// round makes the records of one round.
func (r *run) round() []Record {
	if r.plan.Bulk {
		return r.gen.Bulk(r.plan.PerRound)
	}
	return r.gen.Round(r.plan.PerRound)
}

// patience is how long a recovery may take on a busy machine; what is longer is a failure.
const patience = 90 * time.Second

// settle waits until the group has committed everything that is in the log, and every window is rebuilt.
func (r *run) settle(ctx context.Context) error {
	if err := r.revive(); err != nil {
		return err
	}
	if err := r.committed(ctx, group); err != nil {
		return err
	}
	return r.clean(ctx)
}

func (r *run) committed(ctx context.Context, group string) error {
	var ends, last map[Place]int64
	err := eventually(ctx, patience, func() (bool, error) {
		if err := r.check(); err != nil {
			return false, err
		}
		if err := r.revive(); err != nil {
			return false, err
		}
		// A broker that has just started again may not know its log yet.
		if ends == nil {
			ends, _ = r.kafka.Ends(ctx)
		}
		if c, err := r.kafka.Committed(ctx, group); err == nil {
			last = c
		}
		return ends != nil && reached(last, ends), nil
	})
	if err != nil {
		words := ""
		for _, m := range r.all() {
			if m.Alive() {
				words += "\n" + m.Name + ": " + m.lastWords()
			}
		}
		return fmt.Errorf("group %s has committed %v of %v: %w%s", group, last, ends, err, words)
	}
	return nil
}

// clean waits until no window is dirty.
func (r *run) clean(ctx context.Context) error {
	n := -1
	err := eventually(ctx, patience, func() (bool, error) {
		if err := errors.Join(r.check(), r.revive()); err != nil {
			return false, err
		}
		if now, err := r.dirty(ctx); err == nil {
			n = now
		}
		return n == 0, nil
	})
	if err != nil {
		return fmt.Errorf("%d windows stay dirty: %w", n, err)
	}
	return nil
}

func reached(have, want map[Place]int64) bool {
	for p, end := range want {
		if have[p] < end {
			return false
		}
	}
	return true
}

var errTooLong = errors.New("it takes too long")

func eventually(ctx context.Context, within time.Duration, ok func() (bool, error)) error {
	deadline := time.Now().Add(within)
	for {
		done, err := ok()
		if err != nil {
			return err
		}
		if done {
			return nil
		}
		if time.Now().After(deadline) {
			return errTooLong
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(40 * time.Millisecond):
		}
	}
}

// compare reads the log and the views.
func (r *run) compare(ctx context.Context) error {
	var log []Logged
	for topic, n := range partitions {
		records, err := r.kafka.Read(ctx, topic, n)
		if err != nil {
			return err
		}
		log = append(log, records...)
	}
	r.result.Records = len(log)
	m := NewModel(log, r.analyzer, privacyKey, time.FixedZone("Asia/Tokyo", 9*3600))
	c, err := Compare(ctx, r.admin, m)
	if err != nil {
		return err
	}
	r.result.Comparison = c
	dead, err := r.kafka.Read(ctx, topicDead, 1)
	if err != nil {
		return err
	}
	want, got := m.letters(), map[Place]map[int64]bool{}
	for _, d := range dead {
		p, offset, err := origin(d)
		if err != nil {
			return err
		}
		if got[p] == nil {
			got[p] = map[int64]bool{}
		}
		got[p][offset] = true
	}
	if !maps.EqualFunc(want, got, maps.Equal[map[int64]bool, map[int64]bool]) {
		c.Differences = append(c.Differences, Difference{topicDead, fmt.Sprintf("holds letters of %v; the log has bad messages at %v", got, want)})
	}
	return nil
}
