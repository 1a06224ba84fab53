package query_test

import (
	"reflect"
	"testing"
	"time"

	"voc/dashboards/query"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

// While all that a question looks at stands ready, it is asked of that alone, and otherwise of the views that count the
// rest. The view that counts is taken away, so that whoever asks it fails.
func TestWhatStandsReadyIsAskedAlone(t *testing.T) {
	db := chtest.Open(t)
	reader := db.As(t, engine.Reader)
	r, err := rollup.New(db.As(t, engine.Writer), rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	write := func(id, day string) {
		t.Helper()
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		db.Insert(t, &schema.PostRow{Community: "shop", Day: at, PostID: id, PostedAt: at.Add(3 * time.Hour), Event: "created", KafkaTopic: "voc.posts", KafkaOffset: 1}, &schema.Window{Community: "shop", Day: at})
		if _, err := r.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(week string) (query.Table, error) {
		return query.RunTable(t.Context(), reader, "overview_weeks", query.Params{"community": "shop", "week": week, "weeks": 0})
	}
	write("1", "2026-01-06")
	write("2", "2026-01-14")
	before, err := ask("2026-01-12")
	if err != nil || len(before.Rows) == 0 {
		t.Fatalf("before anything stands ready there are %d rows: %v", len(before.Rows), err)
	}
	db.Exec(t, "RENAME TABLE community_weekly TO counting")
	if _, err := ask("2026-01-12"); err == nil {
		t.Error("a week that does not stand ready is not counted")
	}
	db.Exec(t, "RENAME TABLE counting TO community_weekly")
	if _, err := r.CountWeeks(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if err := r.PublishWeeks(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	db.Exec(t, "RENAME TABLE community_weekly TO counting")
	if now, err := ask("2026-01-12"); err != nil || !reflect.DeepEqual(now, before) {
		t.Errorf("what stands ready says %v, and %v before: %v", now, before, err)
	}
	write("3", "2026-01-15")
	if _, err := ask("2026-01-12"); err == nil {
		t.Error("a week that changed is not counted")
	}
	if _, err := ask("2026-01-05"); err != nil {
		t.Errorf("the week before the one that changed: %v", err)
	}
}
