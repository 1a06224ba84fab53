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
		r, err := rollup.New(conn, rollup.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := r.KeepDays(t.Context(), 0, 0); err != nil || n == 0 {
			t.Fatalf("the keys of %d days were kept: %v", n, err)
		}
		if n, err := r.CountWeeks(t.Context(), 0); err != nil || n == 0 {
			t.Fatalf("%d weeks were counted: %v", n, err)
		}
		if err := r.PublishWeeks(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	week := dashtest.Week()
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
	}
}
