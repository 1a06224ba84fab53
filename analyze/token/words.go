package token

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"voc/analyze/trie"
)

// Word is a word added to the dictionary. Inflection follows a model word of the dictionary, so a new verb or
// adjective is found in all its forms.
type Word struct {
	Text string
	// Kind is n (noun), nv (noun that takes する), na (adjectival noun), adj (い-adjective), v1 (一段 verb),
	// v5k v5s v5t v5r v5w v5m v5b v5g v5n (五段 verbs), adv or int. Empty means n.
	Kind string
}

// models name a word of the IPA dictionary whose connection ids, costs and inflection a new word of this kind
// borrows.
var models = map[string]struct{ word, pos string }{
	"n":   {"機械", "名詞,一般"},
	"nv":  {"登録", "名詞,サ変接続"},
	"na":  {"便利", "名詞,形容動詞語幹"},
	"adj": {"うまい", "形容詞,自立"},
	"v1":  {"食べる", "動詞,自立"},
	"v5k": {"書く", "動詞,自立"},
	"v5s": {"話す", "動詞,自立"},
	"v5t": {"打つ", "動詞,自立"},
	"v5r": {"走る", "動詞,自立"},
	"v5w": {"歌う", "動詞,自立"},
	"v5m": {"読む", "動詞,自立"},
	"v5b": {"選ぶ", "動詞,自立"},
	"v5g": {"泳ぐ", "動詞,自立"},
	"v5n": {"死ぬ", "動詞,自立"},
	"adv": {"とても", "副詞"},
	"int": {"ありがとう", "感動詞"},
}

// Kinds lists the kinds of words that can be added.
func Kinds() string {
	return "n, nv, na, adj, v1, v5k, v5s, v5t, v5r, v5w, v5m, v5b, v5g, v5n, adv, int"
}

// extra is one inflected form of an added word.
type extra struct {
	base string
	link
	pos  POS
	form Form
}

// extras are the added words: a trie of their spellings, whose values are places in words.
type extras struct {
	index *trie.Trie
	// alone is a bit set of the spellings of one character, by its low 16 bits; begins one of the first two characters of the
	// others, by pairBit.
	alone, begins [1 << 10]uint64
	words         [][]extra
	at            map[string]int // while they are added
	// spelled are the spellings of the index, sorted.
	spelled []trie.Word
}

// mayBegin reports false only when no added word begins with r, or with r and next.
func (x *extras) mayBegin(r, next rune) bool {
	at := pairBit(r, next)
	return x.begins[at>>6]&(1<<(at&63)) != 0 || x.alone[uint16(r)>>6]&(1<<(r&63)) != 0
}

// pairBit is the place of two characters in a bit set of 1<<16.
func pairBit(a, b rune) uint32 { return (uint32(a)*0x9e3779b1 ^ uint32(b)*0x85ebca6b) >> 16 }

// maxExtraBits is how much of a node's id tells which of the words with one spelling it is.
const maxExtraBits = 8

func (x *extras) add(surface string, e extra) {
	n, ok := x.at[surface]
	if !ok {
		n = len(x.words)
		x.at[surface] = n
		x.words = append(x.words, nil)
	}
	if !slices.Contains(x.words[n], e) && len(x.words[n]) < 1<<maxExtraBits {
		x.words[n] = append(x.words[n], e)
	}
}

// finish makes the trie.
func (x *extras) finish() *extras {
	for text, n := range x.at {
		x.spelled = append(x.spelled, trie.Word{Text: text, Value: int32(n), Heat: 1})
		if rs := []rune(text); len(rs) == 1 {
			x.alone[uint16(rs[0])>>6] |= 1 << (rs[0] & 63)
		} else {
			at := pairBit(rs[0], rs[1])
			x.begins[at>>6] |= 1 << (at & 63)
		}
	}
	slices.SortFunc(x.spelled, func(a, b trie.Word) int { return strings.Compare(a.Text, b.Text) })
	x.index, x.at = trie.New(x.spelled), nil
	return x
}

// modelForm is one form of a model word.
type modelForm struct {
	suffix string
	e      extra
}

// compileWords turns added words into a trie with all their forms.
func compileWords(d *Dictionary, words []Word) (*extras, error) {
	x := &extras{at: map[string]int{}}
	if len(words) == 0 {
		return x.finish(), nil
	}
	forms := map[string][]modelForm{}
	sorted := append([]Word(nil), words...)
	sort.SliceStable(sorted, func(i, j int) bool {
		if sorted[i].Text != sorted[j].Text {
			return sorted[i].Text < sorted[j].Text
		}
		return sorted[i].Kind < sorted[j].Kind
	})
	for _, w := range sorted {
		if w.Kind == "" {
			w.Kind = "n"
		}
		if w.Text == "" {
			return nil, fmt.Errorf("an added word is empty; give its dictionary form")
		}
		m, ok := models[w.Kind]
		if !ok {
			return nil, fmt.Errorf("added word %q: kind %q is unknown; use one of %s", w.Text, w.Kind, Kinds())
		}
		fs, ok := forms[w.Kind]
		if !ok {
			fs = d.modelForms(m.word, m.pos)
			forms[w.Kind] = fs
		}
		if len(fs) == 0 {
			// A dictionary without the model word (a small one in a test) still takes nouns.
			x.add(w.Text, extra{base: w.Text, link: linkOf(d.pair(0, 0), 2000, added), pos: Noun})
			continue
		}
		stem := w.Text
		if fs[0].suffix != "" {
			cut := lastRune(w.Text)
			stem = w.Text[:cut]
		}
		for _, f := range fs {
			e := f.e
			e.base = w.Text
			if c := int16(4800 - 300*min(len([]rune(w.Text)), 8)); w.Kind == "n" || w.Kind == "nv" || w.Kind == "na" {
				e.link = linkOf(pair(e.link), c, added)
			}
			x.add(stem+f.suffix, e)
		}
	}
	return x.finish(), nil
}

// lastRune is the byte offset of the last rune of s.
func lastRune(s string) int {
	at := 0
	for i := range s {
		at = i
	}
	return at
}

// modelForms collects every inflected form of a model word: the ending that replaces the last rune of the
// dictionary form, with the form's ids and cost. Words that do not inflect give one form with an empty suffix.
func (d *Dictionary) modelForms(word, pos string) []modelForm {
	inflects := strings.HasPrefix(pos, "動詞") || strings.HasPrefix(pos, "形容詞")
	cut := lastRune(word)
	stem := word[:cut]
	var out []modelForm
	collect := func(surface string) {
		for _, id := range d.src.Index.Search(surface) {
			w, m := &d.words[d.number[id]], d.src.Morphs[id]
			base := d.baseOf(w)
			if base == "" {
				base = surface
			}
			if base != word || !strings.HasPrefix(d.kinds[w.kind].name, pos) {
				continue
			}
			e := extra{link: linkOf(d.pair(m.LeftID, m.RightID), m.Weight, added), pos: w.pos, form: w.form}
			suffix := ""
			if inflects {
				suffix = surface[len(stem):]
			}
			out = append(out, modelForm{suffix, e})
			if !inflects {
				return
			}
		}
	}
	if !inflects {
		collect(word)
		return out
	}
	collect(word)
	for _, ending := range endings {
		if s := stem + ending; s != word {
			collect(s)
		}
	}
	return out
}

// endings are the endings that inflected forms of the dictionary have after the stem of the dictionary form.
var endings = []string{
	"", "い", "く", "かっ", "から", "かろ", "けれ", "けりゃ", "けれゃ", "き", "う", "ゅう", "く", "し", "かれ",
	"か", "こ", "け", "っ", "さ", "そ", "せ", "しゃ", "た", "ち", "と", "て", "ら", "り", "れ", "ろ", "ん", "りゃ",
	"わ", "え", "お", "ま", "み", "め", "も", "ば", "び", "べ", "ぼ", "が", "ぎ", "げ", "ご", "な", "に", "ぬ", "ね", "の",
	"よ", "れろ", "きゃ", "ぎゃ", "ちゃ", "みゃ", "びゃ", "にゃ", "や", "ゃ", "りょ", "る", "す", "つ", "む", "ぶ", "ぐ",
}
