package report

import (
	"cmp"
	"slices"
)

func sortBy[T any](list []T, compare func(x, y T) int) { slices.SortStableFunc(list, compare) }

// compareDesc puts the larger number first and settles ties by text.
func compareDesc(x, y uint64, xText, yText string) int {
	return cmp.Or(cmp.Compare(y, x), cmp.Compare(xText, yText))
}
