package model

import (
	"errors"
	"math/bits"
	"slices"
)

// rowBits is how much of a slot tells the row; the rest is the key.
const (
	rowBits = 64 - keyBits
	rowMask = 1<<rowBits - 1
)

// index finds rows. The first ones, which are those of most features of a post, have a table of their own that stays near
// the processor.
type index struct{ near, far perfect }

// nearRows is how many rows the near table has.
const nearRows = 1 << 15

// newIndex makes the index of the rows of a table.
func newIndex(t *table) (x index, err error) {
	entries := make([]uint64, t.rows)
	for row := range entries {
		entries[row] = uint64(t.key(int32(row)))<<rowBits | uint64(row)
	}
	near := min(nearRows, t.rows)
	if x.near, err = newPerfect(entries[:near]); err != nil {
		return x, err
	}
	x.far, err = newPerfect(entries[near:])
	return x, err
}

// lookUp is the row of a feature, or -1.
func (w *Weights) lookUp(k Key) int32 {
	for _, x := range [...]*perfect{&w.near, &w.far} {
		if s := x.slot(k); Key(s>>rowBits) == k {
			return int32(s & rowMask)
		}
	}
	return -1
}

// find fills rows with those of the features of list; -1 where there is none. It uses rest as a buffer and returns it.
func (w *Weights) find(rows, rest []int32, list []Seen) []int32 {
	rows, rest = rows[:len(list)], grown(rest, len(list))[:len(list)]
	slots, shifts, bucket, size := w.near.slots, w.near.shifts, w.near.bucket&63, uint64(len(w.near.slots))
	n := 0
	for i := range list {
		if id := list[i].id; id&found != 0 {
			rows[i] = int32(id & rowMask)
			continue
		}
		k := list[i].Key()
		s := slots[slotAt(k, uint64(shifts[k>>bucket]), size)]
		rows[i] = int32(s & rowMask)
		rest[n] = int32(i)
		if Key(s>>rowBits) != k {
			n++
		}
	}
	rest = rest[:n]
	slots, shifts, bucket, size = w.far.slots, w.far.shifts, w.far.bucket&63, uint64(len(w.far.slots))
	for _, i := range rest {
		k := list[i].Key()
		s := slots[slotAt(k, uint64(shifts[k>>bucket]), size)]
		row := int32(s & rowMask)
		if Key(s>>rowBits) != k {
			row = -1
		}
		rows[i] = row
	}
	return rest
}

// perfect is a perfect hash table: every key has one slot, which a shift found when the table was made keeps apart from
// those of the other keys. So a search takes no branches.
type perfect struct {
	// slots are the entries: values below their keys. Those that are free have the key 0.
	slots []uint64
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

var errIndex = errors.New("no perfect hash for the keys")

// newPerfect makes the table of entries.
func newPerfect(entries []uint64) (perfect, error) {
	n := len(entries)
	x := perfect{bucket: uint8(keyBits - bits.Len(uint(n/perShift)))}
	buckets := 1 << (keyBits - int(x.bucket))
	bucketOf := func(entry uint64) uint64 { return entry >> rowBits >> x.bucket }
	// begin tells where the entries of a bucket stand in members, with those of the largest buckets first in order.
	begin := make([]int32, buckets+1)
	for _, e := range entries {
		begin[bucketOf(e)+1]++
	}
	order := make([]int32, buckets)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return int(begin[b+1] - begin[a+1]) })
	for i := range buckets {
		begin[i+1] += begin[i]
	}
	members, next := make([]uint64, n), slices.Clone(begin)
	for _, e := range entries {
		b := bucketOf(e)
		members[next[b]] = e
		next[b]++
	}
	for size := n + n/spareSlots + 1; size < 8*n+64; size += size/4 + 1 {
		x.slots, x.shifts = make([]uint64, size), make([]uint16, buckets)
		if x.place(order, begin, members) {
			return x, nil
		}
	}
	return x, errIndex
}

// place finds the shift of every bucket and fills the slots. It reports whether all entries found a place.
func (x *perfect) place(order, begin []int32, members []uint64) bool {
	taken := make([]bool, len(x.slots))
	var at []uint64
	for _, b := range order {
		entries := members[begin[b]:begin[b+1]]
		if len(entries) == 0 {
			break
		}
		found := false
		for shift := 0; shift < 1<<16 && !found; shift++ {
			at, found = at[:0], true
			for _, e := range entries {
				p := slotAt(Key(e>>rowBits), uint64(shift), uint64(len(x.slots)))
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
		for i, e := range entries {
			taken[at[i]] = true
			x.slots[at[i]] = e
		}
	}
	return true
}

// slot is what is in the only slot that a key can have.
func (x *perfect) slot(k Key) uint64 {
	return x.slots[slotAt(k, uint64(x.shifts[k>>(x.bucket&63)]), uint64(len(x.slots)))]
}

// slotAt is the slot of a key among size, at most 1<<32. The keys of a bucket differ in their last 32 bits.
func slotAt(k Key, shift, size uint64) uint64 {
	return uint64(uint32(k)*uint32(shift*spreadBits|1)) * size >> 32
}
