package model

import (
	_ "embed" // for the associations
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"voc/analyze/parse"
)

// Associations tell of dictionary words what they suggest by themselves when a customer uses them: a polarity, topics and
// intents. They let the model carry what it learned of some words over to others that no labelled post holds. They are
// immutable and safe for concurrent use.
type Associations struct {
	words           wordTable
	topics, intents parts
}

// wordTable finds associations by the hash of their words.
type wordTable struct {
	perfect
	// list holds each association once, behind one for no word and one for what only begins a word.
	list []association
}

const (
	// placeBits is how much of a slot tells a place in list. The rest are bits of the hash.
	placeBits = 12
	placeMask = 1<<placeBits - 1
	// beginning is the place of what is no word but the beginning of some.
	beginning = 1
)

func newWordTable(words map[uint64]association) (t wordTable, err error) {
	t.list = []association{{}, {none: true}}
	places := map[association]uint64{t.list[beginning]: beginning}
	var entries []uint64
	for _, h := range slices.Sorted(maps.Keys(words)) {
		place, ok := places[words[h]]
		if !ok {
			place = uint64(len(t.list))
			t.list = append(t.list, words[h])
			places[words[h]] = place
		}
		entries = append(entries, mixed(h)&^placeMask|place)
	}
	if len(t.list) > placeMask {
		return t, fmt.Errorf("associations.tsv: %d associations that differ; at most %d are supported", len(t.list), placeMask)
	}
	t.perfect, err = newPerfect(entries)
	return t, err
}

// mixed makes all bits of the hash of a short word count.
func mixed(h uint64) uint64 { return h * spreadBits }

// find is the place of the association of the word with the given hash, or 0.
func (t *wordTable) find(h uint64) uint32 {
	h = mixed(h)
	s := t.slot(Key(h >> rowBits))
	place := uint32(s & placeMask)
	if (s^h)&^placeMask != 0 {
		place = 0
	}
	return place
}

type association struct {
	// side is the polarity from -2 to 2.
	side    int8
	topics  uint32
	intents uint32
	// none says that it is no word but the beginning of some.
	none bool
}

//go:embed associations.tsv
var associations string

// LoadAssociations reads the associations that ship with voc. fold folds a word like the texts it is looked for in.
func LoadAssociations(fold func(string) string) (*Associations, error) {
	a := &Associations{}
	words := map[uint64]association{}
	for n, line := range strings.Split(strings.TrimSuffix(associations, "\n"), "\n") {
		f := append(strings.Split(line, "\t"), "", "", "")
		var x association
		switch f[1] {
		case "++":
			x.side = 2
		case "+":
			x.side = 1
		case "":
		case "-":
			x.side = -1
		case "--":
			x.side = -2
		default:
			return nil, fmt.Errorf("associations.tsv:%d: polarity %q; give one of ++ + - -- or nothing", n+1, f[1])
		}
		var ok, fits bool
		x.topics, ok = setOf(f[2], &a.topics)
		if x.intents, fits = setOf(f[3], &a.intents); !ok || !fits {
			return nil, fmt.Errorf("associations.tsv:%d: more than %d topics or intents in all", n+1, maxIDs)
		}
		word := fold(f[0])
		words[hashString(word)] = x
		for i := range word {
			if _, ok := words[hashString(word[:i])]; !ok {
				words[hashString(word[:i])] = association{none: true}
			}
		}
	}
	var err error
	a.words, err = newWordTable(words)
	return a, err
}

// maxIDs is how many topics, and how many intents, associations can name.
const maxIDs = 32

// setOf is the set of the ids of a list that is separated by blanks or commas. New ids are added to known.
func setOf(list string, known *parts) (set uint32, ok bool) {
	for _, id := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		i := slices.IndexFunc(*known, func(p part) bool { return p.text == id })
		if i < 0 {
			i = len(*known)
			*known = append(*known, partOf(id))
		}
		set |= 1 << i
	}
	return set, len(*known) <= maxIDs
}

// suggestion is an association at the words [first, end) of a field.
type suggestion struct {
	association
	first, end int
}

// longestWord is how many tokens a word with an association may have.
const longestWord = 5

// spelling is what the search for associations needs of a word: the hashes of its dictionary form and of itself, and the
// places of their associations.
type spelling struct {
	base, surface           uint64
	basePlace, surfacePlace uint32
}

// look fills the places. No search waits for another one.
func (a *Associations) look(words []spelling) {
	for i := range words {
		w := &words[i]
		w.basePlace = a.words.find(w.base)
		if w.surfacePlace = w.basePlace; w.surface != w.base {
			w.surfacePlace = a.words.find(w.surface)
		}
	}
}

// find appends the associations of the words of a text, the longest at each place.
func (a *Associations) find(dst []suggestion, d *parse.Doc, words []spelling) []suggestion {
	for i := 0; i < len(d.Tokens); {
		best := suggestion{first: i}
		h := hashStart
		for k := i; k < min(i+longestWord, len(d.Tokens)); k++ {
			t, w := &d.Tokens[k], &words[k]
			if t.POS.IsMark() {
				break
			}
			before, onward, x := h, w.surfacePlace, w.basePlace
			h = w.surface
			if k > i {
				h = hashMore(before, t.Surface)
				onward = a.words.find(h)
				if x = onward; w.base != w.surface {
					x = a.words.find(hashMore(before, t.Base))
				}
			}
			if x == 0 && t.Lemma != t.Base {
				x = a.words.find(hashMore(before, t.Lemma))
			}
			if x > beginning {
				best.association, best.end = a.words.list[x], k+1
			}
			if onward == 0 {
				break
			}
		}
		if best.end == 0 {
			i++
			continue
		}
		dst = append(dst, best)
		i = best.end
	}
	return dst
}

// marks are the modifications that the association of a word is told with.
var marks = [...]struct {
	mods parse.Mod
	part part
}{
	{parse.Desire | parse.Want | parse.Please | parse.Invite, partOf("wished")},
	{parse.Question | parse.Doubt, partOf("asked")},
	{parse.Conditional, partOf("supposed")},
	{parse.Past, partOf("past")},
	{parse.Change, partOf("change")},
	{parse.Partial | parse.DoubleNeg | parse.NotOnly, partOf("partial")},
	{parse.Hearsay | parse.Guess, partOf("reported")},
	{parse.Excess | parse.Hard, partOf("excess")},
}

var (
	sides       = partsOf([]string{"--", "-", "", "+", "++"})
	goodWord    = partOf("good word")
	badWord     = partOf("bad word")
	lastWord    = partOf("last")
	balanceWord = partOf("balance")
	tailWord    = partOf("at the end")
	turnWord    = partOf("before contrast")
	afterWord   = partOf("after contrast")
	topicWord   = partOf("words of")
	sums        = partsOf([]string{"≤-4", "-3", "-2", "-1", "0", "1", "2", "3", "≥4"})
)

// suggest tells what the words of a field suggest.
func (r *Reader) suggest(d *parse.Doc) {
	if r.assoc == nil {
		return
	}
	r.assoc.look(r.spellings)
	r.suggestions = r.assoc.find(r.suggestions[:0], d, r.spellings)
	contrast := r.turned
	lastClause := int32(-1)
	for i := range r.suggestions {
		x := &r.suggestions[i]
		at := x.end - 1
		c := &d.Chunks[d.ChunkOf[at]]
		cl := &d.Clauses[c.Clause]
		clause := r.clauses + int32(c.Clause)
		if int32(c.Clause) != lastClause {
			if lastClause >= 0 && (d.Clauses[lastClause].Link == parse.Contrast || d.Clauses[lastClause].Link == parse.Concede) {
				contrast = true
			}
			lastClause = int32(c.Clause)
			if cl.Lead == parse.Contrast {
				contrast = true
			}
		}
		first, end := r.words+int32(x.first), r.words+int32(x.end)
		sign := signOf(c)
		if x.side != 0 {
			r.noteMarked(&r.told.sides[x.side+2], sign, c, clause, first, end)
			general, value := &r.told.goodWord, int(x.side)
			if x.side < 0 {
				general = &r.told.badWord
			}
			if sign == 1 {
				value = -min(1, max(-1, value))
			}
			r.note(general.plain[sign], clause, first, end)
			if c.Clause == len(d.Clauses)-1 {
				r.note(general.tail[sign], clause, first, end)
			}
			if cl.Link == parse.Contrast || cl.Link == parse.Concede {
				r.note(general.turn[sign], clause, first, end)
			}
			if contrast {
				r.note(general.after[sign], clause, first, end)
			}
			r.balanceOf += value
			r.lastSide = &sides[min(1, max(-1, value))+2]
		}
		for set := x.topics; set != 0; set &= set - 1 {
			k := bits.TrailingZeros32(set)
			r.note(r.told.topics[k], clause, first, end)
			r.topicWords[k]++
		}
		for set := x.intents; set != 0; set &= set - 1 {
			r.noteMarked(&r.told.intents[bits.TrailingZeros32(set)], sign, c, clause, first, end)
		}
	}
	r.turned = contrast
}

// noteMarked notes what a word in a chunk suggests, by itself and with the marks of the chunk.
func (r *Reader) noteMarked(f *marked, sign int, c *parse.Chunk, clause, first, end int32) {
	r.note(f.plain[sign], clause, first, end)
	for m := range marks {
		if c.Mod&marks[m].mods != 0 {
			r.note(f.marks[m][sign], clause, first, end)
		}
	}
}

// suggested tells what the words of the whole post suggest.
func (r *Reader) suggested() {
	if r.assoc == nil {
		return
	}
	n := min(4, max(-4, r.balanceOf)) + 4
	r.put(kindAssoc, &balanceWord, &sums[n], &none, Whole, 0, 0)
	r.put(kindAssoc, &lastWord, r.lastSide, &none, Whole, 0, 0)
	r.put(kindAssoc, &lastWord, r.lastSide, &sums[n], Whole, 0, 0)
	most := uint8(0)
	for _, c := range r.topicWords {
		most = max(most, c)
	}
	for k, c := range r.topicWords {
		if c >= 2 {
			r.put(kindAssoc, &topicWord, &r.assoc.topics[k], &counts[2], Whole, 0, 0)
		}
		if c >= 1 && c == most {
			r.put(kindAssoc, &topicWord, &r.assoc.topics[k], &none, Whole, 0, 0)
		}
	}
	r.put(kindAssoc, &topicWord, &counts[min(3, most)], &none, Whole, 0, 0)
}
