package privacy

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func masker(t testing.TB) *Pseudonymiser {
	t.Helper()
	p, err := New([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var tags = regexp.MustCompile(`\[(mail|phone):[0-9a-f]{8}\]`)

func TestMask(t *testing.T) {
	p := masker(t)
	for in, want := range map[string]string{
		"連絡先はtaro@example.comです。":           "連絡先は[mail]です。",
		"TARO.Yamada+x@mail.example.co.jp.": "[mail].",
		"ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍまで":                "[mail]まで",
		"a@example.com、b@example.com":       "[mail]、[mail]",
		"電話 090-1234-5678 に":                "電話 [phone] に",
		"０９０－１２３４－５６７８":                     "[phone]",
		"09012345678":                                       "[phone]",
		"03(1234)5678":                                      "[phone]",
		"(03) 1234-5678":                                    "[phone]",
		"0120-123-456へどうぞ":                                  "[phone]へどうぞ",
		"+81 90 1234 5678":                                  "[phone]",
		"０３ー１２３４ー５６７８":                                      "[phone]",
		"https://u:p@example.com/a?token=abc&x=1#sid=9":     "https://***.example.com/a?token=***&x=1#sid=***",
		"https://example.com/?q=高い":                         "https://example.com/?q=高い",
		"https://example.com/reset?code=12&mail=a@b.jp を開く": "https://example.com/reset?code=***&mail=*** を開く",
		// What only looks like it survives.
		"2026-11-16 09:00":        "2026-11-16 09:00",
		"注文番号 1234567890123":      "注文番号 1234567890123",
		"@taro さん":                "@taro さん",
		"3@4":                     "3@4",
		"10,000,000円と0.123456789": "10,000,000円と0.123456789",
		"型番 AB-0123":              "型番 AB-0123",
		"00000000000":             "00000000000",
		"":                        "",
	} {
		got := tags.ReplaceAllString(p.Mask(in), "[$1]")
		if got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestOneValueHasOneTag(t *testing.T) {
	p := masker(t)
	for _, group := range [][]string{
		{"taro@example.com", "Taro@Example.com", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ"},
		{"090-1234-5678", "09012345678", "０９０ １２３４ ５６７８", "+81-90-1234-5678"},
	} {
		for _, s := range group {
			if got, want := p.Mask(s), p.Mask(group[0]); got != want {
				t.Errorf("%q became %s, but %q became %s", s, got, group[0], want)
			}
		}
	}
	if p.Mask("taro@example.com") == p.Mask("jiro@example.com") {
		t.Error("two addresses share a tag")
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"a@b.c", "090-1234-5678", "https://u:p@h/?token=1&t=@", "://@://@", "＠＠", "(03) 1234-5678@x.y"} {
		f.Add(s)
	}
	p := masker(f)
	f.Fuzz(func(t *testing.T, s string) {
		once := p.Mask(s)
		if utf8.ValidString(s) && !utf8.ValidString(once) {
			t.Fatalf("%q became invalid: %q", s, once)
		}
		if twice := p.Mask(once); twice != once {
			t.Fatalf("masking %q again changed %q to %q", s, once, twice)
		}
	})
}

func BenchmarkMask(b *testing.B) {
	p := masker(b)
	for name, s := range map[string]string{
		"clean": strings.Repeat("写真の取り込みが遅くて困っています。", 6),
		"dirty": strings.Repeat("写真の取り込みが遅くて困っています。", 5) + "090-1234-5678 taro@example.com https://example.com/?token=1",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Mask(s)
			}
		})
	}
}
