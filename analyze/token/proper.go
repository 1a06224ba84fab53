package token

import "github.com/ikawaha/kagome-dict/dict"

// Proper is the kind of a proper noun (固有名詞), as far as the dictionary tells it.
type Proper uint8

// The kinds of proper nouns. NotProper is every other word.
const (
	NotProper    Proper = iota
	ProperOther         // 一般
	Surname             // 人名,姓
	Given               // 人名,名
	Person              // 人名,一般
	Place               // 地域
	Organisation        // 組織
)

// Proper gives the kind of proper noun that t is in its place. Words that were added or guessed are none.
func (d *Dictionary) Proper(t *Token) Proper {
	if !t.Known || t.id < 0 {
		return NotProper
	}
	return d.properOf(int(d.source[t.id]))
}

func (d *Dictionary) properOf(id int) Proper {
	if id >= len(d.src.POSTable.POSs) {
		return NotProper
	}
	at := func(i int) string {
		if p := d.src.POSTable.POSs[id]; i < len(p) {
			return d.src.POSTable.NameList[p[i]]
		}
		return ""
	}
	if at(1) != "固有名詞" {
		return NotProper
	}
	switch at(2) {
	case "人名":
		switch at(3) {
		case "姓":
			return Surname
		case "名":
			return Given
		}
		return Person
	case "地域":
		return Place
	case "組織":
		return Organisation
	}
	return ProperOther
}

// EachEntry calls f for every entry that the dictionary has under a spelling: its kind of proper noun and part of
// speech.
func (d *Dictionary) EachEntry(spelling string, f func(Proper, POS)) {
	for _, id := range d.src.Index.Search(spelling) {
		f(d.properOf(id), d.words[d.number[id]].pos)
	}
}

// EachName calls f for the reading, in katakana, of every name of a person in the dictionary.
func (d *Dictionary) EachName(f func(reading string, p Proper)) {
	at := indexOf(d.src.ContentsMeta, dict.ReadingIndex)
	if at < 0 {
		return
	}
	var buf []string
	for id := range d.src.Morphs {
		p := d.properOf(id)
		if p != Surname && p != Given {
			continue
		}
		buf = features(d.src, id, buf[:0])
		if at < len(buf) && buf[at] != "*" {
			f(buf[at], p)
		}
	}
}
