package sentiment

import (
	"strings"

	"voc/analyze/parse"
	"voc/analyze/token"
)

// composed applies what several clauses mean together: consequences that did not come, expectations that were
// overturned, faults that are told as repaired, escalations with どころか.
func (w *Worker) composed(d *parse.Doc, ops []Opinion) {
	for si := range d.Sentences {
		s := &d.Sentences[si]
		w.unreal(d, s, ops)
		w.overturned(d, s, ops)
		if w.s.says&saysLetAlone != 0 {
			w.letAlone(d, s, ops)
		}
		if w.s.says&saysRather != 0 {
			w.rare(d, s, ops)
		}
		if w.s.says&saysNow != 0 {
			w.nowadays(d, s, ops)
		}
		w.always(s, ops, d)
	}
	if w.s.says&saysOwnFault != 0 {
		w.ownFault(d, ops)
	}
	spared(ops)
	w.even(d, ops)
	w.repaired(d, ops)
}

// without reads what a missing thing would mean: 無いと困る praises it, なくても困らない does not.
func (w *Worker) without(d *parse.Doc, s *parse.Sentence, o *Opinion) bool {
	if d.Tokens[o.First].Base != "困る" || o.Clause == s.FirstClause || s.Question {
		return false
	}
	before := &d.Clauses[o.Clause-1]
	c := &d.Chunks[finalChunk(d, before)]
	switch d.Tokens[c.Head].Base {
	case "ない", "無い", "なくなる", "無くなる":
	default:
		return false
	}
	switch {
	case before.Link == parse.Condition && o.Score < 0:
		o.Score = 0.7
		o.Rule += "+無いと"
	case before.Link == parse.Concede && o.Score > 0:
		o.Score = -0.5
		o.Rule += "+無くても"
	default:
		return false
	}
	return true
}

// unreal turns what would have been: 〜ていれば間に合った was too late, 〜なければ詰んでいた went well.
func (w *Worker) unreal(d *parse.Doc, s *parse.Sentence, ops []Opinion) {
	for ci := s.FirstClause; ci+1 < s.EndClause; ci++ {
		if !contrary(d, s, ci) {
			continue
		}
		if more(d, &d.Clauses[ci]) && !d.Chunks[finalChunk(d, &d.Clauses[ci])].Any(parse.Receive) {
			continue // もっと早く入れていれば: one's own delay
		}
		turned := false
		for i := range ops {
			o := &ops[i]
			if strings.HasSuffix(o.Rule, "+無いと") {
				turned = true
				continue
			}
			if o.Clause != ci+1 || o.Score == 0 || o.Has(Wished|Supposed|Thanks) || strings.Contains(o.Rule, "+counterfactual") || strings.Contains(o.Rule, "+regret") {
				continue
			}
			if o.Score > 0 {
				o.Score = -0.9
			} else {
				o.Score = 0.8
			}
			o.Rule += "+counterfactual"
			turned = true
		}
		for i := range ops {
			if turned && ops[i].Clause == ci {
				ops[i].Score = 0
				ops[i].Flags |= Supposed
			}
		}
	}
}

// contrary reports whether clause ci is a condition that was not met: ば, or a negated or lasting たら, before a
// predicate of the past.
func contrary(d *parse.Doc, s *parse.Sentence, ci int) bool {
	cl, next := &d.Clauses[ci], &d.Clauses[ci+1]
	if cl.Link != parse.Condition || s.Question || !clausePast(d, next) {
		return false
	}
	last := &d.Chunks[finalChunk(d, cl)]
	switch conditionWord(d, cl) {
	case "ば":
		return last.Any(parse.Receive|parse.Progressive) || last.Negations%2 == 1 || limited(d, cl, "さえ") || d.Tokens[last.Head].Base == "ある"
	case "たら", "だら":
		return last.Negations%2 == 1 || limited(d, cl, "さえ") || last.Any(parse.Receive|parse.Progressive) && (endsWith(d, next, "のに") || endsWith(d, next, "けど") || endsWith(d, next, "が"))
	}
	return false
}

// limited reports whether a clause holds the particle word.
func limited(d *parse.Doc, cl *parse.Clause, word string) bool {
	for i := cl.FirstToken; i < cl.EndToken; i++ {
		if d.Tokens[i].Surface == word {
			return true
		}
	}
	return false
}

// overturned weakens what was said or feared in a clause with けど or が when the writer's own finding follows:
// 安っぽいと言われるけど好き.
func (w *Worker) overturned(d *parse.Doc, s *parse.Sentence, ops []Opinion) {
	for ci := s.FirstClause; ci+1 < s.EndClause; ci++ {
		cl := &d.Clauses[ci]
		if cl.Link != parse.Contrast && cl.Link != parse.Concede || !presumes(d, cl) {
			continue
		}
		before, after := 0.0, 0.0
		for i := range ops {
			switch o := &ops[i]; {
			case o.Clause == ci:
				before += o.Score
			case o.Clause > ci && o.Clause < s.EndClause:
				after += o.Score
			}
		}
		if before != 0 && after == 0 && !s.Question && reports(d, cl) && tells(d, s) {
			// 遠いと聞いていたが、五分: what follows is the contrary, whatever its words.
			for i := range ops {
				if ops[i].Clause == ci && ops[i].Score*before > 0 {
					ops[i].Score = 0.7
					if before > 0 {
						ops[i].Score = -0.7
					}
					ops[i].Rule += "+聞いた"
				}
			}
			continue
		}
		if before*after >= 0 {
			continue
		}
		for i := range ops {
			if o := &ops[i]; o.Clause == ci && o.Score*before > 0 {
				o.Score *= 0.2
				o.Flags |= Reported
			}
		}
	}
}

// presumes reports whether a clause tells what others say or what the writer had thought.
func presumes(d *parse.Doc, cl *parse.Clause) bool {
	c := &d.Chunks[finalChunk(d, cl)]
	for i := c.First; i < c.End; i++ {
		switch t := &d.Tokens[i]; t.Base {
		case "言う", "いう", "聞く", "脅す", "叩く", "騒ぐ", "褒める", "絶賛", "酷評", "謳う":
			if c.Any(parse.Passive) || t.Base == "聞く" || t.Base == "謳う" || cl.Link == parse.Contrast && t.Base != "褒める" {
				return true
			}
		case "思う", "考える":
			if next := d.Tokens[min(i+1, c.End-1)]; next.Base == "た" || next.Surface == "て" {
				return true
			}
		case "叩かれる", "言われる", "評判", "噂", "売り文句", "触れ込み", "覚悟", "身構える", "疑う", "諦める", "侮る", "心配", "半信半疑", "評価", "口コミ":
			return c.Any(parse.Past|parse.Progressive) || c.Kind == parse.Nominal
		}
	}
	return false
}

// reports reports whether a clause ends in what others say: と聞いていたが, と言うけど.
func reports(d *parse.Doc, cl *parse.Clause) bool {
	c := &d.Chunks[finalChunk(d, cl)]
	for i := c.First; i < c.End; i++ {
		switch d.Tokens[i].Base {
		case "言う", "いう", "聞く", "言われる", "脅す", "叩く", "叩かれる", "評判":
			return true
		}
	}
	return false
}

// tells reports whether a sentence ends in a plain statement, not in a wish, a request or a negation.
func tells(d *parse.Doc, s *parse.Sentence) bool {
	last := &d.Chunks[finalChunk(d, &d.Clauses[s.EndClause-1])]
	return !last.Any(parse.Want | parse.Desire | parse.Please | parse.Question | parse.Doubt | parse.Invite | parse.Hearsay | parse.Guess)
}

// nowadays weakens what was so before a clause that tells how it is now: 立てなかった母が、今では畑に出ています.
func (w *Worker) nowadays(d *parse.Doc, s *parse.Sentence, ops []Opinion) {
	for i := s.FirstToken + 1; i+1 < s.EndToken; i++ {
		t, next := d.Tokens[i].Surface, d.Tokens[i+1].Surface
		if t != "今や" && t != "今では" && t != "いまや" && (t != "今" && t != "いま" && t != "現在" || next != "は" && next != "で" && next != "や" && next != "じゃ") {
			continue
		}
		for k := range ops {
			o := &ops[k]
			if o.First >= s.FirstToken && o.First < i && d.Chunks[o.Chunk].Any(parse.Past) && !strings.HasPrefix(o.Rule, "number:") {
				o.Score *= 0.2
				o.Flags |= Former
			}
		}
		return
	}
}

// always reads ためしがない behind a negation: 来なかったためしがない is always.
func (w *Worker) always(s *parse.Sentence, ops []Opinion, d *parse.Doc) {
	for i := 1; i < len(ops); i++ {
		o, b := &ops[i], &ops[i-1]
		if o.First < s.FirstToken || o.First >= s.EndToken || b.First < s.FirstToken || !strings.HasPrefix(o.Rule, "lex:ためしがない") {
			continue
		}
		if d.Chunks[o.Chunk].First > 0 && b.Score < 0 && d.Chunks[b.Chunk].Negations%2 == 1 {
			b.Score = 0
			o.Score = 0.9
		}
	}
}

// spared drops the blame of the bad thing itself when it does not come: 勧誘の電話が来なくなった.
func spared(ops []Opinion) {
	for i := range ops {
		if !strings.HasSuffix(ops[i].Rule, "+bad") || ops[i].Score <= 0 {
			continue
		}
		for k := range ops {
			if ops[k].Clause == ops[i].Clause && ops[k].First < ops[i].First && ops[k].Score < 0 {
				ops[k].Score = 0
			}
		}
	}
}

// ownFault weakens faults that the writer takes upon himself: 自業自得, お騒がせしました.
func (w *Worker) ownFault(d *parse.Doc, ops []Opinion) {
	for i := range d.Tokens {
		switch d.Tokens[i].Surface {
		case "自業自得", "お騒がせ", "早とちり", "勘違い":
		default:
			continue
		}
		if i+1 < len(d.Tokens) && d.Tokens[i+1].Surface == "し" && i+2 < len(d.Tokens) && d.Tokens[i+2].Base == "やすい" {
			continue
		}
		for k := range ops {
			if ops[k].Score < 0 {
				ops[k].Score *= 0.3
			}
		}
		return
	}
}

// letAlone reads AどころかB: B tells the opposite of what A hoped or feared, or goes beyond it.
func (w *Worker) letAlone(d *parse.Doc, s *parse.Sentence, ops []Opinion) {
	for i := s.FirstToken; i+1 < s.EndToken; i++ {
		t := &d.Tokens[i]
		if t.Surface != "どころか" && (t.Surface != "どころ" || d.Tokens[i+1].Surface != "か") {
			continue
		}
		rest := 0.0
		for k := range ops {
			if ops[k].First > i && ops[k].First < s.EndToken {
				rest += ops[k].Score
			}
		}
		for k := range ops {
			o := &ops[k]
			if int(d.ChunkOf[i])-o.Chunk > 1 || o.First > i || o.First < s.FirstToken || o.Clause != int(d.ClauseOf[i]) {
				continue
			}
			if rest != 0 {
				o.Score = 0
				continue
			}
			o.Score *= -0.8
			o.Rule += "+どころか"
		}
		return
	}
}

// rare turns what is said to happen seldom: 使えない店を探すほうが難しい.
func (w *Worker) rare(d *parse.Doc, s *parse.Sentence, ops []Opinion) {
	for i := s.FirstToken + 1; i+2 < s.EndToken; i++ {
		if t := d.Tokens[i].Surface; t != "方" && t != "ほう" || d.Tokens[i+1].Surface != "が" {
			continue
		}
		switch d.Tokens[i+2].Base {
		case "難しい", "珍しい", "少ない", "稀", "まれ":
		default:
			continue
		}
		turned := false
		for k := range ops {
			if o := &ops[k]; o.First >= s.FirstToken && o.First < i && o.Score != 0 {
				o.Score *= -0.9
				o.Rule += "+稀"
				turned = true
			}
		}
		for k := range ops {
			if ops[k].First == i+2 && turned {
				ops[k].Score = 0
			}
		}
		return
	}
}

// even weakens the drawback that something worked in spite of: 弱い電波でも途切れない, 暗い部屋でもくっきり写る.
func (w *Worker) even(d *parse.Doc, ops []Opinion) {
	for i := range ops {
		o := &ops[i]
		c := &d.Chunks[o.Chunk]
		if o.Score >= 0 || !c.Any(parse.Attributive) || c.Governor < 0 || !concedes(d, &d.Chunks[c.Governor]) {
			continue
		}
		for k := range ops {
			if ops[k].Score > 0 && ops[k].First > o.First && d.Clauses[ops[k].Clause].Sentence == c.Sentence {
				o.Score = 0
				break
			}
		}
	}
}

// concedes reports whether a noun chunk ends in でも.
func concedes(d *parse.Doc, c *parse.Chunk) bool {
	if c.Kind != parse.Nominal && c.Kind != parse.NaAdj {
		return false
	}
	for i := c.ContentEnd; i < c.End; i++ {
		if s := d.Tokens[i].Surface; s == "でも" || s == "も" && i > c.ContentEnd && d.Tokens[i-1].Surface == "で" {
			return true
		}
	}
	return false
}

// repaired weakens the faults told in the past when a later opinion says that they are gone: 重かった件、直りました.
func (w *Worker) repaired(d *parse.Doc, ops []Opinion) {
	last := -1
	for i := range ops {
		if o := &ops[i]; o.Score > 0 && d.Chunks[o.Chunk].Any(parse.Past) && (o.Has(Event) || o.Rule == "implied:expected+ようになる" || isFix(d, o)) && !d.Chunks[o.Chunk].Any(parse.Conditional|parse.Negated) {
			last = i
		}
	}
	for i := 0; i < last; i++ {
		o := &ops[i]
		if o.Score >= 0 || !d.Chunks[o.Chunk].Any(parse.Past) || o.Clause == ops[last].Clause && !d.Chunks[o.Chunk].Any(parse.Attributive) {
			continue
		}
		o.Score *= 0.3
		o.Flags |= Former
	}
}

// gladAfter reports whether the clauses from ci on tell something good in spite of what came before: a favour, or
// how it is now.
func gladAfter(d *parse.Doc, s *parse.Sentence, ci int, ops []Opinion) bool {
	for i := range ops {
		if ops[i].Score > 0 && ops[i].Clause > ci && ops[i].Clause < s.EndClause {
			return true
		}
	}
	for i := d.Clauses[ci].FirstToken; i < s.EndToken; i++ {
		switch t := &d.Tokens[i]; t.Surface {
		case "今", "今や", "今では":
			return true
		case "ここ":
			if i+1 < s.EndToken && d.Tokens[i+1].Surface == "まで" {
				return true
			}
		default:
			if (t.Base == "くれる" || t.Base == "くださる") && d.Chunks[d.ChunkOf[i]].Negations == 0 && t.POS == token.VerbDep {
				return true
			}
		}
	}
	return false
}

// lacks reports whether a phrase of the lexicon ends in a negation of its own: 足りない.
func lacks(text string) bool { return strings.HasSuffix(text, "ない") }

// withheld reports whether a phrase of the lexicon says that something does not come (any more).
func withheld(text string) bool {
	return lacks(text) || strings.HasSuffix(text, "なくなった") || strings.HasSuffix(text, "なくなる")
}

// grants reports whether the last negation of a chunk only grants what it denies: なくはない, ないことはない, わけではない.
func grants(d *parse.Doc, c *parse.Chunk) bool {
	if c.Any(parse.Certain | parse.Change) {
		return false
	}
	if c.Any(parse.Partial) {
		return true
	}
	for i := c.ContentEnd; i+1 < c.End; i++ {
		if s := d.Tokens[i].Surface; (s == "は" || s == "も") && d.Tokens[i+1].Base == "ない" {
			return d.Tokens[i-1].Base != "こと" || d.Tokens[max(i-2, 0)].Base != "た"
		}
	}
	return false
}

// nothingBut reports whether a chunk is 何物でもない, which affirms what stands before it.
func nothingBut(d *parse.Doc, c *parse.Chunk) bool {
	switch d.Tokens[c.Head].Surface {
	case "何物", "何者", "なにもの", "何もの":
	case "物", "もの", "者":
		if c.Head == 0 || d.Tokens[c.Head-1].Surface != "何" {
			return false
		}
	default:
		return false
	}
	return c.Negations%2 == 1
}

// whoIs reports whether an opinion asks for somebody who thinks so: 嫌いな人いる？
func whoIs(d *parse.Doc, s *parse.Sentence, o *Opinion) bool {
	c := &d.Chunks[o.Chunk]
	if !c.Any(parse.Attributive) || c.Governor < 0 || !isPerson(&d.Tokens[d.Chunks[c.Governor].Head]) {
		return false
	}
	for i := d.Chunks[c.Governor].End; i < s.EndToken; i++ {
		switch d.Tokens[i].Base {
		case "いる", "居る":
			p := &d.Chunks[d.ChunkOf[i]]
			return p.Negations == 0 && !limited(d, &d.Clauses[o.Clause], "ます") && !limited(d, &d.Clauses[o.Clause], "まし") || p.Negations == 0 && limited(d, &d.Clauses[o.Clause], "他")
		}
	}
	return false
}

// neverAgain reports whether 二度と or 一生 stands before chunk i in its clause.
func neverAgain(d *parse.Doc, i int) bool {
	for t := d.Clauses[d.Chunks[i].Clause].FirstToken; t < d.Chunks[i].First; t++ {
		switch d.Tokens[t].Surface {
		case "二度と", "一生", "金輪際":
			return true
		case "二度":
			return d.Tokens[t+1].Surface == "と"
		}
	}
	return false
}

// arrives reports whether a verb says that something comes up or comes in, so that a bad thing that does not is good.
func arrives(t *token.Token) bool {
	switch t.Base {
	case "来る", "くる", "届く", "入る", "はいる", "出る", "でる", "鳴る", "流れる", "起きる", "表示", "かかる", "付く", "つく", "聞こえる", "見える", "混じる", "送る", "溜まる", "残る", "切れる":
		return true
	}
	return false
}

// unwanted reports whether the subject of an opinion is a bad thing.
func (w *Worker) unwanted(d *parse.Doc, o *Opinion) bool {
	if o.Subject < 0 || d.Chunks[o.Subject].Clause != o.Clause {
		return false
	}
	switch d.Tokens[d.Chunks[o.Subject].Head].Base {
	case "電話", "連絡", "メール", "通知", "案内", "手紙", "荷物":
		// Of what is sent, only the modifier tells: 勧誘の電話, 迷惑メール.
		bad := false
		c := &d.Chunks[o.Subject]
		for _, h := range d.HitsIn(c.First, c.Head) {
			e := w.e.lex.Entry(h.ID)
			bad = bad || e != nil && (e.Class&w.e.bad != 0 || e.Score < 0)
		}
		if o.Subject > 0 && d.Chunks[o.Subject-1].Governor == o.Subject && d.Chunks[o.Subject-1].Kind == parse.Nominal {
			bad = bad || w.ownClass(d, o.Subject-1)&w.e.bad != 0
		}
		return bad
	}
	class := w.classOf(d, o.Subject)
	return class&w.e.bad != 0 && class&w.e.good == 0
}

// supposed reports whether a chunk modifies a mere case: 出ないときは温める.
func supposed(d *parse.Doc, c *parse.Chunk) bool {
	if !c.Any(parse.Attributive) || c.Governor < 0 {
		return false
	}
	g := &d.Chunks[c.Governor]
	switch d.Tokens[g.Head].Base {
	case "とき", "時", "場合", "際":
		return g.Particle == "は" && !clausePast(d, &d.Clauses[d.Sentences[c.Sentence].EndClause-1])
	}
	return false
}

// denied reports whether chunk i modifies a noun that is said not to be, or to be missing: もらえないことはなかった.
func denied(d *parse.Doc, i int) bool {
	c := &d.Chunks[i]
	if !c.Any(parse.Attributive) || c.Governor < 0 {
		return false
	}
	switch d.Tokens[d.Chunks[c.Governor].Head].Base {
	case "こと", "日", "ためし", "試し", "もの", "例", "人", "店":
	default:
		return false
	}
	cl := &d.Clauses[d.Chunks[c.Governor].Clause]
	last := &d.Chunks[finalChunk(d, cl)]
	h := &d.Tokens[last.Head]
	return last.First >= d.Chunks[c.Governor].First && (isNone(h) && last.Negations <= 1 || h.Base == "ある" && last.Negations == 1)
}

// topicExcluded reports whether the clause of chunk i is about a noun that a negated verb modifies: 飛ばない日は一日もない.
func topicExcluded(d *parse.Doc, i int) bool {
	for k := d.Clauses[d.Chunks[i].Clause].FirstChunk + 1; k < i; k++ {
		if c := &d.Chunks[k]; c.Kind == parse.Nominal && c.Particle == "は" && excluded(d, k) {
			return true
		}
	}
	return false
}

// excluded reports whether a noun is modified by a negated verb, so that its absence affirms the verb: 届かない日はない.
func excluded(d *parse.Doc, chunk int) bool {
	if chunk == 0 {
		return false
	}
	m := &d.Chunks[chunk-1]
	return m.Governor == chunk && m.Any(parse.Attributive) && m.Kind == parse.Verbal && m.Negations%2 == 1
}
