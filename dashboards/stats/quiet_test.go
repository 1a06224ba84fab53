package stats_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"voc/dashboards/stats"
)

// weeksOf are counts of eight weeks and of one more, Poisson around a mean whose level wanders from week to week.
func weeksOf(rng *rand.Rand, mean, last float64) (past []float64, now float64) {
	draw := func(m float64) float64 {
		if m <= 0 {
			return 0
		}
		level := distuv.LogNormal{Mu: 0, Sigma: 0.1, Src: rng}.Rand()
		return distuv.Poisson{Lambda: m * level, Src: rng}.Rand()
	}
	for range 8 {
		past = append(past, draw(mean))
	}
	return past, draw(last)
}

func factors(rng *rand.Rand, change map[string]float64) (posts stats.Factor, list []stats.Factor) {
	make := func(name string, mean float64, rising bool) stats.Factor {
		by, ok := change[name]
		if !ok {
			by = 1
		}
		f := stats.Factor{Name: name, Unit: "件", Rising: rising}
		f.Past, f.Now = weeksOf(rng, mean, mean*by)
		return f
	}
	return make("posts", 150, false), []stats.Factor{
		make("replies", 80, false), make("repliers", 30, false), make("threads", 70, false), make("staff", 20, false), make("joined", 6, false),
		make("views", 500, false), make("promotions", 3, true),
	}
}

func TestDiagnoseOverManyCommunities(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 25))
	const runs = 400
	quiet := 0
	for range runs {
		if posts, list := factors(rng, nil); stats.Diagnose(posts, list).Quiet {
			quiet++
		}
	}
	if quiet > runs/100 {
		t.Errorf("%d of %d usual weeks are called quiet", quiet, runs)
	}
	// Replies and those who reply are one cause told in two ways.
	for first, change := range map[string]map[string]float64{
		"repli":      {"posts": 0.6, "replies": 0.4, "repliers": 0.5},
		"promotions": {"posts": 0.6, "threads": 0.5, "promotions": 10},
	} {
		hit := 0
		for range runs {
			posts, list := factors(rng, change)
			if q := stats.Diagnose(posts, list); q.Quiet && len(q.Causes) > 0 && strings.HasPrefix(q.Causes[0].Name, first) {
				hit++
			}
		}
		if hit*100 < 80*runs {
			t.Errorf("%s came first in %d of %d quiet weeks; want 80 %%", first, hit, runs)
		}
	}
	posts, list := factors(rng, map[string]float64{"posts": 0.4})
	for i := range list {
		list[i].Past = list[i].Past[:2]
	}
	posts.Past = posts.Past[:2]
	if q := stats.Diagnose(posts, list); q.Enough || q.Quiet {
		t.Errorf("two weeks were enough: %+v", q)
	}
}

func TestArriving(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	end := time.Date(2026, 11, 16, 10, 30, 0, 0, zone)
	// Messages come from 8 to 20, the more on a weekday.
	usual := func(perHour uint64) map[time.Time]uint64 {
		hours := map[time.Time]uint64{}
		for h := end.AddDate(0, 0, -35).Truncate(time.Hour); h.Before(end); h = h.Add(time.Hour) {
			if at := h.In(zone); at.Hour() >= 8 && at.Hour() < 20 {
				hours[h.UTC()] = perHour
			}
		}
		return hours
	}
	for name, c := range map[string]struct {
		perHour uint64
		silence time.Duration
		stopped bool
	}{
		"a busy stream is missed within ten minutes": {100, 10 * time.Minute, true},
		"but not after three":                        {100, 3 * time.Minute, false},
		"a small one is given its time":              {2, 3 * time.Hour, false},
		"and missed in the end":                      {2, 30 * time.Hour, true},
		"nights are quiet":                           {100, 0, false},
	} {
		hours := usual(c.perHour)
		now := end.Add(c.silence)
		if name == "nights are quiet" {
			now = time.Date(2026, 11, 16, 6, 0, 0, 0, zone)
			for h := range hours {
				if h.After(now.Add(-10 * time.Hour)) {
					delete(hours, h)
				}
			}
			if a := stats.Arriving(now, zone, hours, now.Add(-10*time.Hour)); a.Stopped || !a.Enough {
				t.Errorf("%s: %+v", name, a)
			}
			continue
		}
		if a := stats.Arriving(now, zone, hours, end); a.Stopped != c.stopped || !a.Enough {
			t.Errorf("%s: %+v", name, a)
		}
	}
	drips := usual(20)
	for h := range drips {
		if h.After(end.Add(-24 * time.Hour)) {
			delete(drips, h)
		}
	}
	drips[end.Truncate(time.Hour).UTC()] = 2
	if a := stats.Arriving(end, zone, drips, end.Add(-time.Minute)); !a.Stopped {
		t.Errorf("two messages a day are taken for a stream: %+v", a)
	}
	if a := stats.Arriving(end, zone, map[time.Time]uint64{end.UTC().Truncate(time.Hour): 5}, end); a.Enough || a.Stopped {
		t.Errorf("an hour of history was enough: %+v", a)
	}
}
