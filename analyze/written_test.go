package analyze_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"voc/analyze"
)

// TestWrittenTexts holds the share of right polarities on posts written for voc, file by file. The floors lie a little
// below what the rules reached when they were set; raise them when the rules get better.
func TestWrittenTexts(t *testing.T) {
	floors := map[string]float64{"reviews": 0.83, "phenomena": 0.83, "negation": 0.80, "events": 0.60, "mixed_domains": 0.76}
	files, err := filepath.Glob("testdata/written/*.tsv")
	if err != nil || len(files) != len(floors) {
		t.Fatalf("%d files, error %v; want one for each floor", len(files), err)
	}
	w := analyzer(t).NewWorker()
	for _, name := range files {
		right, all := 0, 0
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var r analyze.Result
		for sc := bufio.NewScanner(f); sc.Scan(); {
			label, text, ok := strings.Cut(sc.Text(), "\t")
			if !ok {
				t.Fatalf("%s: %q has no tab", name, sc.Text())
			}
			w.Analyze(analyze.Input{Body: text}, &r)
			all++
			if string(r.Sentiment) == label {
				right++
			}
		}
		f.Close()
		share := float64(right) / float64(all)
		t.Logf("%s: %.3f of %d", name, share, all)
		if floor := floors[strings.TrimSuffix(filepath.Base(name), ".tsv")]; share < floor {
			t.Errorf("%s: %.3f of the polarities are right; the floor is %.2f", name, share, floor)
		}
	}
}
