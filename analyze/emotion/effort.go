package emotion

import (
	"voc/analyze/parse"
	"voc/analyze/sentiment"
	"voc/analyze/token"
)

// effort appends where the writer tells of trouble: a phrase that says so, repetition of a deed, or, in a sentence that
// blames, a word that hints at it.
func (w *Worker) effort(dst []Found, d *parse.Doc, hits []hit, ops []sentiment.Opinion, m mood) []Found {
	for i, h := range hits {
		if !fits(d, h.first, h.end) {
			continue
		}
		f := h.f
		switch {
		case f.effort && toil(d, h, ops):
		case f.weak && m.bad && toil(d, h, ops) && !courtesy(d, h):
		case f.again && toil(d, h, ops) && !courtesy(d, h):
			act, ok := actBehind(d, hits, i)
			if !ok {
				continue
			}
			h.end = act.end
		case (f.act || f.long) && toil(d, h, ops) && !courtesy(d, h):
			first, ok := timesBefore(d, h.first, f.long)
			if !ok || d.Chunks[d.ChunkOf[h.end-1]].Negations > 0 {
				continue
			}
			h.first = first
		default:
			continue
		}
		if n := len(dst); n > 0 && dst[n-1].Effort && dst[n-1].First <= h.first && dst[n-1].End >= h.first+1 {
			dst[n-1].End = max(dst[n-1].End, h.end)
			continue
		}
		dst = append(dst, Found{Effort: true, Value: High, First: h.first, End: h.end, Rule: "effort:" + f.text})
	}
	return dst
}

// timesBefore finds a number of times, two or more, that tells how often the deed at token i was done, or, for a deed that
// may take long, a span of time.
func timesBefore(d *parse.Doc, i int, long bool) (int, bool) {
	for k := i - 1; k > 0 && k >= i-4 && d.ClauseOf[k] == d.ClauseOf[i]; k-- {
		t := &d.Tokens[k]
		if t.Surface == "回" || t.Surface == "度" {
			n := &d.Tokens[k-1]
			return k - 1, n.POS == token.NounNumber && n.Surface != "1" && n.Surface != "一" && n.Surface != "0"
		}
		if s := t.Surface; long && t.POS == token.NounSuffix && (s == "時間" || s == "分" || s == "日" || s == "日間" || s == "週間" || s == "分間") {
			return k - 1, d.Tokens[k-1].POS == token.NounNumber
		}
		if !t.POS.IsParticle() && t.POS != token.NounSuffix {
			return 0, false
		}
	}
	return 0, false
}

// toil reports whether the phrase at h is trouble that is there: not denied, gone, wished, asked about or praised.
func toil(d *parse.Doc, h hit, ops []sentiment.Opinion) bool {
	ci := int(d.ChunkOf[h.end-1])
	c := &d.Chunks[ci]
	if d.Clauses[c.Clause].Quoted || denied(d, c, h.end) || relieved(d, c) || c.Any(parse.Hearsay|parse.Please|parse.Imperative|parse.Conditional|parse.Invite|parse.Want|parse.Desire) {
		return false
	}
	cl := &d.Clauses[c.Clause]
	if c.Clause > d.Sentences[c.Sentence].FirstClause && d.Clauses[c.Clause-1].Link == parse.Condition && c.Any(parse.Past) {
		return false // これがなかったら今ごろ手作業でした
	}
	better, worse := false, false
	for i := range ops {
		o := &ops[i]
		switch {
		case o.Score > 0 && o.Clause == c.Clause && o.Flags&sentiment.Implied == 0:
			return false
		case o.Clause == c.Clause+1 && cl.Link == parse.Contrast:
			better, worse = better || o.Score > 0, worse || o.Score < 0
		}
	}
	return !better || worse // 手作業でしたが、今は楽です tells that it is over
}

// relieved reports whether what the chunk depends on says that the trouble is gone: 手間が減った, 転記がいらない.
func relieved(d *parse.Doc, c *parse.Chunk) bool {
	if c.Governor < 0 {
		return false
	}
	g := &d.Chunks[c.Governor]
	switch d.Tokens[g.Head].Base {
	case "減る", "減らす", "省く", "省ける", "なくす", "無くす", "なくなる", "無くなる", "いる", "要る", "必要", "不要", "ゼロ", "削減", "解放", "解消", "なし", "無し", "短縮", "軽減", "済む", "やめる", "卒業", "ない", "自動":
		switch d.Tokens[g.Head].Base {
		case "いる", "要る", "必要":
			return g.Negations%2 == 1
		}
		return true
	}
	return false
}

// courtesy reports whether somebody did it for the writer: わざわざ連絡してくれた.
func courtesy(d *parse.Doc, h hit) bool {
	c := &d.Chunks[d.ChunkOf[h.end-1]]
	if c.Any(parse.Receive) {
		return true
	}
	return c.Governor >= 0 && d.Chunks[c.Governor].Any(parse.Receive|parse.Please|parse.Want|parse.Desire|parse.Imperative|parse.Conditional|parse.Invite)
}

// reachOfRepetition is how many tokens may stand between 何度も and the deed.
const reachOfRepetition = 30

// actBehind finds the deed that is repeated: the first one behind the phrase at hit i, in its clause.
func actBehind(d *parse.Doc, hits []hit, i int) (hit, bool) {
	h := hits[i]
	clause := d.ClauseOf[h.first]
	for _, a := range hits[i+1:] {
		if d.ClauseOf[a.first] != clause || a.first > h.end+reachOfRepetition {
			break
		}
		if !a.f.act || a.first < h.end {
			continue
		}
		c := &d.Chunks[d.ChunkOf[a.end-1]]
		if c.Negations > 0 && !c.Any(parse.Obligation) || c.Any(parse.Please|parse.Want|parse.Desire|parse.Invite|parse.Conditional|parse.Receive) {
			return hit{}, false
		}
		return a, true
	}
	return hit{}, false
}
