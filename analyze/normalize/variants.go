package normalize

// variantTrie finds listed variants, the longest at each place.
type variantTrie struct {
	root [1 << 10]uint64 // bit set of the first runes of the variants, by their low 16 bits
	next map[edge]int32
	to   map[int32][]rune
	size int32
}

type edge struct {
	node int32
	r    rune
}

func newVariantTrie() *variantTrie {
	return &variantTrie{next: map[edge]int32{}, to: map[int32][]rune{}, size: 1}
}

func (t *variantTrie) add(from, to []rune) {
	t.root[uint16(from[0])>>6] |= 1 << (from[0] & 63)
	n := int32(0)
	for _, r := range from {
		m, ok := t.next[edge{n, r}]
		if !ok {
			m = t.size
			t.size++
			t.next[edge{n, r}] = m
		}
		n = m
	}
	t.to[n] = to
}

// replace copies in to out with every variant replaced. A replacement of the same length keeps the origin of each
// rune; any other stands for the whole span of the variant.
func (t *variantTrie) replace(in, out *Buffer) {
	for i := 0; i < len(in.Runes); {
		size, to := t.longest(in.Runes[i:])
		if size == 0 {
			out.push(in.Runes[i], in.From[i], in.To[i])
			i++
			continue
		}
		for k, r := range to {
			if len(to) == size {
				out.push(r, in.From[i+k], in.To[i+k])
			} else {
				out.push(r, in.From[i], in.To[i+size-1])
			}
		}
		i += size
	}
}

func (t *variantTrie) longest(rs []rune) (int, []rune) {
	if t.root[uint16(rs[0])>>6]&(1<<(rs[0]&63)) == 0 {
		return 0, nil
	}
	n, size := int32(0), 0
	var to []rune
	for i, r := range rs {
		m, ok := t.next[edge{n, r}]
		if !ok {
			break
		}
		n = m
		if v, ok := t.to[n]; ok {
			size, to = i+1, v
		}
	}
	return size, to
}
