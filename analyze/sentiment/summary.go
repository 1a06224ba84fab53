package sentiment

import "voc/analyze/parse"

// Label is a polarity.
type Label uint8

// The labels.
const (
	Neutral Label = iota
	Positive
	Negative
	Mixed
)

// Sum is the balance of several opinions.
type Sum struct {
	Plus, Minus       float64 // both >= 0, weighted
	MaxPlus, MaxMinus float64
}

// Thresholds of the balance. They were set on the development half of the gold battery.
const (
	clearSide  = 0.45 // weight from which one side counts
	mixedClear = 0.6  // weight that both sides of a mixed text must have
	mixedRatio = 0.34 // share of the weaker side from which a text is mixed
)

// Add puts an opinion on the balance with a weight.
func (s *Sum) Add(score, weight float64) {
	v := score * weight
	if v > 0 {
		s.Plus += v
		s.MaxPlus = max(s.MaxPlus, v)
	} else {
		s.Minus -= v
		s.MaxMinus = max(s.MaxMinus, -v)
	}
}

// Label decides the polarity of the balance.
func (s *Sum) Label() Label {
	plus, minus := s.Plus, s.Minus
	weak, strong := min(plus, minus), max(plus, minus)
	switch {
	case strong < clearSide:
		return Neutral
	case s.MaxPlus >= mixedClear && s.MaxMinus >= mixedClear && weak >= mixedRatio*strong:
		return Mixed
	case plus > minus:
		return Positive
	case minus > plus:
		return Negative
	}
	return Mixed
}

// Score is the balance as a number in [-1, 1].
func (s *Sum) Score() float64 {
	d := s.Plus - s.Minus
	return d / (1 + s.Plus + s.Minus)
}

// Weight is how much an opinion counts for the whole text: what follows a contrast weighs more than what comes
// before it, and a concession less.
func Weight(d *parse.Doc, o *Opinion) float64 {
	cl := &d.Clauses[o.Clause]
	s := &d.Sentences[cl.Sentence]
	weight := 1.0
	switch {
	case cl.Link == parse.Contrast && o.Clause+1 < s.EndClause:
		weight = 0.8
	case cl.Link == parse.Concede && o.Clause+1 < s.EndClause:
		weight = 0.4
	}
	if o.Clause > s.FirstClause && d.Clauses[o.Clause-1].Link == parse.Contrast || cl.Lead == parse.Contrast {
		weight *= 1.25
	}
	return weight
}

// Merge adds the balance o.
func (s *Sum) Merge(o Sum) {
	s.Plus += o.Plus
	s.Minus += o.Minus
	s.MaxPlus = max(s.MaxPlus, o.MaxPlus)
	s.MaxMinus = max(s.MaxMinus, o.MaxMinus)
}
