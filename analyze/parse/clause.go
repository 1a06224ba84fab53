package parse

import "voc/analyze/token"

// clauses cuts the sentence with index si into clauses and ties its chunks to their governors.
func (k *chunker) clauses(si int) {
	d := k.d
	s := &d.Sentences[si]
	s.FirstClause = len(d.Clauses)
	k.end = s.EndToken
	first := s.FirstChunk
	for i := s.FirstChunk; i < s.EndChunk; i++ {
		link, cut := k.boundary(i, s.EndChunk)
		if !cut && i+1 < s.EndChunk {
			continue
		}
		// Marks right behind a clause belong to it.
		for i+1 < s.EndChunk && d.Chunks[i+1].Kind == Mark && !k.opens(i+1) {
			i++
		}
		k.closeClause(si, first, i+1, link)
		first = i + 1
	}
	s.EndClause = len(d.Clauses)
	k.lead(s)
	for ci := s.FirstClause; ci < s.EndClause; ci++ {
		k.govern(&d.Clauses[ci], s)
	}
	if n := s.EndChunk; n > s.FirstChunk {
		for n > s.FirstChunk && d.Chunks[n-1].Kind == Mark {
			n--
		}
		if n > s.FirstChunk {
			d.Chunks[n-1].Mod |= Final
			if s.Question {
				d.Chunks[n-1].Mod |= Question
			}
		}
	}
}

func (k *chunker) opens(chunk int) bool {
	return k.d.Tokens[k.d.Chunks[chunk].First].POS == token.Open
}

func (k *chunker) closeClause(si, first, end int, link Link) {
	d := k.d
	c := Clause{Sentence: si, FirstChunk: first, EndChunk: end, Link: link,
		FirstToken: d.Chunks[first].First, EndToken: d.Chunks[end-1].End, Quoted: d.Sentences[si].Quoted}
	for i := first; i < end; i++ {
		d.Chunks[i].Clause = len(d.Clauses)
	}
	d.Clauses = append(d.Clauses, c)
}

// boundary reports whether a clause ends with chunk i, and how it relates to the next.
func (k *chunker) boundary(i, end int) (Link, bool) {
	d := k.d
	c := &d.Chunks[i]
	last := k.tok(c.End - 1)
	next := &nothing
	if i+1 < end {
		next = &d.Tokens[d.Chunks[i+1].First]
	}
	if c.Kind == Mark {
		switch last.POS {
		case token.Comma, token.Open, token.Close:
			return None, false
		case token.Space:
			return None, i > 0 && spaceEnds(&d.Tokens[c.First-1])
		}
		return None, true
	}
	if last.POS == token.Joining {
		if l, ok := joiningLink(last.Base); ok {
			return l, true
		}
	}
	switch {
	case c.Any(Conditional) && (last.Form == token.FormConditional || last.Surface == "なら" || last.Surface == "だら" || last.Surface == "ば" || last.Surface == "と"):
		return Condition, true
	case c.Any(Concession) && last.Surface == "も":
		return Concede, true
	}
	if l, ok := k.nounLink(c, next); ok {
		return l, true
	}
	if last.Surface == "が" && last.POS == token.Case && next.POS == token.Comma && c.Kind != Nominal {
		return Contrast, true
	}
	if c.Particle != "" || c.Any(Attributive) {
		return None, false
	}
	comma := next.POS == token.Comma
	switch {
	case last.POS == token.Aux && last.Surface == "で" && c.Kind != Verbal:
		return List, comma || c.Kind == NaAdj
	case last.Surface == "で" && c.Kind == NaAdj:
		return List, true
	case last.Form == token.FormContinuous && (comma || last.Base == "ぬ" || last.Base == "ず"):
		return List, !c.Any(Adverbial) || comma
	case last.Surface == "ず" && comma:
		return List, true
	case last.Form == token.FormBase && (next.POS.IsMark() && next.POS != token.Close):
		return None, true
	}
	return None, false
}

// spaceEnds reports whether a space behind t separates statements: not behind a particle or a Latin word.
func spaceEnds(t *token.Token) bool {
	if t.POS.IsParticle() && t.POS != token.Final {
		return false
	}
	r := rune(0)
	for _, x := range t.Surface {
		r = x
	}
	return r > 0x80
}

func joiningLink(base string) (Link, bool) {
	switch base {
	case "が", "けど", "けれど", "けれども", "けども", "のに", "ものの", "くせに", "ものを", "けん":
		return Contrast, true
	case "ので", "から", "んで", "もんで":
		return Cause, true
	case "し", "て", "で", "つつ", "ながら", "たり", "だり":
		return List, true
	case "ば", "と":
		return Condition, true
	case "ても", "でも", "とも":
		return Concede, true
	}
	return None, false
}

// nounLink finds the clause links that are made with dependent nouns: 一方, 反面, ため, 場合.
func (k *chunker) nounLink(c *Chunk, next *token.Token) (Link, bool) {
	if c.Kind != Nominal || c.Any(Attributive) {
		return None, false
	}
	h := k.tok(c.ContentEnd - 1)
	if c.First > 0 && c.ContentEnd-c.First == 1 {
		switch h.Surface {
		case "一方", "反面", "半面", "代わり", "かわり", "割", "わり", "くせ", "とはいえ":
			return Contrast, true
		case "ため", "為", "せい", "おかげ", "お陰":
			if c.Particle != "の" && (c.Particle == "に" || c.Particle == "" || c.Particle == "で") && next.POS != token.Aux {
				return Cause, true
			}
		case "場合", "際":
			return Condition, next.POS == token.Comma || c.Particle == "は"
		}
	}
	return None, false
}

// lead records connectives at the beginning of clauses.
func (k *chunker) lead(s *Sentence) {
	d := k.d
	for ci := s.FirstClause; ci < s.EndClause; ci++ {
		c := &d.Clauses[ci]
		for i := c.FirstChunk; i < c.EndChunk; i++ {
			ch := &d.Chunks[i]
			if ch.Kind == Mark {
				continue
			}
			c.Lead = leadOf(d.Tokens[ch.First:min(ch.End, ch.First+3)])
			break
		}
	}
}

func leadOf(ts []token.Token) Link {
	switch ts[0].Surface {
	case "しかし", "でも", "だが", "ただ", "ただし", "けど", "けれど", "けれども", "だけど", "ところが", "とはいえ", "それでも", "なのに",
		"しかしながら", "ですが", "もっとも", "一方", "逆に", "だけれども", "せやけど", "ですけど", "そのかわり", "それなのに", "にもかかわらず", "だけども", "が", "惜しむらく", "反対":
		return Contrast
	case "だから", "なので", "そのため", "ですから", "よって", "したがって", "おかげ":
		return Cause
	}
	if len(ts) > 1 && (ts[0].Base == "です" || ts[0].Base == "だ") && (ts[1].Surface == "が" || ts[1].Surface == "けど") {
		return Contrast
	}
	return None
}

// govern finds the governor of each chunk of a clause.
func (k *chunker) govern(c *Clause, s *Sentence) {
	d := k.d
	head := -1
	for i := c.EndChunk - 1; i >= c.FirstChunk; i-- {
		if ch := &d.Chunks[i]; ch.Kind != Mark && ch.Kind != Connective {
			head = i
			break
		}
	}
	for i := c.FirstChunk; i < c.EndChunk; i++ {
		ch := &d.Chunks[i]
		if ch.Kind == Mark || ch.Kind == Connective || i == head && !ch.Any(Attributive) {
			continue
		}
		switch {
		case ch.Any(Attributive):
			for j := i + 1; j < s.EndChunk; j++ {
				if n := &d.Chunks[j]; n.Kind == Nominal || n.Kind == NaAdj || n.Kind == Verbal && d.Tokens[n.Head].POS.IsNoun() {
					ch.Governor = j
					break
				}
			}
		case (ch.Particle == "は" || ch.Particle == "も") && !(i+1 < c.EndChunk && d.Chunks[i+1].Predicate()):
			ch.Governor = head
		default:
			ch.Governor = k.nextPredicate(i, c.EndChunk, head)
		}
	}
}

func (k *chunker) nextPredicate(i, end, head int) int {
	for j := i + 1; j < end; j++ {
		if n := &k.d.Chunks[j]; n.Predicate() && !(n.Any(Adverbial) && j != head) || j == head {
			return j
		}
	}
	return head
}
