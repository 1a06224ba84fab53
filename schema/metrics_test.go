package schema_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
)

// The view is the Go definition, and every query of it runs with the rights of a reader.
func TestMetrics(t *testing.T) {
	db := chtest.Open(t)
	lateEvening(t, db)
	reader := db.As(t, engine.Reader)
	for _, m := range schema.Metrics() {
		var name, meaning, unit, view, expression, sql string
		err := reader.QueryRow(t.Context(), "SELECT name, meaning, unit, view, expression, sql FROM metrics WHERE id = ?", m.ID).Scan(&name, &meaning, &unit, &view, &expression, &sql)
		if err != nil {
			t.Fatal(err)
		}
		if name != m.Name || meaning != m.Meaning || unit != m.Unit || view != m.View || expression != m.Expression || sql != m.SQL() {
			t.Errorf("the view gives another definition of %s", m.ID)
		}
		if !slices.Contains(schema.Views(), m.View) {
			t.Errorf("%s is taken from %s, which is no contract view", m.ID, m.View)
		}
		if m.Name == "" || m.Meaning == "" || m.Unit == "" {
			t.Errorf("%s lacks a name, a meaning or a unit", m.ID)
		}
		ctx := clickhouse.Context(t.Context(), clickhouse.WithParameters(clickhouse.Parameters{"from": "2026-01-01", "to": "2026-01-31"}))
		rows, err := reader.Query(ctx, "SELECT community, toFloat64(ifNull(value, 0)) FROM ("+sql+")")
		if err != nil {
			t.Errorf("%s: %v", m.ID, err)
			continue
		}
		n := 0
		for rows.Next() {
			var community string
			var value float64
			if err := rows.Scan(&community, &value); err != nil {
				t.Fatal(err)
			}
			if community != "c" || math.IsNaN(value) {
				t.Errorf("%s of %q is %g", m.ID, community, value)
			}
			n++
		}
		if err := rows.Err(); err != nil || n != 1 {
			t.Errorf("%s has %d rows, want that of the one community: %v", m.ID, n, err)
		}
	}
	if got := db.Query(t, "SELECT count() FROM metrics"); got[0] != fmt.Sprintf("(%d)", len(schema.Metrics())) {
		t.Errorf("the view has %v metrics, the definition %d", got, len(schema.Metrics()))
	}
}

// The same metric in two views is the same number.
func TestViewsAgree(t *testing.T) {
	db := chtest.Open(t)
	lateEvening(t, db)
	for _, pair := range [][2]string{
		{"SELECT count() FROM posts", "SELECT sum(posts) FROM community_daily"},
		{"SELECT sum(posts) FROM channel_daily", "SELECT sum(posts) FROM community_daily"},
		{"SELECT sum(posts) FROM hourly", "SELECT sum(posts) FROM community_daily"},
		{"SELECT uniqExactIf(author_id, author_id != '') FROM posts", "SELECT uniqExactArray(author_keys) FROM community_daily"},
		{"SELECT countIf(sentiment = 'positive') FROM posts", "SELECT sum(positive) FROM channel_daily"},
		{"SELECT count() FROM post_topics", "SELECT sum(posts) FROM topic_daily"},
		{"SELECT sum(posts) FROM topic_weekly", "SELECT sum(posts) FROM topic_daily"},
		{"SELECT sum(score_sum) FROM topic_weekly", "SELECT sum(score) FROM post_topics"},
		{"SELECT count() FROM post_intents", "SELECT sum(posts) FROM intent_daily"},
		{"SELECT sum(count) FROM activity WHERE event = 'viewed'", "SELECT sum(viewed) FROM community_daily"},
		{"SELECT sum(viewed) FROM hourly", "SELECT sum(viewed) FROM community_daily"},
	} {
		a, b := db.Query(t, pair[0]), db.Query(t, pair[1])
		if !slices.Equal(a, b) {
			t.Errorf("%s is %v and %s is %v", pair[0], a, pair[1], b)
		}
	}
}
