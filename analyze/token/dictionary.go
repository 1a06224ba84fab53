package token

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/ikawaha/kagome-dict/dict"
	"github.com/ikawaha/kagome-dict/ipa"

	"voc/analyze/trie"
)

// Dictionary is a kagome dictionary prepared for the lattice: the spellings as a trie that holds what the lattice needs to
// know of most words, the connection costs, and what is known of the words of a segmentation. All of it lies in the memory
// by how often it is asked for. It is immutable and shared by every Tokenizer.
type Dictionary struct {
	name  string
	src   *dict.Dict
	index *trie.Trie
	// A value of the index is a place in lists when it has the bit many, else the place of a word's connection ids in
	// pairs above its cost.
	pairs []pair
	// A spelling has its words in lists in a row, the last one marked. Words that another one of the same spelling always
	// wins against are left out.
	lists []listed
	// The first word of a spelling has the number of its state in the index; those of further words are above all states.
	words []word
	// number leads from the dictionary's numbers of words to ours.
	number []int32
	// bases are the dictionary forms of the words, one behind the other.
	bases string
	// kinds are the kinds of words there are.
	kinds []kind
	// readings are the words' readings one behind the other; that of a word ends where readingEnds says, and begins where
	// the one before it ends. Empty without readings.
	readings    string
	readingEnds []uint32
	// surnames are the spellings of all surnames; complete says that the dictionary tells all of them.
	surnames []string
	complete bool
	// guesses are the entries for unknown words, and guessed which of them belong to a character category.
	guesses []guess
	guessed [256]entries
	// invoked and grouped tell of the categories whether their characters are guessed to be words beside those of the
	// dictionary, and whether a run of them is one word.
	invoked, grouped [256]bool
	letters          []letter
	connections
}

const (
	// many marks the values of spellings that stand for more than one word, or for one whose pair has no place in a value.
	many = 1 << 30
	// maxPairs is how many pairs values can tell apart.
	maxPairs = many >> 16
	// last marks the last link of a spelling.
	last = link(1) << 63
)

// listed is a word of a spelling that has several.
type listed struct {
	link
	number int32
}

// word is what is known of a word beside its link.
type word struct {
	// base is where in bases the dictionary form begins, baseSize its length; 0 when it is as the word is spelled.
	base     uint32
	baseSize uint16
	pos      POS
	form     Form
	// kind is the place in Dictionary.kinds.
	kind uint8
}

// guess is an entry for unknown words.
type guess struct {
	link
	pos POS
}

// letter is what is known of a character below 1<<16: its code in the index, its category and, when isMarkRune says that it is
// a mark, of which kind.
type letter struct {
	code     uint16
	category uint8
	mark     POS
}

// kind is what the dictionary says of words that it treats alike.
type kind struct {
	// name is the part of speech in the dictionary's own words, each level with a comma behind it.
	name   string
	pos    POS
	proper Proper
}

// entries are count entries from first on.
type entries struct{ first, count int32 }

// IPA gives the IPA dictionary, loaded once per process (about 1.5 s).
var IPA = sync.OnceValues(func() (*Dictionary, error) { return NewDictionary("ipa", ipa.Dict()) })

// NewDictionary prepares a kagome dictionary. The name goes into the analyzer's revision.
func NewDictionary(name string, d *dict.Dict) (*Dictionary, error) {
	if d == nil || len(d.Morphs) == 0 {
		return nil, fmt.Errorf("dictionary %q holds no words; give a built kagome dictionary", name)
	}
	more := make([]uint8, len(d.Morphs))
	for id, n := range d.Index.Dup {
		if n > 255 || id < 0 || int(id)+int(n) >= len(more) {
			return nil, fmt.Errorf("dictionary %q: word %d has %d spellings alike; at most 255 are supported", name, id, n)
		}
		more[id] = uint8(n)
	}
	u := usageOf(d, more)
	out := &Dictionary{name: name, src: d, connections: newConnections(d, u)}
	list := spellings(d)
	for i := range list {
		for id := list[i].Value; id <= list[i].Value+int32(more[list[i].Value]); id++ {
			list[i].Heat += u.words[id]
		}
	}
	out.index = trie.New(list)
	if err := out.describe(list, more, out.link(more)); err != nil {
		return nil, err
	}
	out.guess()
	out.letters = make([]letter, 1<<16)
	for r := range out.letters {
		out.letters[r] = letter{code: uint16(out.index.Code(rune(r))), category: d.CharacterCategory(rune(r))}
		if isMarkRune(rune(r)) {
			out.letters[r].mark = kindOfMark(rune(r))
		}
	}
	return out, nil
}

// link numbers the words, fills what the lattice needs of them, and returns the dictionary's numbers of ours: -1 for a
// state that ends no spelling.
func (d *Dictionary) link(more []uint8) []int32 {
	source := slices.Repeat([]int32{-1}, d.index.States())
	d.number = make([]int32, len(more))
	places := map[pair]int{}
	d.index.Relabel(func(state, id int32) int32 {
		end := id + int32(more[id]) + 1
		d.number[id], source[state] = state, id
		for k := id + 1; k < end; k++ {
			d.number[k] = int32(len(source))
			source = append(source, k)
		}
		list := d.winners(id, end)
		w := list[0]
		at, ok := places[pair(w.link)]
		if !ok {
			at = len(d.pairs)
			d.pairs = append(d.pairs, pair(w.link))
			places[pair(w.link)] = at
		}
		if len(list) == 1 && w.number == state && at < maxPairs {
			return int32(at)<<16 | int32(uint16(w.weight()))
		}
		value := many | int32(len(d.lists))
		list[len(list)-1].link |= last
		d.lists = append(d.lists, list...)
		return value
	})
	return source
}

// winners are the words [id, end) of one spelling but for those that connect like another one that is cheaper, or as
// cheap and before them: no segmentation has them.
func (d *Dictionary) winners(id, end int32) []listed {
	words := d.src.Morphs[id:end]
	list := make([]listed, 0, len(words))
	for k, m := range words {
		loses := false
		for i, o := range words {
			loses = loses || o.LeftID == m.LeftID && o.RightID == m.RightID && (o.Weight < m.Weight || o.Weight == m.Weight && i < k)
		}
		if !loses {
			list = append(list, listed{linkOf(d.pair(m.LeftID, m.RightID), m.Weight, known), d.number[id+int32(k)]})
		}
	}
	return list
}

// Release lets go of what of kagome's dictionary only kagome's own users read, 75 MB of IPA: what its tokens tell of
// themselves. The dictionary that NewDictionary was given is changed.
func (d *Dictionary) Release() {
	d.src.Contents, d.src.POSTable = nil, dict.POSTable{}
}

// describe fills the words, whose spellings and numbers in the dictionary are given.
func (d *Dictionary) describe(list []trie.Word, more []uint8, source []int32) error {
	spelled := make([]string, len(more))
	for _, s := range list {
		for k := range int32(more[s.Value]) + 1 {
			spelled[s.Value+k] = s.Text
		}
	}
	d.words = make([]word, len(source))
	baseAt := indexOf(d.src.ContentsMeta, dict.BaseFormIndex)
	formAt := indexOf(d.src.ContentsMeta, dict.InflectionalForm)
	readingAt := indexOf(d.src.ContentsMeta, dict.ReadingIndex)
	var buf []string
	kinds := map[string]uint8{}
	bases := map[string]uint32{}
	var all, readings []byte
	var key []byte
	d.kinds = []kind{{}} // that of states that end no spelling
	d.complete = baseAt >= 0
	for n, id := range source {
		if id < 0 {
			if readingAt >= 0 {
				d.readingEnds = append(d.readingEnds, uint32(len(readings)))
			}
			continue
		}
		buf = features(d.src, int(id), buf[:0])
		key = key[:0]
		for i := 0; i < 4 && i < len(buf); i++ {
			key = append(append(key, buf[i]...), ',')
		}
		k, ok := kinds[string(key)]
		if !ok {
			if len(d.kinds) > math.MaxUint8 {
				return fmt.Errorf("dictionary %q has more than 256 kinds of words; at most these are supported", d.name)
			}
			k = uint8(len(d.kinds))
			kinds[string(key)] = k
			d.kinds = append(d.kinds, kind{name: string(key), pos: classify(buf), proper: properOf(buf)})
		}
		w := &d.words[n]
		w.pos, w.kind = d.kinds[k].pos, k
		if formAt >= 0 && formAt < len(buf) {
			w.form = formOf(buf[formAt])
		}
		if readingAt >= 0 {
			if readingAt < len(buf) && buf[readingAt] != "*" {
				readings = append(readings, buf[readingAt]...)
			}
			d.readingEnds = append(d.readingEnds, uint32(len(readings)))
		}
		if d.kinds[k].proper == Surname {
			if baseAt >= 0 && baseAt < len(buf) && buf[baseAt] == spelled[id] {
				d.surnames = append(d.surnames, spelled[id])
			} else {
				d.complete = false
			}
		}
		if baseAt < 0 || baseAt >= len(buf) || buf[baseAt] == "*" {
			continue
		}
		base := buf[baseAt]
		if base == spelled[id] {
			continue // a token without a dictionary form has its spelling for one
		}
		at, ok := bases[base]
		if !ok {
			if len(base) > math.MaxUint16 || len(all) > math.MaxUint32-len(base) {
				return fmt.Errorf("dictionary %q: the base form of word %d has %d bytes; at most %d are supported", d.name, id, len(base), math.MaxUint16)
			}
			at = uint32(len(all))
			bases[base] = at
			all = append(all, base...)
		}
		w.base, w.baseSize = at, uint16(len(base))
	}
	d.bases, d.readings = string(all), string(readings)
	return nil
}

// guess fills the entries for unknown words.
func (d *Dictionary) guess() {
	u := &d.src.UnkDict
	for id, m := range u.Morphs {
		p := Noun
		if id < len(u.Contents) {
			p = classify(u.Contents[id])
		}
		d.guesses = append(d.guesses, guess{linkOf(d.pair(m.LeftID, m.RightID), m.Weight, unknownWord), p})
	}
	for class := range d.src.CharClass {
		if class > 255 {
			break
		}
		if id, ok := u.Index[int32(class)]; ok {
			d.guessed[class] = entries{first: id, count: u.IndexDup[int32(class)] + 1}
		}
	}
	copy(d.invoked[:], d.src.InvokeList)
	copy(d.grouped[:], d.src.GroupList)
	for class := range d.guessed {
		if d.guessed[class].count == 0 {
			d.guessed[class] = d.guessed[0]
		}
	}
}

// baseOf is the dictionary form of a word, or "" when it is as the word is spelled.
func (d *Dictionary) baseOf(w *word) string { return d.bases[w.base : w.base+uint32(w.baseSize)] }

// spellings are the spellings of a dictionary, each with its first word, sorted.
func spellings(d *dict.Dict) []trie.Word {
	var list []trie.Word
	da := d.Index.Da
	var buf []byte
	for q := range da {
		p := int(da[q].Check)
		if p < 0 || p >= len(da) || int(da[p].Base) != q || da[q].Base > 0 {
			continue // not the end of a spelling, which is the successor by byte 0
		}
		buf = buf[:0]
		for p != 0 {
			up := int(da[p].Check)
			buf = append(buf, byte(p-int(da[up].Base)))
			p = up
		}
		slices.Reverse(buf)
		list = append(list, trie.Word{Text: string(buf), Value: -da[q].Base})
	}
	slices.SortFunc(list, func(a, b trie.Word) int { return strings.Compare(a.Text, b.Text) })
	return list
}

// Name is the dictionary's name.
func (d *Dictionary) Name() string { return d.name }

// features are all features of a word: parts of speech first, then its contents.
func features(d *dict.Dict, id int, buf []string) []string {
	for _, p := range d.POSTable.POSs[id] {
		buf = append(buf, d.POSTable.NameList[p])
	}
	if id < len(d.Contents) {
		buf = append(buf, d.Contents[id]...)
	}
	return buf
}

func indexOf(meta dict.ContentsMeta, key string) int {
	if i, ok := meta[key]; ok {
		return int(i)
	}
	return -1
}

// reading is the reading of word n, or "".
func (d *Dictionary) reading(n int32) string {
	if int(n) >= len(d.readingEnds) {
		return ""
	}
	from := uint32(0)
	if n > 0 {
		from = d.readingEnds[n-1]
	}
	return d.readings[from:d.readingEnds[n]]
}
