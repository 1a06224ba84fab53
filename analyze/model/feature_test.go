package model

import (
	"slices"
	"testing"

	"voc/analyze/lexicon"
)

// all are the features told beforehand, in a fixed order.
func (f *features) all() []feature {
	list := slices.Concat(f.grammar, f.lastGrammar, f.mods, f.links, f.leads, f.topics, []feature{f.quoted}, f.good[:], f.bad[:])
	for _, s := range slices.Concat(f.kinds, f.classes) {
		list = append(list, s[:]...)
	}
	for _, m := range slices.Concat(f.sides, f.intents) {
		list = append(list, m.plain[:]...)
		for _, s := range m.marks {
			list = append(list, s[:]...)
		}
	}
	for _, g := range []generally{f.goodWord, f.badWord} {
		list = slices.Concat(list, g.plain[:], g.tail[:], g.turn[:], g.after[:])
	}
	for _, s := range f.senses {
		list = slices.Concat(list, []feature{s.plain}, s.links, s.flags)
	}
	return list
}

// What is told beforehand with weights are the rows of what is told without: by its key.
func TestFeaturesToldBeforehand(t *testing.T) {
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	assoc, err := LoadAssociations(func(s string) string { return s })
	if err != nil {
		t.Fatal(err)
	}
	w, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	rows, keys := NewReader(lex, assoc, w), NewReader(lex, assoc, nil)
	told, known := rows.told.all(), 0
	for i, f := range keys.told.all() {
		x, row := Seen{id: uint64(f)}, w.Find(Key(f&keyMask))
		got := Seen{id: uint64(told[i])}
		switch {
		case row < 0 && told[i] != 0:
			t.Errorf("feature %d: %x stands for a key that the weights do not know", i, told[i])
		case row >= 0 && (told[i]&found == 0 || int32(told[i]&rowMask) != row || got.Kind() != x.Kind()):
			t.Errorf("feature %d: %x has not row %d of kind %s", i, told[i], row, x.Kind())
		case row >= 0:
			known++
		}
	}
	if known < 200 {
		t.Errorf("the weights know %d of %d features, want more", known, len(told))
	}
	// Names need keys, also with weights.
	rows.Name()
	for i, f := range rows.told.all() {
		if f&found != 0 || rows.NameOf(Key(f&keyMask)) == "" {
			t.Fatalf("feature %d: %x has no name", i, f)
		}
	}
	list := []Seen{{id: uint64(keys.told.grammar[0])}, {id: uint64(rows.told.good[0])}, {id: found | 7}}
	got := make([]int32, len(list))
	w.find(got, nil, list)
	if got[2] != 7 {
		t.Errorf("a row found beforehand is found at %d", got[2])
	}
}
