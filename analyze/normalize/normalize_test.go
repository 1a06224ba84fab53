package normalize_test

import (
	"testing"
	"unicode/utf8"

	"voc/analyze/normalize"
)

func TestFold(t *testing.T) {
	n := normalize.New([]normalize.Variant{{From: "使いずらい", To: "使いづらい"}, {From: "出来", To: "でき"}, {From: "出来事", To: "出来事"}})
	for in, want := range map[string]string{
		"ｻｰﾊﾞｰ":           "サーバー",
		"ﾊﾟｿｺﾝ":           "パソコン",
		"ＣＳＶ出力１２３":        "csv出力123",
		"すごーーーい":          "すごい",
		"すごぉぉい":           "すごい",
		"すごいいいい":          "すごい",
		"最高！！！！":          "最高！",
		"サ－バ－":            "サーバ-",
		"ア力ウント":           "アカウント",
		"コミュ力":            "コミュ力",
		"ブルべの人":           "ブルベの人",
		"ググるべき":           "ググるべき",
		"使いずらい":           "使いづらい",
		"使いずらーい":          "使いづらい",
		"出来ない":            "できない",
		"出来事":             "出来事",
		"か\u3099":         "が",
		"①番":              "1番",
		"株式会社㈱":           "株式会社(株)",
		"wwwwwww":         "www",
		"2024年〜2025年":     "2024年〜2025年",
		"zero\u200bwidth": "zerowidth",
	} {
		if got := n.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSpansPointIntoTheOriginal(t *testing.T) {
	n := normalize.New([]normalize.Variant{{From: "使いずらい", To: "使いづらい"}, {From: "問合せ", To: "問い合わせ"}})
	var text normalize.Text
	n.Normalize(&text, "ﾊﾞｸﾞが問合せてもすごーーい👍🏽！", 0)
	original := []rune("ﾊﾞｸﾞが問合せてもすごーーい👍🏽！")
	for _, c := range []struct{ folded, want string }{{"バグ", "ﾊﾞｸﾞ"}, {"問い合わせ", "問合せ"}, {"すごい", "すごーーい"}, {"👍", "👍🏽"}} {
		start := index(text.Runes, []rune(c.folded))
		if start < 0 {
			t.Fatalf("%q is not in the folded text %q", c.folded, text.String)
		}
		from, to := text.Original(start, start+len([]rune(c.folded)))
		if got := string(original[from:to]); got != c.want {
			t.Errorf("%q stands for %q, want %q", c.folded, got, c.want)
		}
	}
}

func index(rs, sub []rune) int {
	for i := 0; i+len(sub) <= len(rs); i++ {
		if string(rs[i:i+len(sub)]) == string(sub) {
			return i
		}
	}
	return -1
}

func TestLimitAndInvalidBytes(t *testing.T) {
	var text normalize.Text
	n := normalize.New(nil)
	n.Normalize(&text, "あいうえお", 3)
	if !text.Truncated || text.Length != 5 || text.String != "あいう" {
		t.Errorf("with limit 3: truncated %v, length %d, text %q", text.Truncated, text.Length, text.String)
	}
	n.Normalize(&text, "あ\xffい", 0)
	if !text.Invalid || text.Truncated {
		t.Errorf("invalid %v, truncated %v; want true, false", text.Invalid, text.Truncated)
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"", "ﾊﾞｸﾞ", "すごーーい", "\xff\xfe", "か\u3099\u3099", "🇯🇵👨‍👩‍👧", "゛゜ーーー", "１／２½㍻"} {
		f.Add(s)
	}
	n := normalize.New([]normalize.Variant{{From: "ずらい", To: "づらい"}, {From: "問合せ", To: "問い合わせ"}})
	f.Fuzz(func(t *testing.T, s string) {
		var text normalize.Text
		n.Normalize(&text, s, 0)
		if text.Length != utf8.RuneCountInString(s) {
			t.Fatalf("length %d, want %d", text.Length, utf8.RuneCountInString(s))
		}
		if len(text.From) != len(text.Runes) || len(text.To) != len(text.Runes) || len(text.Byte) != len(text.Runes)+1 {
			t.Fatal("maps and runes differ in length")
		}
		last := int32(0)
		for i := range text.Runes {
			if text.From[i] < last || text.To[i] <= text.From[i] || int(text.To[i]) > text.Length {
				t.Fatalf("rune %d stands for [%d,%d) of %d", i, text.From[i], text.To[i], text.Length)
			}
			last = text.From[i]
		}
		if !utf8.ValidString(text.String) {
			t.Fatalf("folded text %q is not UTF-8", text.String)
		}
	})
}
