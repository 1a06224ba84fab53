package model

import "math/bits"

// places is a hash table of the places of rows among those of a post.
type places struct {
	// slots are rows, counted from 1, above their places.
	slots []uint64
	shift uint8
}

// reset makes the table hold nothing, with room for n rows.
func (p *places) reset(n int) {
	size := max(bits.Len(uint(3*n)), 6)
	p.shift = uint8(64 - size)
	p.slots = grown(p.slots, 1<<size)
	clear(p.slots)
}

// place is the place of a row; n when it is new, which is its place from then on.
func (p *places) place(row int32, n int) int {
	want := uint64(row) + 1
	i := want * spreadBits >> (p.shift & 63)
	s := p.slots[i]
	for s>>32*(s>>32^want) != 0 { // neither free nor of the row: one branch, which is seldom taken
		i = (i + 1) & uint64(len(p.slots)-1)
		s = p.slots[i]
	}
	if s == 0 {
		s = uint64(n)
	}
	at := uint32(s)
	p.slots[i] = want<<32 | uint64(at)
	return int(at)
}

// find is the place of a row, or -1.
func (p *places) find(row int32) int32 {
	want := uint64(row) + 1
	for i := want * spreadBits >> (p.shift & 63); p.slots[i] != 0; i = (i + 1) & uint64(len(p.slots)-1) {
		if p.slots[i]>>32 == want {
			return int32(uint32(p.slots[i]))
		}
	}
	return -1
}
