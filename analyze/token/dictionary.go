package token

import (
	"fmt"
	"sync"

	"github.com/ikawaha/kagome-dict/dict"
	"github.com/ikawaha/kagome-dict/ipa"
)

// Dictionary is a kagome dictionary prepared for the lattice: costs, parts of speech and base forms by word id.
// It is immutable and shared by every Tokenizer.
type Dictionary struct {
	name  string
	src   *dict.Dict
	dup   []uint8 // further words with the same spelling, by word id
	pos   []POS
	form  []Form
	base  []string
	unkID [256]unknown
}

// unknown are the entries for unknown words of one character category.
type unknown struct {
	first, count int32
	pos          POS
}

// IPA gives the IPA dictionary, loaded once per process (about 1.5 s).
var IPA = sync.OnceValues(func() (*Dictionary, error) { return NewDictionary("ipa", ipa.Dict()) })

// NewDictionary prepares a kagome dictionary. The name goes into the analyzer's revision.
func NewDictionary(name string, d *dict.Dict) (*Dictionary, error) {
	if d == nil || len(d.Morphs) == 0 {
		return nil, fmt.Errorf("dictionary %q holds no words; give a built kagome dictionary", name)
	}
	out := &Dictionary{
		name: name, src: d,
		dup: make([]uint8, len(d.Morphs)), pos: make([]POS, len(d.Morphs)),
		form: make([]Form, len(d.Morphs)), base: make([]string, len(d.Morphs)),
	}
	for id, n := range d.Index.Dup {
		if n > 255 || id < 0 || int(id)+int(n) >= len(out.dup) {
			return nil, fmt.Errorf("dictionary %q: word %d has %d spellings alike; at most 255 are supported", name, id, n)
		}
		out.dup[id] = uint8(n)
	}
	baseAt := indexOf(d.ContentsMeta, dict.BaseFormIndex)
	formAt := indexOf(d.ContentsMeta, dict.InflectionalForm)
	var buf []string
	kinds := map[string]POS{}
	for id := range d.Morphs {
		buf = features(d, id, buf[:0])
		key := ""
		for i := 0; i < 4 && i < len(buf); i++ {
			key += buf[i] + ","
		}
		p, ok := kinds[key]
		if !ok {
			p = classify(buf)
			kinds[key] = p
		}
		out.pos[id] = p
		if formAt >= 0 && formAt < len(buf) {
			out.form[id] = formOf(buf[formAt])
		}
		if baseAt >= 0 && baseAt < len(buf) && buf[baseAt] != "*" {
			out.base[id] = buf[baseAt]
		}
	}
	for class := range d.CharClass {
		if class > 255 {
			break
		}
		id, ok := d.UnkDict.Index[int32(class)]
		if !ok {
			continue
		}
		out.unkID[class] = unknown{first: id, count: d.UnkDict.IndexDup[int32(class)] + 1, pos: Noun}
	}
	return out, nil
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
	at := indexOf(d.src.ContentsMeta, dict.ReadingIndex)
	if at < 0 {
		return ""
	}
	f := features(d.src, int(id), nil)
	if at < len(f) && f[at] != "*" {
		return f[at]
	}
	return ""
}

// unknownPOS is the part of speech of the unknown word entry with the given id.
func (d *Dictionary) unknownPOS(id int32) POS {
	if int(id) < len(d.src.UnkDict.Contents) {
		return classify(d.src.UnkDict.Contents[id])
	}
	return Noun
}
