package taxonomy

import (
	"slices"

	"voc/analyze/parse"
	"voc/analyze/pattern"
	"voc/analyze/token"
)

// Grammar is a set of things that can be said of a clause beside its words.
type Grammar uint64

// The grammar words a rule can ask for.
const (
	Question     Grammar = 1 << iota // asks something
	Doubt                            // かな, かしら
	Wish                             // 〜と助かる, 〜たら嬉しい, もう少し〜れば
	Want                             // てほしい, てもらいたい
	Please                           // てください, てもらえますか
	Desire                           // たい
	Negated                          // the predicate is negated
	PastTense                        // the predicate is past
	Change                           // 〜なる
	Positive                         // holds praise
	Negative                         // holds blame
	Quoted                           // somebody else's words
	Hearsay                          // らしい, そうだ
	Conditional                      // 〜たら, 〜ば
	Concession                       // 〜ても
	Invite                           // ましょう, しよう
	Obligation                       // べき, なければならない
	Potential                        // できる
	Receive                          // てくれた, ていただいた
	Reply                            // the post answers another
	FirstPart                        // in the first sentence
	LastPart                         // in the last sentence
	Staff                            // written by staff
	Rhetorical                       // a question that blames
	Short                            // the post has one short sentence
	PostNegative                     // the post holds blame
	PostPositive                     // the post holds praise
	Exclaim                          // ends with ！
	Numbers                          // holds an outcome number
	Link                             // holds a URL
	PostQuestion                     // the post asks something
	Praising                         // holds an evaluation or feeling that praises, not only good news
	Blaming                          // holds an evaluation or feeling that blames, or a fault
	Regretful                        // 〜ばよかった, 〜のに: wishes it had been otherwise
	Command                          // 〜しろ, 〜して。
	Should                           // 〜べき
	Annoyed                          // the post shows annoyance
	Asking                           // asks for an act: 〜いただけますか, 〜できませんか
	Outcome                          // good news by numbers
)

var grammarNames = []struct {
	name string
	bit  Grammar
}{
	{"question", Question}, {"doubt", Doubt}, {"wish", Wish}, {"want", Want}, {"please", Please}, {"desire", Desire},
	{"negated", Negated}, {"past", PastTense}, {"change", Change}, {"positive", Positive}, {"negative", Negative},
	{"quoted", Quoted}, {"hearsay", Hearsay}, {"conditional", Conditional}, {"concession", Concession}, {"invite", Invite},
	{"obligation", Obligation}, {"potential", Potential}, {"receive", Receive}, {"reply", Reply}, {"first", FirstPart},
	{"last", LastPart}, {"staff", Staff}, {"rhetorical", Rhetorical}, {"short", Short}, {"post_negative", PostNegative},
	{"post_positive", PostPositive}, {"exclaim", Exclaim}, {"numbers", Numbers}, {"link", Link}, {"post_question", PostQuestion},
	{"praising", Praising}, {"blaming", Blaming}, {"regret", Regretful}, {"command", Command}, {"should", Should}, {"annoyed", Annoyed},
	{"asking", Asking}, {"outcome", Outcome},
}

// GrammarNamed is the grammar word with the given name.
func GrammarNamed(name string) (Grammar, bool) {
	for _, g := range grammarNames {
		if g.name == name {
			return g.bit, true
		}
	}
	return 0, false
}

// GrammarNames are all grammar words.
func GrammarNames() []string {
	var out []string
	for _, g := range grammarNames {
		out = append(out, g.name)
	}
	return out
}

type scope uint8

const (
	sentenceScope scope = iota
	clauseScope
	postScope
)

// compiled is a rule with phrase IDs in place of words.
type compiled struct {
	tag, id   string // id is tag.rule, as evidence shows it
	order     order
	weak      bool
	all, none []pattern.ID
	near      []pattern.ID
	within    int
	pos       []func(token.POS) bool
	scope     scope
	bare      bool // no words: every clause is tried
}

// order is where a rule stands among all rules by the names of its tag and of its own.
type order struct{ tag, rule int32 }

// condition is the grammar that a rule asks for, and that which it does not fire with.
type condition struct{ has, not Grammar }

func (c *condition) holds(g Grammar) bool { return g&c.has == c.has && g&c.not == 0 }

// Program is the compiled rules of one kind of tag. It is immutable and safe for concurrent use.
type Program struct {
	rules []compiled
	// conditions are those of the rules.
	conditions []condition
	// byPhrase lists, for a phrase, the rules that it triggers.
	byPhrase pattern.Lists
	bare     []int32
	tags     []string
}

// Compile adds the phrases of tags to b and returns their program.
func Compile(tags []Tag, b *pattern.Builder) (*Program, error) {
	p := &Program{}
	byPhrase := map[pattern.ID][]int32{}
	var failed error
	ids := func(list []string) []pattern.ID {
		var out []pattern.ID
		for _, s := range list {
			id, err := b.Add(s)
			if err != nil {
				failed = err
			}
			out = append(out, id)
		}
		return out
	}
	Walk(tags, func(t *Tag, _ string) {
		p.tags = append(p.tags, t.ID)
		for i := range t.Rules {
			r := &t.Rules[i]
			c := compiled{tag: t.ID, id: t.ID + "." + r.Name(i), weak: r.Weak, none: ids(r.None)}
			trigger := ids(r.Any)
			c.all = ids(r.All)
			if len(trigger) == 0 && len(c.all) > 0 {
				trigger = c.all[:1]
			}
			if r.Near != nil {
				c.near, c.within = ids(r.Near.Any), r.Near.Within
			}
			for _, name := range r.POS {
				if f, ok := token.Group(name); ok {
					c.pos = append(c.pos, f)
				}
			}
			switch r.Scope {
			case "clause":
				c.scope = clauseScope
			case "post":
				c.scope = postScope
			}
			var when condition
			for _, g := range r.Grammar {
				bit, _ := GrammarNamed(g)
				when.has |= bit
			}
			for _, g := range r.NotGrammar {
				bit, _ := GrammarNamed(g)
				when.not |= bit
			}
			c.bare = len(trigger) == 0
			index := int32(len(p.rules))
			p.rules, p.conditions = append(p.rules, c), append(p.conditions, when)
			if c.bare {
				p.bare = append(p.bare, index)
			}
			for _, id := range trigger {
				byPhrase[id] = append(byPhrase[id], index)
			}
		}
	})
	p.byPhrase = pattern.NewLists(byPhrase)
	p.sort()
	return p, failed
}

// sort fills the orders of the rules.
func (p *Program) sort() {
	var tags, rules []string
	for i := range p.rules {
		tags, rules = append(tags, p.rules[i].tag), append(rules, p.rules[i].id)
	}
	slices.Sort(tags)
	slices.Sort(rules)
	for i := range p.rules {
		r := &p.rules[i]
		tag, _ := slices.BinarySearch(tags, r.tag)
		rule, _ := slices.BinarySearch(rules, r.id)
		r.order = order{int32(tag), int32(rule)}
	}
}

// Tags are the ids of all tags, parents before children.
func (p *Program) Tags() []string { return p.tags }

// Match is a rule that fired on the tokens [First, End).
type Match struct {
	Tag, Rule  string
	First, End int
	Clause     int
	Weak       bool
	order      order
}

// Match appends what fires in d to dst, ordered by tag, position and rule. grammar[i] is what can be said of clause i.
func (p *Program) Match(dst []Match, d *parse.Doc, grammar []Grammar) []Match {
	begin := len(dst)
	for i := range d.Hits {
		h := &d.Hits[i]
		list := p.byPhrase.Of(h.ID)
		if len(list) == 0 {
			continue
		}
		clause := int(d.ClauseOf[h.Last])
		for _, ri := range list {
			if grammar != nil && !p.conditions[ri].holds(grammar[clause]) {
				continue
			}
			if r := &p.rules[ri]; r.fires(d, h, clause) {
				dst = append(dst, Match{r.tag, r.id, int(h.First), int(h.Last) + 1, clause, r.weak, r.order})
			}
		}
	}
	for _, ri := range p.bare {
		for c := range d.Clauses {
			if grammar != nil && !p.conditions[ri].holds(grammar[c]) {
				continue
			}
			if r := &p.rules[ri]; r.fires(d, nil, c) {
				cl := &d.Clauses[c]
				dst = append(dst, Match{r.tag, r.id, cl.FirstToken, cl.EndToken, c, r.weak, r.order})
			}
		}
	}
	if found := dst[begin:]; len(found) > 1 {
		slices.SortStableFunc(found, func(a, b Match) int {
			switch {
			case a.order.tag != b.order.tag:
				return int(a.order.tag - b.order.tag)
			case a.First != b.First:
				return a.First - b.First
			case a.End != b.End:
				return b.End - a.End
			}
			return int(a.order.rule - b.order.rule)
		})
	}
	return dst
}

// fires reports whether the words that a rule asks for beside the hit, which is nil for a bare rule, are there.
func (r *compiled) fires(d *parse.Doc, h *pattern.Hit, clause int) bool {
	if h != nil && len(r.pos) > 0 {
		ok := false
		for _, f := range r.pos {
			ok = ok || f(d.Tokens[h.Last].POS)
		}
		if !ok {
			return false
		}
	}
	if len(r.all)+len(r.none)+len(r.near) == 0 {
		return true
	}
	first, end := r.span(d, clause)
	for _, id := range r.all {
		if !occurs(d, id, first, end) {
			return false
		}
	}
	for _, id := range r.none {
		if occurs(d, id, first, end) {
			return false
		}
	}
	if len(r.near) > 0 && h != nil {
		lo, hi := max(first, int(h.First)-r.within), min(end, int(h.Last)+1+r.within)
		for _, id := range r.near {
			if occurs(d, id, lo, hi) {
				return true
			}
		}
		return false
	}
	return true
}

func (r *compiled) span(d *parse.Doc, clause int) (first, end int) {
	switch c := &d.Clauses[clause]; r.scope {
	case clauseScope:
		return c.FirstToken, c.EndToken
	case postScope:
		return 0, len(d.Tokens)
	default:
		s := &d.Sentences[c.Sentence]
		return s.FirstToken, s.EndToken
	}
}

func occurs(d *parse.Doc, id pattern.ID, first, end int) bool {
	for _, h := range d.HitsIn(first, end) {
		if h.ID == id && int(h.Last) < end {
			return true
		}
	}
	return false
}
