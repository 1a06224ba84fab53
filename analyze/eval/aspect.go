package eval

import (
	"fmt"
	"io"
	"unicode/utf8"

	"voc/analyze"
)

// Aspect is one labelled target inside of a text: what the text says about the words From to To (rune offsets, To
// exclusive).
type Aspect struct {
	ID        string
	Text      string
	From, To  int
	Sentiment analyze.Sentiment
}

// Target is the words the label is about.
func (a Aspect) Target() string { return string([]rune(a.Text)[a.From:a.To]) }

// AspectAnalyzer tells what a text says about one part of it, given in rune offsets, end exclusive.
type AspectAnalyzer interface {
	AnalyzeAspect(in analyze.Input, start, end int) (analyze.Sentiment, []analyze.Evidence)
}

// ReadAspects reads a TSV or CSV file with one labelled target per row.
func ReadAspects(r io.Reader, name string, opt TableOptions) ([]Aspect, error) {
	if opt.FromColumn == "" {
		opt.FromColumn = "from"
	}
	if opt.ToColumn == "" {
		opt.ToColumn = "to"
	}
	var all []Aspect
	err := eachRow(r, name, opt, func(line int, row row) error {
		s, err := row.label()
		if err != nil || s == "" {
			return err
		}
		a := Aspect{ID: row.id(line), Text: row.text(), Sentiment: s}
		if a.From, err = row.offset(opt.FromColumn); err != nil {
			return err
		}
		if a.To, err = row.offset(opt.ToColumn); err != nil {
			return err
		}
		if n := utf8.RuneCountInString(a.Text); a.From >= a.To || a.To > n {
			return fmt.Errorf("target %d to %d does not lie in the text of %d runes", a.From, a.To, n)
		}
		all = append(all, a)
		return nil
	}, opt.FromColumn, opt.ToColumn)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no row is left to score; check the file, the mapping and the row filter", name)
	}
	return all, nil
}

// AspectResult is what an analyzer says about one target.
type AspectResult struct {
	Sentiment analyze.Sentiment
	Evidence  []analyze.Evidence
}

// RunAspects asks the analyzer about every target in order.
func RunAspects(all []Aspect, a AspectAnalyzer) []AspectResult {
	results := make([]AspectResult, len(all))
	for i, x := range all {
		s, ev := a.AnalyzeAspect(analyze.Input{Body: x.Text}, x.From, x.To)
		results[i] = AspectResult{Sentiment: s, Evidence: ev}
	}
	return results
}

// ScoreAspects compares results with labels; results[i] must be about all[i]. The report has the sentiment part and the
// misses only, and counts targets as posts.
func ScoreAspects(all []Aspect, results []AspectResult, opt Options) (*Report, error) {
	if len(all) != len(results) {
		return nil, fmt.Errorf("%d results for %d targets; give one result per target, in order", len(results), len(all))
	}
	if err := opt.validate(); err != nil {
		return nil, err
	}
	classes := make([]classPair, len(all))
	var wrong, flips []Miss
	tagged := 0
	for i, a := range all {
		got := opt.polarity(results[i].Sentiment, 0)
		classes[i] = classPair{want: string(a.Sentiment), got: className(got)}
		if results[i].Sentiment != "" && results[i].Sentiment != analyze.Neutral {
			tagged++
		}
		if classes[i].want == classes[i].got {
			continue
		}
		m := Miss{
			ID: a.ID, Text: fmt.Sprintf("【%s】 %s", a.Target(), a.Text), Flip: isFlip(classes[i]),
			Diffs: []Diff{{Family: "aspect", Want: classes[i].want, Got: classes[i].got, Evidence: results[i].Evidence}},
		}
		if m.Flip {
			flips = append(flips, m)
		} else {
			wrong = append(wrong, m)
		}
	}
	untagged := NewProportion(len(all)-tagged, len(all))
	return &Report{
		Posts:     len(all),
		Sentiment: scoreClasses(classes, classOrder(classes), opt.Bootstrap),
		Coverage:  Coverage{Untagged: untagged, NoTopic: NewProportion(0, 0), NoIntent: NewProportion(0, 0)},
		Misses:    append(flips, wrong...),
	}, nil
}
