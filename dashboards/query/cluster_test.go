package query_test

import (
	"slices"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

// The queries that ask in steps, handing what they found from one to the next, give on a cluster what they give on one
// server.
func TestStepsOnACluster(t *testing.T) {
	one, cluster := chtest.Open(t), chtest.OpenCluster(t)
	rows, _ := dashtest.Rows(2, one.Calendar)
	writer, reader := cluster.As(t, engine.Writer), cluster.As(t, engine.Reader)
	for _, conn := range []driver.Conn{one.Conn, writer} {
		for part := range slices.Chunk(rows, 2000) {
			if err := schema.Insert(t.Context(), conn, part...); err != nil {
				t.Fatal(err)
			}
		}
		r, err := rollup.New(conn, rollup.Config{LargeWeek: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := r.KeepDays(t.Context(), 0, 0); err != nil || n == 0 {
			t.Fatalf("the keys of %d days were kept: %v", n, err)
		}
		for range 2 { // what became of questions is counted when all else of weeks is published
			if n, err := r.CountWeeks(t.Context(), 0); err != nil || n == 0 {
				t.Fatalf("%d weeks were counted: %v", n, err)
			}
			if err := r.PublishWeeks(t.Context(), 0); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := r.KeepLedger(t.Context(), 0, 1000); err != nil || n == 0 {
			t.Fatalf("the ledger of %d days was kept: %v", n, err)
		}
	}
	week := dashtest.Week()
	answers := 0
	defer func() {
		if answers != 4 {
			t.Errorf("%d answers stood ready, want 4", answers)
		}
	}()
	for _, name := range []string{"question_ledger", "question_weeks", "core_members", "newcomer_funnel", "retention_cohorts", "attention_reasons", "ledger_holes",
		"role_board", "request_topics", "segment_keys", "segment_weeks", "severe_posts", "intent_posts", "voice_candidates", "emerging_terms", "posts_list", "topic_phrases",
		"ledger_topics", "communities", "hour_cells", "quarantine", "quiet_weeks", "topic_roles", "mentions", "topic_intents", "week_texts"} {
		q, err := query.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		params := query.Params{}
		for _, p := range q.Params {
			switch p.Name {
			case "community":
				params[p.Name] = dashtest.Community
			case "week":
				params[p.Name] = week
			case "from":
				params[p.Name] = week.AddDate(0, 0, -56)
			case "to":
				params[p.Name] = week.AddDate(0, 0, 6)
			case "segments":
				params[p.Name] = []string{"plan", "tenure"}
			case "intent":
				params[p.Name] = []string{"question"}
			case "topic":
				params[p.Name] = "pricing"
			}
		}
		args, err := q.Args(params)
		if err != nil {
			t.Fatal(err)
		}
		statements := []string{q.SQL}
		if sql, _ := q.Ready(); sql != "" {
			statements = append(statements, sql)
		}
		if sql, _, _ := q.Weekly(); sql != "" {
			statements = append(statements, sql)
		}
		for _, sql := range statements {
			if slices.Contains([]string{"severe_posts", "intent_posts", "voice_candidates", "posts_list"}, name) {
				// Whole posts have maps, whose keys stand in the order in which they were written.
				sql = "SELECT post_id FROM (" + sql + ")"
			}
			want := one.Query(t, sql, args...)
			got, err := chtest.Lines(t.Context(), reader, sql, args...)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if len(want) == 0 || !slices.Equal(want, got) {
				t.Errorf("%s: one server gives %d rows and the cluster %d; the first that differs:\n%s", name, len(want), len(got), difference(want, got))
			}
		}
		if name == "question_ledger" {
			params = params.With("status", []string{"open"}).With("limit", 5)
		}
		bound, err := q.Bind(params)
		if err != nil {
			t.Fatal(err)
		}
		if args, err = q.Args(params); err != nil {
			t.Fatal(err)
		}
		if sql := q.Answer(bound); sql != "" {
			answers++
			want := one.Query(t, q.SQL, args...)
			if got, err := chtest.Lines(t.Context(), reader, sql, args...); err != nil || len(want) == 0 || !slices.Equal(want, got) {
				t.Errorf("the answer of %s on the cluster has %d rows, one server %d; the first that differs:\n%s\n%v", name, len(got), len(want), difference(want, got), err)
			}
		}
	}
}
