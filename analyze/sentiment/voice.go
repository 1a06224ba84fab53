package sentiment

import (
	"strings"

	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/token"
)

func (w *Worker) voice(d *parse.Doc, ops []Opinion, ctx Context) {
	official := false
	for i := range d.Hits {
		if w.e.lex.Brief(d.Hits[i].ID).Kind&lexicon.Official != 0 {
			official = true
			break
		}
	}
	for i := range ops {
		o := &ops[i]
		s := &d.Sentences[d.Clauses[o.Clause].Sentence]
		switch {
		case official && (o.Score > 0 || !isBlame(o)):
			o.Score = 0
			o.Flags |= Reported
		case general(d, s):
			o.Score *= 0.3
		case ctx.Reply && o.Has(Implied) && hedged(d, s):
			o.Score *= 0.3
		}
	}
}

func isBlame(o *Opinion) bool {
	return o.Score <= -0.9 && strings.HasPrefix(o.Rule, "lex:")
}

func general(d *parse.Doc, s *parse.Sentence) bool {
	for i := s.FirstToken; i+2 < s.EndToken; i++ {
		if d.Tokens[i].Surface == "こと" && (d.Tokens[i+1].Surface == "が" || d.Tokens[i+1].Surface == "も") && (d.Tokens[i+2].Base == "ある" || d.Tokens[i+2].Base == "多い") &&
			i > s.FirstToken && d.Tokens[i-1].Base != "た" && i+4 >= s.EndToken-2 {
			return true
		}
	}
	return false
}

func hedged(d *parse.Doc, s *parse.Sentence) bool {
	for i := s.FirstToken; i < s.EndToken; i++ {
		switch d.Tokens[i].Surface {
		case "みたい", "らしい", "そう", "と思い", "思い", "かも", "はず", "たぶん", "おそらく", "よね", "よ", "同じ", "同じく":
			return true
		}
	}
	return false
}

func (w *Worker) thirdPerson(d *parse.Doc, o *Opinion) {
	c := &d.Chunks[o.Chunk]
	if o.Subject < 0 {
		return
	}
	if o.Has(Stance) && isOther(&d.Tokens[d.Chunks[o.Subject].Head]) {
		o.Score = 0
		o.Flags |= Reported
		return
	}
	if o.Score > 0 && subjectOnly(d, &d.Chunks[o.Subject]) {
		o.Score *= -0.7 // 宣伝だけは一流
		o.Rule += "+だけは"
		return
	}
	if !c.Any(parse.Appear | parse.Hearsay | parse.Guess) {
		return
	}
	if isOther(&d.Tokens[d.Chunks[o.Subject].Head]) {
		o.Score *= 0.3
		o.Flags |= Reported
	}
}

func subjectOnly(d *parse.Doc, c *parse.Chunk) bool {
	for i := c.ContentEnd; i+1 < c.End; i++ {
		if d.Tokens[i].Surface == "だけ" && d.Tokens[i+1].Surface == "は" {
			return true
		}
	}
	return false
}

func (w *Worker) moods(d *parse.Doc, ops []Opinion) {
	irony := w.s.says&saysIrony != 0 && ironic(d)
	for i := range ops {
		if o := &ops[i]; o.Score < 0 && d.Chunks[o.Chunk].Any(parse.Receive) && !d.Chunks[o.Chunk].Any(parse.Negated|parse.Desire|parse.Want|parse.Conditional) {
			sentence := d.Clauses[o.Clause].Sentence
			for k := range ops {
				if ops[k].Score > 0 && d.Clauses[ops[k].Clause].Sentence == sentence {
					ops[k].Score *= -0.7
					ops[k].Flags &^= Thanks
					ops[k].Rule += "+皮肉"
				}
			}
		}
	}
	for i := range ops {
		o := &ops[i]
		if irony && o.Score > 0 {
			o.Score *= -0.8
			o.Flags &^= Thanks
			o.Rule += "+皮肉"
		}
		switch d.Tokens[o.First].Surface {
		case "😭", "😢", "🥺", "😂":
			if o.Score < 0 && beside(d, ops, i) > 0 {
				o.Score = 0
			}
		}
	}
	for i := range ops {
		switch o := &ops[i]; d.Tokens[o.First].Base {
		case "わかる", "分かる", "わからない", "分からない":
			switch {
			case o.Score >= 0:
			case asksForHelp(d):
				o.Score = 0
			case !despairs(d, o):
				o.Score *= 0.4
			}
		}
	}
}

// ironic reports whether a text marks its praise as irony.
func ironic(d *parse.Doc) bool {
	for i := range d.Tokens {
		switch d.Tokens[i].Surface {
		case "🙃":
			return true
		case "棒", "皮肉", "棒読み":
			if i > 0 && d.Tokens[i-1].POS == token.Open {
				return true
			}
		}
		if d.Tokens[i].Base == parse.AtomAngry {
			return true
		}
	}
	return false
}

func despairs(d *parse.Doc, o *Opinion) bool {
	cl := &d.Clauses[o.Clause]
	if o.Clause > 0 && d.Clauses[o.Clause-1].Link == parse.Concede {
		return true
	}
	for i := cl.FirstToken; i < o.First; i++ {
		switch d.Tokens[i].Surface {
		case "さっぱり", "全然", "まったく", "全く", "意味", "何", "良さ", "違い", "ても", "どこ", "どれ", "一切", "いまだに", "ぜんぜん":
			return true
		}
	}
	return false
}

func beside(d *parse.Doc, ops []Opinion, i int) float64 {
	sum := 0.0
	for k := range ops {
		if k != i && d.Clauses[ops[k].Clause].Sentence == d.Clauses[ops[i].Clause].Sentence {
			sum += ops[k].Score
		}
	}
	return sum
}

func asksForHelp(d *parse.Doc) bool {
	for i := range d.Tokens {
		switch d.Tokens[i].Base {
		case "教える", "おしえる", "教示", "教授", "質問", "アドバイス":
			return true
		}
	}
	for i := range d.Sentences {
		if d.Sentences[i].Question {
			return true
		}
	}
	return false
}

func (w *Worker) courtesy(ops []Opinion) {
	blamed := false
	for i := range ops {
		if !ops[i].Has(Thanks) && ops[i].Score <= -0.45 {
			blamed = true
		}
	}
	for i := range ops {
		if ops[i].Has(Thanks) && blamed {
			ops[i].Score = 0
		}
	}
}
