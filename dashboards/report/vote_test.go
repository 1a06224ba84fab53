package report_test

import (
	"math"
	"strings"
	"testing"

	"voc/dashboards/report"
)

// The ways of counting agree with the table of topics and with each other: no way counts more than there are posts, and
// the weights change nothing about the whole.
func oneVoiceOneVote(t *testing.T, r *report.Report) {
	table := block(t, r, "one-voice").Table
	column := map[string]int{}
	for i, c := range table.Columns {
		column[c.Key] = i
	}
	value := func(row report.Row, key string) float64 {
		v := row.Cells[column[key]].Line[0].Value
		if v == nil {
			t.Fatalf("%s has no value", key)
		}
		return *v
	}
	byTopic := map[string]report.Row{}
	for _, row := range block(t, r, "topic-table").Table.Rows {
		byTopic[lineOf(row.Cells[0].Line)] = row
	}
	last := math.Inf(1)
	for _, row := range table.Rows {
		name, posts := lineOf(row.Cells[0].Line), value(row, "posts")
		if posts > last {
			t.Errorf("%s comes too late", name)
		}
		last = posts
		other, ok := byTopic[name]
		if !ok || *other.Cells[1].Line[0].Value != posts {
			t.Errorf("%s: %v posts here, the table of topics differs", name, posts)
		}
		for _, key := range []string{"unique", "authors", "accounts"} {
			if n := value(row, key); n > posts || n <= 0 {
				t.Errorf("%s: %v %s of %v posts", name, n, key, posts)
			}
		}
		if value(row, "weighted") <= 0 || value(row, "spread") > value(row, "authors")+1e-9 {
			t.Errorf("%s: weighted %v, spread %v", name, value(row, "weighted"), value(row, "spread"))
		}
	}
	if len(table.Rows) < 5 || !strings.Contains(block(t, r, "one-voice").Note, "契約プラン") {
		t.Errorf("%d rows: %s", len(table.Rows), block(t, r, "one-voice").Note)
	}
}
