package model

import (
	"math"
	"testing"
)

func TestShareOf(t *testing.T) {
	for n := range int32(len(inverses) + 3) {
		for weight := int32(math.MinInt16); weight <= math.MaxInt16; weight++ {
			want := int32(0)
			if n > 0 {
				want = weight / n
			}
			if got := shareOf(weight, n); got != want {
				t.Fatalf("%d of %d words: %d, want %d", weight, n, got, want)
			}
		}
	}
}
