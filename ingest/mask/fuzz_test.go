package mask

import "testing"

// FuzzMask holds the promises of the package on any input.
func FuzzMask(f *testing.F) {
	for _, name := range []string{"dev.jsonl", "test.jsonl"} {
		for _, s := range readBattery(f, name) {
			text, _ := s.parse(f)
			f.Add(text)
		}
	}
	for _, text := range hostile(60) {
		f.Add(text)
	}
	w := newTestWorker(f, nil)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4000 {
			return
		}
		checkProperties(t, w, text)
	})
}
