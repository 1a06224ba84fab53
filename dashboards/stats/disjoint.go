package stats

// disjoint is a union-find over 0 to n−1; the smaller index is the root.
type disjoint struct{ parent []int }

func newDisjoint(n int) *disjoint {
	d := &disjoint{parent: make([]int, n)}
	for i := range d.parent {
		d.parent[i] = i
	}
	return d
}

func (d *disjoint) find(i int) int {
	for d.parent[i] != i {
		d.parent[i] = d.parent[d.parent[i]]
		i = d.parent[i]
	}
	return i
}

func (d *disjoint) union(i, j int) {
	a, b := d.find(i), d.find(j)
	d.parent[max(a, b)] = min(a, b)
}
