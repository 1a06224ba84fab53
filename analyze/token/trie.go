package token

import (
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// trie finds the words that a text begins with, by a double array over characters: one place of the memory for each
// character, where the double array of kagome, which goes by bytes, needs three and more. It is immutable.
type trie struct {
	codes codes
	cells []cell
}

// cell is a state of a trie. The cell of the state behind a character c is base + code of c, and has the state as its
// check.
type cell struct {
	base, check int32
	// value is what the spelling that ends here stands for; -1 for none.
	value int32
}

// codes number the characters of the words from 1, those of frequent words first, so that these lie together in the
// memory. 0 is a character that no word holds.
type codes struct {
	low  []uint16 // by character, below 1<<16
	high map[rune]uint16
	size int32 // above all codes
}

func (c *codes) of(r rune) int32 {
	if uint32(r) < uint32(len(c.low)) {
		return int32(c.low[r])
	}
	return int32(c.high[r])
}

// maxCodes is how many different characters the words of a trie may have.
const maxCodes = math.MaxUint16

// spelling is a word of a trie. Heat says how frequent it is, in any unit.
type spelling struct {
	text  string
	value int32
	heat  float64
}

// codesOf numbers the characters of the words.
func codesOf(words []spelling) codes {
	heat := make([]float64, utf8.MaxRune+1)
	var runes []rune
	for i := range words {
		for _, r := range words[i].text {
			if heat[r] == 0 {
				runes = append(runes, r)
			}
			heat[r] += max(words[i].heat, math.SmallestNonzeroFloat64)
		}
	}
	slices.SortFunc(runes, func(a, b rune) int {
		switch {
		case heat[a] > heat[b]:
			return -1
		case heat[a] < heat[b]:
			return 1
		}
		return int(a - b)
	})
	if len(runes) > maxCodes {
		runes = runes[:maxCodes] // what is left out is not found; no dictionary comes near
	}
	c := codes{low: make([]uint16, 1<<16), high: map[rune]uint16{}, size: int32(len(runes)) + 1}
	for i, r := range runes {
		if int(r) < len(c.low) {
			c.low[r] = uint16(i + 1)
		} else {
			c.high[r] = uint16(i + 1)
		}
	}
	return c
}

// branch is a state whose cell is there and whose successors are not placed yet: the words [lo, hi), which share their
// first at bytes.
type branch struct {
	cell   int32
	lo, hi int32
	at     int32
}

// newTrie makes a trie of words that are sorted by their text, each once.
func newTrie(words []spelling) *trie {
	b := trieBuilder{words: words, t: &trie{codes: codesOf(words)}}
	b.grow(int(b.t.codes.size) + 1)
	b.t.cells[0].check = 0
	queue := []branch{{0, 0, int32(len(words)), 0}}
	for len(queue) > 0 {
		queue = b.place(queue[1:], queue[0])
	}
	// A step from any cell stays inside.
	b.grow(len(b.t.cells) + int(b.t.codes.size))
	return b.t
}

type trieBuilder struct {
	t     *trie
	words []spelling
	// free is where to look for free cells for states with few and with many successors, by the size of their number.
	free [17]int32
	// next and kids are the successors of the state at hand, and their codes.
	next []branch
	kids []int32
}

func (b *trieBuilder) grow(n int) {
	for len(b.t.cells) < n {
		b.t.cells = append(b.t.cells, cell{check: -1, value: -1})
	}
}

// place puts the successors of a state into free cells and appends them to the queue.
func (b *trieBuilder) place(queue []branch, s branch) []branch {
	b.next, b.kids = b.next[:0], b.kids[:0]
	for i := s.lo; i < s.hi; {
		text := b.words[i].text
		if int(s.at) == len(text) {
			b.t.cells[s.cell].value = b.words[i].value
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[s.at:])
		part := text[s.at : int(s.at)+size]
		first := i
		for i++; i < s.hi && len(b.words[i].text) >= int(s.at)+size && b.words[i].text[s.at:int(s.at)+size] == part; i++ {
		}
		if code := b.t.codes.of(r); code != 0 {
			b.next = append(b.next, branch{lo: first, hi: i, at: s.at + int32(size)})
			b.kids = append(b.kids, code)
		}
	}
	if len(b.kids) == 0 {
		return queue
	}
	base := b.fit()
	b.t.cells[s.cell].base = base
	for i, code := range b.kids {
		at := base + code
		b.t.cells[at].check = s.cell
		b.next[i].cell = at
		queue = append(queue, b.next[i])
	}
	return queue
}

// fit finds a base for kids. What did not fit before a cell is not tried there again for as many successors, which wastes
// a few cells and makes the time linear.
func (b *trieBuilder) fit() int32 {
	least, most := slices.Min(b.kids), slices.Max(b.kids)
	free := &b.free[bits.Len(uint(len(b.kids)))]
search:
	for ; ; *free++ {
		base := *free - least
		b.grow(int(base+most) + 1)
		for _, code := range b.kids {
			if base+code < 0 || b.t.cells[base+code].check >= 0 {
				continue search
			}
		}
		return base
	}
}

// step is the state behind a character with the given code, or -1.
func (t *trie) step(state, code int32) int32 {
	at := t.cells[state].base + code
	if uint32(at) >= uint32(len(t.cells)) || t.cells[at].check != state || code == 0 {
		return -1
	}
	return at
}
