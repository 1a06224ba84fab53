package model

import (
	"encoding/binary"
	"math/bits"
	"sort"
)

// table holds a row of bytes for every feature: its weights for the polarities of posts, for those of a topic in each zone,
// for topics and intents, and its key at the end. With the shipped tags a row is one cache line, so that a feature of a
// post costs one access to memory. A weight is stored in steps of quantum, plus zero.
type table struct {
	bytes  []byte
	rows   int
	stride int // bytes of a row
	base   int // tasks of posts; the tasks of topics follow
	// large are the rests of the few weights that do not fit in a byte, by row and task, and largeRows has a bit set for
	// the rows of them, by their last bits.
	large     []largeWeight
	largeRows uint64
}

type largeWeight struct {
	row  int32
	task uint8
	rest int16
}

const (
	// zero stands for the weight 0, so that bytes can be added up without their signs.
	zero = 128
	// keyBytes are at the end of a row.
	keyBytes = keyBits / 8
	// line is the size of a cache line.
	line = 64
)

func newTable(base, rows int) table {
	t := table{rows: rows, base: base, stride: (base + Zones*Classes + keyBytes + line - 1) / line * line}
	t.bytes = make([]byte, rows*t.stride)
	return t
}

// set fills a row. The weights stand in the order of their tasks.
func (t *table) set(row int32, k Key, list []Weight, tasks int) {
	b := t.bytes[int(row)*t.stride : (int(row)+1)*t.stride]
	for i := range b[:t.stride-keyBytes] {
		b[i] = zero
	}
	for _, x := range list {
		if int(x.Task) >= tasks {
			continue
		}
		v := x.Value / quantum
		fits := max(-zero, min(zero-1, v))
		b[t.at(int(x.Task))] = byte(fits + zero)
		if v != fits {
			t.large = append(t.large, largeWeight{row, x.Task, (v - fits) * quantum})
			t.largeRows |= 1 << (row % 64)
		}
	}
	for i := range keyBytes {
		b[t.stride-keyBytes+i] = byte(k >> (8 * i))
	}
}

// key is the key of a row.
func (t *table) key(row int32) Key {
	return Key(binary.LittleEndian.Uint64(t.bytes[(int(row)+1)*t.stride-8:]) >> (64 - keyBits))
}

// weightOf is the weight of a row for a task.
func (t *table) weightOf(row int32, task int) int32 {
	v := (int32(t.bytes[int(row)*t.stride+t.at(task)]) - zero) * quantum
	if t.largeRows&(1<<(row%64)) != 0 {
		v += t.rest(row, task)
	}
	return v
}

// rest is what a byte does not hold of a weight.
func (t *table) rest(row int32, task int) int32 {
	for i := t.firstLarge(row); i < len(t.large) && t.large[i].row == row; i++ {
		if int(t.large[i].task) == task {
			return int32(t.large[i].rest)
		}
	}
	return 0
}

func (t *table) firstLarge(row int32) int {
	return sort.Search(len(t.large), func(i int) bool { return t.large[i].row >= row })
}

// lanes are sums of bytes: eight to an even and an odd word, each in 16 bits.
type lanes struct{ even, odd uint64 }

const (
	evenBytes = 0x00ff00ff00ff00ff
	// maxAdds is how many bytes a lane of 16 bits takes.
	maxAdds = 256
)

// addRow adds the weights of a row to sums and returns those for polarities.
func (t *table) addRow(sums []lanes, row int32) polar {
	b := t.bytes[int(row)*t.stride:]
	b = b[:8*len(sums)]
	for i := range sums {
		x := binary.LittleEndian.Uint64(b[8*i:])
		sums[i].even += x & evenBytes
		sums[i].odd += x >> 8 & evenBytes
	}
	return polar{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])}
}

// at is the place of a task in a row: polarities come first.
func (t *table) at(task int) int {
	switch {
	case task < Classes:
		return task
	case task < t.base:
		return task + Zones*Classes
	}
	return task - t.base + Classes
}

// total is what n rows add to a task.
func (t *table) total(sums []lanes, task, n int) int32 {
	at := t.at(task)
	s := sums[at/8].even
	if at%2 != 0 {
		s = sums[at/8].odd
	}
	return (int32(s>>(at%8/2*16)&0xffff) - int32(n)*zero) * quantum
}

// polar are the bytes of a row for polarities: those of the post, and in each zone those of a topic.
type polar [2]uint64

// four are sums of four weights, each in 16 bits.
type four uint64

// post are the weights for the polarities of the post, each in 16 bits.
func (p *polar) post() four { return spread(uint32(p[0])) }

// about are the weights for the polarities of a topic in a zone, each in 16 bits.
func (p *polar) about(zone uint8) four {
	at := zone + 1
	return spread(uint32(p[at/2&1] >> (at % 2 * 32)))
}

func spread(four8 uint32) four {
	x := uint64(four8)
	x = (x | x<<16) & 0x0000ffff0000ffff
	return four((x | x<<8) & evenBytes)
}

// addTo adds a sum of n rows to p.
func (f four) addTo(p *[Classes]int32, n int) {
	for k := range p {
		p[k] += (int32(f>>(16*k)&0xffff) - int32(n)*zero) * quantum
	}
}

// rowBits is how much of a slot tells the row; the rest are bits of the key.
const (
	rowBits = 20
	rowMask = 1<<rowBits - 1
)

// index is a hash table of rows.
type index struct {
	// slots are rows, counted from 1, below the upper bits of their keys, so that most misses end there.
	slots []uint32
	mask  uint64
}

func newIndex(t *table) index {
	size := 16
	for size < 2*t.rows {
		size *= 2
	}
	x := index{slots: make([]uint32, size), mask: uint64(size - 1)}
	for i := range int32(t.rows) {
		k := t.key(i)
		at := uint64(k) & x.mask
		for x.slots[at] != 0 {
			at = (at + 1) & x.mask
		}
		x.slots[at] = slotOf(k, int(i)+1)
	}
	return x
}

// slotOf is the slot of a row counted from 1.
func slotOf(k Key, row int) uint32 { return uint32(k>>(keyBits-32+rowBits))<<rowBits | uint32(row) }

// lookUp is the row of a feature, or -1.
func (w *Weights) lookUp(k Key) int32 { return w.rowAt(k, w.slots[uint64(k)&w.mask]) }

// rowAt is the row of a feature whose first slot is s, or -1.
func (w *Weights) rowAt(k Key, s uint32) int32 {
	want := slotOf(k, 0)
	for i := uint64(k); ; {
		if s == 0 {
			return -1
		}
		if s&^rowMask == want {
			if row := int32(s&rowMask) - 1; w.key(row) == k {
				return row
			}
		}
		i++
		s = w.slots[i&w.mask]
	}
}

// hashTable finds the place of a row among those of a post.
type hashTable struct {
	at    []int32 // places, counted from 1
	shift int
}

// reset makes the table hold nothing, with room for n rows.
func (h *hashTable) reset(n int) {
	size := max(bits.Len(uint(2*n)), 6)
	h.shift = 64 - size
	h.at = zeroed(h.at, 1<<size)
}

// first is where the search for a row begins.
func (h *hashTable) first(row int32) int {
	return int(uint64(uint32(row)) * 0x9e3779b97f4a7c15 >> h.shift)
}
