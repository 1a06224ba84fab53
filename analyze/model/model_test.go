package model_test

import (
	"bytes"
	"testing"

	"voc/analyze/model"
)

func small(t testing.TB) *model.Weights {
	t.Helper()
	topics, intents := []string{"docs", "pricing"}, []string{"praise"}
	frame := &model.Weights{Topics: topics, Intents: intents}
	bias := make([]int32, frame.Tasks())
	for i := range bias {
		bias[i] = int32(100 * i)
	}
	rows := [][]model.Weight{{{Task: 0, Value: 64}, {Task: 5, Value: -1600}}, {{Task: uint8(frame.AboutTask(model.Inside) + 1), Value: 32}}}
	w, err := model.Build(topics, intents, "stamp", bias, []model.Key{7, 1 << 39}, func(i int) []model.Weight { return rows[i] })
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWeightsSurviveTheirFile(t *testing.T) {
	b, err := small(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	w, err := model.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.Encode()
	if err != nil || !bytes.Equal(b, again) {
		t.Errorf("the file changes when it is read and written: %v", err)
	}
	if w.Stamp != "stamp" || w.Features() != 2 || w.Find(7) < 0 || w.Find(1<<39) < 0 || w.Find(8) != -1 || w.Hash() == "" {
		t.Errorf("read %q with %d features", w.Stamp, w.Features())
	}
}

func TestBuildRefuses(t *testing.T) {
	none := func(int) []model.Weight { return nil }
	if _, err := model.Build([]string{"a"}, nil, "", make([]int32, 3), nil, none); err == nil {
		t.Error("too few biases pass")
	}
	n := (&model.Weights{Topics: []string{"a"}}).Tasks()
	if _, err := model.Build([]string{"a"}, nil, "", make([]int32, n), []model.Key{2, 1}, none); err == nil {
		t.Error("keys out of order pass")
	}
}

func TestDamagedFiles(t *testing.T) {
	b, err := small(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for n := range b {
		if _, err := model.Decode(b[:n]); err == nil {
			t.Fatalf("a file cut after %d of %d bytes passes", n, len(b))
		}
	}
}

func TestShippedWeights(t *testing.T) {
	w, err := model.Default()
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Topics) != 20 || len(w.Intents) != 17 || w.Features() < 10_000 {
		t.Errorf("%d topics, %d intents, %d features", len(w.Topics), len(w.Intents), w.Features())
	}
}

func FuzzDecode(f *testing.F) {
	b, err := small(f).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("voc linear model 1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if w, err := model.Decode(b); err == nil && w.Hash() == "" {
			t.Error("weights without a hash")
		}
	})
}
