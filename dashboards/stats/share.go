package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Level95 is the confidence level of every interval that voc prints.
const Level95 = 0.95

// Interval is a closed range of plausible values.
type Interval struct {
	Low, High float64
}

// Contains says whether x lies inside, bounds included.
func (i Interval) Contains(x float64) bool { return i.Low <= x && x <= i.High }

// Share is Hits out of Total, with Hits at most Total.
type Share struct {
	Hits, Total uint64
}

// Value returns the share between 0 and 1, NaN when Total is 0.
func (s Share) Value() float64 {
	if s.Total == 0 {
		return math.NaN()
	}
	return float64(s.Hits) / float64(s.Total)
}

// Wilson returns Wilson's score interval at level, which is between 0 and 1. It treats every post as independent;
// use WilsonClustered when a few authors write much. With Total 0 everything is possible: 0 to 1.
func (s Share) Wilson(level float64) Interval { return s.WilsonClustered(level, 1) }

// WilsonClustered returns Wilson's interval for posts that come in clusters: the sample counts as Total/designEffect
// independent posts. A designEffect below 1 or NaN counts as 1.
func (s Share) WilsonClustered(level, designEffect float64) Interval {
	if s.Total == 0 {
		return Interval{0, 1}
	}
	if !(designEffect > 1) {
		designEffect = 1
	}
	z := normalQuantile(level)
	n := float64(s.Total) / designEffect
	p := s.Value()
	scale := 1 / (1 + z*z/n)
	center := scale * (p + z*z/(2*n))
	half := scale * z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	ci := Interval{max(0, center-half), min(1, center+half)}
	// The bounds are 0 and 1 exactly for no and all hits; rounding must not move them.
	if s.Hits == 0 {
		ci.Low = 0
	}
	if s.Hits == s.Total {
		ci.High = 1
	}
	return ci
}

// DesignEffect returns by how much the variance of a share exceeds that of independent posts, at least 1. Each
// element holds one author's hits and posts. It is the linearised variance of a ratio of author totals over the
// binomial variance; fewer than two authors, or a share of 0 or 1, tell nothing and give 1.
func DesignEffect(perAuthor []Share) float64 {
	var hits, total float64
	m := 0
	for _, a := range perAuthor {
		if a.Total == 0 {
			continue
		}
		hits += float64(a.Hits)
		total += float64(a.Total)
		m++
	}
	p := hits / total
	if m < 2 || p <= 0 || p >= 1 {
		return 1
	}
	var ss float64
	for _, a := range perAuthor {
		d := float64(a.Hits) - p*float64(a.Total)
		ss += d * d
	}
	clustered := float64(m) / float64(m-1) * ss / (total * total)
	return max(1, clustered/(p*(1-p)/total))
}

// ShareDiff returns now minus before with Newcombe's hybrid score interval. The difference is NaN, and the interval
// the whole of -1 to 1, when either has no total.
func ShareDiff(now, before Share, level float64) (diff float64, ci Interval) {
	if now.Total == 0 || before.Total == 0 {
		return math.NaN(), Interval{-1, 1}
	}
	a, b := now.Value(), before.Value()
	wa, wb := now.Wilson(level), before.Wilson(level)
	diff = a - b
	return diff, Interval{
		Low:  diff - math.Hypot(a-wa.Low, wb.High-b),
		High: diff + math.Hypot(wa.High-a, b-wb.Low),
	}
}

// Rate is a count of events over an exposure, such as posts over members or over days.
type Rate struct {
	Count    uint64
	Exposure float64 // positive
}

// Per returns the events in unit exposures, for example Per(1000) for posts per 1,000 members; NaN without exposure.
func (r Rate) Per(unit float64) float64 {
	if !(r.Exposure > 0) {
		return math.NaN()
	}
	return float64(r.Count) / r.Exposure * unit
}

// Interval returns Garwood's exact Poisson interval of Per(unit) at level; without exposure it is 0 to infinity.
func (r Rate) Interval(unit, level float64) Interval {
	if !(r.Exposure > 0) {
		return Interval{0, math.Inf(1)}
	}
	tail := (1 - level) / 2
	var low float64
	if r.Count > 0 {
		low = distuv.ChiSquared{K: 2 * float64(r.Count)}.Quantile(tail) / 2
	}
	high := distuv.ChiSquared{K: 2*float64(r.Count) + 2}.Quantile(1-tail) / 2
	return Interval{low / r.Exposure * unit, high / r.Exposure * unit}
}

// normalQuantile returns the two-sided normal quantile of a confidence level, 1.96 for 0.95.
func normalQuantile(level float64) float64 { return distuv.UnitNormal.Quantile(0.5 + level/2) }
