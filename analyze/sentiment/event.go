package sentiment

import (
	"voc/analyze/parse"
	"voc/analyze/quantity"
)

// events adds the opinions that clauses tell together: 〜のに…, 何度…ても…ない, 3時間待った, 3時間から20分に.
func (w *Worker) events(dst []Opinion, d *parse.Doc, begin int) []Opinion {
	for si := range d.Sentences {
		s := &d.Sentences[si]
		for ci := s.FirstClause; ci < s.EndClause; ci++ {
			if o, ok := w.contradiction(d, s, ci, dst[begin:]); ok {
				dst = append(dst, o)
			}
		}
		dst = w.numbers(dst, d, s, begin)
	}
	return dst
}

// contradiction reads a clause that ends in のに or ても, followed by one without an opinion of its own.
func (w *Worker) contradiction(d *parse.Doc, s *parse.Sentence, ci int, ops []Opinion) (Opinion, bool) {
	cl := &d.Clauses[ci]
	if ci+1 >= s.EndClause {
		return Opinion{}, false
	}
	next := &d.Clauses[ci+1]
	for i := range ops {
		if (ops[i].Clause == ci || ops[i].Clause == ci+1) && ops[i].Score != 0 {
			return Opinion{}, false
		}
	}
	head := -1
	for i := next.EndChunk - 1; i >= next.FirstChunk; i-- {
		if c := &d.Chunks[i]; c.Kind != parse.Mark {
			head = i
			break
		}
	}
	if head < 0 || next.Quoted || s.Quoted {
		return Opinion{}, false
	}
	h := &d.Chunks[head]
	o := Opinion{First: cl.FirstToken, End: h.End, Chunk: head, Subject: -1, Clause: ci + 1, Flags: Implied}
	switch {
	case cl.Link == parse.Contrast && endsWith(d, cl, "のに"):
		if h.Any(parse.Want | parse.Please | parse.Desire) {
			return o, false
		}
		o.Score, o.Rule = -0.9, "implied:のに"
	case cl.Link == parse.Concede && h.Negations%2 == 1 && h.Kind == parse.Verbal && !h.Any(parse.Partial|parse.Obligation):
		o.Score, o.Rule = -0.9, "implied:ても+neg"
	default:
		return o, false
	}
	return o, true
}

// numbers reads changes and waiting times by numbers.
func (w *Worker) numbers(dst []Opinion, d *parse.Doc, s *parse.Sentence, begin int) []Opinion {
	if s.Quoted {
		return dst
	}
	change, amount := len(w.changes), len(w.amounts)
	w.changes, w.amounts = w.scan.Find(w.changes, w.amounts, d.Text.Runes[s.Start:s.End], s.Start)
	for i := range w.changes[change:] {
		c := &w.changes[change+i]
		first, end := tokensAt(d, s, c.Start, c.End)
		if first < 0 || spoken(dst[begin:], d, first) {
			continue
		}
		if score := w.judge(d, s, c, first); score != 0 {
			ch := int(d.ChunkOf[end-1])
			dst = append(dst, Opinion{First: first, End: end, Chunk: ch, Subject: w.subject(d, ch), Clause: int(d.ClauseOf[first]), Score: score, Rule: "number:" + c.Value, Flags: Implied})
		}
	}
	for i := range w.amounts[amount:] {
		a := &w.amounts[amount+i]
		if a.Family != quantity.Time {
			continue
		}
		first, end := tokensAt(d, s, a.Start, a.End)
		if first < 0 || spoken(dst[begin:], d, first) {
			continue
		}
		if last, ok := waits(d, s, end); ok {
			ch := int(d.ChunkOf[last])
			dst = append(dst, Opinion{First: first, End: last + 1, Chunk: ch, Subject: -1, Clause: int(d.ClauseOf[last]), Score: -0.8, Rule: "number:待つ", Flags: Implied})
		}
	}
	return dst
}

// spoken reports whether the clause of a token holds an opinion already.
func spoken(ops []Opinion, d *parse.Doc, tok int) bool {
	for i := range ops {
		if ops[i].Clause == int(d.ClauseOf[tok]) && ops[i].Score != 0 {
			return true
		}
	}
	return false
}

// judge tells whether a change is good: less time and less of bad things is, more of good things is.
func (w *Worker) judge(d *parse.Doc, s *parse.Sentence, c *quantity.Change, first int) float64 {
	good, bad := false, false
	for i := first - 1; i >= s.FirstToken && i > first-14; i-- {
		for _, h := range d.HitsIn(i, i+1) {
			e := w.e.lex.Entry(h.ID)
			if e == nil || e.Class == 0 || int(h.Last) >= first || d.Chunks[d.ChunkOf[h.First]].ContentEnd != int(h.Last)+1 {
				continue
			}
			good = good || e.Class&w.e.good != 0
			bad = bad || e.Class&(w.e.bad|w.e.price) != 0
		}
		if good || bad {
			break
		}
	}
	dir := float64(c.Direction)
	switch {
	case good && !bad:
		return dir
	case bad:
		return -dir
	case c.Family == quantity.Time:
		return -dir
	}
	return 0
}

// waits reports whether the amount that ends before token i is a time somebody waited or lost, and where that is said.
func waits(d *parse.Doc, s *parse.Sentence, i int) (int, bool) {
	for k := i; k < s.EndToken && k < i+4; k++ {
		t := &d.Tokens[k]
		switch t.Base {
		case "待つ", "待たす", "待たされる", "かかる", "掛かる", "待ち", "並ぶ", "潰れる", "つぶれる", "無駄", "費やす", "取られる":
			c := &d.Chunks[d.ChunkOf[k]]
			if c.Negations > 0 || c.Any(parse.Conditional|parse.Question|parse.Potential|parse.Guess) {
				return 0, false
			}
			return k, t.Base != "かかる" || c.Any(parse.Past|parse.Regret|parse.Progressive)
		case "も", "ほど", "くらい", "ぐらい", "以上", "近く", "間", "は", "程度", "弱", "強":
		default:
			return 0, false
		}
	}
	return 0, false
}

// tokensAt gives the tokens that cover the runes [start, end) of a sentence.
func tokensAt(d *parse.Doc, s *parse.Sentence, start, end int) (first, last int) {
	first, last = -1, -1
	for i := s.FirstToken; i < s.EndToken; i++ {
		t := &d.Tokens[i]
		if t.End > start && t.Start < end {
			if first < 0 {
				first = i
			}
			last = i + 1
		}
	}
	return first, last
}
