package parse

import "strings"

// The dictionary forms of tokens that stand for more than a word. They are private-use characters, which the
// lexicon uses as phrases; text that holds such characters itself only makes a smiley of them.
const (
	AtomURL      = "\ue000"
	AtomJoy      = "\ue001"
	AtomSad      = "\ue002"
	AtomAngry    = "\ue003"
	AtomSweat    = "\ue004"
	AtomNeutral  = "\ue005"
	AtomSurprise = "\ue006"
)

type atom struct {
	start, end int
	kind       string
}

// findAtoms finds links and smileys in the folded runes [start, end).
func findAtoms(dst []atom, rs []rune, start, end int) []atom {
	for i := start; i < end; {
		switch r := rs[i]; {
		case r >= 0x3000 && r != '（':
			// Japanese text begins neither.
		case r == 'h' && hasPrefix(rs[i:end], "http"):
			if n := urlLength(rs[i:end]); n > 0 {
				dst = append(dst, atom{i, i + n, AtomURL})
				i += n
				continue
			}
		case r == 'w' && hasPrefix(rs[i:end], "www.") && (i == start || !isWordRune(rs[i-1])):
			n := 4
			for i+n < end && rs[i+n] > ' ' && rs[i+n] < 0x7f {
				n++
			}
			dst = append(dst, atom{i, i + n, AtomURL})
			i += n
			continue
		case r == 'σ' || r == 'Σ':
			if i+1 < end && rs[i+1] == '(' {
				if n, kind := smiley(rs[i+1 : end]); n > 0 && kind != AtomAngry {
					dst = append(dst, atom{i, i + 1 + n, AtomSurprise})
					i += n + 1
					continue
				}
			}
		case r == '(' || r == '（':
			if n, kind := smiley(rs[i:end]); n > 0 {
				dst = append(dst, atom{i, i + n, kind})
				i += n
				continue
			}
		case r == '^' || r == ';' || r == 't' || r == 'o' || r == '>' || r == 'm' || r == '_':
			if n, kind := bareSmiley(rs[i:end], i > start && isWordRune(rs[i-1])); n > 0 {
				dst = append(dst, atom{i, i + n, kind})
				i += n
				continue
			}
		}
		i++
	}
	return dst
}

func hasPrefix(rs []rune, p string) bool {
	i := 0
	for _, r := range p {
		if i >= len(rs) || rs[i] != r {
			return false
		}
		i++
	}
	return true
}

func urlLength(rs []rune) int {
	if !hasPrefix(rs, "http://") && !hasPrefix(rs, "https://") {
		return 0
	}
	n := 0
	for n < len(rs) && rs[n] > ' ' && rs[n] < 0x7f {
		n++
	}
	return n
}

func isWordRune(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' }

// smiley reads a smiley or a stage direction in brackets: (^^), (´;ω;`), (笑).
func smiley(rs []rune) (int, string) {
	end := -1
	words := 0
	for i := 1; i < len(rs) && i < 16; i++ {
		r := rs[i]
		if r == ')' || r == '）' {
			end = i
			break
		}
		if r >= 0x4e00 && r <= 0x9fff || r >= 0x3041 && r <= 0x3096 && r != 'へ' && r != 'つ' && r != 'ー' || r >= '0' && r <= '9' && r != '0' {
			words++
		}
	}
	if end < 2 {
		return 0, ""
	}
	inner := string(rs[1:end])
	switch strings.TrimRight(inner, "w") {
	case "笑", "爆笑", "嬉", "喜", "嬉しい":
		return end + 1, AtomJoy
	case "泣", "涙", "悲", "悲しい", "号泣":
		return end + 1, AtomSad
	case "怒", "激怒":
		return end + 1, AtomAngry
	case "汗", "苦笑", "焦", "冷汗":
		return end + 1, AtomSweat
	}
	if words > 0 {
		return 0, ""
	}
	kind, ok := face(strings.ReplaceAll(inner, "Д", "д"))
	if !ok {
		return 0, ""
	}
	for end+1 < len(rs) && strings.ContainsRune("ノﾉo/v*☆♪b9;ゞ", rs[end+1]) && rs[end+1] != 'o' {
		end++
	}
	return end + 1, kind
}

// face tells the mood of what stands between the brackets, and false when it is no face.
func face(s string) (string, bool) {
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(s, p) {
				return true
			}
		}
		return false
	}
	switch {
	case has("`д´", "`皿´", "`ω´", "`ε´", "`へ´", "ꐦ", "╬", "#゚", "`・", "`o´", "-_-#", "#", "`д'", "`△´", "`m´"):
		if has("・ω・´") {
			return AtomJoy, true
		}
		return AtomAngry, true
	case has(";", "t_t", "tдt", "t-t", "tot", "t▽t", "ᴗ_ᴗ", "´д`", "´д`", "´・ω・`", "><", "> <", ">_<", "ノд", "_ _", "´-`", "´ー`;", "つд", "´;", "pq", "´_`", "´△`", "´_ゝ`", "ಥ", "´o`", "´Д"):
		if has("^", "▽") && has(";") && !has("t") {
			return AtomSweat, true
		}
		if s == "><" || s == "> <" || s == ">_<" {
			return AtomSad, true
		}
		return AtomSad, true
	case has("^", "▽", "∀", "≧", "≦", "♡", "♥", "´ω`", "ᵕ", "‿", "◡", "*´", "´`*", "•̀", "ω", "´ー`", "o^", "´ε", "*ˊ", "☆", "✧", "≡", "*°", "´艸`", "'▽", "v", "o´", "☻"):
		return AtomJoy, true
	case has("д", "゚o゚", "゜o゜", "・o・", "゚ロ゚", "゜ロ゜", "°o°", "@_@", "o_o", "⊙"):
		return AtomSurprise, true
	case has("-_-", "ー_ー", "・_・", "¬_¬", "・∀・", "・・", "・-・", "._."):
		return AtomNeutral, true
	}
	return "", false
}

// bareSmiley reads smileys without brackets: ^^, ;_;, T_T, orz, m(_ _)m. inWord says that a letter stands before.
func bareSmiley(rs []rune, inWord bool) (int, string) {
	for _, b := range [...]struct{ text, kind string }{
		{"^_^;", AtomSweat}, {"^^;", AtomSweat}, {"^_^", AtomJoy}, {"^o^", AtomJoy}, {"^-^", AtomJoy}, {"^^", AtomJoy},
		{";_;", AtomSad}, {";;", AtomSad}, {">_<", AtomSad}, {"><", AtomSad}, {"m(_ _)m", AtomNeutral}, {"m(__)m", AtomNeutral},
	} {
		if hasPrefix(rs, b.text) {
			return len([]rune(b.text)), b.kind
		}
	}
	if inWord {
		return 0, ""
	}
	for _, b := range [...]struct{ text, kind string }{{"t_t", AtomSad}, {"orz", AtomSad}, {"tt", AtomSad}} {
		n := len(b.text)
		if hasPrefix(rs, b.text) && (len(rs) == n || !isWordRune(rs[n])) {
			return n, b.kind
		}
	}
	return 0, ""
}
