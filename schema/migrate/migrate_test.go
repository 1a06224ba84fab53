package migrate_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/migrate"
)

var record = flag.String("record", "", "name of the release whose state TestRecordState writes to testdata/states")

func TestMain(m *testing.M) { chtest.Main(m) }

const states = "../testdata/states"

// dump returns the statements that make the database as it is, with a placeholder for its name.
func dump(t *testing.T, db *chtest.DB) []string {
	t.Helper()
	rows, err := db.Conn.Query(t.Context(), "SELECT create_table_query FROM system.tables WHERE database = ? ORDER BY engine = 'View', name", db.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.ReplaceAll(s, db.Database, "{database}"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func mustUp(t *testing.T, db *chtest.DB) int {
	t.Helper()
	n, err := migrate.Up(t.Context(), db.Conn, db.Migrate, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// stopAfter stops a run after so many steps.
func stopAfter(t *testing.T, db *chtest.DB, n int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	applied, err := migrate.Up(ctx, db.Conn, db.Migrate, func(migrate.Step) {
		if seen++; seen == n {
			cancel()
		}
	})
	if applied != n {
		t.Fatalf("a run applied %d steps, want %d: %v", applied, n, err)
	}
}

// Every recorded state, nothing at all, and a first migration that is interrupted at every point end in the same tables and
// views, and a second run applies nothing.
func TestEveryStateEndsTheSame(t *testing.T) {
	fresh := chtest.Open(t, chtest.Empty())
	steps := mustUp(t, fresh)
	want := dump(t, fresh)
	if steps < 30 || len(want) < 30 {
		t.Fatalf("an empty database took %d steps to %d tables and views", steps, len(want))
	}
	check := func(t *testing.T, db *chtest.DB) {
		t.Helper()
		mustUp(t, db)
		got := dump(t, db)
		for _, s := range want {
			if !slices.Contains(got, s) {
				t.Errorf("missing or different: %s", s)
			}
		}
		for _, s := range got {
			if !slices.Contains(want, s) {
				t.Errorf("left over or different: %s", s)
			}
		}
		if n := mustUp(t, db); n != 0 {
			t.Errorf("a second run applied %d steps", n)
		}
	}
	files, err := filepath.Glob(filepath.Join(states, "*.sql"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			db := chtest.Open(t, chtest.Empty())
			for _, s := range strings.Split(strings.ReplaceAll(string(raw), "{database}", db.Database), ";\n\n") {
				if strings.TrimSpace(s) != "" {
					db.Exec(t, s)
				}
			}
			check(t, db)
		})
	}
	// Each run finds its first step done but not recorded, and is stopped after it.
	db := chtest.Open(t, chtest.Empty())
	for n := range steps {
		if err := migrate.Unrecorded(t.Context(), db.Conn, schema.Migrations, db.Migrate, n); err != nil {
			t.Fatal(err)
		}
		stopAfter(t, db, 1)
	}
	check(t, db)
}

// TestRecordState writes the state of this release; see testdata/states/README.md.
func TestRecordState(t *testing.T) {
	db := chtest.Open(t)
	var b strings.Builder
	b.WriteString("CREATE DATABASE {database};\n\n")
	for _, s := range dump(t, db) {
		b.WriteString(s + ";\n\n")
	}
	for _, l := range db.Query(t, "SELECT name, statement, checksum, settings FROM "+migrate.Table+" ORDER BY ALL") {
		b.WriteString("INSERT INTO {database}." + migrate.Table + " (name, statement, checksum, settings) VALUES " + l + ";\n\n")
	}
	if *record == "" {
		// Without a name, the recorder is only proved to work: what it would write can be loaded.
		other := chtest.Open(t, chtest.Empty())
		for _, s := range strings.Split(strings.ReplaceAll(b.String(), "{database}", other.Database), ";\n\n") {
			if s != "" {
				other.Exec(t, s)
			}
		}
		if n := mustUp(t, other); n != 0 {
			t.Errorf("a state just recorded needs %d steps", n)
		}
		return
	}
	file := filepath.Join(states, *record+".sql")
	if _, err := os.Stat(file); err == nil {
		t.Fatalf("%s is recorded already and must not change", file)
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestManyAtOnce(t *testing.T) {
	db := chtest.Open(t, chtest.Empty())
	var wg sync.WaitGroup
	for range 4 {
		conn := chtest.Connect(t, db.Server().DatabaseDSN(engine.Admin, ""))
		wg.Go(func() {
			if _, err := migrate.Up(t.Context(), conn, db.Migrate, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := mustUp(t, db); n != 0 {
		t.Errorf("%d steps are left after four runs at once", n)
	}
}

func TestStatusAndPlan(t *testing.T) {
	db := chtest.Open(t, chtest.Empty())
	plan, err := migrate.Plan(t.Context(), db.Conn, db.Migrate)
	if err != nil {
		t.Fatal(err)
	}
	stopAfter(t, db, 5)
	rest, err := migrate.Plan(t.Context(), db.Conn, db.Migrate)
	if err != nil {
		t.Fatal(err)
	}
	if len(rest) != len(plan)-5 {
		t.Errorf("%d of %d steps are left after 5", len(rest), len(plan))
	}
	var seen []migrate.Step
	n, err := migrate.Up(t.Context(), db.Conn, db.Migrate, func(s migrate.Step) { seen = append(seen, s) })
	if err != nil {
		t.Fatal(err)
	}
	if n != len(rest) || !slices.Equal(seen, rest) {
		t.Errorf("%d steps were applied and %d shown; the plan had %d", n, len(seen), len(rest))
	}
	status, err := migrate.Status(t.Context(), db.Conn, db.Migrate)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range status {
		if s.Applied.IsZero() || time.Since(s.Applied) > time.Hour {
			t.Errorf("%s %d is applied at %s", s.Name, s.Statement, s.Applied)
		}
	}
}

func file(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content)} }

func TestChanges(t *testing.T) {
	db := chtest.Open(t, chtest.Empty())
	files := fstest.MapFS{
		"sql/0001_a.sql":  file("CREATE TABLE IF NOT EXISTS {{database}}.a (x Int8) ENGINE = {{engine \"MergeTree\" \"\"}} ORDER BY x;\n"),
		"sql/views/v.sql": file("CREATE OR REPLACE VIEW {{database}}.v AS SELECT x FROM {{database}}.a;\n"),
	}
	up := func() (int, error) { return migrate.UpFrom(t.Context(), db.Conn, files, db.Migrate) }
	if n, err := up(); n != 2 || err != nil {
		t.Fatalf("applied %d: %v", n, err)
	}

	files["sql/views/v.sql"] = file("CREATE OR REPLACE VIEW {{database}}.v AS SELECT x + 1 AS x FROM {{database}}.a;\n")
	files["sql/0002_b.sql"] = file("ALTER TABLE {{database}}.a ADD COLUMN IF NOT EXISTS y Int8;\n\nALTER TABLE {{database}}.a ADD COLUMN IF NOT EXISTS z String DEFAULT ';';\n")
	if n, err := up(); n != 3 || err != nil {
		t.Fatalf("a changed view and a new file of two statements: applied %d: %v", n, err)
	}

	files["sql/0001_a.sql"] = file("CREATE TABLE IF NOT EXISTS {{database}}.a (x Int16) ENGINE = {{engine \"MergeTree\" \"\"}} ORDER BY x;\n")
	_, err := up()
	if !errors.Is(err, migrate.ErrChanged) || !strings.Contains(err.Error(), "0001_a") {
		t.Errorf("a changed migration: error is %v, want ErrChanged that names 0001_a", err)
	}
}

func TestErrorsNameTheStatement(t *testing.T) {
	db := chtest.Open(t, chtest.Empty())
	for name, tc := range map[string]struct{ text, want string }{
		"wrong SQL":          {"SELECT 1;\n\nCREATE NONSENSE {{database}}.a;\n", "0001_a, statement 2"},
		"unknown function":   {"{{nonsense}};\n", "0001_a.sql, statement 1"},
		"incomplete bracket": {"{{database;\n", "0001_a.sql, statement 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := migrate.UpFrom(t.Context(), db.Conn, fstest.MapFS{"sql/0001_a.sql": file(tc.text)}, db.Migrate)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %v, want one that names %q", err, tc.want)
			}
		})
	}
}

// A database belongs to one calendar for ever: its days were cut in that zone.
func TestSettingsMustNotChange(t *testing.T) {
	db := chtest.Open(t)
	cfg := db.Migrate
	cfg.Timezone = "Europe/Paris"
	for name, err := range map[string]error{
		"up":   func() error { _, err := migrate.Up(t.Context(), db.Conn, cfg, nil); return err }(),
		"plan": func() error { _, err := migrate.Plan(t.Context(), db.Conn, cfg); return err }(),
	} {
		if err == nil || !strings.Contains(err.Error(), "Asia/Tokyo") || !strings.Contains(err.Error(), "Europe/Paris") {
			t.Errorf("%s: error is %v, want one that names both zones", name, err)
		}
	}
}

func TestConfigValidate(t *testing.T) {
	good := migrate.Config{}.WithDefaults()
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*migrate.Config){
		"database": func(c *migrate.Config) { c.Database = "a b" },
		"timezone": func(c *migrate.Config) { c.Timezone = "Mars/Olympus" },
		"engine":   func(c *migrate.Config) { c.Engine = "Log" },
		"cluster":  func(c *migrate.Config) { c.Cluster = "a'b" },
		"definer":  func(c *migrate.Config) { c.Definer = "a`b" },
		"sharded":  func(c *migrate.Config) { c.Sharded = true },
	} {
		c := good
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want one that names %s", err, want)
		}
	}
}

func TestOpen(t *testing.T) {
	conn, database, err := migrate.Open("clickhouse://u:p@127.0.0.1:1/other")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if database != "other" {
		t.Errorf("database is %q", database)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := migrate.Status(ctx, conn, migrate.Config{}); err == nil {
		t.Error("a server that is not there has a status")
	}
	if _, _, err := migrate.Open("no dsn\x00"); err == nil {
		t.Error("a wrong DSN was read")
	}
}
