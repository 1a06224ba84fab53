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

// index finds rows. The first ones, which are those of most features of a post, have a table of their own that stays near
// the processor.
type index struct{ near, far perfect }

// nearRows is how many rows the near table has.
const nearRows = 1 << 15

// newIndex makes the index of the rows of a table.
func newIndex(t *table) (x index, err error) {
	near := int32(min(nearRows, t.rows))
	if x.near, err = newPerfect(t, 0, near); err != nil {
		return x, err
	}
	x.far, err = newPerfect(t, near, int32(t.rows))
	return x, err
}

// lookUp is the row of a feature, or -1.
func (w *Weights) lookUp(k Key) int32 {
	for _, x := range [...]*perfect{&w.near, &w.far} {
		if row := x.candidate(k, x.slotAt(k, x.shift(k))); w.key(row) == k {
			return row
		}
	}
	return -1
}

// find fills rows with those of the features of list; -1 where there is none. It uses rest as a buffer and returns it.
func (w *Weights) find(rows, rest []int32, list []Seen) []int32 {
	rows, rest = rows[:len(list)], grown(rest, len(list))
	x := &w.near
	for i := range list {
		k := list[i].Key()
		rows[i] = int32(x.slotAt(k, x.shift(k)))
	}
	for i := range list {
		rows[i] = x.candidate(list[i].Key(), uint64(rows[i]))
	}
	n := 0
	for i := range list {
		rest[n] = int32(i)
		if w.key(rows[i]) != list[i].Key() {
			n++
		}
	}
	rest = rest[:n]
	x = &w.far
	for _, i := range rest {
		k := list[i].Key()
		rows[i] = int32(x.slotAt(k, x.shift(k)))
	}
	for _, i := range rest {
		rows[i] = x.candidate(list[i].Key(), uint64(rows[i]))
	}
	for _, i := range rest {
		row := rows[i]
		if w.key(row) != list[i].Key() {
			row = -1
		}
		rows[i] = row
	}
	return rest
}

// perfect is a perfect hash table of rows: every key has one slot, which a shift found when the table was made keeps
// apart from those of the other keys. So a search takes no branches.
type perfect struct {
	// slots are rows below the upper bits of their keys; those that are free name row 0, whose key differs.
	slots []uint32
	// shifts are by the first bits of keys.
	shifts []uint16
	bucket uint8 // how many bits of a key do not tell the shift
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

// newPerfect makes the table of the rows [from, to).
func newPerfect(t *table, from, to int32) (perfect, error) {
	n := int(to - from)
	x := perfect{bucket: uint8(keyBits - bits.Len(uint(n/perShift)))}
	buckets := 1 << (keyBits - int(x.bucket))
	// begin tells where the rows of a bucket stand in members, with those of the largest buckets first in order.
	begin := make([]int32, buckets+1)
	for i := from; i < to; i++ {
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
	members, next := make([]int32, n), slices.Clone(begin)
	for i := from; i < to; i++ {
		b := t.key(i) >> x.bucket
		members[next[b]] = i
		next[b]++
	}
	for size := n + n/spareSlots + 1; size < 8*n+64; size += size/4 + 1 {
		x.slots, x.shifts = make([]uint32, size), make([]uint16, buckets)
		if x.place(t, order, begin, members) {
			return x, nil
		}
	}
	return x, errIndex
}

// place finds the shift of every bucket and fills the slots. It reports whether all keys found a place.
func (x *perfect) place(t *table, order, begin, members []int32) bool {
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

// shift is the shift of a key.
func (x *perfect) shift(k Key) uint64 { return uint64(x.shifts[k>>(x.bucket&63)]) }

// slotAt is the slot of a key in a bucket with a shift.
func (x *perfect) slotAt(k Key, shift uint64) uint64 {
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
func (x *perfect) candidate(k Key, slot uint64) int32 {
	s := x.slots[slot]
	row := int32(s & rowMask)
	if s&^rowMask != slotOf(k, 0) {
		row = 0 // in all likelihood at hand, so that the comparison of keys waits for no memory
	}
	return row
}
