package sentiment

import (
	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/token"
)

// implied adds the opinions that no word of praise or blame tells: a thing that is missing, an event that does not
// come, too much of something.
func (w *Worker) implied(dst []Opinion, d *parse.Doc) []Opinion {
	for i := range d.Chunks {
		if w.s.spoken[i] || d.Chunks[i].Kind == parse.Mark {
			continue
		}
		if o, ok := w.impliedBy(d, i); ok {
			dst = append(dst, o)
		}
	}
	return dst
}

func (w *Worker) impliedBy(d *parse.Doc, i int) (Opinion, bool) {
	c := &d.Chunks[i]
	o := Opinion{First: c.First, End: c.End, Chunk: i, Subject: -1, Clause: c.Clause, Flags: Implied}
	head := &d.Tokens[c.Head]
	odd := c.Negations%2 == 1
	switch {
	case c.Kind == parse.Adjectival && head.Base == "ない" && c.Negations == 1, c.Kind == parse.Verbal && head.Base == "ある" && odd, head.Surface == "なし":
		o.Subject = w.subject(d, i)
		return w.absent(d, i, o)
	case c.Any(parse.Excess) && c.Kind != parse.Nominal:
		o.Score, o.Rule = -1, "implied:すぎる"
	case c.Any(parse.Causative) && c.Any(parse.Passive) && !odd && c.Kind == parse.Verbal && !pleasant(head):
		o.Score, o.Rule = -0.9, "implied:させられる"
	case (c.Any(parse.Desire) && c.Any(parse.Receive) || c.Any(parse.Want)) && c.Any(parse.Past) && !c.Any(parse.Attributive):
		o.Score, o.Rule = -0.8, "implied:てほしかった"
	case c.Kind == parse.Nominal && c.ContentEnd-c.First > 1 && (head.Surface == "すぎ" || head.Surface == "過ぎ"):
		o.Score, o.Rule = -0.9, "implied:すぎ"
	case c.Kind == parse.Nominal && c.ContentEnd-c.First > 1 && (head.Surface == "だらけ" || head.Surface == "まみれ") && !c.Any(parse.Attributive):
		o.Score, o.Rule = -1, "implied:だらけ"
	case c.Any(parse.Receive) && endsTe(d, i) && !odd && !c.Any(parse.Please|parse.Want|parse.Desire|parse.Question):
		o.Score, o.Rule = 0.6, "implied:てくれて"
	case c.Any(parse.Hard):
		o.Score, o.Rule = -1.1, "implied:にくい"
	case c.Any(parse.Easy):
		o.Score, o.Rule = 0.9, "implied:やすい"
	case head.Base == "済む" && previousNegated(d, i):
		o.Score, o.Rule = 0.9, "implied:ずに済む"
		if odd {
			o.Score = -0.7
		}
	case c.Any(parse.Obligation) && !hasBeki(d, c) && (burdened(d, i) || c.Any(parse.Change)):
		o.Score, o.Rule = -0.9, "implied:なければならない"
	case odd && c.Kind == parse.Verbal && w.expected(d, c):
		if c.Any(parse.Partial|parse.NotOnly|parse.Obligation) || supposed(d, c) {
			return o, false
		}
		o.Score, o.Rule = -1.1, "implied:expected+neg"
		if o.Subject = w.subject(d, i); arrives(head) && w.unwanted(d, &o) {
			o.Score, o.Rule = 0.9, "implied:bad+neg" // ノイズが入らない
		}
	case odd && c.Kind == parse.Verbal && neverAgain(d, i) && !c.Any(parse.Partial|parse.Conditional) && !w.mishap(d, c):
		o.Score, o.Rule = -1.2, "implied:二度と…ない"
	case odd && c.Kind == parse.Verbal && c.Any(parse.Passive) && !c.Any(parse.Partial|parse.NotOnly|parse.Obligation|parse.Conditional|parse.Attributive):
		o.Score, o.Rule = -0.8, "implied:られない"
	case odd && c.Kind == parse.Verbal && nobody(d, i) && !c.Any(parse.Partial|parse.NotOnly|parse.Obligation):
		o.Score, o.Rule = -0.8, "implied:誰も…ない"
	case !odd && c.Kind == parse.Verbal && (c.Any(parse.Potential|parse.Passive) || w.expected(d, c)) && easily(d, i) && !c.Any(parse.Question|parse.Desire|parse.Want|parse.Conditional|parse.Please):
		o.Score, o.Rule = 0.8, "implied:楽にできる"
	case odd && c.Kind == parse.Verbal && c.Any(parse.Potential) && !c.Any(parse.Partial|parse.NotOnly|parse.Obligation):
		o.Score, o.Rule = -1, "implied:できない"
	case odd && w.mishap(d, c):
		o.Score, o.Rule = 0.9, "implied:mishap+neg"
	case !odd && c.Any(parse.Change) && (w.expected(d, c) || c.Any(parse.Potential)) && c.Negations == 0:
		o.Score, o.Rule = 0.9, "implied:expected+ようになる"
	case !odd && c.Any(parse.Past) && (w.expected(d, c) || c.Any(parse.Potential)) && atLast(d, i):
		o.Score, o.Rule = 0.7, "implied:無事"
	case c.Any(parse.Obligation) && !c.Any(parse.Negated) && hasBeki(d, c):
		o.Score, o.Rule = -0.8, "implied:べき"
		if !should(d, c) {
			o.Score = 0.8
		}
	case c.Any(parse.Receive) && c.Any(parse.Past) && !odd && !c.Any(parse.Please) && c.Kind == parse.Verbal:
		o.Score, o.Rule = 0.5, "implied:てくれた"
	default:
		return o, false
	}
	o.Subject = w.subject(d, i)
	if o.Score < 0 && odd && denied(d, i) {
		o.Score = 0.8
		o.Rule += "+ない"
	}
	modality(&parse.Chunk{Mod: c.Mod &^ (parse.Excess | parse.Hard), First: c.First, End: c.End}, &o)
	w.s.spoken[i] = true
	return o, true
}

// endsTe reports whether chunk i ends its sentence with て, leaving the thanks unsaid.
func endsTe(d *parse.Doc, i int) bool {
	c := &d.Chunks[i]
	s := &d.Sentences[c.Sentence]
	if last := d.Tokens[c.End-1].Surface; last != "て" && last != "で" {
		return false
	}
	for k := i + 1; k < s.EndChunk; k++ {
		if d.Chunks[k].Kind != parse.Mark {
			return false
		}
	}
	return true
}

// previousNegated reports whether the chunk before i is a negated verb that leads to it: しなくて済む, 待たずに済む.
func previousNegated(d *parse.Doc, i int) bool {
	return i > 0 && d.Chunks[i-1].Sentence == d.Chunks[i].Sentence && d.Chunks[i-1].Negations%2 == 1
}

// burdened reports whether the clause of chunk i says that a duty comes back again and again.
func burdened(d *parse.Doc, i int) bool {
	cl := &d.Clauses[d.Chunks[i].Clause]
	for t := cl.FirstToken; t < d.Chunks[i].End; t++ {
		switch d.Tokens[t].Surface {
		case "わざわざ", "毎回", "いちいち", "何度", "何回", "その都度", "都度", "毎日", "毎月", "一から", "二度", "全部", "手作業", "手動", "電話":
			return true
		}
	}
	return false
}

// pleasant reports whether being made to do it is no burden: 考えさせられる, 感動させられる.
func pleasant(t *token.Token) bool {
	switch t.Base {
	case "考える", "感動", "感心", "笑う", "泣く", "驚く", "楽しむ", "納得", "魅了", "感激":
		return true
	}
	return false
}

// nobody reports whether the clause of chunk i says 誰も, 何も, 一つも or まったく in front of it.
func nobody(d *parse.Doc, i int) bool {
	cl := &d.Clauses[d.Chunks[i].Clause]
	for t := cl.FirstToken; t+1 < d.Chunks[i].First; t++ {
		next := d.Tokens[t+1].Surface
		switch d.Tokens[t].Surface {
		case "誰", "だれ", "何", "なに", "一つ", "ひとつ", "1つ", "一言", "一度", "一切", "まったく", "全く", "少し", "いっこう", "一向":
			if next == "も" || next == "に" && (d.Tokens[t].Surface == "一向" || d.Tokens[t].Surface == "いっこう") {
				return true
			}
		}
		if s := d.Tokens[t].Surface; s == "ちっとも" || s == "さっぱり" || s == "なかなか" || s == "ろくに" || s == "まともに" || s == "一向に" || s == "いまだに" || s == "未だに" {
			return true
		}
	}
	return false
}

// easily reports whether the clause of chunk i says that it took little: 一人で, 15分で, すぐ, 初心者でも.
func easily(d *parse.Doc, i int) bool {
	cl := &d.Clauses[d.Chunks[i].Clause]
	for t := cl.FirstToken; t < d.Chunks[i].First; t++ {
		s := d.Tokens[t].Surface
		next := ""
		if t+1 < len(d.Tokens) {
			next = d.Tokens[t+1].Surface
		}
		switch s {
		case "すぐ", "すぐに", "簡単に", "手軽に", "気軽に", "一瞬", "一発", "片手", "ちゃんと", "きちんと", "しっかり", "きれいに", "綺麗に", "楽に", "楽々", "迷わず", "問題なく", "スムーズに", "さっと", "サッと", "そのまま", "まとめて", "いつでも", "どこでも", "誰でも":
			return true
		case "だけ", "のみ":
			if next == "で" {
				return true
			}
		case "人", "分", "日", "秒", "回", "時間", "円":
			if next == "で" && t > cl.FirstToken && (d.Tokens[t-1].POS == token.NounNumber || d.Tokens[t-1].Surface == "一") {
				return true
			}
		case "でも":
			if t > cl.FirstToken && d.Tokens[t-1].POS.IsNoun() {
				return true
			}
		}
	}
	return false
}

// mishap reports whether the chunk's verb is one that people are glad not to have to do.
func (w *Worker) mishap(d *parse.Doc, c *parse.Chunk) bool {
	for _, h := range d.HitsIn(c.First, c.End) {
		if w.e.lex.Brief(h.ID).Kind&lexicon.Mishap != 0 && int(h.Last) < c.End {
			return true
		}
	}
	return false
}

// atLast reports whether the clause of chunk i says that something went well or came at last: 無事, やっと, すぐ.
func atLast(d *parse.Doc, i int) bool {
	cl := &d.Clauses[d.Chunks[i].Clause]
	for t := cl.FirstToken; t < d.Chunks[i].First; t++ {
		switch d.Tokens[t].Surface {
		case "無事", "無事に", "やっと", "ようやく", "ついに", "すぐ", "すぐに", "問題なく", "スムーズに", "一発", "即日", "翌日":
			return true
		}
	}
	return false
}

// should reports whether べき names a duty that is neglected rather than an advice to buy or use.
func should(d *parse.Doc, c *parse.Chunk) bool {
	for i := c.First; i < c.End; i++ {
		switch t := &d.Tokens[i]; t.Base {
		case "続く", "置く", "広まる", "広める", "知る", "味わう", "聴く", "聞く", "遊ぶ", "訪れる", "選ぶ", "残す", "受ける", "続ける", "買う", "使う", "導入", "行く", "見る", "試す", "読む", "泊まる", "入れる", "契約", "参加", "活用", "利用", "体験", "食べる":
			if !d.Chunks[d.ChunkOf[i]].Any(parse.Passive | parse.Potential) {
				return false
			}
		}
	}
	return true
}

func hasBeki(d *parse.Doc, c *parse.Chunk) bool {
	for i := c.First; i < c.End; i++ {
		if b := d.Tokens[i].Base; b == "べし" || b == "べき" {
			return true
		}
	}
	return false
}

// expected reports whether the chunk's verb is an event one counts on.
func (w *Worker) expected(d *parse.Doc, c *parse.Chunk) bool {
	for _, h := range d.HitsIn(c.First, c.End) {
		if w.e.lex.Brief(h.ID).Kind&lexicon.Expected != 0 && int(h.Last) < c.End {
			return true
		}
	}
	return false
}

// absent reads Xがない: blame when X is wanted, praise when X is bad, nothing for 必要がない and its like.
func (w *Worker) absent(d *parse.Doc, i int, o Opinion) (Opinion, bool) {
	if o.Subject < 0 {
		return o, false
	}
	s := &d.Chunks[o.Subject]
	t := &d.Tokens[s.Head]
	switch t.Base {
	case "一度", "一回", "一つ", "1つ", "1度", "1回":
		return o, false
	}
	if t.Base == "手" && o.Subject > 0 && d.Chunks[o.Subject-1].Any(parse.Attributive) && d.Chunks[o.Subject-1].Kind == parse.Verbal {
		o.Score, o.Rule = -0.9, "implied:手はない" // 買う手はない
		if d.Chunks[o.Subject-1].Negations%2 == 1 {
			o.Score = 1
		}
		o.First = min(o.First, d.Chunks[o.Subject-1].First)
		w.s.spoken[i] = true
		return o, true
	}
	if s.Clause != d.Chunks[i].Clause || neutralAbsence(t.Base) || t.POS == token.NounDep || t.POS == token.NounPron {
		return o, false
	}
	class := w.classOf(d, o.Subject)
	switch {
	case class&w.e.bad != 0 && class&w.e.good == 0:
		o.Score, o.Rule = 1, "implied:ない+bad"
	case d.Tokens[d.Chunks[i].Head].Surface == "なし" && d.Chunks[i].End > d.Chunks[i].ContentEnd && (d.Tokens[d.Chunks[i].ContentEnd].Surface == "で" || d.Tokens[d.Chunks[i].ContentEnd].Surface == "でも"):
		return o, false
	case excluded(d, o.Subject) || topicExcluded(d, i):
		o.Score, o.Rule = 0.9, "implied:ない+ない" // 届かない日はない
	default:
		o.Score, o.Rule = -0.9, "implied:ない"
		if d.Chunks[i].Any(parse.Appear | parse.Guess | parse.Hearsay) {
			o.Score = -0.35
		}
	}
	if s.Any(parse.Only) {
		o.Score, o.Rule = -0.8, "implied:しかない"
		if class&w.e.good != 0 && class&w.e.bad == 0 {
			o.Score = 0.8
		}
	}
	o.First = min(o.First, s.First)
	o.Flags |= Absent
	w.s.spoken[i] = true
	return o, true
}

// neutralAbsence reports whether the lack of a thing says nothing about quality.
func neutralAbsence(noun string) bool {
	switch noun {
	case "必要", "関係", "予定", "機会", "つもり", "こと", "経験", "記憶", "覚え", "心当たり", "違い", "変わり", "変化", "例外", "限り",
		"他", "ほか", "時間", "興味", "用事", "用", "縁", "仕方", "しょうが", "様子", "方", "わけ", "訳", "はず", "気", "お金", "影響", "差", "特", "何", "誰", "どこ", "今",
		"ため", "余地", "まで", "くらい", "以上", "以外", "該当", "指定", "制限", "上限", "そんな", "ところ", "もの", "物", "事", "の", "人", "決まり", "間", "申し訳", "違", "心", "とんでも", "間違い", "最中", "途中", "本文", "タイトル", "件名", "無題":
		return true
	}
	return false
}
