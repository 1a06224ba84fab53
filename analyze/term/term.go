// Package term reduces the spellings of a word to one, for counting.
//
// It owns what is a difference of spelling only: spaces and hyphens, a long mark at the end of a katakana word, ヴ, the
// ヶ of months, okurigana inside compounds, and the listed synonyms. It does not know inflection, does not take words for
// one because they sound alike, and never changes a text. Its caller is the root package.
package term

import (
	"strings"
	"unicode/utf8"
)

// Table holds the synonyms. It is immutable and safe for concurrent use.
type Table struct {
	same map[string]string
	// read gives the group of a reading in hiragana; a reading of two groups has an empty name.
	read map[string]string
}

// New makes a table of groups of words; the first of a group names it. fold is the folding that looked-up words went
// through, read tells how a folded word is read, in katakana. A word of two groups belongs to the first.
func New(fold, read func(string) string, groups [][]string) *Table {
	t := &Table{same: map[string]string{}, read: map[string]string{}}
	for _, g := range groups {
		name := Plain(fold(g[0]))
		if first, ok := t.same[name]; ok {
			name = first
		}
		for _, form := range g {
			folded := fold(form)
			key := Plain(folded)
			if key == "" {
				continue
			}
			if _, ok := t.same[key]; !ok {
				t.same[key] = name
			}
			sound := hiragana(Plain(read(folded)))
			if other, ok := t.read[sound]; ok && other != t.same[key] {
				t.read[sound] = ""
			} else {
				t.read[sound] = t.same[key]
			}
		}
	}
	return t
}

// Name is the name of the group that a folded word belongs to, in kanji or in any mixture of the kana.
func (t *Table) Name(folded string) (string, bool) {
	key := Plain(folded)
	if name, ok := t.same[key]; ok {
		return name, true
	}
	h := hiragana(key)
	if name, ok := t.same[h]; ok {
		return name, true
	}
	if kana(h) && utf8.RuneCountInString(h) >= 3 {
		name := t.read[h]
		return name, name != ""
	}
	return "", false
}

func kana(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return (r < 'ぁ' || r > 'ゖ') && r != 'ー' }) < 0
}

// Stem is a compound of two or more kanji without its okurigana: 取り扱い, 取扱い and 取扱 give 取扱. Other words, and
// those with an ending that carries meaning, are given back.
func Stem(word string) string {
	for _, ending := range []string{"ない", "たい", "やすい", "にくい", "づらい", "すぎる", "そう", "らしい"} {
		if strings.HasSuffix(word, ending) {
			return word
		}
	}
	kanji, other := 0, 0
	for _, r := range word {
		switch {
		case r >= 0x4e00 && r <= 0x9fff:
			kanji++
		case r < 'ぁ' || r > 'ゖ' || strings.ContainsRune("がをはのでとに", r):
			return word
		default:
			other++
		}
	}
	if kanji < 2 || other == 0 || other > kanji+1 {
		return word
	}
	return strings.Map(func(r rune) rune {
		if r >= 'ぁ' && r <= 'ゖ' {
			return -1
		}
		return r
	}, word)
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
