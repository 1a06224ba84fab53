package mask

import "strings"

// trie finds words in folded text. Words are compared in lower case.
type trie struct {
	nodes []trieNode
	first [1024]int32 // the children of the root, by the low bits of their rune: most cells are settled here
	// alone is a bit set of the words of one rune, by its low bits, and second one of the first two runes of the others, by
	// pairBit. They settle most of the rest.
	alone  [1024 / 64]uint64
	second [pairBits / 64]uint64
}

// pairBits is the size of a bit set of pairs of runes.
const pairBits = 1 << 12

// pairBit is the place of two runes in a bit set.
func pairBit(a, b rune) uint32 { return (uint32(a)*0x9e3779b1 ^ uint32(b)*0x85ebca77) >> 20 }

type trieNode struct {
	rune        rune
	next, child int32 // sibling and first child, 0 for none
	value       uint16
}

func newTrie() *trie { return &trie{nodes: make([]trieNode, 1)} }

// add gives word a value; values of the same word are joined bit by bit.
func (t *trie) add(word string, value uint16) {
	n, before, length := int32(0), rune(0), 0
	for _, r := range word {
		r = lower(r)
		if length++; length == 2 {
			bit := pairBit(before, r)
			t.second[bit>>6] |= 1 << (bit & 63)
		}
		before = r
		m := t.find(n, r)
		if m == 0 {
			m = int32(len(t.nodes))
			t.nodes = append(t.nodes, trieNode{rune: r})
			head := &t.first[r&1023]
			if n > 0 {
				head = &t.nodes[n].child
			}
			t.nodes[m].next, *head = *head, m
		}
		n = m
	}
	t.nodes[n].value |= value
	if length == 1 {
		t.alone[before>>6&15] |= 1 << (before & 63)
	}
}

// mayBegin reports false only when no word begins with the first of two runes alone, and none with both.
func (t *trie) mayBegin(a, b rune) bool {
	a = lower(a)
	if t.first[a&1023] == 0 {
		return false
	}
	bit := pairBit(a, lower(b))
	return t.alone[a>>6&15]>>(a&63)&1 != 0 || t.second[bit>>6]>>(bit&63)&1 != 0
}

// runeAt is the rune of cell i, the barrier outside of the cells.
func runeAt(cells []rune, i int) rune {
	if uint(i) < uint(len(cells)) {
		return cells[i]
	}
	return barrier
}

// find gives the child of node n for r, or 0. The root is node 0.
func (t *trie) find(n int32, r rune) int32 {
	c := t.first[r&1023]
	if n > 0 {
		c = t.nodes[n].child
	}
	for ; c != 0; c = t.nodes[c].next {
		if t.nodes[c].rune == r {
			return c
		}
	}
	return 0
}

// longest gives the end and the value of the longest word that begins at cell i, or i and 0.
func (t *trie) longest(cells []rune, i int) (int, uint16) {
	end, value := i, uint16(0)
	if i >= len(cells) || !t.mayBegin(cells[i], runeAt(cells, i+1)) {
		return end, value
	}
	n := int32(0)
	for k := i; k < len(cells); k++ {
		if n = t.find(n, lower(cells[k])); n == 0 {
			break
		}
		if v := t.nodes[n].value; v != 0 {
			end, value = k+1, v
		}
	}
	return end, value
}

// trieOf makes a trie of the words in a list separated by spaces.
func trieOf(words string) *trie {
	t := newTrie()
	for w := range strings.FieldsSeq(words) {
		t.add(w, 1)
	}
	return t
}

// exact reports whether the cells from to to are a word of t.
func (t *trie) exact(cells []rune, from, to int) bool {
	n := int32(0)
	for k := from; k < to; k++ {
		if n = t.find(n, lower(cells[k])); n == 0 {
			return false
		}
	}
	return to > from && t.nodes[n].value != 0
}
