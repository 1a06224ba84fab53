package gold_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"voc/analyze"
	"voc/analyze/eval"
	"voc/analyze/eval/gold"
)

func read(t *testing.T, name string) []eval.Item {
	t.Helper()
	f, err := gold.Files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	items, err := eval.Read(f, name)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

// subBatteries are the labelled files besides the main one, without their half.
var subBatteries = []string{"negation", "polite_requests", "emotion_effort", "outcome_numbers", "opinion_units"}

func TestEveryFileIsReadable(t *testing.T) {
	sizes := map[string]int{"negation": 60, "polite_requests": 80, "emotion_effort": 120, "outcome_numbers": 100, "opinion_units": 100}
	for _, name := range subBatteries {
		dev, test := read(t, name+".dev.jsonl"), read(t, name+".test.jsonl")
		if n := len(dev) + len(test); n < sizes[name] {
			t.Errorf("%s has %d lines, want %d", name, n, sizes[name])
		}
		halves(t, name, dev, test)
	}
	for _, name := range []string{"variants.dev.jsonl", "variants.test.jsonl"} {
		f, err := gold.Files.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if groups, err := eval.ReadVariants(f, name); err != nil || len(groups) < 30 {
			t.Errorf("%s: %d groups, error %v", name, len(groups), err)
		}
		f.Close()
	}
	resolved := map[bool]int{}
	for _, name := range []string{"threads.dev.jsonl", "threads.test.jsonl"} {
		f, err := gold.Files.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		threads, err := eval.ReadThreads(f, name)
		if err != nil {
			t.Error(err)
		}
		for _, th := range threads {
			resolved[th.Resolved]++
		}
		f.Close()
	}
	if resolved[true] < 30 || resolved[false] < 30 {
		t.Errorf("threads: %d resolved and %d open, want 30 of each", resolved[true], resolved[false])
	}
	names, err := fs.Glob(gold.Files, "*.jsonl")
	if err != nil || len(names) < 2+2*len(subBatteries)+2 {
		t.Errorf("files: %v, error %v", names, err)
	}
}

// halves checks that the halves share no text, no id and no minimal-pair group, and are of about the same size.
func halves(t *testing.T, name string, dev, test []eval.Item) {
	t.Helper()
	text, id, pair := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, it := range dev {
		text[it.Text], id[it.ID], pair[it.Pair] = true, true, true
	}
	for _, it := range test {
		if text[it.Text] || id[it.ID] || it.Pair != "" && pair[it.Pair] {
			t.Errorf("%s: %s lies in both halves, by text, id or minimal pair", name, it.ID)
		}
	}
	if d := len(dev) - len(test); d > 4 || d < -4 {
		t.Errorf("%s: halves of %d and %d posts", name, len(dev), len(test))
	}
}

func TestMainBattery(t *testing.T) {
	dev, test := read(t, "dev.jsonl"), read(t, "test.jsonl")
	halves(t, "main", dev, test)
	all := slices.Concat(dev, test)
	if len(all) < 1000 {
		t.Errorf("%d posts, want 1000", len(all))
	}
	topics, intents, sentiments, phenomena := map[string]int{}, map[string]int{}, map[analyze.Sentiment]int{}, map[string]int{}
	groups := map[string][]eval.Item{}
	for _, it := range all {
		sentiments[it.Sentiment]++
		for _, tp := range it.Topics {
			topics[tp.ID]++
		}
		for _, id := range it.Intents {
			intents[id]++
		}
		for _, p := range it.Phenomena {
			phenomena[p]++
		}
		if it.Sentiment == "" || it.Topics == nil || it.Intents == nil || len(it.Phenomena) == 0 {
			t.Errorf("%s lacks a label", it.ID)
		}
		if it.Pair != "" {
			groups[it.Pair] = append(groups[it.Pair], it)
		}
	}
	for _, id := range eval.ContractTopics() {
		if topics[id] < 15 {
			t.Errorf("topic %s has %d posts, want 15", id, topics[id])
		}
		delete(topics, id)
	}
	for _, id := range eval.ContractIntents() {
		if intents[id] < 20 {
			t.Errorf("intent %s has %d posts, want 20", id, intents[id])
		}
		delete(intents, id)
	}
	if len(topics)+len(intents) > 0 {
		t.Errorf("labels that the contract does not know: %v %v", topics, intents)
	}
	for _, s := range []analyze.Sentiment{analyze.Positive, analyze.Negative, analyze.Neutral, analyze.Mixed} {
		if sentiments[s] < 40 {
			t.Errorf("%s has %d posts, want 40", s, sentiments[s])
		}
	}
	if share := float64(sentiments[analyze.Neutral]) / float64(len(all)); share < 0.25 || share > 0.4 {
		t.Errorf("neutral posts are %.0f%%, want about 30%%", 100*share)
	}
	for p, n := range phenomena {
		if n < 10 {
			t.Errorf("phenomenon %s has %d posts, want 10", p, n)
		}
	}
	for _, p := range strings.Fields(`negation double_negation partial_negation contrast conditional counterfactual wish before_after comparative hearsay
		quote rhetorical_question degree_suffix two_reading_adverb polysemy implicit_event idiom slang emoji kaomoji dialect polite_euphemism polite_request
		churn churn_negated third_person success_story promotion resolution outcome_number announcement fact question misspelling width elongation irony`) {
		if phenomena[p] == 0 {
			t.Errorf("no post shows %s", p)
		}
	}
	for name, g := range groups {
		if len(g) < 2 {
			t.Errorf("minimal-pair group %s has one post", name)
		}
	}
	if len(groups) < 80 {
		t.Errorf("%d minimal-pair groups, want 80", len(groups))
	}
}

func TestFloorsNameExistingFiles(t *testing.T) {
	f, err := gold.Files.Open("floors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	floors, err := eval.ReadFloors(f, "floors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for file := range floors {
		if _, err := fs.Stat(gold.Files, file); err != nil {
			t.Errorf("floors for %s, which is not there", file)
		}
	}
}
