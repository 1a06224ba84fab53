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

// Dictionary is a kagome dictionary prepared for the lattice: the spellings as a trie, what is known of a word in one
// place, and the connection costs with the frequent ids side by side. It is immutable and shared by every Tokenizer.
type Dictionary struct {
	name  string
	src   *dict.Dict
	index *trie.Trie
	words []word
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
	guesses []word
	guessed [256]entries
	connections
}

// word is an entry of the dictionary.
type word struct {
	// left and right are connection ids as connections numbers them.
	left, right uint16
	weight      int16
	pos         POS
	form        Form
	// base is where in bases the dictionary form begins, baseSize its length; 0 when it is as the word is spelled.
	base     uint32
	baseSize uint16
	// more is how many further entries with the same spelling follow.
	more uint8
	// kind is the place in Dictionary.kinds.
	kind uint8
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
	out := &Dictionary{name: name, src: d, words: make([]word, len(d.Morphs))}
	for id, n := range d.Index.Dup {
		if n > 255 || id < 0 || int(id)+int(n) >= len(out.words) {
			return nil, fmt.Errorf("dictionary %q: word %d has %d spellings alike; at most 255 are supported", name, id, n)
		}
		out.words[id].more = uint8(n)
	}
	out.connections = newConnections(d)
	list := spellings(d)
	if err := out.describe(list); err != nil {
		return nil, err
	}
	for i := range list {
		for k := range int32(out.words[list[i].Value].more) + 1 {
			list[i].Heat += heatOf(d.Morphs[list[i].Value+k])
		}
	}
	out.index = trie.New(list)
	out.guess()
	return out, nil
}

// Release lets go of what of kagome's dictionary only kagome's own users read, 75 MB of IPA: what its tokens tell of
// themselves. The dictionary that NewDictionary was given is changed.
func (d *Dictionary) Release() {
	d.src.Contents, d.src.POSTable = nil, dict.POSTable{}
}

// describe fills the words, whose spellings are given.
func (d *Dictionary) describe(list []trie.Word) error {
	spelled := make([]string, len(d.words))
	for _, s := range list {
		for k := range int32(d.words[s.Value].more) + 1 {
			spelled[s.Value+k] = s.Text
		}
	}
	baseAt := indexOf(d.src.ContentsMeta, dict.BaseFormIndex)
	formAt := indexOf(d.src.ContentsMeta, dict.InflectionalForm)
	readingAt := indexOf(d.src.ContentsMeta, dict.ReadingIndex)
	var buf []string
	kinds := map[string]uint8{}
	bases := map[string]uint32{}
	var all, readings []byte
	var key []byte
	d.complete = baseAt >= 0
	for id, m := range d.src.Morphs {
		buf = features(d.src, id, buf[:0])
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
		w := &d.words[id]
		w.left, w.right, w.weight, w.pos, w.kind = d.left(m.LeftID), d.right(m.RightID), m.Weight, d.kinds[k].pos, k
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
		d.guesses = append(d.guesses, word{left: d.left(m.LeftID), right: d.right(m.RightID), weight: m.Weight, pos: p})
	}
	for class := range d.src.CharClass {
		if class > 255 {
			break
		}
		if id, ok := u.Index[int32(class)]; ok {
			d.guessed[class] = entries{first: id, count: u.IndexDup[int32(class)] + 1}
		}
	}
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

// reading is the reading of a word of the dictionary, or "".
func (d *Dictionary) reading(id int32) string {
	if int(id) >= len(d.readingEnds) {
		return ""
	}
	from := uint32(0)
	if id > 0 {
		from = d.readingEnds[id-1]
	}
	return d.readings[from:d.readingEnds[id]]
}
