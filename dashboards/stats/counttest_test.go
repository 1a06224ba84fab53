package stats

import (
	"math"
	"testing"
)

func TestConditional(t *testing.T) {
	// 3 of 4 at one half: P(Y ≥ 3) = (4+1)/16, P(Y ≤ 3) = 15/16.
	lower, upper := conditional(3, 1, 0.5, 1)
	near(t, "binomial upper", upper, 5.0/16, 1e-12)
	near(t, "binomial lower", lower, 15.0/16, 1e-12)
	// Size 4/(2−1) = 4, a = b = 2: beta-binomial(4; 2, 2) is 5 8 9 8 5 over 35.
	lower, upper = conditional(3, 1, 0.5, 2)
	near(t, "beta-binomial upper", upper, 13.0/35, 1e-12)
	near(t, "beta-binomial lower", lower, 30.0/35, 1e-12)
	lower, upper = conditional(1, 3, 0.5, 2)
	near(t, "mirrored lower", lower, 13.0/35, 1e-12)
	near(t, "mirrored upper", upper, 30.0/35, 1e-12)
	for _, y := range []uint64{0, 5, 40} {
		l0, u0 := conditional(y, 300, 1.0/9, 1)
		l1, u1 := conditional(y, 300, 1.0/9, 1+1e-5)
		near(t, "continuity of the upper tail", u1, u0, 1e-4)
		near(t, "continuity of the lower tail", l1, l0, 1e-4)
	}
	// All tails of a wide and U-shaped law sum up.
	lower, upper = conditional(7, 13, 1.0/9, 9)
	l6, _ := conditional(6, 14, 1.0/9, 9)
	near(t, "complement", l6+upper, 1, 1e-12)
	if lower <= l6 {
		t.Errorf("lower tail %v does not grow beyond %v", lower, l6)
	}
	if l, u := conditional(0, 0, 0.5, 2); l != 1 || u != 1 {
		t.Errorf("tails of no posts are %v and %v, want 1", l, u)
	}
	if _, u := conditional(4000, 100, 1.0/9, 1.5); !(u >= 0 && u < 1e-100) {
		t.Errorf("tail of an extreme count is %v", u)
	}
}

func TestStudentize(t *testing.T) {
	// Two-sided normal 1.959964; Student's t with 7 degrees of freedom has P(|T| > 1.959964) = 0.0908.
	near(t, "seven degrees", studentize(0.05, 7), 0.0908, 1e-4)
	near(t, "infinite degrees", studentize(0.05, math.Inf(1)), 0.05, 0)
	near(t, "one", studentize(1, 7), 1, 0)
	if p := studentize(1e-250, 50); !(p >= 0 && p < 1e-20) {
		t.Errorf("tiny p becomes %v", p)
	}
}

func TestBenjaminiHochberg(t *testing.T) {
	// By hand, m = 4: 0.01·4/1, 0.02·4/2, 0.03·4/3, 0.5·4/4, then made monotone.
	q := BenjaminiHochberg([]float64{0.03, 0.5, math.NaN(), 0.01, 0.02})
	for i, want := range []float64{0.04, 0.5, math.NaN(), 0.04, 0.04} {
		near(t, "q", q[i], want, 1e-12)
	}
	if len(BenjaminiHochberg(nil)) != 0 {
		t.Error("no tests must give no values")
	}
}

func TestRatioInterval(t *testing.T) {
	// 16 now against 80 in 8 weeks: ratio 1.6; the interval must hold it and shrink with more posts.
	few := ratioInterval(16, 80, 1.0/9, 1)
	many := ratioInterval(160, 800, 1.0/9, 1)
	if !few.Contains(1.6) || !many.Contains(1.6) || many.High-many.Low >= few.High-few.Low {
		t.Errorf("intervals %v and %v", few, many)
	}
	if wide := ratioInterval(160, 800, 1.0/9, 4); wide.Low >= many.Low || wide.High <= many.High {
		t.Errorf("interval %v with dispersion 4 is not wider than %v", wide, many)
	}
	if none := ratioInterval(5, 0, 0.5, 1); !math.IsInf(none.High, 1) {
		t.Errorf("interval out of nothing ends at %v", none.High)
	}
}

func TestTrigamma(t *testing.T) {
	near(t, "trigamma(1)", trigamma(1), math.Pi*math.Pi/6, 1e-9)
	for _, x := range []float64{0.01, 0.5, 3.5, 1000} {
		near(t, "inverse", trigammaInverse(trigamma(x))/x, 1, 1e-6)
	}
}

func TestScatter(t *testing.T) {
	// 8 and 12 with equal exposure: mean 10, (4+4)/10 over one degree of freedom.
	s := newScatter([]float64{8, 12}, []float64{1, 1}, 3)
	near(t, "pearson", s.pearson, 0.8, 1e-12)
	near(t, "author", s.author, 3, 0)
	// Exposure 1:3 explains 5 and 15 in full.
	near(t, "explained", newScatter([]float64{5, 15}, []float64{100, 300}, 1).pearson, 0, 1e-12)
}

// fitPrior must find the scale and weight of scaled-F scatters.
func TestFitPrior(t *testing.T) {
	r := rng(3)
	chi := func(df int) float64 {
		var v float64
		for range df {
			z := r.NormFloat64()
			v += z * z
		}
		return v
	}
	var all []scatter
	for range 2000 {
		trueDispersion := 1.5 * 12 / chi(12) // inverse chi-square with 12 degrees around 1.5
		all = append(all, scatter{pearson: trueDispersion * chi(7) / 7, df: 7, mean: 50, author: 2})
	}
	p := fitPrior(all)
	near(t, "scale", p.scale*2, 1.5, 0.1)
	near(t, "df", p.df, 12, 3)
	if few := fitPrior(all[:5]); few.scale != 1 || few.df != priorDF || !few.authors {
		t.Errorf("prior from five series is %+v, want the default", few)
	}
	phi, df := p.dispersion(scatter{author: 4, df: 0, mean: 50})
	if phi < 4 || df != p.df {
		t.Errorf("without history dispersion is %v with %v degrees; want at least the authors' 4", phi, df)
	}
}
