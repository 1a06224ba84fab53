package parse

import "voc/analyze/token"

func (k *chunker) particle(c *Chunk, i int, t, prev *token.Token) int {
	switch t.POS {
	case token.Genitive:
		c.Mod |= Attributive
		return -1
	case token.Listing:
		c.Particle = t.Surface
		return -1
	case token.Final:
		return k.finalParticle(c, i, t)
	case token.Quote:
		return k.quote(c, i, t, prev)
	case token.Limiting:
		if t.Surface == "かも" {
			c.Mod |= Guess
			if b := k.tok(i + 1).Base; b == "しれる" || b == "知れる" {
				return k.maybe(c, i-1) - 1
			}
			return 1
		}
		if t.Base == "ほど" && (k.tok(i+1).Surface == "の" && k.tok(i+2).Base == "こと" || k.tok(i+1).Surface == "で" || k.tok(i+1).Surface == "じゃ") {
			c.Mod |= Partial
		}
		if (t.Base == "だけ" || t.Base == "ばかり" || t.Base == "のみ") && k.notOnly(i+1) {
			c.Mod |= NotOnly
		}
		return 1
	}
	switch t.Surface {
	case "しか":
		c.Mod |= Only
	case "と":
		if n := k.quote(c, i, t, prev); n != 1 {
			return n
		}
	case "とか":
		return 1
	case "って", "という", "といった", "といって":
		if n := k.quote(c, i, t, prev); n != 1 {
			return n
		}
	}
	if t.Surface == "も" && prev.POS == token.Joining && (prev.Surface == "て" || prev.Surface == "で") {
		c.Mod |= Concession
		return k.concession(c, i)
	}
	if c.Particle == "" || t.POS == token.Case {
		c.Particle = t.Surface
	}
	return 1
}

// notOnly reports whether でなく, ではなく, じゃない follow at i.
func (k *chunker) notOnly(i int) bool {
	if s := k.tok(i).Surface; s != "で" && s != "じゃ" && s != "では" {
		return false
	}
	i++
	if k.tok(i).Surface == "は" {
		i++
	}
	return isNo(k.tok(i))
}

// concession reads what may follow ても: いい and 構わない make a permission, and いい is left as an own chunk then.
func (k *chunker) concession(_ *Chunk, i int) int {
	if k.tok(i+1).POS == token.VerbDep {
		return 1
	}
	return -1
}

func (k *chunker) finalParticle(c *Chunk, i int, t *token.Token) int {
	next := k.tok(i + 1)
	switch t.Surface {
	case "か":
		switch {
		case next.Surface == "も" && (k.tok(i+2).Base == "しれる" || k.tok(i+2).Base == "知れる"):
			return k.maybe(c, i)
		case next.Surface == "な" || next.Surface == "なあ" || next.Surface == "なぁ" || next.Surface == "ね":
			c.Mod |= Doubt
			return 2
		case next.POS == token.Quote || next.Surface == "と" || next.Surface == "も":
			return 1
		case next.POS == token.Case || next.POS == token.Topical:
			return 1
		case i+1 < k.end && !next.POS.IsMark() && next.POS != token.Final:
			return 1 // 続けるか悩む, どこか壊れてる
		}
		c.Mod |= Question
	case "かな", "かしら", "かなあ", "かなぁ":
		c.Mod |= Doubt
	case "っけ":
		c.Mod |= Question
	case "の":
		if next.POS == token.Period || next.POS.IsMark() || i+1 >= k.end {
			c.Mod |= Question
		}
	}
	return 1
}

// maybe reads かもしれない, whose negation negates nothing.
func (k *chunker) maybe(c *Chunk, i int) int {
	c.Mod |= Guess
	j := i + 3
	for k.tok(j).POS == token.Aux {
		switch k.tok(j).Base {
		case "ない", "ん", "ぬ", "ます", "です", "た":
			j++
			continue
		}
		break
	}
	return j - i
}

// quote reads と and って with the verb of saying or thinking behind them.
func (k *chunker) quote(c *Chunk, i int, t, prev *token.Token) int {
	if k.tok(i+1).Surface == "か" {
		c.Particle = t.Surface
		return 2 // とか
	}
	j := i + 1
	if k.tok(j).Surface == "しか" && t.Surface == "と" {
		c.Mod |= Only
		c.Particle = "と"
		return -2 // 悪いとしか言えない
	}
	if k.tok(j).Surface == "まで" {
		j++ // 不満とまでは言えない
	}
	if s := k.tok(j).Surface; s == "は" || s == "も" {
		j++
	}
	verb := k.tok(j)
	if !verb.POS.IsVerb() {
		if voice(verb) {
			c.Mod |= Hearsay
		}
		if verb.POS == token.NounDep && verb.Base == "こと" || verb.Surface == "の" && k.tok(j+1).Base == "こと" {
			c.Mod |= Hearsay
		}
		if t.Surface == "って" && (verb.POS == token.Period || j >= k.end) {
			c.Mod |= Hearsay
		}
		if t.Surface == "と" && j == i+1 && prev.Form == token.FormBase && (prev.POS.IsVerb() || prev.POS.IsAdj() || prev.POS == token.Aux && prev.Base != "た") && !speech(verb) && verb.POS != token.NounDep && !voice(verb) {
			c.Mod |= Conditional
			return -1
		}
		c.Particle = t.Surface
		return 1
	}
	m := j + 1
	negated, past := false, false
	for m < k.end {
		u := k.tok(m)
		if u.POS == token.VerbSuffix || u.POS == token.Aux || u.POS == token.VerbDep || u.POS == token.Joining && u.Surface == "て" && k.tok(m+1).POS == token.VerbDep {
			switch u.Base {
			case "ない", "ぬ", "ん":
				negated = !negated
			case "た":
				past = true
			}
			m++
			continue
		}
		break
	}
	switch verb.Base {
	case "言う", "いう", "言える", "いえる", "限る", "言い切れる", "言い難い", "思える":
		if voice(k.tok(m)) && !negated {
			c.Mod |= Hearsay
		}
		if negated {
			c.Mod |= Partial | Thought
			c.Negations++
			return m - i
		}
		if k.tok(m).Surface == "つつ" || k.tok(m).Surface == "ながら" || k.tok(m-1).Surface == "つつ" {
			c.Mod |= Mistaken
			return m - i
		}
	case "思う", "おもう", "感じる", "考える", "存じる", "願う":
		if negated {
			c.Negations++
			c.Mod |= Partial
		}
		if past && (k.tok(m-1).Form == token.FormConditional || k.tok(m).Surface == "のに" || k.tok(m).Surface == "が" || k.tok(m).Surface == "けど" || k.tok(m).Surface == "ところ") || k.tok(m).Surface == "きや" || verb.Form == token.FormConditional {
			c.Mod |= Mistaken
		}
		c.Mod |= Thought
		return m - i
	case "思いきや":
		c.Mod |= Mistaken
		return m - i
	case "聞く", "話す", "おっしゃる", "信じる", "期待", "祈る", "噂", "書く":
		if !negated {
			c.Mod |= Hearsay
		}
	}
	if (verb.Base == "言う" || verb.Base == "いう") && !negated && k.tok(j+1).POS != token.VerbSuffix && (past || k.tok(j+1).Surface == "て") {
		c.Mod |= Hearsay
	}
	if t.Surface == "と" && (prev.Form == token.FormBase) && (prev.POS.IsVerb() || prev.POS.IsAdj() || prev.POS == token.Aux && prev.Base != "た") && !speech(verb) {
		c.Mod |= Conditional
		return -1
	}
	c.Particle = "と"
	return -1
}

// voice reports whether a noun names what somebody else said.
func voice(t *token.Token) bool {
	switch t.Base {
	case "声", "意見", "口コミ", "クチコミ", "評判", "話", "噂", "うわさ", "レビュー", "コメント", "投稿", "指摘", "要望", "感想", "クレーム", "苦情", "報告", "書き込み":
		return true
	}
	return false
}

// speech reports whether と in front of a verb quotes rather than sets a condition.
func speech(verb *token.Token) bool {
	switch verb.Base {
	case "聞く", "書く", "伝える", "答える", "呼ぶ", "いう", "言う", "知る", "分かる", "わかる", "見る", "する", "なる", "期待", "表示", "出る", "説明", "案内", "覚悟", "認識",
		"理解", "話す", "述べる", "主張", "書ける", "言える", "申す", "見える", "見込む", "判断", "予想", "信じる", "思える", "おっしゃる", "違う", "なさる", "気づく", "気付く", "載る", "ある":
		return true
	}
	return false
}

func (k *chunker) joining(c *Chunk, i int, t *token.Token) int {
	next := k.tok(i + 1)
	switch t.Surface {
	case "て", "で":
		switch {
		case next.POS == token.VerbDep, next.POS == token.AdjDep && (next.Base == "ほしい" || next.Base == "欲しい" || isNo(next)):
			return 1
		case next.Surface == "は", next.Surface == "も":
			return 1
		case next.POS == token.Verb && (next.Base == "くださる" || next.Base == "下さる" || next.Base == "いただく" || next.Base == "もらう" || next.Base == "くれる" || next.Base == "頂く"):
			return 1
		case isNo(next) && next.POS == token.Adj:
			return 1
		case next.Base == "欲しい" || next.Base == "ほしい":
			return 1
		}
		return -1
	case "ば":
		c.Mod |= Conditional
		return -1
	case "と":
		c.Mod |= Conditional
		return -1
	case "ても", "でも", "とも", "たって":
		c.Mod |= Concession
		return -1
	case "ちゃ", "じゃ":
		return 1
	}
	return -1
}

// role decides whether the chunk modifies the noun or the predicate after it.
func (k *chunker) role(c *Chunk) {
	last, next := k.tok(c.End-1), k.tok(c.End)
	switch {
	case c.Kind == Mark || c.Kind == Connective || c.Kind == Exclaim:
		return
	case c.Kind == Verbal && (last.Surface == "より" || last.Surface == "よりも") && c.Any(Past):
		// 思ったより, 想像していたより
		c.Kind, c.Particle = Modifier, ""
		c.Mod = Adverbial
		return
	case c.Kind == Modifier:
		if last.POS == token.Adnominal {
			c.Mod |= Attributive
		} else if !c.Any(Attributive) {
			c.Mod |= Adverbial
		}
		return
	case c.Particle != "" || c.Any(Attributive):
		return
	case last.POS == token.Joining:
		return
	case last.Surface == "な" && last.Form == token.FormNominal:
		c.Mod |= Attributive
	case (last.Form == token.FormBase || last.Form == token.FormNominal) && (next.POS.IsNoun() || next.POS == token.Prefix):
		c.Mod |= Attributive
	case last.POS.IsAdj() && last.Form == token.FormContinuous && !next.POS.IsMark():
		c.Mod |= Adverbial
	case c.Kind == NaAdj && last.Surface == "に":
		c.Mod |= Adverbial
	}
}
