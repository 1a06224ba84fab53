package gold_test

import (
	"maps"
	"slices"
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
	w := a.NewWorker()
	for _, file := range slices.Sorted(maps.Keys(floors)) {
		items := read(t, file)
		rep, err := eval.Score(items, eval.Run(items, w), eval.Options{Bootstrap: eval.Bootstrap{Resamples: -1}})
		if err != nil {
			t.Fatal(err)
		}
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
