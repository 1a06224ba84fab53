package eval

import (
	"math"
	"testing"
)

// The bounds were computed by hand with z = 1.959964: for 40/200, p = 0.2, z²/n = 0.019207, so the centre is
// (0.2 + 0.0096036)/1.019207 = 0.205653 and the half width 1.959964·√(0.2·0.8/200 + 0.019207/800)/1.019207 = 0.055199.
func TestWilson(t *testing.T) {
	tests := []struct {
		hits, total int
		low, high   float64
	}{
		{40, 200, 0.150454, 0.260852},
		{0, 10, 0, 0.277533},
		{10, 10, 0.722467, 1},
		{1, 2, 0.094531, 0.905469},
		{0, 0, 0, 1},
	}
	for _, tt := range tests {
		low, high := Wilson(tt.hits, tt.total)
		if math.Abs(low-tt.low) > 1e-5 || math.Abs(high-tt.high) > 1e-5 {
			t.Errorf("Wilson(%d, %d) = %.6f, %.6f; want %.6f, %.6f", tt.hits, tt.total, low, high, tt.low, tt.high)
		}
	}
	if got, want := NewProportion(40, 200).String(), "20.0% [15.0–26.1] 40/200"; got != want {
		t.Errorf("printed as %q, want %q", got, want)
	}
	if got := NewProportion(0, 0).String(); got != "–" {
		t.Errorf("a share of nothing is printed as %q", got)
	}
}

func TestF1(t *testing.T) {
	// Precision 2/3, recall 2/4: F1 = 2·(1/3)/(7/6) = 4/7.
	if got := f1(2, 1, 2); math.Abs(got-4.0/7) > 1e-12 {
		t.Errorf("f1(2,1,2) = %v, want 4/7", got)
	}
	if got := f1(0, 3, 0); got != 0 {
		t.Errorf("f1 with only wrong tags = %v, want 0", got)
	}
	if got := f1(0, 0, 0); !math.IsNaN(got) {
		t.Errorf("f1 of nothing = %v, want NaN", got)
	}
}

// mean is the weighted mean of the whole numbers from 0.
func mean(weight []int, out []float64) {
	sum, n := 0, 0
	for i, w := range weight {
		sum, n = sum+i*w, n+w
	}
	out[0] = float64(sum) / float64(n)
}

func TestBootstrap(t *testing.T) {
	// The mean of 0…99 is 49.5, the standard deviation of the mean of 100 draws is √((100²−1)/12)/10 = 2.887, so the
	// 95 % interval is close to 49.5 ± 5.66.
	est := Bootstrap{Resamples: 4000, Seed: 7}.run(100, 1, mean)[0]
	if est.Value != 49.5 || math.Abs(est.Low-43.84) > 0.5 || math.Abs(est.High-55.16) > 0.5 {
		t.Errorf("bootstrap of the mean of 0…99 = %+v, want 49.5 and about 43.8 to 55.2", est)
	}
	if again := (Bootstrap{Resamples: 4000, Seed: 7}).run(100, 1, mean)[0]; again != est {
		t.Errorf("the same seed gave %+v, then %+v", est, again)
	}
	if other := (Bootstrap{Resamples: 4000, Seed: 8}).run(100, 1, mean)[0]; other == est {
		t.Error("another seed gave the very same interval")
	}
	if none := (Bootstrap{Resamples: -1}).run(100, 1, mean)[0]; none != (Estimate{Value: 49.5, Low: 49.5, High: 49.5, Defined: true}) {
		t.Errorf("without resampling = %+v, want a point", none)
	}
	undefined := func(_ []int, out []float64) { out[0] = math.NaN() }
	if got := (Bootstrap{}).run(3, 1, undefined)[0]; got.Defined {
		t.Errorf("an undefined figure came out as %+v", got)
	}
	if got := (Bootstrap{}).run(0, 1, undefined)[0]; got.Defined {
		t.Errorf("a figure of no posts came out as %+v", got)
	}
}
