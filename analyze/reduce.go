package analyze

import (
	"strings"

	"voc/analyze/lexicon"
	"voc/analyze/normalize"
	"voc/analyze/token"
)

// reducer brings the writings of one concept together.
type reducer struct {
	norm *normalize.Normalizer
	tok  *token.Tokenizer
	same map[string]string // key of a writing -> key of its concept
}

func newReducer(norm *normalize.Normalizer, tok *token.Tokenizer, lex *lexicon.Lexicon) *reducer {
	r := &reducer{norm: norm, tok: tok, same: map[string]string{}}
	for _, group := range lex.Same() {
		concept := r.key(group[0])
		for _, w := range group {
			r.same[r.key(w)] = concept
		}
	}
	return r
}

// key is the reading of a writing without what spelling leaves free: spaces, hyphens, long marks, a polite お or ご.
func (r *reducer) key(s string) string {
	folded := strings.NewReplacer(" ", "", "-", "", "・", "", "&", "").Replace(r.norm.Fold(s))
	var b strings.Builder
	tokens := r.tok.NewWorker().Append(nil, folded, 0)
	for i := range tokens {
		t := &tokens[i]
		if i == 0 && len(tokens) > 1 && t.POS == token.Prefix && (t.Surface == "お" || t.Surface == "ご" || t.Surface == "御") {
			continue
		}
		if t.POS == token.Aux && (t.Base == "ん" || t.Base == "ぬ") && t.Surface == "ん" {
			b.WriteString("ナイ") // 届かん
			continue
		}
		b.WriteString(r.tok.Reading(t))
	}
	return longMarks.Replace(b.String())
}

// longMarks drops what long vowels and small spellings differ in.
var longMarks = strings.NewReplacer("ー", "", "ヴァ", "バ", "ヴィ", "ビ", "ヴェ", "ベ", "ヴォ", "ボ", "ヴ", "ブ", "ヶ", "カ", "ヵ", "カ", "ヅ", "ズ", "ヂ", "ジ")

// Reduce gives one string for all writings of a concept: width, case, long marks, okurigana, kana or kanji, listed
// misspellings and synonyms make no difference. The string is a key to compare and no text to show. Reduce allocates
// and is meant for words, not for posts.
func (a *Analyzer) Reduce(word string) string {
	key := a.reduce.key(word)
	if c, ok := a.reduce.same[key]; ok {
		return c
	}
	return key
}
