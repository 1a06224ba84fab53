package mask

import "strings"

// trie finds words in folded text. Words are compared in lower case.
type trie struct {
	nodes []trieNode
	first [1024]int32 // the children of the root, by the low bits of their rune: most cells are settled here
}

type trieNode struct {
	rune        rune
	next, child int32 // sibling and first child, 0 for none
	value       uint16
}

func newTrie() *trie { return &trie{nodes: make([]trieNode, 1)} }

// add gives word a value; values of the same word are joined bit by bit.
func (t *trie) add(word string, value uint16) {
	n := int32(0)
	for _, r := range word {
		r = lower(r)
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
	if i >= len(cells) || t.first[lower(cells[i])&1023] == 0 {
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
