package split_test

import (
	"slices"
	"strings"
	"testing"

	"voc/analyze/split"
)

func sentences(s string) []string {
	rs := []rune(s)
	var out []string
	for _, x := range split.Sentences(nil, rs) {
		out = append(out, string(rs[x.Start:x.End]))
	}
	return out
}

func TestSentences(t *testing.T) {
	for in, want := range map[string][]string{
		"":        nil,
		"良い。悪い。":  {"良い。", "悪い。"},
		"本当？！嬉しい": {"本当？！", "嬉しい"},
		"「もう嫌。帰る」と言った。次":      {"「もう嫌。帰る」と言った。", "次"},
		"一行目\n二行目":            {"一行目", "二行目"},
		"この部分はとても長い行なので、\n続く": {"この部分はとても長い行なので、\n続く"},
		"版は3.5です。次":           {"版は3.5です。", "次"},
		"最高！😊次":               {"最高！😊", "次"},
	} {
		if got := sentences(in); !slices.Equal(got, want) {
			t.Errorf("Sentences(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestQuotedLines(t *testing.T) {
	got := split.Sentences(nil, []rune("> 料金が高い\n同感です。"))
	if len(got) != 2 || !got[0].Quoted || got[1].Quoted {
		t.Errorf("got %+v; want the first sentence quoted and the second not", got)
	}
}

func TestLongRunsAreCut(t *testing.T) {
	for _, s := range split.Sentences(nil, []rune(strings.Repeat("ア", 5*split.MaxSentence))) {
		if s.End-s.Start > split.MaxSentence {
			t.Fatalf("a sentence has %d runes; at most %d are allowed", s.End-s.Start, split.MaxSentence)
		}
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("良い。悪い！？\n> 引用\n「。」")
	f.Fuzz(func(t *testing.T, s string) {
		rs := []rune(s)
		end := 0
		for _, x := range split.Sentences(nil, rs) {
			if x.Start < end || x.End <= x.Start || x.End > len(rs) {
				t.Fatalf("sentence [%d,%d) after %d in %d runes", x.Start, x.End, end, len(rs))
			}
			end = x.End
		}
	})
}
