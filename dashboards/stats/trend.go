package stats

import (
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
)

// Trend is a robust straight line through a series of equally spaced values.
type Trend struct {
	Slope     float64  // change per step, the median of all pairwise slopes; NaN with fewer than two values
	Intercept float64  // value at step 0, the median of y − Slope·step
	CI        Interval // of the slope at the level asked for, infinite when the series is too short to say
}

// TheilSen fits a line through (0, ys[0]), (1, ys[1]), … that up to 29% of wild values cannot bend, with Sen's
// interval for the slope from the variance of Kendall's score with ties. NaN values are left out, so a missing week
// does not shift the others. It compares all pairs: meant for series of weeks, not of seconds.
func TheilSen(ys []float64, level float64) Trend {
	slopes := make([]float64, 0, len(ys)*(len(ys)-1)/2)
	var seen []float64
	for i, y := range ys {
		if math.IsNaN(y) {
			continue
		}
		for j := range i {
			if !math.IsNaN(ys[j]) {
				slopes = append(slopes, (y-ys[j])/float64(i-j))
			}
		}
		seen = append(seen, y)
	}
	t := Trend{Slope: math.NaN(), Intercept: math.NaN(), CI: Interval{math.Inf(-1), math.Inf(1)}}
	if len(slopes) == 0 {
		return t
	}
	slices.Sort(slopes)
	t.Slope = medianSorted(slopes)
	rest := make([]float64, 0, len(seen))
	for i, y := range ys {
		if !math.IsNaN(y) {
			rest = append(rest, y-t.Slope*float64(i))
		}
	}
	t.Intercept = Median(rest)

	reach := normalQuantile(level) * math.Sqrt(kendallVariance(seen))
	n := float64(len(slopes))
	low, high := int(math.Floor((n-reach)/2)), int(math.Ceil((n+reach)/2))
	if low >= 1 && high < len(slopes) {
		t.CI = Interval{slopes[low-1], slopes[high]}
	}
	return t
}

// kendallVariance returns the variance of Kendall's S under no trend, corrected for tied values.
func kendallVariance(ys []float64) float64 {
	term := func(n float64) float64 { return n * (n - 1) * (2*n + 5) / 18 }
	sorted := slices.Sorted(slices.Values(ys))
	v := term(float64(len(sorted)))
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j] == sorted[i] {
			j++
		}
		v -= term(float64(j - i))
		i = j
	}
	return v
}

// Median returns the middle value, the mean of the middle two for an even number, NaN for none. xs is not changed.
func Median(xs []float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	sorted := slices.Clone(xs)
	slices.Sort(sorted)
	return medianSorted(sorted)
}

func medianSorted(xs []float64) float64 {
	mid := len(xs) / 2
	if len(xs)%2 == 1 {
		return xs[mid]
	}
	return (xs[mid-1] + xs[mid]) / 2
}

// mad returns the median absolute deviation from the median, scaled to the standard deviation of a normal.
func mad(xs []float64) float64 {
	m := Median(xs)
	dev := make([]float64, len(xs))
	for i, x := range xs {
		dev[i] = math.Abs(x - m)
	}
	return 1.4826 * Median(dev)
}

// HourOfWeek is 0 for Monday 00:00–01:00 to 167 for Sunday 23:00–24:00, in the zone of t.
func HourOfWeek(t time.Time) int { return (int(t.Weekday())+6)%7*24 + t.Hour() }

// HourlyCount is how many posts fell into the hour that starts at Hour, in the calendar's zone.
type HourlyCount struct {
	Hour  time.Time
	Posts uint64
}

// SeasonalMeans returns the mean posts of each hour of the week, Monday 00:00 first, over the weeks from start (the
// first hour counted) to end (exclusive). Hours without a row count as zero, hours that the range never holds are NaN.
func SeasonalMeans(counts []HourlyCount, start, end time.Time) [168]float64 {
	var samples [168][]float64
	at := make(map[int64]uint64, len(counts))
	for _, c := range counts {
		at[c.Hour.Unix()] += c.Posts
	}
	for h := start; h.Before(end); h = h.Add(time.Hour) {
		i := HourOfWeek(h)
		samples[i] = append(samples[i], float64(at[h.Unix()]))
	}
	var means [168]float64
	for i, s := range samples {
		means[i] = stat.Mean(s, nil)
	}
	return means
}
