package faulttest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"voc/ingest/faulttest/points"
)

// Kind of a fault.
type Kind string

// The kinds of faults.
const (
	KillAtStep     Kind = "worker killed between two steps"
	KillAnytime    Kind = "worker killed at any time"
	ZombieAtStep   Kind = "zombie suspended between two steps"
	ZombieAnytime  Kind = "zombie suspended at any time"
	Rebalance      Kind = "members come and go"
	KillClickHouse Kind = "ClickHouse killed in mid-insert"
	CutClickHouse  Kind = "connections to ClickHouse cut"
	CutKafka       Kind = "connections to Kafka cut"
	RestartKafka   Kind = "Kafka restarted"
	FailCommits    Kind = "commits failing"
	Replay         Kind = "topics replayed from offset 0"
	SecondGroup    Kind = "second group reads everything"
	TwoRollups     Kind = "several rollups at once"
	NoFault        Kind = "no fault"
)

// Fault is one entry of a schedule.
type Fault struct {
	Kind  Kind
	Step  string
	After int // how often the step is passed before
	Cut   Cut
	Bytes int64         // bytes of the insert or fetch that still pass
	Wait  time.Duration // before a fault at any time
	Pick  int           // which worker, modulo their number
	// Settle waits for the recovery before the next fault; otherwise faults overlap.
	Settle bool
}

// String is how a fault stands in the printed schedule.
func (f Fault) String() string {
	parts := []string{string(f.Kind)}
	if f.Step != "" {
		parts = append(parts, fmt.Sprintf("%q after %d", f.Step, f.After))
	}
	if f.Cut != "" {
		parts = append(parts, fmt.Sprintf("%s after %d bytes", f.Cut, f.Bytes))
	}
	if f.Wait > 0 {
		parts = append(parts, "at "+f.Wait.String())
	}
	if f.Settle {
		parts = append(parts, "then settle")
	}
	return strings.Join(parts, ", ")
}

// Plan is everything a seed decides beside the events.
type Plan struct {
	Seed      uint64
	Kafka     string
	Off       string // safety switched off, in negative controls
	Workers   int
	BatchRows int
	PerRound  int  // records
	Bulk      bool // posts only, each once
	Release   bool // the worker is built as for a release, without fault points
	Faults    []Fault
}

// slots are what two neighbouring seeds share out between them, so that every two of them meet every kind.
func slots() []Kind {
	return []Kind{
		KillAtStep, KillAtStep, KillAtStep, KillAtStep, KillAtStep, KillAnytime, ZombieAtStep, ZombieAtStep, ZombieAnytime, Rebalance,
		KillClickHouse, KillClickHouse, CutClickHouse, CutClickHouse, CutKafka, RestartKafka, FailCommits, Replay, SecondGroup, TwoRollups,
	}
}

// NewPlan makes the plan of a seed.
func NewPlan(seed uint64, kafka string) Plan {
	p := Plan{Seed: seed, Kafka: kafka}
	deck := slots()
	shared := rand.New(rand.NewPCG(seed/2, 2))
	shared.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	half := len(deck) / 2
	if seed%2 == 0 {
		deck = deck[:half]
	} else {
		deck = deck[half:]
	}
	rng := rand.New(rand.NewPCG(seed, 3))
	p.Workers = 2 + rng.IntN(2)
	p.BatchRows = 3 + rng.IntN(20)
	p.PerRound = 50 + rng.IntN(40)
	steps := points.Steps()
	// Kills go through the steps in order over the seeds, so that each step has its turn.
	turn := int(seed) * 3
	for i, kind := range deck {
		f := Fault{Kind: kind, Pick: rng.IntN(12), Settle: rng.IntN(3) > 0, Bytes: int64(rng.IntN(6000))}
		f.Wait = time.Duration(50+rng.IntN(600)) * time.Millisecond
		switch kind {
		case KillAtStep:
			f.Step, f.After, f.Wait, f.Bytes = steps[turn%len(steps)], rng.IntN(3), 0, 0
			turn++
			if !often(f.Step) {
				f.After = 0
			}
		case ZombieAtStep:
			f.Step, f.After, f.Wait, f.Bytes = steps[rng.IntN(len(steps))], 0, 0, 0
		case CutClickHouse, CutKafka:
			f.Cut, f.Wait = []Cut{Reset, HalfClose, Mute, Delay}[rng.IntN(4)], 0
		case KillClickHouse:
			f.Wait = 0
		case SecondGroup:
			f.Wait, f.Bytes = 0, 0
			if rng.IntN(2) == 0 {
				f.Step, f.After = "post_facts written", 3+rng.IntN(20)
			}
		}
		f.Settle = f.Settle || i == len(deck)-1
		p.Faults = append(p.Faults, f)
	}
	return p
}

// often says that a worker comes to a step with every batch.
func often(step string) bool {
	switch step {
	case "fetched", "analysed", "looked up", "post_registry written", "post_facts written", "record_outcomes written", "window_marks written", "committed":
		return true
	}
	return false
}

// Released turns the plan into one for a worker without fault points: what was to happen at a step happens at any time.
func (p Plan) Released() Plan {
	p.Release = true
	p.Faults = slices.Clone(p.Faults)
	for i := range p.Faults {
		f := &p.Faults[i]
		if f.Step != "" {
			f.Wait = time.Duration(100+37*i) * time.Millisecond
		}
		f.Step, f.After = "", 0
		switch f.Kind {
		case KillAtStep:
			f.Kind = KillAnytime
		case ZombieAtStep:
			f.Kind = ZombieAnytime
		case FailCommits:
			if p.Kafka == Apache {
				f.Kind, f.Cut = CutKafka, Reset
			}
		}
	}
	return p
}

// Acceptance is the check of feature F01: ten thousand posts, a worker killed three times, ClickHouse once.
func Acceptance(kafka string) Plan {
	kill := Fault{Kind: KillAnytime, Wait: 150 * time.Millisecond}
	other := Fault{Kind: KillAnytime, Wait: 300 * time.Millisecond, Pick: 1}
	return Plan{
		Seed: 1, Kafka: kafka, Workers: 3, BatchRows: 200, PerRound: 2000, Bulk: true, Release: true,
		Faults: []Fault{kill, {Kind: KillClickHouse, Bytes: 60_000}, other, kill},
	}
}

// Control is the plan of a negative control: the faults that show what the missing safety was good for.
func Control(off string, seed uint64) Plan {
	p := Plan{Seed: seed, Kafka: KFake, Off: off, Workers: 2, BatchRows: 5, PerRound: 60}
	kill := Fault{Kind: KillAtStep, Step: "committed", After: 1, Settle: true}
	quiet := Fault{Kind: NoFault, Settle: true}
	switch off {
	case points.CommitFirst:
		p.Faults = []Fault{kill, kill}
	case points.NoRegistry:
		p.Faults = []Fault{kill, kill, {Kind: Rebalance, Settle: true}}
	case points.VersionOnly:
		// Whatever an old reader writes last is taken for the newest. Each ends before the one before it, so that none
		// repairs what another has spoilt.
		p.Faults = []Fault{quiet, quiet}
		for _, after := range []int{30, 20, 12, 5} {
			p.Faults = append(p.Faults, Fault{Kind: SecondGroup, Step: "post_facts written", After: after, Settle: true})
		}
	case points.MarkFirst:
		// Few batches: each later mark of a window mends what an earlier one has spoilt.
		p.Faults, p.BatchRows = []Fault{quiet}, 40
	default:
		p.Faults = []Fault{quiet, quiet}
	}
	return p
}

// String prints the schedule.
func (p Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d on %s, %d workers, batches of %d, %d records a round", p.Seed, p.Kafka, p.Workers, p.BatchRows, p.PerRound)
	if p.Release {
		b.WriteString(", worker as released")
	}
	if p.Off != "" {
		fmt.Fprintf(&b, ", without the safety %s", p.Off)
	}
	for i, f := range p.Faults {
		fmt.Fprintf(&b, "\n  %2d. %s", i+1, f)
	}
	return b.String()
}
