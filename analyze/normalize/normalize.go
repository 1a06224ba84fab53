// Package normalize folds spelling variants of Japanese text for matching and keeps, for every folded rune, the
// span of the original text it came from.
//
// It owns width, half-width kana, long marks, repeated letters, look-alike characters and the replacement of
// listed variants. It never changes the text it is given, does not split it and knows no words beyond the variant
// list handed to New. Its callers are analyze/parse (texts) and the compilers of phrases (so that a phrase and the
// text it should match are folded alike).
package normalize

import (
	"slices"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text is a folded text. From[i] and To[i] are the rune offsets in the original text that folded rune i stands for,
// To exclusive. From never decreases. Byte[i] is the byte offset of rune i in String; Byte[len(Runes)] is its length.
type Text struct {
	Runes    []rune
	From, To []int32
	Byte     []int32
	String   string
	// Origin are the byte offsets of the original's runes in it, with its length behind.
	Origin []int32
	// Length is the original's length in runes, before any limit.
	Length int
	// Truncated and Invalid say that the original was longer than the limit, and that it held bytes that are not UTF-8.
	Truncated, Invalid bool

	folded, scratch Buffer
	bytes           []byte
	offsets         []int32
}

// Buffer is folded runes with their origin.
type Buffer struct {
	Runes    []rune
	From, To []int32
}

func (b *Buffer) reset() { b.Runes, b.From, b.To = b.Runes[:0], b.From[:0], b.To[:0] }

func (b *Buffer) push(r rune, from, to int32) {
	b.Runes = append(b.Runes, r)
	b.From = append(b.From, from)
	b.To = append(b.To, to)
}

// copy appends the runes [from, to) of in.
func (b *Buffer) copy(in *Buffer, from, to int) {
	b.Runes = append(b.Runes, in.Runes[from:to]...)
	b.From = append(b.From, in.From[from:to]...)
	b.To = append(b.To, in.To[from:to]...)
}

// Original gives the span of the original text that the folded runes [start, end) stand for.
func (t *Text) Original(start, end int) (from, to int) {
	if start < 0 {
		start = 0
	}
	if end > len(t.Runes) {
		end = len(t.Runes)
	}
	if start >= end {
		return 0, 0
	}
	from, to = int(t.From[start]), int(t.To[start])
	for i := start + 1; i < end; i++ {
		from, to = min(from, int(t.From[i])), max(to, int(t.To[i]))
	}
	return from, to
}

// Slice is the folded text of the runes [start, end).
func (t *Text) Slice(start, end int) string { return t.String[t.Byte[start]:t.Byte[end]] }

// Normalizer folds text. It is immutable and safe for concurrent use.
type Normalizer struct {
	variants *variantTrie
	traits   []trait // of the characters below 1<<16
}

// trait is a set of what can happen to a character, so that most characters need no look at the rules.
type trait uint8

const (
	// folds says that foldRune does not give the character itself.
	folds trait = 1 << iota
	// resembles says that the character may stand for a katakana letter.
	resembles
	// begins says that a variant begins with the character.
	begins
	// stretches says that a single one of the character may be left out.
	stretches
)

func (n *Normalizer) traitOf(r rune) trait {
	if uint32(r) < uint32(len(n.traits)) {
		return n.traits[r]
	}
	return folds | begins
}

// finish fills the traits, after the last variant is added.
func (n *Normalizer) finish() *Normalizer {
	n.variants.finish()
	n.traits = slices.Clone(commonTraits())
	for i := range n.traits {
		if n.variants.begins(rune(i)) {
			n.traits[i] |= begins
		}
	}
	return n
}

// commonTraits are the traits that do not depend on variants. To find them takes 40 ms.
var commonTraits = sync.OnceValue(func() []trait {
	traits := make([]trait, 1<<16)
	for i := range traits {
		r, x := rune(i), trait(0)
		if !plain(r) && !stays(r) {
			x |= folds
		}
		if katakanaOf(r) != 0 {
			x |= resembles
		}
		if r == 'ー' || r == '〜' || r == '~' || isSmallVowel(r) {
			x |= stretches
		}
		traits[i] = x
	}
	return traits
})

// Variant is a spelling and what it is folded to.
type Variant struct{ From, To string }

// New makes a normalizer that also replaces the listed variants, the longest first. A variant that stands for itself
// keeps a shorter one from matching inside it. The variants themselves are folded before they are used, so ｻﾎﾟｰﾄ
// need not be listed beside サポート.
func New(variants []Variant) *Normalizer {
	n := &Normalizer{variants: newVariantTrie()}
	for _, v := range variants {
		from, to := foldBasic(v.From), foldBasic(v.To)
		if from != "" {
			n.variants.add([]rune(from), []rune(to))
		}
	}
	return n.finish()
}

// Fold gives the folded form of a short text such as a phrase of a rule.
func (n *Normalizer) Fold(s string) string {
	var t Text
	n.Normalize(&t, s, 0)
	return t.String
}

// foldBasic folds without long marks and variants, which is the form in which variants are looked up.
func foldBasic(s string) string {
	var b Buffer
	at := int32(0)
	for _, r := range s {
		foldRune(&b, r, at)
		at++
	}
	return string(b.Runes)
}

// Normalize folds at most limit runes of s into t; a limit of 0 means no limit.
func (n *Normalizer) Normalize(t *Text, s string, limit int) {
	text, other := &t.folded, &t.scratch
	seen, same := n.read(t, text, s, limit)
	if seen&resembles != 0 {
		same = !n.lookAlikes(text) && same
	}
	if n.replace(text, other) {
		text, other, same = other, text, false
	}
	if n.collapse(text, other) {
		text, other, same = other, text, false
		// A second pass finds variants that only appear once long marks are gone, for example 使いずらーい.
		if n.replace(text, other) {
			text = other
		}
	}
	t.Runes, t.From, t.To = text.Runes, text.From, text.To
	if same {
		t.String, t.Byte = s, t.Origin
		return
	}
	t.index()
}

// read fills text with the runes of s folded one by one. It returns what can happen to them, and whether they are those of
// s.
func (n *Normalizer) read(t *Text, text *Buffer, s string, limit int) (seen trait, same bool) {
	t.Truncated, t.Invalid, t.Length = false, false, 0
	text.reset()
	origin := t.Origin[:0]
	same = true
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		switch {
		case r < utf8.RuneSelf:
		case r >= 0xe1 && r <= 0xec && i+2 < len(s) && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80:
			r, size = r&0xf<<12|rune(s[i+1]&0x3f)<<6|rune(s[i+2]&0x3f), 3
		default:
			if r, size = utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && size == 1 {
				t.Invalid = true
			}
		}
		at := int32(len(origin))
		origin = append(origin, int32(i))
		i += size
		if limit > 0 && len(origin) > limit {
			t.Truncated = true
			continue
		}
		x := n.traitOf(r)
		if x&folds == 0 {
			seen |= x
			text.Runes = append(text.Runes, r)
			text.From = append(text.From, at)
			text.To = append(text.To, at+1)
			continue
		}
		before := len(text.Runes)
		foldRune(text, r, at)
		for _, r := range text.Runes[max(before-1, 0):] { // a voicing mark changes the one before it
			seen |= n.traitOf(r)
		}
		same = same && size > 1 && len(text.Runes) == before+1 && text.Runes[before] == r && r != utf8.RuneError
	}
	t.Length = len(origin)
	origin = append(origin, int32(len(s)))
	t.Origin = origin
	return seen, same && !t.Truncated
}

// index writes the runes and remembers where.
func (t *Text) index() {
	t.bytes = t.bytes[:0]
	t.offsets = t.offsets[:0]
	for _, r := range t.Runes {
		t.offsets = append(t.offsets, int32(len(t.bytes)))
		if r >= 0x800 && r < 0xd800 {
			t.bytes = append(t.bytes, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0xbf, 0x80|byte(r)&0xbf)
		} else {
			t.bytes = utf8.AppendRune(t.bytes, r)
		}
	}
	t.offsets = append(t.offsets, int32(len(t.bytes)))
	t.Byte = t.offsets
	t.String = string(t.bytes)
}

// plain reports whether foldRune gives r itself.
func plain(r rune) bool {
	switch {
	case r < 0x80:
		return r >= ' ' && r != '!' && r != '?' && r != 0x7f && !(r >= 'A' && r <= 'Z') || r == '\n'
	case r >= 0x3041 && r <= 0x3096, r >= 0x30a1 && r <= 0x30fc, r >= 0x4e00 && r <= 0x9fff, r >= 0x3001 && r <= 0x3002, r == '！' || r == '？':
		return true
	}
	return false
}

// stays reports whether foldRune gives r itself whatever stands before it, which holds for most marks.
func stays(r rune) bool {
	if r < utf8.RuneSelf || r == utf8.RuneError || r >= 0x3099 && r <= 0x309c { // voicing marks
		return false
	}
	var b Buffer
	foldRune(&b, r, 0)
	return len(b.Runes) == 1 && b.Runes[0] == r
}

// foldRune appends the folded form of one rune: width, case, compatibility forms, combining marks.
func foldRune(b *Buffer, r rune, at int32) {
	switch {
	case r >= 'A' && r <= 'Z':
		b.push(r+'a'-'A', at, at+1)
		return
	case r < 0x80:
		foldASCII(b, r, at)
		return
	case r >= 0x3041 && r <= 0x3096, r >= 0x30a1 && r <= 0x30fc, r >= 0x4e00 && r <= 0x9fff, r >= 0x3001 && r <= 0x3002:
		b.push(r, at, at+1)
		return
	case r >= 0xff01 && r <= 0xff5e:
		foldWide(b, r, at)
		return
	case r >= 0xff61 && r <= 0xff9f:
		foldHalfKana(b, r, at)
		return
	}
	foldOther(b, r, at)
}

func foldASCII(b *Buffer, r rune, at int32) {
	switch r {
	case '!':
		r = '！'
	case '?':
		r = '？'
	case '\t', '\r', '\v', '\f':
		r = ' '
	}
	if r < 0x20 && r != '\n' || r == 0x7f {
		r = ' '
	}
	b.push(r, at, at+1)
}

func foldWide(b *Buffer, r rune, at int32) {
	switch r {
	case '！', '？':
	case '～':
		r = '〜'
	default:
		r -= 0xfee0
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
	}
	b.push(r, at, at+1)
}

// halfKana are the full-width forms of U+FF61 to U+FF9F.
var halfKana = [...]rune{
	'。', '「', '」', '、', '・', 'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ', 'ー', 'ア', 'イ', 'ウ', 'エ', 'オ',
	'カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ', 'チ', 'ツ', 'テ', 'ト', 'ナ', 'ニ', 'ヌ', 'ネ', 'ノ',
	'ハ', 'ヒ', 'フ', 'ヘ', 'ホ', 'マ', 'ミ', 'ム', 'メ', 'モ', 'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル', 'レ', 'ロ', 'ワ', 'ン',
	'゛', '゜',
}

func foldHalfKana(b *Buffer, r rune, at int32) {
	k := halfKana[r-0xff61]
	if k == '゛' || k == '゜' {
		voice(b, k, at)
		return
	}
	b.push(k, at, at+1)
}

// voice joins a voicing mark to the kana before it, or keeps the mark when there is none that can take it.
func voice(b *Buffer, mark rune, at int32) {
	if n := len(b.Runes); n > 0 {
		if v := voiced(b.Runes[n-1], mark); v != 0 && b.To[n-1] == at {
			b.Runes[n-1], b.To[n-1] = v, at+1
			return
		}
	}
	b.push(mark, at, at+1)
}

func voiced(r, mark rune) rune {
	half := mark == '゜' || mark == 0x309a
	base := r
	if r >= 0x30a1 && r <= 0x30f6 {
		base = r - 0x60
	}
	switch {
	case half && base >= 'は' && base <= 'ほ' && (base-'は')%3 == 0:
		return r + 2
	case half:
		return 0
	case base >= 'か' && base <= 'ぢ' && (base-'か')%2 == 0, base == 'つ', base == 'て', base == 'と':
		return r + 1
	case base >= 'は' && base <= 'ほ' && (base-'は')%3 == 0:
		return r + 1
	case r == 'ウ':
		return 'ヴ'
	}
	return 0
}

func foldOther(b *Buffer, r rune, at int32) {
	switch {
	case r == 0x3099 || r == 0x309a || r == '゛' || r == '゜':
		voice(b, r, at)
		return
	case r == 0x200b || r == 0x200c || r == 0x200d || r == 0xfeff || r >= 0xfe00 && r <= 0xfe0f,
		r >= 0x1f3fb && r <= 0x1f3ff, r == 0x00ad, r >= 0x200e && r <= 0x200f, r >= 0x202a && r <= 0x202e:
		// Joiners, variation selectors, skin tones and direction marks change no meaning here. They join the span
		// of the rune before them, so that a cut-out of the original keeps an emoji whole.
		if n := len(b.To); n > 0 && b.To[n-1] == at {
			b.To[n-1] = at + 1
		}
		return
	case r == '\u3000' || r == 0x00a0 || r >= 0x2000 && r <= 0x200a || r == 0x202f || r == 0x205f:
		b.push(' ', at, at+1)
		return
	case r == 0x2028 || r == 0x2029 || r == 0x85:
		b.push('\n', at, at+1)
		return
	case r == '…' || r == '‥':
		b.push('…', at, at+1)
		return
	case r < 0x1100 && r >= 0xa0 && r != 0xb2 && r != 0xb3 && r != 0xb9, r >= 0x2190 && r <= 0x245f, r >= 0x2500 && r <= 0x2bff, r >= 0x1f300:
		b.push(r, at, at+1)
		return
	}
	folded := norm.NFKC.String(string(r))
	count := 0
	for _, f := range folded {
		if count++; count > 8 {
			break // U+FDFA and its like unfold to whole sentences; eight runes are enough to match units.
		}
		if f >= 'A' && f <= 'Z' {
			f += 'a' - 'A'
		}
		if f == '!' || f == '?' {
			f += 0xfee0
		}
		b.push(f, at, at+1)
	}
}
