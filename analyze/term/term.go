// Package term reduces the spellings of a word to one, for counting.
//
// It owns what is a difference of spelling only: spaces and hyphens, a long mark at the end of a katakana word, ヴ, the
// ヶ of months, and the listed synonyms. It does not know inflection and never changes a text. Its caller is the root
// package.
package term

import "strings"

// Table holds the synonyms. It is immutable and safe for concurrent use.
type Table struct{ same map[string]string }

// New makes a table of groups of words; the first of a group names it. fold is the folding that looked-up words went
// through. A word of two groups belongs to the first.
func New(fold func(string) string, groups [][]string) *Table {
	t := &Table{same: map[string]string{}}
	for _, g := range groups {
		name := Plain(fold(g[0]))
		for _, form := range g {
			if key := Plain(fold(form)); key != "" {
				if _, ok := t.same[key]; !ok {
					t.same[key] = name
				}
			}
		}
	}
	return t
}

// Name is the name of the group that a folded word belongs to, in any mixture of the kana.
func (t *Table) Name(folded string) (string, bool) {
	key := Plain(folded)
	if name, ok := t.same[key]; ok {
		return name, true
	}
	if h := hiragana(key); h != key {
		name, ok := t.same[h]
		return name, ok
	}
	return "", false
}

// Plain is a folded word without what only its spelling has.
func Plain(folded string) string {
	rs := []rune(folded)
	out := make([]rune, 0, len(rs))
	run := 0 // katakana in a row
	for i, r := range rs {
		next := rune(0)
		if i+1 < len(rs) {
			next = rs[i+1]
		}
		switch {
		case r == ' ' || r == '-' || r == '・' || r == '&' || r == '\n':
			continue
		case r == 'ー' && run >= 3 && !katakana(next):
			continue
		case r == 'ヴ':
			b, ok := v[next]
			if !ok {
				b = 'ブ'
			}
			out = append(out, b)
			run++
			continue
		case i > 0 && rs[i-1] == 'ヴ' && v[r] != 0:
			continue
		case next == '月' && strings.ContainsRune("ヶヵカケ箇個", r):
			r = 'か'
		}
		if katakana(r) {
			run++
		} else {
			run = 0
		}
		out = append(out, r)
	}
	return string(out)
}

// v are the letters that ヴ makes with a small vowel.
var v = map[rune]rune{'ァ': 'バ', 'ィ': 'ビ', 'ェ': 'ベ', 'ォ': 'ボ'}

func katakana(r rune) bool { return r >= 'ァ' && r <= 'ヺ' || r == 'ー' }

func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - 0x60
		}
		return r
	}, s)
}
