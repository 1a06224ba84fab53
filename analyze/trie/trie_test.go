package trie_test

import (
	"slices"
	"strings"
	"testing"

	"voc/analyze/trie"
)

// prefixes are the values of the words that text begins with, by the trie.
func prefixes(t *trie.Trie, text string) (values []int32) {
	var codes []int32
	for _, r := range text {
		codes = append(codes, t.Code(r))
	}
	first, second := make([]int32, len(codes)), make([]int32, len(codes))
	t.Begin(codes, first, second)
	if len(codes) > 0 {
		var one, two [1]int32
		if t.BeginAt(append(codes, trie.Unknown), []int32{0}, one[:], two[:]); one[0] != first[0] || two[0] != second[0] {
			return []int32{-1} // what BeginAt says differs
		}
	}
	state := int32(trie.Root)
	for i, c := range codes {
		state = t.Step(state, c)
		want := state
		if state == trie.None {
			want = t.Dead()
		}
		if i == 0 && want != first[0] || i == 1 && want != second[0] {
			return []int32{-1} // what Begin says differs
		}
		if state == trie.None {
			break
		}
		if v := t.Value(state); v >= 0 {
			values = append(values, v)
		}
	}
	return values
}

// check compares the trie of the words with a search through all of them.
func check(t *testing.T, words, texts []string) {
	t.Helper()
	words = slices.Clone(words)
	slices.Sort(words)
	words = slices.Compact(words)
	var list []trie.Word
	for i, w := range words {
		if w != "" {
			list = append(list, trie.Word{Text: w, Value: int32(i), Heat: float64(len(w) % 3)})
		}
	}
	tr := trie.New(list)
	for _, text := range texts {
		var want []int32
		for i, w := range words {
			if w != "" && strings.HasPrefix(text, w) {
				want = append(want, int32(i))
			}
		}
		if got := prefixes(tr, text); !slices.Equal(got, want) {
			t.Fatalf("%q begins with words %v of %q, want %v", text, got, words, want)
		}
	}
}

func TestPrefixes(t *testing.T) {
	check(t, nil, []string{"", "a"})
	check(t, []string{"東", "東京", "東京都", "京", "京都", "𠮟る", "a", "ab", "abc", "b"},
		[]string{"", "東京都庁", "東西", "京都", "都", "𠮟る", "𠮟", "abcd", "ac", "é", "\U0010ffff"})
}

func FuzzPrefixes(f *testing.F) {
	f.Add("東京 東京都 京都 a ab", "東京都ab")
	f.Add("あ あい あいう いう うえお", "あいうえお")
	f.Fuzz(func(t *testing.T, words, text string) {
		words, text = strings.ToValidUTF8(words, "?"), strings.ToValidUTF8(text, "?")
		var texts []string
		for i := range text {
			texts = append(texts, text[i:])
		}
		check(t, strings.Fields(words), texts)
	})
}
