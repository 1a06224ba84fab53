package schema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/migrate"
)

// denied says whether the server refused a statement for lack of rights (497), or because the user may only read (164).
func denied(err error) bool {
	var e *clickhouse.Exception
	return errors.As(err, &e) && (e.Code == 497 || e.Code == 164)
}

func TestReaderReadsViewsAndNothingElse(t *testing.T) {
	db := chtest.Open(t)
	reader := db.As(t, engine.Reader)
	for _, view := range schema.Views() {
		if err := reader.Exec(t.Context(), "SELECT * FROM "+view+" FORMAT Null"); err != nil {
			t.Errorf("reading %s: %v", view, err)
		}
	}
	for _, table := range append(schema.Tables(), migrate.Table) {
		for _, statement := range []string{
			"SELECT * FROM " + table,
			"SELECT count() FROM " + table,
			"INSERT INTO " + table + " SELECT * FROM " + table,
			"ALTER TABLE " + table + " DELETE WHERE 1",
			"TRUNCATE TABLE " + table,
			"DROP TABLE " + table,
		} {
			if err := reader.Exec(t.Context(), statement); !denied(err) {
				t.Errorf("%s: error is %v, want a refusal", statement, err)
			}
		}
	}
	for _, statement := range []string{
		"CREATE TABLE x (a Int8) ENGINE = Memory",
		"CREATE VIEW x AS SELECT 1",
		"DROP VIEW posts",
		"DROP DATABASE " + db.Database,
		"CREATE OR REPLACE VIEW posts AS SELECT 1",
		"SYSTEM STOP MERGES post_facts",
		"SYSTEM DROP MARK CACHE",
		"KILL QUERY WHERE 1",
		"SELECT * FROM url('http://127.0.0.1:1/', CSV, 'a String')",
		"SELECT * FROM file('/etc/passwd', CSV, 'a String')",
	} {
		if err := reader.Exec(t.Context(), statement); !denied(err) {
			t.Errorf("%s: error is %v, want a refusal", statement, err)
		}
	}
}

// A reader finds the documentation of the views, and not even the names of what is behind them.
func TestReaderSeesComments(t *testing.T) {
	db := chtest.Open(t)
	var tables, columns uint64
	err := db.As(t, engine.Reader).QueryRow(t.Context(), `
SELECT (SELECT count() FROM system.tables WHERE database = currentDatabase()),
       (SELECT count() FROM system.columns WHERE database = currentDatabase() AND comment != '')`).Scan(&tables, &columns)
	if err != nil {
		t.Fatal(err)
	}
	if int(tables) != len(schema.Views()) || columns < 200 {
		t.Errorf("the reader sees %d tables and %d comments, want %d views with all their comments", tables, columns, len(schema.Views()))
	}
}

func TestWriterAppendsAndNothingElse(t *testing.T) {
	db := chtest.Open(t)
	writer := db.As(t, engine.Writer)
	for _, row := range rowTypes() {
		if err := schema.Insert(t.Context(), writer, row); err != nil {
			t.Error(err)
		}
	}
	for _, table := range schema.Tables() {
		if err := writer.Exec(t.Context(), "SELECT * FROM "+table+" FORMAT Null"); err != nil {
			t.Error(err)
		}
		for _, statement := range []string{
			"DROP TABLE " + table,
			"TRUNCATE TABLE " + table,
			"ALTER TABLE " + table + " DELETE WHERE 1",
			"ALTER TABLE " + table + " ADD COLUMN x Int8",
			"OPTIMIZE TABLE " + table + " FINAL",
			"RENAME TABLE " + table + " TO x",
		} {
			if err := writer.Exec(t.Context(), statement); !denied(err) {
				t.Errorf("%s: error is %v, want a refusal", statement, err)
			}
		}
	}
	if err := writer.Exec(t.Context(), "INSERT INTO "+migrate.Table+" (name) VALUES ('x')"); !denied(err) {
		t.Errorf("the writer may write the record of migrations: %v", err)
	}
	if err := writer.Exec(t.Context(), "DROP VIEW posts"); !denied(err) {
		t.Errorf("the writer may drop a view: %v", err)
	}
}

// Whoever writes down decisions reads the views, and appends decisions, actions and marks.
func TestDeciderDecidesAndNothingElse(t *testing.T) {
	db := chtest.Open(t)
	decider := db.As(t, engine.Decider)
	for _, view := range schema.Views() {
		if err := decider.Exec(t.Context(), "SELECT * FROM "+view+" FORMAT Null"); err != nil {
			t.Errorf("reading %s: %v", view, err)
		}
	}
	may := map[string]bool{"post_decision_facts": true, "action_facts": true, "window_marks": true}
	for _, row := range rowTypes() {
		if err := schema.Insert(t.Context(), decider, row); may[row.Table()] != (err == nil) || err != nil && !denied(err) {
			t.Errorf("writing %s: %v", row.Table(), err)
		}
	}
	for _, table := range append(schema.Tables(), migrate.Table) {
		for _, statement := range []string{
			"SELECT * FROM " + table, "ALTER TABLE " + table + " DELETE WHERE 1", "ALTER TABLE " + table + " UPDATE community = 'x' WHERE 1", "TRUNCATE TABLE " + table, "DROP TABLE " + table,
			"OPTIMIZE TABLE " + table + " FINAL",
		} {
			if err := decider.Exec(t.Context(), statement); !denied(err) {
				t.Errorf("%s: error is %v, want a refusal", statement, err)
			}
		}
	}
}

// The embedded server cannot make roles by SQL, but it can parse the statements for those that can.
func TestRolesParse(t *testing.T) {
	db := chtest.Open(t)
	for _, cfg := range []migrate.Config{{}, {Engine: migrate.EngineReplicated, Cluster: "main", Sharded: true}} {
		text, err := migrate.Roles(cfg)
		if err != nil {
			t.Fatal(err)
		}
		statements := strings.Split(strings.TrimSpace(text), ";\n")
		if len(statements) < 50 {
			t.Errorf("there are only %d statements", len(statements))
		}
		for _, s := range statements {
			s = strings.TrimSuffix(s, ";")
			if err := db.Conn.Exec(t.Context(), "EXPLAIN AST "+s); err != nil {
				t.Errorf("%s: %v", s, err)
			}
		}
	}
}
