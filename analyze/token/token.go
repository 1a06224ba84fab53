// Package token turns normalised Japanese text into words with part of speech and dictionary form.
//
// It is the only package that imports kagome. It owns the dictionary (IPA; any other kagome dictionary through NewDictionary), the words
// added to it, and the search for the best segmentation; it does not normalise text, split sentences or
// know what a word means. Its callers are analyze/parse and the tests of the rule packages.
//
// The tokens are those of kagome (a test holds both side by side), but for runs of unknown symbols: each emoji is a
// token of its own.
//
// Invariants that were broken once elsewhere and are held by tests here: a word without a base form in the
// dictionary (unknown and added ones) has its surface as base; symbols that the dictionary does not know are
// symbols and not nouns; time grows linearly with the length of a run of one script.
package token

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is a word of a text. Start and End are rune offsets into the text given to Append, End exclusive.
type Token struct {
	Start, End int
	Surface    string
	Base       string // dictionary form; the surface when the dictionary knows none
	Lemma      string // the same before spellings were merged (いい has the base 良い and the lemma いい)
	POS        POS
	Form       Form
	Known      bool // in the dictionary or added, as opposed to guessed
	id         int32
}

// Is reports whether the token's dictionary form is one of forms.
func (t *Token) Is(forms ...string) bool {
	for _, f := range forms {
		if t.Base == f {
			return true
		}
	}
	return false
}

// Tokenizer holds a dictionary and added words. It is immutable and safe for concurrent use.
type Tokenizer struct {
	d        *Dictionary
	x        *extras
	revision string
	// reference is nil unless kagome's own tokenizer does the work.
	reference *reference
}

// New makes a tokenizer over d with further words.
func New(d *Dictionary, words []Word) (*Tokenizer, error) {
	x, err := compileWords(d, words)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	for _, w := range words {
		fmt.Fprintf(h, "%q %q\n", w.Text, w.Kind)
	}
	return &Tokenizer{d: d, x: x, revision: d.Name() + "+" + hex.EncodeToString(h.Sum(nil)[:8])}, nil
}

// Revision names everything that the tokens of a text depend on: the dictionary and the added words.
func (t *Tokenizer) Revision() string { return t.revision }

// Dictionary is the dictionary the tokenizer uses.
func (t *Tokenizer) Dictionary() *Dictionary { return t.d }

// Worker tokenises with buffers of its own. Use one per goroutine.
type Worker struct {
	t *Tokenizer
	l *lattice
}

// NewWorker makes a worker.
func (t *Tokenizer) NewWorker() *Worker {
	return &Worker{t: t, l: newLattice(t.d, t.x)}
}

// Append adds the tokens of text to dst; offset is added to every Start and End. The tokens' strings share text's
// memory.
func (w *Worker) Append(dst []Token, text string, offset int) []Token {
	if w.t.reference != nil {
		return w.appendReference(dst, text, offset)
	}
	return w.take(dst, w.l.search(text), text, offset)
}

// AppendRunes is Append for the runes [start, end) of a text that is taken apart already: at[i] is where rune i begins in
// text, with the length of text behind. The text must be UTF-8.
func (w *Worker) AppendRunes(dst []Token, text string, runes []rune, at []int32, start, end int) []Token {
	if w.t.reference != nil {
		return w.appendReference(dst, text[at[start]:at[end]], start)
	}
	return w.take(dst, w.l.searchRunes(runes[start:end], at[start:end+1]), text, start)
}

// take appends the words of a path.
func (w *Worker) take(dst []Token, path []step, text string, offset int) []Token {
	at := w.l.at
	for i := len(path) - 1; i >= 0; i-- {
		s := &path[i]
		dst = w.token(dst, s, text[at[s.start]:at[s.end]], offset)
	}
	return dst
}

// token appends the word of a step.
func (w *Worker) token(dst []Token, s *step, surface string, offset int) []Token {
	k := len(dst)
	if k == cap(dst) {
		dst = append(dst, Token{})
	}
	dst = dst[:k+1]
	t := &dst[k]
	t.Start, t.End, t.Surface, t.id = offset+int(s.start), offset+int(s.end), surface, s.id
	w.describe(t, s)
	if t.POS == Symbol && !t.Known && t.End-t.Start > 1 {
		dst = single(dst[:k], *t)
	}
	return dst
}

// single appends a run of unknown symbols, such as emoji, one by one.
func single(dst []Token, t Token) []Token {
	at := t.Start
	for rest := t.Surface; rest != ""; at++ {
		_, size := utf8.DecodeRuneInString(rest)
		s := rest[:size]
		dst = append(dst, Token{Start: at, End: at + 1, Surface: s, Base: s, Lemma: s, POS: Symbol, id: -1})
		rest = rest[size:]
	}
	return dst
}

// Reading is how the token is read, in katakana; for words the dictionary does not know it is their kana.
func (t *Tokenizer) Reading(tok *Token) string {
	if tok.Known && tok.id >= 0 {
		if r := t.d.reading(tok.id); r != "" {
			return r
		}
	}
	// The exact search of the dictionary finds words that are not there, so only a prefix as long as the word counts.
	found := ""
	t.d.src.Index.Da.CommonPrefixSearchCallback(tok.Surface, func(id, n int) {
		if n == len(tok.Surface) {
			found = t.d.reading(t.d.number[id])
		}
	})
	if found != "" {
		return found
	}
	return katakana(tok.Surface)
}

// katakana turns hiragana into katakana and leaves the rest.
func katakana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x3041 && r <= 0x3096 {
			return r + 0x60
		}
		return r
	}, s)
}

// describe sets what is known of the word of a step.
func (w *Worker) describe(t *Token, s *step) {
	t.Known = s.class != unknownWord
	base := ""
	switch s.class {
	case known:
		base, t.POS, t.Form = w.t.d.baseOf(&s.word), s.word.pos, s.word.form
	case added:
		e := &w.t.x.words[t.id>>maxExtraBits][t.id&(1<<maxExtraBits-1)]
		base, t.POS, t.Form, t.id = e.base, e.pos, e.form, -1
	case unknownWord:
		t.POS, t.Form, t.id = w.t.d.guesses[t.id].pos, FormNone, -1
	}
	if base == "" {
		base = t.Surface
	}
	t.Base, t.Lemma = base, base
	if t.POS.IsMark() || !t.Known {
		t.POS = w.t.d.markKind(t.Surface, t.POS)
	}
}

// markKind corrects the part of speech of marks: the dictionary calls unknown ones nouns and knows only the wide
// forms of punctuation.
func (d *Dictionary) markKind(s string, p POS) POS {
	r, size := utf8.DecodeRuneInString(s)
	if uint32(r) < uint32(len(d.letters)) {
		if kind := d.letters[r].mark; kind == 0 {
			return p
		} else if size == len(s) {
			return kind
		}
	}
	for _, r := range s {
		if !isMarkRune(r) {
			return p
		}
	}
	if size == len(s) {
		return kindOfMark(r)
	}
	if strings.TrimSpace(s) == "" {
		return Space
	}
	return Symbol
}

// kindOfMark is the part of speech of a mark.
func kindOfMark(r rune) POS {
	switch r {
	case '。', '．', '！', '？', '!', '?':
		return Period
	case '、', '，', ',':
		return Comma
	case '「', '『', '（', '【', '［', '〔', '〈', '《', '(', '[', '{', '“', '‘':
		return Open
	case '」', '』', '）', '】', '］', '〕', '〉', '》', ')', ']', '}', '”', '’':
		return Close
	}
	if unicode.IsSpace(r) {
		return Space
	}
	return Symbol
}
