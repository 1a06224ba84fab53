package mask

import (
	"voc/analyze/token"
)

// DictionaryNames finds names with a kagome dictionary.
type DictionaryNames struct {
	tokenizer *token.Tokenizer
	readings  map[string]bool // of surnames and given names, in katakana, two runes and more
}

// NewDictionaryNames makes a name finder over the tokenizer that posts are analysed with, so that words added to it
// (product names above all) are words here too.
func NewDictionaryNames(t *token.Tokenizer) *DictionaryNames {
	n := &DictionaryNames{tokenizer: t, readings: map[string]bool{}}
	t.Dictionary().EachName(func(reading string, _ token.Proper) {
		if len(reading) >= 2*len("ア") {
			n.readings[reading] = true
		}
	})
	return n
}

// Revision names the dictionary and the words added to it.
func (n *DictionaryNames) Revision() string { return n.tokenizer.Revision() }

// EachSurname lists the surnames of the dictionary. Words that were added are none.
func (n *DictionaryNames) EachSurname(f func(word string)) bool {
	return n.tokenizer.Dictionary().EachSurname(f)
}

// NewWorker makes a worker.
func (n *DictionaryNames) NewWorker() NameWorker {
	return &dictionaryWorker{n: n, w: n.tokenizer.NewWorker(), uses: map[string]Use{}}
}

type dictionaryWorker struct {
	n      *DictionaryNames
	w      *token.Worker
	tokens []token.Token
	uses   map[string]Use // what was looked up before, up to maxUses words
	kana   []rune
}

// maxUses bounds the memory of looked-up words.
const maxUses = 4096

// Words tokenises text.
func (d *dictionaryWorker) Words(dst []Word, text string) []Word {
	d.tokens = d.w.Append(d.tokens[:0], text, 0)
	dictionary := d.n.tokenizer.Dictionary()
	for i := range d.tokens {
		t := &d.tokens[i]
		dst = append(dst, Word{t.Start, t.End, classOf(t, dictionary.Proper(t))})
	}
	return dst
}

func classOf(t *token.Token, p token.Proper) Class {
	switch p {
	case token.Surname:
		return ClassSurname
	case token.Given:
		return ClassGiven
	case token.Person:
		return ClassPerson
	case token.Place:
		return ClassPlace
	case token.Organisation:
		return ClassOrganisation
	case token.ProperOther:
		return ClassProper
	}
	switch {
	case t.POS.IsMark():
		return ClassMark
	case t.POS == token.NounSuffix:
		return ClassSuffix
	case t.POS == token.Prefix:
		return ClassPrefix
	case t.POS.IsParticle():
		return ClassParticle
	case !t.Known && t.POS.IsNoun():
		return ClassUnknown
	case t.POS.IsNoun():
		return ClassNoun
	}
	return ClassOther
}

// Use looks a word up.
func (d *dictionaryWorker) Use(word string) Use {
	if u, ok := d.uses[word]; ok {
		return u
	}
	u := Use(0)
	d.n.tokenizer.Dictionary().EachEntry(word, func(p token.Proper, pos token.POS) {
		switch p {
		case token.Surname:
			u |= UseSurname
		case token.Given, token.Person:
			u |= UseGiven
		case token.Place:
			u |= UsePlace
		case token.Organisation:
			u |= UseOrganisation
		case token.NotProper:
			u |= UseCommon
		}
	})
	if d.n.readings[d.katakana(word)] {
		u |= UseReading
	}
	if len(d.uses) >= maxUses {
		clear(d.uses)
	}
	d.uses[word] = u
	return u
}

// katakana is a word of kana in katakana.
func (d *dictionaryWorker) katakana(word string) string {
	d.kana = d.kana[:0]
	for _, r := range word {
		if isHiragana(r) {
			r += 'ァ' - 'ぁ'
		}
		d.kana = append(d.kana, r)
	}
	return string(d.kana)
}
