package sentiment

import (
	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/token"
)

// express turns a pick into an opinion: it follows the pick to the predicate it depends on and applies negation and
// the other modifications on the way.
func (w *Worker) express(dst []Opinion, d *parse.Doc, p *pick) []Opinion {
	c := &d.Chunks[p.chunk]
	if p.score == 0 && p.entry.Trend == 0 {
		return dst
	}
	flags := Flag(0)
	if p.entry.Kind&lexicon.Gratitude != 0 {
		flags |= Thanks
	}
	if p.entry.Kind&lexicon.Mend != 0 {
		flags |= Event
	}
	if p.entry.Kind&lexicon.Hope != 0 {
		flags |= Expectation
	}
	if p.entry.Kind&lexicon.Leaving != 0 {
		flags |= Stance
	}
	o := Opinion{Flags: flags, First: p.first, End: p.end, Chunk: p.chunk, Subject: p.subject, Clause: c.Clause, Score: p.score, Rule: p.rule}
	switch n := negationsAfter(d, c, p.end); {
	case p.subject >= 0 && p.subject < p.chunk && d.Chunks[p.subject].Any(parse.Only) && d.Chunks[p.subject].Clause == c.Clause:
		// 文句しか出てこない
	case n%2 == 1 && p.score < 0 && lacks(p.entry.Text) && grants(d, c):
		// 足りなくはない grants it and no more.
		o.Score *= -0.2
		o.Flags |= Negation
		o.End = max(o.End, c.End)
		o.Rule += "+neg"
	default:
		negate(c, &o, n)
	}
	if o.Score < 0 && withheld(p.entry.Text) && arrives(&d.Tokens[p.first]) && w.unwanted(d, &o) {
		o.Score = 0.9 // 迷惑メールが来なくなった
		o.Rule += "+bad"
	}
	if o.Score < 0 && p.subject > 0 && p.subject < p.chunk && elusive(p.entry.Text) && excluded(d, p.subject) {
		o.Score = 0.9 // 続けない理由が見当たらない
		o.Rule += "+ない"
	}
	if h := &d.Tokens[c.Head]; p.end <= c.Head && isNone(h) {
		negate(c, &o, 1) // 欠品ゼロ, 不満なし
	}
	if p.end > c.ContentEnd {
		// すぎる and にくい are part of the phrase already.
		modality(&parse.Chunk{Mod: c.Mod &^ (parse.Excess | parse.Hard | parse.Easy)}, &o)
	} else {
		modality(c, &o)
	}
	w.climb(d, p.chunk, &o)
	o.Score *= w.degree(d, p)
	o.Trend = p.entry.Trend
	if o.Has(Negation) {
		o.Trend = -o.Trend
	}
	if p.score != 0 {
		w.s.spoken[p.chunk] = true
	}
	return append(dst, o)
}

// negate applies n negations and the partial ones of chunk c.
func negate(c *parse.Chunk, o *Opinion, n int) {
	if n == 0 || c.Any(parse.NotOnly) && n == 1 {
		return
	}
	switch {
	case c.Any(parse.Only):
	case o.Has(Stance):
		// 解約しません: to stay is no praise.
		o.Score *= 0.1
		o.Flags |= Negation
	case n%2 == 1 && c.Any(parse.Partial) && c.Any(parse.Thought) && o.Score > 0:
		o.Score *= -0.7 // 良いとは言えない
		o.Flags |= Negation
	case n%2 == 1 && c.Any(parse.Partial):
		o.Score *= -0.2
		o.Flags |= Negation
	case n%2 == 1:
		if o.Score > 0 {
			o.Score *= -0.9
		} else {
			o.Score *= -0.7
		}
		o.Flags |= Negation
	case c.Any(parse.Certain):
		o.Score *= 0.9 // 満足しないはずがない
	case c.Any(parse.Thought):
		o.Score *= 0.7 // 見づらくないとは言えない
	case c.Any(parse.Partial):
		o.Score *= 0.3 // 満足していないわけではない
	default:
		o.Score *= 0.5
	}
	o.End = max(o.End, c.End)
	o.Rule += "+neg"
}

// modality applies what else modifies the chunk.
func modality(c *parse.Chunk, o *Opinion) {
	switch {
	case c.Any(parse.Excess) && o.Score > 0 && o.Has(0) && isMeasure(o.Rule):
		o.Score = -1
		o.Rule += "+すぎる"
	case c.Any(parse.Excess):
		o.Score *= 1.4
	}
	if c.Any(parse.Hard) {
		o.Score *= -0.8
		o.Rule += "+にくい"
		o.End = max(o.End, c.End)
	}
	if c.Any(parse.Mistaken) {
		if o.Score > 0 {
			o.Score = -0.8
		} else {
			o.Score = 0
		}
		o.Rule += "+と思ったら"
	}
	if c.Any(parse.Want) {
		o.Flags |= Wished
	}
	if c.Any(parse.Desire) && !c.Any(parse.Past) && o.Score > 0 && isMeasure(o.Rule) {
		o.Flags |= Wished // ズレをなくしたい
	}
	if c.Any(parse.Appear) && !c.Any(parse.Past) {
		o.Score *= 0.7
	}
	if c.Any(parse.Desire|parse.Want) && c.Any(parse.Past) && c.Any(parse.Receive) && o.Score > 0 {
		o.Score = -0.8
		o.Rule += "+たかった"
	}
	if c.Any(parse.Hearsay) {
		o.Score *= 0.25
		o.Flags |= Reported
	}
	if c.Any(parse.Guess) && !c.Any(parse.Certain) {
		o.Score *= 0.7
	}
	if c.Any(parse.Obligation) {
		o.Score *= 0.6
	}
}

// isMeasure reports whether a rule reads a measure, which can be too much of a good thing (安すぎる, 早すぎる).
func isMeasure(rule string) bool { return len(rule) > 5 && rule[:5] == "pair:" }

// climb follows the governors of a chunk and turns the opinion when one of them is negated.
func (w *Worker) climb(d *parse.Doc, ci int, o *Opinion) {
	for hop := 0; hop < 3; hop++ {
		c := &d.Chunks[ci]
		g := c.Governor
		if g < 0 {
			return
		}
		gov := &d.Chunks[g]
		if c.Any(parse.Only) && c.Particle == "と" {
			return // 悪いとしか言いようがない
		}
		if gov.Clause != c.Clause && !c.Any(parse.Attributive) {
			return
		}
		nominal := c.Kind == parse.Nominal && !c.Any(parse.Attributive)
		head := &d.Tokens[gov.Head]
		switch {
		case c.Any(parse.Attributive) && superlative(d, o.First):
			if none := gov.Governor; none >= 0 && isNone(&d.Tokens[d.Chunks[none].Head]) {
				w.s.spoken[none] = true
			}
			return // これほど使いにくいものは見たことがない
		case c.Any(parse.Attributive) && o.Score < 0 && hypothetical(d, g):
			o.Score *= 0.15
			o.Flags |= Supposed
			return
		case nothingBut(d, gov), nominal && head.Surface == "どころ" && gov.Negations > 0:
			return // 苦痛以外の何物でもない
		case head.Base == "越す" && gov.Negations > 0:
			o.Score *= 0.2 // 早いに越したことはない
			o.Flags |= Wished
			return
		case nominal && o.Score < 0 && (head.Base == "備える" || head.Base == "想定" || head.Base == "防ぐ" || head.Base == "報告" || head.Base == "見つける" && gov.Any(parse.Conditional)):
			o.Score *= 0.15
			return
		case c.Any(parse.Attributive) && o.Has(Stance) && (isPerson(head) || isOther(head)):
			o.Score = 0
			return
		case c.Any(parse.Attributive) && o.Score > 0 && lavish(&d.Tokens[o.First]) && w.classOf(d, g)&w.e.bad != 0 && w.classOf(d, g)&w.e.good == 0:
			// 素晴らしい待ち時間, 見事なバグ
			o.Score = -1
			o.Rule += "+皮肉"
			o.End = max(o.End, gov.End)
			return
		case c.Any(parse.Attributive) && o.Score < 0 && isPerson(head) && gov.Particle != "が":
			// 困っている人, 面倒な方: said of people in general.
			o.Score *= 0.25
			return
		case c.Any(parse.Attributive):
			// The noun carries the opinion on; its own negation counts when it is the predicate.
			if gov.Negations > 0 && gov.Kind == parse.Nominal {
				if c.Any(parse.Partial) && c.Negations == 0 {
					o.Score *= -0.2 // 苦情を言うほどのことではない
					o.Flags |= Negation
					w.s.spoken[g] = true
					return
				}
				negate(gov, o, gov.Negations)
				w.s.spoken[g] = true
				return
			}
			modality(gov, o)
		case c.Any(parse.Only) && (isNone(head) || gov.Negations > 0):
			w.s.spoken[g] = true // 不満しかない
			return
		case nominal && isNone(head):
			n := gov.Negations
			if n == 0 {
				n = 1 // なし
			}
			negate(gov, o, n)
			w.s.spoken[g] = true
			o.End = max(o.End, gov.End)
			if !gov.Any(parse.Attributive) {
				return
			}
		case gov.Negations > 0:
			if w.speaks(g) {
				return
			}
			if c.Particle == "に" && o.Score < 0 || c.Particle == "で" && nominal {
				return
			}
			if head.Base == "わけ" || head.Base == "訳" {
				o.Score *= -0.2
				o.Flags |= Negation
				return
			}
			negate(gov, o, gov.Negations)
			w.s.spoken[g] = true
			if !gov.Any(parse.Attributive) {
				return
			}
		default:
			if w.speaks(g) {
				return
			}
			if seeks(head) && o.Score > 0 && !o.Has(Thanks) {
				o.Score *= 0.1
				return
			}
			if gov.Any(parse.Want | parse.Desire) {
				o.Flags |= Wished
			}
			if gov.Any(parse.Hard) && o.Score > 0 {
				o.Score *= -0.6
				w.s.spoken[g] = true
			}
			if gov.Any(parse.Hearsay) {
				o.Flags |= Reported
				o.Score *= 0.3
			}
		}
		ci = g
	}
}

// superlative reports whether これほど or こんなに stands before token i in its clause.
func superlative(d *parse.Doc, i int) bool {
	for k := i - 1; k >= 0 && k > i-6 && d.ClauseOf[k] == d.ClauseOf[i]; k-- {
		switch d.Tokens[k].Surface {
		case "これほど", "こんなに", "ここまで", "これだけ", "ほど":
			return true
		case "以上":
			if k > 0 && (d.Tokens[k-1].Surface == "これ" || d.Tokens[k-1].Surface == "それ") {
				return true
			}
		}
	}
	return false
}

// hypothetical reports whether a noun makes what modifies it a mere possibility: 場合, 対処法.
func hypothetical(d *parse.Doc, chunk int) bool {
	c := &d.Chunks[chunk]
	switch d.Tokens[c.Head].Base {
	case "場合", "際", "対処法", "対処", "対策", "連絡先", "返送先", "備え", "可能性", "リスク", "恐れ", "心配", "予防", "方法", "原因":
		return true
	case "とき", "時":
		return c.Any(parse.Attributive)
	}
	return false
}

// isOther reports whether t names a person other than the writer.
func isOther(t *token.Token) bool {
	switch t.Base {
	case "友人", "友達", "友だち", "知人", "知り合い", "同僚", "上司", "部下", "先輩", "後輩", "夫", "妻", "旦那", "嫁", "主人", "家内", "娘", "息子", "母", "父", "姉", "妹", "兄", "弟",
		"隣", "会社", "他社", "お客様", "客", "顧客", "ユーザー", "ユーザ", "メンバー", "みんな", "皆":
		return true
	}
	return false
}

// lavish reports whether t is a word of praise that turns into irony before a bad thing.
func lavish(t *token.Token) bool {
	switch t.Base {
	case "素晴らしい", "見事", "立派", "最高", "素敵", "贅沢", "親切", "優秀", "完璧", "すばらしい", "ご立派", "画期的", "斬新", "ありがたい", "楽しい":
		return true
	}
	return false
}

// seeks reports whether t asks for or offers a thing, so that what describes the thing is no praise of it.
func seeks(t *token.Token) bool {
	switch t.Base {
	case "探す", "教える", "求める", "募集", "まとめる", "実施", "開催", "目指す", "提供", "検討", "配布", "公開", "掲載", "ご紹介", "案内", "用意", "お願い", "希望", "調べる", "開始", "販売", "発売", "伺う", "聞く", "お持ち", "ご存知", "ご存じ":
		return true
	}
	return false
}

func isPerson(t *token.Token) bool {
	switch t.Base {
	case "人", "方", "かた", "ひと", "者", "人間", "みなさん", "皆さん":
		return true
	}
	return false
}

// speaks reports whether a chunk has an opinion of its own that takes its negation.
func (w *Worker) speaks(chunk int) bool {
	for i := range w.s.picked {
		if w.s.picked[i].chunk == chunk && w.s.picked[i].score != 0 && !w.s.taken[i] {
			return true
		}
	}
	return false
}

// isNone reports whether t says that something is not there.
func isNone(t *token.Token) bool {
	switch t.Base {
	case "ない", "なし", "無し", "皆無", "ゼロ", "知らず", "いらず", "要らず":
		return true
	}
	return false
}

// degree is the factor of the adverbs in front of a pick.
func (w *Worker) degree(d *parse.Doc, p *pick) float64 {
	f := 1.0
	for i := p.first - 1; i >= max(0, p.first-3); i-- {
		if d.ClauseOf[i] != d.ClauseOf[p.first] {
			break
		}
		for _, h := range d.HitsIn(i, i+1) {
			if w.e.lex.Brief(h.ID).Kind&lexicon.Degree != 0 && int(h.Last) < p.first {
				f *= w.e.lex.Entry(h.ID).Factor
			}
		}
	}
	return min(f, 1.6)
}
