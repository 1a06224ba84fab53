package token

import (
	_ "embed"
	"iter"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/ikawaha/kagome-dict/dict"
)

// sample is posts of many kinds. How often their words are looked up decides what lies together in the memory, and
// nothing else.
//
//go:embed sample.txt
var sample string

// Sample gives posts of many kinds, for those who order their memory by how often it is asked for.
func Sample() iter.Seq[string] { return strings.SplitSeq(strings.TrimSpace(sample), "\n") }

// usage guesses how often the parts of a dictionary are looked up: its words, and its connection ids on either side.
type usage struct {
	words       []float64
	left, right []float64
}

// lookup is what one look-up in the sample counts for, beside a heat of heatOf: words of the sample are hotter than all
// others.
const lookup = 1000

// usageOf reads the sample with a dictionary whose words are followed by more words of the same spelling.
func usageOf(d *dict.Dict, more []uint8) *usage {
	u := &usage{words: make([]float64, len(d.Morphs)), left: make([]float64, d.Connection.Col), right: make([]float64, d.Connection.Row)}
	for id, m := range d.Morphs {
		u.words[id] = heatOf(m)
		u.connect(m, u.words[id])
	}
	for _, m := range d.UnkDict.Morphs {
		u.connect(m, heatOf(m))
	}
	for post := range Sample() {
		for at, r := range post {
			u.look(d, more, post[at:], r)
		}
	}
	return u
}

// look counts the words that text begins with, and the guesses for its first rune.
func (u *usage) look(d *dict.Dict, more []uint8, text string, r rune) {
	found := false
	d.Index.Da.CommonPrefixSearchCallback(text, func(first, size int) {
		if size < len(text) && !utf8.RuneStart(text[size]) {
			return
		}
		found = true
		for id := first; id <= first+int(more[first]); id++ {
			u.words[id] += lookup
			u.connect(d.Morphs[id], lookup)
		}
	})
	category := d.CharacterCategory(r)
	if found && !d.InvokeList[category] {
		return
	}
	first := d.UnkDict.Index[int32(category)]
	for id := first; id <= first+d.UnkDict.IndexDup[int32(category)]; id++ {
		u.connect(d.UnkDict.Morphs[id], lookup)
	}
}

func (u *usage) connect(m dict.Morph, heat float64) {
	u.left[m.LeftID] += heat
	u.right[m.RightID] += heat
}

// heatOf guesses from the cost of a word how frequent it is.
func heatOf(m dict.Morph) float64 { return math.Exp(-float64(m.Weight) / 800) }
