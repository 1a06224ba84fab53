package faulttest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"voc/ingest/faulttest/points"
	"voc/schema/engine"
	"voc/schema/rollup"
)

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
	m, err := r.obeyed(ctx)
	if m == nil {
		r.watch.note(f, true)
		return err
	}
	r.watch.note(f, false)
	if action == points.Kill {
		<-m.exited
		return r.revive()
	}
	return r.wake(ctx, m)
}

// obeyed waits for the worker that carries out the order. There is none when no worker comes to the step in time; the
// order is taken back then.
func (r *run) obeyed(ctx context.Context) (*Worker, error) {
	pid := 0
	wait := func(within time.Duration) bool {
		return eventually(ctx, within, func() (bool, error) {
			var ok bool
			pid, ok = points.Fired(r.command.orders)
			return ok, nil
		}) == nil
	}
	// An order that cannot be taken back has just been taken by somebody.
	if !wait(10*time.Second) && (points.Disarm(r.command.orders) || !wait(time.Second)) {
		return nil, nil
	}
	m := r.withPID(pid)
	if m == nil {
		return nil, fmt.Errorf("process %d obeyed the order; it is none of the workers", pid)
	}
	return m, nil
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
	m, err := r.obeyed(ctx)
	if m == nil {
		r.watch.note(f, true)
		return err
	}
	r.watch.note(f, false)
	r.kafka.Proxy.Cut(Reset, 0)
	m.Continue()
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
