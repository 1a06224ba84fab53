package sample

import (
	"math/rand/v2"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// dress gives a text the habits of its writer: line breaks, emoji, laughter, stretched vowels, typos, half-width
// kana; faces says whether emoji and kaomoji fit. It returns the text as posted and the text without its typo.
func (w *world) dress(r *rand.Rand, m *member, s, mood string, faces bool) (posted, clean string) {
	st := m.style
	hit := func(p float64) bool { return p > 0 && r.Float64() < p }
	if hit(st.lines) && !strings.Contains(s, "\n") {
		s = breakLines(s)
	}
	if hit(st.bang) && (mood == "happy" || mood == "thanks") {
		s = replaceLast(s, "。", pick(r, "！", "！！", "♪", "！"))
	}
	if hit(st.stretch) {
		s = stretch(r, s)
	}
	if m.voice == casual && r.Float64() < .5 {
		s = strings.TrimSuffix(s, "。")
	}
	if hit(st.laugh) && (mood == "happy" || mood == "calm") && !containsAny(s, "笑", "申し訳", "すみません", "失礼", "つらい", "疲れ") {
		s = replaceLast(s, "。", pick(r, "（笑）", "（笑）", "笑", "ｗ"))
	}
	rate := 1.0
	if mood == "calm" {
		rate = .35
	}
	if !faces {
		rate = 0
	}
	if hit(st.emoji * rate) {
		s += w.draw(r, "emoji-"+mood)
		if r.Float64() < .15 {
			s += w.draw(r, "emoji-"+mood)
		}
	} else if hit(st.kaomoji * rate) {
		s += w.draw(r, "kao-"+mood)
	}
	if st.wideDigits {
		s = mapRunes(s, func(c rune) bool { return c >= '0' && c <= '9' }, width.Widen.String)
	}
	if st.halfKana {
		s = halfKana(s)
	}
	clean = s
	if hit(st.typo) {
		s = w.typo(r, s)
	}
	return s, clean
}

// typo puts one slip of the keyboard into the text; a text that offers no place for one stays as it is.
func (w *world) typo(r *rand.Rand, s string) string {
	var fits [][2]string
	for _, t := range w.typos {
		if strings.Contains(s, t[0]) {
			fits = append(fits, t)
		}
	}
	if len(fits) == 0 {
		return s
	}
	t := fits[r.IntN(len(fits))]
	return strings.Replace(s, t[0], t[1], 1)
}

// breakLines puts a line break behind each sentence, as people do who write on a phone.
func breakLines(s string) string {
	var b strings.Builder
	depth := 0
	runes := []rune(s)
	for i, c := range runes {
		b.WriteRune(c)
		switch c {
		case '「', '（', '(':
			depth++
		case '」', '）', ')':
			depth--
		case '。', '！', '？':
			if depth == 0 && i+1 < len(runes) && !strings.ContainsRune("。！？\n」）", runes[i+1]) {
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}

// stretch lengthens one word of feeling.
func stretch(r *rand.Rand, s string) string {
	for _, p := range [][2]string{
		{"すごい", "すごーーい"}, {"ありがとうございます", "ありがとうございますーー"}, {"めっちゃ", "めーーっちゃ"},
		{"かわいい", "かわいいいい"}, {"うれしい", "うれしーーい"}, {"つらい", "つらーい"}, {"なるほど", "なるほどー"},
		{"よかった", "よかったーー"}, {"助かりました", "助かりましたーー"}, {"遅い", "遅ーーい"}, {"やっと", "やーっと"}, {"神", "神ーーー"},
	} {
		if strings.Contains(s, p[0]) && r.Float64() < .8 {
			return strings.Replace(s, p[0], p[1], 1)
		}
	}
	return s
}

// halfKana turns katakana into its half-width form, as old keyboards wrote it.
func halfKana(s string) string {
	isKana := func(c rune) bool { return unicode.Is(unicode.Katakana, c) || c == 'ー' }
	return mapRunes(s, isKana, func(k string) string { return width.Narrow.String(norm.NFD.String(k)) })
}

// mapRunes applies f to every run of runes that the test holds for.
func mapRunes(s string, test func(rune) bool, f func(string) string) string {
	var b, run strings.Builder
	for _, c := range s {
		if test(c) {
			run.WriteRune(c)
			continue
		}
		b.WriteString(f(run.String()))
		run.Reset()
		b.WriteRune(c)
	}
	b.WriteString(f(run.String()))
	return b.String()
}

func replaceLast(s, old, with string) string {
	if !strings.HasSuffix(s, old) {
		return s
	}
	return strings.TrimSuffix(s, old) + with
}
