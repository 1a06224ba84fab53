package model

// maxSpans is how many spans of words Words gives.
const maxSpans = 3

// Span are the words [First, End) of a post.
type Span struct{ First, End int32 }

// Words are the words of the post that speak most for a task, in the order of the text; none when only features
// without a place do. They are valid until the next call.
func (sc *Scorer) Words(task int) []Span {
	// While it is filled, share holds by how much a word differs from the one before it. So no feature takes a branch.
	sc.share = zeroed(sc.share, sc.s.Words+1)
	share, seen, rows := sc.share, sc.s.Seen, sc.rows
	column := sc.w.column(task)
	for i, e := range sc.examples {
		x := &seen[e]
		n := int32(x.words())
		v := shareOf(column.of(rows[i]), n)
		share[x.First] += v
		share[x.First+n] -= v
	}
	sc.share = share[:sc.s.Words]
	sum := int32(0)
	for i, v := range sc.share {
		sum += v
		sc.share[i] = sum
	}
	return sc.bestSpans()
}

// inverses are a little more than 1<<32 divided by each number but 0.
var inverses = func() (list [64]int64) {
	for n := 1; n < len(list); n++ {
		list[n] = 1<<32/int64(n) + 1
	}
	return list
}()

// shareOf is a weight divided by n words, towards 0; 0 when there is none. A weight has 16 bits.
func shareOf(weight, n int32) int32 {
	if uint32(n) >= uint32(len(inverses)) {
		return weight / n
	}
	q := int32(int64(weight)*inverses[n]>>32) + int32(uint32(weight)>>31)
	return q & (-n >> 31)
}

// bestSpans joins neighbours that speak for a task and keeps the strongest runs.
func (sc *Scorer) bestSpans() []Span {
	sc.spans = sc.spans[:0]
	most := int32(0)
	for _, v := range sc.share {
		most = max(most, v)
	}
	if most <= 0 {
		return nil
	}
	var sums [maxSpans]int32
	for i := 0; i < len(sc.share); {
		if sc.share[i] < max(1, most/4) {
			i++
			continue
		}
		span, sum := Span{int32(i), int32(i)}, int32(0)
		for i < len(sc.share) && sc.share[i] >= max(1, most/4) {
			sum += sc.share[i]
			i++
		}
		span.End = int32(i)
		if len(sc.spans) < maxSpans {
			sums[len(sc.spans)] = sum
			sc.spans = append(sc.spans, span)
			continue
		}
		least := 0
		for k := range sums {
			if sums[k] < sums[least] {
				least = k
			}
		}
		if sum > sums[least] {
			copy(sums[least:], sums[least+1:])
			sc.spans = append(append(sc.spans[:least], sc.spans[least+1:]...), span)
			sums[maxSpans-1] = sum
		}
	}
	return sc.spans
}
