package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"voc/dashboards/query"
	"voc/dashboards/wording"
)

// promised is within what time 95 of 100 answers to a question should come.
const promised = 100 * time.Millisecond

// twenty prints the twenty questions of the SQL contract as a table of their own, in the form of BENCHMARKS.md, and how
// many of them keep what is promised: seen on the clock, and by processor time, which other programs do not lengthen as
// much and two idle cores can halve.
func (b *bench) twenty(ctx context.Context, _ *wording.Names) error {
	a, err := b.asks(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("\n| question | query | asked | p50 ms | p95 ms | cpu p50 | cpu p95 |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |\n")
	var seen, used int
	for _, asked := range query.Twenty() {
		q, err := query.Get(asked.Query)
		if err != nil {
			return err
		}
		took, cpu := func(c spent) time.Duration { return c.took }, func(c spent) time.Duration { return c.cpu }
		measure := func(said string, more query.Params, ofTopic bool) ([]spent, error) {
			costs, err := b.ask(ctx, question{q.Name, func() (query.Params, error) {
				p, err := b.draw(ctx, a, q)
				for name, value := range more {
					p = p.With(name, value)
				}
				if ofTopic {
					p = p.With("topic", []string{a.topic()})
				}
				return p, err
			}, q.Name})
			if err == nil {
				fmt.Printf("| %s (%s) | `%s` | %d | %.0f | %.0f | %.0f | %.0f |\n", said, asked.Who, q.Name, len(costs),
					ms(costs, took, 50), ms(costs, took, 95), ms(costs, cpu, 50), ms(costs, cpu, 95))
			}
			return costs, err
		}
		if asked.Params != nil || asked.OfTopic { // not among the twenty, but what the query costs with its defaults
			if _, err := measure("— "+asked.Question+"、既定の値で", nil, false); err != nil {
				return err
			}
		}
		costs, err := measure(asked.Question, asked.Params, asked.OfTopic)
		if err != nil {
			return err
		}
		if ms(costs, took, 95) < float64(promised.Milliseconds()) {
			seen++
		}
		if ms(costs, cpu, 95) < float64(promised.Milliseconds()) {
			used++
		}
	}
	fmt.Printf("p95 below %s: %d of %d questions on the clock, %d by processor time; load %s\n", promised, seen, len(query.Twenty()), used, load())
	return nil
}

// ms is a quantile of the costs in milliseconds.
func ms(costs []spent, of func(spent) time.Duration, percent int) float64 {
	list := make([]time.Duration, len(costs))
	for i, c := range costs {
		list[i] = of(c)
	}
	slices.Sort(list)
	return quantile(list, percent).Seconds() * 1e3
}
