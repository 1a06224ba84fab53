package migrate_test

import (
	"strings"
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/migrate"
	"voc/schema/rollup"
)

// Rows older than the retention go, everywhere at once and whatever their state, those of other days stay, and what is
// left agrees with itself. Changing the retention changes the tables, and doing it twice changes nothing.
func TestRetention(t *testing.T) {
	db := chtest.Open(t)
	cfg := db.Migrate
	up := func(days int) int {
		t.Helper()
		cfg.Retention = migrate.Retention{Posts: days, Surveys: days, Ledger: days}
		plan, err := migrate.Plan(t.Context(), db.Conn, cfg)
		if err != nil {
			t.Fatal(err)
		}
		n, err := migrate.Up(t.Context(), db.Conn, cfg, nil)
		if err != nil || n != len(plan) {
			t.Fatalf("%d steps for %d days, %d were planned: %v", n, days, len(plan), err)
		}
		return n
	}
	if n := up(0); n != 0 {
		t.Errorf("keeping everything took %d steps", n)
	}
	now := time.Now()
	insert := func(id string, at time.Time, deleted bool) {
		day := db.Calendar.Day(at)
		if at.Unix() == 0 {
			day = at
		}
		db.Insert(t,
			&schema.RegistryRow{Community: "default", PostID: id, PostedAt: at},
			&schema.PostRow{Community: "default", Day: day, PostID: id, SourceVersion: 1, PostedAt: at, OccurredAt: at, Body: id, Deleted: deleted, AuthorID: "a"},
			&schema.TagHistoryRow{Community: "default", Day: day, PostID: id},
			&schema.DecisionRow{Community: "default", Day: day, PostID: id, Number: 1, Verdict: "spam", DecidedAt: now},
			&schema.ActivityRow{Community: "default", Day: day, EventID: id, Event: "viewed", OccurredAt: at, Count: 1},
			&schema.SurveyRow{Community: "default", Day: day, ResponseID: id, AnsweredAt: at},
			&schema.OutcomeRow{KafkaTopic: id, RecordTime: at, Outcome: schema.OutcomeStored},
			&schema.Window{Community: "default", Day: day})
	}
	insert("old", now.AddDate(0, 0, -40), false)
	insert("old and deleted", now.AddDate(0, 0, -41), true)
	insert("young", now.AddDate(0, 0, -20), false)
	insert("early deletion", time.Unix(0, 0).UTC(), true)
	r, err := rollup.New(db.As(t, engine.Writer), rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := up(30); n != 31 {
		t.Errorf("30 days took %d steps, want one a table", n)
	}
	if n := up(30); n != 0 {
		t.Errorf("a second time, 30 days took %d steps", n)
	}
	ids := map[string]string{
		"post_facts": "post_id", "post_tag_history": "post_id", "post_decision_facts": "post_id", "post_registry": "post_id", "activity_facts": "event_id", "survey_facts": "response_id", "record_outcomes": "kafka_topic",
	}
	for table, id := range ids {
		db.Exec(t, "OPTIMIZE TABLE "+table+" FINAL")
		want := "('early deletion') ('young')"
		if got := strings.Join(db.Query(t, "SELECT toString("+id+") FROM "+table+" ORDER BY 1"), " "); got != want {
			t.Errorf("%s holds %s, want %s", table, got, want)
		}
	}
	for _, table := range []string{"day_windows", "window_marks"} {
		db.Exec(t, "OPTIMIZE TABLE "+table+" FINAL")
		if got := db.Query(t, "SELECT uniqExact(day), min(day) > today() - 30 FROM "+table+" WHERE day > toDate(0)"); got[0] != "(1,1)" {
			t.Errorf("%s holds %v", table, got)
		}
	}
	if stats, err := r.RunOnce(t.Context()); err != nil || stats.Dirty != 0 {
		t.Errorf("afterwards, %d days are dirty: %v", stats.Dirty, err)
	}
	if found, err := r.Audit(t.Context(), now.AddDate(-1, 0, 0), now, false); err != nil || len(found) > 0 {
		t.Errorf("afterwards, days differ from their facts: %v, %v", found, err)
	}
	if n := up(60); n != 31 {
		t.Errorf("60 days took %d steps", n)
	}
	if n := up(0); n != 31 {
		t.Errorf("keeping everything again took %d steps", n)
	}
	if n := up(0); n != 0 {
		t.Errorf("a second time, keeping everything took %d steps", n)
	}
	for want, bad := range map[string]migrate.Retention{"posts_days": {Posts: -1}, "surveys_days": {Surveys: 1 << 20}, "ledger_days": {Ledger: -5}} {
		if err := bad.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want one that names %s", err, want)
		}
	}
}
