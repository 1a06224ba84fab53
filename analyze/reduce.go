package analyze

import (
	"strings"

	"voc/analyze/term"
	"voc/analyze/token"
)

// reader gives a function that tells how a folded word is read, in katakana.
func reader(tok *token.Tokenizer) func(string) string {
	w := tok.NewWorker()
	return func(word string) string {
		var b strings.Builder
		tokens := w.Append(nil, word, 0)
		for i := range tokens {
			b.WriteString(tok.Reading(&tokens[i]))
		}
		return b.String()
	}
}

// Reduce gives one string for all writings of a word: width, case, long marks, okurigana, listed misspellings and
// synonyms, and kana for a listed word make no difference. Words that only sound alike (機能, 昨日) stay apart. The
// string is a key to compare and no text to show. Reduce allocates and is meant for words, not for posts.
func (a *Analyzer) Reduce(word string) string {
	folded := a.norm.Fold(word)
	if name, ok := a.terms.Name(folded); ok {
		return name
	}
	tokens := a.tok.NewWorker().Append(nil, folded, 0)
	var b strings.Builder
	for i := range tokens {
		t := &tokens[i]
		switch {
		case i == 0 && len(tokens) > 1 && t.POS == token.Prefix && t.Is("お", "ご", "御"):
		case t.POS == token.Aux && t.Is("ん", "ぬ", "へん"):
			b.WriteString("ない")
		default:
			base := t.Base
			if name, ok := a.terms.Name(base); ok {
				base = name
			}
			b.WriteString(base)
		}
	}
	key := b.String()
	if name, ok := a.terms.Name(key); ok {
		return name
	}
	return term.Stem(term.Plain(key))
}
