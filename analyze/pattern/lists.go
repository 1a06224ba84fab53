package pattern

// Lists give a list of numbers for phrases, most of which have none. They are immutable.
type Lists struct {
	has   []uint64 // a bit for every phrase
	lists map[ID][]int32
}

// NewLists makes the lists.
func NewLists(lists map[ID][]int32) Lists {
	l := Lists{lists: lists}
	for id := range lists {
		for int(id) >= 64*len(l.has) {
			l.has = append(l.has, 0)
		}
		l.has[id/64] |= 1 << (id % 64)
	}
	return l
}

// Of is the list of a phrase; nil when it has none.
func (l *Lists) Of(id ID) []int32 {
	if at := int(id) / 64; at >= len(l.has) || l.has[at]&(1<<(id%64)) == 0 {
		return nil
	}
	return l.lists[id]
}
