package docs_test

import (
	"os"
	"strings"
	"testing"

	"voc/schema/chtest"
	"voc/schema/docs"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

func TestReadmeIsCurrent(t *testing.T) {
	db := chtest.Open(t)
	want, err := docs.Render(t.Context(), db.Conn, db.Database)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != string(want) {
		t.Error("schema/README.md is stale; run `make generate` and commit it")
	}
}

// Every example of the page runs, with the rights of a reader.
func TestExamplesRun(t *testing.T) {
	db := chtest.Open(t)
	reader := db.As(t, engine.Reader)
	page, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "```sql\n")
	examples, _, _ := strings.Cut(rest, "```")
	statements := strings.Split(strings.TrimSpace(examples), ";")
	if !found || len(statements) < 4 {
		t.Fatalf("the page has %d examples", len(statements))
	}
	for _, s := range statements {
		if strings.TrimSpace(s) == "" {
			continue
		}
		if err := reader.Exec(t.Context(), s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}
