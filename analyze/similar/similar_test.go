package similar

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func rng(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x5eed)) }

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tol {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}

const campaign = "新しい料金プランに切り替えてから毎月の支払いがかなり増えました。以前のプランに戻せるようにしてほしいです。同じ考えの方はぜひ声を上げてください。"

// vary makes a light variation: other punctuation, width, emoji, links, a greeting, one other word.
func vary(r *rand.Rand, text string) string {
	words := [][2]string{{"毎月", "月々"}, {"かなり", "だいぶ"}, {"増えました", "増えてます"}, {"戻せる", "もどせる"}, {"ほしいです", "欲しいです"}, {"ぜひ", "是非"}, {"考え", "意見"}}
	w := words[r.IntN(len(words))]
	text = strings.Replace(text, w[0], w[1], 1)
	switch r.IntN(5) {
	case 0:
		text = strings.ReplaceAll(text, "。", "!!")
	case 1:
		text = "こんにちは。" + text
	case 2:
		text += fmt.Sprintf(" https://example.com/p?id=%d 拡散希望", r.IntN(1000))
	case 3:
		text = strings.ReplaceAll(text, "プラン", "ﾌﾟﾗﾝ")
	case 4:
		text += "😀😀"
	}
	return fmt.Sprintf("%s(%d)", text, r.IntN(200))
}

// shortPosts are 100 truly different posts: ten things, ten sayings, most of them shorter than the campaign.
func shortPosts() []string {
	things := []string{"検索", "通知", "レポート出力", "請求書の発行", "ログイン画面", "スマホアプリ", "権限の設定", "カレンダー連携", "チャット", "ダッシュボード"}
	sayings := []string{
		"%sの使い方を詳しく教えていただけると助かります",
		"昨日から%sがまったく動かなくなってしまって困っています",
		"%sが前よりずっと速くなっていて、とても気に入りました",
		"来月の更新で%sがどう変わるのか、どなたかご存じですか",
		"%sのおかげで毎週の作業が三時間から二十分に減りました",
		"%sはもっと安い料金で使えるようにならないものでしょうか",
		"うちの部署では%sを使いこなせている人がまだ一人もいません",
		"%sについて書いたマニュアルの図が古いままになっています",
		"他社から乗り換えた理由の一つが%sの分かりやすさでした",
		"%sを試したら思ったより簡単で、研修もいりませんでした",
	}
	var out []string
	for _, s := range sayings {
		for _, thing := range things {
			out = append(out, fmt.Sprintf(s, thing))
		}
	}
	return out
}

// F22: 200 light variations by 4 authors are one group among 100 different short posts, which stay apart, and 50
// people's thanks, which are too short to be copies of one another.
func TestFindCampaign(t *testing.T) {
	r := rng(5)
	var texts []Text
	for i := range 200 {
		texts = append(texts, Text{fmt.Sprintf("c%03d", i), fmt.Sprint("author", i%4), vary(r, campaign)})
	}
	for i, s := range shortPosts() {
		texts = append(texts, Text{fmt.Sprintf("s%03d", i), fmt.Sprint("person", i), s})
	}
	for i := range 50 {
		texts = append(texts, Text{fmt.Sprintf("t%03d", i), fmt.Sprint("guest", i), "ありがとうございます!"})
	}
	d, err := Find(DefaultConfig(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Groups) != 1 || len(d.Groups[0].Members) != 200 || d.Groups[0].Authors != 4 {
		for _, g := range d.Groups {
			t.Logf("group of %d by %d authors, first: %s", len(g.Members), g.Authors, texts[g.Members[0]].Body)
		}
		t.Fatalf("%d groups, want one of 200 posts by 4 authors", len(d.Groups))
	}
	all := make([]int, len(texts))
	for i := range all {
		all[i] = i
	}
	if got := d.Unique(all[:200]); got != 1 {
		t.Errorf("deduplicated count of the campaign is %d, want 1", got)
	}
	if got := d.Unique(all); got != 151 {
		t.Errorf("deduplicated count is %d, want 151", got)
	}

	// The order of the texts does not matter.
	shuffled := slices.Clone(texts)
	r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	e, err := Find(DefaultConfig(), shuffled)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Groups) != 1 || len(e.Groups[0].Members) != 200 {
		t.Errorf("another order of the texts gives %d groups", len(e.Groups))
	}
}

// Many seeds, each another 200 variations: always one group.
func TestFindSeeds(t *testing.T) {
	for seed := range uint64(20) {
		r := rng(1000 + seed)
		var texts []Text
		for i := range 200 {
			texts = append(texts, Text{fmt.Sprint(i), "a", vary(r, vary(r, campaign))}) // two variations each
		}
		d, err := Find(DefaultConfig(), texts)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Groups) != 1 || len(d.Groups[0].Members) != 200 {
			t.Errorf("seed %d: %d groups, the first of %d", seed, len(d.Groups), len(d.Groups[0].Members))
		}
	}
}

func TestFindTwoCampaigns(t *testing.T) {
	other := "次回の勉強会は十二月の第一週に開催します。初めての方も歓迎です。参加費は無料ですので、お気軽にお申し込みください。"
	r := rng(6)
	var texts []Text
	for i := range 40 {
		texts = append(texts, Text{fmt.Sprintf("%02d", i), "a", vary(r, []string{campaign, other, other, campaign, campaign}[i%5])})
	}
	d, err := Find(DefaultConfig(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Groups) != 2 || len(d.Groups[0].Members) != 24 || len(d.Groups[1].Members) != 16 {
		t.Errorf("groups %+v, want 24 and 16", d.Groups)
	}
}

func TestCanonicalText(t *testing.T) {
	for in, want := range map[string]string{
		"ﾌﾟﾗﾝが、高い!!😀":                         "プランが高い",
		"すごーーーい wwww":                         "すごーいw",
		"詳細は https://example.com/a?b=1#c へ":   "詳細はへ",
		"見て→http://example.com/x。1,000円と1000": "見て1000円と1000",
		"ABC abc://": "abcabc",
		"……":         "",
	} {
		if got := string(canonicalText(in)); got != want {
			t.Errorf("canonical %q is %q, want %q", in, got, want)
		}
	}
}

// jaccard is the size of the intersection over that of the union.
func jaccard(f, g Fingerprint) float64 {
	common := 0
	for _, s := range f.shingles {
		if slices.Contains(g.shingles, s) {
			common++
		}
	}
	if common == 0 {
		return 0
	}
	return float64(common) / float64(len(f.shingles)+len(g.shingles)-common)
}

func TestAlike(t *testing.T) {
	// "abcd", padded by two runes on each side (·): ··a ·ab abc bcd cd· d··.
	a, b := NewFingerprint("abcd"), NewFingerprint("abce")
	if len(a.shingles) != 6 {
		t.Fatalf("%d shingles of four letters, want 6", len(a.shingles))
	}
	near(t, "similarity", jaccard(a, b), 3.0/9, 1e-12) // ··a ·ab abc of nine
	prints := []Fingerprint{a, b, NewFingerprint(""), NewFingerprint("!!"), NewFingerprint(campaign)}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		text := []rune(campaign)[:1+random.IntN(40)]
		for range random.IntN(6) {
			text[random.IntN(len(text))] = rune('あ' + random.IntN(80))
		}
		prints = append(prints, NewFingerprint(string(text)))
	}
	yes := 0
	for _, f := range prints {
		for _, g := range prints {
			is := jaccard(f, g)
			for _, need := range []float64{0.01, 1.0 / 3, 0.4, 0.5, 0.85, 1, max(is, 0.001), max(math.Nextafter(is, 0), 0.001), min(math.Nextafter(is, 2), 1)} {
				if got := f.Alike(g, need); got != (is >= need) {
					t.Fatalf("%d and %d shingles, similarity %v: alike at %v is %v", len(f.shingles), len(g.shingles), is, need, got)
				}
				if is >= need {
					yes++
				}
			}
		}
	}
	if yes < 1000 {
		t.Errorf("only %d pairs were alike", yes)
	}
}

func TestConfigValidate(t *testing.T) {
	for want, cfg := range map[string]Config{
		"duplicate_min_runes": {0, 0.8, 0.5},
		"duplicate_strict":    {20, 1.1, 0.5},
		"duplicate_loose":     {20, 0.8, 0.4},
	} {
		if _, err := Find(cfg, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that names %s", err, want)
		}
	}
}

// wordyText makes a post of random words, as different from others as people's posts are.
func wordyText(r *rand.Rand, words []string, n int) string {
	var b strings.Builder
	for range n {
		// A few words make most of the text, as in any language.
		b.WriteString(words[int(float64(len(words))*r.Float64()*r.Float64()*r.Float64())])
	}
	return b.String()
}

func vocabulary(r *rand.Rand, n int) []string {
	words := make([]string, n)
	for i := range words {
		w := make([]rune, 1+r.IntN(4))
		for j := range w {
			w[j] = rune(0x3042 + r.IntN(80))
			if i%3 == 0 {
				w[j] = rune(0x4e00 + r.IntN(3000))
			}
		}
		words[i] = string(w)
	}
	return words
}

// 100,000 posts, a tenth of them copies, take seconds; four times the posts take about four times as long.
func TestFindScales(t *testing.T) {
	r := rng(8)
	words := vocabulary(r, 5000)
	make100 := func(n int) []Text {
		texts := make([]Text, n)
		for i := range texts {
			body := wordyText(r, words, 25)
			if i%10 == 0 {
				body = vary(r, campaign)
			}
			texts[i] = Text{fmt.Sprintf("%06d", i), fmt.Sprint(i % 997), body}
		}
		return texts
	}
	small, large := make100(25_000), make100(100_000)
	run := func(texts []Text) time.Duration {
		start := time.Now()
		d, err := Find(DefaultConfig(), texts)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(d.Groups[0].Members); got != len(texts)/10 {
			t.Errorf("largest group has %d of %d copies", got, len(texts)/10)
		}
		return time.Since(start)
	}
	a, b := run(small), run(large)
	t.Logf("25,000 posts in %v, 100,000 in %v", a, b)
	if b > 60*time.Second {
		t.Errorf("100,000 posts take %v, want seconds", b)
	}
	if b > 12*a {
		t.Errorf("four times the posts take %.1f times as long", float64(b)/float64(a))
	}
}

// Whatever the text, a copy is a copy, similarity has no direction, and links leave the rest alone.
func FuzzFingerprint(f *testing.F) {
	f.Add(campaign, "https://example.com/x と ://")
	f.Add("ｶﾞｶﾞ\u3099ーー", "\xff\xfehttp://")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := NewFingerprint(a), NewFingerprint(b)
		if x.runes > 0 && !x.Alike(x, 1) {
			t.Errorf("%q is not like itself", a)
		}
		if is := jaccard(x, y); is > 0 && (!x.Alike(y, is) || !y.Alike(x, is)) {
			t.Errorf("%q and %q are not equally alike", a, b)
		}
		if !strings.Contains(a, "://") && dropLinks(a) != a {
			t.Errorf("%q loses text without a link", a)
		}
		d, err := Find(Config{MinRunes: 1, Strict: 1, Loose: 1}, []Text{{"1", "a", a}, {"2", "b", a}, {"3", "c", b}})
		if err != nil {
			t.Fatal(err)
		}
		if x.runes > 0 && (d.GroupOf[0] < 0 || d.GroupOf[0] != d.GroupOf[1]) {
			t.Errorf("two copies of %q are in groups %v", a, d.GroupOf)
		}
	})
}
