package token

import (
	"unicode"
	"unicode/utf8"

	"github.com/ikawaha/kagome-dict/dict"
)

// node is one candidate word in the lattice. Nodes that end at the same place form a list through sibling.
type node struct {
	cost    int32
	weight  int32
	prev    int32 // best node before this one, -1 at the start
	sibling int32 // next node that ends at the same byte
	start   int32 // byte offset
	id      int32
	right   int16
	class   class
	extra   *extra
}

type class uint8

const (
	known class = iota
	unknownWord
	added
)

// maxRun is how many runes of one character category make one unknown word. Longer runs are cut, which keeps the
// lattice of 20,000 katakana linear.
const maxRun = 48

// lattice is the Viterbi search over a kagome dictionary, with buffers that are used again. It gives the tokens
// that kagome's own lattice gives (a test holds the two side by side) without its allocations.
type lattice struct {
	d     *Dictionary
	x     *extras
	nodes []node
	head  []int32 // first node ending at byte i, -1 for none
	tail  []int32
	path  []int32
	pos   int // where add begins
	text  string
	found bool
	// onKnown is handed to the dictionary's search; kept here so that it is allocated once.
	onKnown func(id, n int)
}

func newLattice(d *Dictionary, x *extras) *lattice {
	l := &lattice{d: d, x: x}
	l.onKnown = func(id, n int) {
		l.found = true
		for k := id; k <= id+int(l.d.dup[id]); k++ {
			l.add(n, int32(k), known, l.d.src.Morphs[k], nil)
		}
	}
	return l
}

// build fills the lattice for text and returns the index of the best last node, or -1 for an empty text.
func (l *lattice) build(text string) int32 {
	l.text = text
	l.nodes = append(l.nodes[:0], node{prev: -1, sibling: -1})
	n := len(text) + 1
	if cap(l.head) < n {
		l.head, l.tail = make([]int32, n), make([]int32, n)
	}
	l.head, l.tail = l.head[:n], l.tail[:n]
	for i := range l.head {
		l.head[i], l.tail[i] = -1, -1
	}
	l.head[0], l.tail[0] = 0, 0
	if text == "" {
		return -1
	}
	for pos, r := range text {
		if l.head[pos] < 0 {
			continue
		}
		l.pos, l.found = pos, false
		l.addExtras()
		l.d.src.Index.Da.CommonPrefixSearchCallback(text[pos:], l.onKnown)
		l.addUnknown(r)
	}
	return l.best(int32(len(text)), 0)
}

func (l *lattice) addExtras() {
	n := int32(0)
	for i := l.pos; i < len(l.text); i++ {
		m, ok := l.x.next[n][l.text[i]]
		if !ok {
			return
		}
		n = m
		for k := range l.x.words[n] {
			e := &l.x.words[n][k]
			l.found = true
			l.add(i+1-l.pos, -1, added, dict.Morph{LeftID: e.left, RightID: e.right, Weight: e.weight}, e)
		}
	}
}

// addUnknown adds the candidates for unknown words as kagome does: the whole run of one category, and the run
// without its last rune.
func (l *lattice) addUnknown(r rune) {
	src := l.d.src
	category := src.CharacterCategory(r)
	if l.found && !src.InvokeList[category] {
		return
	}
	u := l.d.unkID[category]
	if u.count == 0 {
		u = l.d.unkID[0]
	}
	end, last := l.pos, l.pos
	for count := 0; end < len(l.text) && count < maxRun; count++ {
		c, w := utf8.DecodeRuneInString(l.text[end:])
		if count > 0 && (!src.GroupList[category] || src.CharacterCategory(c) != category) {
			break
		}
		last = end
		end += w
	}
	for id := u.first; id < u.first+u.count; id++ {
		m := src.UnkDict.Morphs[id]
		if last > l.pos {
			l.add(last-l.pos, id, unknownWord, m, nil)
		}
		l.add(end-l.pos, id, unknownWord, m, nil)
	}
}

func (l *lattice) add(size int, id int32, c class, m dict.Morph, e *extra) {
	n := node{weight: int32(m.Weight), start: int32(l.pos), id: id, right: m.RightID, class: c, extra: e, sibling: -1}
	n.prev = l.best(int32(l.pos), m.LeftID)
	p := &l.nodes[n.prev]
	n.cost = p.cost + int32(l.d.src.Connection.At(int(p.right), int(m.LeftID))) + n.weight
	index := int32(len(l.nodes))
	l.nodes = append(l.nodes, n)
	end := l.pos + size
	if l.head[end] < 0 {
		l.head[end] = index
	} else {
		l.nodes[l.tail[end]].sibling = index
	}
	l.tail[end] = index
}

// best is the cheapest node that ends at pos for a word with the given left id; the first one on a tie.
func (l *lattice) best(pos int32, left int16) int32 {
	conn := &l.d.src.Connection
	column := conn.Vec[conn.Row*int64(left):]
	best, cost := int32(-1), int32(0)
	for i := l.head[pos]; i >= 0; i = l.nodes[i].sibling {
		n := &l.nodes[i]
		c := n.cost + int32(column[n.right])
		if best < 0 || c < cost {
			best, cost = i, c
		}
	}
	return best
}

// isMarkRune reports whether r is neither letter, digit nor mark that belongs to a word.
func isMarkRune(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != 'ー' && r != '々' && r != '〆'
}
