// Package intent decides what a writer does with a post: asks, requests, complains, praises, thanks and so on.
//
// It owns what can be said of a clause beside its words (the grammar words of a taxonomy). The rules themselves
// stand in the taxonomy file. Its caller is the root package.
package intent

import (
	"voc/analyze/parse"
	"voc/analyze/sentiment"
	"voc/analyze/taxonomy"
)

// Engine holds the compiled intents. It is immutable and safe for concurrent use.
type Engine struct{ program *taxonomy.Program }

// New makes an engine.
func New(p *taxonomy.Program) *Engine { return &Engine{p} }

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
	return w.matches
}

// Grammar computes the grammar words of every clause. The result is valid until the next call.
func (w *Worker) Grammar(d *parse.Doc, ops []sentiment.Opinion, post Post) []taxonomy.Grammar {
	w.grammar = w.grammar[:0]
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
		if d.Tokens[i].Base == parse.AtomURL {
			whole |= taxonomy.Link
			break
		}
	}
	for ci := range d.Clauses {
		w.grammar = append(w.grammar, clauseGrammar(d, ci))
	}
	for i := range ops {
		o := &ops[i]
		g := &w.grammar[o.Clause]
		if o.Has(sentiment.Wished) || o.Has(sentiment.Reported) {
			continue
		}
		switch {
		case o.Score >= 0.45:
			*g |= taxonomy.Positive
			whole |= taxonomy.PostPositive
		case o.Score <= -0.45:
			*g |= taxonomy.Negative
			whole |= taxonomy.PostNegative
		}
	}
	for ci := range w.grammar {
		g := &w.grammar[ci]
		if *g&taxonomy.Question != 0 {
			whole |= taxonomy.PostQuestion
			if *g&taxonomy.Negative != 0 {
				*g |= taxonomy.Rhetorical
			}
		}
	}
	for ci := range w.grammar {
		w.grammar[ci] |= whole
	}
	return w.grammar
}

var modGrammar = []struct {
	mod parse.Mod
	bit taxonomy.Grammar
}{
	{parse.Want, taxonomy.Want}, {parse.Please, taxonomy.Please}, {parse.Desire, taxonomy.Desire}, {parse.Change, taxonomy.Change},
	{parse.Hearsay, taxonomy.Hearsay}, {parse.Conditional, taxonomy.Conditional}, {parse.Concession, taxonomy.Concession},
	{parse.Invite, taxonomy.Invite}, {parse.Obligation, taxonomy.Obligation}, {parse.Potential, taxonomy.Potential},
	{parse.Receive, taxonomy.Receive}, {parse.Doubt, taxonomy.Doubt}, {parse.Question, taxonomy.Question},
}

func clauseGrammar(d *parse.Doc, ci int) taxonomy.Grammar {
	cl := &d.Clauses[ci]
	s := &d.Sentences[cl.Sentence]
	var g taxonomy.Grammar
	head := -1
	for i := cl.FirstChunk; i < cl.EndChunk; i++ {
		c := &d.Chunks[i]
		if c.Kind == parse.Mark {
			continue
		}
		for _, m := range modGrammar {
			if c.Any(m.mod) {
				g |= m.bit
			}
		}
		head = i
	}
	if head >= 0 {
		c := &d.Chunks[head]
		if c.Any(parse.Negated) {
			g |= taxonomy.Negated
		}
		if c.Any(parse.Past) {
			g |= taxonomy.PastTense
		}
		if c.Any(parse.Desire) && c.Any(parse.Receive) {
			g |= taxonomy.Want
		}
		if c.Any(parse.Receive) && c.Any(parse.Question) {
			g |= taxonomy.Please
		}
	}
	if cl.Quoted || s.Quoted {
		g |= taxonomy.Quoted
	}
	if sentiment.IsWish(d, ci) || ci > s.FirstClause && sentiment.IsWish(d, ci-1) {
		g |= taxonomy.Wish
	}
	if s.Question && ci == s.EndClause-1 {
		g |= taxonomy.Question
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
