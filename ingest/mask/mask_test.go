package mask

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"voc/analyze/token"
)

func mustMask(t testing.TB, w *Worker, text string) string {
	t.Helper()
	out, _ := w.Mask(text)
	return out
}

// tokensOf are the mask tokens of a masked text, in order.
func tokensOf(masked string) []string {
	var out []string
	for {
		i := strings.Index(masked, tokenOpen)
		if i < 0 {
			return out
		}
		j := strings.Index(masked[i:], tokenClose)
		if j < 0 {
			return out
		}
		out = append(out, masked[i:i+j+len(tokenClose)])
		masked = masked[i+j:]
	}
}

func TestTheAcceptancePost(t *testing.T) {
	w := newTestWorker(t, func(c *Config) { c.Allow = []string{"田中工業"} })
	masked, counts := w.Mask("田中様 090-1234-5678 taro@example.com 〒150-0001")
	for _, s := range []string{"田中", "090", "taro", "150-0001"} {
		if strings.Contains(masked, s) {
			t.Errorf("%q is still in %s", s, masked)
		}
	}
	for _, k := range []Kind{Name, Phone, Mail, Postal} {
		if counts.Of(k) != 1 {
			t.Errorf("%s was counted %d times, want 1", k, counts.Of(k))
		}
	}
	if counts.Total() != 4 {
		t.Errorf("total is %d, want 4", counts.Total())
	}
	if got := mustMask(t, w, "田中工業のねじは田中さんも使う"); !strings.HasPrefix(got, "田中工業のねじは⟦NAME") {
		t.Errorf("the allowed company did not survive, or the person did: %s", got)
	}
}

func TestSameValueSamePseudonymWhateverItsSpelling(t *testing.T) {
	w := newTestWorker(t, nil)
	for _, group := range [][]string{
		{"taro@example.com", "ＴＡＲＯ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro[at]example.com", "taro (at) example (dot) com", "taro★example.com", "taro @ example.com", "taro@exam\u200bple.com", "taro%40example.com"},
		{"090-1234-5678", "09012345678", "０９０－１２３４－５６７８", "(090)1234-5678", "+81-90-1234-5678", "+81 (0)90 1234 5678", "〇九〇－一二三四－五六七八", "090\u200d-1234\u2060-5678", "0 9 0 1 2 3 4 5 6 7 8", "𝟎𝟗𝟎-𝟏𝟐𝟑𝟒-𝟓𝟔𝟕𝟖", "٠٩٠-١٢٣٤-٥٦٧٨"},
		{"4111 1111 1111 1111", "4111111111111111", "４１１１－１１１１－１１１１－１１１１"},
		{"〒150-0001", "〒１５００００１", "郵便番号：150-0001"},
		{"東京都渋谷区神宮前1-2-3", "東京都渋谷区神宮前１丁目２番３号", "東京都 渋谷区 神宮前 1－2－3", "東京都渋谷区神宮前一丁目二番三号"},
		{"高橋さん", "髙橋様", "高橋 さん"},
		{"ヤマダさん", "ﾔﾏﾀﾞさん", norm.NFD.String("ヤマダさん")},
	} {
		want := ""
		for _, text := range group {
			masked := mustMask(t, w, text)
			tokens := tokensOf(masked)
			if len(tokens) != 1 {
				t.Errorf("%q gave %q, want one token", text, masked)
				continue
			}
			if want == "" {
				want = tokens[0]
			} else if tokens[0] != want {
				t.Errorf("%q has the pseudonym %s, its other spelling %q has %s", text, tokens[0], group[0], want)
			}
		}
	}
}

func TestOtherValueOtherKeyOtherKindOtherPseudonym(t *testing.T) {
	w := newTestWorker(t, nil)
	a, b := mustMask(t, w, "taro@example.com"), mustMask(t, w, "jiro@example.com")
	if a == b {
		t.Errorf("two addresses share %s", a)
	}
	other := newTestWorker(t, func(c *Config) { c.Key = Key("another key for tests, 32 bytes.") })
	if c := mustMask(t, other, "taro@example.com"); c == a {
		t.Errorf("two keys give the same %s", c)
	}
	if Pseudonym(testKey(), "author", "x") == Pseudonym(testKey(), "mail", "x") {
		t.Error("two kinds share a pseudonym")
	}
	token := strings.TrimPrefix(a, tokenOpen+"MAIL")
	if p := Pseudonym(testKey(), Mail.String(), "taro@example.com"); !strings.HasPrefix(token, p[:idLetters]) || len(p) != pseudonymWidth {
		t.Errorf("token %s does not begin with the pseudonym %s", a, p)
	}
}

func TestForgedTokensAreDefused(t *testing.T) {
	w := newTestWorker(t, nil)
	genuine := mustMask(t, w, "taro@example.com")
	for _, forged := range []string{
		"⟦MAILbbbbbbbbbbbbbb⟧", "⟦", "⟧", "⟦⟦⟧⟧", "⟦NAME⟧", "⟦MAIL:7f3a⟧", strings.Replace(genuine, "MAIL", "NAME", 1), genuine[:len(genuine)-4],
	} {
		got, counts := w.Mask("これは" + forged + "です")
		if strings.Contains(got, tokenOpen) || strings.Contains(got, tokenClose) || counts.Total() != 0 {
			t.Errorf("%q became %q with %d counted; want look-alike brackets and none", forged, got, counts.Total())
		}
	}
	quoted := "引用: " + genuine + " さんへ"
	if got := mustMask(t, w, quoted); got != quoted {
		t.Errorf("a genuine token was changed: %s", got)
	}
}

func TestTokensOfARetiredKeyAreKnown(t *testing.T) {
	old := mustMask(t, newTestWorker(t, nil), "taro@example.com から連絡")
	rotated := newTestWorker(t, func(c *Config) {
		c.PreviousKeys = []Key{c.Key}
		c.Key = Key("another key for tests, 32 bytes.")
	})
	if got := mustMask(t, rotated, old); got != old {
		t.Errorf("got %s, want %s unchanged", got, old)
	}
	dropped := newTestWorker(t, func(c *Config) { c.Key = Key("another key for tests, 32 bytes.") })
	if got := mustMask(t, dropped, old); strings.Contains(got, tokenOpen) {
		t.Errorf("a token of an unknown key survived: %s", got)
	}
}

func TestRevisionFollowsWhatMaskedTextDependsOn(t *testing.T) {
	names, err := ipaNames()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for label, change := range map[string]func(*Config){
		"base":  func(*Config) {},
		"key":   func(c *Config) { c.Key = Key("another key for tests, 32 bytes.") },
		"off":   func(c *Config) { c.Off = []string{"ip"} },
		"allow": func(c *Config) { c.Allow = []string{"田中工業"} },
		"own":   func(c *Config) { c.AllowDomains = []string{"example.co.jp"} },
	} {
		cfg := Config{Key: testKey()}
		change(&cfg)
		m, err := New(cfg, names)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[m.Revision()]; ok {
			t.Errorf("%s and %s share the revision %s", label, other, m.Revision())
		}
		seen[m.Revision()] = label
	}
	dict, err := token.IPA()
	if err != nil {
		t.Fatal(err)
	}
	tok, err := token.New(dict, []token.Word{{Text: "山田ボックス"}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(Config{Key: testKey()}, NewDictionaryNames(tok))
	if err != nil {
		t.Fatal(err)
	}
	if other, ok := seen[m.Revision()]; ok {
		t.Errorf("an added word and %s share the revision %s", other, m.Revision())
	}
}

func TestAllowListAndSwitches(t *testing.T) {
	w := newTestWorker(t, func(c *Config) {
		c.Allow = []string{"support@voc.example", "0120-123-456", "田中工業", "山田さんの牧場"}
		c.AllowDomains = []string{"example.co.jp"}
		c.Off = []string{"ip"}
	})
	for _, text := range []string{
		"SUPPORT@VOC.EXAMPLE まで", "０１２０（１２３）４５６へ", "フリーダイヤル0120123456", "田中工業さんの製品", "山田さんの牧場の牛乳", "taro@mail.example.co.jp", "taro@example.co.jp",
		"アクセス元IPは203.0.113.45", "https://www.example.co.jp/s/aGk3bXk5c2VjcmV0bGluazEyMzQ1",
	} {
		if got, counts := w.Mask(text); got != text || counts.Total() != 0 {
			t.Errorf("%q became %q", text, got)
		}
	}
	for _, text := range []string{"taro@voc.example", "0120-123-457", "山田さんの家", "taro@notexample.co.jp", "taro@example.co.jp.evil.com", "https://example.co.jp/?token=abcdef1"} {
		if got, counts := w.Mask(text); got == text || counts.Total() == 0 {
			t.Errorf("%q must not survive", text)
		}
	}
}

func TestConfigFaultsAreNamed(t *testing.T) {
	good := Config{Key: testKey()}
	for want, change := range map[string]func(*Config){
		"key has 0 bytes":      func(c *Config) { c.Key = nil },
		"previous_keys[0] has": func(c *Config) { c.PreviousKeys = []Key{Key("short")} },
		"previous_keys[0] is":  func(c *Config) { c.PreviousKeys = []Key{testKey()} },
		"off[0]":               func(c *Config) { c.Off = []string{"phones"} },
		"allow[0] has 1":       func(c *Config) { c.Allow = []string{"田"} },
		"allow[0] is not":      func(c *Config) { c.Allow = []string{"\xff\xfe田中"} },
		"allow[0] holds":       func(c *Config) { c.Allow = []string{"⟦田中⟧"} },
		"allow_domains[0]":     func(c *Config) { c.AllowDomains = []string{"example"} },
	} {
		cfg := good
		change(&cfg)
		if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want one with %q", err, want)
		}
	}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	if _, err := New(good, nil); err == nil {
		t.Error("a masker without a name finder must be refused while names are on")
	}
	good.Off = []string{"name"}
	if _, err := New(good, nil); err != nil {
		t.Error(err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", good, good, good, good.Key); strings.Contains(s, "a key for tests") {
		t.Errorf("the key prints itself: %s", s)
	}
}

// composed builds random texts of known values and harmless text around them.
func composed(r *rand.Rand) string {
	pick := func(s []string) string { return s[r.IntN(len(s))] }
	d := func(n int) string {
		out := make([]byte, n)
		for i := range out {
			out[i] = byte('0' + r.IntN(10))
		}
		return string(out)
	}
	var b strings.Builder
	for range 1 + r.IntN(5) {
		b.WriteString(pick([]string{"連絡先は", "電話は ", "→", "「", "", "昨日", "https://example.com/a?b=", "\n", "。", "1-2-3 ", "注文番号:", "@", "⟦", "さん"}))
		v := ""
		switch r.IntN(5) {
		case 0:
			v = pick([]string{"taro", "h.sato+x", "k_1"}) + d(3) + "@" + pick([]string{"example.com", "mail.example.co.jp"})
		case 1:
			v = pick([]string{"090", "080", "070"}) + pick([]string{"-", "", " "}) + d(4) + "-" + d(4)
		case 2:
			v = "〒" + d(3) + "-" + d(4)
		case 3:
			v = "東京都渋谷区神宮前" + d(1) + "-" + d(1) + "-" + d(1) + d(1)
		case 4:
			v = "注文番号" + "A" + d(8)
		}
		b.WriteString(v)
		b.WriteString(pick([]string{"です", " ", "、", "まで", "\n", "」", "https://example.com/", "。"}))
		if r.IntN(3) == 0 {
			b.WriteString(v)
		}
	}
	return b.String()
}

func checkProperties(t *testing.T, w *Worker, text string) {
	t.Helper()
	masked, counts := w.Mask(text)
	hits := w.Hits(nil)
	if int(counts.Total()) != len(hits) {
		t.Fatalf("%q: %d counted, %d hits", text, counts.Total(), len(hits))
	}
	at := 0
	for _, h := range hits {
		if h.Start < at || h.End <= h.Start || h.End > len(text) {
			t.Fatalf("%q: hits overlap or leave the text: %v", text, hits)
		}
		at = h.End
	}
	if len(hits) == 0 && !strings.ContainsAny(text, tokenOpen+tokenClose) && masked != text {
		t.Fatalf("%q became %q without a hit", text, masked)
	}
	rest := masked
	for _, token := range tokensOf(masked) {
		rest = strings.ReplaceAll(rest, token, "\x00")
	}
	for _, h := range hits {
		value := text[h.Start:h.End]
		if h.Kind != Name && utf8.RuneCountInString(value) >= 7 && strings.Contains(rest, value) {
			t.Fatalf("%q: the masked value %q (%s) is still in %q", text, value, h.Kind, masked)
		}
	}
	if utf8.ValidString(text) && !utf8.ValidString(masked) {
		t.Fatalf("%q became invalid UTF-8 %q", text, masked)
	}
	again, recount := w.Mask(masked)
	if again != masked || recount.Total() != 0 {
		t.Fatalf("masking is not idempotent:\n text  %q\n once  %q\n twice %q", text, masked, again)
	}
}

func TestPropertiesOnComposedTexts(t *testing.T) {
	w := newTestWorker(t, nil)
	r := rand.New(rand.NewPCG(4, 8))
	for range 3000 {
		checkProperties(t, w, composed(r))
	}
	for _, name := range []string{"dev.jsonl", "test.jsonl"} {
		for _, s := range readBattery(t, name) {
			text, _ := s.parse(t)
			checkProperties(t, w, text)
		}
	}
}

// TestJoinedBatteryIsIdempotent puts sentences of the battery into one post each, where they stand in each other's
// way.
func TestJoinedBatteryIsIdempotent(t *testing.T) {
	w := newTestWorker(t, nil)
	r := rand.New(rand.NewPCG(1, 2))
	all := append(readBattery(t, "dev.jsonl"), readBattery(t, "test.jsonl")...)
	for range 1500 {
		var b strings.Builder
		for range 2 + r.IntN(4) {
			text, _ := all[r.IntN(len(all))].parse(t)
			if r.IntN(3) == 0 {
				runes := []rune(text)
				text = string(runes[r.IntN(len(runes)):])
			}
			b.WriteString(text)
			b.WriteString([]string{"", " ", "\n", "、", "-"}[r.IntN(5)])
		}
		checkProperties(t, w, b.String())
	}
}

func TestSpansPointIntoTheOriginal(t *testing.T) {
	w := newTestWorker(t, nil)
	text := "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ と ０９０－１２３４－５６７８ とﾔﾏﾀﾞさん"
	w.Mask(text)
	var got []string
	for _, h := range w.Hits(nil) {
		got = append(got, h.Kind.String()+":"+text[h.Start:h.End])
	}
	want := []string{"mail:ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "phone:０９０－１２３４－５６７８", "name:ﾔﾏﾀﾞ"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestATokenIsOneWordBetweenBrackets(t *testing.T) {
	w := newTestWorker(t, nil)
	for _, text := range []string{"taro@example.com", "090-1234-5678", "田中さん", "注文番号A1234567", "東京都渋谷区神宮前1-2-3"} {
		token := tokensOf(mustMask(t, w, text))[0]
		words := w.names.Words(nil, "今日"+token+"から")
		var got []Class
		for _, word := range words[1 : len(words)-1] {
			got = append(got, word.Class)
		}
		if want := []Class{ClassMark, ClassUnknown, ClassMark}; !slices.Equal(got, want) {
			t.Errorf("%s is read as %v, want %v", token, got, want)
		}
	}
}

// hostile are texts made to take long.
func hostile(n int) map[string]string {
	out := map[string]string{}
	for label, unit := range map[string]string{
		"digits": "1", "zeros": "0", "at": "@", "hyphens": "-", "digit hyphen": "1-", "phones": "090-1234-5678 ", "broken phones": "090-123", "mails": "a@b.co ", "mail chain": "a@b.",
		"percent": "%40", "spaced digits": "1 ", "kanji digits": "一", "cities": "1区", "towns": "市1-1", "honorifics": "さん", "names": "田中さん", "colons": "a:", "dots": "1.", "brackets": "[",
		"tokens": "⟦MAILbbbbbbbbbbbbbb⟧", "open": "⟦", "urls": "https://", "params": "?a=&", "equals": "=", "cues": "番号", "id": "ID:", "kana": "ア", "kanji": "田", "slashes": "/a1b2",
		"prefectures": "東京都", "zero width": "\u200b", "voicing": "\u3099", "building": "ビル1", "stars": "a★b.com", "surnames": "鈴木と", "mr": "Mr. A", "eyj": "eyJa1", "o": "0O", "invalid": "\xff",
	} {
		out[label] = strings.Repeat(unit, n/len(unit)+1)
	}
	return out
}

// TestTimeIsLinear compares the time for 64 KB and for 1 MB of the same: something quadratic would take 256 times as
// long instead of 16. A busy machine can spoil a measurement, so only what is slow every time fails.
func TestTimeIsLinear(t *testing.T) {
	w := newTestWorker(t, nil)
	w.Mask(strings.Repeat("1-a@", 1<<18)) // grow the buffers
	took := func(text string) time.Duration {
		start := time.Now()
		w.Mask(text)
		return time.Since(start)
	}
	const growth, slack, attempts = 16, 8, 5
	small, large := hostile(1<<16), hostile(1<<20)
	for label := range small {
		var a, b time.Duration
		for range attempts {
			a, b = max(took(small[label]), time.Millisecond), took(large[label])
			if b <= growth*slack*a {
				break
			}
		}
		t.Logf("%-14s 64 KB %8s   1 MB %8s", label, a.Round(time.Microsecond), b.Round(time.Millisecond))
		if b > growth*slack*a {
			t.Errorf("%s: 64 KB took %s, 1 MB %s", label, a, b)
		}
	}
}

func TestHostileTextsKeepTheProperties(t *testing.T) {
	w := newTestWorker(t, nil)
	for label, text := range hostile(2000) {
		t.Run(label, func(t *testing.T) { checkProperties(t, w, text) })
	}
}

// plain is a post of 100 characters with nothing to mask.
const plain = "先月のアップデートから検索がとても速くなって助かっています。ただ、一覧の並び順が毎回戻ってしまうのは少し不便です。CSV出力で3列目の書式も選べると嬉しいです。次の更新も楽しみにしています。応援してます！"

func TestNothingFoundNothingAllocated(t *testing.T) {
	w := newTestWorker(t, func(c *Config) { c.Off = []string{"name"} })
	text := plain + " バージョン1.2.3、12,800円、2024-05-12"
	if got := mustMask(t, w, text); got != text {
		t.Fatalf("the plain post became %s", got)
	}
	if n := testing.AllocsPerRun(100, func() { w.Mask(text) }); n > 0 {
		t.Errorf("%v allocations for a post without a hit", n)
	}
}

func BenchmarkPlainPostWithoutNames(b *testing.B) {
	w := newTestWorker(b, func(c *Config) { c.Off = []string{"name"} })
	b.ReportAllocs()
	for b.Loop() {
		w.Mask(plain)
	}
}

func BenchmarkPlainPost(b *testing.B) {
	w := newTestWorker(b, nil)
	b.ReportAllocs()
	for b.Loop() {
		w.Mask(plain)
	}
}

func BenchmarkPostWithFourValues(b *testing.B) {
	w := newTestWorker(b, nil)
	b.ReportAllocs()
	for b.Loop() {
		w.Mask("田中様 090-1234-5678 taro@example.com 〒150-0001")
	}
}
