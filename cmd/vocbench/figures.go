package main

import (
	"fmt"
	"slices"
	"time"
)

// measurement is one measurement of one peer.
type measurement struct {
	posts int
	wall  time.Duration
	// Processor time, user and system: of the peer's own processes, of ClickHouse and of the broker until all posts can be
	// read, and of all of them after that, until they are quiet.
	consumer, server, broker, after time.Duration
	// memory is the most that the peer's own processes held, in MiB; zero when it has none.
	memory float64
	// stored and received are what ClickHouse keeps on disk and what reached it over the network, in bytes a post.
	stored, received float64
}

// figures are the medians over the rounds of one peer, per post. Times are processor time in µs.
type figures struct {
	Rounds                          int
	Rate                            float64 // posts a second
	Consumer, Server, Broker, After float64
	Memory, Stored, Received        float64
}

// Sum is the processor time of all processes, with what they do after the posts can be read.
func (f figures) Sum() float64 { return f.Consumer + f.Server + f.Broker + f.After }

// summarise takes the median of each figure by itself.
func summarise(samples []measurement) figures {
	of := func(value func(s measurement) float64) float64 {
		all := make([]float64, len(samples))
		for i, s := range samples {
			all[i] = value(s)
		}
		return median(all)
	}
	each := func(d func(s measurement) time.Duration) float64 {
		return of(func(s measurement) float64 { return float64(d(s).Nanoseconds()) / 1000 / float64(s.posts) })
	}
	return figures{
		Rounds:   len(samples),
		Rate:     of(func(s measurement) float64 { return float64(s.posts) / s.wall.Seconds() }),
		Consumer: each(func(s measurement) time.Duration { return s.consumer }),
		Server:   each(func(s measurement) time.Duration { return s.server }),
		Broker:   each(func(s measurement) time.Duration { return s.broker }),
		After:    each(func(s measurement) time.Duration { return s.after }),
		Memory:   of(func(s measurement) float64 { return s.memory }),
		Stored:   of(func(s measurement) float64 { return s.stored }),
		Received: of(func(s measurement) float64 { return s.received }),
	}
}

// median is the middle value, or the mean of the two in the middle; zero of nothing.
func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	if n == 0 {
		return 0
	}
	return (v[(n-1)/2] + v[n/2]) / 2
}

// peer is a row of the comparison.
type peer struct {
	name string
	// cores is how many cores the peer's own processes may use.
	cores   int
	measure func() (measurement, error)
	// missing says why the peer was not measured; nil when it was.
	missing error
	samples []measurement
}

// interleave measures all peers once in every round.
func interleave(rounds int, peers []*peer, say func(string)) error {
	for r := range rounds {
		if err := turn(r, rounds, peers, say); err != nil {
			return err
		}
	}
	return nil
}

// turn measures all peers once, each round beginning with another one, so that what disturbs the machine for a while hits
// all alike. A peer that is missing is left out.
func turn(round, rounds int, peers []*peer, say func(string)) error {
	for i := range peers {
		p := peers[(i+round)%len(peers)]
		if p.missing != nil {
			continue
		}
		m, err := p.measure()
		if err != nil {
			return fmt.Errorf("%s, round %d: %w", p.name, round+1, err)
		}
		p.samples = append(p.samples, m)
		f := summarise([]measurement{m})
		say(fmt.Sprintf("round %d of %d: %s (cores: %d): %.0f posts/s, %.0f µs of processor time a post", round+1, rounds, p.name, p.cores, f.Rate, f.Sum()))
	}
	return nil
}

// times says how many times less processor time a post has cost than with the other, or nothing when either is unknown.
func times(other, f figures) string {
	if other.Rounds == 0 || f.Rounds == 0 || f.Sum() == 0 {
		return "–"
	}
	return ratio(other.Sum() / f.Sum())
}

// ratio prints two significant digits, and three from 100.
func ratio(x float64) string {
	switch {
	case x < 1:
		return fmt.Sprintf("%.2f", x)
	case x < 9.95:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// find returns the figures of a peer by name and cores; those of a peer that is missing have no rounds.
func find(peers []*peer, name string, cores int) figures {
	for _, p := range peers {
		if p.name == name && p.cores == cores {
			return summarise(p.samples)
		}
	}
	return figures{}
}
