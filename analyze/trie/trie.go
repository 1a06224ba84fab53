// Package trie finds the words that a text begins with, by a double array over characters: one place of the memory for
// each character.
//
// It owns the search and the order of its memory; what a word stands for is its caller's affair. Its callers are
// analyze/token and analyze/pattern.
package trie

import (
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// Trie is a set of words with a value each. It is immutable and safe for concurrent use.
type Trie struct {
	codes codes
	cells []cell
}

// cell is a state of a trie. The cell of the state behind a character c is base + code of c, and has the state as its
// check.
type cell struct {
	base, check int32
	// value is that of the word that ends here; -1 for none.
	value int32
}

// codes number the characters of the words from 1, those of frequent words first, so that these lie together in the
// memory. 0 is a character that no word holds.
type codes struct {
	low  []uint16 // by character, below 1<<16
	high map[rune]uint16
	size int32 // above all codes
}

// maxCodes is how many different characters the words of a trie may have.
const maxCodes = math.MaxUint16

// Word is a word of a trie. Its value must not be negative. Heat says how frequent it is, in any unit.
type Word struct {
	Text  string
	Value int32
	Heat  float64
}

// None is the state of what no word begins with. It leads to itself only.
const None = -1

// Root is the state of the empty text.
const Root = 0

// Code is the number by which Step knows a character.
func (t *Trie) Code(r rune) int32 {
	if uint32(r) < uint32(len(t.codes.low)) {
		return int32(t.codes.low[r])
	}
	return int32(t.codes.high[r])
}

// Unknown is the code of a character that no word holds.
const Unknown = 0

// Step is the state behind a character with the given code, or None. The state must not be None.
func (t *Trie) Step(state, code int32) int32 {
	at := t.cells[state].base + code
	if t.cells[at].check != state {
		return None
	}
	return at
}

// Value is the value of the word that ends at a state, or a negative number. The state must not be None.
func (t *Trie) Value(state int32) int32 { return t.cells[state].value }

// States is above all states.
func (t *Trie) States() int { return len(t.cells) }

// Relabel gives every word the value that f makes of its state and value. The hot states come first.
func (t *Trie) Relabel(f func(state, value int32) int32) {
	for i := range t.cells {
		if c := &t.cells[i]; c.value >= 0 {
			c.value = f(int32(i), c.value)
		}
	}
}

// Dead is a state that leads nowhere and has no value. Begin gives it for None.
func (t *Trie) Dead() int32 { return int32(len(t.cells) - 1) }

// Begin sets states[i] to the state behind codes[i], or Dead, for all places of a text, and then those behind two and
// more characters, one slice for each number. All places are done side by side, so that the processor waits for many
// places of the memory at once.
func (t *Trie) Begin(codes []int32, states ...[]int32) {
	cells, dead := t.cells, t.Dead()
	for depth, list := range states {
		n := max(len(codes)-depth, 0)
		for i, code := range codes[len(codes)-n:] {
			from := int32(Root)
			if depth > 0 {
				from = states[depth-1][i]
			}
			to := cells[from].base + code
			if cells[to].check != from {
				to = dead
			}
			list[i] = to
		}
		for i := n; i < len(codes); i++ {
			list[i] = dead
		}
	}
}

// BeginAt sets first[i] to the state behind codes[places[i]], or Dead, and second[i] to the state behind the code after it,
// which must be there.
func (t *Trie) BeginAt(codes, places, first, second []int32) {
	cells, dead := t.cells, t.Dead()
	first, second = first[:len(places)], second[:len(places)]
	base := cells[Root].base
	for i, p := range places {
		to := base + codes[p]
		if cells[to].check != Root {
			to = dead
		}
		first[i] = to
	}
	for i, p := range places {
		from := first[i]
		to := cells[from].base + codes[p+1]
		if cells[to].check != from {
			to = dead
		}
		second[i] = to
	}
}

// codesOf numbers the characters of the words.
func codesOf(words []Word) codes {
	heat := make([]float64, utf8.MaxRune+1)
	var runes []rune
	for i := range words {
		for _, r := range words[i].Text {
			if heat[r] == 0 {
				runes = append(runes, r)
			}
			heat[r] += max(words[i].Heat, math.SmallestNonzeroFloat64)
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

// levels is how many classes of heat the builder tells apart; each is twice as hot as the one before it.
const levels = 96

// levelOf is the class of a heat.
func levelOf(heat float64) int {
	if heat <= 0 {
		return 0
	}
	return min(max(math.Ilogb(heat)+levels/2, 0), levels-1)
}

// New makes a trie of words that are sorted by their text, each once.
func New(words []Word) *Trie {
	b := builder{words: words, t: &Trie{codes: codesOf(words)}, heat: make([]float64, len(words)+1)}
	for i := range words {
		b.heat[i+1] = b.heat[i] + words[i].Heat
	}
	b.grow(int(b.t.codes.size) + 1)
	b.t.cells[Root].check = math.MaxInt32 // taken, and no successor of any state
	b.queue[levels-1] = append(b.queue[levels-1], branch{0, 0, int32(len(words)), 0})
	// The successors of hot states are placed first, so that they lie together. A state is no hotter than the one before it.
	for level := levels - 1; level >= 0; level-- {
		for i := 0; i < len(b.queue[level]); i++ {
			b.place(b.queue[level][i])
		}
		b.queue[level] = nil
	}
	// A step from any cell stays inside, and the last cell leads nowhere.
	b.grow(len(b.t.cells) + int(b.t.codes.size) + 1)
	return b.t
}

type builder struct {
	t     *Trie
	words []Word
	// heat[i] is that of all words before i.
	heat []float64
	// queue are the states to be placed, by the class of their heat.
	queue [levels][]branch
	// free is where to look for free cells for states with few and with many successors, by the size of their number.
	free [17]int32
	// next and kids are the successors of the state at hand, and their codes.
	next []branch
	kids []int32
}

func (b *builder) grow(n int) {
	for len(b.t.cells) < n {
		b.t.cells = append(b.t.cells, cell{check: -1, value: -1})
	}
}

// place puts the successors of a state into free cells and into the queue.
func (b *builder) place(s branch) {
	b.next, b.kids = b.next[:0], b.kids[:0]
	for i := s.lo; i < s.hi; {
		text := b.words[i].Text
		if int(s.at) == len(text) {
			b.t.cells[s.cell].value = b.words[i].Value
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[s.at:])
		part := text[s.at : int(s.at)+size]
		first := i
		for i++; i < s.hi && len(b.words[i].Text) >= int(s.at)+size && b.words[i].Text[s.at:int(s.at)+size] == part; i++ {
		}
		if code := b.t.Code(r); code != 0 {
			b.next = append(b.next, branch{lo: first, hi: i, at: s.at + int32(size)})
			b.kids = append(b.kids, code)
		}
	}
	if len(b.kids) == 0 {
		return
	}
	top := levelOf(b.heat[s.hi] - b.heat[s.lo])
	base := b.fit()
	b.t.cells[s.cell].base = base
	for i, code := range b.kids {
		at := base + code
		b.t.cells[at].check = s.cell
		k := &b.next[i]
		k.cell = at
		level := min(levelOf(b.heat[k.hi]-b.heat[k.lo]), top)
		b.queue[level] = append(b.queue[level], *k)
	}
}

// fit finds a base for kids. What did not fit before a cell is not tried there again for as many successors, which wastes
// a few cells and makes the time linear.
func (b *builder) fit() int32 {
	least, most := slices.Min(b.kids), slices.Max(b.kids)
	free := &b.free[bits.Len(uint(len(b.kids)))]
search:
	for ; ; *free++ {
		base := *free - least
		if base < 0 {
			continue
		}
		b.grow(int(base+most) + 1)
		for _, code := range b.kids {
			if b.t.cells[base+code].check >= 0 {
				continue search
			}
		}
		return base
	}
}
