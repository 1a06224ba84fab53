package sentiment

import (
	"math"
	"slices"
	"unicode/utf8"

	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/pattern"
	"voc/analyze/quantity"
	"voc/analyze/token"
)

type entryRef = lexicon.Entry

// Engine holds the compiled lexicon. It is immutable and safe for concurrent use.
type Engine struct {
	lex              *lexicon.Lexicon
	good, bad, price lexicon.Class
}

// Context is what is known of a text beside its words.
type Context struct {
	// Reply says that the text answers another one; Staff that it is the company's own.
	Reply, Staff bool
}

// New makes an engine over a finished lexicon.
func New(lex *lexicon.Lexicon) *Engine {
	e := &Engine{lex: lex}
	good, _ := lex.ClassNamed("good")
	bad, _ := lex.ClassNamed("bad")
	defect, _ := lex.ClassNamed("defect")
	e.good, e.bad = good, bad|defect
	e.price, _ = lex.ClassNamed("price")
	return e
}

// Worker finds opinions with buffers of its own. Use one per goroutine.
type Worker struct {
	e       *Engine
	s       scratch
	scan    quantity.Scanner
	changes []quantity.Change
	amounts []quantity.Amount
}

// Numbers are the changes by numbers and the other amounts of the text given to Opinions last, without those of
// quoted lines. They are valid until the next call.
func (w *Worker) Numbers() ([]quantity.Change, []quantity.Amount) { return w.changes, w.amounts }

// NewWorker makes a worker.
func (e *Engine) NewWorker() *Worker { return &Worker{e: e} }

// Opinions appends the opinions of d to dst, ordered by position.
func (w *Worker) Opinions(dst []Opinion, d *parse.Doc, ctx Context) []Opinion {
	begin := len(dst)
	w.changes, w.amounts = w.changes[:0], w.amounts[:0]
	w.s.reset(d)
	w.pick(d)
	for i := range w.s.picked {
		w.score(d, &w.s.picked[i])
	}
	w.s.taken = resize(w.s.taken, len(w.s.picked))
	w.absorb(d)
	for i := range w.s.picked {
		if !w.s.taken[i] {
			dst = w.express(dst, d, &w.s.picked[i])
		}
	}
	dst = w.implied(dst, d)
	dst = w.events(dst, d, begin)
	found := dst[begin:]
	slices.SortStableFunc(found, func(a, b Opinion) int { return a.First - b.First })
	w.context(d, found, ctx)
	out := begin
	for _, o := range found {
		if o.Score != 0 || o.Trend != 0 || o.Flags&(Wished|Asked) != 0 {
			dst[out] = o
			out++
		}
	}
	return dst[:out]
}

// pick chooses, from left to right, the longest lexicon phrase at each place.
func (w *Worker) pick(d *parse.Doc) {
	const wanted = lexicon.Polar | lexicon.Paired | lexicon.Masked
	for i := 0; i < len(d.Hits); {
		h := d.Hits[i]
		best, bestLen := -1, -1
		j := i
		for ; j < len(d.Hits) && d.Hits[j].First == h.First; j++ {
			e := w.e.lex.Brief(d.Hits[j].ID)
			if e.Kind&(wanted|lexicon.Classed) == 0 || !w.fits(d, d.Hits[j], e.Kind) {
				continue
			}
			n := int(d.Hits[j].Last-d.Hits[j].First)*2 + 1
			if e.Kind&wanted == 0 {
				n-- // a longer noun of a class (満足度) hides the praise inside it
			}
			if e.Kind&lexicon.Masked != 0 || e.Kind&lexicon.Paired != 0 {
				n++
			}
			if n > bestLen {
				best, bestLen = j, n
			}
		}
		i = j
		if best < 0 || w.s.used[h.First] {
			continue
		}
		b := d.Hits[best]
		for k := b.First; k <= b.Last; k++ {
			w.s.used[k] = true
		}
		switch e := w.e.lex.Brief(b.ID); {
		case e.Kind&lexicon.Masked != 0:
			for c := d.ChunkOf[b.First]; c <= d.ChunkOf[b.Last]; c++ {
				w.s.spoken[c] = true
			}
		case e.Kind&wanted != 0:
			w.s.picked = append(w.s.picked, pick{first: int(b.First), end: int(b.Last) + 1, entry: w.e.lex.Entry(b.ID), chunk: int(d.ChunkOf[b.Last]), subject: -1})
		}
	}
}

// fits reports whether the words of a hit can carry a meaning at all: particles, auxiliaries and the like that only
// look like an entry cannot.
func (w *Worker) fits(d *parse.Doc, h pattern.Hit, kind lexicon.Kind) bool {
	t := &d.Tokens[h.First]
	if kind&lexicon.Predicative != 0 && !predicative(d, h) {
		return false
	}
	if t.Surface == "十分" && h.First > 0 && (d.Tokens[h.First-1].POS == token.NounNumber || d.Tokens[h.First-1].Surface == "徒歩" || d.Tokens[h.First-1].Surface == "約") {
		return false
	}
	if c := &d.Chunks[d.ChunkOf[h.First]]; int(h.First) >= c.ContentEnd && c.ContentEnd > c.First {
		return kind&lexicon.Masked != 0
	}
	if h.First != h.Last {
		return true
	}
	switch t.POS {
	case token.Case, token.Topical, token.Joining, token.Limiting, token.Quote, token.Final, token.Genitive, token.Listing,
		token.Aux, token.NounDep, token.VerbDep, token.VerbSuffix, token.Prefix, token.NounPron:
		return kind&lexicon.Masked != 0
	case token.Conjunction, token.Adnominal:
		return kind&(lexicon.Masked|lexicon.Paired) != 0
	case token.Interjection:
		return utf8.RuneCountInString(t.Surface) > 2 || kind&lexicon.Masked != 0 || math.Abs(w.e.lex.Entry(h.ID).Score) >= 2
	case token.AdjDep:
		return t.Base == "良い" || t.Base == "ほしい"
	case token.NounSuffix:
		return utf8.RuneCountInString(t.Surface) > 1
	}
	return true
}

// predicative reports whether a hit is what its clause says: システムはゴミ。 in contrast to ゴミを捨てる.
func predicative(d *parse.Doc, h pattern.Hit) bool {
	c := &d.Chunks[d.ChunkOf[h.Last]]
	if c.Particle != "" || c.Any(parse.Attributive) || int(h.Last)+1 < c.ContentEnd {
		return false
	}
	cl := &d.Clauses[c.Clause]
	for i := int(d.ChunkOf[h.Last]) + 1; i < cl.EndChunk; i++ {
		if d.Chunks[i].Kind != parse.Mark {
			return false
		}
	}
	return true
}

// negationsAfter counts the negations in the chunk behind token end.
func negationsAfter(d *parse.Doc, c *parse.Chunk, end int) int {
	if end <= c.Head || end <= c.ContentEnd && !isNone(&d.Tokens[end-1]) {
		return c.Negations
	}
	n := 0
	for i := end; i < c.End; i++ {
		t := &d.Tokens[i]
		switch t.Base {
		case "ない", "ぬ", "ん", "まい", "へん", "ず":
			if t.POS == token.Aux || t.POS.IsAdj() {
				n++
			}
		case "なくなる", "無くなる":
			n++
		}
	}
	return n
}

// score finds the polarity of a pick by itself: its score, or the reading its subject gives it.
func (w *Worker) score(d *parse.Doc, p *pick) {
	e := p.entry
	p.subject = w.subject(d, p.chunk)
	switch {
	case e.Kind&lexicon.Paired != 0:
		p.score, p.rule = w.paired(d, p)
	case e.Kind&lexicon.Polar != 0:
		p.score, p.rule = e.Score, e.Rule
	}
}

// paired reads a predicate by the class of its subject.
func (w *Worker) paired(d *parse.Doc, p *pick) (float64, string) {
	e := p.entry
	c := &d.Chunks[p.chunk]
	if c.Any(parse.Adverbial) && c.Kind == parse.Adjectival && !manner(&d.Tokens[c.Head]) {
		return 0, e.PairRule
	}
	if p.subject < 0 {
		return e.None, e.PairRule
	}
	class := w.classOf(d, p.subject)
	if class == 0 {
		class = w.deed(d, p.subject)
	}
	for _, r := range e.Pairs {
		if r.Class&class != 0 {
			return r.Score, r.Rule
		}
	}
	return e.Other, e.PairRule
}

// deed gives the class of こと, の or 必要 by what modifies it: 待たされること is bad, a need that goes is good.
func (w *Worker) deed(d *parse.Doc, chunk int) lexicon.Class {
	switch head := &d.Tokens[d.Chunks[chunk].Head]; head.Base {
	case "必要", "手間":
		return w.e.bad
	case "こと", "の", "もの", "ところ", "場面", "機会", "回数":
	default:
		return 0
	}
	for i := range w.s.picked {
		p := &w.s.picked[i]
		if c := &d.Chunks[p.chunk]; c.Governor == chunk && c.Any(parse.Attributive) {
			score := p.entry.Score
			if c.Negations%2 == 1 && p.end <= c.ContentEnd {
				score = -score
			}
			switch {
			case score > 0:
				return w.e.good
			case score < 0:
				return w.e.bad
			}
		}
	}
	for i := chunk - 1; i >= 0 && d.Chunks[i].Governor == chunk; i-- {
		if w.mishap(d, &d.Chunks[i]) {
			return w.e.bad
		}
	}
	return 0
}

// manner reports whether the adverbial form of an adjective still evaluates (早く届く), in contrast to 強く勧める.
func manner(t *token.Token) bool {
	switch t.Base {
	case "早い", "速い", "遅い", "安い", "きつい", "やばい", "凄い", "すごい", "うるさい", "暗い", "狭い", "重い", "軽い":
		return true
	}
	return false
}

// classOf gives the classes of the noun in a chunk. When these say nothing about good and bad, the noun that modifies
// it with の decides: 欠品の連絡, 不満の声.
func (w *Worker) classOf(d *parse.Doc, chunk int) lexicon.Class {
	own := w.ownClass(d, chunk)
	if own&(w.e.good|w.e.bad) != 0 || chunk == 0 {
		return own
	}
	b := &d.Chunks[chunk-1]
	if !b.Any(parse.Attributive) || b.Kind != parse.Nominal || b.Governor != chunk {
		return own
	}
	switch d.Tokens[d.Chunks[chunk].Head].Base {
	case "予定", "つもり", "気", "話", "件", "率", "方", "数", "目当て", "準備", "方法", "理由", "原因", "有無":
		return own
	}
	outer := w.ownClass(d, chunk-1)
	if own == 0 && outer&w.e.bad == 0 {
		return outer &^ w.e.good
	}
	return own | outer&w.e.bad
}

func (w *Worker) ownClass(d *parse.Doc, chunk int) lexicon.Class {
	c := &d.Chunks[chunk]
	var class, inner lexicon.Class
	longest := int32(-1)
	for _, h := range d.HitsIn(c.First, c.ContentEnd) {
		e := w.e.lex.Brief(h.ID)
		if int(h.Last) >= c.ContentEnd {
			continue
		}
		own := e.Class
		if e.Kind&lexicon.Polar != 0 && own == 0 {
			if e.Side > 0 {
				own = w.e.good
			} else {
				own = w.e.bad
			}
		}
		if own == 0 {
			continue
		}
		if int(h.Last) != c.ContentEnd-1 {
			inner |= own
			continue
		}
		switch size := h.Last - h.First; {
		case size > longest:
			class, longest = own, size
		case size == longest:
			class |= own
		}
	}
	if class != 0 {
		return class
	}
	return inner
}

// subject finds the chunk that the predicate chunk pi is said of: its が, は or を, the noun it modifies, or the topic
// of the clause before. It is -1 when there is none.
func (w *Worker) subject(d *parse.Doc, pi int) int {
	p := &d.Chunks[pi]
	cl := &d.Clauses[p.Clause]
	best, rank := -1, 0
	for i := pi - 1; i >= cl.FirstChunk; i-- {
		c := &d.Chunks[i]
		if c.Kind != parse.Nominal && c.Kind != parse.NaAdj || c.Governor != pi && !(c.Governor > pi && (c.Particle == "は" || c.Particle == "も")) {
			if !(c.Kind == parse.Nominal && c.Particle == "" && i == pi-1 && !c.Any(parse.Attributive)) {
				if !(i == pi-1 && c.Kind == parse.Nominal && c.Any(parse.Attributive) && p.Kind != parse.Nominal) {
					continue
				}
			}
		}
		if s := d.Tokens[c.End-1].Surface; s == "どころか" || s == "か" && c.End-2 >= c.First && d.Tokens[c.End-2].Surface == "どころ" {
			continue // 不満どころか安くなった
		}
		r := 0
		switch c.Particle {
		case "が":
			r = 5
		case "も", "は":
			r = 4
			if c.Particle == "は" && timeNoun(&d.Tokens[c.Head]) {
				r = 1
			}
		case "を":
			r = 3
			if p.Kind == parse.Verbal {
				r = 6
			}
		case "", "って", "さえ", "すら", "こそ", "まで", "だけ", "の", "しか":
			r = 2
			if timeNoun(&d.Tokens[c.Head]) {
				r = 0
			}
		}
		if r > rank {
			best, rank = i, r
		}
	}
	if best >= 0 {
		return best
	}
	if p.Any(parse.Attributive) && p.Governor > pi && d.Chunks[p.Governor].Kind != parse.Verbal {
		g := &d.Chunks[p.Governor]
		if d.Tokens[g.Head].POS != token.NounDep {
			return p.Governor
		}
	}
	return w.inherited(d, pi)
}

func timeNoun(t *token.Token) bool { return t.POS == token.NounAdverb || t.POS == token.NounPron }

// inherited finds the topic (は) of an earlier clause of the sentence.
func (w *Worker) inherited(d *parse.Doc, pi int) int {
	p := &d.Chunks[pi]
	s := &d.Sentences[p.Sentence]
	for ci := p.Clause - 1; ci >= s.FirstClause; ci-- {
		c := &d.Clauses[ci]
		for i := c.EndChunk - 1; i >= c.FirstChunk; i-- {
			ch := &d.Chunks[i]
			if ch.Kind == parse.Nominal && (ch.Particle == "は" || ch.Particle == "も") && !timeNoun(&d.Tokens[ch.Head]) {
				return i
			}
		}
	}
	return -1
}

// absorb drops polar nouns whose predicate already speaks about them: in 不満が減った and 魅力に欠ける the predicate
// tells it all.
func (w *Worker) absorb(d *parse.Doc) {
	for i := range w.s.picked {
		p := &w.s.picked[i]
		if c := &d.Chunks[p.chunk]; p.score != 0 && (c.Kind == parse.Nominal || c.Kind == parse.NaAdj && c.Particle != "") {
			w.s.noun[p.chunk] = int32(i)
		}
	}
	for i := range w.s.picked {
		p := &w.s.picked[i]
		if p.score == 0 || p.subject < 0 || p.subject >= p.chunk && p.entry.Kind&lexicon.Paired == 0 || d.Chunks[p.chunk].Kind == parse.Mark {
			continue // an emoji says nothing of its own about the noun before it
		}
		n := w.s.noun[p.subject]
		if n < 0 && p.subject > 0 && d.Chunks[p.subject-1].Governor == p.subject && d.Chunks[p.subject-1].Any(parse.Attributive) {
			n = w.s.noun[p.subject-1]
		}
		if n < 0 {
			n = w.modifier(p.subject, d)
		}
		if n >= 0 && int(n) != i && !w.s.taken[n] && p.score < 0 && w.s.picked[n].score < 0 && elusive(p.entry.Text) {
			w.s.taken[i] = true // 欠点が見つからない
			w.s.picked[n].score *= -0.9
			w.s.picked[n].end = max(w.s.picked[n].end, p.end)
			continue
		}
		if n < 0 || int(n) == i || w.s.taken[n] || d.Chunks[p.subject].Clause != d.Chunks[p.chunk].Clause {
			continue
		}
		if p.entry.Kind&lexicon.Paired == 0 && (p.score > 0) == (w.s.picked[n].score > 0) {
			continue
		}
		w.s.taken[n] = true
		p.first = min(p.first, w.s.picked[n].first)
	}
}

// elusive reports whether a phrase says that a thing cannot be found.
func elusive(text string) bool {
	switch text {
	case "見つからない", "見当たらない", "みつからない", "見あたらない", "難しい", "見つけられない", "感じない", "感じられない":
		return true
	}
	return false
}

// modifier is the polar pick that modifies the noun of a chunk when that noun is a bare one (ところ, 点, こと), or -1.
func (w *Worker) modifier(chunk int, d *parse.Doc) int32 {
	switch d.Tokens[d.Chunks[chunk].Head].Base {
	case "ところ", "所", "点", "こと", "部分", "面", "の", "もの", "人", "方", "理由", "例", "日":
	default:
		return -1
	}
	for i := range w.s.picked {
		p := &w.s.picked[i]
		if c := &d.Chunks[p.chunk]; p.score != 0 && c.Governor == chunk && c.Any(parse.Attributive) {
			return int32(i)
		}
	}
	return -1
}
