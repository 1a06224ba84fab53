package model

import (
	"voc/analyze/lexicon"
	"voc/analyze/parse"
	"voc/analyze/taxonomy"
)

// feature is a feature that can be told beforehand, as Seen.id holds it: its key and kind, or its row in place of the key
// when the weights are at hand. It is 0 when these do not know it.
type feature uint64

// found says that an id has the row of a feature in place of its key.
const found = 1 << (keyBits + kindBits)

// feature tells a feature beforehand.
func (r *Reader) feature(k Kind, a, b, c *part) feature {
	key := keyOf(k, a.hash, b.hash, c.hash)
	f := feature(k) << keyBits
	if r.names != nil {
		r.name(key, k, a, b, c)
	}
	if r.names != nil || r.weights == nil {
		return f | feature(key)
	}
	row := r.weights.lookUp(key)
	if row < 0 {
		return 0
	}
	return f | found | feature(row)
}

// note notes a feature that was told beforehand.
func (r *Reader) note(f feature, clause, first, end int32) {
	if f != 0 {
		r.s.Seen = append(r.s.Seen, Seen{uint64(f) | wordsOf(first, end), first, clause})
	}
}

// signed is a feature as it stands and negated.
type signed [2]feature

// signOf is the place in signed of what a chunk says.
func signOf(c *parse.Chunk) int { return c.Negations & 1 }

// signs are the parts of features that signOf tells apart.
var signs = [2]*part{&none, &negated}

func (r *Reader) signed(k Kind, a, c *part) (s signed) {
	for i := range s {
		s[i] = r.feature(k, a, signs[i], c)
	}
	return s
}

// marked are the features of what words suggest: by itself, and with each of marks.
type marked struct {
	plain signed
	marks [len(marks)]signed
}

func (r *Reader) marked(a *part) (m marked) {
	m.plain = r.signed(kindAssoc, a, &none)
	for i := range marks {
		m.marks[i] = r.signed(kindAssoc, a, &marks[i].part)
	}
	return m
}

// generally are the features of a good or a bad word: by itself, at the end, before and after a contrast.
type generally struct{ plain, tail, turn, after signed }

// sensed are the features of the sense of an opinion: by itself, by how its clause relates to the rest, and by its flags.
type sensed struct {
	plain        feature
	links, flags []feature
}

// features are those that are told beforehand.
type features struct {
	grammar, lastGrammar, mods, links, leads []feature
	quoted                                   feature
	good, bad                                signed
	kinds, classes                           []signed
	sides, intents                           []marked
	topics                                   []feature
	goodWord, badWord                        generally
	senses                                   []sensed
}

// tell fills the features that are told beforehand.
func (r *Reader) tell() {
	each := func(k Kind, list parts) (out []feature) {
		for i := range list {
			out = append(out, r.feature(k, &list[i], &none, &none))
		}
		return out
	}
	behind := func(k Kind, first *part, list parts) (out []feature) {
		for i := range list {
			out = append(out, r.feature(k, first, &list[i], &none))
		}
		return out
	}
	bySign := func(list parts) (out []signed) {
		for i := range list {
			out = append(out, r.signed(kindClass, &list[i], &none))
		}
		return out
	}
	grammar := partsOf(taxonomy.GrammarNames())
	f := &r.told
	f.grammar, f.lastGrammar = each(kindGrammar, grammar), each(kindLastGram, grammar)
	f.mods = each(kindMod, r.mods)
	f.links, f.leads = behind(kindMod, &link, links), behind(kindMod, &lead, links)
	f.quoted = r.feature(kindMod, &quoted, &none, &none)
	f.good, f.bad = r.signed(kindClass, &good, &none), r.signed(kindClass, &bad, &none)
	f.kinds, f.classes = bySign(entryKinds), bySign(partsOf(r.lex.ClassNames(^lexicon.Class(0))))
	f.senses = nil
	for i := range senses {
		f.senses = append(f.senses, sensed{r.feature(kindSense, &senses[i], &none, &none), behind(kindSense, &senses[i], linkParts), behind(kindSense, &senses[i], flagNames)})
	}
	if r.assoc == nil {
		return
	}
	general := func(p *part) generally {
		return generally{r.signed(kindAssoc, p, &none), r.signed(kindAssoc, p, &tailWord), r.signed(kindAssoc, p, &turnWord), r.signed(kindAssoc, p, &afterWord)}
	}
	f.goodWord, f.badWord = general(&goodWord), general(&badWord)
	f.sides, f.intents = nil, nil
	for i := range sides {
		f.sides = append(f.sides, r.marked(&sides[i]))
	}
	for i := range r.assoc.intents {
		f.intents = append(f.intents, r.marked(&r.assoc.intents[i]))
	}
	f.topics = each(kindAssoc, r.assoc.topics)
}
