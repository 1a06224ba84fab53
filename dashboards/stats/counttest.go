package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// conditional compares two counts given their sum: under no change, y of n = y+other belong to the first with
// probability share (its part of the exposure). It returns P(Y ≤ y) and P(Y ≥ y).
//
// With dispersion 1 the counts are Poisson and the conditional law is binomial. With a larger one they are negative
// binomial with variance dispersion·mean, and the conditional law is beta-binomial with the parameters
// n·share/(dispersion−1) and n·(1−share)/(dispersion−1).
func conditional(y, other uint64, share, dispersion float64) (lower, upper float64) {
	n := y + other
	if n == 0 || share <= 0 || share >= 1 {
		return 1, 1
	}
	if dispersion < 1+1e-6 {
		lower, upper = 1, 1
		if y > 0 {
			upper = mathext.RegIncBeta(float64(y), float64(other)+1, share)
		}
		if other > 0 {
			lower = mathext.RegIncBeta(float64(other), float64(y)+1, 1-share)
		}
		return lower, upper
	}
	size := float64(n) / (dispersion - 1)
	a, b := size*share, size*(1-share)
	at := math.Exp(logChoose(n, y) + mathext.Lbeta(float64(y)+a, float64(other)+b) - mathext.Lbeta(a, b))
	// The tail away from the mean is summed, the other follows from it, so small tails keep their precision.
	if float64(y) >= float64(n)*share {
		upper = betaBinomialTail(at, y, n, a, b)
		return min(1, max(0, 1-upper+at)), min(1, upper)
	}
	lower = betaBinomialTail(at, other, n, b, a)
	return min(1, lower), min(1, max(0, 1-lower+at))
}

// betaBinomialTail returns P(Y ≥ y) from at = P(Y = y) by the ratio of neighbouring probabilities.
func betaBinomialTail(at float64, y, n uint64, a, b float64) float64 {
	sum, p := at, at
	unimodal := a >= 1 && b >= 1
	for k := y; k < n; k++ {
		p *= float64(n-k) / float64(k+1) * (float64(k) + a) / (float64(n-k-1) + b)
		sum += p
		if unimodal && p < sum*1e-16 {
			break
		}
	}
	return sum
}

func logChoose(n, k uint64) float64 {
	return -math.Log(float64(n)+1) - mathext.Lbeta(float64(n-k)+1, float64(k)+1)
}

// twoSided doubles the smaller tail.
func twoSided(lower, upper float64) float64 { return min(1, 2*min(lower, upper)) }

// studentize makes a two-sided p value that rests on a dispersion known to df degrees of freedom as cautious as
// Student's t is compared with the normal. Infinite df change nothing.
func studentize(p, df float64) float64 {
	if math.IsInf(df, 1) || p <= 0 || p >= 1 {
		return p
	}
	z := -distuv.UnitNormal.Quantile(p / 2)
	return min(1, 2*distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(-z))
}

// ratioInterval returns the 95% interval of the ratio of two rates by Clopper and Pearson's interval of the conditional
// share, each count weighing 1/dispersion.
func ratioInterval(y, other uint64, share, dispersion float64) Interval {
	tail := (1 - Level95) / 2
	a, b := float64(y)/dispersion, float64(other)/dispersion
	odds := func(p float64) float64 { return p / (1 - p) * (1 - share) / share }
	ci := Interval{0, math.Inf(1)}
	if y > 0 {
		ci.Low = odds(mathext.InvRegIncBeta(a, b+1, tail))
	}
	if other > 0 {
		ci.High = odds(mathext.InvRegIncBeta(a+1, b, 1-tail))
	}
	return ci
}

// BenjaminiHochberg returns the adjusted value q of each p: among all tests with q at most x, a share of at most x is
// expected to be a false discovery. NaN stands for a test that was not made: it stays NaN and does not count.
func BenjaminiHochberg(ps []float64) []float64 {
	qs := make([]float64, len(ps))
	order := make([]int, 0, len(ps))
	for i, p := range ps {
		qs[i] = math.NaN()
		if !math.IsNaN(p) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case ps[a] < ps[b]:
			return -1
		case ps[a] > ps[b]:
			return 1
		}
		return a - b
	})
	return bhSorted(ps, qs, order, len(order))
}

// bhSorted fills qs for the tests in order (ascending p) out of a family of m tests.
func bhSorted(ps, qs []float64, order []int, m int) []float64 {
	best := 1.0
	for rank := len(order); rank >= 1; rank-- {
		i := order[rank-1]
		best = min(best, ps[i]*float64(m)/float64(rank))
		qs[i] = best
	}
	return qs
}
