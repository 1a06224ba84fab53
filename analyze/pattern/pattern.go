// Package pattern finds many phrases at once in a sequence of tokens.
//
// A phrase is written in dictionary form (使い勝手が悪い) and matches every inflection of its last word
// (使い勝手が悪かった). It begins and ends at word borders. Words joined by … match in this order with other words
// between them, within one sentence. The package owns the phrase syntax and the search; what a phrase means is its
// caller's affair. Its callers are the lexicon and the taxonomy compilers.
package pattern

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"voc/analyze/token"
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
	text  []string
	nodes []node
	edges []edge
	ids   []ID
	first map[rune]int32
	seqs  []sequence
	// byFirst lists, for a part's ID, the sequences that begin with it.
	byFirst map[ID][]int32
}

type node struct {
	lo, hi     int32 // edges
	idLo, idHi int32 // phrases that end here
	ngLo, ngHi int32 // phrases that end here with a negation behind
}

type edge struct {
	r  rune
	to int32
}

// Build compiles the phrases added so far.
func (b *Builder) Build() *Set {
	s := &Set{text: append([]string(nil), b.text...), first: map[rune]int32{}, seqs: b.seqs, byFirst: map[ID][]int32{}}
	for i, q := range b.seqs {
		s.byFirst[q.parts[0]] = append(s.byFirst[q.parts[0]], int32(i))
	}
	s.flatten(b.root)
	for _, e := range s.edges[s.nodes[0].lo:s.nodes[0].hi] {
		s.first[e.r] = e.to
	}
	return s
}

func (s *Set) flatten(n *buildNode) int32 {
	at := int32(len(s.nodes))
	s.nodes = append(s.nodes, node{idLo: int32(len(s.ids)), idHi: int32(len(s.ids) + len(n.ids))})
	s.ids = append(s.ids, n.ids...)
	s.nodes[at].ngLo, s.nodes[at].ngHi = int32(len(s.ids)), int32(len(s.ids)+len(n.negated))
	s.ids = append(s.ids, n.negated...)
	runes := make([]rune, 0, len(n.next))
	for r := range n.next {
		runes = append(runes, r)
	}
	sort.Slice(runes, func(i, j int) bool { return runes[i] < runes[j] })
	lo := int32(len(s.edges))
	for _, r := range runes {
		s.edges = append(s.edges, edge{r: r})
	}
	s.nodes[at].lo, s.nodes[at].hi = lo, int32(len(s.edges))
	for i, r := range runes {
		to := s.flatten(n.next[r])
		s.edges[lo+int32(i)].to = to
	}
	return at
}

// Len is the number of phrases; IDs are below it.
func (s *Set) Len() int { return len(s.text) }

// Text is the phrase as it was added.
func (s *Set) Text(id ID) string { return s.text[id] }

func (s *Set) step(n int32, r rune) int32 {
	lo, hi := s.nodes[n].lo, s.nodes[n].hi
	for lo < hi {
		m := (lo + hi) / 2
		switch e := s.edges[m]; {
		case e.r == r:
			return e.to
		case e.r < r:
			lo = m + 1
		default:
			hi = m
		}
	}
	return -1
}

func (s *Set) walk(n int32, text string) int32 {
	for _, r := range text {
		if n = s.step(n, r); n < 0 {
			return -1
		}
	}
	return n
}

// Match appends every phrase found in tokens to dst, ordered by First, Last and ID. tokens must be one sentence;
// first is added to the token numbers of the hits.
func (s *Set) Match(dst []Hit, tokens []token.Token, first int) []Hit {
	begin := len(dst)
	for i := range tokens {
		dst = s.matchAt(dst, tokens, i, first)
	}
	if len(s.byFirst) > 0 {
		dst = s.matchSequences(dst, begin)
	}
	found := dst[begin:]
	slices.SortFunc(found, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last), cmp.Compare(a.ID, b.ID))
	})
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

func (s *Set) matchAt(dst []Hit, tokens []token.Token, i, first int) []Hit {
	n := int32(0)
	for k := i; k < len(tokens); k++ {
		t := &tokens[k]
		if t.Base != t.Surface {
			if m := s.enter(n, t.Base); m >= 0 {
				dst = s.emit(dst, tokens, m, i, k, first)
			}
		}
		if n = s.enter(n, t.Surface); n < 0 {
			return dst
		}
		dst = s.emit(dst, tokens, n, i, k, first)
	}
	return dst
}

func (s *Set) emit(dst []Hit, tokens []token.Token, n int32, i, k, first int) []Hit {
	node := &s.nodes[n]
	for _, id := range s.ids[node.idLo:node.idHi] {
		dst = append(dst, Hit{id, int32(i + first), int32(k + first)})
	}
	if node.ngLo == node.ngHi {
		return dst
	}
	if last := negation(tokens, k+1); last >= 0 {
		for _, id := range s.ids[node.ngLo:node.ngHi] {
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

// enter walks from n; from the root the first rune goes through a map, which is faster than the wide root's edges.
func (s *Set) enter(n int32, text string) int32 {
	if n != 0 {
		return s.walk(n, text)
	}
	for i, r := range text {
		if i > 0 {
			return s.walk(n, text[i:])
		}
		m, ok := s.first[r]
		if !ok {
			return -1
		}
		n = m
	}
	return n
}

// matchSequences appends the phrases with gaps, given the hits of their parts.
func (s *Set) matchSequences(dst []Hit, begin int) []Hit {
	end := len(dst)
	for i := begin; i < end; i++ {
		for _, q := range s.byFirst[dst[i].ID] {
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
