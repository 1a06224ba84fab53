package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tol {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}

func rng(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x5eed)) }

func TestWilson(t *testing.T) {
	ci := Share{40, 200}.Wilson(Level95)
	if got := PercentRange(ci); got != "15.0–26.1%" {
		t.Errorf("Wilson of 40/200 prints %s, want 15.0–26.1%%", got)
	}
	// z = 1.959964, n = 10, p = 0: (0 + z²/20 ± z·sqrt(z²/400)) / (1 + z²/10) = z²/10/(1 + z²/10) = 0.27753.
	zero := Share{0, 10}.Wilson(Level95)
	near(t, "low of 0/10", zero.Low, 0, 0)
	near(t, "high of 0/10", zero.High, 0.27753, 1e-5)
	all := Share{10, 10}.Wilson(Level95)
	near(t, "low of 10/10", all.Low, 1-0.27753, 1e-5)
	near(t, "high of 10/10", all.High, 1, 0)
	if none := (Share{}).Wilson(Level95); none != (Interval{0, 1}) {
		t.Errorf("Wilson of 0/0 = %v, want 0 to 1", none)
	}
}

func TestDesignEffect(t *testing.T) {
	// Four authors of 10 posts, two always on topic, two never: p = 0.5, residuals ±5, 4/3·100/1600 over 0.25/40.
	clustered := []Share{{10, 10}, {10, 10}, {0, 10}, {0, 10}}
	near(t, "design effect", DesignEffect(clustered), 40.0/3, 1e-9)
	near(t, "even authors", DesignEffect([]Share{{5, 10}, {5, 10}}), 1, 0)
	near(t, "one author", DesignEffect([]Share{{5, 10}}), 1, 0)
	wide, plain := Share{20, 40}.WilsonClustered(Level95, 40.0/3), Share{20, 40}.Wilson(Level95)
	if wide.High-wide.Low < 2*(plain.High-plain.Low) {
		t.Errorf("clustered interval %v is not much wider than %v", wide, plain)
	}
	near(t, "effective sample", wide.Low, Share{3, 6}.WilsonClustered(Level95, 2).Low, 1e-12) // both 3 posts at 50%
}

// The interval must hold the true share in about 95% of samples when authors are the unit that is drawn.
func TestClusteredCoverage(t *testing.T) {
	r := rng(1)
	const rounds = 1000
	plain, clustered := 0, 0
	for range rounds {
		var s Share
		var per []Share
		for range 80 {
			a := Share{Total: 1 + uint64(r.IntN(6))}
			if r.Float64() < 0.3 { // an author speaks of the topic always or never
				a.Hits = a.Total
			}
			s.Hits, s.Total = s.Hits+a.Hits, s.Total+a.Total
			per = append(per, a)
		}
		if s.Wilson(Level95).Contains(0.3) {
			plain++
		}
		if s.WilsonClustered(Level95, DesignEffect(per)).Contains(0.3) {
			clustered++
		}
	}
	t.Logf("coverage: plain %.3f, clustered %.3f", float64(plain)/rounds, float64(clustered)/rounds)
	if c := float64(clustered) / rounds; c < 0.92 || c > 0.98 {
		t.Errorf("clustered interval holds the truth in %.3f of samples, want 0.92 to 0.98", c)
	}
	if plain >= clustered {
		t.Errorf("plain interval covers %d, clustered %d: the design effect does nothing", plain, clustered)
	}
}

func TestShareDiff(t *testing.T) {
	// Newcombe (1998), method 10, his example of 56/70 against 48/80: 0.2000 with 0.0524 to 0.3339.
	d, ci := ShareDiff(Share{56, 70}, Share{48, 80}, Level95)
	near(t, "difference", d, 0.2, 1e-12)
	near(t, "low", ci.Low, 0.0524, 5e-5)
	near(t, "high", ci.High, 0.3339, 5e-5)
	if d, _ := ShareDiff(Share{}, Share{1, 2}, Level95); !math.IsNaN(d) {
		t.Errorf("difference to an empty share = %v, want NaN", d)
	}
}

func TestRate(t *testing.T) {
	r := Rate{Count: 10, Exposure: 2000}
	near(t, "posts per 1,000", r.Per(1000), 5, 1e-12)
	// Garwood's interval of 10 events is 4.795 to 18.390.
	ci := r.Interval(2000, Level95)
	near(t, "low", ci.Low, 4.795, 1e-3)
	near(t, "high", ci.High, 18.390, 1e-3)
	near(t, "high of none", Rate{0, 1}.Interval(1, Level95).High, 3.689, 1e-3) // −ln 0.025
	near(t, "no exposure", Rate{Count: 1}.Per(1), math.NaN(), 0)
}

func TestFormat(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Percent(0.15), "15.0%"},
		{Percent(1.0 / 16), "6.3%"}, // 6.25 rounds up, not to even
		{Percent(0.1235), "12.4%"},
		{Percent(math.NaN()), "—"},
		{Percent(0), "0.0%"},
		{Count(1234, "件"), "1,234件"},
		{Count(0, "人"), "0人"},
		{Count(1234567, ""), "1,234,567"},
		{Points(0.032), "+3.2pt"},
		{Points(-0.004), "−0.4pt"},
		{Points(-0.0001), "±0.0pt"},
		{Growth(1.6), "+60%"},
		{Growth(0.5), "−50%"},
		{Growth(1), "±0%"},
		{Growth(0.999), "±0%"},
		{Growth(math.Inf(1)), "新規"},
		{Growth(math.NaN()), "—"},
		{Times(2.52), "2.5倍"},
		{Share{40, 200}.String(), "20.0%(15.0–26.1%、40/200件)"},
		{Share{}.String(), "—"},
	} {
		if c.got != c.want {
			t.Errorf("printed %q, want %q", c.got, c.want)
		}
	}
}
