package mask

// surnames tells quickly that no surname begins in a place, so that most clauses need not be cut into words. It may
// take other words for surnames, but never a surname for another word.
type surnames struct {
	// pairs are the first two runes, by their hash.
	pairs [1 << 11]uint64
	// keys are surnames of two runes, and the first three runes of longer ones.
	keys map[uint64]struct{}
}

// newSurnames collects the surnames that finder can find; nil when it cannot list them.
func newSurnames(finder NameFinder) *surnames {
	s := &surnames{keys: map[uint64]struct{}{}}
	var cells []rune
	if !finder.EachSurname(func(spelling string) {
		cells = append(cells[:0], []rune(spelling)...)
		if len(cells) < 2 {
			return // only longer ones are told by the word alone
		}
		h := pairHash(cells[0], cells[1])
		s.pairs[h>>6] |= 1 << (h & 63)
		s.keys[surnameKey(cells[:min(len(cells), 3)])] = struct{}{}
	}) {
		return nil
	}
	return s
}

func pairHash(a, b rune) uint32 { return (uint32(a)*0x9e3779b1 ^ uint32(b)*0x85ebca77) >> 15 }

func surnameKey(cells []rune) uint64 {
	key := uint64(0)
	for _, r := range cells {
		key = key<<21 | uint64(uint32(r)&(1<<21-1))
	}
	return key
}

// begins reports whether a surname may begin at cell i and end before cell high.
func (s *surnames) begins(cells []rune, i, high int) bool {
	if i+2 > high {
		return false
	}
	three := [3]rune{oldForm(cells[i]), oldForm(cells[i+1])}
	h := pairHash(three[0], three[1])
	if s.pairs[h>>6]&(1<<(h&63)) == 0 {
		return false
	}
	if _, ok := s.keys[surnameKey(three[:2])]; ok {
		return true
	}
	if i+3 > high {
		return false
	}
	three[2] = oldForm(cells[i+2])
	_, ok := s.keys[surnameKey(three[:])]
	return ok
}

// mayName reports whether one of the rules of clause can find a name in the cells from low to high. Each of them asks
// for something that can be seen without cutting the clause into words.
func (w *Worker) mayName(low, high int) bool {
	f, m := &w.f, w.m
	if m.surnames == nil {
		return true
	}
	cued := w.cueFound&cuePerson != 0
	for i := low; i < high; i++ {
		r := f.r[i]
		if isKanji(r) && m.surnames.begins(f.r, i, high) {
			return true // bareNames
		}
		if i > low && f.may[i]&(mayHonorific|mayTitle) != 0 {
			if end, v := m.honorifics.longest(f.r, i); v != 0 {
				if w.honorificAt(i, end) {
					// Words tell more ends of what is no person than there are without them, never fewer.
					if _, ok := w.honouredEnd(low, i); ok {
						return true // honoured
					}
				}
			} else if m.titles.startsAt(f.r, i) {
				return true // titled
			}
		}
		if i > low && (r == 'と' || r == 'っ') && m.selfIntro.startsAt(f.r, i) {
			return true // introduced
		}
		if i > 0 && f.may[i-1]&mayRelation != 0 && m.relations.endsWith(f.r, i) || cued && w.personCue(i) {
			return true // cuedNames
		}
	}
	return false
}
