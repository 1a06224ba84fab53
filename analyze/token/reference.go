package token

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ikawaha/kagome-dict/dict"
	kagometrie "github.com/ikawaha/kagome-dict/dict/trie"
	"github.com/ikawaha/kagome/v2/tokenizer"

	"voc/analyze/trie"
)

// Engine names who searches for the best segmentation.
type Engine string

// The engines. Both give the same tokens, but for runs of more than 48 letters of one script that no dictionary knows and
// for bytes that are not UTF-8.
const (
	// Lattice is the search of this package.
	Lattice Engine = "lattice"
	// Kagome is kagome's own tokenizer, which is slower and starts seconds later. It is there to compare with, and to
	// fall back to.
	Kagome Engine = "kagome"
)

// Engines lists the engines.
func Engines() string { return string(Lattice) + ", " + string(Kagome) }

// reference is kagome's tokenizer over the dictionary with the added words among its own.
type reference struct {
	tokenizer *tokenizer.Tokenizer
	// words tell of every word of that dictionary where it comes from.
	words []origin
}

// origin is a word's number among those of its class, as a node has it.
type origin struct {
	id    int32
	class class
}

// WithEngine is the tokenizer with another engine; the empty name stands for Lattice.
func (t *Tokenizer) WithEngine(e Engine) (*Tokenizer, error) {
	other := *t
	other.reference = nil
	switch e {
	case Lattice, "":
		return &other, nil
	case Kagome:
		r, err := newReference(t.d, t.x)
		if err != nil {
			return nil, err
		}
		other.reference = r
		return &other, nil
	}
	return nil, fmt.Errorf("the tokenizer %q is unknown; use one of %s", e, Engines())
}

// newReference adds the words to a copy of the dictionary. Of words that cost the same kagome takes the first, so the
// added ones stand before the dictionary's.
func newReference(d *Dictionary, x *extras) (*reference, error) {
	r := &reference{}
	merged := *d.src
	merged.Morphs, merged.Index = nil, dict.IndexTable{Dup: map[int32]int32{}}
	list := append(spellings(d.src), x.spelled...)
	// A value below 0 is one of the added words.
	for i := len(list) - len(x.spelled); i < len(list); i++ {
		list[i].Value = -1 - list[i].Value
	}
	slices.SortStableFunc(list, func(a, b trie.Word) int {
		if c := strings.Compare(a.Text, b.Text); c != 0 {
			return c
		}
		return int(min(0, a.Value) - min(0, b.Value))
	})
	var keys []string
	var ids []int
	for i, s := range list {
		if i == 0 || list[i-1].Text != s.Text {
			keys, ids = append(keys, s.Text), append(ids, len(merged.Morphs))
		}
		if s.Value < 0 {
			v := -1 - s.Value
			for k, e := range x.words[v] {
				r.words = append(r.words, origin{v<<maxExtraBits | int32(k), added})
				merged.Morphs = append(merged.Morphs, dict.Morph{LeftID: d.oldLeft(e.left()), RightID: d.oldRight(e.right()), Weight: e.weight()})
			}
		} else {
			for id := s.Value; id <= s.Value+d.src.Index.Dup[s.Value]; id++ {
				r.words = append(r.words, origin{d.number[id], known})
				merged.Morphs = append(merged.Morphs, d.src.Morphs[id])
			}
		}
		merged.Index.Dup[int32(ids[len(ids)-1])] = int32(len(merged.Morphs) - ids[len(ids)-1] - 1)
	}
	var err error
	if merged.Index.Da, err = kagometrie.BuildWithIDs(keys, ids); err != nil {
		return nil, fmt.Errorf("dictionary %q with the added words: %w", d.name, err)
	}
	r.tokenizer, err = tokenizer.New(&merged, tokenizer.OmitBosEos())
	return r, err
}

// append adds the tokens of text to dst.
func (w *Worker) appendReference(dst []Token, text string, offset int) []Token {
	if text == "" {
		return dst
	}
	for _, k := range w.t.reference.tokenizer.Tokenize(text) {
		from := origin{int32(k.ID), unknownWord}
		if k.Class == tokenizer.KNOWN {
			from = w.t.reference.words[k.ID]
		}
		x := step{start: int32(k.Start), end: int32(k.End), id: from.id, class: from.class}
		if x.class == known {
			x.word = w.t.d.words[x.id]
		}
		dst = w.token(dst, &x, k.Surface, offset)
	}
	return dst
}
