package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat"
)

// Factor is one thing that a lively week rests on, counted by the week.
type Factor struct {
	Name string // Japanese, as in Text
	Unit string
	// Rising says that more of it is what silences; of everything else, less of it does.
	Rising bool
	Past   []float64 // weeks before, oldest first
	Now    float64
}

// Cause is a factor that changed more than chance explains, in the direction that silences.
type Cause struct {
	Factor
	Usual  float64 // mean of the weeks before
	Change float64 // −0.6 = 60 % fewer
	P      float64
}

// Text is the cause as a Japanese phrase.
func (c Cause) Text() string {
	if c.Usual == 0 {
		return fmt.Sprintf("%sが0%sから%s%sに増えた", c.Name, c.Unit, Count(uint64(c.Now), ""), c.Unit)
	}
	verb := "減った"
	if c.Change > 0 {
		verb = "増えた"
	}
	return fmt.Sprintf("%sが%.0f%%%s(%s%s、通常は%s%s)", c.Name, 100*math.Abs(c.Change), verb, Count(uint64(c.Now), ""), c.Unit, tenths(c.Usual), c.Unit)
}

// Quiet is the verdict about a week.
type Quiet struct {
	Enough bool // there are weeks to compare with
	Quiet  bool // clearly fewer posts than usual
	Posts  Cause
	Causes []Cause // the strongest first; empty when the week is not quiet or nothing stands out
}

// The bounds of a quiet week: what is quiet must be a quarter below the usual and more than chance.
const (
	quietWeeks  = 3
	quietRatio  = 0.75
	quietChance = 0.01
)

// Diagnose says whether a week has clearly fewer posts than the weeks before, and what else changed that explains it.
// A factor that fell with all the rest but not more than by chance is no cause.
func Diagnose(posts Factor, factors []Factor) Quiet {
	q := Quiet{Enough: len(posts.Past) >= quietWeeks}
	q.Posts, _ = judgeFactor(posts)
	if !q.Enough || q.Posts.Usual < 1 || posts.Now > quietRatio*q.Posts.Usual || q.Posts.P > quietChance {
		return q
	}
	q.Quiet = true
	// One of many factors stands out by chance more easily than a single one.
	limit := quietChance / float64(max(1, len(factors)))
	for _, f := range factors {
		if c, ok := judgeFactor(f); ok && c.P <= limit {
			q.Causes = append(q.Causes, c)
		}
	}
	weight := func(c Cause) float64 { return math.Abs(math.Log((c.Now + 0.5) / (c.Usual + 0.5))) }
	slices.SortStableFunc(q.Causes, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(a.Name, b.Name))
	})
	return q
}

// judgeFactor tests a count against its past weeks, whose spread beyond that of a Poisson counts; ok says that it went
// the way that silences.
func judgeFactor(f Factor) (c Cause, ok bool) {
	c = Cause{Factor: f, P: 1}
	if len(f.Past) < 2 {
		return c, false
	}
	mean, variance := stat.MeanVariance(tamed(f.Past, usualReach), nil)
	c.Usual = mean
	if mean > 0 {
		c.Change = f.Now/mean - 1
	}
	c.P = fewer(f.Now, mean, variance, len(f.Past))
	if f.Rising {
		c.P = more(f.Now, mean, variance, len(f.Past))
		return c, f.Now > mean
	}
	return c, f.Now < mean
}

// negativeBinomial returns the size for a mean that is known from n weeks; +Inf is a Poisson.
func negativeBinomial(mean, variance float64, n int) float64 {
	extra := max(0, variance-mean) + mean/float64(n)
	if mean == 0 || extra < 1e-9 {
		return math.Inf(1)
	}
	return mean * mean / extra
}

func fewer(now, mean, variance float64, n int) float64 {
	if mean <= 0 {
		return 1
	}
	r := negativeBinomial(mean, variance, n)
	if math.IsInf(r, 1) {
		return mathext.GammaIncRegComp(now+1, mean)
	}
	return mathext.RegIncBeta(r, now+1, r/(r+mean))
}

func more(now, mean, variance float64, n int) float64 {
	if now <= 0 {
		return 1
	}
	mean = max(mean, 0.5/float64(n)) // never seen counts as half a one in all weeks
	r := negativeBinomial(mean, variance, n)
	if math.IsInf(r, 1) {
		return mathext.GammaIncReg(now, mean)
	}
	return mathext.RegIncBeta(now, r, mean/(r+mean))
}
