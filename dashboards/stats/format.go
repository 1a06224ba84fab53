package stats

import (
	"math"
	"strconv"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// unknown is printed where a number cannot be known.
const unknown = "—"

// Percent prints a share with one decimal, 0.15 as "15.0%"; halves round away from zero, as a hand calculation does.
func Percent(share float64) string {
	if !finite(share) {
		return unknown
	}
	return tenths(share*100) + "%"
}

// PercentRange prints an interval of shares, as in "15.0–26.1%".
func PercentRange(ci Interval) string {
	if !finite(ci.Low) || !finite(ci.High) {
		return unknown
	}
	return tenths(ci.Low*100) + "–" + tenths(ci.High*100) + "%"
}

// String prints the share with its 95% Wilson interval and its numbers, as in "20.0%(15.0–26.1%、40/200件)".
func (s Share) String() string {
	if s.Total == 0 {
		return unknown
	}
	return Percent(s.Value()) + "(" + PercentRange(s.Wilson(Level95)) + "、" + Count(s.Hits, "") + "/" + Count(s.Total, "件") + ")"
}

// Count prints a number with thousands separators and its Japanese counter, as in "1,234件" or "20人".
func Count(n uint64, counter string) string {
	return message.NewPrinter(language.Japanese).Sprintf("%d", n) + counter
}

// Points prints a difference of shares in percentage points, as in "+3.2pt" and "−0.4pt"; nothing is "±0.0pt".
func Points(diff float64) string {
	if !finite(diff) {
		return unknown
	}
	return signed(tenths(diff*100)) + "pt"
}

// Growth prints a ratio of now over before as a change in whole percent: 1.6 as "+60%", 0.5 as "−50%". Something out
// of nothing is "新規".
func Growth(ratio float64) string {
	switch {
	case math.IsInf(ratio, 1):
		return "新規"
	case !finite(ratio):
		return unknown
	}
	return signed(strconv.FormatFloat(math.Round((ratio-1)*100)+0, 'f', 0, 64)) + "%"
}

// Times prints a ratio as a multiple, 2.52 as "2.5倍".
func Times(ratio float64) string {
	if !finite(ratio) {
		return unknown
	}
	return tenths(ratio) + "倍"
}

// tenths rounds to one decimal, halves away from zero, and never prints a negative zero.
func tenths(x float64) string {
	// The nudge undoes binary representation: 0.0625*100 is exact, 0.1235*100 is not, and both end in a five.
	r := math.Round(x*10+math.Copysign(1e-9, x)) / 10
	return strconv.FormatFloat(r+0, 'f', 1, 64)
}

// signed puts a sign before a printed number; the minus is U+2212, which is as wide as the plus.
func signed(s string) string {
	if s[0] == '-' {
		return "−" + s[1:]
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil && v == 0 {
		return "±" + s
	}
	return "+" + s
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
