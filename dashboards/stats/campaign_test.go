package stats

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

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
