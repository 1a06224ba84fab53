package parse

import "voc/analyze/token"

// chunker reads the tokens of one sentence from left to right.
type chunker struct {
	d   *Doc
	end int
}

func (k *chunker) tok(i int) *token.Token {
	if i >= k.end || i < 0 {
		return &nothing
	}
	return &k.d.Tokens[i]
}

// nothing stands for the token behind the end, so that look-ahead needs no bounds check. It is never written to.
var nothing = token.Token{POS: token.Period}

// chunks appends the chunks of the sentence with index si.
func (k *chunker) chunks(si int) {
	s := &k.d.Sentences[si]
	s.FirstChunk = len(k.d.Chunks)
	k.end = s.EndToken
	for i := s.FirstToken; i < s.EndToken; {
		c := Chunk{Sentence: si, First: i, Governor: -1}
		k.content(&c)
		k.function(&c)
		k.role(&c)
		k.d.Chunks = append(k.d.Chunks, c)
		i = c.End
	}
	s.EndChunk = len(k.d.Chunks)
}

// content reads the content words of a chunk.
func (k *chunker) content(c *Chunk) {
	i := c.First
	for k.tok(i).POS == token.Prefix {
		i++
	}
	t := k.tok(i)
	c.Head = i
	switch p := t.POS; {
	case i >= k.end:
		c.Head, c.Kind = i-1, Modifier
	case p.IsMark():
		if i > c.First {
			c.Head, c.Kind = i-1, Modifier
			break
		}
		i++
		c.Kind = Mark
	case p == token.Conjunction:
		i++
		c.Kind = Connective
	case p == token.Interjection:
		i++
		c.Kind = Exclaim
	case p == token.Adverb || p == token.Adnominal:
		i++
		c.Kind = Modifier
	case p.IsNoun():
		i = k.nouns(c, i)
	case p.IsVerb():
		i++
		c.Kind = Verbal
		if p == token.Verb && t.Base == "できる" || t.Base == "出来る" {
			c.Mod |= Potential
		}
	case p == token.Adj && t.Base == "うまい" && t.Form == token.FormContinuous && (k.tok(i+1).Base == "いく" || k.tok(i+1).Base == "行く"):
		i += 2
		c.Kind, c.Head = Verbal, i-1
	case p.IsAdj():
		i++
		c.Kind = Adjectival
		if isNo(t) {
			c.Negations++
		}
	default:
		c.Kind = Modifier
		if p == token.Aux || p.IsParticle() {
			// A particle without a word before it, as after a quotation; function reads it.
			c.Head = i
			break
		}
		i++
	}
	c.ContentEnd, c.End = i, i
}

// nouns reads a compound noun, with する when it follows a verbal noun.
func (k *chunker) nouns(c *Chunk, i int) int {
	c.Kind = Nominal
	for {
		t := k.tok(i)
		c.Head = i
		i++
		next := k.tok(i)
		if next.POS == token.Prefix && k.tok(i+1).POS.IsNoun() && t.POS != token.NounAdverb {
			i++
			next = k.tok(i)
		}
		if !next.POS.IsNoun() || !joins(t, next) {
			break
		}
	}
	head := k.tok(c.Head)
	for c.Head > c.First && head.POS == token.NounSuffix && (head.Surface == "さん" || head.Surface == "様" || head.Surface == "等") {
		c.Head--
		head = k.tok(c.Head)
	}
	next := k.tok(i)
	switch {
	case next.POS.IsVerb() && isDo(next) && (head.POS == token.NounVerbal || next.Base != "する" || !head.Known):
		if next.Base == "できる" || next.Base == "出来る" {
			c.Mod |= Potential
		}
		if head.Surface == "すぎ" {
			c.Mod |= Excess
		}
		if next.Base == "いただく" || next.Base == "いただける" || next.Base == "頂ける" || next.Base == "くださる" || next.Base == "下さる" || next.Base == "頂く" {
			c.Mod |= Receive
			if next.Surface == "ください" || next.Surface == "下さい" {
				c.Mod |= Please
			}
		}
		c.Kind = Verbal
		i++
	case head.POS == token.NounAdj || head.Surface == "的":
		if !next.POS.IsParticle() || next.Surface == "に" || next.Surface == "で" || next.POS == token.Final || next.POS == token.Joining {
			c.Kind = NaAdj
		}
	}
	return i
}

// joins reports whether the noun b continues the compound that ends in a.
func joins(a, b *token.Token) bool {
	switch {
	case b.POS == token.NounDep || a.POS == token.NounDep || a.POS == token.NounPron:
		return b.POS == token.NounSuffix && b.Surface != "そう" && a.POS != token.NounDep
	case b.POS == token.NounSuffix:
		return b.Surface != "そう"
	case a.POS == token.NounAdverb || b.POS == token.NounAdverb:
		return a.POS == token.NounAdverb && (b.POS == token.Noun || b.POS == token.NounVerbal) && len(a.Surface) <= 3
	case a.POS == token.NounAdj && b.POS != token.NounAdj:
		return b.POS == token.NounSuffix || b.POS == token.Noun || b.POS == token.NounVerbal
	case a.POS == token.NounSuffix && (b.POS == token.NounAdj || b.POS == token.NounPron):
		return false
	}
	return true
}

func isDo(t *token.Token) bool {
	switch t.Base {
	case "する", "できる", "出来る", "いたす", "致す", "なさる", "くださる", "下さる", "いただく", "頂く", "いただける", "頂ける", "願う", "される", "させる":
		return true
	}
	return false
}

func isNo(t *token.Token) bool { return t.Base == "ない" || t.Base == "無い" }

// function reads the particles and auxiliaries of a chunk and records what they do.
func (k *chunker) function(c *Chunk) {
	i := c.ContentEnd
	if c.Kind == Mark || c.Kind == Connective {
		return
	}
	for i < k.end {
		n := k.functionAt(c, i)
		if n == 0 {
			break
		}
		stop := n < 0
		if stop {
			n = -n
		}
		i += n
		if stop {
			break
		}
	}
	c.End = max(i, c.First+1)
	if last := k.tok(c.End - 1); c.Kind == Verbal && last.Form == token.FormImperative && last.POS != token.Aux {
		c.Mod |= Imperative
	}
	if c.Negations%2 == 1 {
		c.Mod |= Negated
	}
	if c.Negations >= 2 && !c.Any(Obligation) {
		c.Mod |= DoubleNeg
	}
}

// functionAt reads function words at token i. It returns how many tokens it took: 0 ends the chunk before i,
// a negative number takes that many and ends the chunk behind them.
func (k *chunker) functionAt(c *Chunk, i int) int {
	t, prev := k.tok(i), k.tok(i-1)
	switch t.POS {
	case token.Aux:
		return k.auxiliary(c, i, t, prev)
	case token.VerbSuffix:
		switch t.Base {
		case "れる", "られる":
			c.Mod |= Passive
		case "せる", "させる":
			c.Mod |= Causative
		}
		return 1
	case token.VerbDep:
		return dependentVerb(c, t, prev)
	case token.Verb:
		return k.fullVerb(c, i, t, prev)
	case token.Adj, token.AdjDep:
		return k.adjective(c, i, t, prev)
	case token.NounDep, token.NounSuffix:
		return k.dependentNoun(c, i, t, prev)
	case token.Case, token.Topical, token.Limiting, token.Quote, token.Final, token.Genitive, token.Listing:
		return k.particle(c, i, t, prev)
	case token.Joining:
		return k.joining(c, i, t)
	case token.Prefix, token.NounAdj, token.NounVerbal, token.Noun:
		if t.Base == "みたい" {
			c.Mod |= Appear
			return 1
		}
	}
	return 0
}

func (k *chunker) auxiliary(c *Chunk, i int, t, prev *token.Token) int {
	switch t.Base {
	case "た":
		c.Mod |= Past
		if t.Form == token.FormConditional {
			c.Mod |= Conditional
		}
	case "だ":
		switch {
		case prev.POS.IsVerb() && (t.Surface == "だ" || t.Surface == "だら"):
			c.Mod |= Past
			if t.Surface == "だら" {
				c.Mod |= Conditional
			}
		case t.Surface == "なら":
			c.Mod |= Conditional
		case t.Surface == "だろ":
			c.Mod |= Guess
		}
	case "です":
		if t.Surface == "でしょ" || t.Surface == "でしょう" {
			c.Mod |= Guess
		}
	case "ない", "無い", "ぬ", "ん", "まい", "へん", "ず", "ざる":
		if t.Surface == "ず" && k.tok(i+1).Surface == "に" && k.tok(i+2).Surface == "は" && (k.tok(i+3).Base == "いる" || k.tok(i+3).Base == "おる") {
			// 感動せずにはいられない: the two negations cancel out.
			n := 4
			for i+n < k.end && (k.tok(i+n).POS == token.Aux || k.tok(i+n).POS == token.VerbSuffix || k.tok(i+n).POS == token.VerbDep) {
				n++
			}
			return n
		}
		if t.Surface == "ざる" && k.tok(i+1).Surface == "を" {
			n := 3
			for k.tok(i+n).POS == token.Aux {
				n++
			}
			c.Mod |= Obligation
			return n
		}
		if k.tag(c, i, prev) {
			c.Mod |= Tag
			return 1
		}
		c.Negations++
		if n := k.obligation(c, i); n > 0 {
			return n
		}
	case "たい":
		c.Mod |= Desire
	case "らしい":
		c.Mod |= Hearsay
	case "べし", "べき":
		c.Mod |= Obligation
	case "う", "よう":
		if !c.Any(Guess) {
			c.Mod |= Invite
		}
	}
	return 1
}

// tag reports whether the ない at i asks for agreement and negates nothing: 便利じゃないですか, 高くない？.
func (k *chunker) tag(c *Chunk, i int, prev *token.Token) bool {
	adjective := prev.Form == token.FormContinuous && prev.POS == token.Adj
	if prev.Base == "ます" && (c.Any(Excess) || k.tok(i-2).Surface == "すぎ" || k.tok(i-2).Surface == "過ぎ") && (k.tok(i+1).Surface == "？" || k.tok(i+1).Surface == "か") {
		return true // 最高すぎません？
	}
	copula := prev.Surface == "じゃ" || prev.Surface == "は" && k.tok(i-2).Surface == "で" || prev.Surface == "では"
	if !adjective && !copula || k.tok(i).Form != token.FormBase {
		return false
	}
	j := i + 1
	if k.tok(j).Surface == "です" || k.tok(j).Surface == "でしょう" {
		j++
	}
	if k.tok(j).POS == token.Aux && k.tok(j).Surface == "う" {
		j++
	}
	t := k.tok(j)
	if t.Surface == "か" && t.POS == token.Final {
		n := k.tok(j + 1)
		return n.POS == token.Period || n.POS == token.Comma || n.POS == token.Quote || n.Surface == "と" || n.POS == token.Symbol || n.POS == token.Final && n.Surface != "な" || j+1 >= k.end
	}
	return t.Surface == "？" || j > i+1 && t.Surface == "？"
}

// obligation reads なければならない, ないといけない, なきゃ and their like, whose negations cancel out. It returns
// how many tokens the whole takes, or 0 when the negation at i is a plain one.
func (k *chunker) obligation(c *Chunk, i int) int {
	j := i + 1
	switch s := k.tok(j).Surface; {
	case k.tok(i).Form == token.FormConditional && s == "ば", s == "と" && k.tok(j).POS == token.Joining, s == "て" && k.tok(j+1).Surface == "は", s == "きゃ", s == "ちゃ":
		j++
		if k.tok(j).Surface == "は" {
			j++
		}
	default:
		return 0
	}
	t := k.tok(j)
	switch t.Base {
	case "なる", "いける", "行ける", "いく", "だめ", "駄目", "ダメ":
	default:
		return 0
	}
	j++
	if t.Base == "だめ" || t.Base == "駄目" || t.Base == "ダメ" {
		c.Negations--
		c.Mod |= Obligation
		return j - i
	}
	for k.tok(j).POS == token.Aux && k.tok(j).Base == "ます" {
		j++
	}
	switch k.tok(j).Base {
	case "ない", "ぬ", "ん":
		c.Negations--
		c.Mod |= Obligation
		return j + 1 - i
	}
	return 0
}

func dependentVerb(c *Chunk, t, prev *token.Token) int {
	if c.Particle != "" && prev.POS != token.Joining && prev.Surface != "で" {
		return 0
	}
	switch t.Base {
	case "いる", "る", "おる", "てる":
		c.Mod |= Progressive
	case "しまう", "ちゃう", "じゃう", "ちまう":
		c.Mod |= Regret
	case "くれる", "くださる", "下さる", "呉れる":
		c.Mod |= Receive
		if t.Surface == "ください" || t.Surface == "下さい" || t.Form == token.FormImperative {
			c.Mod |= Please
		}
	case "もらう", "いただく", "頂く", "貰う", "もらえる", "いただける", "頂ける", "貰える":
		c.Mod |= Receive
	case "すぎる", "過ぎる":
		c.Mod |= Excess
	case "みる", "見る":
		c.Mod |= Attempt
	case "なる":
		c.Mod |= Change
	}
	return 1
}

func (k *chunker) fullVerb(c *Chunk, i int, t, prev *token.Token) int {
	switch t.Base {
	case "すぎる", "過ぎる":
		if !prev.POS.IsParticle() {
			c.Mod |= Excess
			return 1
		}
	case "なくなる", "無くなる":
		if prev.POS.IsVerb() && c.Particle == "" {
			c.Negations++
			c.Mod |= Change
			return 1
		}
	case "なる", "成る":
		if k.changes(c, i) {
			c.Mod |= Change
			return 1
		}
	case "する", "できる", "出来る":
		if prev.Surface == "に" && (c.Kind == NaAdj || k.tok(i-2).Base == "よう") || prev.Form == token.FormContinuous && prev.POS.IsAdj() {
			return 1
		}
	case "ある", "ござる", "御座る":
		if prev.Surface == "で" || (prev.Surface == "は" || prev.Surface == "も") && k.tok(i-2).Surface == "で" && k.tok(i-2).POS == token.Aux {
			return 1
		}
		if c.Kind == Exclaim {
			return 1
		}
		if h := k.tok(i - 2); (prev.Surface == "が" || prev.Surface == "は" || prev.Surface == "も") && (h.Base == "わけ" || h.Base == "はず" || h.Base == "こと" || h.Base == "つもり" || h.Base == "訳" || h.Base == "筈") {
			return 1
		}
	case "くださる", "下さる", "いただく", "頂く", "もらう", "くれる", "いただける", "もらえる":
		if prev.POS == token.Joining && (prev.Surface == "て" || prev.Surface == "で") {
			return dependentVerb(c, t, prev)
		}
	}
	return 0
}

// changes reports whether なる at i belongs to the chunk: 良くなる, 便利になる, 来なくなる, 使えるようになる.
func (k *chunker) changes(c *Chunk, i int) bool {
	prev := k.tok(i - 1)
	switch {
	case prev.Form == token.FormContinuous && (prev.POS.IsAdj() || prev.POS == token.Aux):
		return true
	case prev.Surface == "に" || prev.Surface == "と":
		return c.Kind == NaAdj || k.tok(i-2).Base == "よう" || k.tok(i-2).Base == "こと" && c.Kind != Nominal
	}
	return false
}

func (k *chunker) adjective(c *Chunk, i int, t, prev *token.Token) int {
	switch t.Base {
	case "ない", "無い":
		if !k.negates(c, i, prev) {
			return 0
		}
		if k.tag(c, i, prev) {
			c.Mod |= Tag
			return 1
		}
		c.Negations++
		if n := k.obligation(c, i); n > 0 {
			return n
		}
		return 1
	case "にくい", "づらい", "がたい", "難い", "辛い":
		if prev.POS.IsVerb() && prev.Form != token.FormBase {
			c.Mod |= Hard
			return 1
		}
	case "やすい", "易い":
		if prev.POS.IsVerb() {
			c.Mod |= Easy
			return 1
		}
	case "ほしい", "欲しい":
		if prev.POS == token.Joining || prev.Surface == "で" {
			c.Mod |= Want
			return 1
		}
	case "っぽい", "らしい":
		return 1
	}
	return 0
}

// negates reports whether the adjective ない at i negates the chunk's own word, as in 高くはない and 便利ではない, in
// contrast to 問題がない, where it is a predicate of its own.
func (k *chunker) negates(c *Chunk, i int, prev *token.Token) bool {
	if c.ContentEnd == i && c.Kind == Nominal {
		return false
	}
	if prev.Surface == "は" || prev.Surface == "も" || prev.Surface == "が" || prev.Surface == "さえ" || prev.Surface == "すら" {
		h := k.tok(i - 2)
		switch h.Base {
		case "わけ", "訳", "はず", "筈", "つもり":
			switch {
			case (h.Base == "わけ" || h.Base == "訳") && prev.Surface == "も":
				c.Mod |= Partial
			case prev.Surface == "が" && h.Base != "つもり":
				c.Mod |= Certain
			}
			return true
		case "ほど":
			return c.Kind != Nominal
		case "こと":
			return c.Kind != Nominal
		}
		if h.Surface == "で" && h.POS == token.Aux || h.Surface == "じゃ" || h.Form == token.FormContinuous && h.POS.IsAdj() {
			return true
		}
		return h.Surface == "で" && c.Kind != Verbal && prev.Surface != "が"
	}
	switch {
	case prev.Base == "わけ" || prev.Base == "はず" || prev.Base == "筈":
		c.Mod |= Certain
		return true
	case prev.Surface == "じゃ", prev.Surface == "で", prev.Surface == "では", prev.Surface == "て":
		return true
	case prev.Form == token.FormContinuous && (prev.POS.IsAdj() || prev.POS == token.Aux):
		return true
	case prev.POS.IsVerb():
		return true
	}
	return false
}

func (k *chunker) dependentNoun(c *Chunk, i int, t, prev *token.Token) int {
	next := k.tok(i + 1)
	inflected := prev.POS == token.Aux || prev.POS.IsVerb() || prev.POS.IsAdj()
	switch t.Base {
	case "の", "ん":
		switch {
		case !inflected && prev.POS != token.NounAdj:
			return 0
		case next.POS == token.Aux && next.Surface != "な", next.POS == token.Final, next.POS == token.Period, next.POS == token.Symbol:
			if t.Base == "の" && next.POS != token.Aux && next.POS != token.Final {
				c.Mod |= Question
			}
			return 1
		}
		return 0
	case "わけ", "訳", "はず", "筈", "つもり":
		if !inflected && prev.Surface != "という" && prev.Surface != "って" {
			return 0
		}
		if (t.Base == "はず" || t.Base == "筈") && (next.Surface == "が" || next.Surface == "なのに") && !isNo(k.tok(i+2)) && k.tok(i+2).Base != "ある" {
			c.Mod |= Mistaken
		}
		if (t.Base == "はず" || t.Base == "筈") && next.Surface == "の" {
			c.Mod |= Mistaken // 届くはずの
		}
		if t.Base == "はず" || t.Base == "筈" {
			c.Mod |= Guess
		}
		if t.Base == "つもり" {
			c.Mod |= Invite
		}
		if (t.Base == "わけ" || t.Base == "訳") && (next.Surface == "で" || next.Surface == "じゃ") {
			c.Mod |= Partial
		}
		return 1
	case "こと":
		after := k.tok(i + 2)
		if inflected && (next.Surface == "が" || next.Surface == "は" || next.Surface == "も") {
			switch after.Base {
			case "できる", "出来る", "可能":
				c.Mod |= Potential
				return 3
			case "ない", "無い", "ある":
				return 1
			}
		}
		return 0
	case "よう", "みたい":
		if inflected || prev.POS == token.Genitive || t.Base == "みたい" {
			if next.Surface != "に" {
				c.Mod |= Appear
			}
			return 1
		}
		return 0
	case "そう":
		if prev.POS == token.Aux && (prev.Base == "た" || prev.Base == "だ" || prev.Base == "ない") || prev.Form == token.FormBase {
			c.Mod |= Hearsay
		} else {
			c.Mod |= Appear
		}
		return 1
	case "ほど", "くらい", "ぐらい":
		if t.Base == "ほど" && (next.Surface == "で" || next.Surface == "の") {
			c.Mod |= Partial
		}
		return 1
	}
	if t.POS == token.NounSuffix && !inflected {
		return 1
	}
	return 0
}
