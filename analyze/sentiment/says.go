package sentiment

import "voc/analyze/parse"

// says tells which words a text holds that some wordings begin with. Few texts do, and the others need not be searched for
// them.
type says uint8

const (
	saysExcept   says = 1 << iota // 以外, を除く
	saysNow                       // 今は
	saysRather                    // 方が難しい
	saysLetAlone                  // どころか
	saysOwnFault                  // 自業自得
	saysIrony                     // (棒)
)

// lastBits has a bit set for the last six bits of each word that saidBy knows, so that most words are told by one byte.
var lastBits = func() (set uint64) {
	for _, word := range []string{"以外", "除く", "ともかく", "さておき", "今や", "今では", "いまや", "今", "いま", "現在", "方", "ほう", "どころか", "どころ",
		"自業自得", "お騒がせ", "早とちり", "勘違い", "🙃", "棒", "皮肉", "棒読み", parse.AtomAngry} {
		set |= 1 << (word[len(word)-1] & 63)
	}
	return set
}()

// maybeSays reports whether saidBy may know a word.
func maybeSays(word string) bool {
	return word != "" && lastBits>>(word[len(word)-1]&63)&1 != 0
}

func saidBy(d *parse.Doc) (set says) {
	for i := range d.Tokens {
		t := &d.Tokens[i]
		if maybeSays(t.Surface) {
			set |= saidWith(t.Surface)
		}
		if maybeSays(t.Base) {
			switch t.Base {
			case "除く":
				set |= saysExcept
			case parse.AtomAngry:
				set |= saysIrony
			}
		}
	}
	return set
}

// saidWith is what a word as it is written begins.
func saidWith(surface string) says {
	switch surface {
	case "以外", "ともかく", "さておき":
		return saysExcept
	case "今や", "今では", "いまや", "今", "いま", "現在":
		return saysNow
	case "方", "ほう":
		return saysRather
	case "どころか", "どころ":
		return saysLetAlone
	case "自業自得", "お騒がせ", "早とちり", "勘違い":
		return saysOwnFault
	case "🙃", "棒", "皮肉", "棒読み":
		return saysIrony
	}
	return 0
}
