package superset_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"voc/dashboards/dashtest"
	"voc/dashboards/superset"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

// The committed bundle is what the program makes, file by file, with nothing left over.
func TestCommittedBundleIsUpToDate(t *testing.T) {
	db := chtest.Open(t)
	files, err := superset.Files(t.Context(), db.Conn)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir("bundle", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		have, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		want, ok := files[filepath.ToSlash(path)]
		if !ok || string(have) != string(want) {
			t.Errorf("%s is stale; run `make generate`, and remove it when nothing makes it", path)
		}
		delete(files, filepath.ToSlash(path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for path := range files {
		t.Errorf("%s is missing; run `make generate`", path)
	}
}

// The SQL of every dataset runs with the rights of a reader and has the columns that the dataset promises. Jinja is
// filled in here; `make test-superset` lets Superset do it.
func TestDatasets(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	conn := db.As(t, engine.Reader)
	paths, err := filepath.Glob("bundle/datasets/voc/*.yaml")
	if err != nil || len(paths) < 8 {
		t.Fatalf("there are %d datasets (%v)", len(paths), err)
	}
	jinja := strings.NewReplacer("{{ community }}", "'default'", "{{ first_day }}", "toDate('2026-09-21')", "{{ last_day }}", "toDate('2026-11-16') - 1")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Table   string `yaml:"table_name"`
			SQL     string `yaml:"sql"`
			Columns []struct {
				Name       string `yaml:"column_name"`
				Expression string `yaml:"expression"`
			} `yaml:"columns"`
			Metrics []struct {
				Name       string `yaml:"metric_name"`
				Expression string `yaml:"expression"`
			} `yaml:"metrics"`
		}
		if err := yaml.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		from := d.Table
		if d.SQL != "" {
			_, sql, ok := strings.Cut(d.SQL, "SELECT q.*")
			if !ok {
				t.Fatalf("%s: %.200s", path, d.SQL)
			}
			from = "(" + jinja.Replace("SELECT q.*"+sql) + ")"
			if strings.Contains(from, "{{") || strings.Contains(from, "{%") {
				t.Errorf("%s: some Jinja is left", path)
			}
		}
		var columns, metrics []string
		for _, c := range d.Columns {
			if c.Expression == "" {
				c.Expression = c.Name
			}
			columns = append(columns, c.Expression+" AS "+c.Name)
		}
		for _, m := range d.Metrics {
			metrics = append(metrics, m.Expression)
		}
		rows, err := conn.Query(t.Context(), "SELECT "+strings.Join(columns, ", ")+" FROM "+from+" LIMIT 1")
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if !rows.Next() {
			t.Errorf("%s has no rows (%v)", path, rows.Err())
		}
		rows.Close()
		if d.SQL == "" {
			if len(metrics) == 0 {
				t.Errorf("%s has no metrics", path)
			} else if err := conn.Exec(t.Context(), "EXPLAIN SELECT "+strings.Join(metrics, ", ")+" FROM "+from); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}
