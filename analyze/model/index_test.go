package model

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Every row is found by its key, in the near table and in the far one, and no other key finds a row.
func TestIndex(t *testing.T) {
	for _, rows := range []int{0, 1, 2, 7, nearRows + 5000} {
		r := rand.New(rand.NewPCG(1, uint64(rows)))
		var keys []Key
		for len(keys) < rows {
			keys = append(keys, Key(r.Uint64()&keyMask|1)) // odd ones, so that even ones are unknown
		}
		slices.Sort(keys)
		keys = slices.Compact(keys)
		var w Weights
		w.bias = make([]int32, w.Tasks())
		at, err := w.frame(keys)
		if err != nil {
			t.Fatalf("%d rows: %v", rows, err)
		}
		list, unknown := []Seen{{id: 2}}, []Seen{{id: 2}}
		for i, k := range keys {
			w.set(at[i], k, nil, 3)
			list = append(list, Seen{id: uint64(k)}, Seen{id: uint64(k - 1)})
			unknown = append(unknown, Seen{id: uint64(k - 1)}, Seen{id: uint64(k ^ 1<<33 - 1)})
		}
		// What was told beforehand is not looked up.
		told := Seen{id: found}
		list, at = append(list, told), append(at, 0)
		got := make([]int32, len(list))
		n, _ := w.find(got, nil, list)
		if n != len(at) || !slices.Equal(got[:n], at) {
			t.Fatalf("%d rows: %d features are found, want %d in order", rows, n, len(at))
		}
		for i, row := range got[:n-1] {
			if k := list[i].Key(); k != keys[i] || w.lookUp(k) != row || w.key(row) != k {
				t.Fatalf("%d rows: key %x is found at %d and %d, want %x", rows, k, row, w.lookUp(k), keys[i])
			}
		}
		if n, _ := w.find(make([]int32, len(unknown)), nil, unknown); n != 0 {
			t.Errorf("%d rows: %d unknown features are found", rows, n)
		}
	}
}

// Keys that are alike cannot have slots of their own.
func TestIndexOfEqualKeys(t *testing.T) {
	if _, _, err := newIndex([]Key{5, 5}); err == nil {
		t.Error("two rows with one key pass")
	}
}

func TestPlaces(t *testing.T) {
	var p places
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 30, 1000} {
		p.reset(n)
		at := map[int32]int{}
		for range n {
			row := r.Int32N(int32(n))
			want, ok := at[row]
			if !ok {
				want = len(at)
				at[row] = want
			}
			if got := p.place(row, len(at)-1); ok && got != want || !ok && got != len(at)-1 {
				t.Fatalf("row %d is at %d, want %d", row, got, want)
			}
		}
		for row := range int32(n) {
			want, ok := at[row]
			if got := p.find(row); ok && int(got) != want || !ok && got != -1 {
				t.Errorf("row %d is found at %d, want %d (%v)", row, got, want, ok)
			}
		}
	}
}

// The words of a table add up to its weights, also when there are more rows than a lane of sums takes.
func TestAddPost(t *testing.T) {
	const base, rows = 41, 3*maxAdds + 17
	w := newTable(base, rows)
	r := rand.New(rand.NewPCG(3, 4))
	var want postSums
	var all []int32
	for row := range int32(rows) {
		var list []Weight
		for task := range uint8(base + Zones*Classes) {
			v := int16(r.IntN(256)-128) * quantum
			list = append(list, Weight{task, v})
			if at := w.at(int(task)); at < w.polar+Classes {
				want[at] += int32(v)
			}
		}
		w.set(row, Key(row+1), list, base+Zones*Classes)
		for _, x := range list {
			if got := w.weightOf(row, int(x.Task)); got != int32(x.Value) {
				t.Fatalf("row %d, task %d: %d, want %d", row, x.Task, got, x.Value)
			}
		}
		if w.key(row) != Key(row+1) {
			t.Fatalf("row %d has the key %d", row, w.key(row))
		}
		all = append(all, row)
	}
	var got postSums
	w.addPost(&got, all)
	for _, at := range []int{0, 1, 7, 8, 23, 24, 40, w.polar, w.polar + Classes - 1} {
		if got[at] != want[at] {
			t.Errorf("byte %d adds up to %d, want %d", at, got[at], want[at])
		}
	}
}
