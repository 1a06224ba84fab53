package sentiment

import (
	"strings"

	"voc/analyze/parse"
	"voc/analyze/token"
)

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
	case o.Score != 0 && whoIs(d, s, o):
		// 嫌いな人いるの？
		if o.Score < 0 {
			o.Score = 0.8
		} else {
			o.Score = -0.9
		}
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

func explains(d *parse.Doc, cl *parse.Clause) bool {
	for i := cl.FirstToken; i < cl.EndToken; i++ {
		if t := &d.Tokens[i]; t.POS == token.NounDep && (t.Surface == "ん" || t.Surface == "の") || t.Surface == "の" && t.POS == token.Final || t.Surface == "だろ" || t.Surface == "だろう" || t.Surface == "ねん" {
			return true
		}
	}
	return false
}

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
