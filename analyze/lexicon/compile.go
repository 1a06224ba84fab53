package lexicon

import (
	"fmt"
	"strconv"
	"strings"

	"voc/analyze/pattern"
)

type compiler struct {
	l *Lexicon
	b *pattern.Builder
}

func (c *compiler) entry(phrase string) (*Entry, error) {
	id, err := c.b.Add(phrase)
	if err != nil {
		return nil, err
	}
	e := c.l.entries[id]
	if e == nil {
		e = &Entry{Text: phrase}
		c.l.entries[id] = e
	}
	return e, nil
}

func (c *compiler) add(r row) error {
	switch r.section {
	case "polar":
		score, err := strconv.ParseFloat(r.arg, 64)
		if err != nil || score == 0 {
			return fmt.Errorf("section [polar %s] has no score; write one such as [polar +1.5]", r.arg)
		}
		return c.polar(r.text, score)
	case "predicate":
		score, err := strconv.ParseFloat(r.arg, 64)
		if err != nil || score == 0 {
			return fmt.Errorf("section [predicate %s] has no score; write one such as [predicate -2]", r.arg)
		}
		return c.predicate(r.text, score)
	case "pair":
		return c.pair(r.text)
	case "degree":
		factor, err := strconv.ParseFloat(r.arg, 64)
		if err != nil || factor <= 0 {
			return fmt.Errorf("section [degree %s] has no factor; write one such as [degree 1.5]", r.arg)
		}
		e, err := c.entry(r.text)
		if err != nil {
			return err
		}
		e.Kind |= Degree
		e.Factor = factor
		return nil
	}
	e, err := c.entry(r.text)
	if err != nil {
		return err
	}
	switch r.section {
	case "expect":
		e.Kind |= Expected
	case "thanks":
		e.Kind |= Polar | Gratitude
		e.Score = 1
	case "leave":
		e.Kind |= Polar | Leaving
		e.Score = -1.5
	case "official":
		e.Kind |= Official
	case "mend":
		e.Kind |= Mend
	case "hope":
		e.Kind |= Hope
	case "annoyance":
		e.Kind |= Annoyance
	case "mishap":
		e.Kind |= Mishap
	case "mask":
		e.Kind |= Masked
	case "effort":
		e.Kind |= Effort
		e.Effort = append(e.Effort, r.arg)
	case "emotion":
		e.Kind |= Feeling
		e.Emotion = r.arg
	case "class":
		k, ok := c.l.ClassNamed(r.arg)
		if !ok {
			return fmt.Errorf("class %q is unknown", r.arg)
		}
		e.Kind |= Classed
		e.Class |= k
	default:
		return fmt.Errorf("section [%s] is unknown; use polar, predicate, pair, class, expect, mishap, leave, official, mend, hope, annoyance, thanks, mask, degree, emotion, effort, word, variant or same", r.section)
	}
	return nil
}

// polar adds a praising or blaming phrase. The first score given to a phrase stands.
func (c *compiler) polar(phrase string, score float64) error {
	e, err := c.entry(phrase)
	if err != nil {
		return err
	}
	if e.Kind&Polar == 0 {
		e.Kind |= Polar
		e.Score = score
	}
	return nil
}

// predicate adds a noun that evaluates only as a predicate. A noun that has a score already keeps it everywhere.
func (c *compiler) predicate(phrase string, score float64) error {
	e, err := c.entry(phrase)
	if err != nil {
		return err
	}
	if e.Kind&Polar == 0 {
		e.Kind |= Polar | Predicative
		e.Score = score
	}
	return nil
}

// pair adds a predicate with its readings: "高い|たかい = price -1; good +1; none -0.5; * 0".
func (c *compiler) pair(line string) error {
	phrase, readings, ok := strings.Cut(line, "=")
	if !ok {
		return fmt.Errorf("pair %q has no =; write predicate = class score; …", line)
	}
	var ids []*Entry
	for alt := range strings.SplitSeq(strings.TrimSpace(phrase), "|") {
		a, err := c.entry(alt)
		if err != nil {
			return err
		}
		ids = append(ids, a)
	}
	var pairs []Pair
	none, other, hasNone, trend := 0.0, 0.0, false, 0.0
	for part := range strings.SplitSeq(readings, ";") {
		fields := strings.Fields(part)
		if len(fields) != 2 {
			return fmt.Errorf("pair %q: %q is not \"class score\"", line, strings.TrimSpace(part))
		}
		score, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return fmt.Errorf("pair %q: %q is no number", line, fields[1])
		}
		switch fields[0] {
		case "*":
			other = score
		case "trend":
			trend = score
		case "none":
			none, hasNone = score, true
		default:
			k, ok := c.l.ClassNamed(fields[0])
			if !ok {
				return fmt.Errorf("pair %q: class %q is unknown", line, fields[0])
			}
			pairs = append(pairs, Pair{Class: k, Score: score})
		}
	}
	if !hasNone {
		none = other
	}
	for _, a := range ids {
		a.Kind |= Paired
		a.Pairs, a.None, a.Other, a.Trend = pairs, none, other, trend
	}
	return nil
}
