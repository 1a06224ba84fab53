package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
)

// freshFor is how long posts are produced whose freshness is measured.
const freshFor = 10 * time.Second

// lookEvery is the pause between two looks at what can be read. Looking more often is a load of its own.
const lookEvery = 50 * time.Millisecond

// freshness produces posts at a rate for freshFor, and returns how long each took to be readable, shortest first.
func (b *bench) freshness(ctx context.Context, community string, rate float64) ([]time.Duration, error) {
	// They are made beforehand: making them is a load of its own.
	ms := make([]kafka.Message, int(rate*freshFor.Seconds()))
	for i := range ms {
		ms[i] = b.post(community, i)
	}
	gap := time.Duration(float64(time.Second) / rate)
	began, failed := time.Now(), make(chan error, 1)
	go func() {
		w := b.writer()
		defer w.Close()
		for i := 0; i < len(ms); {
			if due := min(len(ms), int(time.Since(began)/gap)+1); due > i {
				if err := w.WriteMessages(ctx, ms[i:due]...); err != nil {
					failed <- err
					return
				}
				i = due
			}
			time.Sleep(max(gap, 5*time.Millisecond))
		}
		failed <- nil
	}()
	took := make([]time.Duration, 0, len(ms))
	for deadline := began.Add(5 * time.Minute); len(took) < len(ms); time.Sleep(lookEvery) {
		have, err := b.visible(ctx, community)
		if err != nil {
			return nil, err
		}
		now := time.Now()
		for len(took) < have {
			took = append(took, now.Sub(began.Add(time.Duration(len(took))*gap)))
		}
		select {
		case err := <-failed:
			if err != nil {
				return nil, err
			}
		default:
		}
		if now.After(deadline) {
			return nil, fmt.Errorf("only %d of %d posts arrived in 5 minutes", len(took), len(ms))
		}
	}
	slices.Sort(took)
	return took, nil
}

// quantile is the value below which the given percentage of sorted values is.
func quantile(sorted []time.Duration, percent int) time.Duration {
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

// runFresh measures, for each of the binaries in turn, how soon posts can be read that come at a rate.
func runFresh(ctx context.Context, o options) error {
	all, err := texts()
	if err != nil {
		return err
	}
	fmt.Println("freshness in ms; processor time a post in µs, user and system, until all posts can be read")
	fmt.Printf("%-28s %7s %7s %7s %7s %7s %7s %8s %7s\n", "", "p50", "p90", "p99", "worker", "server", "broker", "inserts", "parts")
	binaries := strings.Split(o.voc, ",")
	for range o.rounds {
		for _, binary := range binaries {
			o.voc = binary
			if err := o.fresh(ctx, all); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o options) fresh(ctx context.Context, texts []string) (err error) {
	s, err := o.newStage(ctx, texts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	voc, stopVoc, err := s.startVoc(ctx)
	if err != nil {
		return err
	}
	defer stopVoc()
	if _, err := s.freshness(ctx, "warm", float64(o.rate)/4); err != nil {
		return err
	}
	all := []processes{{voc.Pid}, {s.server}, {s.broker.cmd.Process.Pid}}
	events, err := s.events(ctx)
	if err != nil {
		return err
	}
	var used []time.Duration
	for _, p := range all {
		used = append(used, p.cpu())
	}
	took, err := s.freshness(ctx, "load", float64(o.rate))
	if err != nil {
		return err
	}
	fmt.Printf("%-28s", filepath.Base(o.voc))
	for _, percent := range []int{50, 90, 99} {
		fmt.Printf(" %7d", quantile(took, percent).Milliseconds())
	}
	for i, p := range all {
		fmt.Printf(" %7.1f", float64((p.cpu()-used[i]).Nanoseconds())/1000/float64(len(took)))
	}
	after, err := s.events(ctx)
	if err != nil {
		return err
	}
	fmt.Printf(" %8d %7d\n", after["InsertQuery"]-events["InsertQuery"], after["MergeTreeDataWriterBlocks"]-events["MergeTreeDataWriterBlocks"])
	return nil
}
