package sentiment

import (
	"voc/analyze/parse"
	"voc/analyze/token"
)

func (w *Worker) conditional(d *parse.Doc, cl *parse.Clause, s *parse.Sentence, o *Opinion, ctx Context) {
	ci := o.Clause
	before := ci > s.FirstClause && d.Clauses[ci-1].Link == parse.Condition
	switch wish := WishKind(d, ci); {
	case wish != NoWish:
		o.Flags |= Wished
		switch {
		case o.Score > 0 && wish == Regret:
			o.Score = -0.8
			o.Rule += "+regret"
		case o.Score > 0:
			o.Score = 0
			if wish == Better && more(d, cl) {
				o.Score = -0.55
				o.Rule += "+wish"
			}
		case o.Score < 0 && o.Has(Implied):
			o.Score *= 0.6
		}
		return
	case before && WishKind(d, ci-1) != NoWish:
		if o.Score > 0 {
			o.Score = 0
		}
		o.Flags |= Wished
		return
	}
	if w.without(d, s, o) {
		return
	}
	c := &d.Chunks[o.Chunk]
	if cl.Link == parse.Condition && ci+1 < s.EndClause && (c.Any(parse.Conditional) || c.Governor >= 0 && d.Chunks[c.Governor].Any(parse.Conditional)) {
		if o.Score > 0 && counterfactual(d, s, ci+1) {
			o.Score = -0.8
			o.Rule += "+counterfactual"
			return
		}
		o.Score *= 0.25
		o.Flags |= Supposed
		return
	}
	if before && !clausePast(d, cl) {
		switch {
		case o.Score > 0 && d.Tokens[o.First].Base == "済む" && o.First+1 < s.EndToken && d.Chunks[o.Chunk].Negations == 0:
			o.Score *= 0.3 // 電話すれば済む話
		case o.Score > 0 && (o.Has(Negation) || o.Has(Implied)), o.Score > 0 && ctx.Reply && isFix(d, o):
			o.Score *= 0.35
		case o.Score < 0 && isFeeling(d, o):
			o.Score *= 0.4
		}
	}
	if o.Has(Wished) && o.Score > 0 {
		o.Score = 0
		if impatient(d, cl) {
			o.Score = -0.6
			o.Rule += "+wish"
		}
	}
}

func impatient(d *parse.Doc, cl *parse.Clause) bool {
	for i := cl.FirstToken; i < cl.EndToken; i++ {
		switch d.Tokens[i].Surface {
		case "ちゃんと", "きちんと", "いい加減", "いいかげん", "まともに", "さっさと", "せめて", "しっかり":
			return true
		}
	}
	return false
}

func isFix(d *parse.Doc, o *Opinion) bool {
	switch d.Tokens[o.First].Base {
	case "直る", "治る", "解決", "動く", "戻る", "使える", "消える", "解消", "復旧", "良い", "大丈夫", "改善":
		return true
	}
	return false
}

func isFeeling(d *parse.Doc, o *Opinion) bool {
	switch d.Tokens[o.First].Base {
	case "困る", "心配", "不安", "怖い", "嫌", "いや", "危険", "迷惑", "大変", "困惑", "面倒":
		return true
	}
	return false
}

func clausePast(d *parse.Doc, cl *parse.Clause) bool {
	for i := cl.EndChunk - 1; i >= cl.FirstChunk; i-- {
		c := &d.Chunks[i]
		if c.Kind == parse.Mark {
			continue
		}
		return c.Any(parse.Past)
	}
	return false
}

func counterfactual(d *parse.Doc, s *parse.Sentence, ci int) bool {
	for ; ci < s.EndClause; ci++ {
		cl := &d.Clauses[ci]
		verb, past, want, but, more := false, false, false, false, false
		for i := cl.FirstToken; i < cl.EndToken; i++ {
			t := &d.Tokens[i]
			switch t.Base {
			case "買う", "頼む", "続ける", "使う", "契約", "申し込む", "注文", "導入", "通う", "泊まる", "行く", "選ぶ", "検討", "購入", "利用", "薦める", "勧める", "星", "やめる", "乗り換える":
				verb = true
			case "たい":
				want = true
			case "た":
				past = true
			case "けど", "けれど", "のに", "が", "けれども":
				but = but || t.POS == token.Joining
			case "もっと", "すぐ", "今すぐ", "毎日", "すぐに", "とっくに":
				more = true
			}
		}
		if verb && (but || past || want && more) {
			return true
		}
	}
	return false
}

// Wish says what kind of wish a condition is.
type Wish uint8

// The kinds of wishes.
const (
	NoWish Wish = iota
	Polite      // 〜と助かる, 〜たら嬉しい: a request
	Better      // 〜といい: it could be better
	Regret      // 〜ばよかった, 〜ば最高なのに: it is not so
	Elided      // もう少し速ければ。 with nothing behind
)

func IsWish(d *parse.Doc, ci int) bool { return WishKind(d, ci) != NoWish }

func WishKind(d *parse.Doc, ci int) Wish {
	cl := &d.Clauses[ci]
	s := &d.Sentences[cl.Sentence]
	if cl.Link != parse.Condition {
		return NoWish
	}
	word := conditionWord(d, cl)
	if ci+1 >= s.EndClause {
		if word == "なら" || word == "だったら" {
			return NoWish
		}
		return Elided
	}
	next := &d.Clauses[ci+1]
	for i := next.FirstChunk; i < next.EndChunk; i++ {
		c := &d.Chunks[i]
		if c.Kind == parse.Mark {
			if i == next.FirstChunk {
				continue
			}
			break
		}
		if c.Kind == parse.Modifier || c.Kind == parse.Exclaim {
			continue
		}
		return wishHead(d, next, i, word, more(d, cl))
	}
	return Elided
}

func wishHead(d *parse.Doc, next *parse.Clause, i int, word string, asksMore bool) Wish {
	c := &d.Chunks[i]
	t := &d.Tokens[c.Head]
	if c.Negations > 0 {
		return NoWish
	}
	var kind Wish
	switch t.Base {
	case "嬉しい", "うれしい", "助かる", "ありがたい", "幸い", "幸甚", "喜ぶ", "理想", "理想的", "幸せ":
		kind = Polite
	case "良い", "最高", "完璧", "ベスト", "ベター", "満足", "素敵", "便利", "文句", "なお", "尚", "いう", "尚更", "申し分", "さらに", "好み", "完ぺき", "神", "嬉しさ", "使いやすい", "楽":
		kind = Better
	default:
		return NoWish
	}
	if endsWith(d, next, "のに") || (endsWith(d, next, "けど") || endsWith(d, next, "けどな")) && kind == Better {
		return Regret
	}
	if !c.Any(parse.Past) {
		if c.Any(parse.Question) && word != "と" {
			return NoWish
		}
		return kind
	}
	if kind == Polite && t.Base != "ありがたい" {
		return NoWish
	}
	asksMore = asksMore || i > next.FirstChunk && more(d, next)
	if t.Base == "良い" && (word == "ば" || word == "と" || asksMore) || word == "ば" || asksMore {
		return Regret
	}
	return NoWish
}

func endsWith(d *parse.Doc, cl *parse.Clause, word string) bool {
	for i := cl.EndToken - 1; i >= cl.FirstToken; i-- {
		t := &d.Tokens[i]
		if t.POS.IsMark() || t.POS == token.Final {
			continue
		}
		return t.Surface == word
	}
	return false
}

func conditionWord(d *parse.Doc, cl *parse.Clause) string {
	for i := cl.EndToken - 1; i >= cl.FirstToken; i-- {
		if t := &d.Tokens[i]; !t.POS.IsMark() {
			return t.Surface
		}
	}
	return ""
}

func more(d *parse.Doc, cl *parse.Clause) bool {
	for i := cl.FirstToken; i < cl.EndToken; i++ {
		switch d.Tokens[i].Surface {
		case "もう少し", "もうちょっと", "もっと", "せめて", "もう一声", "ちゃんと", "しっかり", "きちんと", "まともに", "いい加減", "早く", "さっさと", "あと少し":
			return true
		case "少し", "ちょっと":
			if i > cl.FirstToken && (d.Tokens[i-1].Surface == "もう" || d.Tokens[i-1].Surface == "あと") {
				return true
			}
		}
	}
	return false
}
