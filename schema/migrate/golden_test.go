package migrate_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/diff"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/migrate"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// The statements for every kind of server are fixed by golden files: for a single server all of them, and for a cluster
// what it has otherwise. The embedded server has no Keeper and no cluster, so it only parses those for one.
func TestGolden(t *testing.T) {
	db := chtest.Open(t, chtest.Empty())
	render := func(t *testing.T, cfg migrate.Config) string {
		t.Helper()
		statements, err := migrate.Render(schema.Migrations, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range statements {
			if err := db.Conn.Exec(t.Context(), "EXPLAIN AST "+s); err != nil {
				t.Errorf("the server cannot parse it: %v\n%s", err, s)
			}
		}
		return strings.Join(statements, ";\n\n") + ";\n"
	}
	single := render(t, migrate.Config{})
	golden(t, "single.sql", single)
	t.Run("replicated", func(t *testing.T) {
		cluster := render(t, migrate.Config{Engine: migrate.EngineReplicated, Cluster: "main", Definer: "voc_owner"})
		golden(t, "replicated.diff", string(diff.Diff("single", []byte(single), "replicated", []byte(cluster))))
	})
	t.Run("sharded", func(t *testing.T) {
		other := migrate.Config{Timezone: "Europe/Paris", Database: "voice"}
		single := render(t, other)
		other.Engine, other.Cluster, other.Sharded = migrate.EngineReplicated, "main", true
		cluster := render(t, other)
		for _, theirs := range []string{"voc.", "Asia/Tokyo"} {
			if strings.Contains(cluster, theirs) {
				t.Errorf("a statement for another database and timezone has %q", theirs)
			}
		}
		golden(t, "sharded.diff", string(diff.Diff("single", []byte(single), "sharded", []byte(cluster))))
	})
}

// The sibling of a view takes the number of the next statement, so there must be none.
func TestASiblingEndsItsFile(t *testing.T) {
	const view = "CREATE OR REPLACE VIEW {{database}}.v{{ready}} AS SELECT 1"
	for text, want := range map[string]int{view: 4, // with the database and the table of what was applied
		view + ";\n\nSELECT 1": 0,
	} {
		got, err := migrate.Render(fstest.MapFS{"sql/0001_a.sql": file(""), "sql/views/v.sql": file(text)}, migrate.Config{})
		if len(got) != want || (err != nil) != (want == 0) {
			t.Errorf("%q gives %q and %v, want %d statements", text, got, err, want)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the statements differ from %s; if that is meant, run go test ./schema/migrate -run TestGolden -update\n%s", path, diff.Diff(name, want, "rendered", []byte(got)))
	}
}
