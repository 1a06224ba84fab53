package mask

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// sloppy returns a worker that cuts every clause into words.
func sloppy(t testing.TB) *Worker {
	t.Helper()
	w := newTestWorker(t, nil)
	m := *w.m
	m.surnames = nil
	return m.NewWorker()
}

// Leaving clauses out changes nothing: every text is masked as if all of them had been cut into words.
func TestWhatIsLeftOutHoldsNoName(t *testing.T) {
	w, all := newTestWorker(t, nil), sloppy(t)
	if w.m.surnames == nil {
		t.Fatal("the surnames of the dictionary are not known")
	}
	var texts []string
	for _, name := range []string{"dev.jsonl", "test.jsonl"} {
		for _, s := range readBattery(t, name) {
			text, _ := s.parse(t)
			texts = append(texts, text)
		}
	}
	names := 0
	check := func(text string) {
		t.Helper()
		got, counts := w.Mask(text)
		want, _ := all.Mask(text)
		if got != want {
			t.Fatalf("%q became\n%q, want\n%q", text, got, want)
		}
		names += int(counts[Name])
	}
	for _, text := range texts {
		check(text)
	}
	// Pieces of the battery and of names, put together at random, so that words end up in all kinds of places.
	r := rand.New(rand.NewPCG(3, 9))
	pieces := strings.Fields(honorifics + " " + titles + " " + relations + " " + selfIntroductions + " " + cueWords()[cuePerson] +
		" 髙橋 渡邊 齋藤 佐々木 勅使河原 五十嵐 林 東 長谷川 太郎 花子 山田 本田 上田 大本 手塚 Mr. 、 。 : 「 は が の")
	for range 30_000 {
		var b strings.Builder
		for range 1 + r.IntN(6) {
			if r.IntN(2) == 0 {
				b.WriteString(pieces[r.IntN(len(pieces))])
				continue
			}
			runes := []rune(texts[r.IntN(len(texts))])
			from := r.IntN(len(runes))
			b.WriteString(string(runes[from:min(len(runes), from+1+r.IntN(12))]))
		}
		check(b.String())
	}
	if names < 3000 {
		t.Errorf("%d names were masked: too few to prove anything", names)
	}
}

// Every surname is known by its first runes, but those in old forms: texts are folded to the common ones.
func TestEverySurnameIsKnown(t *testing.T) {
	w := newTestWorker(t, nil)
	n := 0
	complete := w.m.names.EachSurname(func(word string) {
		if cells := []rune(word); len(cells) >= 2 && !slices.ContainsFunc(cells, func(r rune) bool { return oldForm(r) != r }) {
			n++
			if !w.m.surnames.begins(cells, 0, len(cells)) {
				t.Errorf("%s is not known", word)
			}
		}
	})
	if !complete || n < 10_000 {
		t.Errorf("%d surnames, complete: %t", n, complete)
	}
}
