package pattern

import (
	"maps"
	"math/bits"
	"slices"
)

// Lists give a list of numbers for phrases, most of which have none. They are immutable.
type Lists struct {
	// has is a bit for every phrase, before how many phrases of the words ahead have one.
	has    []uint64
	before []int32
	// The list of the phrase that is the kth to have one is all[starts[k]:starts[k+1]].
	starts, all []int32
}

// NewLists makes the lists.
func NewLists(lists map[ID][]int32) Lists {
	l := Lists{starts: []int32{0}}
	for _, id := range slices.Sorted(maps.Keys(lists)) {
		for int(id) >= 64*len(l.has) {
			l.has, l.before = append(l.has, 0), append(l.before, int32(len(l.starts)-1))
		}
		l.has[id/64] |= 1 << (id % 64)
		l.all = append(l.all, lists[id]...)
		l.starts = append(l.starts, int32(len(l.all)))
	}
	return l
}

// Of is the list of a phrase; nil when it has none.
func (l *Lists) Of(id ID) []int32 {
	at := int(id) / 64
	if at >= len(l.has) {
		return nil
	}
	has, bit := l.has[at], uint64(1)<<(id%64)
	if has&bit == 0 {
		return nil
	}
	k := int(l.before[at]) + bits.OnesCount64(has&(bit-1))
	return l.all[l.starts[k]:l.starts[k+1]]
}
