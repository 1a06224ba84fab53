// Package intent decides what a writer does with a post: asks, requests, complains, praises, thanks and so on.
//
// It owns what can be said of a clause beside its words (the grammar words of a taxonomy) and what one intent says
// about another (a fault told without annoyance is no complaint). The rules themselves stand in the taxonomy file.
// Its caller is the root package.
package intent

import (
	"strings"

	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/sentiment"
	"voc/analyze/taxonomy"
	"voc/analyze/token"
)

// Engine holds the compiled intents. It is immutable and safe for concurrent use.
type Engine struct {
	program *taxonomy.Program
	lex     *lexicon.Lexicon
}

// New makes an engine.
func New(p *taxonomy.Program, lex *lexicon.Lexicon) *Engine { return &Engine{p, lex} }

// Post is what is known of a post beside its text.
type Post struct {
	Reply, Staff bool
}

// Worker finds intents with buffers of its own. Use one per goroutine.
type Worker struct {
	e       *Engine
	grammar []taxonomy.Grammar
	matches []taxonomy.Match
}

// NewWorker makes a worker.
func (e *Engine) NewWorker() *Worker { return &Worker{e: e} }

// Find gives the rules that fired, ordered by tag and position. The result is valid until the next call. grammar is
// what Grammar gave for the same document.
func (w *Worker) Find(d *parse.Doc, grammar []taxonomy.Grammar) []taxonomy.Match {
	w.matches = w.e.program.Match(w.matches[:0], d, grammar)
	w.reconcile(d)
	return w.matches
}

// Grammar computes the grammar words of every clause. The result is valid until the next call.
func (w *Worker) Grammar(d *parse.Doc, ops []sentiment.Opinion, post Post) []taxonomy.Grammar {
	w.grammar = w.grammar[:0]
	whole := w.wholeGrammar(d, post)
	for ci := range d.Clauses {
		w.grammar = append(w.grammar, clauseGrammar(d, ci))
	}
	for i := range ops {
		whole |= opinionGrammar(&ops[i], &w.grammar[ops[i].Clause])
	}
	for ci := range w.grammar {
		g := &w.grammar[ci]
		if *g&taxonomy.Question != 0 {
			if *g&(taxonomy.Negative|taxonomy.Praising) != 0 {
				*g |= taxonomy.Rhetorical
			} else {
				whole |= taxonomy.PostQuestion
			}
		}
	}
	for ci := range w.grammar {
		w.grammar[ci] |= whole
	}
	return w.grammar
}

// wholeGrammar is what holds for the whole post.
func (w *Worker) wholeGrammar(d *parse.Doc, post Post) taxonomy.Grammar {
	var whole taxonomy.Grammar
	if post.Reply {
		whole |= taxonomy.Reply
	}
	if post.Staff {
		whole |= taxonomy.Staff
	}
	if len(d.Sentences) == 1 && len(d.Tokens) <= 14 {
		whole |= taxonomy.Short
	}
	for i := range d.Tokens {
		if d.Tokens[i].POS != token.Symbol {
			continue
		}
		switch d.Tokens[i].Base {
		case parse.AtomURL:
			whole |= taxonomy.Link
		case parse.AtomAngry, parse.AtomSad:
			whole |= taxonomy.Annoyed
		}
	}
	for i := range d.Hits {
		h := &d.Hits[i]
		if w.e.lex.Brief(h.ID).Kind&lexicon.Annoyance != 0 {
			if c := &d.Chunks[d.ChunkOf[h.Last]]; c.Negations%2 == 0 || int(h.Last) >= c.ContentEnd {
				whole |= taxonomy.Annoyed
				break
			}
		}
	}
	return whole
}

// opinionGrammar adds what an opinion says of its clause to g and returns what it says of the post.
func opinionGrammar(o *sentiment.Opinion, g *taxonomy.Grammar) taxonomy.Grammar {
	if o.Has(sentiment.Wished) && o.Score >= 0 || o.Has(sentiment.Reported) {
		return 0
	}
	event := o.Has(sentiment.Event) || o.Has(sentiment.Implied)
	switch {
	case o.Score >= 0.45:
		*g |= taxonomy.Positive
		if strings.HasPrefix(o.Rule, "number:") {
			*g |= taxonomy.Outcome
		}
		if !event && !o.Has(sentiment.Thanks) && !o.Has(sentiment.Expectation) && !mends(o.Rule) || o.Rule == "implied:てくれた" || o.Rule == "implied:やすい" {
			*g |= taxonomy.Praising
		}
		return taxonomy.PostPositive
	case o.Score <= -0.45:
		*g |= taxonomy.Negative
		if !o.Has(sentiment.Stance) {
			*g |= taxonomy.Blaming
		}
		return taxonomy.PostNegative
	}
	return 0
}

// mends reports whether a rule reads the decrease of something bad, which is good news rather than praise.
func mends(rule string) bool {
	return strings.HasPrefix(rule, "pair:bad+") || strings.HasPrefix(rule, "pair:defect+") || strings.HasPrefix(rule, "pair:burden+")
}

var modGrammar = []struct {
	mod parse.Mod
	bit taxonomy.Grammar
}{
	{parse.Please, taxonomy.Please}, {parse.Desire, taxonomy.Desire}, {parse.Change, taxonomy.Change},
	{parse.Hearsay, taxonomy.Hearsay}, {parse.Conditional, taxonomy.Conditional}, {parse.Concession, taxonomy.Concession},
	{parse.Invite, taxonomy.Invite}, {parse.Obligation, taxonomy.Obligation}, {parse.Potential, taxonomy.Potential},
	{parse.Receive, taxonomy.Receive}, {parse.Doubt, taxonomy.Doubt}, {parse.Question, taxonomy.Question}, {parse.Imperative, taxonomy.Command},
}

func clauseGrammar(d *parse.Doc, ci int) taxonomy.Grammar {
	cl := &d.Clauses[ci]
	s := &d.Sentences[cl.Sentence]
	var g taxonomy.Grammar
	var mods parse.Mod
	head := -1
	for i := cl.FirstChunk; i < cl.EndChunk; i++ {
		c := &d.Chunks[i]
		if c.Kind == parse.Mark {
			continue
		}
		mods |= c.Mod
		if c.Any(parse.Want|parse.Desire) && c.Any(parse.Receive) || c.Any(parse.Want) {
			if !c.Any(parse.Attributive|parse.Past) && !c.Any(parse.Negated) {
				g |= taxonomy.Want
			}
		}
		if c.Any(parse.Obligation) && saysShould(d, c) {
			g |= taxonomy.Should
		}
		head = i
	}
	for _, m := range modGrammar {
		if mods&m.mod != 0 {
			g |= m.bit
		}
	}
	if head >= 0 {
		g |= headGrammar(d, cl, s, head)
	}
	if cl.Quoted || s.Quoted {
		g |= taxonomy.Quoted
	}
	g |= wishGrammar(d, s, ci)
	if s.Question && ci == s.EndClause-1 {
		g |= taxonomy.Question
	}
	if g&taxonomy.Question != 0 && head >= 0 && d.Chunks[head].Any(parse.Tag) {
		g |= taxonomy.Rhetorical
	}
	if s.Exclaim {
		g |= taxonomy.Exclaim
	}
	if cl.Sentence == 0 {
		g |= taxonomy.FirstPart
	}
	if cl.Sentence == len(d.Sentences)-1 {
		g |= taxonomy.LastPart
	}
	return g
}

// headGrammar is what the last chunk of a clause says of it.
func headGrammar(d *parse.Doc, cl *parse.Clause, s *parse.Sentence, head int) taxonomy.Grammar {
	var g taxonomy.Grammar
	c := &d.Chunks[head]
	if c.Any(parse.Negated) {
		g |= taxonomy.Negated
	}
	if c.Any(parse.Past) {
		g |= taxonomy.PastTense
	}
	asks := c.Any(parse.Question) || s.Question && cl.EndChunk == s.EndChunk
	if asks && (c.Any(parse.Receive) || gives(&d.Tokens[c.Head]) || c.Any(parse.Potential) && c.Negations == 1) && !c.Any(parse.Past) {
		g |= taxonomy.Asking
	}
	last := &d.Tokens[c.End-1]
	if c.Kind == parse.Verbal && cl.EndChunk == s.EndChunk && (last.Surface == "て" || last.Surface == "で") && last.POS == token.Joining &&
		c.Negations == 0 && !c.Any(parse.Past|parse.Receive|parse.Progressive|parse.Passive|parse.Regret) && cl.EndToken-cl.FirstToken <= 12 {
		g |= taxonomy.Command
	}
	return g
}

// wishGrammar tells wishes that ask for something from regrets.
func wishGrammar(d *parse.Doc, s *parse.Sentence, ci int) taxonomy.Grammar {
	kind := sentiment.WishKind(d, ci)
	if kind == sentiment.NoWish && ci > s.FirstClause {
		kind = sentiment.WishKind(d, ci-1)
	}
	switch kind {
	case sentiment.NoWish:
		return 0
	case sentiment.Regret:
		return taxonomy.Regretful
	}
	return taxonomy.Wish
}

// gives reports whether t is a verb of receiving used on its own: 見積もりをもらえますか.
func gives(t *token.Token) bool {
	switch t.Base {
	case "もらえる", "いただける", "頂ける", "くださる", "下さる", "もらう", "いただく", "くれる":
		return true
	}
	return false
}

func saysShould(d *parse.Doc, c *parse.Chunk) bool {
	for i := c.First; i < c.End; i++ {
		if b := d.Tokens[i].Base; b == "べし" || b == "べき" {
			return true
		}
	}
	return false
}
