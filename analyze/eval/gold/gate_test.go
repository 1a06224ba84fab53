package gold_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"voc/analyze"
	"voc/analyze/eval"
	"voc/analyze/eval/gold"
)

// TestFloors holds the analyzer to floors.yaml. It prints figures only: the posts of the untouched halves are not for
// reading while rules are written.
func TestFloors(t *testing.T) {
	f, err := gold.Files.Open("floors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	floors, err := eval.ReadFloors(f, "floors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a, err := analyze.New(analyze.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range slices.Sorted(maps.Keys(floors)) {
		rep := score(t, file, a)
		for metric := range floors[file] {
			if v, err := rep.Metric(metric); err == nil {
				t.Logf("%s %s = %.4f", file, metric, v)
			}
		}
		if err := eval.CheckFloors(floors, file, rep); err != nil {
			t.Error(err)
		}
	}
}

// score measures one labelled file.
func score(t *testing.T, file string, a *analyze.Analyzer) *eval.Report {
	t.Helper()
	if strings.HasPrefix(file, "variants.") {
		f, err := gold.Files.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		groups, err := eval.ReadVariants(f, file)
		if err != nil {
			t.Fatal(err)
		}
		rep := eval.ScoreVariants(groups, a.Reduce)
		if strings.HasSuffix(file, ".dev.jsonl") {
			for _, wrong := range rep.Wrong {
				t.Log(wrong)
			}
		}
		return &eval.Report{Variants: &rep}
	}
	items := read(t, file)
	rep, err := eval.Score(items, eval.Run(items, a.NewWorker()), eval.Options{Bootstrap: eval.Bootstrap{Resamples: -1}})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}
