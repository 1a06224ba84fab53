package model

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"voc/analyze/sentiment"
)

// The counts that Settle goes by are those of the corpus, up to a tenth and the posts of a file or two.
func TestCountsAreThoseOfTheCorpus(t *testing.T) {
	files, err := filepath.Glob("corpus/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var (
		all  [Classes]float64
		seen = map[string]*[Classes]float64{}
		says [Classes][Classes]float64
	)
	classes := map[string]sentiment.Label{"neutral": sentiment.Neutral, "positive": sentiment.Positive, "negative": sentiment.Negative, "mixed": sentiment.Mixed}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			var p struct {
				Sentiment string
				Topics    []struct{ Sentiment string }
				Intents   []string
			}
			if err := json.Unmarshal([]byte(line), &p); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if p.Intents == nil {
				continue // a phrase, of which only the polarity is known
			}
			s := classes[p.Sentiment]
			all[s]++
			for _, id := range p.Intents {
				if seen[id] == nil {
					seen[id] = new([Classes]float64)
				}
				seen[id][s]++
			}
			for _, x := range p.Topics {
				says[s][classes[x.Sentiment]]++
			}
		}
	}
	check := func(what string, got, want [Classes]float64) {
		t.Helper()
		for k := range got {
			if math.Abs(got[k]-want[k]) > 20+want[k]/10 {
				t.Errorf("%s: the corpus has %v, the table %v", what, got, want)
				return
			}
		}
	}
	check("posts", all, posts)
	for s := range says {
		check("topics", says[s], about[s])
	}
	for id, n := range seen {
		check(id, *n, together[id])
	}
	if len(seen) != len(together) {
		t.Errorf("the corpus has %d intents, the table %d", len(seen), len(together))
	}
}

// What the other tags say tips a polarity that is open, and never turns one round.
func TestSettle(t *testing.T) {
	w := &Weights{Intents: []string{"complaint", "praise"}}
	for name, c := range map[string]struct {
		post              [Classes]int32 // neutral, positive, negative, mixed
		complaint, praise int32
		want              sentiment.Label
		has               [2]bool
	}{
		"alone":                  {[Classes]int32{2 * One, -One, -One, -3 * One}, -4 * One, -4 * One, sentiment.Neutral, [2]bool{}},
		"a complaint tips":       {[Classes]int32{One / 4, -2 * One, 0, -4 * One}, 4 * One, -4 * One, sentiment.Negative, [2]bool{true, false}},
		"praise does not turn":   {[Classes]int32{-2 * One, 0, One, -2 * One}, 2 * One, 6 * One, sentiment.Mixed, [2]bool{true, true}},
		"no praise in a neg one": {[Classes]int32{-3 * One, -3 * One, 6 * One, -3 * One}, 3 * One, One, sentiment.Negative, [2]bool{true, false}},
	} {
		sc := &Scorer{w: w, couple: newCoupling(w.Intents)}
		copy(sc.post[:], c.post[:])
		sc.post[w.IntentTask(0)], sc.post[w.IntentTask(1)] = c.complaint, c.praise
		sc.Settle(nil, []bool{true, true})
		if got, _ := sc.Settled(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if got := [2]bool{sc.HasIntent(0), sc.HasIntent(1)}; got != c.has {
			t.Errorf("%s: complaint and praise %v, want %v", name, got, c.has)
		}
	}
}

// Rough logs are as near to the exact ones as Settle takes them to be.
func TestRoughLogs(t *testing.T) {
	for x := -30.0; x < 30; x += 0.0137 {
		for _, b := range []float64{0, -3.3, 7} {
			if rough, exact := roughly.logAdd(x, b), exactly.logAdd(x, b); math.Abs(rough-exact) > roughError/2 {
				t.Fatalf("log(exp(%g)+exp(%g)) is %g, roughly %g", x, b, exact, rough)
			}
		}
	}
}
