package sentiment

import (
	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/token"
)

// express turns a pick into an opinion: it follows the pick to the predicate it depends on and applies negation and
// the other modifications on the way.
func (w *Worker) express(dst []Opinion, d *parse.Doc, p *pick) []Opinion {
	if p.score == 0 {
		return dst
	}
	c := &d.Chunks[p.chunk]
	flags := Flag(0)
	if p.entry.Kind&lexicon.Gratitude != 0 {
		flags |= Thanks
	}
	o := Opinion{Flags: flags, First: p.first, End: p.end, Chunk: p.chunk, Subject: p.subject, Clause: c.Clause, Score: p.score, Rule: p.rule}
	w.negate(d, c, &o, negationsAfter(d, c, p.end))
	if h := &d.Tokens[c.Head]; p.end <= c.Head && isNone(h) {
		w.negate(d, c, &o, 1) // 欠品ゼロ, 不満なし
	}
	if p.end > c.ContentEnd {
		// すぎる and にくい are part of the phrase already.
		w.modality(d, &parse.Chunk{Mod: c.Mod &^ (parse.Excess | parse.Hard | parse.Easy)}, &o)
	} else {
		w.modality(d, c, &o)
	}
	w.climb(d, p.chunk, &o)
	o.Score *= w.degree(d, p)
	w.s.spoken[p.chunk] = true
	return append(dst, o)
}

// negate applies n negations and the partial ones of chunk c.
func (w *Worker) negate(d *parse.Doc, c *parse.Chunk, o *Opinion, n int) {
	if n == 0 || c.Any(parse.NotOnly) && n == 1 {
		return
	}
	switch {
	case c.Any(parse.Only):
	case n%2 == 1 && c.Any(parse.Partial):
		o.Score *= -0.25
		o.Flags |= Negation
	case n%2 == 1:
		if o.Score > 0 {
			o.Score *= -0.9
		} else {
			o.Score *= -0.7
		}
		o.Flags |= Negation
	default:
		o.Score *= 0.5
	}
	o.End = max(o.End, c.End)
	o.Rule += "+neg"
}

// modality applies what else modifies the chunk.
func (w *Worker) modality(d *parse.Doc, c *parse.Chunk, o *Opinion) {
	switch {
	case c.Any(parse.Excess) && o.Score > 0 && o.Has(0) && isMeasure(o.Rule):
		o.Score = -1
		o.Rule += "+すぎる"
	case c.Any(parse.Excess):
		o.Score *= 1.4
	}
	if c.Any(parse.Hard) {
		o.Score *= -0.8
		o.Rule += "+にくい"
		o.End = max(o.End, c.End)
	}
	if c.Any(parse.Mistaken) && o.Score > 0 {
		o.Score = -0.8
		o.Rule += "+と思ったら"
	}
	if c.Any(parse.Want) {
		o.Flags |= Wished
	}
	if c.Any(parse.Appear) && !c.Any(parse.Past) {
		o.Score *= 0.7
	}
	if c.Any(parse.Hearsay) {
		o.Score *= 0.25
		o.Flags |= Reported
	}
	if c.Any(parse.Guess) {
		o.Score *= 0.7
	}
	if c.Any(parse.Obligation) {
		o.Score *= 0.6
	}
}

// isMeasure reports whether a rule reads a measure, which can be too much of a good thing (安すぎる, 早すぎる).
func isMeasure(rule string) bool { return len(rule) > 5 && rule[:5] == "pair:" }

// climb follows the governors of a chunk and turns the opinion when one of them is negated.
func (w *Worker) climb(d *parse.Doc, ci int, o *Opinion) {
	for hop := 0; hop < 3; hop++ {
		c := &d.Chunks[ci]
		g := c.Governor
		if g < 0 {
			return
		}
		gov := &d.Chunks[g]
		if gov.Clause != c.Clause && !c.Any(parse.Attributive) {
			return
		}
		nominal := c.Kind == parse.Nominal && !c.Any(parse.Attributive)
		head := &d.Tokens[gov.Head]
		switch {
		case c.Any(parse.Attributive) && o.Score < 0 && isPerson(head) && gov.Particle != "が":
			// 困っている人, 面倒な方: said of people in general.
			o.Score *= 0.25
			return
		case c.Any(parse.Attributive):
			// The noun carries the opinion on; its own negation counts when it is the predicate.
			if gov.Negations > 0 && gov.Kind == parse.Nominal {
				w.negate(d, gov, o, gov.Negations)
				w.s.spoken[g] = true
				return
			}
			w.modality(d, gov, o)
		case nominal && isNone(head):
			n := gov.Negations
			if n == 0 {
				n = 1 // なし
			}
			w.negate(d, gov, o, n)
			w.s.spoken[g] = true
			o.End = max(o.End, gov.End)
			return
		case gov.Negations > 0:
			if w.speaks(g) {
				return
			}
			if c.Particle == "に" && o.Score < 0 || c.Particle == "で" && nominal {
				return
			}
			w.negate(d, gov, o, gov.Negations)
			w.s.spoken[g] = true
			return
		default:
			if w.speaks(g) {
				return
			}
			if gov.Any(parse.Want | parse.Desire) {
				o.Flags |= Wished
			}
			if gov.Any(parse.Hard) && o.Score > 0 {
				o.Score *= -0.6
				w.s.spoken[g] = true
			}
			if gov.Any(parse.Hearsay) {
				o.Flags |= Reported
				o.Score *= 0.3
			}
		}
		ci = g
	}
}

func isPerson(t *token.Token) bool {
	switch t.Base {
	case "人", "方", "かた", "ひと", "者", "みなさん", "皆さん":
		return true
	}
	return false
}

// speaks reports whether a chunk has an opinion of its own that takes its negation.
func (w *Worker) speaks(chunk int) bool {
	for i := range w.s.picked {
		if w.s.picked[i].chunk == chunk && w.s.picked[i].score != 0 && !w.s.taken[i] {
			return true
		}
	}
	return false
}

// isNone reports whether t says that something is not there.
func isNone(t *token.Token) bool {
	switch t.Base {
	case "ない", "なし", "無し", "皆無", "ゼロ":
		return true
	}
	return false
}

// degree is the factor of the adverbs in front of a pick.
func (w *Worker) degree(d *parse.Doc, p *pick) float64 {
	f := 1.0
	for i := p.first - 1; i >= max(0, p.first-3); i-- {
		if d.ClauseOf[i] != d.ClauseOf[p.first] {
			break
		}
		for _, h := range d.HitsIn(i, i+1) {
			if e := w.e.lex.Entry(h.ID); e != nil && e.Kind&lexicon.Degree != 0 && int(h.Last) < p.first {
				f *= e.Factor
			}
		}
	}
	return min(f, 1.6)
}
