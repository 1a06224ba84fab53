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
	l := w.l
	last := l.build(text)
	if last < 0 {
		return dst
	}
	l.path = l.path[:0]
	for i := last; i > 0; i = l.nodes[i].prev {
		l.path = append(l.path, i)
	}
	end := int32(len(l.codes))
	for i := len(l.path) - 1; i >= 0; i-- {
		n := &l.nodes[l.path[i]]
		stop := end
		if i > 0 {
			stop = l.nodes[l.path[i-1]].start
		}
		dst = w.token(dst, Token{Start: offset + int(n.start), End: offset + int(stop), Surface: text[l.at[n.start]:l.at[stop]], id: n.id}, n.class)
	}
	return dst
}

// token appends t, whose id is that of a word of the class.
func (w *Worker) token(dst []Token, t Token, c class) []Token {
	k := len(dst)
	dst = append(dst, t)
	w.describe(&dst[k], c)
	if x := &dst[k]; x.POS == Symbol && !x.Known && x.End-x.Start > 1 {
		dst = single(dst[:k], *x)
	}
	return dst
}

// single appends a run of unknown symbols, such as emoji, one by one.
func single(dst []Token, t Token) []Token {
	at := t.Start
	for i, r := range t.Surface {
		s := t.Surface[i : i+utf8.RuneLen(r)]
		dst = append(dst, Token{Start: at, End: at + 1, Surface: s, Base: s, Lemma: s, POS: Symbol, id: -1})
		at++
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
			found = t.d.reading(int32(id))
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

func (w *Worker) describe(t *Token, c class) {
	d := w.t.d
	switch c {
	case known:
		x := &d.words[t.id]
		t.POS, t.Form, t.Known, t.Base = x.pos, x.form, true, d.baseOf(x)
	case added:
		e := &w.t.x.words[t.id>>maxExtraBits][t.id&(1<<maxExtraBits-1)]
		t.POS, t.Form, t.Known, t.Base, t.id = e.pos, e.form, true, e.base, -1
	case unknownWord:
		t.POS, t.id = d.guesses[t.id].pos, -1
	}
	if t.Base == "" {
		t.Base = t.Surface
	}
	t.Lemma = t.Base
	if t.POS.IsMark() || !t.Known {
		t.POS = markKind(t.Surface, t.POS)
	}
}

// markKind corrects the part of speech of marks: the dictionary calls unknown ones nouns and knows only the wide
// forms of punctuation.
func markKind(s string, p POS) POS {
	for _, r := range s {
		if !isMarkRune(r) {
			return p
		}
	}
	r, size := utf8.DecodeRuneInString(s)
	if size == len(s) {
		switch {
		case strings.ContainsRune("。．！？!?", r):
			return Period
		case strings.ContainsRune("、，,", r):
			return Comma
		case strings.ContainsRune("「『（【［〔〈《([{“‘", r):
			return Open
		case strings.ContainsRune("」』）】］〕〉》)]}”’", r):
			return Close
		case r == ' ' || r == '\n' || r == '\t' || r == '　':
			return Space
		}
	}
	if strings.TrimSpace(s) == "" {
		return Space
	}
	return Symbol
}
