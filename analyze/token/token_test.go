package token_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikawaha/kagome-dict/ipa"
	"github.com/ikawaha/kagome/v2/tokenizer"

	"voc/analyze/token"
)

func ipaTokenizer(t *testing.T, words ...token.Word) *token.Tokenizer {
	t.Helper()
	d, err := token.IPA()
	if err != nil {
		t.Fatal(err)
	}
	tok, err := token.New(d, words)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// texts are of every script and of many inflections; runs stay below the length at which ours are cut.
var texts = []string{
	"使いにくかったけど、もう少し速ければ嬉しいです。", "3日たっても返事がありません。", "サポートの対応が遅すぎて解約を検討しています",
	"Galaxy S24とiPhone 15を比べました！", "😀草生えるwww", "すもももももももものうち", "東京都に住んでいる外国人参政権",
	"ＡＢＣ１２３ｱｲｳ", "（笑）「はい」…と言った。", "アイウエオカキクケコサシスセソ", "ぁぃぅゔヴ々〆",
}

func TestSameTokensAsKagome(t *testing.T) {
	want, err := tokenizer.New(ipa.Dict(), tokenizer.OmitBosEos())
	if err != nil {
		t.Fatal(err)
	}
	w := ipaTokenizer(t).NewWorker()
	for _, text := range texts {
		expected := want.Tokenize(text)
		got := w.Append(nil, text, 0)
		if len(got) != len(expected) {
			t.Errorf("%q: %d tokens, kagome gives %d", text, len(got), len(expected))
			continue
		}
		for i := range got {
			base, ok := expected[i].BaseForm()
			if !ok || base == "*" {
				base = expected[i].Surface
			}
			if got[i].Surface != expected[i].Surface || got[i].Base != base || got[i].Start != expected[i].Start || got[i].End != expected[i].End {
				t.Errorf("%q token %d: %+v, kagome gives %v with base %s", text, i, got[i], expected[i], base)
			}
		}
	}
}

// FuzzSameTokensAsKagome compares with kagome's tokenizer, added words among the dictionary's. Texts are short enough that
// no run is cut.
func FuzzSameTokensAsKagome(f *testing.F) {
	d, err := token.IPA()
	if err != nil {
		f.Fatal(err)
	}
	tok, err := token.New(d, []token.Word{{Text: "バズる", Kind: "v5r"}, {Text: "エモい", Kind: "adj"}, {Text: "ハコビル連携"}, {Text: "東京"}, {Text: "参政"}, {Text: "a"}, {Text: "24と"}})
	if err != nil {
		f.Fatal(err)
	}
	reference, err := tok.WithEngine(token.Kagome)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range texts {
		f.Add(s)
	}
	f.Add("バズらなければエモくないハコビル連携と東京 24とa")
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\ufffd", "")
		if rs := []rune(text); len(rs) > 48 {
			text = string(rs[:48])
		}
		got := tok.NewWorker().Append(nil, text, 3)
		want := reference.NewWorker().Append(nil, text, 3)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %+v, kagome gives %+v", text, got, want)
		}
	})
}

// TestRunesAreCutAsTheirText holds AppendRunes against Append.
func TestRunesAreCutAsTheirText(t *testing.T) {
	tok := ipaTokenizer(t)
	for _, engine := range []token.Engine{token.Lattice, token.Kagome} {
		tok, err := tok.WithEngine(engine)
		if err != nil {
			t.Fatal(err)
		}
		w := tok.NewWorker()
		for _, text := range texts {
			runes := []rune(text)
			var at []int32
			for i := range text {
				at = append(at, int32(i))
			}
			at = append(at, int32(len(text)))
			from, to := len(runes)/4, len(runes)-len(runes)/4
			got := w.AppendRunes(nil, text, runes, at, from, to)
			if want := w.Append(nil, string(runes[from:to]), from); !slices.Equal(got, want) {
				t.Errorf("%s: %q: %+v, want %+v", engine, text, got, want)
			}
		}
	}
}

// TestBytesThatAreNoText holds that bytes that are no UTF-8 are tokens of one byte each.
func TestBytesThatAreNoText(t *testing.T) {
	got := ipaTokenizer(t).NewWorker().Append(nil, "\xff\xfe", 0)
	if len(got) != 2 || got[0].Surface != "\xff" || got[1].Surface != "\xfe" {
		t.Errorf("%+v, want two tokens", got)
	}
}

func TestAddedWordsInflect(t *testing.T) {
	w := ipaTokenizer(t, token.Word{Text: "バズる", Kind: "v5r"}, token.Word{Text: "エモい", Kind: "adj"}, token.Word{Text: "ハコビル連携"}).NewWorker()
	for text, base := range map[string]string{"バズった": "バズる", "バズらない": "バズる", "エモかった": "エモい", "エモくて": "エモい", "ハコビル連携が": "ハコビル連携"} {
		got := w.Append(nil, text, 0)
		if got[0].Base != base {
			t.Errorf("%q begins with the base %q, want %q", text, got[0].Base, base)
		}
	}
	d, err := token.IPA()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := token.New(d, []token.Word{{Text: "x", Kind: "verb"}}); err == nil || !strings.Contains(err.Error(), "verb") {
		t.Errorf("error %v does not name the unknown kind", err)
	}
}

func TestUnknownSymbolsAreNoNouns(t *testing.T) {
	for _, tok := range ipaTokenizer(t).NewWorker().Append(nil, "良い★!?", 0)[1:] {
		if tok.POS.IsNoun() {
			t.Errorf("%q is a noun", tok.Surface)
		}
	}
}

// TestLongRuns holds the time of a run of one script: quadratic growth would take minutes.
func TestLongRuns(t *testing.T) {
	w := ipaTokenizer(t).NewWorker()
	for _, r := range []string{"ア", "😀", "w", "漢", "ー", "あ"} {
		text := strings.Repeat(r, 20_000)
		begin := time.Now()
		got := w.Append(nil, text, 0)
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("20,000 times %s took %s", r, took)
		}
		if n := got[len(got)-1].End; n != 20_000 {
			t.Errorf("20,000 times %s: the last token ends at %d", r, n)
		}
	}
}
