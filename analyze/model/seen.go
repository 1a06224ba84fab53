package model

import (
	"strings"
)

// Seen is a feature at a place of a post. Words and clauses are counted through all fields of the post.
type Seen struct {
	// id holds the key, the kind, whether a row stands in place of the key, and how many words carry the feature.
	id uint64
	// First is the first of the words that carry it.
	First int32
	// Clause is where it was seen; Whole when it belongs to the post.
	Clause int32
}

const (
	kindBits = 5
	kindMask = 1<<kindBits - 1
	keyMask  = 1<<keyBits - 1
	// mostWords is how many words can carry a feature.
	mostWords = 1<<(64-wordsAt) - 1
	wordsAt   = keyBits + kindBits + 1
)

// Whole is the clause of what belongs to no clause.
const Whole = -1

// Key names the feature. A reader with weights and without names leaves it out where it knew the row beforehand.
func (x *Seen) Key() Key { return Key(x.id & keyMask) }

// Kind is the family of the feature.
func (x *Seen) Kind() Kind { return Kind(x.id >> keyBits & kindMask) }

// End is behind the last of the words that carry the feature; no word does when it is First.
func (x *Seen) End() int32 { return x.First + int32(x.words()) }

// words is how many words carry the feature.
func (x *Seen) words() uint32 { return uint32(x.id >> wordsAt) }

// see notes a feature.
func (r *Reader) see(k Kind, key Key, clause, first, end int32) {
	r.s.Seen = append(r.s.Seen, Seen{uint64(key) | uint64(k)<<keyBits | wordsOf(first, end), first, clause})
}

// wordsOf is what the id of a feature has for the words [first, end).
func wordsOf(first, end int32) uint64 { return uint64(min(end-first, mostWords)) << wordsAt }

// none is the part of a feature that has fewer than three.
var none part

// put notes a feature by its parts.
func (r *Reader) put(k Kind, a, b, c *part, clause, first, end int32) {
	key := keyOf(k, a.hash, b.hash, c.hash)
	r.see(k, key, clause, first, end)
	if r.names != nil {
		r.name(key, k, a, b, c)
	}
}

// name remembers the name of a feature.
func (r *Reader) name(key Key, k Kind, a, b, c *part) {
	name := kindNames[k] + " " + a.text
	for _, p := range []*part{b, c} {
		if p.text != "" {
			name += " " + p.text
		}
	}
	r.names[key] = strings.TrimSpace(name)
}

// known finds the rows of the features seen and drops those that the weights do not know.
func (r *Reader) known() {
	if r.weights == nil {
		return
	}
	list := r.s.Seen
	rows := grown(r.s.Rows, len(list))
	n := 0
	n, r.rest = r.weights.find(rows, r.rest, list)
	r.s.Seen, r.s.Rows = list[:n], rows[:n]
}

// grown is a slice of n elements in the memory of b if it is large enough.
func grown[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n, 2*n)
	}
	return b[:n]
}
