package signal

import (
	"voc/analyze/parse"
	"voc/analyze/token"
)

// units finds opinion units: a noun, the predicate it belongs to, and how that is modified, as 通知→来る(否定,変化).
func (w *Worker) units(dst []Found, d *parse.Doc) []Found {
	for pi := range d.Chunks {
		p := &d.Chunks[pi]
		if !p.Predicate() && !nominalPredicate(d, pi) || p.Any(parse.Adverbial) || d.Sentences[p.Sentence].Quoted {
			continue
		}
		if si := argument(d, pi); si >= 0 {
			if v := w.render(d, si, pi); v != "" {
				dst = append(dst, Found{OpinionUnit, v, "unit", min(d.Chunks[si].First, p.First), p.End})
			}
		}
	}
	return dst
}

// nominalPredicate reports whether a noun chunk is what its clause says: 送料が無料。
func nominalPredicate(d *parse.Doc, pi int) bool {
	p := &d.Chunks[pi]
	if p.Kind != parse.Nominal || p.Particle != "" && p.Particle != "に" || p.Any(parse.Attributive) {
		return false
	}
	return p.Governor < 0 || p.Any(parse.Change)
}

// argument is the noun chunk that a predicate is said of, or -1.
func argument(d *parse.Doc, pi int) int {
	p := &d.Chunks[pi]
	cl := &d.Clauses[p.Clause]
	best, rank := -1, 0
	for i := pi - 1; i >= cl.FirstChunk; i-- {
		c := &d.Chunks[i]
		if c.Kind != parse.Nominal || c.Any(parse.Attributive) || !nameable(d, c) {
			continue
		}
		if c.Governor != pi && !(c.Particle == "は" || c.Particle == "も") {
			continue
		}
		r := 0
		switch c.Particle {
		case "が":
			r = 5
		case "を":
			r = 4
			if p.Any(parse.Conditional) {
				r = 0
			}
		case "は", "も":
			r = 3
		case "に":
			if d.Tokens[p.Head].POS == token.NounVerbal {
				r = 2
			}
		case "", "って", "さえ", "すら", "だけ", "まで", "こそ":
			if i == pi-1 {
				r = 1
			}
		}
		if r > rank {
			best, rank = i, r
		}
	}
	return best
}

// nameable reports whether a chunk names a thing: no pronoun, number, time or bare noun.
func nameable(d *parse.Doc, c *parse.Chunk) bool {
	switch d.Tokens[c.Head].POS {
	case token.NounPron, token.NounNumber, token.NounAdverb, token.NounDep:
		return false
	case token.NounSuffix:
		return c.ContentEnd-c.First > 1 && d.Tokens[c.First].POS != token.NounNumber
	}
	return true
}

// flags are named in this order.
var flags = []struct {
	mod  parse.Mod
	name string
}{
	{parse.Potential, "可能"}, {parse.Passive, "受身"}, {parse.Hard, "困難"}, {parse.Easy, "容易"}, {parse.Excess, "過度"},
	{parse.Negated, "否定"}, {parse.Change, "変化"}, {parse.Desire, "希望"}, {parse.Want, "希望"}, {parse.Conditional, "仮定"},
}

func (w *Worker) render(d *parse.Doc, si, pi int) string {
	s, p := &d.Chunks[si], &d.Chunks[pi]
	head := &d.Tokens[p.Head]
	w.value.Reset()
	for i := s.First; i < s.ContentEnd; i++ {
		if d.Tokens[i].POS != token.Prefix || i > s.First {
			w.value.WriteString(d.Tokens[i].Surface)
		}
	}
	w.value.WriteString("→")
	base := head.Lemma
	if p.Kind == parse.Nominal || p.Kind == parse.NaAdj {
		base = ""
		for i := p.First; i < p.ContentEnd; i++ {
			if d.Tokens[i].POS != token.Prefix {
				base += d.Tokens[i].Surface
			}
		}
	}
	if base == "ない" || base == "する" || base == "なる" || base == "ある" && p.Negations > 0 {
		base = "ない"
		if head.Base != "ない" && p.Negations == 0 {
			return ""
		}
		w.value.WriteString(base)
		return w.value.String()
	}
	w.value.WriteString(base)
	open := false
	last := ""
	for _, f := range flags {
		if !p.Any(f.mod) || f.name == last || f.mod == parse.Potential && (head.Base == "できる" || head.Base == "出来る") {
			continue
		}
		if !open {
			w.value.WriteString("(")
			open = true
		} else {
			w.value.WriteString(",")
		}
		w.value.WriteString(f.name)
		last = f.name
	}
	if open {
		w.value.WriteString(")")
	}
	return w.value.String()
}
