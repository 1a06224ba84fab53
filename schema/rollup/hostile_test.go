package rollup_test

import (
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/rollup"
)

// The names of communities come from events and are spelled out in the statements that count: whatever they hold, each
// community is counted by itself, and the audit agrees.
func TestAnyNameOfACommunity(t *testing.T) {
	db := chtest.Open(t)
	names := []string{
		`'`, `"`, "`", `\`, `\\`, `\'`, `'; DROP TABLE post_facts; --`, `') OR 1=1 --`, "{day:Date}", "/*", "--", "a\tb\nc", "日本語", "?", "$1", "@day_windows", `'), (select 1`, "%",
	}
	var rows []schema.Row
	for i, name := range names {
		for n := range i + 1 {
			p := post(db, string(rune('a'+n)), 1, "2026-01-05T09:00:00+09:00", func(p *schema.PostRow) { p.Community = name })
			rows = append(rows, p, windowOf(p))
		}
	}
	db.Insert(t, rows...)
	r := newRollup(t, db, rollup.Config{})
	run(t, r)
	for i, name := range names {
		var n uint64
		if err := db.Conn.QueryRow(t.Context(), "SELECT sum(posts) FROM community_daily WHERE community = ?", name).Scan(&n); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if n != uint64(i+1) {
			t.Errorf("%q has %d posts in the numbers, want %d", name, n, i+1)
		}
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if found, err := r.Audit(t.Context(), from, from.AddDate(0, 0, 10), false); err != nil || len(found) > 0 {
		t.Errorf("the audit finds %v (%v)", found, err)
	}
}
