package sentiment

import "voc/analyze/parse"

// At is the balance of what is said about the tokens [first, end): opinions whose subject they are, else the opinion
// that stands closest in their clause, else in their sentence. The indices of the opinions used are appended to used.
func At(d *parse.Doc, ops []Opinion, first, end int, used []int) (Sum, []int) {
	var sum Sum
	take := func(i int) {
		if ops[i].Score != 0 {
			sum.Add(ops[i].Score, 1)
			used = append(used, i)
		}
	}
	for i := range ops {
		if about(d, &ops[i], first, end) {
			take(i)
		}
	}
	if len(used) > 0 {
		return sum, used
	}
	cl := &d.Clauses[d.ClauseOf[first]]
	s := &d.Sentences[cl.Sentence]
	if i := closest(ops, end, cl.EndToken); i >= 0 {
		take(i)
		return sum, used
	}
	if i := closest(ops, end, s.EndToken); i >= 0 {
		take(i)
		return sum, used
	}
	best := -1
	for i := range ops {
		if ops[i].Score != 0 && ops[i].First >= s.FirstToken && ops[i].End <= first {
			best = i
		}
	}
	if best >= 0 {
		take(best)
	}
	return sum, used
}

// about reports whether an opinion is of the tokens [first, end): it covers them, or they are its subject or modify it.
func about(d *parse.Doc, o *Opinion, first, end int) bool {
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
		if ops[i].Score != 0 && ops[i].First >= from && ops[i].First < to {
			return i
		}
	}
	return -1
}
