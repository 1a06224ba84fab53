package mask

// echoes finds further places of values that are masked already, so that a value masked once is nowhere in the
// text: a phone number that stands again inside a URL, a name that comes back without its honorific.
type echoes struct {
	first [256]bool          // by a sum of a value's first runes
	at    map[uint64][]int32 // hits by their first runes
}

const (
	echoKey      = 3  // runes that a value is looked up by
	maxSameStart = 32 // values with the same first runes that are compared
)

func echoSum(r []rune) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range r[:echoKey] {
		h = (h ^ uint64(uint32(c))) * 1099511628211
	}
	return h
}

// echo masks what repeats a masked value letter for letter. Values shorter than echoKey runes, and names, must
// stand as a word of their own; that is left to the rules for names.
func (w *Worker) echo() {
	e := &w.echoes
	clear(e.first[:])
	if e.at == nil {
		e.at = map[uint64][]int32{}
	}
	clear(e.at)
	f := &w.f
	n := len(w.hits)
	any := false
	for i, h := range w.hits[:n] {
		value := w.runes[h.rune:h.runeEnd]
		if len(value) < echoKey || h.kind == Name {
			continue
		}
		sum := echoSum(value)
		if list := e.at[sum]; len(list) < maxSameStart {
			e.at[sum] = append(list, int32(i))
			e.first[byte(sum>>17)] = true
			any = true
		}
	}
	if !any {
		return
	}
	for i := 0; i+echoKey <= len(f.r); i++ {
		if f.r[i] == barrier {
			continue
		}
		sum := echoSum(f.r[i:])
		if !e.first[byte(sum>>17)] {
			continue
		}
		for _, k := range e.at[sum] {
			h := w.hits[k]
			if size := int(h.runeEnd - h.rune); w.repeats(i, h) {
				w.hit(h.kind, i, i+size, w.copyValue(h))
				break
			}
		}
	}
}

// copyValue copies the canonical value of a hit out of the arena that hit appends to.
func (w *Worker) copyValue(h hit) []byte {
	w.scratch = append(w.scratch[:0], w.canon[h.value:h.valueEnd]...)
	return w.scratch
}

// repeats reports whether the value of a hit stands again at cell i. A short value must not be part of a longer
// number or word.
func (w *Worker) repeats(i int, h hit) bool {
	f := &w.f
	value := w.runes[h.rune:h.runeEnd]
	if i+len(value) > len(f.r) {
		return false
	}
	for k, r := range value {
		if f.r[i+k] != r {
			return false
		}
	}
	const long = 7
	return len(value) >= long || !isAlnum(f.at(i-1)) && !isAlnum(f.at(i+len(value)))
}
