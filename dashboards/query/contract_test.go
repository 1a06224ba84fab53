package query_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/schema"
	"voc/schema/chtest"
)

var update = flag.Bool("update", false, "rewrite testdata/contract.txt")

var identifier = regexp.MustCompile(`TableIdentifier (\S+)`)

// tables returns the names of the tables that a query reads, as the server's parser sees them.
func tables(t *testing.T, db *chtest.DB, q query.Query, sql string) []string {
	t.Helper()
	args, err := q.Args(sampleParams(q))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.Conn.Query(t.Context(), "EXPLAIN AST "+sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", q.Name, err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		for _, m := range identifier.FindAllStringSubmatch(line, -1) {
			found = append(found, m[1])
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// columns returns the names and types of what a statement gives.
func columns(t *testing.T, db *chtest.DB, sql string, args []any) []string {
	t.Helper()
	rows, err := db.Conn.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var found []string
	for _, c := range rows.ColumnTypes() {
		found = append(found, c.Name()+" "+c.DatabaseTypeName())
	}
	return found
}

func TestQueriesReadContractViewsOnly(t *testing.T) {
	db := chtest.Open(t)
	all, err := query.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	for _, q := range all {
		found := tables(t, db, q, q.SQL)
		params := sampleParams(q)
		if _, ok := params["from"]; ok {
			params["from"] = dashtest.Week()
		}
		bound, err := q.Bind(params)
		if err != nil {
			t.Fatal(err)
		}
		if sql := q.Shown(bound); sql != "" {
			copies := tables(t, db, q, sql)
			if !slices.Contains(copies, "shown_posts_ready") {
				t.Errorf("%s over copies reads %v", q.Name, copies)
			}
			found = append(found, copies...)
		}
		if sql, missing, _ := q.Weekly(); sql != "" {
			if len(missing) == 0 || slices.Contains(missing, "") {
				t.Errorf("%s over weeks does not know what must stand ready: %q", q.Name, missing)
			}
			found = append(found, tables(t, db, q, sql)...)
		}
		if answer := map[string]string{"question_weeks": "question_progress", "question_ledger": "question_progress", "ledger_topics": "ledger_days", "attention_reasons": "attention_progress"}[q.Name]; answer != "" {
			p := query.Params{"from": dashtest.Week(), "to": dashtest.Week().AddDate(0, 0, 7*schema.ProgressWeeks+6)}
			if q.Name != "ledger_topics" {
				p["community"] = "c"
			}
			if q.Name == "attention_reasons" {
				p = query.Params{"community": "c", "week": dashtest.Week()}
			}
			if q.Name == "question_ledger" {
				p["status"], p["limit"] = []string{"open"}, 100
			}
			if bound, err = q.Bind(p); err != nil {
				t.Fatal(err)
			}
			read := tables(t, db, q, q.Answer(bound))
			if !slices.Contains(read, answer) {
				t.Errorf("the answer of %s reads %v", q.Name, read)
			}
			found = append(found, read...)
			args, err := q.Args(p)
			if err != nil {
				t.Fatal(err)
			}
			if want, got := columns(t, db, q.SQL, args), columns(t, db, q.Answer(bound), args); len(want) == 0 || !slices.Equal(want, got) {
				t.Errorf("%s gives %q and its answer %q", q.Name, want, got)
			}
		}
		if len(found) == 0 {
			t.Errorf("%s reads nothing", q.Name)
		}
		for _, name := range found {
			read[name] = true
			if !slices.Contains(schema.Views(), name) {
				t.Errorf("%s reads %s, which is no contract view", q.Name, name)
			}
		}
		if strings.Contains(strings.ToLower(q.SQL), "now(") || strings.Contains(q.SQL, "today(") || strings.Contains(q.SQL, "rand(") {
			t.Errorf("%s depends on the clock or on chance", q.Name)
		}
	}
	if len(read) < 15 {
		t.Errorf("only %d views are read; the parser was not understood", len(read))
	}
}

// testdata/contract.txt lists every column of every view with its type. A column that is renamed, dropped or given
// another type breaks other people's queries and dashboards: it needs a compatibility view and a line in the changelog
// before this list is rewritten with -update. New columns are no break.
func TestContract(t *testing.T) {
	const file = "testdata/contract.txt"
	db := chtest.Open(t)
	var now []string
	for _, view := range schema.Views() {
		rows, err := db.Conn.Query(t.Context(), "SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {view:String} ORDER BY position",
			named("database", db.Database), named("view", view))
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var name, kind string
			if err := rows.Scan(&name, &kind); err != nil {
				t.Fatal(err)
			}
			now = append(now, view+"."+name+" "+kind)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(now, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	promised := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(promised) < 200 {
		t.Fatalf("the contract has only %d columns", len(promised))
	}
	for _, column := range promised {
		if !slices.Contains(now, column) {
			t.Errorf("the contract promises %s, which is gone", column)
		}
	}
	for _, column := range now {
		if !slices.Contains(promised, column) {
			t.Errorf("%s is new; add it to the contract with -update", column)
		}
	}
}

// Renaming a column of a view makes a query fail, whichever of the columns that queries use it is.
func TestRenamedColumnIsNoticed(t *testing.T) {
	db := chtest.Open(t)
	all, err := query.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	readers := map[string][]query.Query{}
	for _, q := range all {
		for _, view := range tables(t, db, q, q.SQL) {
			readers[view] = append(readers[view], q)
		}
	}
	analyses := func(q query.Query) error {
		args, err := q.Args(sampleParams(q))
		if err != nil {
			t.Fatal(err)
		}
		return db.Conn.Exec(t.Context(), "EXPLAIN "+q.SQL, args...)
	}
	for view, column := range map[string]string{
		"posts": "posted_at", "post_topics": "topic", "intent_daily": "author_role", "post_evidence": "text", "post_signals": "value", "topic_daily": "posts",
		"topic_day_totals": "mixed", "topic_week_totals": "author_squares", "intent_week_totals": "authors", "community_weekly": "untagged", "members": "joined_at", "channel_daily": "source", "community_daily": "viewed", "hourly": "weekday",
		"activity": "occurred_at", "account_history": "valid_to", "surveys": "category", "dead_letters": "reason", "ledger": "missing", "ledger_offsets": "unexplained",
		"analyzer_revisions": "hash",
	} {
		if len(readers[view]) == 0 {
			t.Errorf("no query reads %s", view)
			continue
		}
		db.Exec(t, fmt.Sprintf("RENAME TABLE %s TO %s_kept", view, view),
			fmt.Sprintf("CREATE VIEW %s AS SELECT * EXCEPT (%s), %s AS renamed FROM %s_kept", view, column, column, view))
		failed := ""
		for _, q := range readers[view] {
			if err := analyses(q); err != nil {
				failed = err.Error()
				break
			}
		}
		if !strings.Contains(failed, column) {
			t.Errorf("%s.%s was renamed and no query fails naming it (%.200q)", view, column, failed)
		}
		db.Exec(t, "DROP VIEW "+view, fmt.Sprintf("RENAME TABLE %s_kept TO %s", view, view))
		if err := analyses(readers[view][0]); err != nil {
			t.Fatal(err)
		}
	}
}
