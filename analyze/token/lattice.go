package token

import (
	"math"
	"unicode"
	"unicode/utf8"

	"voc/analyze/trie"
)

// candidate is a word that may stand at a place of the text. Places are counted in runes.
type candidate struct {
	link
	end  int32
	word int32 // its number among those of its class
}

// link is what the lattice needs to know of a word, in one number so that it is moved at once: from the low end its left
// and its right id as connections numbers them, its cost and its class.
type link uint64

func linkOf(p pair, weight int16, c class) link {
	return link(p) | link(uint16(weight))<<32 | link(c)<<48
}

func (l link) left() uint16  { return uint16(l) }
func (l link) right() uint16 { return uint16(l >> 16) }
func (l link) weight() int16 { return int16(l >> 32) }
func (l link) class() class  { return class(l >> 48) }

// pair are a left and a right connection id as connections numbers them.
type pair uint32

func (c *connections) pair(left, right int16) pair {
	return pair(c.leftOf[left]) | pair(c.rightOf[right])<<16
}

type class uint8

const (
	known class = iota
	unknownWord
	added
)

// step is a word of the best segmentation.
type step struct {
	start, end int32
	id         int32 // the word's, among those of its class
	class      class
	word       word // of a known word
}

// maxRun is how many runes of one character category make one unknown word. Longer runs are cut, which keeps the
// lattice of 20,000 katakana linear.
const maxRun = 48

// invalid stands for a byte that is no UTF-8. It is in no word.
const invalid = -1

// lattice is the Viterbi search over a kagome dictionary, with buffers that are used again. It gives the tokens
// that kagome's own lattice gives (a test holds the two side by side) without its allocations.
//
// What kagome decides by the order of nodes is decided by their numbers here: of two equally cheap nodes the earlier one
// counts.
//
// The work is done in passes over the whole text, each of which waits for many places of the memory at once: the first
// states of the index, then the candidates, then the costs.
type lattice struct {
	d *Dictionary
	x *extras

	// Of every rune of the text: where it begins in bytes, its code in the index, its category, and how many runes of this
	// category begin here.
	runes    []rune
	at       []int32
	decoded  []rune // buffers for texts that are not taken apart
	starts   []int32
	codes    []int32
	category []uint8
	run      []int32
	// begin are the states of the index behind the first runes at every place.
	begin [2][]int32

	// candidates are ordered by place; those of place i begin at from[i].
	candidates []candidate
	from       []int32

	// A candidate that can be reached is a node. The nodes that end at place i are those from bucket[i] to filled[i], in the
	// order of their candidates, with nowhere behind them up to a multiple of four.
	bucket, filled []int32
	nodes          []node
	ways           []way

	path []step
}

// node is a candidate that can be reached.
type node struct {
	// key is the cost of the cheapest way above the node's own number.
	key int64
	// column is the place of the right id in the costs.
	column uint32
}

// nowhere is the key of no node, above all others.
const nowhere = 1 << 61

// way is how a node is reached: the node before it and its own candidate.
type way struct{ prev, candidate int32 }

func newLattice(d *Dictionary, x *extras) *lattice { return &lattice{d: d, x: x} }

func sized[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n, n+n/2)
	}
	return b[:n]
}

// search gives the best segmentation of text, the last word first. It is valid until the next call.
func (l *lattice) search(text string) []step {
	runes, at := l.decoded[:0], l.starts[:0]
	for i, r := range text {
		if r == utf8.RuneError && !begins(text[i:], string(utf8.RuneError)) {
			r = invalid
		}
		runes, at = append(runes, r), append(at, int32(i))
	}
	at = append(at, int32(len(text)))
	l.decoded, l.starts = runes, at
	return l.searchRunes(l.decoded, l.starts)
}

// searchRunes is search for runes that begin at the given bytes.
func (l *lattice) searchRunes(runes []rune, at []int32) []step {
	l.path = l.path[:0]
	if len(runes) == 0 {
		return l.path
	}
	l.runes, l.at = runes, at
	l.read()
	l.collect()
	return l.back(l.connect())
}

func begins(s, prefix string) bool { return len(s) >= len(prefix) && s[:len(prefix)] == prefix }

// read looks the runes up.
func (l *lattice) read() {
	n := len(l.runes)
	l.codes, l.category, l.run = sized(l.codes, n), sized(l.category, n), sized(l.run, n)
	codes, category, run := l.codes, l.category, l.run
	for i, r := range l.runes {
		if uint32(r) < uint32(len(l.d.letters)) {
			x := &l.d.letters[r]
			codes[i], category[i] = int32(x.code), x.category
		} else {
			codes[i], category[i] = l.d.rare(r)
		}
	}
	length := int32(0)
	for i := n - 1; i >= 0; i-- {
		if length++; i+1 < n && category[i+1] != category[i] {
			length = 1
		}
		run[i] = length
	}
	for i := range l.begin {
		l.begin[i] = sized(l.begin[i], n)
	}
	l.d.index.Begin(codes, l.begin[:]...)
}

// rare is the code and category of a character that letters does not hold.
func (d *Dictionary) rare(r rune) (code int32, category uint8) {
	if r == invalid {
		return trie.Unknown, d.src.CharacterCategory(utf8.RuneError)
	}
	return d.index.Code(r), d.src.CharacterCategory(r)
}

// collect finds the candidates of all places, and how many nodes can end at every place.
func (l *lattice) collect() {
	d := l.d
	t := d.index
	dead := t.Dead()
	n := len(l.runes)
	first, second, codes := l.begin[0][:n], l.begin[1][:n], l.codes[:n]
	l.from = sized(l.from, n+1)
	candidates := l.candidates[:0]
	for pos, r := range l.runes {
		l.from[pos] = int32(len(candidates))
		found := false
		next := rune(0)
		if pos+1 < n {
			next = l.runes[pos+1]
		}
		if l.x.mayBegin(r, next) {
			candidates, found = l.appendExtras(candidates, pos)
		}
		for end, state := pos+1, first[pos]; state != dead; end++ {
			if v := t.Value(state); v >= 0 {
				found = true
				if v&many == 0 {
					candidates = append(candidates, candidate{link(d.pairs[v>>16]) | link(uint16(v))<<32, int32(end), state})
				} else {
					candidates = d.appendList(candidates, v&^many, int32(end))
				}
			}
			if end == n {
				break
			}
			if end == pos+1 {
				state = second[pos]
			} else if state = t.Step(state, codes[end]); state == trie.None {
				break
			}
		}
		if category := l.category[pos]; !found || d.invoked[category] {
			candidates = l.appendUnknown(candidates, pos, category)
		}
	}
	l.from[n] = int32(len(candidates))
	l.candidates = candidates
	l.bucket, l.filled = sized(l.bucket, n+1), sized(l.filled, n+1)
	filled := l.filled
	clear(filled)
	for i := range candidates {
		filled[candidates[i].end]++
	}
	at := int32(4) // the first node is the beginning of the text
	for i := range filled {
		size := filled[i]
		l.bucket[i], filled[i] = at, at
		at += (size + 3) &^ 3
	}
	l.bucket[0], filled[0] = 0, 1
	l.nodes, l.ways = sized(l.nodes, int(at)), sized(l.ways, int(at))
}

// appendExtras adds the added words that begin at a place.
func (l *lattice) appendExtras(dst []candidate, pos int) (_ []candidate, found bool) {
	t := l.x.index
	for i, state := pos, int32(trie.Root); i < len(l.runes); i++ {
		if state = t.Step(state, t.Code(l.runes[i])); state == trie.None {
			break
		}
		v := t.Value(state)
		if v < 0 {
			continue
		}
		found = true
		for k := range l.x.words[v] {
			dst = append(dst, candidate{l.x.words[v][k].link, int32(i + 1), v<<maxExtraBits | int32(k)})
		}
	}
	return dst, found
}

// appendList adds the words of a spelling that has a place in lists.
func (d *Dictionary) appendList(dst []candidate, at, end int32) []candidate {
	for {
		w := &d.lists[at]
		dst = append(dst, candidate{w.link &^ last, end, w.number})
		if w.link&last != 0 {
			return dst
		}
		at++
	}
}

// appendUnknown adds the candidates for unknown words as kagome does: the whole run of one category, and the run
// without its last rune.
func (l *lattice) appendUnknown(dst []candidate, pos int, category uint8) []candidate {
	n := 1
	if l.d.grouped[category] {
		n = min(int(l.run[pos]), maxRun)
	}
	u := l.d.guessed[category]
	for id := u.first; id < u.first+u.count; id++ {
		w := l.d.guesses[id].link
		if n > 1 {
			dst = append(dst, candidate{w, int32(pos + n - 1), id})
		}
		dst = append(dst, candidate{w, int32(pos + n), id})
	}
	return dst
}

// connect finds the cheapest way to every node and to the end of the text, and returns the last node.
func (l *lattice) connect() int32 {
	d := l.d
	n := len(l.runes)
	l.nodes[0] = node{0, d.columnOf(d.right(0))}
	for pos := range n {
		before := l.before(pos)
		if len(before) == 0 {
			continue
		}
		filled, nodes, ways := l.filled, l.nodes, l.ways
		for i, c := range l.candidates[l.from[pos]:l.from[pos+1]] {
			best := d.best(before, c.left())
			at := filled[c.end]
			filled[c.end] = at + 1
			nodes[at].key = best&^(1<<32-1) + int64(c.weight())<<32 | int64(at)
			nodes[at].column = d.columnOf(c.right())
			ways[at] = way{int32(best), l.from[pos] + int32(i)}
		}
	}
	return int32(d.best(l.before(n), d.left(0)))
}

// before are the nodes that end at a place, filled up to a multiple of four.
func (l *lattice) before(pos int) []node {
	lo, hi := l.bucket[pos], l.filled[pos]
	for ; hi&3 != 0; hi++ {
		l.nodes[hi] = node{key: nowhere}
	}
	return l.nodes[lo:hi]
}

// best is the cheapest of the given nodes for a word with the given left id, its cost with the connection above its
// number; the first one on a tie. The nodes are a multiple of four.
func (d *Dictionary) best(nodes []node, left uint16) int64 {
	row := d.costs[rowOf(left):]
	best := int64(math.MaxInt64)
	for ; len(nodes) >= 4; nodes = nodes[4:] {
		a := nodes[0].key + int64(row[nodes[0].column])<<32
		b := nodes[1].key + int64(row[nodes[1].column])<<32
		e := nodes[2].key + int64(row[nodes[2].column])<<32
		f := nodes[3].key + int64(row[nodes[3].column])<<32
		best = min(best, min(min(a, b), min(e, f)))
	}
	return best
}

// back is the way to a node.
func (l *lattice) back(at int32) []step {
	for at > 0 {
		w := l.ways[at]
		c := &l.candidates[w.candidate]
		start := int32(0)
		if w.prev > 0 {
			start = l.candidates[l.ways[w.prev].candidate].end
		}
		l.path = append(l.path, step{})
		s := &l.path[len(l.path)-1]
		s.start, s.end, s.id, s.class = start, c.end, c.word, c.class()
		if s.class == known {
			s.word = l.d.words[s.id]
		}
		at = w.prev
	}
	return l.path
}

// isMarkRune reports whether r is neither letter, digit nor mark that belongs to a word.
func isMarkRune(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != 'ー' && r != '々' && r != '〆'
}
