package eval

import (
	"errors"
	"strings"
	"testing"
)

func floors(t *testing.T, yaml string) Floors {
	t.Helper()
	f, err := ReadFloors(strings.NewReader(yaml), "floors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestCheckFloors(t *testing.T) {
	rep := scored(t, battery, answers(), point)
	held := floors(t, `
dev.jsonl:
  sentiment.accuracy: {min: 0.8}
  sentiment.macro_f1: {min: 0.69, max: 0.71}
  sentiment.f1/positive: {min: 0.79}
  topics.recall: {min: 1}
  pairs.f1/pricing:negative: {min: 1}
  intents.micro_f1: {min: 0.57}
  intents.macro_f1: {max: 0.41}
  intents.exact: {min: 0.5}
  topic_polarity: {min: 0.5}
  phenomenon/negation: {min: 0.5}
  flips: {max: 1}
  pair_flips: {max: 1}
  pair_groups: {min: 0}
  coverage.no_intent: {max: 0.2}
`)
	if err := CheckFloors(held, "dev.jsonl", rep); err != nil {
		t.Errorf("floors that hold were reported: %v", err)
	}

	broken := floors(t, "dev.jsonl:\n  sentiment.accuracy: {min: 0.81}\n  flips: {max: 0}\n  intents.f1/tip: {min: 0}\n  topics.precision: {min: 0.5}\n")
	err := CheckFloors(broken, "dev.jsonl", rep)
	if err == nil {
		t.Fatal("broken floors passed")
	}
	for _, want := range []string{"sentiment.accuracy is 0.8000, below its floor 0.81", "flips is 1.0000, above its ceiling 0", "intents.f1/tip: not measured"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "topics.precision") {
		t.Errorf("a floor that holds was reported: %v", err)
	}
	if !errors.Is(err, ErrNotMeasured) {
		t.Error("the error does not tell that a metric was not measured")
	}
	if err := CheckFloors(held, "renamed.jsonl", rep); err == nil {
		t.Error("a file without floors passed")
	}
}

func TestReadFloorsErrors(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"metric":    {"a:\n  sentiment.acuracy: {min: 1}\n", "sentiment.acuracy"},
		"family":    {"a:\n  emotions.micro_f1: {min: 1}\n", "emotions.micro_f1"},
		"figure":    {"a:\n  topics.f2: {min: 1}\n", "topics.f2"},
		"coverage":  {"a:\n  coverage.all: {min: 1}\n", "coverage.all"},
		"no bound":  {"a:\n  flips: {}\n", "neither min nor max"},
		"crossed":   {"a:\n  flips: {min: 2, max: 1}\n", "above max"},
		"typo":      {"a:\n  flips: {maxi: 1}\n", "maxi"},
		"not a map": {"- a\n", "not a floors file"},
	}
	for name, tt := range tests {
		if _, err := ReadFloors(strings.NewReader(tt.in), "f"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, tt.want)
		}
	}
}
