package sentiment

import (
	"strings"

	"voc/analyze/lexicon"
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
func (w *Worker) voice(d *parse.Doc, ops []Opinion, ctx Context) {
	official := false
	for i := range d.Hits {
		if e := w.e.lex.Entry(d.Hits[i].ID); e != nil && e.Kind&lexicon.Official != 0 {
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

// isBlame reports whether an opinion blames with a word of blame and not by an event.
func isBlame(o *Opinion) bool {
	return o.Score <= -0.9 && strings.HasPrefix(o.Rule, "lex:")
}

// general reports whether a sentence tells what happens at times: 〜ことがあります, 〜ことが多いです.
func general(d *parse.Doc, s *parse.Sentence) bool {
	for i := s.FirstToken; i+2 < s.EndToken; i++ {
		if d.Tokens[i].Surface == "こと" && (d.Tokens[i+1].Surface == "が" || d.Tokens[i+1].Surface == "も") && (d.Tokens[i+2].Base == "ある" || d.Tokens[i+2].Base == "多い") &&
			i > s.FirstToken && d.Tokens[i-1].Base != "た" && i+4 >= s.EndToken-2 {
			return true
		}
	}
	return false
}

// hedged reports whether a sentence is worded as a guess or a shared experience.
func hedged(d *parse.Doc, s *parse.Sentence) bool {
	for i := s.FirstToken; i < s.EndToken; i++ {
		switch d.Tokens[i].Surface {
		case "みたい", "らしい", "そう", "と思い", "思い", "かも", "はず", "たぶん", "おそらく", "よね", "よ", "同じ", "同じく":
			return true
		}
	}
	return false
}

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
		case t.Surface == "どころか" && int(d.ChunkOf[i]) == o.Chunk, t.Surface == "どころ" && next(1) == "か" && int(d.ChunkOf[i])-o.Chunk <= 1:
			o.Score = 0
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
func (w *Worker) neither(d *parse.Doc, ops []Opinion) {
	for i := 0; i+1 < len(ops); i++ {
		a, b := &ops[i], &ops[i+1]
		ca, cb := &d.Chunks[a.Chunk], &d.Chunks[b.Chunk]
		if ca.Sentence != cb.Sentence || ca.Kind != parse.Adjectival || cb.Kind != parse.Adjectival || cb.Negations != 1 {
			continue
		}
		if also(d, ca) && also(d, cb) && (ca.Negations == 1 && a.Score*b.Score < 0 || ca.Negations == 0) {
			a.Score, b.Score = 0, 0
		}
	}
}

// also reports whether an adjective chunk holds も.
func also(d *parse.Doc, c *parse.Chunk) bool {
	for i := c.ContentEnd; i < c.End; i++ {
		if d.Tokens[i].Surface == "も" {
			return true
		}
	}
	return false
}

// thirdPerson weakens what somebody else seems to feel: 友人は気に入っているようです.
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

// subjectOnly reports whether a subject is limited with だけは.
func subjectOnly(d *parse.Doc, c *parse.Chunk) bool {
	for i := c.ContentEnd; i+1 < c.End; i++ {
		if d.Tokens[i].Surface == "だけ" && d.Tokens[i+1].Surface == "は" {
			return true
		}
	}
	return false
}

// conditional handles ば, たら, と and なら. What is wished for is not so; what is regretted is a lack; what is only
// supposed counts little.
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

// impatient reports whether a wish is worded as a reproach: ちゃんと, いい加減, まともに.
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

// counterfactual reports whether the clauses from ci on tell what would have been: もっと頼むんですけどね, 買ってた.
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

// IsWish reports whether clause ci is a condition whose fulfilment is wished for.
func IsWish(d *parse.Doc, ci int) bool { return WishKind(d, ci) != NoWish }

// WishKind tells which wish clause ci is, if it is a condition at all.
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

// wishHead reads the predicate of the clause behind a condition.
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

// conditionWord is the word that makes a clause a condition.
func conditionWord(d *parse.Doc, cl *parse.Clause) string {
	for i := cl.EndToken - 1; i >= cl.FirstToken; i-- {
		if t := &d.Tokens[i]; !t.POS.IsMark() {
			return t.Surface
		}
	}
	return ""
}

// more reports whether a clause asks for more of something: もっと, もう少し, せめて.
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

// question takes the polarity out of questions, except of rhetorical ones and of the faults they ask about.
func (w *Worker) question(d *parse.Doc, cl *parse.Clause, s *parse.Sentence, o *Opinion) {
	if o.Clause != s.EndClause-1 || !clauseAsks(d, cl, s) {
		return
	}
	c := &d.Chunks[o.Chunk]
	why, such, who := interrogatives(d, s)
	switch {
	case o.Rule == "implied:詰問":
		return
	case c.Any(parse.Tag):
		o.Score *= 0.9
		return
	case why && (such || o.Score < 0), such && o.Score < 0, such && s.Exclaim, such && explains(d, cl):
		return
	case (o.Score >= 1.8 || o.Score <= -1.8) && !strings.HasPrefix(o.Rule, "implied"):
		o.Score *= 0.6
		return
	case o.Score < 0 && d.Chunks[o.Chunk].Governor >= 0 && isPerson(&d.Tokens[d.Chunks[d.Chunks[o.Chunk].Governor].Head]):
		o.Score = 0.8 // 嫌いな人いるの？
		o.Rule += "+反語"
		return
	case who && o.Score > 0 && explains(d, cl):
		o.Score = -1
		o.Rule += "+反語"
		return
	case contradicts(d, s) && o.Score < 0:
		return
	case c.Any(parse.Doubt) && o.Score != 0 && !s.Question:
		o.Score *= 0.5
		return
	}
	o.Flags |= Asked
	o.Score = 0
}

// explains reports whether a clause ends in のか, んですか, のでしょうか, which rhetorical questions do.
func explains(d *parse.Doc, cl *parse.Clause) bool {
	for i := cl.FirstToken; i < cl.EndToken; i++ {
		if t := &d.Tokens[i]; t.POS == token.NounDep && (t.Surface == "ん" || t.Surface == "の") || t.Surface == "の" && t.POS == token.Final || t.Surface == "だろ" || t.Surface == "だろう" || t.Surface == "ねん" {
			return true
		}
	}
	return false
}

// contradicts reports whether a sentence holds のに, which turns a question into an accusation.
func contradicts(d *parse.Doc, s *parse.Sentence) bool {
	for ci := s.FirstClause; ci < s.EndClause; ci++ {
		if endsWith(d, &d.Clauses[ci], "のに") && ci+1 < s.EndClause {
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

// interrogatives tells whether a sentence asks why, whether it says こんなに, and whether it asks who or what.
func interrogatives(d *parse.Doc, s *parse.Sentence) (why, such, who bool) {
	for i := s.FirstToken; i < s.EndToken; i++ {
		switch d.Tokens[i].Surface {
		case "なぜ", "何故", "なんで", "何で", "どうして", "なにゆえ", "どうしたら", "どうやったら":
			why = true
		case "こんなに", "そんなに", "ここまで", "こんな", "こう", "どんだけ", "どれだけ", "いつまで", "何度", "何回", "毎回", "いつも", "いちいち", "いつになったら", "今時", "今どき":
			such = true
		case "誰", "だれ", "どこ", "何", "なに":
			if i+1 < s.EndToken && (d.Tokens[i+1].Surface == "が" || d.Tokens[i+1].Surface == "に" || d.Tokens[i+1].Surface == "の") {
				who = true
			}
		}
	}
	return why, such, who
}

// compare turns praise of another thing or of another time into blame: 前の方が使いやすかった, 他社の方が安い.
func (w *Worker) compare(d *parse.Doc, cl *parse.Clause, o *Opinion) {
	if o.Score == 0 {
		return
	}
	for i := cl.FirstToken; i+1 < cl.EndToken && i < o.First; i++ {
		t := &d.Tokens[i]
		if (t.Surface == "方" || t.Surface == "ほう") && (d.Tokens[i+1].Surface == "が" || d.Tokens[i+1].Surface == "は") && (other(d, max(cl.FirstToken, i-4), i) || d.Tokens[o.First].Base == "良い" && d.Chunks[o.Chunk].Any(parse.Past) && i > cl.FirstToken && d.Tokens[i-1].Surface == "の" && o.Score > 0 || better(d, o) || rather(d, cl, i, o)) {
			o.Score *= -0.8
			o.Flags |= Compared
			o.Rule += "+比較"
			return
		}
	}
}

// rather reports whether the words before ほうが at token i are something one would rather do: 自分で作ったほうが早い.
func rather(d *parse.Doc, cl *parse.Clause, i int, o *Opinion) bool {
	switch d.Tokens[o.First].Base {
	case "早い", "速い", "楽", "安い", "安上がり", "良い":
	default:
		return false
	}
	if i == cl.FirstToken || o.Score <= 0 {
		return false
	}
	prev := &d.Tokens[i-1]
	if prev.Base == "た" && d.Tokens[o.First].Base != "良い" {
		return true
	}
	return prev.Surface == "の" && o.First > i+2 && d.Tokens[i+2].Surface == "まだ"
}

// better reports whether an opinion says that the other thing is at least less bad: 紙の方がまし.
func better(d *parse.Doc, o *Opinion) bool {
	switch d.Tokens[o.First].Base {
	case "まし", "マシ", "増し":
		return o.Score > 0
	}
	return false
}

func other(d *parse.Doc, first, end int) bool {
	for i := first; i < end; i++ {
		switch s := d.Tokens[i].Surface; s {
		case "前", "以前", "昔", "旧", "他社", "他", "競合", "よそ", "別", "元", "ほか", "従来", "前回", "旧版", "初代", "先代", "前作", "以前の", "他所", "他店", "旧型":
			return true
		default:
			if strings.HasPrefix(s, "前の") || strings.HasPrefix(s, "他の") {
				return true
			}
		}
	}
	return false
}

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
func (w *Worker) former(d *parse.Doc, ops []Opinion) {
	for i := range ops {
		o := &ops[i]
		if o.Score == 0 || strings.HasPrefix(o.Rule, "number:") {
			continue
		}
		cl := &d.Clauses[o.Clause]
		s := &d.Sentences[cl.Sentence]
		if !clauseIsPast(d, cl) {
			continue
		}
		after := laterBalance(ops, o.Clause)
		worry := o.Score < 0 && isWorry(d, o) && cl.Link == parse.Contrast && after >= 0
		if !worry && !saysFormer(d, cl, s) && !onlyAtFirst(d, cl) {
			continue
		}
		switch {
		case onlyAtFirst(d, cl):
			o.Score *= -0.8
			o.Rule += "+最初だけ"
		case endsWith(d, cl, "のに") && o.Score > 0 && o.Clause+1 == s.EndClause:
			o.Score = -0.8
			o.Rule += "+以前"
		case o.Clause+1 < s.EndClause || cl.Sentence+1 < len(d.Sentences):
			o.Flags |= Former
			o.Score *= 0.2
		case o.Score > 0 && !hasOther(ops, i):
			o.Score *= -0.6
			o.Rule += "+以前"
		}
	}
}

// onlyAtFirst reports whether a clause says 最初だけ.
func onlyAtFirst(d *parse.Doc, cl *parse.Clause) bool {
	for i := cl.FirstToken; i+1 < cl.EndToken; i++ {
		switch d.Tokens[i].Surface {
		case "最初", "はじめ", "初め", "初日", "初回":
			for k := i + 1; k < min(i+5, cl.EndToken); k++ {
				if d.Tokens[k].Surface == "だけ" || d.Tokens[k].Surface == "のみ" {
					return true
				}
			}
		}
	}
	return false
}

// explained weakens a fault that only tells why something good was done: 不具合があったので交換していただきました.
func (w *Worker) explained(d *parse.Doc, ops []Opinion) {
	for i := range ops {
		o := &ops[i]
		cl := &d.Clauses[o.Clause]
		if o.Score >= 0 || cl.Link != parse.Cause || !clauseIsPast(d, cl) {
			continue
		}
		for k := range ops {
			if ops[k].Clause == o.Clause+1 && ops[k].Score > 0 {
				o.Score *= 0.3
				o.Flags |= Former
				break
			}
		}
	}
}

// moods lets signs of mood act on the words beside them: tears beside joy are joy, 🙃 and (棒) turn praise into irony.
func (w *Worker) moods(d *parse.Doc, ops []Opinion) {
	irony := false
	for i := range d.Tokens {
		switch d.Tokens[i].Surface {
		case "🙃":
			irony = true
		case "棒", "皮肉", "棒読み":
			irony = irony || i > 0 && d.Tokens[i-1].POS == token.Open
		}
		if d.Tokens[i].Base == parse.AtomAngry {
			irony = true
		}
	}
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
	asks := asksForHelp(d)
	for i := range ops {
		switch o := &ops[i]; d.Tokens[o.First].Base {
		case "わかる", "分かる", "わからない", "分からない":
			if o.Score < 0 && (asks || !despairs(d, o)) {
				o.Score *= 0.4
				if asks {
					o.Score = 0
				}
			}
		}
	}
}

// despairs reports whether not knowing is told as a fault: after all trying, or with さっぱり.
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

// beside is the sum of the other opinions in the sentence of opinion i.
func beside(d *parse.Doc, ops []Opinion, i int) float64 {
	sum := 0.0
	for k := range ops {
		if k != i && d.Clauses[ops[k].Clause].Sentence == d.Clauses[ops[i].Clause].Sentence {
			sum += ops[k].Score
		}
	}
	return sum
}

// asksForHelp reports whether the text asks somebody to explain.
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

// laterBalance is the sum of the opinions behind a clause.
func laterBalance(ops []Opinion, clause int) float64 {
	sum := 0.0
	for i := range ops {
		if ops[i].Clause > clause {
			sum += ops[i].Score
		}
	}
	return sum
}

func hasOther(ops []Opinion, i int) bool {
	for k := range ops {
		if k != i && ops[k].Score != 0 && ops[k].Clause != ops[i].Clause {
			return true
		}
	}
	return false
}

func isWorry(d *parse.Doc, o *Opinion) bool {
	switch d.Tokens[o.First].Base {
	case "心配", "不安", "半信半疑", "迷う", "悩む", "大変", "苦労", "抵抗", "疑う", "戸惑う", "難しい", "苦手", "怖い", "緊張", "面倒", "半信", "期待":
		return true
	}
	return false
}

func clauseIsPast(d *parse.Doc, cl *parse.Clause) bool {
	for i := cl.FirstChunk; i < cl.EndChunk; i++ {
		if d.Chunks[i].Any(parse.Past) {
			return true
		}
	}
	return false
}

// saysFormer reports whether a clause speaks of an earlier time: 以前は, 前回は, 先月まで, 導入前.
func saysFormer(d *parse.Doc, cl *parse.Clause, s *parse.Sentence) bool {
	for i := s.FirstToken; i < cl.EndToken; i++ {
		t := &d.Tokens[i]
		next := ""
		if i+1 < s.EndToken {
			next = d.Tokens[i+1].Surface
		}
		switch t.Surface {
		case "使い始め", "使いはじめ", "購入時", "購入直後", "導入当初", "購入当初", "買った当初":
			if i >= cl.FirstToken && (next == "は" || next == "の") {
				return true
			}
		case "かつて", "昔", "一時期", "従来", "これまで", "今まで", "いままで", "元々", "もともと", "当初":
			return i >= cl.FirstToken && next != "より" && next != "の"
		case "以前", "前", "最初", "はじめ", "初め", "前回", "先月", "去年", "昨年", "先週", "旧", "導入前", "当時", "前作":
			if i >= cl.FirstToken && next != "より" && (next == "は" || next == "まで" || next == "、" || next == "に" && i+2 < s.EndToken && d.Tokens[i+2].Surface == "は") {
				return true
			}
		}
	}
	return false
}

// courtesy drops thanks and set phrases when the text has something to blame: a thank-you makes no post mixed.
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
