package faulttest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
)

// Red says why the seed did not pass; empty when it did.
func (r *Result) Red() string {
	switch {
	case r.Comparison == nil:
		return "not compared"
	case len(r.Comparison.Differences) > 0:
		d := r.Comparison.Differences
		views := map[string]int{}
		for _, x := range d {
			views[x.View]++
		}
		var first []string
		seen := map[string]int{}
		for _, x := range d {
			if seen[x.View]++; seen[x.View] <= 3 {
				first = append(first, x.View+": "+x.Row)
			}
		}
		return fmt.Sprintf("%d differences %v\n  %s", len(d), views, strings.Join(first, "\n  "))
	case len(r.Violations) > 0:
		return fmt.Sprintf("%d violations seen by the reader, the first: %s", len(r.Violations), r.Violations[0])
	}
	return ""
}

// Report prints the tables of a set of seeds.
func Report(results []*Result) string {
	var b strings.Builder
	results = slices.SortedFunc(slices.Values(results), func(a, b *Result) int { return cmp.Compare(a.Plan.Seed, b.Plan.Seed) })
	seeds := newTable("seed", "Kafka", "workers", "records", "faults", "missed", "rows compared", "cells compared", "reads judged", "took", "result")
	type figures struct {
		n, missed int
		times     []time.Duration
	}
	kinds := map[Kind]*figures{}
	steps := map[string]int{}
	events := map[string]int{}
	var records, faults, missed, rows, cells, judged int
	for _, r := range results {
		m := 0
		for _, f := range r.Injected {
			k := kinds[f.Kind]
			if k == nil {
				k = &figures{}
				kinds[f.Kind] = k
			}
			if f.Missed {
				m++
				k.missed++
				continue
			}
			k.n++
			if f.Recovery > 0 {
				k.times = append(k.times, f.Recovery)
			}
			if f.Step != "" {
				steps[f.Step]++
			}
		}
		for e, n := range r.Events {
			events[e] += n
		}
		c := r.Comparison
		if c == nil {
			c = &Comparison{}
		}
		state := "equal"
		if red := r.Red(); red != "" {
			state = "RED"
		}
		seeds.AppendRow(table.Row{r.Plan.Seed, r.Plan.Kafka, r.Plan.Workers, r.Records, len(r.Injected) - m, m, c.Rows, c.Cells, r.Judged, r.Took.Round(100 * time.Millisecond), state})
		records, faults, missed = records+r.Records, faults+len(r.Injected)-m, missed+m
		rows, cells, judged = rows+c.Rows, cells+c.Cells, judged+r.Judged
	}
	seeds.AppendFooter(table.Row{len(results), "", "", records, faults, missed, rows, cells, judged})
	b.WriteString(seeds.Render() + "\n\n")

	t := newTable("fault", "injected", "step not reached", "recovered", "median", "longest")
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[kind]
		slices.Sort(k.times)
		median, longest := "", ""
		if n := len(k.times); n > 0 {
			median, longest = k.times[n/2].Round(10*time.Millisecond).String(), k.times[n-1].Round(10*time.Millisecond).String()
		}
		t.AppendRow(table.Row{kind, k.n, k.missed, len(k.times), median, longest})
	}
	b.WriteString(t.Render() + "\n\n")
	for _, x := range []struct {
		title string
		n     map[string]int
	}{{"step at which a worker was killed or suspended", steps}, {"event", events}} {
		t := newTable(x.title, "count")
		for _, k := range slices.Sorted(maps.Keys(x.n)) {
			t.AppendRow(table.Row{k, x.n[k]})
		}
		b.WriteString(t.Render() + "\n\n")
	}
	return b.String()
}

func newTable(header ...any) table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(header)
	return t
}
