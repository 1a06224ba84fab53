package pages

import "testing"

// Tables keep what they hold, wherever they begin and end.
func TestLargeChangesNothing(t *testing.T) {
	for _, n := range []int{0, 1, 1000, 1 << 20, 5<<20 + 3} {
		table := make([]uint32, n)
		for i := range table {
			table[i] = uint32(i) * 7
		}
		Large(table)
		Large(table[:n/2])
		for i, x := range table {
			if x != uint32(i)*7 {
				t.Fatalf("place %d of %d holds %d", i, n, x)
			}
		}
	}
	Large[uint64](nil)
	text := string(make([]byte, 1<<16))
	if LargeText(text); text != string(make([]byte, 1<<16)) {
		t.Error("the text has changed")
	}
	LargeText("")
}
