// Package topic decides what a text is about and which opinion belongs to which topic.
//
// It owns aspect linking. The words of the topics come from a taxonomy, the opinions from analyze/sentiment; it has
// no words of its own. Its caller is the root package.
package topic

import (
	"slices"
	"sort"

	"voc/analyze/parse"
	"voc/analyze/sentiment"
	"voc/analyze/taxonomy"
)

// Engine holds the compiled topics. It is immutable and safe for concurrent use.
type Engine struct{ program *taxonomy.Program }

// New makes an engine.
func New(p *taxonomy.Program) *Engine { return &Engine{p} }

// Found is a topic of a text.
type Found struct {
	ID  string
	Sum sentiment.Sum
	// Matches index Worker.Matches; Opinions index the opinions given to Find.
	Matches, Opinions []int
}

// Worker finds topics with buffers of its own. Use one per goroutine.
type Worker struct {
	e       *Engine
	Matches []taxonomy.Match
	found   []Found
	linked  []int // buffer: matches of one opinion
	byFirst []int // Matches ordered by first token
	strong  [][2]string
}

// NewWorker makes a worker.
func (e *Engine) NewWorker() *Worker { return &Worker{e: e} }

// Find gives the topics of d ordered by id. The result and Matches are valid until the next call.
func (w *Worker) Find(d *parse.Doc, ops []sentiment.Opinion, grammar []taxonomy.Grammar) []Found {
	w.Matches = w.e.program.Match(w.Matches[:0], d, grammar)
	w.dropWeak(d)
	w.found = w.found[:0]
	for i := range w.Matches {
		m := &w.Matches[i]
		if n := len(w.found); n == 0 || w.found[n-1].ID != m.Tag {
			w.add(m.Tag)
		}
		f := &w.found[len(w.found)-1]
		f.Matches = append(f.Matches, i)
	}
	for i := range ops {
		weight := w.link(d, &ops[i])
		for _, m := range w.linked {
			w.credit(w.Matches[m].Tag, i, ops[i].Score, weight)
		}
	}
	return w.found
}

// add adds a topic in the memory of one found before.
func (w *Worker) add(id string) {
	n := len(w.found)
	if n == cap(w.found) {
		w.found = append(w.found, Found{})
	}
	w.found = w.found[:n+1]
	f := &w.found[n]
	*f = Found{ID: id, Matches: f.Matches[:0], Opinions: f.Opinions[:0]}
}

func (w *Worker) credit(tag string, op int, score, weight float64) {
	for i := range w.found {
		f := &w.found[i]
		if f.ID != tag {
			continue
		}
		if n := len(f.Opinions); n > 0 && f.Opinions[n-1] == op {
			return
		}
		f.Opinions = append(f.Opinions, op)
		f.Sum.Add(score, weight)
	}
}

// dropWeak removes the matches of weak rules from clauses that have a stronger match of another topic.
func (w *Worker) dropWeak(d *parse.Doc) {
	w.strong = w.strong[:0]
	for range d.Clauses {
		w.strong = append(w.strong, [2]string{})
	}
	for i := range w.Matches {
		m := &w.Matches[i]
		if s := &w.strong[m.Clause]; !m.Weak && s[0] != m.Tag {
			// Two different tags are enough to know that there is another one beside any tag.
			s[0], s[1] = m.Tag, s[0]
		}
	}
	out := 0
	for i := range w.Matches {
		m := w.Matches[i]
		if s := &w.strong[m.Clause]; m.Weak && (s[0] != "" && s[0] != m.Tag || s[1] != "" && s[1] != m.Tag) {
			continue
		}
		w.Matches[out] = m
		out++
	}
	w.Matches = w.Matches[:out]
	w.index()
}

// longestMatch bounds how many tokens a match can span, which bounds the search for overlaps.
const longestMatch = 64

// index orders the matches by their first token.
func (w *Worker) index() {
	w.byFirst = w.byFirst[:0]
	for i := range w.Matches {
		w.byFirst = append(w.byFirst, i)
	}
	slices.SortStableFunc(w.byFirst, func(i, j int) int { return w.Matches[i].First - w.Matches[j].First })
}

// from is the place in byFirst of the first match that begins at token first or later.
func (w *Worker) from(first int) int {
	return sort.Search(len(w.byFirst), func(i int) bool { return w.Matches[w.byFirst[i]].First >= first })
}

// link fills w.linked with the matches an opinion is about and returns how much it counts for them.
func (w *Worker) link(d *parse.Doc, o *sentiment.Opinion) float64 {
	w.linked = w.linked[:0]
	w.within(o.First, o.End)
	if o.Subject >= 0 {
		s := &d.Chunks[o.Subject]
		w.within(s.First, s.End)
		if o.Subject > 0 {
			if b := &d.Chunks[o.Subject-1]; b.Any(parse.Attributive) && b.Governor == o.Subject {
				w.within(b.First, b.End)
			}
		}
	}
	if len(w.linked) > 0 {
		return 1
	}
	if g := d.Chunks[o.Chunk].Governor; g >= 0 {
		w.within(d.Chunks[g].First, d.Chunks[g].End)
		if len(w.linked) > 0 {
			return 1
		}
	}
	c := &d.Clauses[o.Clause]
	if w.nearest(o, c.FirstToken, c.EndToken) {
		return 0.9
	}
	s := &d.Sentences[c.Sentence]
	for ci := o.Clause - 1; ci >= s.FirstClause; ci-- {
		if w.nearest(o, d.Clauses[ci].FirstToken, d.Clauses[ci].EndToken) {
			return 0.7
		}
	}
	for ci := o.Clause + 1; ci < s.EndClause; ci++ {
		if w.nearest(o, d.Clauses[ci].FirstToken, d.Clauses[ci].EndToken) {
			return 0.6
		}
	}
	if c.Sentence > 0 && (o.Subject < 0) {
		p := &d.Sentences[c.Sentence-1]
		if w.nearest(o, p.FirstToken, p.EndToken) {
			return 0.6
		}
	}
	return 0
}

// within adds the matches that overlap the tokens [first, end).
func (w *Worker) within(first, end int) {
	for k := w.from(first - longestMatch); k < len(w.byFirst); k++ {
		i := w.byFirst[k]
		m := &w.Matches[i]
		if m.First >= end {
			return
		}
		if m.End > first {
			w.linked = append(w.linked, i)
		}
	}
}

// nearest adds the matches in [first, end) that stand closest to the opinion; matches at the same place count alike.
func (w *Worker) nearest(o *sentiment.Opinion, first, end int) bool {
	best := 1 << 30
	for k := w.from(first); k < len(w.byFirst); k++ {
		i := w.byFirst[k]
		m := &w.Matches[i]
		if m.First >= end {
			break
		}
		if m.End > end {
			continue
		}
		dist := o.First - m.End
		if m.First >= o.End {
			dist = m.First - o.End + 2
		}
		if dist < best {
			best = dist
			w.linked = w.linked[:0]
		}
		if dist == best {
			w.linked = append(w.linked, i)
		}
	}
	return best < 1<<30
}
