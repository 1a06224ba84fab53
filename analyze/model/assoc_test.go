package model

import (
	"testing"

	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/token"
)

func TestAssociations(t *testing.T) {
	a, err := LoadAssociations(func(s string) string { return s })
	if err != nil {
		t.Fatal(err)
	}
	word := func(surface, base string) token.Token {
		return token.Token{Surface: surface, Base: base, Lemma: base, POS: token.Noun}
	}
	d := &parse.Doc{Tokens: []token.Token{word("コスパ", "コスパ"), word("最強", "最強"), word("と", "と"), word("サポート", "サポート"),
		word("最悪", "最悪")}}
	r := NewReader(&lexicon.Lexicon{}, a, nil)
	r.hashWords(d)
	a.look(r.spellings)
	got := a.find(nil, d, r.spellings)
	if len(got) != 3 {
		t.Fatalf("found %+v, want three words", got)
	}
	topic := func(x *suggestion, id string) bool {
		set := parts(nil)
		for i, p := range a.topics {
			if x.topics&(1<<i) != 0 {
				set = append(set, p)
			}
		}
		return len(set) == 1 && set[0].text == id
	}
	if x := &got[0]; x.first != 0 || x.end != 2 || x.side != 2 || !topic(x, "pricing") {
		t.Errorf("コスパ最強 gives %+v, want the two words, ++ and pricing", x)
	}
	if x := &got[1]; x.first != 3 || x.side != 0 || !topic(x, "support") {
		t.Errorf("サポート gives %+v, want support without a polarity", x)
	}
	if x := &got[2]; x.first != 4 || x.side != -2 {
		t.Errorf("最悪 gives %+v, want --", x)
	}
}
