package sentiment

import (
	"voc/analyze/parse"
)

// context applies what clauses do to the opinions in them: conditions, wishes, questions, hearsay, comparison with
// before and with others.
func (w *Worker) context(d *parse.Doc, ops []Opinion) {
	for i := range ops {
		o := &ops[i]
		cl := &d.Clauses[o.Clause]
		s := &d.Sentences[cl.Sentence]
		if cl.Quoted || s.Quoted {
			o.Flags |= Reported
			o.Score *= 0.3
			if s.Quoted {
				o.Score = 0
			}
		}
		w.conditional(d, cl, s, o)
		w.question(d, cl, s, o)
		if w.formerly(d, cl, s) {
			o.Flags |= Former
			o.Score *= 0.3
		}
		w.compare(d, cl, o)
	}
}

// conditional handles ば, たら, と and なら: wishes turn the wished-for quality into a lack, plain conditions weaken.
func (w *Worker) conditional(d *parse.Doc, cl *parse.Clause, s *parse.Sentence, o *Opinion) {
	ci := int(d.ClauseOf[o.First])
	if IsWish(d, ci) {
		// The clause that holds the condition.
		if o.Score > 0 {
			if more(d, cl) || isMeasure(o.Rule) || o.Score >= 1 {
				o.Score = -0.7
				o.Rule += "+wish"
			} else {
				o.Score = 0
			}
		} else if o.Score < 0 && !o.Has(Absent) {
			o.Score *= 0.8
		}
		o.Flags |= Wished
		return
	}
	if ci > s.FirstClause && IsWish(d, ci-1) {
		o.Score = 0
		o.Flags |= Wished
		return
	}
	c := &d.Chunks[o.Chunk]
	if cl.Link == parse.Condition && c.Any(parse.Conditional) && ci+1 < s.EndClause {
		o.Score *= 0.3
		o.Flags |= Supposed
	}
	if o.Has(Wished) {
		if o.Score > 0 {
			o.Score = -0.5
			if !more(d, cl) {
				o.Score = -0.3
			}
			o.Rule += "+wish"
		}
	}
}

// IsWish reports whether clause ci is a condition whose fulfilment is wished for: 〜と助かる, 〜たら嬉しい, もう少し〜れば.
func IsWish(d *parse.Doc, ci int) bool {
	cl := &d.Clauses[ci]
	s := &d.Sentences[cl.Sentence]
	if cl.Link != parse.Condition {
		return false
	}
	if ci+1 >= s.EndClause {
		// The main clause is left unsaid.
		return cl.EndChunk == s.EndChunk
	}
	next := &d.Clauses[ci+1]
	for i := next.FirstChunk; i < next.EndChunk; i++ {
		c := &d.Chunks[i]
		if c.Kind == parse.Mark || c.Kind == parse.Modifier || c.Kind == parse.Nominal && i+1 < next.EndChunk {
			continue
		}
		t := &d.Tokens[c.Head]
		switch t.Base {
		case "良い", "嬉しい", "うれしい", "助かる", "ありがたい", "幸い", "幸甚", "最高", "いう", "言う", "ベスト", "完璧", "便利", "満足", "文句", "ベター", "尚", "なお", "素敵", "喜ぶ", "理想":
		default:
			return false
		}
		if c.Any(parse.Past) {
			last := conditionWord(d, cl)
			if t.Base != "良い" {
				return false
			}
			return last == "ば" || last == "と" || wantedMore(d, cl)
		}
		return c.Negations == 0
	}
	return false
}

// conditionWord is the word that makes a clause a condition.
func conditionWord(d *parse.Doc, cl *parse.Clause) string {
	for i := cl.EndToken - 1; i >= cl.FirstToken; i-- {
		if t := &d.Tokens[i]; !t.POS.IsMark() {
			return t.Surface
		}
	}
	return ""
}

func wantedMore(d *parse.Doc, cl *parse.Clause) bool { return more(d, cl) }

// more reports whether a clause asks for more of something: もっと, もう少し, せめて.
func more(d *parse.Doc, cl *parse.Clause) bool {
	for i := cl.FirstToken; i < cl.EndToken; i++ {
		switch d.Tokens[i].Surface {
		case "もう少し", "もうちょっと", "もっと", "せめて", "もう", "もう一声", "ちゃんと", "しっかり", "きちんと", "まともに", "いい加減", "いいかげん", "早く", "さっさと", "もうすこし", "より", "あと少し":
			return true
		}
	}
	return false
}

// question takes the polarity out of questions, except of rhetorical ones and of the faults they ask about.
func (w *Worker) question(d *parse.Doc, cl *parse.Clause, s *parse.Sentence, o *Opinion) {
	if o.Clause != s.EndClause-1 || !clauseAsks(d, cl, s) {
		return
	}
	if o.Score < 0 && whyIn(d, s) {
		return
	}
	o.Flags |= Asked
	if o.Score < 0 && o.Has(Implied) && !w.offers(d, cl) {
		o.Score *= 0.4
		return
	}
	o.Score = 0
}

// offers reports whether the clause asks for a favour or a permission (〜できませんか).
func (w *Worker) offers(d *parse.Doc, cl *parse.Clause) bool {
	for i := cl.FirstChunk; i < cl.EndChunk; i++ {
		if c := &d.Chunks[i]; c.Any(parse.Question) && c.Negations > 0 {
			return true
		}
	}
	return false
}

func clauseAsks(d *parse.Doc, cl *parse.Clause, s *parse.Sentence) bool {
	if s.Question {
		return true
	}
	for i := cl.FirstChunk; i < cl.EndChunk; i++ {
		if d.Chunks[i].Any(parse.Question | parse.Doubt) {
			return true
		}
	}
	return false
}

// whyIn reports whether a sentence asks why, which presupposes what it asks about.
func whyIn(d *parse.Doc, s *parse.Sentence) bool {
	for i := s.FirstToken; i < s.EndToken; i++ {
		switch d.Tokens[i].Surface {
		case "なぜ", "何故", "なんで", "何で", "どうして", "どんだけ", "どれだけ", "いつまで", "いつになったら", "こんなに", "そんなに", "何度", "何回":
			return true
		}
	}
	return false
}

// formerly reports whether a clause tells how things were before: 以前は…でした, …だったのが.
func (w *Worker) formerly(d *parse.Doc, cl *parse.Clause, s *parse.Sentence) bool {
	ci := int(d.ClauseOf[cl.FirstToken])
	if ci+1 >= s.EndClause {
		return false
	}
	past := false
	for i := cl.FirstChunk; i < cl.EndChunk; i++ {
		past = past || d.Chunks[i].Any(parse.Past)
	}
	if !past {
		return false
	}
	for i := cl.FirstToken; i < cl.EndToken; i++ {
		switch d.Tokens[i].Surface {
		case "以前", "昔", "かつて", "従来", "当初", "最初", "これまで", "今まで", "いままで", "前", "元々", "もともと", "はじめ", "初め":
			if n := i + 1; n < cl.EndToken && (d.Tokens[n].Surface == "は" || d.Tokens[n].Surface == "、" || d.Tokens[n].Surface == "まで") || i+2 < cl.EndToken && d.Tokens[n].Surface == "まで" {
				return true
			}
		}
	}
	return false
}

// compare turns praise of another thing or of another time into blame: 前の方が使いやすかった, 他社の方が安い.
func (w *Worker) compare(d *parse.Doc, cl *parse.Clause, o *Opinion) {
	if o.Score <= 0 {
		return
	}
	for i := cl.FirstToken; i+1 < cl.EndToken && i < o.First; i++ {
		t := &d.Tokens[i]
		if (t.Surface == "方" || t.Surface == "ほう") && d.Tokens[i+1].Surface == "が" && other(d, cl.FirstToken, i) {
			o.Score *= -0.8
			o.Flags |= Compared
			o.Rule += "+比較"
			return
		}
	}
}

func other(d *parse.Doc, first, end int) bool {
	for i := first; i < end; i++ {
		switch d.Tokens[i].Surface {
		case "前", "以前", "昔", "旧", "他社", "他", "競合", "よそ", "別", "元", "ほか", "従来", "前回", "旧版", "初代", "改悪":
			return true
		}
	}
	return false
}
