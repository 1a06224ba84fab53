package model

import (
	"math/bits"
	"strings"

	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/sentiment"
	"voc/analyze/taxonomy"
	"voc/analyze/token"
	"voc/analyze/topic"
)

// Field is one text of a post as the rules read it.
type Field struct {
	Doc      *parse.Doc
	Opinions []sentiment.Opinion
	Grammar  []taxonomy.Grammar
	// Matches are the topic rules that fired and Found the topics made of them.
	Matches []taxonomy.Match
	Found   []topic.Found
	Intents []taxonomy.Match
}

// Post is what is known of a post beside its texts.
type Post struct {
	Reply, Staff bool
	// Sum is the balance of all opinions.
	Sum sentiment.Sum
}

// About is a topic of a post: what the rules say about it and where.
type About struct {
	ID      string
	Sum     sentiment.Sum
	Clauses []int32
}

// Sample is a post as the model sees it.
type Sample struct {
	// Seen are the features in a fixed order, and Rows their places in the weights; -1 when these do not know a feature.
	Seen []Seen
	Rows []int32
	// Sentence is the sentence of every clause, Words the number of words.
	Sentence []int32
	Words    int
	// Topics are those the rules found, ordered by first appearance; a child stands beside its top-level topic, which
	// takes part in what is said of the child.
	Topics []About
	Sum    sentiment.Sum
}

// Reader collects the features of a post. Use one per goroutine.
type Reader struct {
	lex *lexicon.Lexicon
	// weights are nil while a trainer collects: then every feature is kept.
	weights *Weights
	// names are filled when they are not nil.
	names map[Key]string

	s Sample
	// clauses, words and sentences count those of the fields read so far.
	clauses, words, sentences int32

	rest []int32 // of the features that are hard to find
	// parts are those of the words of the field being read, spellings what the search for associations needs of them.
	parts     []part
	spellings []spelling
	last      struct {
		grammar taxonomy.Grammar
		sense   *part
		spoken  bool
	}
	// assoc is nil when words suggest nothing. The rest is what the words of the post suggested so far.
	assoc       *Associations
	suggestions []suggestion
	balanceOf   int
	lastSide    *part
	topicWords  [maxPost]uint8
	turned      bool

	mods parts
	told features
}

// part is one part of a feature's name with its hash.
type part struct {
	hash uint64
	text string
}

type parts []part

func partOf(s string) part { return part{hashString(s), s} }

func partsOf(names []string) parts {
	out := make(parts, len(names))
	for i, n := range names {
		out[i] = partOf(n)
	}
	return out
}

// NewReader makes a reader; without weights it keeps every feature.
func NewReader(lex *lexicon.Lexicon, assoc *Associations, w *Weights) *Reader {
	r := &Reader{lex: lex, assoc: assoc, weights: w, mods: partsOf(parse.ModNames())}
	r.tell()
	r.Reset()
	return r
}

// Name makes the reader remember the names of the features from now on, for people.
func (r *Reader) Name() {
	r.names = map[Key]string{}
	r.tell()
}

// NameOf is the name of a feature that was seen since Name.
func (r *Reader) NameOf(k Key) string { return r.names[k] }

// Reset begins a post.
func (r *Reader) Reset() {
	r.s.Seen, r.s.Rows, r.s.Sentence, r.s.Topics, r.s.Words = r.s.Seen[:0], r.s.Rows[:0], r.s.Sentence[:0], r.s.Topics[:0], 0
	r.clauses, r.words, r.sentences = 0, 0, 0
	r.last.grammar, r.last.spoken = 0, false
	r.balanceOf, r.lastSide, r.topicWords, r.turned = 0, &none, [maxPost]uint8{}, false
}

// Add reads a field.
func (r *Reader) Add(f *Field) {
	d := f.Doc
	r.hashWords(d)
	r.wordFeatures(d)
	r.chunkFeatures(d)
	r.runeFeatures(d)
	r.hitFeatures(d)
	r.suggest(d)
	for ci, g := range f.Grammar {
		r.bitFeatures(uint64(g), r.told.grammar, r.clauses+int32(ci))
		if ci == len(f.Grammar)-1 {
			r.last.grammar = g
		}
	}
	for i := range f.Opinions {
		r.opinion(d, &f.Opinions[i])
	}
	for i := range f.Matches {
		r.match(kindTopicRule, &f.Matches[i])
	}
	for i := range f.Intents {
		r.match(kindIntent, &f.Intents[i])
	}
	for i := range f.Found {
		r.found(f, &f.Found[i])
	}
	for i := range d.Clauses {
		r.s.Sentence = append(r.s.Sentence, r.sentences+int32(d.Clauses[i].Sentence))
	}
	r.words += int32(len(d.Tokens))
	r.clauses += int32(len(d.Clauses))
	r.sentences += int32(len(d.Sentences))
	r.s.Words = int(r.words)
}

// found notes where a topic is spoken of, for itself and for the topic above it.
func (r *Reader) found(f *Field, t *topic.Found) {
	root, _, child := strings.Cut(t.ID, "/")
	for {
		a := r.about(root)
		a.Sum.Merge(t.Sum)
		for _, m := range t.Matches {
			a.Clauses = append(a.Clauses, r.clauses+int32(f.Matches[m].Clause))
		}
		for _, o := range t.Opinions {
			a.Clauses = append(a.Clauses, r.clauses+int32(f.Opinions[o].Clause))
		}
		if !child || root == t.ID {
			return
		}
		root = t.ID
	}
}

func (r *Reader) about(id string) *About {
	for i := range r.s.Topics {
		if r.s.Topics[i].ID == id {
			return &r.s.Topics[i]
		}
	}
	n := len(r.s.Topics)
	if n < cap(r.s.Topics) {
		r.s.Topics = r.s.Topics[:n+1]
		a := &r.s.Topics[n]
		*a = About{ID: id, Clauses: a.Clauses[:0]}
		return a
	}
	r.s.Topics = append(r.s.Topics, About{ID: id})
	return &r.s.Topics[n]
}

// Finish adds what the rules found in the whole post and returns the sample, which is valid until the next Reset.
func (r *Reader) Finish(p Post) *Sample {
	s := &r.s
	s.Sum = p.Sum
	whole := func(k Kind, a, b *part) { r.put(k, a, b, &none, Whole, 0, 0) }
	label := &labels[p.Sum.Label()]
	whole(kindPost, label, &none)
	if p.Reply {
		whole(kindPost, &reply, &none)
	}
	if p.Staff {
		whole(kindPost, &staff, &none)
	}
	r.balance(&p.Sum)
	r.bitFeatures(uint64(r.last.grammar&^taxonomy.LastPart), r.told.lastGrammar, Whole)
	if r.last.spoken {
		whole(kindLastSense, r.last.sense, &none)
		whole(kindLastSense, r.last.sense, label)
	}
	r.suggested()
	roots := 0
	for i := range s.Topics {
		if id := s.Topics[i].ID; !child(id) {
			roots++
			root := partOf(id)
			whole(kindFound, &root, &none)
		}
	}
	whole(kindFound, &counts[min(roots, len(counts)-1)], &none)
	whole(kindLength, &words, &counts[step(int(r.words), 4, 8, 14, 22, 35, 60)])
	whole(kindLength, &clauses, &counts[step(int(r.clauses), 2, 3, 4, 6, 9)])
	r.known()
	return s
}

// child reports whether a topic stands under another one.
func child(id string) bool { return strings.IndexByte(id, '/') >= 0 }

// About is what the rules say about a topic; nil when they did not find it.
func (s *Sample) About(id string) *About {
	for i := range s.Topics {
		if s.Topics[i].ID == id {
			return &s.Topics[i]
		}
	}
	return nil
}

// Sample is the post that Finish was called for last.
func (r *Reader) Sample() *Sample { return &r.s }

// balance tells the two sides of a balance by thresholds, so that a sum of weights can follow any shape.
func (r *Reader) balance(sum *sentiment.Sum) {
	for i, t := range thresholds {
		if sum.Plus >= t {
			r.put(kindBalance, &plus, &thresholdParts[i], &none, Whole, 0, 0)
		}
		if sum.Minus >= t {
			r.put(kindBalance, &minus, &thresholdParts[i], &none, Whole, 0, 0)
		}
		if d := sum.Plus - sum.Minus; d >= t {
			r.put(kindBalance, &more, &thresholdParts[i], &none, Whole, 0, 0)
		} else if -d >= t {
			r.put(kindBalance, &less, &thresholdParts[i], &none, Whole, 0, 0)
		}
	}
}

// step counts the limits that n reaches.
func step(n int, limits ...int) int {
	i := 0
	for i < len(limits) && n >= limits[i] {
		i++
	}
	return i
}

var (
	thresholds     = [...]float64{0.2, 0.45, 0.8, 1.3, 2, 3}
	thresholdParts = partsOf([]string{"≥0.2", "≥0.45", "≥0.8", "≥1.3", "≥2", "≥3"})
	plus, minus    = partOf("praise"), partOf("blame")
	more, less     = partOf("praise-blame"), partOf("blame-praise")
	reply, staff   = partOf("reply"), partOf("staff")
	words, clauses = partOf("words"), partOf("clauses")
	labels         = partsOf([]string{"neutral", "positive", "negative", "mixed"})
	counts         = partsOf([]string{"0", "1", "2", "3", "4", "5", "6", "7"})
)

func (r *Reader) match(k Kind, m *taxonomy.Match) {
	clause, first, end := r.clauses+int32(m.Clause), r.words+int32(m.First), r.words+int32(m.End)
	rule, tag := partOf(m.Rule), partOf(m.Tag)
	r.put(k, &rule, &none, &none, clause, first, end)
	r.put(k, &tag, &none, &none, clause, first, end)
}

// hashWords fills parts and the hashes of spellings. All numbers are one word, and so are all links.
func (r *Reader) hashWords(d *parse.Doc) {
	r.parts, r.spellings = r.parts[:0], r.spellings[:0]
	for i := range d.Tokens {
		t := &d.Tokens[i]
		p := partOf(t.Base)
		x := spelling{base: p.hash, surface: p.hash}
		if t.Base != t.Surface {
			x.surface = hashString(t.Surface)
		}
		r.spellings = append(r.spellings, x)
		switch {
		case t.POS == token.NounNumber || t.POS.IsNoun() && digits(t.Surface):
			p = number
		case t.POS == token.Space:
			p = space
		case t.POS == token.Period:
			p = partOf(t.Surface)
		}
		r.parts = append(r.parts, p)
	}
}

var number, space = partOf("0"), partOf(" ")

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// border stands for the beginning and the end of a sentence.
var border = partOf("|")

func (r *Reader) wordFeatures(d *parse.Doc) {
	for si := range d.Sentences {
		s := &d.Sentences[si]
		prev, before := &border, &border
		at, at2 := int32(s.FirstToken), int32(s.FirstToken)
		for i := s.FirstToken; i < s.EndToken; i++ {
			t := &d.Tokens[i]
			if t.POS == token.Space || t.POS == token.Open || t.POS == token.Close {
				continue
			}
			p := &r.parts[i]
			clause := r.clauses + d.ClauseOf[i]
			first, stop := r.words+int32(i), r.words+int32(i)+1
			r.put(kindWord, p, &none, &none, clause, first, stop)
			r.put(kindPair, prev, p, &none, clause, r.words+at, stop)
			r.put(kindSkip, before, p, &none, clause, r.words+at2, stop)
			if i == s.FirstToken {
				r.put(kindFirst, p, &none, &none, clause, first, stop)
			}
			before, prev = prev, p
			at2, at = at, int32(i)
		}
		if s.EndToken > s.FirstToken {
			r.put(kindPair, prev, &border, &none, r.clauses+d.ClauseOf[s.EndToken-1], r.words+at, r.words+int32(s.EndToken))
			r.ending(d, s)
		}
	}
}

// ending tells the last words of a sentence as they are inflected: 〜ますか, 〜てほしい, 〜なのに.
func (r *Reader) ending(d *parse.Doc, s *parse.Sentence) {
	var last [3]part
	n, from := 0, s.EndToken
	for i := s.EndToken - 1; i >= s.FirstToken && n < 3; i-- {
		t := &d.Tokens[i]
		if t.POS >= token.Symbol && t.POS != token.Symbol && t.Surface != "?" && t.Surface != "？" {
			continue
		}
		last[n] = partOf(t.Surface)
		n++
		from = i
		if n >= 2 {
			r.put(kindEnd, &last[0], &last[1], &last[2], r.clauses+d.ClauseOf[s.EndToken-1], r.words+int32(from), r.words+int32(s.EndToken))
		}
	}
	if n == 1 {
		r.put(kindEnd, &last[0], &none, &none, r.clauses+d.ClauseOf[s.EndToken-1], r.words+int32(from), r.words+int32(s.EndToken))
	}
}

// shading are the modifications that change what a word says of the present.
const shading = parse.Negated | parse.DoubleNeg | parse.Partial | parse.Desire | parse.Want | parse.Please | parse.Receive | parse.Potential |
	parse.Regret | parse.Excess | parse.Hard | parse.Easy | parse.Hearsay | parse.Guess | parse.Question | parse.Conditional | parse.Change |
	parse.Obligation | parse.Concession | parse.Doubt | parse.Past

func (r *Reader) chunkFeatures(d *parse.Doc) {
	for ci := range d.Chunks {
		c := &d.Chunks[ci]
		if c.Kind == parse.Mark || c.Head < c.First || c.Head >= c.End {
			continue
		}
		clause := r.clauses + int32(c.Clause)
		first, end := r.words+int32(c.First), r.words+int32(c.End)
		head := &r.parts[c.Head]
		for m := uint64(c.Mod); m != 0; m &= m - 1 {
			i := bits.TrailingZeros64(m)
			if i >= len(r.mods) {
				break
			}
			if c.Predicate() {
				r.note(r.told.mods[i], clause, first, end)
			}
			if shading&(1<<i) != 0 {
				r.put(kindState, head, &r.mods[i], &none, clause, first, end)
			}
		}
		if c.Governor >= 0 && c.Governor < len(d.Chunks) {
			g := &d.Chunks[c.Governor]
			if g.Kind != parse.Mark && g.Head >= g.First && g.Head < g.End {
				r.put(kindDepends, head, &r.parts[g.Head], signs[signOf(g)], r.clauses+int32(g.Clause), first, r.words+int32(max(g.End, c.End)))
			}
		}
	}
	for ci := range d.Clauses {
		c := &d.Clauses[ci]
		r.note(r.told.links[c.Link], r.clauses+int32(ci), 0, 0)
		if c.Lead != parse.None {
			r.note(r.told.leads[c.Lead], r.clauses+int32(ci), 0, 0)
		}
		if c.Quoted {
			r.note(r.told.quoted, r.clauses+int32(ci), 0, 0)
		}
	}
}

var (
	negated, link, lead, quoted = partOf("negated"), partOf("link"), partOf("lead"), partOf("quoted")

	links = partsOf([]string{parse.None.String(), parse.Contrast.String(), parse.Concede.String(), parse.Cause.String(), parse.Condition.String(), parse.List.String()})
)

// runeFeatures tells the characters, which lets words that share a character be learned together.
func (r *Reader) runeFeatures(d *parse.Doc) {
	rs := d.Text.Runes
	for i := range d.Tokens {
		t := &d.Tokens[i]
		if t.POS.IsMark() {
			continue
		}
		clause := r.clauses + d.ClauseOf[i]
		at := r.words + int32(i)
		for k := t.Start; k < t.End; k++ {
			one := keyStart(kindRunes, uint64(rs[k]))
			if ideograph(rs[k]) {
				r.runes(rs[k:k+1], keyEnd(join(one, 0), 0), clause, at)
			}
			if k+1 < len(rs) && (k+1 < t.End || i+1 < len(d.Tokens) && !d.Tokens[i+1].POS.IsMark()) {
				two := join(one, uint64(rs[k+1]))
				r.runes(rs[k:k+2], keyEnd(two, 0), clause, at)
				if k+2 < len(rs) {
					r.runes(rs[k:k+3], keyEnd(two, uint64(rs[k+2])), clause, at)
				}
			}
		}
	}
}

// runes notes characters at a word.
func (r *Reader) runes(rs []rune, key Key, clause, at int32) {
	r.see(kindRunes, key, clause, at, at+1)
	if r.names != nil {
		r.names[key] = kindNames[kindRunes] + " " + string(rs)
	}
}

func ideograph(r rune) bool { return r >= 0x3400 && r <= 0x9fff || r == '々' }

// hitFeatures tells what the lexicon knows of the words.
func (r *Reader) hitFeatures(d *parse.Doc) {
	for i := range d.Hits {
		h := &d.Hits[i]
		e := r.lex.Brief(h.ID)
		if e.Kind == 0 && e.Class == 0 {
			continue
		}
		clause := r.clauses + d.ClauseOf[h.Last]
		first, end := r.words+h.First, r.words+h.Last+1
		c := &d.Chunks[d.ChunkOf[h.Last]]
		sign := signOf(c)
		if e.Kind&lexicon.Polar != 0 {
			side := &r.told.good
			if e.Side < 0 {
				side = &r.told.bad
			}
			r.note(side[sign], clause, first, end)
		}
		for k := e.Kind &^ lexicon.Polar; k != 0; k &= k - 1 {
			if b := bits.TrailingZeros16(uint16(k)); b < len(r.told.kinds) {
				r.note(r.told.kinds[b][sign], clause, first, end)
			}
		}
		for k := e.Class; k != 0; k &= k - 1 {
			if b := bits.TrailingZeros32(uint32(k)); b < len(r.told.classes) {
				r.note(r.told.classes[b][sign], clause, first, end)
			}
		}
	}
}

var (
	good, bad  = partOf("praise"), partOf("blame")
	entryKinds = partsOf([]string{"polar", "paired", "expected", "masked", "degree", "classed", "feeling", "effort", "gratitude", "mishap",
		"leaving", "official", "predicative", "mend", "hope", "annoyance"})
)

func (r *Reader) bitFeatures(set uint64, told []feature, clause int32) {
	for ; set != 0; set &= set - 1 {
		if i := bits.TrailingZeros64(set); i < len(told) {
			r.note(told[i], clause, 0, 0)
		}
	}
}

var senses = partsOf([]string{"--", "-", "0", "+", "++"})

// sense is the place in senses of a score.
func sense(score float64) int {
	switch {
	case score <= -0.8:
		return 0
	case score <= -0.45:
		return 1
	case score >= 0.8:
		return 4
	case score >= 0.45:
		return 3
	}
	return 2
}

var flagNames = partsOf([]string{"negated", "wished", "asked", "supposed", "reported", "former", "implied", "thanks", "absent", "compared", "event",
	"expected", "stance"})

func (r *Reader) opinion(d *parse.Doc, o *sentiment.Opinion) {
	clause := r.clauses + int32(o.Clause)
	first, end := r.words+int32(o.First), r.words+int32(o.End)
	s := sense(o.Score)
	told := &r.told.senses[s]
	rule := partOf(o.Rule)
	r.put(kindOpinion, &rule, &senses[s], &none, clause, first, end)
	r.note(told.plain, clause, first, end)
	r.note(told.links[linkOf(d, o)], clause, first, end)
	for f := uint32(o.Flags); f != 0; f &= f - 1 {
		if i := bits.TrailingZeros32(f); i < len(told.flags) {
			r.note(told.flags[i], clause, first, end)
		}
	}
	r.last.sense, r.last.spoken = &senses[s], true
}

// linkOf tells how the opinion's clause relates to the rest, as a place in linkParts.
func linkOf(d *parse.Doc, o *sentiment.Opinion) int {
	cl := &d.Clauses[o.Clause]
	s := &d.Sentences[cl.Sentence]
	switch {
	case o.Clause+1 < s.EndClause && cl.Link != parse.None:
		return int(cl.Link)
	case o.Clause == len(d.Clauses)-1:
		return len(linkParts) - 1
	}
	return 0
}

var linkParts = partsOf([]string{"followed by none", "followed by contrast", "followed by concede", "followed by cause", "followed by condition", "followed by list", "at the end"})
