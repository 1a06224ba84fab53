package model

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPass holds the sums of a topic's polarity against adding up every weight by itself.
func TestPass(t *testing.T) {
	topics, intents := []string{"docs", "pricing"}, []string{"praise"}
	tasks := (&Weights{Topics: topics, Intents: intents}).Tasks()
	rng := rand.New(rand.NewPCG(1, 2))
	bias := make([]int32, tasks)
	keys := make([]Key, 400)
	for i := range keys {
		keys[i] = Key(i*i + 1)
	}
	w, err := Build(topics, intents, "", bias, keys, func(int) (list []Weight) {
		for task := range tasks {
			// One weight in ten does not fit in a byte.
			most := 1000
			if rng.IntN(10) == 0 {
				most = 20_000
			}
			list = append(list, Weight{Task: uint8(task), Value: int16(rng.IntN(2*most)-most) / quantum * quantum})
		}
		return list
	})
	if err != nil {
		t.Fatal(err)
	}
	sc := NewScorer(w)
	met := [Zones]int{}
	for range 50 {
		s := &Sample{Sentence: []int32{0, 0, 0, 1, 1, 2}}
		for range rng.IntN(900) {
			key := keys[rng.IntN(len(keys))]
			s.Seen = append(s.Seen, Seen{id: uint64(key), Clause: int32(rng.IntN(len(s.Sentence)+1)) + Whole})
			s.Rows = append(s.Rows, w.lookUp(key))
		}
		about := &About{}
		for range rng.IntN(3) {
			about.Clauses = append(about.Clauses, int32(rng.IntN(len(s.Sentence))))
		}
		var want, wantInside [Classes]int32
		type place struct{ row, zone int }
		seen := map[place]bool{}
		within := 0
		for i := range s.Seen {
			x := place{int(s.Rows[i]), zoneOf(s, about, s.Seen[i].Clause)}
			if seen[x] {
				continue
			}
			seen[x] = true
			met[x.zone]++
			if x.zone == Inside {
				within++
			}
			for k := range want {
				want[k] += w.weightOf(s.Rows[i], w.AboutTask(x.zone)+k)
				if x.zone == Inside {
					wantInside[k] += w.weightOf(s.Rows[i], k)
				}
			}
		}
		for k, sum := range wantInside {
			wantInside[k] = scaled(bias[k], sum, within)
		}
		sc.Read(s)
		if sum, inside, n := sc.pass(about); sum != want || inside != wantInside || n != len(seen) {
			t.Fatalf("clauses %v: %d weights make %v and %v inside, want %d, %v and %v", about.Clauses, n, sum, inside, len(seen), want, wantInside)
		}
	}
	if slices.Min(met[:]) == 0 || len(w.large) == 0 {
		t.Errorf("features in the zones %v and %d large weights do not try everything", met, len(w.large))
	}
}

// zoneOf is the zone of a clause as seen from a topic.
func zoneOf(s *Sample, t *About, clause int32) int {
	zone := Elsewhere
	for _, c := range t.Clauses {
		switch {
		case clause == c:
			return Inside
		case clause != Whole && s.Sentence[clause] == s.Sentence[c]:
			zone = Near
		}
	}
	return zone
}
