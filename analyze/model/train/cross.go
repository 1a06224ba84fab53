package train

import (
	"fmt"
	"io"
	"slices"

	"voc/analyze"
	"voc/analyze/eval"
	"voc/analyze/model"
)

// parts is in how many parts the posts are dealt when corpora are mixed.
const parts = 5

// Cross prints what is reached on posts that were not trained on: first with each corpus left out, which is the honest
// measure for text of another hand, then with each fifth of the mixed posts left out.
func Cross(examples []Example, s Settings, out io.Writer) error {
	byCorpus := func(e *Example) string { return e.Group }
	byPart := func(e *Example) string {
		if e.Group == Shared {
			return Shared
		}
		return fmt.Sprint("part ", fold("outer "+e.Item.ID, parts)+1)
	}
	for _, run := range []struct {
		name  string
		keep  func(model.Kind) bool
		group func(e *Example) string
	}{
		{"without rules, corpus left out", func(k model.Kind) bool { return !k.Rules() }, byCorpus},
		{"combined, corpus left out", nil, byCorpus},
		{"combined, fifth left out", nil, byPart},
	} {
		fmt.Fprintln(out, run.name)
		d, err := NewData(examples, run.keep)
		if err != nil {
			return err
		}
		if err := crossValidate(d, s, run.group, out); err != nil {
			return err
		}
	}
	return nil
}

func crossValidate(d *Data, s Settings, group func(e *Example) string, out io.Writer) error {
	var groups []string
	for i := range d.Examples {
		if g := group(&d.Examples[i]); g != Shared && !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	slices.Sort(groups)
	var all Outcome
	for _, g := range groups {
		w, err := Fit(d, d.Where(func(e *Example) bool { return group(e) != g }), s)
		if err != nil {
			return err
		}
		o := Measure(d, w, d.Where(func(e *Example) bool { return group(e) == g }))
		if err := o.print(out, g); err != nil {
			return err
		}
		all.Items, all.Rules, all.Model = append(all.Items, o.Items...), append(all.Rules, o.Rules...), append(all.Model, o.Model...)
	}
	return all.print(out, "all")
}

// Leave prints what is reached on some corpora by a training without any of them, and on the examples from the number
// extra on, which are never trained on. It is a single training, so it is what one uses while trying things.
func Leave(d *Data, extra int, s Settings, corpora []string, out io.Writer) error {
	left := func(e *Example) bool { return slices.Contains(corpora, e.Group) }
	more := d.Examples[extra:]
	w, err := Fit(d, slices.DeleteFunc(d.All(), func(i int) bool { return i >= extra || left(&d.Examples[i]) }), s)
	if err != nil {
		return err
	}
	groups := slices.Clone(corpora)
	for i := range more {
		if !slices.Contains(groups, more[i].Group) {
			groups = append(groups, more[i].Group)
		}
	}
	for _, g := range append(groups, "all left out") {
		look := d.Where(func(e *Example) bool { return e.Group == g || g == "all left out" && left(e) })
		o := Measure(d, w, look)
		if err := o.print(out, g); err != nil {
			return err
		}
	}
	return nil
}

// Outcome is what the rules and the model give for labelled posts.
type Outcome struct {
	Items        []eval.Item
	Rules, Model []analyze.Result
}

// Measure applies weights to the examples with the given numbers.
func Measure(d *Data, w *model.Weights, look []int) Outcome {
	sc := model.NewScorer(w)
	var o Outcome
	for _, i := range look {
		e := &d.Examples[i]
		if e.Only != "" {
			continue
		}
		var r analyze.Result
		Predict(sc, w, e, &r)
		item := e.Item
		item.ID = fmt.Sprint(i)
		o.Items, o.Rules, o.Model = append(o.Items, item), append(o.Rules, e.Rules), append(o.Model, r)
	}
	return o
}

// Reports scores the rules and the model.
func (o *Outcome) Reports() (rules, learned *eval.Report, err error) {
	opt := eval.Options{Bootstrap: eval.Bootstrap{Resamples: -1}}
	if rules, err = eval.Score(o.Items, o.Rules, opt); err != nil {
		return nil, nil, err
	}
	learned, err = eval.Score(o.Items, o.Model, opt)
	return rules, learned, err
}

func (o *Outcome) print(out io.Writer, name string) error {
	rules, learned, err := o.Reports()
	if err != nil {
		return err
	}
	for _, x := range []struct {
		by  string
		rep *eval.Report
	}{{"rules", rules}, {"model", learned}} {
		fmt.Fprintf(out, "%-12s %s %5d posts", name, x.by, len(o.Items))
		for _, m := range []struct{ short, name string }{{"sentiment", "sentiment.accuracy"}, {"macro", "sentiment.macro_f1"}, {"neutral", "sentiment.f1/neutral"},
			{"mixed", "sentiment.f1/mixed"}, {"flips", "flips"}, {"topics", "topics.micro_f1"}, {"precision", "topics.precision"}, {"recall", "topics.recall"},
			{"pairs", "pairs.micro_f1"}, {"topic polarity", "topic_polarity"}, {"intents", "intents.micro_f1"}, {"precision", "intents.precision"},
			{"recall", "intents.recall"}} {
			if v, err := x.rep.Metric(m.name); err == nil {
				fmt.Fprintf(out, "  %s %.3g", m.short, v)
			}
		}
		fmt.Fprintln(out)
	}
	return nil
}
