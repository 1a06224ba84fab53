package pattern_test

import (
	"slices"
	"testing"

	"voc/analyze/pattern"
)

func TestLists(t *testing.T) {
	want := map[pattern.ID][]int32{0: {4}, 63: {1, 2, 3}, 64: {9}, 300: {7, 7}}
	lists := pattern.NewLists(want)
	for id := range pattern.ID(1000) {
		if got := lists.Of(id); !slices.Equal(got, want[id]) {
			t.Errorf("phrase %d has the list %v, want %v", id, got, want[id])
		}
	}
	var none pattern.Lists
	if got := none.Of(5); got != nil {
		t.Errorf("a phrase of no lists has %v", got)
	}
}
