package opinion

import (
	"voc/analyze/parse"
	"voc/analyze/token"
)

// flagsOf reads what is said about the predicate of u.
func flagsOf(d *parse.Doc, s *parse.Sentence, u *Unit) flag {
	p := &d.Chunks[u.Predicate]
	head := &d.Tokens[p.Head]
	var f flag
	if p.Any(parse.Passive) {
		if potential(d, p, &d.Chunks[u.Noun]) {
			f |= possible
		} else {
			f |= passive
		}
	}
	if p.Any(parse.Potential) && head.Base != "できる" && head.Base != "出来る" {
		f |= possible
	}
	if p.Any(parse.Hard) {
		f |= hard
	}
	if p.Any(parse.Easy) {
		f |= easy
	}
	if p.Any(parse.Excess) {
		f |= excess
	}
	if p.Any(parse.Desire | parse.Want) {
		f |= wished
	}
	if p.Negations%2 == 1 && !isNo(head) && !p.Any(parse.Obligation|parse.Tag) || isNo(head) && p.Negations == 2 {
		f |= denied
	}
	if p.Any(parse.Change) || u.idiom >= 0 && becomes(head) && !p.Any(parse.Progressive) && !fixed(&d.Tokens[d.Chunks[u.idiom].Head]) {
		f |= changed
	}
	if p.Any(parse.Conditional) && d.Clauses[p.Clause].Link == parse.Condition && !mainPast(d, s, p) {
		f |= supposed
	}
	return f
}

func isNo(t *token.Token) bool { return t.Base == "ない" || t.Base == "無い" }

// potential reports whether られる behind the verb means that one can, said of noun.
func potential(d *parse.Doc, p, noun *parse.Chunk) bool {
	switch d.Tokens[p.Head].Base {
	case "見る", "来る", "出る", "寝る", "食べる", "信じる", "続ける", "得る", "着る", "覚える", "止める", "停める", "借りる", "受ける", "求める":
		return noun.Particle != "に"
	}
	return false
}

// fixed reports whether なる with the noun is an idiom that tells no change: 参考になる, 気になる.
func fixed(t *token.Token) bool {
	switch t.Base {
	case "参考", "気", "頼り", "ため", "為", "楽しみ", "話題", "問題", "役", "負担", "邪魔", "お世話", "世話", "支障", "励み", "勉強", "ネック", "迷惑", "手間", "無駄", "嫌", "苦", "助け", "刺激", "ストレス":
		return true
	}
	return false
}

// Speller gives the text as it was written at the tokens [first, end).
type Speller func(first, end int) string

// Append adds the canonical form of u to dst: 通知→来る(否定,変化). Latin words keep the case that spell gives.
func (u *Unit) Append(dst []byte, d *parse.Doc, spell Speller) []byte {
	dst = appendNoun(dst, d, &d.Chunks[u.Noun], spell)
	dst = append(dst, "→"...)
	dst = u.appendPredicate(dst, d, spell)
	open := false
	for i, name := range flagNames {
		if u.flags&(1<<i) == 0 {
			continue
		}
		if open {
			dst = append(dst, ',')
		} else {
			dst, open = append(dst, '('), true
		}
		dst = append(dst, name...)
	}
	if open {
		dst = append(dst, ')')
	}
	return dst
}

// appendNoun adds the compound of a chunk without honorifics and without what precedes it in the compound as time or
// pronoun.
func appendNoun(dst []byte, d *parse.Doc, c *parse.Chunk, spell Speller) []byte {
	first := c.First
	for first < c.Head {
		switch p := d.Tokens[first].POS; {
		case p == token.Prefix && polite(d.Tokens[first].Surface), (p == token.NounAdverb || p == token.NounPron) && d.Tokens[first+1].POS != token.NounSuffix:
			first++
			continue
		}
		break
	}
	end := max(c.Head+1, first+1)
	for i := first; i < end; i++ {
		s := d.Tokens[i].Surface
		if s[0] >= 'a' && s[0] <= 'z' {
			if o := spell(i, i+1); len(o) == len(s) {
				s = o
			}
		}
		dst = append(dst, s...)
	}
	return dst
}

func polite(s string) bool { return s == "お" || s == "ご" || s == "御" }

func (u *Unit) appendPredicate(dst []byte, d *parse.Doc, spell Speller) []byte {
	p := &d.Chunks[u.Predicate]
	t := &d.Tokens[p.Head]
	if u.idiom >= 0 {
		i := &d.Chunks[u.idiom]
		if fixed(&d.Tokens[i.Head]) {
			return append(appendNoun(dst, d, i, spell), "になる"...)
		}
		return appendNoun(dst, d, i, spell)
	}
	if p.Kind == parse.Adjectival || t.POS.IsVerb() {
		for i := p.First; i < p.Head; i++ {
			if d.Tokens[i].POS != token.Prefix {
				dst = append(dst, d.Tokens[i].Surface...) // うまく in うまくいく
			}
		}
		return append(dst, t.Lemma...)
	}
	if p.Kind == parse.NaAdj && d.Tokens[max(p.Head-1, p.First)].POS != token.Prefix {
		return append(dst, t.Surface...) // 正直微妙 is 微妙
	}
	return appendNoun(dst, d, p, spell)
}
