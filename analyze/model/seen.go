package model

import (
	"strings"
)

// Seen is a feature at a place of a post. Words and clauses are counted through all fields of the post.
type Seen struct {
	Key Key
	// Row is the feature's place in the weights; -1 when they do not know it.
	Row int32
	// Clause is where it was seen; Whole when it belongs to the post.
	Clause int32
	// The words [First, End) carry it; none when they are equal.
	First, End int32
	// Kind is the family of the feature.
	Kind Kind
}

// Whole is the clause of what belongs to no clause.
const Whole = -1

func (r *Reader) put(k Kind, a, b, c part, clause, first, end int32) {
	key := keyOf(k, a.hash, b.hash, c.hash)
	r.see(k, key, clause, first, end)
	if r.names != nil {
		name := kindNames[k] + " " + a.text
		for _, p := range []part{b, c} {
			if p.text != "" {
				name += " " + p.text
			}
		}
		r.names[key] = strings.TrimSpace(name)
	}
}

// see notes a feature.
func (r *Reader) see(k Kind, key Key, clause, first, end int32) {
	r.s.Seen = append(r.s.Seen, Seen{key, -1, clause, first, end, k})
}

// known finds the rows of the features seen and drops those that the weights do not know. One step is done for all of
// them before the next, so that the processor waits for many places of the memory at once.
func (r *Reader) known() {
	w := r.weights
	if w == nil {
		return
	}
	list := r.s.Seen
	for i := range list {
		list[i].Row = int32(w.slots[uint64(list[i].Key)&w.mask])
	}
	n := 0
	for i := range list {
		x := &list[i]
		if row := w.rowAt(x.Key, uint32(x.Row)); row >= 0 {
			x.Row = row
			list[n] = *x
			n++
		}
	}
	r.s.Seen = list[:n]
}
