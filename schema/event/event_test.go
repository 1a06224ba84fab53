package event

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// beyondSchema are the faults that no JSON Schema can see; the decoder's tests hold these examples.
func beyondSchema() []string {
	return []string{"invalid_json", "duplicate_field", "time_out_of_range"}
}

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	raw, err := Schema(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s is not JSON: %v", name, err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatalf("%s does not compile: %v", name, err)
	}
	return s
}

func examples(t *testing.T, name, judgement string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	paths, err := filepath.Glob(filepath.Join("testdata", name, judgement, "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no %s examples of %s (%v)", judgement, name, err)
	}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(p), ".json")] = b
	}
	return out
}

func TestExamples(t *testing.T) {
	for _, name := range Names() {
		s := compile(t, name)
		for file, b := range examples(t, name, "good") {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
			if err != nil {
				t.Errorf("%s good/%s: %v", name, file, err)
				continue
			}
			if err := s.Validate(v); err != nil {
				t.Errorf("%s good/%s is refused: %v", name, file, err)
			}
		}
	bad:
		for file, b := range examples(t, name, "bad") {
			for _, p := range beyondSchema() {
				if strings.HasPrefix(file, p) {
					continue bad
				}
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
			if err != nil {
				t.Errorf("%s bad/%s: %v", name, file, err)
				continue
			}
			if s.Validate(v) == nil {
				t.Errorf("%s bad/%s is accepted", name, file)
			}
		}
	}
}

// TestOwnExamples holds the examples that the schemas print to the schemas themselves.
func TestOwnExamples(t *testing.T) {
	for _, name := range Names() {
		s := compile(t, name)
		raw, err := Schema(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		m := doc.(map[string]any)
		list, _ := m["examples"].([]any)
		if len(list) == 0 {
			t.Errorf("the schema of %s has no example", name)
		}
		for _, e := range list {
			if err := s.Validate(e); err != nil {
				t.Errorf("the example of %s is refused: %v", name, err)
			}
		}
		for field, f := range m["properties"].(map[string]any) {
			if d, _ := f.(map[string]any)["description"].(string); !strings.HasSuffix(strings.TrimSpace(d), ".") {
				t.Errorf("%s.%s must be described by a sentence", name, field)
			}
		}
	}
}

func TestUnknownName(t *testing.T) {
	if _, err := Schema("posts"); err == nil || !strings.Contains(err.Error(), "post") {
		t.Errorf("error %v; want one that lists the names", err)
	}
}
