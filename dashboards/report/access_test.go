package report_test

import (
	"bytes"
	"testing"

	"voc/dashboards/dashtest"
	"voc/dashboards/report"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

// A reader who may see one community only gets the same report about it, and nothing about another one.
func TestReaderOfOneCommunity(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 4)
	everything := build(t, db, options())
	bound := db.As(t, chtest.BoundDefault)
	own, err := report.Build(t.Context(), bound, options())
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range formats() {
		if !bytes.Equal(render(t, own, format), render(t, everything, format)) {
			t.Errorf("%s differs", format)
		}
	}
	opt := options()
	opt.Community = dashtest.Other
	other, err := report.Build(t.Context(), bound, opt)
	if err != nil {
		t.Fatal(err)
	}
	full, err := report.Build(t.Context(), db.As(t, engine.Reader), opt)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(render(t, other, "json"), render(t, full, "json")) {
		t.Error("the reader of one community gets the report of another one")
	}
	for _, query := range []string{"SELECT post_id FROM posts", "SELECT post_id FROM post_evidence", "SELECT toString(posts) FROM community_daily"} {
		query += " WHERE community = '" + dashtest.Other + "'"
		if all, err := chtest.Lines(t.Context(), db.As(t, engine.Reader), query); err != nil || len(all) == 0 {
			t.Errorf("%s: %v, %d rows; the test proves nothing", query, err, len(all))
		}
		if seen, err := chtest.Lines(t.Context(), bound, query); err != nil || len(seen) > 0 {
			t.Errorf("%s: %v, %d rows, want none", query, err, len(seen))
		}
	}
}

// On a cluster of two shards the report is the same.
func TestReportOfACluster(t *testing.T) {
	one, cluster := chtest.Open(t), chtest.OpenCluster(t)
	dashtest.Fill(t, one, 4)
	writer := cluster.As(t, engine.Writer)
	rows, _ := dashtest.Rows(4, one.Calendar)
	if err := schema.Insert(t.Context(), writer, rows...); err != nil {
		t.Fatal(err)
	}
	agg, err := rollup.New(writer, rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := agg.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	sharded, err := report.Build(t.Context(), cluster.As(t, engine.Reader), options())
	if err != nil {
		t.Fatal(err)
	}
	whole := build(t, one, options())
	for _, format := range formats() {
		if !bytes.Equal(render(t, sharded, format), render(t, whole, format)) {
			t.Errorf("%s differs", format)
		}
	}
}
