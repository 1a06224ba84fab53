package sentiment

import "voc/analyze/parse"

// At is the balance of what is said about the tokens [first, end): the opinions whose subject they are; else, for a
// topic (は), the last opinion of the sentence, and for any other word the one that follows it closest. A trend that
// is neither good nor bad by itself counts as good when it is more of the target. The indices of the opinions used
// are appended to used.
func (w *Worker) At(d *parse.Doc, ops []Opinion, first, end int, used []int) (Sum, []int) {
	var sum Sum
	take := func(i int) {
		if v := w.valueAt(d, &ops[i], first); v != 0 {
			sum.Add(v, 1)
			used = append(used, i)
		}
	}
	cl := &d.Clauses[d.ClauseOf[first]]
	s := &d.Sentences[cl.Sentence]
	topic := topical(d, s, end)
	for i := range ops {
		if about(d, &ops[i], first, end) && !(topic && ops[i].Clause+1 < s.EndClause && laterAbout(d, ops, i, first, end)) {
			take(i)
		}
	}
	if len(used) > 0 {
		return sum, used
	}
	best := -1
	if topic {
		for i := range ops {
			if said(&ops[i]) && ops[i].First >= end && ops[i].First < s.EndToken {
				best = i
			}
		}
	}
	if best < 0 {
		best = closest(ops, end, s.EndToken)
	}
	if best < 0 {
		for i := range ops {
			if said(&ops[i]) && ops[i].First >= s.FirstToken && ops[i].End <= first {
				best = i
			}
		}
	}
	if best >= 0 {
		take(best)
	}
	return sum, used
}

func said(o *Opinion) bool { return o.Score != 0 || o.Trend != 0 }

// valueAt is what an opinion is worth for a target: its score, or its trend when the target is neither good nor bad.
func (w *Worker) valueAt(d *parse.Doc, o *Opinion, first int) float64 {
	if o.Trend == 0 {
		return o.Score
	}
	class := w.classOf(d, int(d.ChunkOf[first]))
	switch {
	case class&w.e.bad != 0 && class&w.e.good == 0 && class&w.e.price == 0:
		return -o.Trend
	case o.Score != 0 && class&w.e.good == 0 && class&w.e.price == 0 && o.Flags&Negation != 0:
		return o.Score
	}
	return o.Trend
}

// topical reports whether the tokens before end are the topic of their sentence: は, については, における….
func topical(d *parse.Doc, s *parse.Sentence, end int) bool {
	for i := end; i < min(end+4, s.EndToken); i++ {
		switch d.Tokens[i].Surface {
		case "は", "について", "につきまして", "においては", "におきましては", "における":
			return true
		case "が", "を", "や", "、", "も", "の":
			return false
		}
	}
	return false
}

// laterAbout reports whether a later opinion is also about the target.
func laterAbout(d *parse.Doc, ops []Opinion, i, first, end int) bool {
	for k := i + 1; k < len(ops); k++ {
		if said(&ops[k]) && ops[k].Clause > ops[i].Clause && about(d, &ops[k], first, end) {
			return true
		}
	}
	return false
}

// about reports whether an opinion is of the tokens [first, end): it covers them, or they are its subject or modify it.
func about(d *parse.Doc, o *Opinion, first, end int) bool {
	if !said(o) {
		return false
	}
	if o.First < end && o.End > first {
		return true
	}
	if o.Subject < 0 {
		return false
	}
	for ci, hop := o.Subject, 0; ci >= 0 && hop < 3; hop++ {
		c := &d.Chunks[ci]
		if c.First < end && c.End > first {
			return true
		}
		if ci == 0 || d.Chunks[ci-1].Governor != ci || !d.Chunks[ci-1].Any(parse.Attributive) {
			return false
		}
		ci--
	}
	return false
}

// closest is the first opinion that begins in [from, to), or -1.
func closest(ops []Opinion, from, to int) int {
	for i := range ops {
		if said(&ops[i]) && ops[i].First >= from && ops[i].First < to {
			return i
		}
	}
	return -1
}
