package event_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"voc/ingest/event"
)

// TestSchemaExamples holds the decoder to the examples that the JSON Schemas of schema/event are tested with: both
// must judge them alike, and a bad one must be refused for the reason that its file is named after.
func TestSchemaExamples(t *testing.T) {
	limits := event.DefaultLimits()
	limits.Now = func() time.Time { return time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC) }
	decode := map[string]func([]byte) *event.Reject{
		"post":     func(b []byte) *event.Reject { _, r := event.DecodePost(b, event.Meta{}, limits); return r },
		"activity": func(b []byte) *event.Reject { _, r := event.DecodeActivity(b, event.Meta{}, limits); return r },
		"account":  func(b []byte) *event.Reject { _, r := event.DecodeAccount(b, event.Meta{}, limits); return r },
		"survey":   func(b []byte) *event.Reject { _, r := event.DecodeSurvey(b, event.Meta{}, limits); return r },
	}
	for kind, f := range decode {
		for _, judgement := range []string{"good", "bad"} {
			paths, err := filepath.Glob(filepath.Join("..", "..", "schema", "event", "testdata", kind, judgement, "*.json"))
			if err != nil || len(paths) == 0 {
				t.Fatalf("no %s examples of %s (%v)", judgement, kind, err)
			}
			for _, p := range paths {
				b, err := os.ReadFile(p)
				if err != nil {
					t.Fatal(err)
				}
				name := strings.TrimSuffix(filepath.Base(p), ".json")
				r := f(b)
				switch {
				case judgement == "good" && r != nil:
					t.Errorf("%s good/%s is refused: %v", kind, name, r)
				case judgement == "bad" && r == nil:
					t.Errorf("%s bad/%s is accepted", kind, name)
				case judgement == "bad" && !strings.HasPrefix(name, string(r.Reason)):
					t.Errorf("%s bad/%s is refused for another reason: %v", kind, name, r)
				}
			}
		}
	}
}
