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
		v := column.of(rows[i]) / max(n, 1) & (-n >> 31) // 0 when no word carries it
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
