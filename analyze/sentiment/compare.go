package sentiment

import (
	"strings"

	"voc/analyze/parse"
)

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

func also(d *parse.Doc, c *parse.Chunk) bool {
	for i := c.ContentEnd; i < c.End; i++ {
		if d.Tokens[i].Surface == "も" {
			return true
		}
	}
	return false
}

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
		case "前", "以前", "昔", "旧", "他社", "他", "競合", "よそ", "別", "元", "ほか", "従来", "前回", "旧版", "初代", "先代", "前作", "以前の", "他所", "他店", "旧型", "隣", "去年", "昨年", "先月", "近所":
			return true
		default:
			if strings.HasPrefix(s, "前の") || strings.HasPrefix(s, "他の") {
				return true
			}
		}
	}
	return false
}

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
