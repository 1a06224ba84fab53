package train

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"voc/analyze"
	"voc/analyze/eval"
	"voc/analyze/model"
)

// Size is the number of features.
func (d *Data) Size() int { return len(d.keys) }

// CrossValidate leaves out one corpus after the other, trains on the rest and measures rules and model on what was left out.
func CrossValidate(d *Data, s Settings, folds int, out io.Writer) error {
	var groups []string
	if folds > 0 {
		for i := range d.Examples {
			e := &d.Examples[i]
			if e.Group == "extra" {
				continue
			}
			e.Group = fmt.Sprint("part ", fold(e.Item.ID+"outer", folds))
		}
	}
	for i := range d.Examples {
		if g := d.Examples[i].Group; g != "extra" && !slices.Contains(groups, g) {
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
		if folds > 0 {
			continue
		}
		if err := Line(out, g+" rules", items[from:], rules[from:]); err != nil {
			return err
		}
		if err := Line(out, g+" model", items[from:], got[from:]); err != nil {
			return err
		}
	}
	if f := os.Getenv("DUMP"); f != "" {
		w, _ := os.Create(f)
		for i := range items {
			b, _ := json.Marshal(map[string]any{"item": items[i], "rules": slim(rules[i]), "got": slim(got[i])})
			w.Write(append(b, 10))
		}
		w.Close()
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
	for _, m := range []string{"sentiment.accuracy", "sentiment.macro_f1", "topics.micro_f1", "pairs.micro_f1", "topics.macro_f1", "topic_polarity", "intents.micro_f1", "intents.macro_f1", "flips"} {
		v, err := rep.Metric(m)
		if err != nil {
			v = -1
		}
		fmt.Fprintf(out, "  %s %.4f", strings.NewReplacer("sentiment", "sent", "intents", "int", "topics", "top", "accuracy", "acc", "_f1", "").Replace(m), v)
	}
	fmt.Fprintln(out)
	return nil
}

func slim(r analyze.Result) map[string]any {
	topics := map[string]string{}
	for _, t := range r.Topics {
		topics[t.ID] = string(t.Sentiment)
	}
	ints := []string{}
	for _, t := range r.Intents {
		ints = append(ints, t.ID)
	}
	return map[string]any{"sentiment": r.Sentiment, "topics": topics, "intents": ints}
}

// Test trains on all but the extra posts and measures those.
func Test(d *Data, s Settings, out io.Writer) error {
	var use []int
	for i := range d.Examples {
		if d.Examples[i].Group != "extra" {
			use = append(use, i)
		}
	}
	w, err := Fit(d, use, s)
	if err != nil {
		return err
	}
	sc := model.NewScorer(w)
	var items []eval.Item
	var rules, got []analyze.Result
	for i := range d.Examples {
		e := &d.Examples[i]
		if e.Group != "extra" {
			continue
		}
		var r analyze.Result
		Predict(sc, w, e, &r)
		items, rules, got = append(items, e.Item), append(rules, e.Rules), append(got, r)
	}
	if err := Line(out, "TEST rules", items, rules); err != nil {
		return err
	}
	return Line(out, "TEST model", items, got)
}
