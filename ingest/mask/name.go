package mask

// NameFinder tells names of persons from other words. It is immutable and shared by all workers.
type NameFinder interface {
	NewWorker() NameWorker
	// EachSurname calls f for every word that can get ClassSurname, and reports whether it knows all of them.
	EachSurname(f func(word string)) bool
	// Revision names the dictionary behind it.
	Revision() string
}

// NameWorker belongs to one Worker and is not safe for concurrent use.
type NameWorker interface {
	// Words appends the words of text in order. Start and End are rune offsets.
	Words(dst []Word, text string) []Word
	// Use says what the dictionary knows a word for, whatever stands around it.
	Use(word string) Use
}

// Word is a word of a text with the class it has there.
type Word struct {
	Start, End int
	Class      Class
}

// Class is what a word is in its place, as far as names of persons are concerned.
type Class uint8

// The classes.
const (
	ClassOther        Class = iota // verbs, adverbs, auxiliaries
	ClassNoun                      // a common noun of the dictionary
	ClassUnknown                   // a word the dictionary does not know
	ClassSurname                   // 姓
	ClassGiven                     // 名
	ClassPerson                    // a name of a person, not told which part
	ClassPlace                     // 地域
	ClassOrganisation              // 組織
	ClassProper                    // any other proper noun
	ClassSuffix                    // さん, 店, 的
	ClassPrefix                    // お, ご
	ClassParticle                  // は, が, を
	ClassMark                      // punctuation, spaces
)

// Use is the set of things a word is known for.
type Use uint8

// The uses.
const (
	UseSurname Use = 1 << iota
	UseGiven
	UseReading // the reading of a surname or given name, in kana
	UsePlace
	UseOrganisation
	UseCommon // a common noun, verb, adverb
)

// persons masks names of persons: in front of honorifics and titles, behind cues, in introductions, and surnames by
// their part of speech.
func (w *Worker) persons() {
	f := &w.f
	for i := 0; i < len(f.r); {
		if f.endsClause(i) {
			i++
			continue
		}
		end := i
		for end < len(f.r) && end-i < maxClause && !f.endsClause(end) {
			end++
		}
		if w.worthReading(i, end) {
			w.clause(i, end)
		}
		i = end
	}
}

// maxClause bounds a clause, in cells.
const maxClause = 400

// clauseEnds are the runes that isClauseEnd knows, beside the barrier.
const clauseEnds = "\n。!?、,「」『』()[]【】…\"<>/;:→⇒♪★☆"

// isClauseEnd reports whether words on both sides of r are read on their own.
func isClauseEnd(r rune) bool {
	switch r {
	case barrier, '\n', '。', '!', '?', '、', ',', '「', '」', '『', '』', '(', ')', '[', ']', '【', '】', '…', '"', '<', '>', '/', ';', ':', '→', '⇒', '♪', '★', '☆':
		return true
	}
	return false
}

// endsClause reports whether cell i ends a clause.
func (f *folded) endsClause(i int) bool { return f.may[i]&mayEnd != 0 && isClauseEnd(f.r[i]) }

// worthReading reports whether a clause can hold a name: it has kanji or katakana, or an honorific.
func (w *Worker) worthReading(from, to int) bool {
	if w.f.flag[from]&inURL != 0 && w.f.flag[to-1]&inURL != 0 {
		return false
	}
	run := 0
	for i := from; i < to; i++ {
		r := w.f.r[i]
		if isKanji(r) || isKatakana(r) {
			if run++; run >= 2 {
				return true
			}
			continue
		}
		run = 0
		if i == from || w.f.may[i]&mayHonorific == 0 {
			continue
		}
		if w.m.honorifics.startsAt(w.f.r, i) {
			return true
		}
	}
	return false
}

// clause finds the names in the cells from low to high.
func (w *Worker) clause(low, high int) {
	f := &w.f
	w.words = w.words[:0]
	if !w.mayName(low, high) {
		w.western(low, high)
		return
	}
	w.segment = w.segment[:0]
	for _, r := range f.r[low:high] {
		w.segment = appendRune(w.segment, oldForm(r))
	}
	w.words = w.names.Words(w.words, string(w.segment))
	for i := range w.words {
		w.words[i].Start += low
		w.words[i].End += low
	}
	for p := low + 1; p < high; p++ {
		if f.may[p]&(mayHonorific|mayTitle) == 0 {
			continue
		}
		if end, v := w.m.honorifics.longest(f.r, p); v != 0 && w.honorificAt(p, end) {
			w.honoured(low, p)
		} else if v == 0 {
			if _, t := w.m.titles.longest(f.r, p); t != 0 {
				w.titled(low, p)
			}
		}
	}
	w.cuedNames(low)
	w.introduced(low, high)
	w.bareNames(low)
	w.western(low, high)
}

// honorificAt reports whether the cells from p to end are an honorific and not the beginning or the middle of a word
// such as 様子, 氏名, さんざん.
func (w *Worker) honorificAt(p, end int) bool {
	f := &w.f
	next := f.at(end)
	switch f.r[p] {
	case '様':
		return next != '子' && next != '々' && next != '式' && next != '相' && next != '態' && next != '変'
	case '氏':
		return next != '名' && next != '神' && next != '族'
	case '君':
		return next != '主' && next != '臨'
	case '殿':
		return next != '様' && next != '堂'
	case '先':
		return true
	case 'さ':
		return next != 'ざ' && next != 'ぽ'
	case 'ち':
		return next != 'と'
	case 'く':
		return next != 'く'
	}
	before := f.at(p - 1)
	return !isASCIILetter(next) && (before == '-' || before == ' ')
}

// notPerson reports whether a word ends at cell end that stands in front of honorifics without being a name: お客様,
// 店員さん. The word must begin where a word of the dictionary or a run of one script begins: 田中 is not 中.
func (w *Worker) notPerson(low, end int) bool {
	f := &w.f
	t := w.m.notPersons
	n := int32(0)
	for k := end - 1; k >= low; k-- {
		if n = t.find(n, lower(f.r[k])); n == 0 {
			return false
		}
		if t.nodes[n].value != 0 && (k == low || script(f.r[k]) != script(f.r[k-1]) || w.wordEnding(k) >= 0) {
			return true
		}
	}
	return false
}

// script is a number for the script of r.
func script(r rune) int {
	switch {
	case isHiragana(r):
		return 1
	case isKatakana(r):
		return 2
	case isKanji(r):
		return 3
	case isAlnum(r):
		return 4
	}
	return 0
}

// wordEnding gives the index of the word that ends at cell p, or -1.
func (w *Worker) wordEnding(p int) int {
	lo, hi := 0, len(w.words)
	for lo < hi {
		mid := (lo + hi) / 2
		if w.words[mid].End < p {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(w.words) && w.words[lo].End == p {
		return lo
	}
	return -1
}

// surface is the word in the cells from from to to as the dictionary spells it.
func (w *Worker) surface(from, to int) string {
	w.ascii = w.ascii[:0]
	for _, r := range w.f.r[from:to] {
		w.ascii = appendRune(w.ascii, oldForm(r))
	}
	return string(w.ascii)
}

// honoured masks the name in front of the honorific at cell p.
func (w *Worker) honoured(low, p int) {
	f := &w.f
	end, ok := w.honouredEnd(low, p)
	if !ok {
		return
	}
	var from int
	switch r := f.r[end-1]; {
	case isAlnum(r) || r == '_':
		from = w.handleBefore(low, end)
	case isKanji(r):
		from = w.kanjiBefore(low, end)
	case isKatakana(r):
		from = w.katakanaBefore(low, end)
	case isHiragana(r):
		if end != p {
			return
		}
		from = w.hiraganaBefore(low, end)
	default:
		return
	}
	if from >= 0 && from < end {
		w.hit(Name, from, end, w.canonicalName(from, end))
	}
}

// honouredEnd is where a name in front of the honorific at cell p ends; there may be none.
func (w *Worker) honouredEnd(low, p int) (end int, ok bool) {
	f := &w.f
	end = p
	if f.at(end-1) == '-' && isASCIILetter(f.at(end-2)) || f.at(end-1) == ' ' {
		end--
	}
	return end, end > low && !w.notPerson(low, end)
}

// handleBefore is where the Latin name in front of cell end begins, or -1.
func (w *Worker) handleBefore(low, end int) int {
	f := &w.f
	k, letters, capitals := end, 0, 0
	for k > low && end-k < 40 && (isAlnum(f.r[k-1]) || f.r[k-1] == '_' || f.r[k-1] == '.' || f.r[k-1] == '-') {
		k--
		if isASCIILetter(f.r[k]) {
			letters++
			if f.r[k] < 'a' {
				capitals++
			}
		}
	}
	for k < end && !isAlnum(f.r[k]) {
		k++
	}
	if letters < 2 || letters == capitals && end-k <= 4 || w.m.brands.exact(f.r, k, end) || f.flag[k]&inURL != 0 {
		return -1
	}
	if isJapanese(f.at(k-1)) && isKatakana(f.at(k-1)) {
		return -1
	}
	if g := k - 1; f.at(g) == ' ' && g > low && isASCIILetter(f.at(g-1)) && isCapital(f.r[k]) {
		h := g
		for h > low && isASCIILetter(f.r[h-1]) {
			h--
		}
		if isCapital(f.r[h]) && g-h >= 2 && g-h <= 12 && !w.m.brands.exact(f.r, h, g) {
			return h
		}
	}
	return k
}

func isCapital(r rune) bool { return r >= 'A' && r <= 'Z' }

// kanjiBefore is where the name of kanji in front of cell end begins, or -1.
func (w *Worker) kanjiBefore(low, end int) int {
	k := w.wordEnding(end)
	if k < 0 {
		return w.kanjiRun(low, end)
	}
	word := w.words[k]
	use := w.use(word)
	switch word.Class {
	case ClassSurname, ClassGiven, ClassPerson:
	case ClassUnknown, ClassProper, ClassPlace:
		if word.Class == ClassPlace && use&(UseSurname|UseGiven) == 0 && word.End-word.Start > 3 {
			return -1
		}
	case ClassNoun, ClassOrganisation, ClassOther, ClassSuffix, ClassPrefix:
		if use&(UseSurname|UseGiven) == 0 {
			return -1
		}
		if word.Class == ClassSuffix && k > 0 && w.words[k-1].End == word.Start && w.words[k-1].Class != ClassParticle {
			return w.joined(low, k)
		}
	default:
		return -1
	}
	return w.chain(low, k)
}

// joined is a name whose last kanji was read as a suffix: it is one only behind a surname.
func (w *Worker) joined(low, k int) int {
	if c := w.words[k-1].Class; c == ClassSurname {
		return w.chain(low, k-1)
	}
	return -1
}

// kanjiRun is a name that the dictionary did not cut at the honorific. Inside a word that it knows there is none.
func (w *Worker) kanjiRun(low, end int) int {
	for _, word := range w.words {
		if word.Start < end && end < word.End && word.Class != ClassUnknown {
			return -1
		}
	}
	k := end
	for k > low && end-k < 6 && isKanji(w.f.r[k-1]) {
		k--
	}
	for from := k; from < end; from++ {
		if w.names.Use(w.surface(from, end))&(UseSurname|UseGiven) != 0 {
			return from
		}
	}
	return -1
}

func (w *Worker) use(word Word) Use { return w.names.Use(w.surface(word.Start, word.End)) }

// chain extends a name that ends with word k over the words in front of it that are names too: 木村 拓也.
func (w *Worker) chain(low, k int) int {
	f := &w.f
	from := w.words[k].Start
	for n := 0; n < 3 && k > 0; n++ {
		prev := w.words[k-1]
		gap := false
		if prev.Class == ClassMark && prev.End-prev.Start == 1 && f.r[prev.Start] == ' ' && k > 1 {
			gap = true
			prev = w.words[k-2]
		}
		if prev.Start < low || !w.isNameWord(low, prev, gap) {
			break
		}
		from = prev.Start
		if k--; gap {
			k--
		}
	}
	return from
}

// isNameWord reports whether a word in front of a name belongs to it.
func (w *Worker) isNameWord(low int, word Word, gap bool) bool {
	if w.notPerson(low, word.End) {
		return false
	}
	switch word.Class {
	case ClassSurname, ClassPerson:
		return true
	case ClassGiven:
		return word.End-word.Start >= 2 && isKanji(w.f.r[word.Start])
	case ClassPlace, ClassProper, ClassNoun:
		return word.End-word.Start >= 2 && isKanji(w.f.r[word.Start]) && w.use(word)&UseSurname != 0 && (!gap || word.Class != ClassNoun)
	case ClassUnknown:
		return !gap && word.End-word.Start == 1 && isKanji(w.f.r[word.Start])
	}
	return false
}

// katakanaBefore is where the name in katakana in front of cell end begins, or -1.
func (w *Worker) katakanaBefore(low, end int) int {
	f := &w.f
	k := end
	for k > low && (isKatakana(f.r[k-1]) || f.r[k-1] == '・') {
		k--
	}
	for k < end && f.r[k] == '・' {
		k++
	}
	if end-k < 2 || end-k > 16 || isKanji(f.at(k-1)) && w.names.Use(w.surface(k, end))&(UseReading|UseSurname|UseGiven) == 0 {
		return -1
	}
	use := w.names.Use(w.surface(k, end))
	if use&(UseReading|UseSurname|UseGiven) == 0 {
		if use&(UseCommon|UseOrganisation) != 0 || w.m.brands.exact(f.r, k, end) {
			return -1
		}
		if i := w.wordEnding(end); i >= 0 && w.words[i].Start > k {
			// Several words in one run: a company or a trade more often than a person.
			if c := w.words[i].Class; c != ClassUnknown && c != ClassSurname && c != ClassGiven && c != ClassPerson {
				return -1
			}
		}
	}
	if w.m.brands.exact(f.r, k, end) {
		return -1
	}
	if f.at(k-1) == ' ' {
		g := k - 1
		for g > low && isKatakana(f.r[g-1]) {
			g--
		}
		if n := k - 1 - g; n >= 2 && n <= 6 && w.names.Use(w.surface(g, k-1))&UseReading != 0 {
			return g
		}
	}
	return k
}

// hiraganaBefore is where the name in hiragana in front of cell end begins, or -1: a known name, or a nickname that
// stands at the beginning of the clause or behind a space.
func (w *Worker) hiraganaBefore(low, end int) int {
	f := &w.f
	if k := w.wordEnding(end); k >= 0 {
		word := w.words[k]
		switch word.Class {
		case ClassSurname, ClassGiven, ClassPerson:
			if word.End-word.Start >= 2 {
				return w.chain(low, k)
			}
		}
	}
	run := end
	for run > low && (isHiragana(f.r[run-1]) || f.r[run-1] == 'ー') {
		run--
	}
	for from := max(run, end-5); end-from >= 2; from++ {
		if from > run && !w.particleBefore(from) {
			continue
		}
		if w.names.Use(w.surface(from, end))&UseReading != 0 {
			return from
		}
	}
	n := end - run
	border := run == low || f.at(run-1) == ' '
	if !border || n < 2 || n > 6 {
		return -1
	}
	if w.names.Use(w.surface(run, end))&UseCommon != 0 || w.notPerson(low, end) {
		return -1
	}
	return run
}

// particleBefore reports whether a particle ends at cell i.
func (w *Worker) particleBefore(i int) bool {
	k := w.wordEnding(i)
	return k >= 0 && w.words[k].Class == ClassParticle
}

// titled masks a surname in front of the title at cell p.
func (w *Worker) titled(low, p int) {
	end := p
	if w.f.at(end-1) == ' ' {
		end--
	}
	k := w.wordEnding(end)
	if k < 0 || w.notPerson(low, end) {
		return
	}
	word := w.words[k]
	if !isKanji(w.f.r[word.Start]) || word.End-word.Start < 2 && word.Class != ClassSurname {
		return
	}
	use := w.use(word)
	switch word.Class {
	case ClassSurname, ClassPerson:
	case ClassGiven:
		if k == 0 || w.words[k-1].Class != ClassSurname {
			if use&UseSurname == 0 {
				return
			}
		}
	case ClassPlace, ClassProper, ClassNoun:
		if use&UseSurname == 0 || use&UseCommon != 0 {
			return
		}
	default:
		return
	}
	from := w.chain(low, k)
	w.hit(Name, from, end, w.canonicalName(from, end))
}
