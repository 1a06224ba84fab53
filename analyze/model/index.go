package model

import (
	"errors"
	"math/bits"
	"slices"
)

// rowBits is how much of an entry tells its value; the rest is the key.
const (
	rowBits = 64 - keyBits
	rowMask = 1<<rowBits - 1
)

// index tells the row of a feature: its slot in a perfect hash table, which has the rows in its place. The features of
// most posts have a table of their own that comes first and stays near the processor.
type index struct {
	near, far shifts
	// marks are a byte of the key of each row, which tell nearly all unknown features without a look at the row.
	marks []uint8
}

// nearRows is how many features the near table has.
const nearRows = 1 << 15

// newIndex makes the index of keys that are ordered by how often they are asked for, and gives their rows.
func newIndex(keys []Key) (x index, rows []int32, err error) {
	rows = make([]int32, len(keys))
	near := min(nearRows, len(keys))
	if x.near, err = x.add(keys[:near], rows[:near]); err != nil {
		return x, nil, err
	}
	if x.far, err = x.add(keys[near:], rows[near:]); err != nil {
		return x, nil, err
	}
	return x, rows, nil
}

// add makes a table of keys behind those that are there, and fills rows with their places.
func (x *index) add(keys []Key, rows []int32) (shifts, error) {
	entries := make([]uint64, len(keys))
	for i, k := range keys {
		entries[i] = uint64(k)<<rowBits | uint64(i)
	}
	p, err := newPerfect(entries)
	for _, e := range p.slots {
		k := Key(e >> rowBits)
		if k != 0 {
			rows[e&rowMask] = int32(len(x.marks))
		}
		x.marks = append(x.marks, markOf(k))
	}
	return p.shifts, err
}

// markOf is a byte of a key.
func markOf(k Key) uint8 { return uint8(k >> 8) }

// lookUp is the row of a feature, or -1.
func (w *Weights) lookUp(k Key) int32 {
	if row := w.near.at(k); w.key(row) == k {
		return row
	}
	return w.lookUpFar(k)
}

// lookUpFar is lookUp for the features of the far table.
func (w *Weights) lookUpFar(k Key) int32 {
	if row := int32(w.near.size) + w.far.at(k); w.key(row) == k {
		return row
	}
	return -1
}

// find sets rows to the rows of the features of list, drops those that have none, and returns how many are left. It uses
// rest as a buffer and returns it.
//
// One step is done for all of them before the next, and without branches nobody can foresee, so that the processor waits
// for many places of the memory at once.
func (w *Weights) find(rows, rest []int32, list []Seen) (int, []int32) {
	rows, rest = rows[:len(list)], grown(rest, len(list))[:len(list)]
	near, marks, m := w.near, w.marks, 0
	for i := range list {
		if id := list[i].id; id&found != 0 {
			rows[i] = int32(id & rowMask)
			continue
		}
		k := list[i].Key()
		row := near.at(k)
		rows[i], rest[m] = row, int32(i)
		if marks[row] != markOf(k) {
			m++
		}
	}
	rest = rest[:m]
	far, first := w.far, int32(near.size)
	for _, i := range rest {
		k := list[i].Key()
		row := first + far.at(k)
		rows[i] = row | -int32(marks[row]^markOf(k))>>31 // -1 when the marks differ
	}
	n := keepRows(rows, list)
	w.touch(rows[:n])
	if !w.check(rows[:n], list[:n]) {
		n = keepRows(rows[:n], list[:n])
	}
	return n, rest
}

// keepRows drops the features that have no row, and returns how many are left.
func keepRows(rows []int32, list []Seen) int {
	n := 0
	for i, row := range rows {
		list[n], rows[n] = list[i], row
		n += 1 + int(row>>31) // not for -1
	}
	return n
}

// check mends the rows of features that only share the mark, and reports false when some of these have none. A row of the
// near table that has the mark of a feature hides that of the far table.
func (w *Weights) check(rows []int32, list []Seen) (all bool) {
	words, shift := w.words, w.shift&63
	all = true
	for i, row := range rows {
		id := list[i].id
		told := -(id >> (keyBits + kindBits) & 1) // all bits of a feature whose row was told beforehand
		if (words[(int(row)+1)<<shift-1]>>(64-keyBits)^id&keyMask)&^told != 0 {
			rows[i] = w.lookUpFar(list[i].Key())
			all = all && rows[i] >= 0
		}
	}
	return all
}

// perfect is a perfect hash table: every key has one slot, which a shift found when the table was made keeps apart from
// those of the other keys. So a search takes no branches.
type perfect struct {
	// slots are the entries: values below their keys. Those that are free have the key 0.
	slots []uint64
	shifts
}

// shifts tell the slots of keys.
type shifts struct {
	// of are the shifts by the first bits of keys.
	of     []uint16
	bucket uint8  // how many bits of a key do not tell the shift
	size   uint64 // how many slots there are
}

// at is the only slot that a key can have.
func (x *shifts) at(k Key) int32 {
	return int32(slotAt(k, uint64(x.of[k>>(x.bucket&63)]), x.size))
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
	x := perfect{shifts: shifts{bucket: uint8(keyBits - bits.Len(uint(n/perShift)))}}
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
		x.slots, x.of, x.size = make([]uint64, size), make([]uint16, buckets), uint64(size)
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
			x.of[b] = uint16(shift)
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
func (x *perfect) slot(k Key) uint64 { return x.slots[x.at(k)] }

// slotAt is the slot of a key among size, at most 1<<32. The keys of a bucket differ in their last 32 bits.
func slotAt(k Key, shift, size uint64) uint64 {
	return uint64(uint32(k)*uint32(shift*spreadBits|1)) * size >> 32
}
