package sentiment

import (
	"voc/analyze/parse"
	"voc/analyze/token"
)

// context applies what clauses and sentences do to the opinions in them: hearsay, wishes and conditions, questions,
// comparison with before and with others, courtesy.
func (w *Worker) context(d *parse.Doc, ops []Opinion, ctx Context) {
	for i := range ops {
		o := &ops[i]
		cl := &d.Clauses[o.Clause]
		s := &d.Sentences[cl.Sentence]
		switch {
		case s.Quoted || ctx.Staff:
			o.Flags |= Reported
			o.Score = 0
			continue
		case cl.Quoted:
			o.Flags |= Reported
			o.Score *= 0.2
		}
		w.degreeOnly(d, ops, i)
		w.turned(d, cl, s, o)
		w.thirdPerson(d, o)
		w.conditional(d, cl, s, o, ctx)
		w.question(d, cl, s, o)
		w.compare(d, cl, o)
		w.advice(d, o)
	}
	w.voice(d, ops, ctx)
	w.former(d, ops)
	w.composed(d, ops)
	w.neither(d, ops)
	w.explained(d, ops)
	w.moods(d, ops)
	w.courtesy(ops)
}

// degreeOnly drops words that only say how much: 拍子抜けするほど楽, もったいないくらいの心遣い.
func (w *Worker) degreeOnly(d *parse.Doc, ops []Opinion, i int) {
	o := &ops[i]
	c := &d.Chunks[o.Chunk]
	last := d.Tokens[c.End-1].Surface
	if last == "の" && c.End-2 >= c.First {
		last = d.Tokens[c.End-2].Surface
	}
	if last != "ほど" && last != "くらい" && last != "ぐらい" && last != "程" {
		return
	}
	for k := range ops {
		if k != i && ops[k].Clause == o.Clause && ops[k].First >= o.End && ops[k].Score*o.Score < 0 {
			o.Score = 0
			return
		}
	}
}

// voice drops what announcements and pitches say of themselves, and weakens what an answer says of how things are in
// general: 〜ことがあります, 〜みたいです.
// isBlame reports whether an opinion blames with a word of blame and not by an event.
// general reports whether a sentence tells what happens at times: 〜ことがあります, 〜ことが多いです.
// hedged reports whether a sentence is worded as a guess or a shared experience.
// turned applies wordings that turn what a sentence says: 〜なんて誰が言った, 〜と言えば嘘になる, 〜どころか, 良いのは見た目だけ.
func (w *Worker) turned(d *parse.Doc, cl *parse.Clause, s *parse.Sentence, o *Opinion) {
	c := &d.Chunks[o.Chunk]
	for i := o.End; i < s.EndToken; i++ {
		t := &d.Tokens[i]
		next := func(k int) string {
			if i+k < s.EndToken {
				return d.Tokens[i+k].Base
			}
			return ""
		}
		switch {
		case t.Surface == "誰" && next(1) == "が" && next(2) == "言う", t.Surface == "嘘" && next(1) == "に" && next(2) == "なる":
			o.Score *= -0.8
			o.Rule += "+反語"
			return
		}
	}
	if cl.Link == parse.Concede && o.Clause+1 < s.EndClause {
		o.Score *= 0.3
	}
	if o.Clause+1 < s.EndClause && d.Clauses[o.Clause+1].Link != parse.Condition && opposes(d, &d.Clauses[o.Clause+1]) {
		o.Score *= 0.2
	}
	if o.Score > 0 && !o.Has(Thanks) && o.Clause+1 < s.EndClause && cl.Link == parse.List {
		last := &d.Clauses[s.EndClause-1]
		for i := last.FirstChunk; i < last.EndChunk; i++ {
			if h := d.Tokens[d.Chunks[i].Head].Base; h == "探す" || h == "募集" {
				o.Score *= 0.1
				return
			}
		}
	}
	if last := finalChunk(d, cl); last > o.Chunk && c.Sentence == d.Chunks[last].Sentence && o.Clause == d.Chunks[last].Clause && onlyPredicate(d, last) && o.End <= d.Chunks[last].First {
		o.Score *= -0.7
		o.Rule += "+だけ"
	}
}

// opposes reports whether a clause begins with かえって, むしろ or 逆に, which takes back what was expected before.
func opposes(d *parse.Doc, cl *parse.Clause) bool {
	for i := cl.FirstToken; i < min(cl.EndToken, cl.FirstToken+2); i++ {
		switch d.Tokens[i].Surface {
		case "かえって", "むしろ", "逆に", "却って":
			return true
		}
	}
	return false
}

// finalChunk is the last chunk of a clause that is no mark.
func finalChunk(d *parse.Doc, cl *parse.Clause) int {
	for i := cl.EndChunk - 1; i >= cl.FirstChunk; i-- {
		if d.Chunks[i].Kind != parse.Mark {
			return i
		}
	}
	return cl.FirstChunk
}

// onlyPredicate reports whether a chunk says that something is only that: 見た目だけ。, 最初だけだった.
func onlyPredicate(d *parse.Doc, chunk int) bool {
	c := &d.Chunks[chunk]
	if c.Kind != parse.Nominal || c.Any(parse.NotOnly) || c.ContentEnd >= c.End || d.Tokens[c.ContentEnd].Surface != "だけ" {
		return false
	}
	return c.ContentEnd+1 == c.End || d.Tokens[c.ContentEnd+1].POS == token.Aux
}

// neither drops pairs such as 早くも遅くもない and 悪くもないし良くもない.
// also reports whether an adjective chunk holds も.
// thirdPerson weakens what somebody else seems to feel: 友人は気に入っているようです.
// subjectOnly reports whether a subject is limited with だけは.
// conditional handles ば, たら, と and なら. What is wished for is not so; what is regretted is a lack; what is only
// supposed counts little.
// impatient reports whether a wish is worded as a reproach: ちゃんと, いい加減, まともに.
// counterfactual reports whether the clauses from ci on tell what would have been: もっと頼むんですけどね, 買ってた.
// IsWish reports whether clause ci is a condition whose fulfilment is wished for.
// WishKind tells which wish clause ci is, if it is a condition at all.
// wishHead reads the predicate of the clause behind a condition.
// conditionWord is the word that makes a clause a condition.
// more reports whether a clause asks for more of something: もっと, もう少し, せめて.
// question takes the polarity out of questions, except of rhetorical ones and of the faults they ask about.
// explains reports whether a clause ends in のか, んですか, のでしょうか, which rhetorical questions do.
// contradicts reports whether a sentence holds のに, which turns a question into an accusation.
// interrogatives tells whether a sentence asks why, whether it says こんなに, and whether it asks who or what.
// compare turns praise of another thing or of another time into blame: 前の方が使いやすかった, 他社の方が安い.
// rather reports whether the words before ほうが at token i are something one would rather do: 自分で作ったほうが早い.
// better reports whether an opinion says that the other thing is at least less bad: 紙の方がまし.
// advice takes the praise out of 〜した方がいい and 〜のがいい.
func (w *Worker) advice(d *parse.Doc, o *Opinion) {
	t := &d.Tokens[o.First]
	if o.Score <= 0 || t.Base != "良い" && t.Base != "おすすめ" || o.First < 2 || d.Chunks[o.Chunk].Any(parse.Past) {
		return
	}
	if p := &d.Tokens[o.First-1]; p.Surface != "が" {
		return
	}
	switch p := &d.Tokens[o.First-2]; p.Surface {
	case "方", "ほう":
		if o.First >= 3 && (d.Tokens[o.First-3].Base == "た" || d.Tokens[o.First-3].POS.IsVerb() || d.Tokens[o.First-3].POS.IsAdj() || d.Tokens[o.First-3].Base == "ない") {
			o.Score = 0
		}
	case "の":
		if o.First >= 3 && d.Tokens[o.First-3].POS.IsVerb() && t.Base == "良い" {
			o.Score *= 0.4
		}
	}
}

// former weakens what a text tells about how things were, when it goes on to tell how they are.
// onlyAtFirst reports whether a clause says 最初だけ.
// explained weakens a fault that only tells why something good was done: 不具合があったので交換していただきました.
// moods lets signs of mood act on the words beside them: tears beside joy are joy, 🙃 and (棒) turn praise into irony.
// despairs reports whether not knowing is told as a fault: after all trying, or with さっぱり.
// beside is the sum of the other opinions in the sentence of opinion i.
// asksForHelp reports whether the text asks somebody to explain.
// laterBalance is the sum of the opinions behind a clause.
// saysFormer reports whether a clause speaks of an earlier time: 以前は, 前回は, 先月まで, 導入前.
// courtesy drops thanks and set phrases when the text has something to blame: a thank-you makes no post mixed.
