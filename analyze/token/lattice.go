package token

import (
	"unicode"
	"unicode/utf8"

	"voc/analyze/trie"
)

// node is one candidate word in the lattice. Places are counted in runes.
type node struct {
	cost int32
	// prev is the best node before this one, -1 at the start; next is another one that ends at the same place.
	prev, next int32
	start      int32
	// id is the word's, among those of its class.
	id    int32
	class class
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
//
// What kagome decides by the order of nodes is decided by their numbers here: of two equally cheap nodes the earlier one
// counts. So the nodes that end at a place can stand in any order, and of those that connect alike (by their right id)
// only the cheapest is looked at.
type lattice struct {
	d     *Dictionary
	x     *extras
	nodes []node
	right []uint16 // of every node
	head  []int32  // a node that ends at place i, -1 for none
	path  []int32

	// Of every rune of the text: where it begins in bytes, its code in the index and in that of the added words, its
	// category, and how many runes of this category begin here.
	at       []int32
	codes    []int32
	added    []int32
	category []uint8
	run      []int32
	// begin are the states of the index behind the first runes at every place.
	begin [3][]int32

	// before are the nodes that end where words begin now, the cheapest of each right id: its cost above its number, and
	// its right id. slot finds them by right id, from the number of the place on.
	before  []int64
	rights  []uint16
	slot    []slot
	memo    []memo // the best of before for a left id
	counted int64  // places so far, for slot and memo
}

type slot struct {
	place int64
	at    int32
}

type memo struct {
	place int64
	best  int64
}

func newLattice(d *Dictionary, x *extras) *lattice {
	return &lattice{d: d, x: x, slot: make([]slot, len(d.rightOf)), memo: make([]memo, len(d.leftOf))}
}

// read takes the text apart into runes.
func (l *lattice) read(text string) {
	l.at, l.codes, l.added, l.category = l.at[:0], l.codes[:0], l.added[:0], l.category[:0]
	for i, r := range text {
		l.at = append(l.at, int32(i))
		l.category = append(l.category, l.d.src.CharacterCategory(r))
		if r == utf8.RuneError && !begins(text[i:], string(utf8.RuneError)) {
			l.codes, l.added = append(l.codes, trie.Unknown), append(l.added, trie.Unknown) // a byte that is no text is in no word
			continue
		}
		l.codes = append(l.codes, l.d.index.Code(r))
		l.added = append(l.added, l.x.index.Code(r))
	}
	n := len(l.at)
	l.at = append(l.at, int32(len(text)))
	l.run = sized(l.run, n)
	for i := n - 1; i >= 0; i-- {
		l.run[i] = 1
		if i+1 < n && l.category[i+1] == l.category[i] {
			l.run[i] += l.run[i+1]
		}
	}
	for i := range l.begin {
		l.begin[i] = sized(l.begin[i], n)
	}
	l.d.index.Begin(l.codes, l.begin[:]...)
	l.head = sized(l.head, n+1)
	for i := range l.head {
		l.head[i] = -1
	}
}

func begins(s, prefix string) bool { return len(s) >= len(prefix) && s[:len(prefix)] == prefix }

func sized[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n, n+n/2)
	}
	return b[:n]
}

// build fills the lattice for text and returns the index of the best last node, or -1 for an empty text.
func (l *lattice) build(text string) int32 {
	if text == "" {
		return -1
	}
	l.read(text)
	l.nodes = append(l.nodes[:0], node{prev: -1, next: -1})
	l.right = append(l.right[:0], l.d.right(0))
	l.head[0] = 0
	n := len(l.codes)
	for pos := range n {
		if l.head[pos] < 0 {
			continue
		}
		l.gather(pos)
		found := l.addExtras(pos)
		if l.addKnown(pos) {
			found = true
		}
		l.addUnknown(pos, found)
	}
	l.gather(n)
	return int32(l.best(l.d.left(0)))
}

// gather fills before with the nodes that end at a place.
func (l *lattice) gather(pos int) {
	l.counted++
	l.before, l.rights = l.before[:0], l.rights[:0]
	for i := l.head[pos]; i >= 0; {
		n := &l.nodes[i]
		key := int64(n.cost)<<32 | int64(i)
		right := l.right[i]
		if s := &l.slot[right]; s.place != l.counted {
			*s = slot{l.counted, int32(len(l.before))}
			l.before, l.rights = append(l.before, key), append(l.rights, right)
		} else if key < l.before[s.at] {
			l.before[s.at] = key
		}
		i = n.next
	}
}

// best is the cheapest node that ends at the place of gather for a word with the given left id, its cost above its
// number; the first one on a tie.
func (l *lattice) best(left uint16) int64 {
	m := &l.memo[left]
	if m.place == l.counted {
		return m.best
	}
	column := l.d.column(left)
	before := l.before
	rights := l.rights[:len(before)]
	best := before[0] + int64(column[rights[0]])<<32
	for i := 1; i < len(before); i++ {
		best = min(best, before[i]+int64(column[rights[i]])<<32)
	}
	*m = memo{l.counted, best}
	return best
}

func (l *lattice) add(pos, end int, id int32, c class, left, right uint16, weight int16) {
	best := l.best(left)
	l.right = append(l.right, right)
	l.nodes = append(l.nodes, node{cost: int32(best>>32) + int32(weight), prev: int32(best), next: l.head[end], start: int32(pos), id: id, class: c})
	l.head[end] = int32(len(l.nodes) - 1)
}

// addExtras adds the added words that begin at a place.
func (l *lattice) addExtras(pos int) (found bool) {
	t := l.x.index
	for i, state := pos, int32(trie.Root); i < len(l.added); i++ {
		if state = t.Step(state, l.added[i]); state == trie.None {
			break
		}
		v := t.Value(state)
		if v < 0 {
			continue
		}
		for k, e := range l.x.words[v] {
			l.add(pos, i+1, v<<maxExtraBits|int32(k), added, e.left, e.right, e.weight)
			found = true
		}
	}
	return found
}

// addKnown adds the words of the dictionary that begin at a place.
func (l *lattice) addKnown(pos int) (found bool) {
	t := l.d.index
	state := int32(trie.Root)
	for i := pos; i < len(l.codes); i++ {
		if n := i - pos; n < len(l.begin) {
			state = l.begin[n][pos]
		} else {
			state = t.Step(state, l.codes[i])
		}
		if state == trie.None {
			break
		}
		v := t.Value(state)
		if v < 0 {
			continue
		}
		found = true
		list := l.d.words[v:]
		list = list[:int(list[0].more)+1]
		for k := range list {
			w := &list[k]
			l.add(pos, i+1, v+int32(k), known, w.left, w.right, w.weight)
		}
	}
	return found
}

// addUnknown adds the candidates for unknown words as kagome does: the whole run of one category, and the run
// without its last rune.
func (l *lattice) addUnknown(pos int, found bool) {
	src := l.d.src
	category := l.category[pos]
	if found && !src.InvokeList[category] {
		return
	}
	n := 1
	if src.GroupList[category] {
		n = min(int(l.run[pos]), maxRun)
	}
	u := l.d.guessed[category]
	for id := u.first; id < u.first+u.count; id++ {
		w := &l.d.guesses[id]
		if n > 1 {
			l.add(pos, pos+n-1, id, unknownWord, w.left, w.right, w.weight)
		}
		l.add(pos, pos+n, id, unknownWord, w.left, w.right, w.weight)
	}
}

// isMarkRune reports whether r is neither letter, digit nor mark that belongs to a word.
func isMarkRune(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != 'ー' && r != '々' && r != '〆'
}
