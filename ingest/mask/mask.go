package mask

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// rules is raised when a change of the rules changes what is masked.
const rules = 1

// Masker holds the rules, the key and the allow list. It is immutable and safe for concurrent use.
type Masker struct {
	cfg      Config
	on       [kinds]bool
	names    NameFinder
	surnames *surnames // nil when they are not known
	revision string

	cues, things, papers, units, lengthUnits, joinWords                              *trie
	topLevel, atWords, dotWords, notHandles                                          *trie
	secretParams, social, notProfiles, keyPrefixes, own                              *trie
	prefectures, blockMarks, buildings, romanSuffixes, romanPlaces                   *trie
	honorifics, titles, notPersons, brands, relations, selfIntro, allowed, bigPlaces *trie
	allowValues                                                                      map[string]bool
	// firsts is a filter in front of the tries that are asked in every place.
	firsts *firsts
}

// New makes a masker. names may be nil: then names of persons are not masked, and the configuration must switch
// them off so that nobody believes they are.
func New(cfg Config, names NameFinder) (*Masker, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	m := &Masker{cfg: cfg, names: names}
	for i := range m.on {
		m.on[i] = !slices.Contains(cfg.Off, Kind(i).String())
	}
	if names == nil && m.on[Name] {
		return nil, fmt.Errorf("names of persons are to be masked but no name finder is given; give one, or add %q to off", Name)
	}
	if names != nil {
		m.surnames = newSurnames(names)
	}
	m.compile()
	m.compileAllow()
	m.revision = m.fingerprint()
	return m, nil
}

// WithoutNames returns a masker that does the same but leaves names of persons.
func (m *Masker) WithoutNames() *Masker {
	n := *m
	n.on[Name], n.names = false, nil
	return &n
}

func (m *Masker) compile() {
	m.cues, m.things, m.papers = newCues(), newSuffixes(notPersonal), newSuffixes(personalPapers)
	m.units, m.lengthUnits, m.joinWords = trieOf(unitWords), trieOf(lengthWords), trieOf(joinWords)
	m.topLevel, m.atWords, m.dotWords, m.notHandles = trieOf(topLevels), trieOf(atWords), trieOf(dotWords), trieOf(notHandles)
	m.secretParams, m.social, m.notProfiles, m.keyPrefixes = trieOf(secretParams), trieOf(socialHosts), trieOf(notProfiles), trieOf(keyPrefixes)
	m.prefectures, m.blockMarks, m.buildings = trieOf(prefectures), trieOf(blockMarks), trieOf(buildings)
	m.romanSuffixes, m.romanPlaces = trieOf(romanSuffixes), trieOf(romanPlaces)
	m.honorifics, m.titles, m.notPersons, m.brands = trieOf(honorifics), trieOf(titles), newSuffixes(notPersons), trieOf(brands)
	m.bigPlaces = trieOf(bigPlaces)
	m.relations, m.selfIntro = newSuffixes(relations), trieOf(selfIntroductions)
	m.firsts = &firsts{}
	m.firsts.add(m.cues, mayCue)
	m.firsts.add(m.honorifics, mayHonorific)
	m.firsts.add(m.titles, mayTitle)
	m.firsts.add(m.relations, mayRelation)
	m.firsts.addRunes(counted, mayCount)
	m.firsts.addRunes("0123456789o"+counted+"十百千号", mayNumber)
	m.firsts.addRunes(clauseEnds, mayEnd)
	m.firsts[barrier&1023] |= mayEnd
}

// compileAllow folds the allow list the way texts are folded.
func (m *Masker) compileAllow() {
	m.allowed, m.allowValues = newTrie(), map[string]bool{}
	f := folded{table: m.firsts}
	for _, s := range m.cfg.Allow {
		f.fold(strings.TrimSpace(s), nil)
		m.allowed.add(string(f.r), 1)
		if value, ok := m.valueOf(s); ok {
			m.allowValues[value] = true
		}
	}
	m.own = newSuffixes(strings.Join(m.cfg.AllowDomains, " "))
}

// valueOf gives the canonical value of an allowed mail address or phone number.
func (m *Masker) valueOf(s string) (string, bool) {
	free := *m
	free.on = [kinds]bool{Mail: true, Phone: true}
	free.names, free.allowValues, free.allowed, free.own = nil, nil, newTrie(), newTrie()
	w := free.NewWorker()
	w.Mask(s)
	if len(w.hits) != 1 {
		return "", false
	}
	h := w.hits[0]
	return string(w.canon[h.value:h.valueEnd]), true
}

// ownDomain reports whether the cells from to to are one of the own domains or below one.
func (m *Masker) ownDomain(cells []rune, from, to int) bool {
	n := int32(0)
	for k := to - 1; k >= from; k-- {
		if n = m.own.find(n, lower(cells[k])); n == 0 {
			return false
		}
		if m.own.nodes[n].value != 0 && (k == from || cells[k-1] == '.' || cells[k-1] == '@') {
			return true
		}
	}
	return false
}

// fingerprint digests everything that a masked text depends on, the key by a one-way sum.
func (m *Masker) fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "rules %d\nkey %s\n", rules, Pseudonym(m.cfg.Key, "fingerprint", ""))
	off, allow, domains := slices.Clone(m.cfg.Off), slices.Clone(m.cfg.Allow), slices.Clone(m.cfg.AllowDomains)
	for _, list := range [][]string{off, allow, domains} {
		sort.Strings(list)
		fmt.Fprintf(h, "%q\n", list)
	}
	if m.names != nil {
		fmt.Fprintf(h, "names %q\n", m.names.Revision())
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Revision names everything that masked text depends on: the rules, the key, the configuration and the dictionary.
// Texts masked under different revisions may differ; a writer must give them different versions.
func (m *Masker) Revision() string { return m.revision }

// Hit is a value that was masked: the bytes from Start to End of the text.
type Hit struct {
	Kind       Kind
	Start, End int
}

// Worker masks texts with buffers of its own. Use one per goroutine.
type Worker struct {
	m       *Masker
	names   NameWorker
	signers []*signer // the key in use first

	f        folded
	parts    []part
	cueEnd   []uint16
	cueFound uint16
	words    []Word
	segment  []byte
	scratch  []byte
	ascii    []byte
	hits     []hit
	canon    []byte
	runes    []rune
	echoes   echoes
	out      []byte
}

// hit is a masked value with its canonical form in canon and its folded form in runes.
type hit struct {
	kind            Kind
	from, to        int32
	value, valueEnd int32
	rune, runeEnd   int32
}

// NewWorker makes a worker.
func (m *Masker) NewWorker() *Worker {
	const longestValue = 512
	w := &Worker{m: m, f: folded{table: m.firsts}, scratch: make([]byte, 0, longestValue)}
	if m.names != nil {
		w.names = m.names.NewWorker()
	}
	w.signers = append(w.signers, newSigner(m.cfg.Key))
	for _, k := range m.cfg.PreviousKeys {
		w.signers = append(w.signers, newSigner(k))
	}
	return w
}

// maxRounds bounds how often a text is read again because a masked value may uncover another one.
const maxRounds = 4

// Mask gives the text with every personal value replaced by its token, and how many of each kind there were. A text
// without any comes back as it is.
func (w *Worker) Mask(text string) (string, Counts) {
	var c Counts
	w.hits, w.canon, w.runes = w.hits[:0], w.canon[:0], w.runes[:0]
	w.f.fold(text, w.signers)
	w.keep()
	for range maxRounds {
		before := len(w.hits)
		w.scan()
		if len(w.hits) > before {
			w.echo()
		}
		if len(w.hits) == before {
			break
		}
	}
	if len(w.hits) == 0 && len(w.f.escapes) == 0 {
		return text, c
	}
	for _, h := range w.hits {
		c[h.kind]++
	}
	return w.replace(text), c
}

// Hits appends the values that the last call of Mask replaced, in order of their place.
func (w *Worker) Hits(dst []Hit) []Hit {
	for _, h := range w.hits {
		dst = append(dst, Hit{h.kind, int(h.from), int(h.to)})
	}
	return dst
}

// scan runs every rule once, the most certain first: what one has masked no other sees.
func (w *Worker) scan() {
	f := &w.f
	numbers := f.digits >= 2 || f.kanjiDigits >= 4
	w.cueFound = 0
	if numbers || f.latin > 0 || w.names != nil {
		w.findCues()
	}
	if f.marks > 0 {
		w.urls()
		w.params()
	}
	if f.latin > 1 && (f.ats > 0 || f.spaces > 0 || f.latin > 8) {
		w.mails()
	}
	if f.ats > 0 {
		w.mentions()
	}
	if f.latin > 0 {
		w.keys()
	}
	if f.latin > 0 || numbers {
		w.values()
	}
	if f.digits+f.kanjiDigits >= 2 {
		w.numbers()
	}
	if w.names != nil && w.m.on[Name] {
		w.persons()
	}
}

func (w *Worker) numbers() {
	f := &w.f
	if f.digits >= 12 {
		w.parts = f.partsOf(w.parts)
		w.cards()
	}
	if f.digits+f.kanjiDigits >= 7 {
		w.parts = f.partsOf(w.parts)
		w.postals()
	}
	w.addresses()
	if f.digits >= 4 {
		w.hosts()
	}
	w.parts = f.partsOf(w.parts)
	w.phones()
}

// keep notes which cells the allow list protects.
func (w *Worker) keep() {
	if len(w.m.allowed.nodes) == 1 {
		return
	}
	f := &w.f
	for i := range f.r {
		end, v := w.m.allowed.longest(f.r, i)
		if v == 0 {
			continue
		}
		for k := i; k < end; k++ {
			f.flag[k] |= kept
		}
	}
}

// hit masks the cells from to to as a value of the kind, unless it is switched off, allowed or masked already. It
// reports whether it did.
func (w *Worker) hit(k Kind, from, to int, canonical []byte) bool {
	if !w.m.on[k] || from >= to || w.blocked(from, to) || w.isAllowed(k, from, to, canonical) {
		return false
	}
	f := &w.f
	h := hit{kind: k, from: f.from[from], to: f.to[to-1], value: int32(len(w.canon)), rune: int32(len(w.runes))}
	w.canon = append(w.canon, canonical...)
	w.runes = append(w.runes, f.r[from:to]...)
	h.valueEnd, h.runeEnd = int32(len(w.canon)), int32(len(w.runes))
	w.hits = append(w.hits, h)
	for i := from; i < to; i++ {
		f.r[i], f.may[i] = barrier, mayEnd
	}
	return true
}

// blocked reports whether a cell from from to to is masked already.
func (w *Worker) blocked(from, to int) bool {
	for _, r := range w.f.r[from:to] {
		if r == barrier {
			return true
		}
	}
	return false
}

func (w *Worker) isAllowed(k Kind, from, to int, canonical []byte) bool {
	f := &w.f
	switch k {
	case Mail:
		if w.m.allowValues[string(canonical)] || w.m.ownDomain(f.r, from, to) {
			f.protect(from, to)
			return true
		}
	case Phone:
		if w.m.allowValues[string(canonical)] {
			f.protect(from, to)
			return true
		}
	}
	for _, flag := range f.flag[from:to] {
		if flag&kept == 0 {
			return false
		}
	}
	return true
}

// protect keeps other rules from the cells of an allowed value.
func (f *folded) protect(from, to int) {
	for i := from; i < to; i++ {
		f.flag[i] |= kept
	}
}

// replace writes the text with tokens in place of the hits and without forged brackets.
func (w *Worker) replace(text string) string {
	slices.SortFunc(w.hits, func(a, b hit) int { return int(a.from) - int(b.from) })
	out, at, e := w.out[:0], 0, 0
	escapes := w.f.escapes
	plain := func(to int) {
		for e < len(escapes) && int(escapes[e]) < to {
			p := int(escapes[e])
			e++
			if p < at {
				continue // inside a masked value
			}
			out = append(out, text[at:p]...)
			if strings.HasPrefix(text[p:], tokenOpen) {
				out = append(out, forgedOpen...)
			} else {
				out = append(out, forgedClose...)
			}
			at = p + len(tokenOpen)
		}
		out = append(out, text[at:to]...)
		at = to
	}
	for _, h := range w.hits {
		plain(int(h.from))
		out = w.signers[0].appendToken(out, h.kind, string(w.canon[h.value:h.valueEnd]))
		at = int(h.to)
	}
	plain(len(text))
	w.out = out
	return string(out)
}
