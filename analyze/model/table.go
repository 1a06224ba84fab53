package model

import (
	"math/bits"
	"sort"
)

// table holds a row of bytes for every feature: its weights for the tasks of posts, for the polarities of topics in each
// zone, and its key at the end. With the shipped tags a row is one cache line, so that a feature of a post costs one
// access to memory. A weight is stored in steps of quantum, plus zero.
type table struct {
	words []uint64 // eight bytes each, the first in the lowest bits
	rows  int
	shift uint8 // a row has 1<<shift words
	base  int   // tasks of posts; the tasks of topics follow
	polar int   // where those of topics begin in a row
	// large are the rests of the few weights that do not fit in a byte, by row and task, and largeRows has a bit set for
	// the rows of them, by their last bits.
	large     []largeWeight
	largeRows [16]uint64
}

type largeWeight struct {
	row  int32
	task uint8
	rest int16
}

const (
	// zero stands for the weight 0, so that bytes can be added up without their signs.
	zero  = 128
	zeros = 0x8080808080808080
	// word is how many weights a word holds.
	word = 8
	// keyBytes are at the end of a row.
	keyBytes = keyBits / 8
	// lineWords is a cache line.
	lineWords = 8
)

// newTable makes room for rows, which have neither a key nor weights yet.
func newTable(base, rows int) table {
	t := table{rows: rows, base: base, polar: (base + Classes - 1) / Classes * Classes}
	need := (t.polar + Zones*Classes + keyBytes + word - 1) / word
	t.shift = uint8(bits.Len(uint(max(need, lineWords) - 1)))
	t.words = make([]uint64, rows<<t.shift)
	for i := range t.words {
		t.words[i] = zeros
		if (i+1)&(1<<t.shift-1) == 0 {
			t.words[i] &= 1<<(64-keyBits) - 1
		}
	}
	return t
}

// set fills a row. The weights stand in the order of their tasks.
func (t *table) set(row int32, k Key, list []Weight, tasks int) {
	b := t.words[int(row)<<t.shift : (int(row)+1)<<t.shift]
	last := &b[len(b)-1]
	*last = *last<<keyBits>>keyBits | uint64(k)<<(64-keyBits)
	for _, x := range list {
		if int(x.Task) >= tasks {
			continue
		}
		v := x.Value / quantum
		fits := max(-zero, min(zero-1, v))
		at := t.at(int(x.Task))
		// The byte holds zero, so that the difference of both is what the weight changes in it.
		b[at/word] ^= uint64(uint8(fits+zero)^zero) << (at % word * 8)
		if v != fits {
			t.large = append(t.large, largeWeight{row, x.Task, (v - fits) * quantum})
			t.largeRows[row/64%16] |= 1 << (row % 64)
		}
	}
}

// key is the key of a row.
func (t *table) key(row int32) Key {
	return Key(t.words[(int(row)+1)<<(t.shift&63)-1] >> (64 - keyBits))
}

// weightOf is the weight of a row for a task.
func (t *table) weightOf(row int32, task int) int32 {
	c := t.column(task)
	return c.of(row)
}

// column are the weights of all rows for a task.
type column struct {
	t    *table
	task int
	// word and shift tell where a row holds the weight.
	word  int
	shift uint8
}

func (t *table) column(task int) column {
	at := t.at(task)
	return column{t, task, at / word, uint8(at % word * 8)}
}

// of is the weight of a row.
func (c *column) of(row int32) int32 {
	t := c.t
	v := (int32(uint8(t.words[int(row)<<(t.shift&63)+c.word]>>(c.shift&63))) - zero) * quantum
	if t.largeRows[row>>6&15]>>(row&63)&1 != 0 {
		v += t.rest(row, c.task)
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

// at is the place of a task in a row.
func (t *table) at(task int) int {
	if task < t.base {
		return task
	}
	return task - t.base + t.polar
}

const (
	evenBytes = 0x00ff00ff00ff00ff
	// maxAdds is how many bytes a lane of 16 bits takes.
	maxAdds = 256
)

// postSums are what rows have for the tasks of posts and, from polar on, for the polarities of topics in each zone.
type postSums [maxPost + Zones*Classes + word]int32

// addPost adds the weights of rows for the tasks of posts and for the polarities of topics elsewhere to post.
func (t *table) addPost(post *postSums, rows []int32) { t.add(post, rows, 0, t.polar+Classes) }

// addAbout adds the weights of rows for the polarities of topics to post.
func (t *table) addAbout(post *postSums, rows []int32) {
	t.add(post, rows, t.polar/word, t.polar+Zones*Classes)
}

// add adds the weights of rows from a word on to post, at least up to a place. It adds three words of each row in one go,
// which is what the registers hold the sums of.
func (t *table) add(post *postSums, rows []int32, from, end int) {
	const words = 3
	for len(rows) > 0 {
		part := rows[:min(maxAdds, len(rows))]
		rows = rows[len(part):]
		for first := from; first*word < end; first += words {
			var sum [words]lanes
			t.addWords(&sum, part, first)
			for i := range sum {
				sum[i].addTo(post, (first+i)*word, len(part))
			}
		}
	}
}

// touch reads a word of each row. Nothing is done with them, so that the processor waits for as many rows at once as it can.
// Inlined it would be left out where nobody asks for the sum.
//
//go:noinline
func (t *table) touch(rows []int32) (sum uint64) {
	words, shift := t.words, t.shift&63
	for _, row := range rows {
		sum ^= words[int(row)<<shift]
	}
	return sum
}

// addWords adds up the words of rows from the given one on.
func (t *table) addWords(sum *[3]lanes, rows []int32, first int) {
	var all0, odd0, all1, odd1, all2, odd2 uint64
	words, shift := t.words[first:], t.shift
	for _, row := range rows {
		at := int(row) << (shift & 63)
		b := words[at : at+3 : at+3]
		x, y, z := b[0], b[1], b[2]
		all0 += x
		odd0 += x >> 8 & evenBytes
		all1 += y
		odd1 += y >> 8 & evenBytes
		all2 += z
		odd2 += z >> 8 & evenBytes
	}
	*sum = [3]lanes{{all0, odd0}, {all1, odd1}, {all2, odd2}}
}

// lanes are sums of words of eight bytes: of the words as numbers, and of every other byte in 16 bits.
type lanes struct{ all, odd uint64 }

// addTo adds what n rows have in a word to post. What post has no room for is of no account.
func (l *lanes) addTo(post *postSums, task, n int) {
	if task+word > len(post) {
		return
	}
	even := l.all - l.odd<<8
	for i := range word / 2 {
		post[task+2*i] += (int32(even>>(16*i)&0xffff) - int32(n)*zero) * quantum
		post[task+2*i+1] += (int32(l.odd>>(16*i)&0xffff) - int32(n)*zero) * quantum
	}
}

// addPolarity adds the weights of rows for the polarities of posts to p.
func (t *table) addPolarity(p *[Classes]int32, rows []int32) {
	for len(rows) > 0 {
		part := rows[:min(maxAdds, len(rows))]
		rows = rows[len(part):]
		var sum four
		for _, row := range part {
			sum += t.polarity(row)
		}
		sum.addTo(p, len(part))
	}
}

// polarity are the weights of a row for the polarities of posts, each in 16 bits.
func (t *table) polarity(row int32) four {
	return spread(uint32(t.words[int(row)<<(t.shift&63)]))
}

// about are the weights of a row for the polarities of topics in a zone, each in 16 bits.
func (t *table) about(row int32, zone uint8) four {
	at := t.polar/Classes + int(zone)
	return spread(uint32(t.words[int(row)<<(t.shift&63)+at/2] >> (uint(at) % 2 * 32)))
}

// four are sums of four weights, each in 16 bits.
type four uint64

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
