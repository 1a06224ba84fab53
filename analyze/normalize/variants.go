package normalize

import "math/bits"

// variantTrie finds listed variants, the longest at each place.
type variantTrie struct {
	root [1 << 10]uint64 // bit set of the first runes of the variants, by their low 16 bits
	// alone is the same of the variants of one rune; second is a bit set of the first two runes of the others, by pairBit.
	alone, second [1 << 10]uint64
	size          int32 // states so far, from 0 on
	to            map[int32][]rune
	// steps is a hash table of what follows a state, made by finish from next.
	next  map[edge]int32
	steps []step
	shift int
}

type edge struct {
	node int32
	r    rune
}

// step leads from a state to another one; to is 0 in an empty place.
type step struct {
	edge
	to int32
	// ends says that a variant ends there.
	ends bool
}

func newVariantTrie() *variantTrie {
	return &variantTrie{next: map[edge]int32{}, to: map[int32][]rune{}, size: 1}
}

func (t *variantTrie) add(from, to []rune) {
	t.root[uint16(from[0])>>6] |= 1 << (from[0] & 63)
	if len(from) > 1 {
		at := pairBit(from[0], from[1])
		t.second[at>>6] |= 1 << (at & 63)
	} else {
		t.alone[uint16(from[0])>>6] |= 1 << (from[0] & 63)
	}
	n := int32(0)
	for _, r := range from {
		m, ok := t.next[edge{n, r}]
		if !ok {
			m = t.size
			t.size++
			t.next[edge{n, r}] = m
		}
		n = m
	}
	t.to[n] = to
}

// finish makes what longest needs, after the last add.
func (t *variantTrie) finish() {
	size := bits.Len(uint(len(t.next) + len(t.next)/2 + 4))
	t.steps, t.shift = make([]step, 1<<size), 64-size
	for e, to := range t.next {
		at := t.first(e)
		for t.steps[at].to != 0 {
			at = (at + 1) & (len(t.steps) - 1)
		}
		_, ends := t.to[to]
		t.steps[at] = step{e, to, ends}
	}
	t.next = nil
}

// first is where the search for a step begins.
func (t *variantTrie) first(e edge) int {
	return int((uint64(e.node)<<32 | uint64(uint32(e.r))) * 0x9e3779b97f4a7c15 >> t.shift)
}

// begins reports whether a variant begins with r; it may be wrong only for characters above 1<<16.
func (t *variantTrie) begins(r rune) bool { return t.root[uint16(r)>>6]&(1<<(r&63)) != 0 }

// pairBit is the place of two runes in second.
func pairBit(a, b rune) uint32 { return (uint32(a)*0x9e3779b1 ^ uint32(b)*0x85ebca6b) >> 16 }

// mayMatch reports false only when no variant begins at rs, which begin with a rune that begins some.
func (t *variantTrie) mayMatch(rs []rune) bool {
	if t.alone[uint16(rs[0])>>6]&(1<<(rs[0]&63)) != 0 {
		return true
	}
	if len(rs) < 2 {
		return false
	}
	at := pairBit(rs[0], rs[1])
	return t.second[at>>6]&(1<<(at&63)) != 0
}

// replace copies in to out with every variant replaced. A replacement of the same length keeps the origin of each
// rune; any other stands for the whole span of the variant. It reports false, and leaves out alone, when there is none.
func (n *Normalizer) replace(in, out *Buffer) (replaced bool) {
	t := n.variants
	from := 0
	for i := 0; i < len(in.Runes); {
		if n.traitOf(in.Runes[i])&begins == 0 || !t.mayMatch(in.Runes[i:]) {
			i++
			continue
		}
		size, to := t.longest(in.Runes[i:])
		if size == 0 {
			i++
			continue
		}
		if !replaced {
			out.reset()
			replaced = true
		}
		out.copy(in, from, i)
		for k, r := range to {
			if len(to) == size {
				out.push(r, in.From[i+k], in.To[i+k])
			} else {
				out.push(r, in.From[i], in.To[i+size-1])
			}
		}
		i += size
		from = i
	}
	if replaced {
		out.copy(in, from, len(in.Runes))
	}
	return replaced
}

// longest is the length of the longest variant that rs begin with, and what it becomes; 0 when there is none.
func (t *variantTrie) longest(rs []rune) (int, []rune) {
	n, size := int32(0), 0
	found := int32(0)
	for i, r := range rs {
		e := edge{n, r}
		at := t.first(e)
		for t.steps[at].to != 0 && t.steps[at].edge != e {
			at = (at + 1) & (len(t.steps) - 1)
		}
		s := &t.steps[at]
		if s.to == 0 {
			break
		}
		n = s.to
		if s.ends {
			size, found = i+1, n
		}
	}
	if size == 0 {
		return 0, nil
	}
	return size, t.to[found]
}
