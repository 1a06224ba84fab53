package eval

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Floors are the figures that a build must reach, by labelled file (its base name) and metric.
type Floors map[string]map[string]Bound

// Bound is the allowed range of a metric; an absent end is open.
type Bound struct {
	Min *float64 `yaml:"min"`
	Max *float64 `yaml:"max"`
}

// ReadFloors reads floors as YAML:
//
//	dev.jsonl:
//	  sentiment.accuracy: {min: 0.9}
//	  flips: {max: 0}
//
// Metrics are those of Report.Metric.
func ReadFloors(r io.Reader, name string) (Floors, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var f Floors
	if err := yaml.UnmarshalWithOptions(raw, &f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: not a floors file: %w", name, err)
	}
	for _, file := range slices.Sorted(maps.Keys(f)) {
		for _, metric := range slices.Sorted(maps.Keys(f[file])) {
			b := f[file][metric]
			if b.Min == nil && b.Max == nil {
				return nil, fmt.Errorf("%s: %s %s has neither min nor max", name, file, metric)
			}
			if b.Min != nil && b.Max != nil && *b.Min > *b.Max {
				return nil, fmt.Errorf("%s: %s %s has min %g above max %g", name, file, metric, *b.Min, *b.Max)
			}
			// An empty report knows which names are metrics, though it has no figures.
			if _, err := (&Report{}).Metric(metric); err != nil && !errors.Is(err, ErrNotMeasured) {
				return nil, fmt.Errorf("%s: %s: %w", name, file, err)
			}
		}
	}
	return f, nil
}

// CheckFloors compares a report on the labelled file with its floors and returns one error that names every figure out of
// bounds. A file without floors is an error too, so that a renamed file does not pass unchecked; so is a metric that the
// labels do not measure.
func CheckFloors(f Floors, file string, r *Report) error {
	bounds, ok := f[file]
	if !ok {
		return fmt.Errorf("there are no floors for %s; add it to the floors file", file)
	}
	var errs []error
	for _, metric := range slices.Sorted(maps.Keys(bounds)) {
		v, err := r.Metric(metric)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", file, err))
			continue
		}
		b := bounds[metric]
		if b.Min != nil && v < *b.Min {
			errs = append(errs, fmt.Errorf("%s: %s is %.4f, below its floor %g", file, metric, v, *b.Min))
		}
		if b.Max != nil && v > *b.Max {
			errs = append(errs, fmt.Errorf("%s: %s is %.4f, above its ceiling %g", file, metric, v, *b.Max))
		}
	}
	return errors.Join(errs...)
}

// ErrNotMeasured says that a metric exists but the labelled file gives nothing to compute it from.
var ErrNotMeasured = errors.New("not measured by this file")

// Metric returns a figure of the report by name:
//
//	sentiment.accuracy  sentiment.macro_f1  sentiment.f1/CLASS  flips  pair_flips  pair_groups
//	topics.micro_f1  topics.macro_f1  topics.f1/ID   (likewise pairs, intents, signals/KIND, with .exact, .precision and .recall)
//	variants.groups  variants.forms
//	topic_polarity  coverage.untagged  coverage.no_topic  coverage.no_intent  phenomenon/NAME
//
// Flips and pair_flips are numbers of posts, all others lie in [0, 1].
func (r *Report) Metric(name string) (float64, error) {
	family, figure, dotted := strings.Cut(name, ".")
	switch {
	case name == "flips" && r.Sentiment != nil:
		return float64(r.Sentiment.Flips), nil
	case name == "pair_flips" && r.PairGroups != nil:
		return float64(len(r.PairFlips)), nil
	case name == "pair_groups" && r.PairGroups != nil:
		return r.PairGroups.Rate, nil
	case name == "topic_polarity" && r.TopicPolarity != nil && r.TopicPolarity.Total > 0:
		return r.TopicPolarity.Rate, nil
	case name == "flips" || name == "pair_flips" || name == "pair_groups" || name == "topic_polarity":
		return 0, fmt.Errorf("metric %s: %w", name, ErrNotMeasured)
	case strings.HasPrefix(name, "phenomenon/"):
		for _, p := range r.Phenomena {
			if p.Name == strings.TrimPrefix(name, "phenomenon/") && p.Sentiment.Total > 0 {
				return p.Sentiment.Rate, nil
			}
		}
		return 0, fmt.Errorf("metric %s: %w", name, ErrNotMeasured)
	case dotted && family == "coverage":
		return r.coverageMetric(name, figure)
	case dotted && family == "variants":
		return r.variantMetric(name, figure)
	case dotted && family == "sentiment":
		return r.sentimentMetric(name, figure)
	case dotted:
		rep, ok := r.family(family)
		if ok {
			return tagMetric(rep, name, figure)
		}
	}
	return 0, fmt.Errorf("there is no metric %q; see the floors file's head for the names", name)
}

func (r *Report) variantMetric(name, figure string) (float64, error) {
	if figure != "groups" && figure != "forms" {
		return 0, fmt.Errorf("there is no metric %q; use variants.groups or variants.forms", name)
	}
	switch {
	case r.Variants == nil:
		return 0, fmt.Errorf("metric %s: %w", name, ErrNotMeasured)
	case figure == "groups":
		return r.Variants.Groups.Rate, nil
	}
	return r.Variants.Forms.Rate, nil
}

func (r *Report) coverageMetric(name, figure string) (float64, error) {
	p, ok := map[string]Proportion{
		"untagged": r.Coverage.Untagged, "no_topic": r.Coverage.NoTopic, "no_intent": r.Coverage.NoIntent,
	}[figure]
	if !ok {
		return 0, fmt.Errorf("there is no metric %q; use coverage.untagged, coverage.no_topic or coverage.no_intent", name)
	}
	if p.Total == 0 {
		return 0, fmt.Errorf("metric %s: %w", name, ErrNotMeasured)
	}
	return p.Rate, nil
}

func (r *Report) sentimentMetric(name, figure string) (float64, error) {
	class, isClass := strings.CutPrefix(figure, "f1/")
	if figure != "accuracy" && figure != "macro_f1" && !isClass {
		return 0, fmt.Errorf("there is no metric %q; use sentiment.accuracy, sentiment.macro_f1 or sentiment.f1/CLASS", name)
	}
	if r.Sentiment == nil {
		return 0, fmt.Errorf("metric %s: %w", name, ErrNotMeasured)
	}
	switch {
	case figure == "accuracy":
		return r.Sentiment.Accuracy.Rate, nil
	case figure == "macro_f1" && r.Sentiment.MacroF1.Defined:
		return r.Sentiment.MacroF1.Value, nil
	case isClass:
		for _, c := range r.Sentiment.Classes {
			if c.Tag == class && c.F1.Defined {
				return c.F1.Value, nil
			}
		}
	}
	return 0, fmt.Errorf("metric %s: %w", name, ErrNotMeasured)
}

// family returns the tag report of a family's name; it is nil when the labels do not judge the family.
func (r *Report) family(name string) (*TagReport, bool) {
	switch name {
	case "topics":
		return r.Topics, true
	case "pairs":
		return r.Pairs, true
	case "intents":
		return r.Intents, true
	}
	if kind, ok := strings.CutPrefix(name, "signals/"); ok {
		return r.Signals[kind], true
	}
	return nil, false
}

func tagMetric(rep *TagReport, name, figure string) (float64, error) {
	tag, isTag := strings.CutPrefix(figure, "f1/")
	known := []string{"micro_f1", "macro_f1", "exact", "precision", "recall"}
	if !isTag && !slices.Contains(known, figure) {
		return 0, fmt.Errorf("there is no metric %q; the figures are %s and f1/TAG", name, strings.Join(known, ", "))
	}
	notMeasured := fmt.Errorf("metric %s: %w", name, ErrNotMeasured)
	if rep == nil {
		return 0, notMeasured
	}
	estimate := func(e Estimate) (float64, error) {
		if !e.Defined {
			return 0, notMeasured
		}
		return e.Value, nil
	}
	share := func(p Proportion) (float64, error) {
		if p.Total == 0 {
			return 0, notMeasured
		}
		return p.Rate, nil
	}
	switch figure {
	case "micro_f1":
		return estimate(rep.Micro.F1)
	case "macro_f1":
		return estimate(rep.MacroF1)
	case "exact":
		return share(rep.Exact)
	case "precision":
		return share(rep.Micro.Precision)
	case "recall":
		return share(rep.Micro.Recall)
	}
	row, _ := rep.Row(tag)
	return estimate(row.F1)
}
