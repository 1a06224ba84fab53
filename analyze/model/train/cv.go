package train

import (
	"fmt"
	"io"
	"slices"
	"time"

	"voc/analyze"
	"voc/analyze/eval"
	"voc/analyze/model"
)

// Size is the number of features.
func (d *Data) Size() int { return len(d.keys) }

// CrossValidate leaves out one corpus after the other, trains on the rest and measures rules and model on what was left out.
func CrossValidate(d *Data, s Settings, out io.Writer) error {
	var groups []string
	for i := range d.Examples {
		if g := d.Examples[i].Group; !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	var items []eval.Item
	var rules, got []analyze.Result
	begin := time.Now()
	for _, g := range groups {
		var use []int
		for i := range d.Examples {
			if d.Examples[i].Group != g {
				use = append(use, i)
			}
		}
		w, err := Fit(d, use, s)
		if err != nil {
			return err
		}
		sc := model.NewScorer(w)
		from := len(items)
		for i := range d.Examples {
			e := &d.Examples[i]
			if e.Group != g {
				continue
			}
			var r analyze.Result
			Predict(sc, w, e, &r)
			items, rules, got = append(items, e.Item), append(rules, e.Rules), append(got, r)
		}
		if err := Line(out, g+" rules", items[from:], rules[from:]); err != nil {
			return err
		}
		if err := Line(out, g+" model", items[from:], got[from:]); err != nil {
			return err
		}
	}
	if err := Line(out, "ALL rules", items, rules); err != nil {
		return err
	}
	if err := Line(out, "ALL model", items, got); err != nil {
		return err
	}
	fmt.Fprintln(out, time.Since(begin))
	return nil
}

// Line prints the figures of results.
func Line(out io.Writer, name string, items []eval.Item, results []analyze.Result) error {
	items = slices.Clone(items)
	for i := range items {
		items[i].ID = fmt.Sprint(i)
	}
	rep, err := eval.Score(items, results, eval.Options{Bootstrap: eval.Bootstrap{Resamples: -1}})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%-18s", name)
	for _, m := range []string{"sentiment.accuracy", "sentiment.macro_f1", "topics.micro_f1", "pairs.micro_f1", "topic_polarity", "intents.micro_f1", "intents.macro_f1", "flips"} {
		v, err := rep.Metric(m)
		if err != nil {
			v = -1
		}
		fmt.Fprintf(out, "  %s %.3f", m, v)
	}
	fmt.Fprintln(out)
	return nil
}
