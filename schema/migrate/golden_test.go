package migrate_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/migrate"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// The statements for every kind of server are fixed by golden files. The embedded server has no Keeper and no
// cluster, so it only parses those for one.
func TestGolden(t *testing.T) {
	db := chtest.Open(t, chtest.Empty())
	for name, cfg := range map[string]migrate.Config{
		"single":     {},
		"replicated": {Engine: migrate.EngineReplicated, Cluster: "main", Definer: "voc_owner"},
		"sharded":    {Engine: migrate.EngineReplicated, Cluster: "main", Sharded: true, Timezone: "Europe/Paris", Database: "voice"},
	} {
		t.Run(name, func(t *testing.T) {
			statements, err := migrate.Render(schema.Migrations, cfg)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range statements {
				if err := db.Conn.Exec(t.Context(), "EXPLAIN AST "+s); err != nil {
					t.Errorf("the server cannot parse it: %v\n%s", err, s)
				}
			}
			got := strings.Join(statements, ";\n\n") + ";\n"
			path := filepath.Join("testdata", name+".sql")
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
				t.Errorf("the statements differ from %s; if that is meant, run go test ./schema/migrate -run TestGolden -update", path)
			}
		})
	}
}
