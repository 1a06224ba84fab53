package stats

import (
	"math"
	"testing"
	"time"
)

func TestTheilSen(t *testing.T) {
	// Slopes of (0,1) (1,3) (2,4) (3,100): 2, 1.5, 1, 33, 48.5, 96; the median is (2+33)/2.
	near(t, "slope", TheilSen([]float64{1, 3, 4, 100}, Level95).Slope, 17.5, 1e-12)
	line := TheilSen([]float64{10, 12, 14, 16, 500, 20, 22, 24, 26}, Level95)
	near(t, "slope with one wild value", line.Slope, 2, 1e-12)
	near(t, "intercept", line.Intercept, 10, 1e-12)
	near(t, "slope over a gap", TheilSen([]float64{1, math.NaN(), 5, 7}, Level95).Slope, 2, 1e-12)
	near(t, "slope of one value", TheilSen([]float64{1}, Level95).Slope, math.NaN(), 0)
	if ci := TheilSen([]float64{1, 2, 3}, Level95).CI; !math.IsInf(ci.Low, -1) || !math.IsInf(ci.High, 1) {
		t.Errorf("interval of three values is %v, want infinite", ci)
	}
	// Kendall's variance of 4 values is 4·3·13/18, minus 2·1·9/18 for one pair of ties.
	near(t, "variance", kendallVariance([]float64{1, 2, 2, 3}), 4*3*13.0/18-1, 1e-12)
}

func TestTheilSenCoverage(t *testing.T) {
	r := rng(2)
	hold := 0
	const rounds = 1000
	for range rounds {
		ys := make([]float64, 12)
		for i := range ys {
			ys[i] = 3*float64(i) + 10*r.NormFloat64()
		}
		if TheilSen(ys, Level95).CI.Contains(3) {
			hold++
		}
	}
	if c := float64(hold) / rounds; c < 0.92 || c > 0.99 {
		t.Errorf("interval holds the true slope in %.3f of series, want 0.92 to 0.99", c)
	}
}

func TestMedian(t *testing.T) {
	xs := []float64{5, 1, 4, 2}
	near(t, "median", Median(xs), 3, 0)
	if xs[0] != 5 {
		t.Error("Median changed its argument")
	}
	near(t, "mad of 1 1 2 2 4 6 9", mad([]float64{1, 1, 2, 2, 4, 6, 9}), 1.4826, 1e-12)
}

func TestSeasonalMeans(t *testing.T) {
	tokyo := time.FixedZone("Asia/Tokyo", 9*3600)
	start := time.Date(2026, 11, 2, 0, 0, 0, 0, tokyo) // a Monday
	counts := []HourlyCount{{start.Add(9 * time.Hour), 10}, {start.Add((168 + 9) * time.Hour), 20}}
	m := SeasonalMeans(counts, start, start.AddDate(0, 0, 14))
	near(t, "Monday 9:00", m[9], 15, 0)
	near(t, "Monday 10:00", m[10], 0, 0)
	if h := HourOfWeek(start.Add(-time.Minute)); h != 167 {
		t.Errorf("the minute before Monday is in hour %d, want 167", h)
	}
}
