package mask

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// barrier stands in a folded text for what is masked already. It equals no rune, so nothing matches across it.
const barrier rune = -1

// flags of a folded rune.
const (
	inURL uint8 = 1 << iota // part of a URL: only values that are sure there are masked
	kept                    // protected by the allow list
)

// folded is a text in the form the rules read: half and full width alike, composed, invisible characters gone, one
// rune a cell. Cell i stands for the bytes from[i] to to[i] of the original.
type folded struct {
	r        []rune
	from, to []int32
	flag     []uint8
	// may says what may begin in a cell, or end with it; table tells it by rune.
	may   []uint8
	table *firsts

	digits, kanjiDigits, latin, ats, marks, spaces int
	// escapes are the byte offsets of brackets that look like a mask token's and are not ours.
	escapes []int32
}

func (f *folded) reset() {
	f.r, f.from, f.to, f.flag, f.may, f.escapes = f.r[:0], f.from[:0], f.to[:0], f.flag[:0], f.may[:0], f.escapes[:0]
	f.digits, f.kanjiDigits, f.latin, f.ats, f.marks, f.spaces = 0, 0, 0, 0, 0, 0
}

// at is the rune of cell i, the barrier outside of the text.
func (f *folded) at(i int) rune {
	if i < 0 || i >= len(f.r) {
		return barrier
	}
	return f.r[i]
}

func (f *folded) push(r rune, from, to int) {
	f.r = append(f.r, r)
	f.from = append(f.from, int32(from))
	f.to = append(f.to, int32(to))
	f.flag = append(f.flag, 0)
	may := f.table.of(r)
	f.may = append(f.may, may)
	if r < utf8.RuneSelf || may&mayCount != 0 {
		f.count(r)
	}
}

// firsts tells of every rune what may begin or end with it, by its low bits: other runes may be told the same.
type firsts [1024]uint8

// What firsts tells.
const (
	mayCue       uint8 = 1 << iota // a cue begins
	mayHonorific                   // an honorific begins
	mayTitle                       // a title begins
	mayRelation                    // a word for a relation ends
	mayCount                       // count counts it
	mayNumber                      // it is a digit or otherwise belongs to a number, in either script
	mayEnd                         // a clause ends
)

func (t *firsts) of(r rune) uint8 { return t[lower(r)&1023] }

// add has the words of a trie told, by their first rune, which is the last one of words that are written backwards.
func (t *firsts) add(words *trie, may uint8) {
	for i, head := range words.first {
		if head != 0 {
			t[i] |= may
		}
	}
}

// addRunes has runes told.
func (t *firsts) addRunes(runes string, may uint8) {
	for _, r := range runes {
		t[lower(r)&1023] |= may
	}
}

// counted are the runes outside of ASCII that count counts.
const counted = "〇零○◯一壱二弐三参四五六七八九" + "ア" + "★☆●◎■◆♪▲※♡"

func (f *folded) count(r rune) {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case r >= '0' && r <= '9':
			f.digits++
		case isASCIILetter(r):
			f.latin++
		case r == '@' || r == '%':
			f.ats++
		case r == ':' || r == '/' || r == '=':
			f.marks++
		case r == '(' || r == '[' || r == '{':
			f.spaces++
		}
	case kanjiDigit(r) >= 0:
		f.kanjiDigits++
	case r == 'ア' || isStar(r):
		f.spaces++
	}
}

// fold fills f with text. Mask tokens made with one of the signers' keys become a single barrier.
func (f *folded) fold(text string, signers []*signer) {
	f.reset()
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c == '\t' || c == '\r' {
				c = ' '
			}
			f.push(rune(c), i, i+1)
			i++
			continue
		}
		if c >= 0xe3 && c <= 0xe9 && i+2 < len(text) && text[i+1]&0xc0 == 0x80 && text[i+2]&0xc0 == 0x80 {
			if r := rune(c&0xf)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f); r >= 0x3040 && r <= 0x9fff && r != 0x3099 && r != 0x309a || r >= 0x3001 && r <= 0x3011 {
				f.push(r, i, i+3) // nearly all of a Japanese text
				i += 3
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == openRune:
			if t := tokenAt(text[i:min(len(text), i+maxToken)], signers); t > 0 {
				f.push(barrier, i, i+t)
				n = t
			} else {
				f.escapes = append(f.escapes, int32(i))
				f.push('[', i, i+n)
			}
		case r == closeRune:
			f.escapes = append(f.escapes, int32(i))
			f.push(']', i, i+n)
		case invisible(r):
			if k := len(f.to); k > 0 && f.r[k-1] != barrier {
				f.to[k-1] = int32(i + n)
			}
		case isVoicing(r):
			f.voice(r, i, i+n)
		default:
			f.push(foldRune(r), i, i+n)
		}
		i += n
	}
}

// voice joins a dakuten or handakuten with the kana before it.
func (f *folded) voice(r rune, from, to int) {
	k := len(f.r) - 1
	if k < 0 || f.r[k] == barrier {
		f.push(r, from, to)
		return
	}
	half := r == 0x309a || r == 'ﾟ'
	if v := voiced(f.r[k], half); v != 0 {
		f.r[k], f.to[k], f.may[k] = v, int32(to), f.table.of(v)
		return
	}
	f.push(r, from, to)
}

func isVoicing(r rune) bool { return r == 0x3099 || r == 0x309a || r == 'ﾞ' || r == 'ﾟ' }

// voiced is the kana with its voicing mark, or 0 when there is none.
func voiced(r rune, half bool) rune {
	base := r
	if r >= 0x30a1 && r <= 0x30f6 {
		base = r - 0x60
	}
	switch {
	case half && strings.ContainsRune("はひふへほ", base):
		return r + 2
	case !half && (strings.ContainsRune("かきくけこさしすせそたちつてとはひふへほ", base)):
		return r + 1
	case !half && r == 'ウ':
		return 'ヴ'
	}
	return 0
}

// foldRune folds one rune outside of kana and the common kanji.
func foldRune(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case r == 0x3000 || r == 0xa0 || r == 0x202f || r == 0x205f || (r >= 0x2000 && r <= 0x200a):
		return ' '
	case r >= 0xff61 && r <= 0xff9f:
		return halfKana[r-0xff61]
	case isDash(r):
		return '-'
	case r == 0x2028 || r == 0x2029 || r == 0x85:
		return '\n'
	case r == '〚':
		return '['
	case r == '〛':
		return ']'
	case r == utf8.RuneError:
		return r
	case r >= 0x1d400 && r <= 0x1d7ff, r >= 0xfe50 && r <= 0xfe6b, r >= 0xf900 && r <= 0xfaff, r >= 0x2f00 && r <= 0x2fdf:
		return compatible(r)
	case r >= 0x660 && unicode.IsDigit(r):
		return otherDigit(r)
	}
	return r
}

// compatible folds mathematical letters, small forms, kanji radicals and compatibility kanji.
func compatible(r rune) rune {
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	d := norm.NFKC.Properties(buf[:n]).Decomposition()
	if len(d) == 0 {
		return r
	}
	out, size := utf8.DecodeRune(d)
	if size != len(d) {
		return r
	}
	if isDash(out) {
		return '-'
	}
	return out
}

// otherDigit folds the decimal digits of other scripts. Unicode lays every set out as ten in a row.
func otherDigit(r rune) rune {
	zero := r
	for zero > r-9 && unicode.IsDigit(zero-1) {
		zero--
	}
	if zero+9 < r {
		return r
	}
	return '0' + (r - zero)
}

// isDash reports whether r is drawn as a dash. The long mark ー is not among them: it is a letter unless it stands
// between digits.
func isDash(r rune) bool {
	switch r {
	case '‐', '‑', '‒', '–', '—', '―', '−', '─', '━', '﹣', '－', '﹘', '⁃', '˗', '➖':
		return true
	}
	return false
}

// invisible reports whether r draws nothing: joiners, marks of direction, variation selectors, keycaps.
func invisible(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r >= 0xfe00 && r <= 0xfe0f:
		return true
	case r == 0xfeff, r == 0xad, r == 0x34f, r == 0x20e3, r == 0x180e, r == 0x115f, r == 0x1160, r == 0x3164:
		return true
	}
	return r >= 0xe0000 && r <= 0xe0fff
}

// halfKana are the full-width forms of U+FF61 to U+FF9F.
var halfKana = []rune("。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜")

func isASCIILetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isAlnum(r rune) bool { return isASCIILetter(r) || isDigit(r) }

func lower(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

func isKanji(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r == '々' || r == 'ヶ' || r == 'ヵ' || r == '〆' || r >= 0xf900 && r <= 0xfaff || r >= 0x20000 && r <= 0x2fa1f
}

func isHiragana(r rune) bool { return r >= 0x3041 && r <= 0x3096 }

func isKatakana(r rune) bool { return r >= 0x30a1 && r <= 0x30fa || r == 'ー' }

func isJapanese(r rune) bool { return isKanji(r) || isHiragana(r) || isKatakana(r) }

// isLetterAbroad reports whether r is a letter that looks or works like a Latin one: é, Cyrillic а, Greek ο.
func isLetterAbroad(r rune) bool {
	return r >= 0xc0 && r <= 0x24f && r != 0xd7 && r != 0xf7 || r >= 0x370 && r <= 0x3ff || r >= 0x400 && r <= 0x4ff || r >= 0x300 && r <= 0x36f
}

// kanjiDigit is the value of a digit written as kanji, else -1.
func kanjiDigit(r rune) int {
	switch r {
	case '〇', '零', '○', '◯':
		return 0
	case '一', '壱':
		return 1
	case '二', '弐':
		return 2
	case '三', '参':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	}
	return -1
}

// isStar reports whether r is used in place of @ to keep robots away.
func isStar(r rune) bool {
	switch r {
	case '★', '☆', '●', '◎', '■', '◆', '♪', '▲', '※', '♡':
		return true
	}
	return false
}
