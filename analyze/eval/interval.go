package eval

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// confidence is the level of every interval in a report.
const confidence = 0.95

// Proportion is a share with its 95 % Wilson score interval. With Total 0 nothing is known: Rate is 0, the interval 0 to 1.
type Proportion struct {
	Hits  int     `json:"hits"`
	Total int     `json:"total"`
	Rate  float64 `json:"rate"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// NewProportion computes hits/total and its interval. Hits must lie in [0, total].
func NewProportion(hits, total int) Proportion {
	low, high := Wilson(hits, total)
	p := Proportion{Hits: hits, Total: total, Low: low, High: high}
	if total > 0 {
		p.Rate = float64(hits) / float64(total)
	}
	return p
}

// Wilson returns the 95 % Wilson score interval of hits out of total; 0 and 1 when total is 0.
func Wilson(hits, total int) (low, high float64) {
	if total <= 0 {
		return 0, 1
	}
	z := distuv.UnitNormal.Quantile(1 - (1-confidence)/2)
	n, p := float64(total), float64(hits)/float64(total)
	scale := 1 / (1 + z*z/n)
	centre := scale * (p + z*z/(2*n))
	half := scale * z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	// Rounding may step over the ends by an ulp when hits is 0 or total.
	return max(0, centre-half), min(1, centre+half)
}

// Estimate is a figure that is no plain proportion, with its 95 % bootstrap interval. Defined is false when there was
// nothing to compute it from; then the figures are 0 and mean nothing.
type Estimate struct {
	Value   float64 `json:"value"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Defined bool    `json:"defined"`
}

// Bootstrap says how bootstrap intervals are drawn. Posts are drawn, not tags, because the tags of one post stand or fall
// together. The same seed gives the same interval.
type Bootstrap struct {
	// Resamples is how many samples are drawn; 0 means 1000, a negative number means none (Low = High = Value).
	Resamples int
	Seed      uint64
}

func (b Bootstrap) resamples() int {
	switch {
	case b.Resamples < 0:
		return 0
	case b.Resamples == 0:
		return 1000
	}
	return b.Resamples
}

// statistic computes figures of a weighted sample: weight[i] is how often post i was drawn. A figure that is undefined is NaN.
type statistic func(weight []int, out []float64)

// run computes the k figures of the whole sample of n posts and their percentile intervals.
func (b Bootstrap) run(n, k int, f statistic) []Estimate {
	weight := make([]int, n)
	for i := range weight {
		weight[i] = 1
	}
	out := make([]float64, k)
	f(weight, out)
	est := make([]Estimate, k)
	for j, v := range out {
		if !math.IsNaN(v) {
			est[j] = Estimate{Value: v, Low: v, High: v, Defined: true}
		}
	}
	if n == 0 || b.resamples() == 0 {
		return est
	}
	rng := rand.New(rand.NewPCG(b.Seed, 0x766f63))
	draws := make([][]float64, k)
	for range b.resamples() {
		clear(weight)
		for range n {
			weight[rng.IntN(n)]++
		}
		f(weight, out)
		for j, v := range out {
			if !math.IsNaN(v) {
				draws[j] = append(draws[j], v)
			}
		}
	}
	for j := range est {
		if !est[j].Defined || len(draws[j]) == 0 {
			continue
		}
		slices.Sort(draws[j])
		est[j].Low = stat.Quantile((1-confidence)/2, stat.LinInterp, draws[j], nil)
		est[j].High = stat.Quantile(1-(1-confidence)/2, stat.LinInterp, draws[j], nil)
	}
	return est
}

// f1 is the harmonic mean of precision and recall, NaN when there was nothing to find and nothing was found.
func f1(tp, fp, fn int) float64 {
	if tp+fp+fn == 0 {
		return math.NaN()
	}
	return 2 * float64(tp) / float64(2*tp+fp+fn)
}
