package sentiment

import (
	"voc/analyze/parse"
	"voc/analyze/quantity"
	"voc/analyze/token"
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
		if w.s.says&saysExcept != 0 {
			dst = w.except(dst, d, s, begin)
		}
		dst = w.accusation(dst, d, s, begin)
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
	if head < 0 || next.Quoted || s.Quoted || s.Question && !explains(d, &d.Clauses[s.EndClause-1]) || gladAfter(d, s, ci+1, ops) {
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

// except reads Xを除けば and X以外は: X is the opposite of what is said of the rest.
func (w *Worker) except(dst []Opinion, d *parse.Doc, s *parse.Sentence, begin int) []Opinion {
	for i := s.FirstToken + 1; i+1 < s.EndToken; i++ {
		t, next := &d.Tokens[i], d.Tokens[i+1].Surface
		marker := (t.Surface == "以外" && (next == "は" || next == "、")) || t.Base == "除く" && (next == "ば" || next == "て" || next == "と") || (t.Surface == "ともかく" || t.Surface == "さておき")
		if !marker {
			continue
		}
		sum := 0.0
		for k := begin; k < len(dst); k++ {
			if o := &dst[k]; o.First > i && d.Clauses[o.Clause].Sentence == d.Clauses[d.ClauseOf[i]].Sentence {
				sum += o.Score
			}
		}
		if sum == 0 {
			continue
		}
		score := -0.8
		if sum < 0 {
			score = 0.8
		}
		ch := int(d.ChunkOf[i])
		first := d.Chunks[ch].First
		subject := -1
		if ch > 0 && first == i {
			subject = ch - 1
			first = d.Chunks[ch-1].First
		}
		dst = append(dst, Opinion{First: first, End: i + 1, Chunk: ch, Subject: subject, Clause: int(d.ClauseOf[i]), Score: score, Rule: "implied:以外", Flags: Implied})
		return dst
	}
	return dst
}

// accusation reads questions that hold no word of blame and still blame: 誰が使うの, いつになったら直るの, やる気あるんですか.
func (w *Worker) accusation(dst []Opinion, d *parse.Doc, s *parse.Sentence, begin int) []Opinion {
	last := &d.Clauses[s.EndClause-1]
	if s.Quoted || !clauseAsks(d, last, s) && !explains(d, last) {
		return dst
	}
	for k := begin; k < len(dst); k++ {
		if d.Clauses[dst[k].Clause].Sentence == last.Sentence && dst[k].Score < 0 {
			return dst
		}
	}
	found := -1
	for i := s.FirstToken; i < s.EndToken && found < 0; i++ {
		t := &d.Tokens[i]
		next := ""
		if i+1 < s.EndToken {
			next = d.Tokens[i+1].Surface
		}
		switch t.Surface {
		case "誰", "だれ":
			if next == "が" && explains(d, last) {
				found = i
			}
		case "いつ":
			if next == "に" && i+2 < s.EndToken && d.Tokens[i+2].Base == "なる" || next == "まで" {
				found = i
			}
		case "いつまで":
			found = i
		case "何", "なん":
			if (next == "回" || next == "度") && i+2 < s.EndToken && (d.Tokens[i+2].Base == "言う" || d.Tokens[i+2].Base == "やる" || d.Tokens[i+2].Base == "する") && d.Tokens[i+2].Form == token.FormConditional {
				found = i
			}
		case "何回", "何度", "何遍":
			if i+1 < s.EndToken && d.Tokens[i+1].Form == token.FormConditional {
				found = i
			}
		case "これ", "こんな", "こんなん":
			if explains(d, last) && (next == "で" && t.Surface == "これ" || t.Surface != "これ" && d.Tokens[min(i+1, s.EndToken-1)].POS.IsNoun()) {
				found = i
			}
		case "やる気", "本気", "正気":
			if i+1 < s.EndToken && (explains(d, last) || t.Surface == "正気") {
				found = i
			}
		}
	}
	if found < 0 {
		return dst
	}
	return append(dst, Opinion{First: found, End: last.EndToken, Chunk: int(d.ChunkOf[found]), Subject: -1, Clause: s.EndClause - 1, Score: -0.9, Rule: "implied:詰問", Flags: Implied})
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
		if first < 0 {
			continue
		}
		score := w.judge(d, s, c, first)
		if spoken(dst[begin:], d, first) {
			score = 0
		}
		if score != 0 || c.Direction != 0 {
			ch := int(d.ChunkOf[end-1])
			dst = append(dst, Opinion{First: first, End: end, Chunk: ch, Subject: w.subject(d, ch), Clause: int(d.ClauseOf[first]), Score: score, Trend: float64(c.Direction), Rule: "number:" + c.Value, Flags: Implied})
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
			e := w.e.lex.Brief(h.ID)
			if e.Class == 0 || int(h.Last) >= first || d.Chunks[d.ChunkOf[h.First]].ContentEnd != int(h.Last)+1 {
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
			return k, t.Base != "かかる" && t.Base != "掛かる" || c.Any(parse.Past|parse.Regret|parse.Progressive) || !approximate(d, i, k)
		case "も", "ほど", "くらい", "ぐらい", "以上", "近く", "間", "は", "程度", "弱", "強":
		default:
			return 0, false
		}
	}
	return 0, false
}

// approximate reports whether the words between an amount and its verb only estimate it: 3日ほどかかります.
func approximate(d *parse.Doc, i, k int) bool {
	for ; i < k; i++ {
		switch d.Tokens[i].Surface {
		case "ほど", "くらい", "ぐらい", "程度", "程", "前後":
			return true
		}
	}
	return false
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
