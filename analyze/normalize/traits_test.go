package normalize

import (
	"slices"
	"testing"
)

// TestTraitFolds holds the characters that are taken as they are against their folding behind a letter that takes a
// voicing mark.
func TestTraitFolds(t *testing.T) {
	n := New(nil)
	kept := 0
	for i := range n.traits {
		r := rune(i)
		if n.traits[i]&folds != 0 {
			continue
		}
		kept++
		var want, got Buffer
		want.push('か', 0, 1)
		want.push(r, 1, 2)
		got.push('か', 0, 1)
		foldRune(&got, r, 1)
		if !slices.Equal(got.Runes, want.Runes) || !slices.Equal(got.From, want.From) || !slices.Equal(got.To, want.To) {
			t.Errorf("%q is taken as it is and folds to %q", r, string(got.Runes[1:]))
		}
	}
	for _, r := range "あ漢「」・々→" {
		if n.traits[r]&folds != 0 {
			t.Errorf("%q is folded", r)
		}
	}
	if kept == len(n.traits) {
		t.Error("nothing is folded")
	}
}
