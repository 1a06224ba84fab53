package actions

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// history is an action that shipped in week 10, with as many voices a week as given, each by its own author.
func history(id string, voices []uint64) (Standing, []query.PostsWeek) {
	first := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	shipped := first.AddDate(0, 0, 7*10+2)
	s := Standing{Action: query.Action{ID: id, AddedAt: first, ShippedAt: &shipped, ChangedAt: shipped}, Status: Shipped}
	var weeks []query.PostsWeek
	for i, n := range voices {
		if n > 0 {
			weeks = append(weeks, query.PostsWeek{Week: first.AddDate(0, 0, 7*i), Posts: n, Authors: n, SumSquares: n})
		}
	}
	return s, weeks
}

func judged(t *testing.T, list []Standing, voices [][]query.PostsWeek, weeks int) {
	t.Helper()
	first := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	base := map[time.Time]uint64{}
	for i := range weeks {
		base[first.AddDate(0, 0, 7*i)] = 500
	}
	if err := judge(list, voices, base, first, first.AddDate(0, 0, 7*(weeks-1)), time.UTC); err != nil {
		t.Fatal(err)
	}
}

// An action whose voices go on as before comes back in hardly any report, however many weeks are looked at.
func TestNothingChangedIsNotBack(t *testing.T) {
	const runs, weeks = 200, 30
	rng := rand.New(rand.NewPCG(1, 2))
	back := 0
	for range runs {
		var list []Standing
		var voices [][]query.PostsWeek
		for i := range 5 {
			poisson := distuv.Poisson{Lambda: []float64{4, 10, 20, 40, 80}[i], Src: rng}
			var counts []uint64
			for range weeks {
				counts = append(counts, uint64(poisson.Rand()))
			}
			s, w := history(fmt.Sprint(i), counts)
			list, voices = append(list, s), append(voices, w)
		}
		judged(t, list, voices, weeks)
		for i := range list {
			if list[i].Status == Back {
				back++
				break
			}
		}
	}
	t.Logf("%d of %d reports call an action back", back, runs)
	if back > runs*8/100 {
		t.Errorf("%d of %d reports call an action back although nothing changed", back, runs)
	}
}

func TestVoicesComeBack(t *testing.T) {
	course := func(before, after, last uint64) []uint64 {
		var out []uint64
		for i := range 20 {
			switch {
			case i <= 10:
				out = append(out, before)
			case i < 18:
				out = append(out, after)
			default:
				out = append(out, last)
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		voices []uint64
		change func(*Standing, []query.PostsWeek)
		want   Status
		last   stats.Verdict
	}{
		"it helped":            {course(40, 8, 8), nil, Shipped, stats.Down},
		"it helped for a time": {course(40, 8, 95), nil, Back, stats.Up},
		"back where it was":    {course(40, 8, 41), nil, Shipped, stats.Flat},
		"few voices":           {course(1, 0, 4), nil, Shipped, stats.TooFew},
		"one person": {course(40, 8, 95), func(_ *Standing, w []query.PostsWeek) {
			w[18].Authors, w[18].SumSquares = 1, 95*95
			w[19].Posts, w[19].Authors, w[19].SumSquares = 40, 40, 40
		}, Shipped, stats.Flat},
		"quiet again":       {append(course(40, 8, 95)[:19], 8), nil, Back, stats.Down},
		"closed afterwards": {course(40, 8, 95), func(s *Standing, _ []query.PostsWeek) { s.Status, s.ChangedAt = Closed, s.ShippedAt.AddDate(1, 0, 0) }, Closed, ""},
		"reopened":          {course(40, 8, 95), func(s *Standing, _ []query.PostsWeek) { s.Status = Reopened }, Reopened, ""},
		"closed before":     {course(40, 8, 95), func(s *Standing, _ []query.PostsWeek) { s.Status = Closed }, Back, stats.Up},
	} {
		t.Run(name, func(t *testing.T) {
			s, w := history("x", c.voices)
			if c.change != nil {
				c.change(&s, w)
			}
			list := []Standing{s}
			judged(t, list, [][]query.PostsWeek{w}, 20)
			if got := list[0]; got.Status != c.want || (got.Last == nil) != (c.last == "") || got.Last != nil && got.Last.Verdict != c.last {
				t.Errorf("status %s, last week %+v, want %s %s", got.Status, got.Last, c.want, c.last)
			}
			if list[0].Status == Back && !list[0].BackIn.Equal(time.Date(2026, 1, 5+7*18, 0, 0, 0, 0, time.UTC)) {
				t.Errorf("back in %s", list[0].BackIn)
			}
		})
	}
}

// A release from before the weeks that are looked at has no level before, and only those weeks after it.
func TestReleaseLongAgo(t *testing.T) {
	const weeks = 20
	voices := make([]uint64, weeks)
	for i := range voices {
		voices[i] = 6
	}
	s, w := history("x", voices[15:])
	for i := range w {
		w[i].Week = w[i].Week.AddDate(0, 0, 7*15)
	}
	first := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	list := []Standing{s}
	if err := judge(list, [][]query.PostsWeek{w}, map[time.Time]uint64{}, first.AddDate(0, 0, 7*15), first.AddDate(0, 0, 7*(weeks-1)), time.UTC); err != nil {
		t.Fatal(err)
	}
	if got := list[0]; got.BeforeWeeks != 0 || got.AfterWeeks != 5 || got.After != 6 {
		t.Errorf("%d weeks before; %.1f voices in %d weeks after, want 6 in 5", got.BeforeWeeks, got.After, got.AfterWeeks)
	}
}
