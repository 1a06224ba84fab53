package similar

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// shingleRunes is the length of a shingle: three runes hold about one Japanese content word with its particle.
const shingleRunes = 3

// Fingerprint is a text reduced to what a copy keeps: the set of its shingles.
type Fingerprint struct {
	runes    int      // of the canonical text
	shingles []uint32 // hashed, ascending, distinct
}

// Empty says that nothing of the text is compared: it had no letters or digits.
func (f Fingerprint) Empty() bool { return f.runes == 0 }

// NewFingerprint shingles the canonical form of a text, with its ends padded so that they weigh like its middle.
func NewFingerprint(text string) Fingerprint {
	canonical := canonicalText(text)
	f := Fingerprint{runes: len(canonical)}
	if f.runes == 0 {
		return f
	}
	f.shingles = make([]uint32, 0, f.runes+shingleRunes-1)
	// Runes have 21 bits, so three of them fit a word without a hash; the padding is rune 0.
	var window uint64
	const mask = 1<<(21*shingleRunes) - 1
	for i := range f.runes + shingleRunes - 1 {
		window = window << 21 & mask
		if i < f.runes {
			window |= uint64(canonical[i])
		}
		f.shingles = append(f.shingles, uint32(mix(window)>>32))
	}
	slices.Sort(f.shingles)
	f.shingles = slices.Compact(f.shingles)
	return f
}

// canonicalText undoes what changes between copies of one text: width, case, spaces, punctuation, emoji, links and
// drawn-out sounds. Letters and digits remain.
func canonicalText(text string) []rune {
	text = strings.ToLower(norm.NFKC.String(dropLinks(text)))
	out := make([]rune, 0, len(text)/2)
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			out = append(out, r)
		case unicode.IsLetter(r):
			if n := len(out); n == 0 || out[n-1] != r {
				out = append(out, r)
			}
		}
	}
	return out
}

// dropLinks removes http and https addresses, up to the first byte that is neither visible ASCII nor part of one.
func dropLinks(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	var b strings.Builder
	for {
		at := strings.Index(text, "://")
		if at < 0 {
			b.WriteString(text)
			return b.String()
		}
		start := at
		if head, ok := strings.CutSuffix(text[:at], "https"); ok {
			start = len(head)
		} else if head, ok := strings.CutSuffix(text[:at], "http"); ok {
			start = len(head)
		}
		end := at + 3
		for end < len(text) && text[end] > ' ' && text[end] < 0x7f {
			end++
		}
		b.WriteString(text[:start])
		b.WriteByte(' ')
		text = text[end:]
	}
}

// Alike says whether the Jaccard index of two texts, the size of the intersection over that of the union, reaches need,
// which is above 0. Two empty sets have nothing in common. Most texts that are compared are not alike, and that shows early.
func (f Fingerprint) Alike(g Fingerprint, need float64) bool {
	a, b := f.shingles, g.shingles
	all := len(a) + len(b)
	// least is the smallest intersection that reaches need.
	least := max(int(need/(1+need)*float64(all))-1, 1)
	for least <= all/2 && float64(least)/float64(all-least) < need {
		least++
	}
	spareA, spareB := len(a)-least, len(b)-least
	if spareA < 0 || spareB < 0 {
		return false
	}
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		x, y := a[i], b[j]
		if x == y {
			common++
			i++
			j++
			continue
		}
		if x < y {
			i++
		} else {
			j++
		}
		if i-common > spareA || j-common > spareB {
			return false
		}
	}
	return common >= least
}

// mix is the finaliser of splitmix64, a bijection that spreads every bit.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
