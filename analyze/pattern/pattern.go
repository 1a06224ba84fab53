// Package pattern finds many phrases at once in a sequence of tokens.
//
// A phrase is written in dictionary form (使い勝手が悪い) and matches every inflection of its last word
// (使い勝手が悪かった). It begins and ends at word borders. Words joined by … match in this order with other words
// between them, within one sentence. The package owns the phrase syntax and the search; what a phrase means is its
// caller's affair. Its callers are the lexicon and the taxonomy compilers.
package pattern

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"voc/analyze/token"
	"voc/analyze/trie"
)

// ID names a phrase of a Set. The same phrase added twice has one ID.
type ID int32

// Hit is a phrase found in tokens[First..Last], Last inclusive.
type Hit struct {
	ID          ID
	First, Last int32
}

// maxGap is how many tokens … may stand for.
const maxGap = 9

// Builder collects phrases.
type Builder struct {
	ids  map[string]ID
	text []string
	// seqs are the phrases with gaps: the parts' IDs and the whole's.
	seqs []sequence
	root *buildNode
	fold func(string) string
	// cut tokenises a folded phrase; it is used to find phrases that end in a negation.
	cut func(string) []token.Token
}

type sequence struct {
	id    ID
	parts []ID
}

type buildNode struct {
	next map[rune]*buildNode
	ids  []ID
	// negated are the phrases that match when a negation follows.
	negated []ID
}

// NewBuilder makes a builder. fold is applied to every phrase; it must be the folding that the matched texts went
// through. cut tokenises a folded phrase.
func NewBuilder(fold func(string) string, cut func(string) []token.Token) *Builder {
	return &Builder{ids: map[string]ID{}, root: &buildNode{}, fold: fold, cut: cut}
}

// Add adds a phrase and returns its ID. Alternatives are separated by |, each a phrase of its own with the same ID.
func (b *Builder) Add(phrase string) (ID, error) {
	if id, ok := b.ids[phrase]; ok {
		return id, nil
	}
	id := ID(len(b.text))
	b.text = append(b.text, phrase)
	b.ids[phrase] = id
	for alt := range strings.SplitSeq(phrase, "|") {
		if err := b.addAlternative(id, alt); err != nil {
			return 0, fmt.Errorf("phrase %q: %w", phrase, err)
		}
	}
	return id, nil
}

func (b *Builder) addAlternative(id ID, alt string) error {
	parts := strings.FieldsFunc(alt, func(r rune) bool { return r == '…' })
	switch len(parts) {
	case 0:
		return fmt.Errorf("an alternative is empty; write a word in its dictionary form")
	case 1:
		return b.insert(id, parts[0])
	}
	s := sequence{id: id}
	for _, p := range parts {
		pid, err := b.Add(p)
		if err != nil {
			return err
		}
		s.parts = append(s.parts, pid)
	}
	b.seqs = append(b.seqs, s)
	return nil
}

func (b *Builder) insert(id ID, phrase string) error {
	folded := strings.TrimSpace(b.fold(strings.TrimSpace(phrase)))
	if folded == "" {
		return fmt.Errorf("a part holds no letters; write a word in its dictionary form")
	}
	for _, v := range spellings(folded) {
		if n := b.node(v); !slices.Contains(n.ids, id) {
			n.ids = append(n.ids, id)
		}
		for _, stem := range b.stems(v) {
			if n := b.node(stem); !slices.Contains(n.negated, id) {
				n.negated = append(n.negated, id)
			}
		}
	}
	return nil
}

// node is the trie node of a folded text, made when it is not there yet.
func (b *Builder) node(text string) *buildNode {
	n := b.root
	for _, r := range text {
		if n.next == nil {
			n.next = map[rune]*buildNode{}
		}
		m := n.next[r]
		if m == nil {
			m = &buildNode{}
			n.next[r] = m
		}
		n = m
	}
	return n
}

// stems are what is left of a phrase without its final ない, in dictionary form: 納得できる for 納得できない, so that
// 納得できません and 納得できず are found, and 返事がある for 返事がない.
func (b *Builder) stems(folded string) []string {
	if b.cut == nil || !strings.HasSuffix(folded, "ない") || folded == "ない" {
		return nil
	}
	tokens := b.cut(folded)
	n := len(tokens)
	if n < 2 || tokens[n-1].Base != "ない" {
		return nil
	}
	last := &tokens[n-2]
	before := ""
	for i := range tokens[:n-2] {
		before += tokens[i].Surface
	}
	switch {
	case last.POS.IsVerb():
		return []string{before + last.Base}
	case last.POS == token.Case && last.Surface == "が", last.POS == token.Topical:
		return []string{before + last.Surface + "ある"}
	case last.POS.IsContentNoun() && n == 2:
		noun := before + last.Surface
		return []string{noun + "ある", noun + "がある", noun + "はある", noun + "もある"}
	}
	return nil
}

// spellings are the folded phrase and how else it is written: without the ー that ends a long katakana word (サーバ
// for サーバー), and with よ, いい or よい for 良.
func spellings(s string) []string {
	rs := []rune(s)
	out := []string{s}
	run := 0
	for i, r := range rs {
		if r >= 0x30a1 && r <= 0x30fe {
			run++
		} else {
			run = 0
		}
		if r == 'ー' && run >= 4 && (i+1 == len(rs) || rs[i+1] < 0x30a1 || rs[i+1] > 0x30fe) {
			out = append(out, string(rs[:i])+string(rs[i+1:]))
		}
	}
	if strings.Contains(s, "良") {
		out = append(out, strings.ReplaceAll(s, "良", "よ"), strings.ReplaceAll(s, "良い", "いい"))
	}
	if t, ok := strings.CutSuffix(s, "いい"); ok && t != "" {
		out = append(out, t+"良い")
	}
	if t, ok := strings.CutSuffix(s, "よい"); ok && t != "" {
		out = append(out, t+"良い")
	}
	return out
}

// Set is a compiled collection of phrases. It is immutable and safe for concurrent use.
type Set struct {
	text []string
	// index finds the spellings of the phrases; its values are phrases, or places in ends when they have the bit several.
	index *trie.Trie
	ends  []end
	ids   []ID
	seqs  []sequence
	// starting lists, for a phrase, the places in seqs of the sequences that begin with it.
	starting Lists
}

// several marks the values of spellings that do not stand for just one phrase.
const several = 1 << 30

// end is where spellings end: the phrases ids[lo:mid], and ids[mid:hi] when a negation follows.
type end struct{ lo, mid, hi int32 }

// Build compiles the phrases added so far.
func (b *Builder) Build() *Set {
	s := &Set{text: append([]string(nil), b.text...), seqs: b.seqs}
	var words []trie.Word
	s.flatten(b.root, nil, &words)
	s.index = trie.New(words)
	b.warm(s, words)
	s.index = trie.New(words)
	starting := map[ID][]int32{}
	for i := range b.seqs {
		first := b.seqs[i].parts[0]
		starting[first] = append(starting[first], int32(i))
	}
	s.starting = NewLists(starting)
	return s
}

// flatten appends the spellings from n on, which is reached by prefix, in their order.
func (s *Set) flatten(n *buildNode, prefix []rune, words *[]trie.Word) {
	if len(n.ids)+len(n.negated) > 0 {
		var value int32
		if len(n.ids) == 1 && len(n.negated) == 0 {
			value = int32(n.ids[0])
		} else {
			value = several | int32(len(s.ends))
			e := end{lo: int32(len(s.ids))}
			s.ids = append(s.ids, n.ids...)
			e.mid = int32(len(s.ids))
			s.ids = append(s.ids, n.negated...)
			e.hi = int32(len(s.ids))
			s.ends = append(s.ends, e)
		}
		*words = append(*words, trie.Word{Text: string(prefix), Value: value, Heat: 1 / float64(len(prefix))})
	}
	for _, r := range slices.Sorted(maps.Keys(n.next)) {
		s.flatten(n.next[r], append(prefix, r), words)
	}
}

// Len is the number of phrases; IDs are below it.
func (s *Set) Len() int { return len(s.text) }

// Text is the phrase as it was added.
func (s *Set) Text(id ID) string { return s.text[id] }

// Matcher looks for the phrases of a Set with buffers of its own. Use one per goroutine.
type Matcher struct {
	s *Set
	// codes are the characters of the tokens as the index knows them, spans where each token has its own.
	codes []int32
	spans []span
	// places are where the surfaces begin, begin the states of the index behind their first and their first two characters.
	places []int32
	begin  [2][]int32
}

// span is a token in codes: its surface at [surface, after), its dictionary form at [base, end), which is empty when it is
// the surface.
type span struct{ surface, after, base, end int32 }

// NewMatcher makes a matcher.
func (s *Set) NewMatcher() *Matcher { return &Matcher{s: s} }

// Match appends every phrase found in tokens to dst, ordered by First, Last and ID. tokens must be one sentence of the
// text with the given runes; first is added to the token numbers of the hits.
func (m *Matcher) Match(dst []Hit, runes []rune, tokens []token.Token, first int) []Hit {
	if len(tokens) == 0 {
		return dst
	}
	m.read(runes[tokens[0].Start:tokens[len(tokens)-1].End], tokens)
	begin := len(dst)
	for i := range tokens {
		dst = m.matchAt(dst, tokens, i, first)
	}
	if len(m.s.seqs) > 0 {
		dst = m.s.matchSequences(dst, begin)
	}
	found := dst[begin:]
	if !slices.IsSortedFunc(found, compare) {
		slices.SortFunc(found, compare)
	}
	// One phrase can be reached through surface and base of the same token.
	out := begin
	for i, h := range found {
		if i > 0 && h == found[i-1] {
			continue
		}
		dst[out] = h
		out++
	}
	return dst[:out]
}

func compare(a, b Hit) int {
	switch {
	case a.First != b.First:
		return int(a.First - b.First)
	case a.Last != b.Last:
		return int(a.Last - b.Last)
	}
	return int(a.ID - b.ID)
}

// read fills codes, spans and begin. The runes are those of the tokens.
func (m *Matcher) read(runes []rune, tokens []token.Token) {
	index := m.s.index
	n := len(runes)
	m.codes, m.spans, m.places = slices.Grow(m.codes[:0], n+1)[:n+1], m.spans[:0], m.places[:0]
	for i, r := range runes {
		m.codes[i] = index.Code(r)
	}
	m.codes[n] = trie.Unknown // behind every place there is another one
	from := tokens[0].Start
	for i := range tokens {
		t := &tokens[i]
		base := int32(len(m.codes))
		if t.Base != t.Surface {
			for _, r := range t.Base {
				m.codes = append(m.codes, index.Code(r))
			}
		}
		surface := int32(t.Start - from)
		m.places = append(m.places, surface)
		m.spans = append(m.spans, span{surface, int32(t.End - from), base, int32(len(m.codes))})
	}
	for i := range m.begin {
		m.begin[i] = slices.Grow(m.begin[i][:0], len(tokens))[:len(tokens)]
	}
	index.BeginAt(m.codes, m.places, m.begin[0], m.begin[1])
}

func (m *Matcher) matchAt(dst []Hit, tokens []token.Token, i, first int) []Hit {
	sp := &m.spans[i]
	if sp.base < sp.end {
		if at := m.walk(trie.Root, sp.base, sp.end); at != trie.None {
			dst = m.emit(dst, tokens, at, i, i, first)
		}
	}
	state, at := m.begin[0][i], sp.surface+1
	if at < sp.after {
		state, at = m.begin[1][i], at+1
	}
	if state == m.s.index.Dead() {
		return dst
	}
	if state = m.walk(state, at, sp.after); state == trie.None {
		return dst
	}
	dst = m.emit(dst, tokens, state, i, i, first)
	for k := i + 1; k < len(tokens); k++ {
		sp := &m.spans[k]
		if sp.base < sp.end {
			if at := m.walk(state, sp.base, sp.end); at != trie.None {
				dst = m.emit(dst, tokens, at, i, k, first)
			}
		}
		if state = m.walk(state, sp.surface, sp.after); state == trie.None {
			return dst
		}
		dst = m.emit(dst, tokens, state, i, k, first)
	}
	return dst
}

// walk is the state behind the codes [from, to).
func (m *Matcher) walk(state, from, to int32) int32 {
	for _, code := range m.codes[from:to] {
		if state = m.s.index.Step(state, code); state == trie.None {
			return trie.None
		}
	}
	return state
}

func (m *Matcher) emit(dst []Hit, tokens []token.Token, state int32, i, k, first int) []Hit {
	v := m.s.index.Value(state)
	if v < 0 {
		return dst
	}
	if v&several == 0 {
		return append(dst, Hit{ID(v), int32(i + first), int32(k + first)})
	}
	e := m.s.ends[v&^several]
	for _, id := range m.s.ids[e.lo:e.mid] {
		dst = append(dst, Hit{id, int32(i + first), int32(k + first)})
	}
	if e.mid == e.hi {
		return dst
	}
	if last := negation(tokens, k+1); last >= 0 {
		for _, id := range m.s.ids[e.mid:e.hi] {
			dst = append(dst, Hit{id, int32(i + first), int32(last + first)})
		}
	}
	return dst
}

// negation is the token that negates the verb before token i, or -1: 届き|ませ|ん, 届い|て|い|ない, 届か|ず.
func negation(tokens []token.Token, i int) int {
	for ; i < len(tokens); i++ {
		t := &tokens[i]
		switch t.Base {
		case "ない", "ぬ", "ん", "ず":
			if t.POS == token.Aux || t.POS.IsAdj() {
				return i
			}
			return -1
		case "ます", "いる", "る", "てる", "くれる", "もらう", "いただく", "おる", "くださる", "下さる":
			if t.POS == token.Aux || t.POS == token.VerbDep || t.POS == token.VerbSuffix {
				continue
			}
			return -1
		case "て", "で", "は":
			if t.POS == token.Joining || t.POS == token.Topical {
				continue
			}
			return -1
		}
		return -1
	}
	return -1
}

// matchSequences appends the phrases with gaps, given the hits of their parts.
func (s *Set) matchSequences(dst []Hit, begin int) []Hit {
	end := len(dst)
	for i := begin; i < end; i++ {
		for _, q := range s.starting.Of(dst[i].ID) {
			dst = s.follow(dst, begin, end, i, &s.seqs[q])
		}
	}
	return dst
}

func (s *Set) follow(dst []Hit, begin, end, i int, q *sequence) []Hit {
	last := dst[i].Last
	for _, part := range q.parts[1:] {
		next := int32(-1)
		for k := begin; k < end; k++ {
			h := dst[k]
			if h.ID == part && h.First > last && h.First-last <= maxGap+1 && (next < 0 || h.Last < next) {
				next = h.Last
			}
		}
		if next < 0 {
			return dst
		}
		last = next
	}
	return append(dst, Hit{q.id, dst[i].First, last})
}
