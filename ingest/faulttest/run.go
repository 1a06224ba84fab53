package faulttest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"voc/analyze"
	"voc/ingest/faulttest/points"
	"voc/schema/engine"
	"voc/schema/rollup"
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
	// Recovery is the time from the fault until everything that was in the log then was written and committed.
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
	r.watch = newRecoveries(w.kafka, began)
	watching, stopWatching := context.WithCancel(ctx)
	reader := &Reader{conn: w.reader}
	var wg sync.WaitGroup
	wg.Go(func() { r.watch.run(watching) })
	wg.Go(func() { reader.Run(watching) })
	err = r.play(ctx)
	stopWatching()
	wg.Wait()
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
	if err := r.clean(ctx); err != nil {
		return err
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

// settle waits until the group has committed everything that is in the log.
func (r *run) settle(ctx context.Context) error {
	if err := r.revive(); err != nil {
		return err
	}
	return r.committed(ctx, group)
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
	n := 0
	err := eventually(ctx, 30*time.Second, func() (bool, error) {
		var err error
		if n, err = r.dirty(ctx); err != nil {
			return false, nil
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

// inject plays one fault while a round of records is produced.
func (r *run) inject(ctx context.Context, f Fault) error {
	records := r.round()
	third := len(records) / 3
	produce := func(part int) error {
		from, to := part*third, (part+1)*third
		if part == 2 {
			to = len(records)
		}
		return r.kafka.Produce(ctx, records[from:to])
	}
	all := func() error { return errors.Join(produce(0), produce(1), produce(2)) }
	switch f.Kind {
	case KillAtStep:
		return r.atStep(ctx, f, points.Kill, all)
	case ZombieAtStep:
		return r.atStep(ctx, f, points.Stop, all)
	case KillAnytime, ZombieAnytime:
		if err := all(); err != nil {
			return err
		}
		pause(ctx, f.Wait)
		m := r.workers[f.Pick%len(r.workers)]
		r.watch.note(f, false)
		if f.Kind == KillAnytime {
			m.Kill()
			return r.revive()
		}
		m.Suspend()
		return r.wake(ctx, m)
	case Rebalance:
		return r.rebalance(ctx, f, produce)
	case KillClickHouse, CutClickHouse, CutKafka:
		if err := produce(0); err != nil {
			return err
		}
		hit := make(chan struct{})
		proxy := r.proxy
		if f.Kind == CutKafka {
			proxy = r.kafka.Proxy
		}
		proxy.After(f.Bytes, func() {
			if f.Kind == KillClickHouse {
				r.killEngine()
			} else {
				proxy.Cut(f.Cut, session+500*time.Millisecond)
			}
			r.watch.note(f, false)
			close(hit)
		})
		if err := errors.Join(produce(1), produce(2)); err != nil {
			return err
		}
		select {
		case <-hit:
		case <-time.After(10 * time.Second):
			proxy.After(-1, nil)
			r.watch.note(f, true)
		}
		return nil
	case RestartKafka:
		if err := all(); err != nil {
			return err
		}
		pause(ctx, f.Wait)
		r.watch.note(f, false)
		return r.kafka.Restart(ctx)
	case FailCommits:
		return r.failCommits(ctx, f, all)
	case Replay:
		return r.replay(ctx, f, all)
	case SecondGroup:
		return r.second(ctx, f, all)
	case TwoRollups:
		return r.rollups(ctx, f, produce)
	default:
		return all()
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// atStep gives an order, produces, and waits until a worker has obeyed.
func (r *run) atStep(ctx context.Context, f Fault, action points.Action, produce func() error) error {
	if err := points.Arm(r.command.orders, points.Order{Action: action, Step: f.Step, After: f.After}); err != nil {
		return err
	}
	if err := produce(); err != nil {
		return err
	}
	pid := 0
	err := eventually(ctx, 8*time.Second, func() (bool, error) {
		var ok bool
		pid, ok = points.Fired(r.command.orders)
		return ok, nil
	})
	if err != nil && points.Disarm(r.command.orders) {
		r.watch.note(f, true)
		return nil
	}
	if err != nil {
		return errors.New("the order was taken but nobody says by whom")
	}
	r.watch.note(f, false)
	m := r.withPID(pid)
	if m == nil {
		return fmt.Errorf("process %d obeyed the order; it is none of the workers", pid)
	}
	if action == points.Kill {
		<-m.exited
		return r.revive()
	}
	return r.wake(ctx, m)
}

// wake lets a suspended worker lose its partitions to the others, and go on then.
func (r *run) wake(ctx context.Context, m *Worker) error {
	extra, err := r.start(fmt.Sprintf("heir-%d", len(r.all())), group)
	if err != nil {
		return err
	}
	// The others are given the partitions after the session timeout, and some time to get ahead of the zombie.
	pause(ctx, session+1500*time.Millisecond)
	m.Continue()
	pause(ctx, 300*time.Millisecond)
	return extra.Stop(15 * time.Second)
}

// rebalance lets a third member come, one of the first go, and the third one die.
func (r *run) rebalance(ctx context.Context, f Fault, produce func(int) error) error {
	r.watch.note(f, false)
	third, err := r.start(fmt.Sprintf("third-%d", len(r.all())), group)
	if err != nil {
		return err
	}
	if err := produce(0); err != nil {
		return err
	}
	pause(ctx, 1500*time.Millisecond)
	if err := produce(1); err != nil {
		return err
	}
	if err := r.workers[f.Pick%len(r.workers)].Stop(15 * time.Second); err != nil {
		return err
	}
	if err := produce(2); err != nil {
		return err
	}
	if err := r.revive(); err != nil {
		return err
	}
	pause(ctx, f.Wait)
	third.Kill()
	return nil
}

// failCommits lets commits fail: on the embedded Kafka with every error a broker has for them, on Apache Kafka by a
// connection that breaks exactly between the write and the commit.
func (r *run) failCommits(ctx context.Context, f Fault, produce func() error) error {
	if r.plan.Kafka == KFake {
		if err := r.kafka.FailCommits(); err != nil {
			return err
		}
		r.watch.note(f, false)
		return produce()
	}
	if err := points.Arm(r.command.orders, points.Order{Action: points.Stop, Step: "window_marks written", After: f.Pick % 3}); err != nil {
		return err
	}
	if err := produce(); err != nil {
		return err
	}
	pid := 0
	err := eventually(ctx, 8*time.Second, func() (bool, error) {
		var ok bool
		pid, ok = points.Fired(r.command.orders)
		return ok, nil
	})
	if err != nil {
		points.Disarm(r.command.orders)
		r.watch.note(f, true)
		return nil
	}
	r.watch.note(f, false)
	r.kafka.Proxy.Cut(Reset, 0)
	if m := r.withPID(pid); m != nil {
		m.Continue()
	}
	return nil
}

// replay stops the group, rewinds it to the beginning of every topic and starts it again.
func (r *run) replay(ctx context.Context, f Fault, produce func() error) error {
	for _, m := range r.workers {
		if m.Alive() {
			if err := m.Stop(15 * time.Second); err != nil {
				return err
			}
		}
	}
	r.watch.note(f, false)
	var failure error
	if err := eventually(ctx, 15*time.Second, func() (bool, error) {
		failure = r.kafka.Rewind(ctx, group)
		return failure == nil, nil
	}); err != nil {
		return errors.Join(err, failure)
	}
	if err := r.revive(); err != nil {
		return err
	}
	return produce()
}

// second lets another group read and write everything at the same time. With a step it is killed there: what it wrote
// last is old then, and must not be what is read.
func (r *run) second(ctx context.Context, f Fault, produce func() error) error {
	if f.Step != "" {
		if err := r.settle(ctx); err != nil {
			return err
		}
		if err := points.Arm(r.command.orders, points.Order{Action: points.Kill, Step: f.Step, After: f.After}); err != nil {
			return err
		}
	}
	r.watch.note(f, false)
	m, err := r.start(fmt.Sprintf("second-%d", len(r.all())), fmt.Sprintf("%s-%d", secondGroup, len(r.all())))
	if err != nil {
		return err
	}
	if f.Step != "" {
		select {
		case <-m.exited:
		case <-time.After(30 * time.Second):
			m.Kill()
		}
		points.Disarm(r.command.orders)
		points.Fired(r.command.orders)
		return produce()
	}
	if err := produce(); err != nil {
		return err
	}
	if err := r.committed(ctx, m.group); err != nil {
		return err
	}
	return m.Stop(15 * time.Second)
}

// rollups lets the harness rebuild windows from two sides while a worker is suspended in the middle of a rebuild.
func (r *run) rollups(ctx context.Context, f Fault, produce func(int) error) error {
	conn, err := connect(r.engine.DSN(engine.Writer))
	if err != nil {
		return err
	}
	defer conn.Close()
	if !r.plan.Release {
		if err := points.Arm(r.command.orders, points.Order{Action: points.Stop, Step: points.RollupRead, After: f.Pick % 2}); err != nil {
			return err
		}
	}
	r.watch.note(f, false)
	busy, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for range 2 {
		agg, err := rollup.New(conn, rollup.Config{})
		if err != nil {
			stop()
			return err
		}
		wg.Go(func() {
			for busy.Err() == nil {
				_, _ = agg.RunOnce(busy) // the server may be away
				pause(busy, 20*time.Millisecond)
			}
		})
	}
	defer wg.Wait()
	defer stop()
	for part := range 3 {
		if err := produce(part); err != nil {
			return err
		}
		pause(ctx, 400*time.Millisecond)
	}
	points.Disarm(r.command.orders)
	if pid, ok := points.Fired(r.command.orders); ok {
		if m := r.withPID(pid); m != nil {
			m.Continue()
		}
	}
	return nil
}
