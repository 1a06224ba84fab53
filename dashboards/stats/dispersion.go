package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat"
)

// scatter is what the past weeks of one series say about how much more than Poisson it varies.
type scatter struct {
	pearson float64 // Pearson's statistic over its degrees of freedom, around 1 for a Poisson series
	df      float64 // weeks − 1
	mean    float64 // posts a week
	author  float64 // dispersion that the authors' own counts imply: Σ posts² / Σ posts
}

// newScatter measures counts against exposures (both of the baseline weeks, at least two, exposures positive).
func newScatter(counts, exposures []float64, author float64) scatter {
	var y, e float64
	for i := range counts {
		y += counts[i]
		e += exposures[i]
	}
	s := scatter{df: float64(len(counts) - 1), mean: y / float64(len(counts)), author: max(1, author)}
	if y == 0 {
		s.pearson = math.NaN()
		return s
	}
	for i := range counts {
		mu := y * exposures[i] / e
		d := counts[i] - mu
		s.pearson += d * d / mu
	}
	s.pearson /= s.df
	return s
}

// prior is what all series together say: series i is expected to have the dispersion scale·(base + shock·mean), where
// base is what its authors imply, or 1, and that expectation is worth df weeks of its own history.
type prior struct {
	scale, shock, df float64
	authors          bool
}

// base returns the part of the expected dispersion that does not grow with the mean.
func (p prior) base(s scatter) float64 {
	if p.authors {
		return s.author
	}
	return 1
}

// few series cannot tell how dispersions scatter; then the authors' own counts are trusted like this many weeks.
const (
	priorSeries = 10
	priorDF     = 8
	maxPriorDF  = 50
	minPriorDF  = 2
	// Below this mean the log of Pearson's statistic is too ragged to learn from.
	priorMean = 5
)

// fitPrior learns the common part by the moments of log F, as Smyth (2004) does for variances of genes. It does so
// with and without the authors' clustering and keeps what leaves less scatter: authors who come and go in bursts make
// a topic jumpy, authors who write every week do not.
func fitPrior(all []scatter) prior {
	var usable []scatter
	for _, s := range all {
		if s.mean >= priorMean && s.df >= 1 && s.pearson > 0 {
			usable = append(usable, s)
		}
	}
	if len(usable) < priorSeries {
		return prior{scale: 1, df: priorDF, authors: true}
	}
	with, withScatter := fitModel(usable, true)
	without, withoutScatter := fitModel(usable, false)
	if withoutScatter < withScatter {
		return without
	}
	return with
}

func fitModel(usable []scatter, authors bool) (p prior, unexplained float64) {
	p.authors = authors
	// shock is the variance of week-wide shocks relative to the mean, beyond what the base explains.
	var excess, weight float64
	for _, s := range usable {
		excess += s.df * (s.pearson - p.base(s))
		weight += s.df * s.mean
	}
	p.shock = max(0, excess/weight)
	logs := make([]float64, len(usable))
	var noise float64
	for i, s := range usable {
		u := max(s.pearson, 1e-3) / (p.base(s) + p.shock*s.mean)
		logs[i] = math.Log(u) - mathext.Digamma(s.df/2) + math.Log(s.df/2)
		noise += trigamma(s.df/2) / float64(len(usable))
	}
	mean, variance := stat.MeanVariance(logs, nil)
	p.df = maxPriorDF
	if variance > noise {
		p.df = min(maxPriorDF, max(minPriorDF, 2*trigammaInverse(variance-noise)))
	}
	p.scale = math.Exp(mean + mathext.Digamma(p.df/2) - math.Log(p.df/2))
	return p, variance
}

// dispersion weighs a series' own history against the prior; it returns at least 1 and the degrees of freedom it is
// known to. A series without history (df 0) has the prior alone, and is never taken to be steadier than its authors.
func (p prior) dispersion(s scatter) (phi, df float64) {
	expected := p.scale * (p.base(s) + p.shock*s.mean)
	if s.df < 1 || math.IsNaN(s.pearson) {
		return max(1, s.author, expected), p.df
	}
	phi = (p.df*expected + s.df*s.pearson) / (p.df + s.df)
	return max(1, phi), p.df + s.df
}

// trigamma is the derivative of digamma, Hurwitz' zeta at 2.
func trigamma(x float64) float64 { return mathext.Zeta(2, x) }

// trigammaInverse solves trigamma(x) = y for y > 0 by bisection on log x; trigamma falls strictly.
func trigammaInverse(y float64) float64 {
	low, high := math.Log(1e-4), math.Log(1e8)
	for range 100 {
		mid := (low + high) / 2
		if trigamma(math.Exp(mid)) > y {
			low = mid
		} else {
			high = mid
		}
	}
	return math.Exp((low + high) / 2)
}
