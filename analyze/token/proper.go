package token

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
	return d.properOf(&d.words[t.id])
}

func (d *Dictionary) properOf(w *word) Proper { return d.kinds[w.kind].proper }

// properOf tells the kind of proper noun from a word's parts of speech, the widest first.
func properOf(levels []string) Proper {
	at := func(i int) string {
		if i < len(levels) {
			return levels[i]
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
		w := &d.words[d.number[id]]
		f(d.properOf(w), w.pos)
	}
}

// EachName calls f for the reading, in katakana, of every name of a person in the dictionary.
func (d *Dictionary) EachName(f func(reading string, p Proper)) {
	for n := range d.words {
		p := d.properOf(&d.words[n])
		if p != Surname && p != Given {
			continue
		}
		if r := d.reading(int32(n)); r != "" {
			f(r, p)
		}
	}
}
