package model

import (
	"errors"
	"math/bits"
	"slices"
)

// rowBits is how much of a slot tells the row; the rest are bits of the key.
const (
	rowBits = 20
	rowMask = 1<<rowBits - 1
)

// index is a perfect hash table of rows: every key has one slot, which a shift found when the table was made keeps
// apart from those of the other keys. So a search is two accesses to memory and takes no branches.
type index struct {
	// slots are rows below the upper bits of their keys; those that are free name row 0, whose key differs.
	slots []uint32
	// shifts are by the first bits of keys.
	shifts []uint16
	bucket int // how many bits of a key do not tell the shift
}

const (
	// spread makes a number of few bits one of many; it is odd.
	spreadBits = 0x9e3779b97f4a7c15
	// perShift is how many keys share a shift. More need less memory and longer to be made.
	perShift = 4
	// spareSlots is the part of the slots that stays free.
	spareSlots = 16
)

var errIndex = errors.New("no perfect hash for the features")

// newIndex makes the index of the rows of a table.
func newIndex(t *table) (index, error) {
	x := index{bucket: max(0, keyBits-bits.Len(uint(t.rows/perShift)))}
	buckets := 1 << (keyBits - x.bucket)
	// begin tells where the rows of a bucket stand in members, with those of the largest buckets first in order.
	begin := make([]int32, buckets+1)
	for i := range int32(t.rows) {
		begin[t.key(i)>>x.bucket+1]++
	}
	order := make([]int32, buckets)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return int(begin[b+1] - begin[a+1]) })
	for i := range buckets {
		begin[i+1] += begin[i]
	}
	members, next := make([]int32, t.rows), slices.Clone(begin)
	for i := range int32(t.rows) {
		b := t.key(i) >> x.bucket
		members[next[b]] = i
		next[b]++
	}
	for size := t.rows + t.rows/spareSlots + 1; size < 8*t.rows+64; size += size / 4 {
		x.slots, x.shifts = make([]uint32, size), make([]uint16, buckets)
		if x.place(t, order, begin, members) {
			return x, nil
		}
	}
	return x, errIndex
}

// place finds the shift of every bucket and fills the slots. It reports whether all keys found a place.
func (x *index) place(t *table, order, begin, members []int32) bool {
	taken := make([]bool, len(x.slots))
	var at []uint64
	for _, b := range order {
		rows := members[begin[b]:begin[b+1]]
		if len(rows) == 0 {
			break
		}
		found := false
		for shift := 0; shift < 1<<16 && !found; shift++ {
			at, found = at[:0], true
			for _, row := range rows {
				p := x.slotAt(t.key(row), uint64(shift))
				if found = !taken[p] && !slices.Contains(at, p); !found {
					break
				}
				at = append(at, p)
			}
			x.shifts[b] = uint16(shift)
		}
		if !found {
			return false
		}
		for i, row := range rows {
			taken[at[i]] = true
			x.slots[at[i]] = slotOf(t.key(row), row)
		}
	}
	return true
}

// slotAt is the slot of a key in a bucket with a shift.
func (x *index) slotAt(k Key, shift uint64) uint64 {
	h := (uint64(k) + shift<<keyBits) * spreadBits
	h = (h ^ h>>32) * spreadBits
	at, _ := bits.Mul64(h, uint64(len(x.slots)))
	return at
}

// slotOf is what a row puts into its slot.
func slotOf(k Key, row int32) uint32 {
	return uint32(k>>(keyBits-32+rowBits))<<rowBits | uint32(row)
}

// candidate is the only row that a key can have which has this slot.
func (x *index) candidate(k Key, slot uint64) int32 {
	s := x.slots[slot]
	row := int32(s & rowMask)
	if s&^rowMask != slotOf(k, 0) {
		row = 0 // in all likelihood at hand, so that the comparison of keys waits for no memory
	}
	return row
}

// find fills rows with those of the features of list; -1 where there is none.
func (w *Weights) find(rows []int32, list []Seen) {
	rows = rows[:len(list)]
	for i := range list {
		k := list[i].Key()
		rows[i] = int32(w.slotAt(k, uint64(w.shifts[k>>w.bucket])))
	}
	for i := range list {
		rows[i] = w.candidate(list[i].Key(), uint64(rows[i]))
	}
	for i := range list {
		row := rows[i]
		if w.key(row) != list[i].Key() {
			row = -1
		}
		rows[i] = row
	}
}

// lookUp is the row of a feature, or -1.
func (w *Weights) lookUp(k Key) int32 {
	row := w.candidate(k, w.slotAt(k, uint64(w.shifts[k>>w.bucket])))
	if w.key(row) == k {
		return row
	}
	return -1
}
