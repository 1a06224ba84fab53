package schema_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/migrate"
	"voc/schema/rollup"
)

func TestCalendar(t *testing.T) {
	tokyo, err := schema.NewCalendar("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ at, day, week, iso string }{
		{"2026-01-04T15:30:00Z", "2026-01-05", "2026-01-05", "2026-W02"},
		{"2026-01-04T14:59:59Z", "2026-01-04", "2025-12-29", "2026-W01"},
		{"2026-01-05T00:30:00+09:00", "2026-01-05", "2026-01-05", "2026-W02"},
		{"2025-12-28T23:59:59+09:00", "2025-12-28", "2025-12-22", "2025-W52"},
		{"2026-12-31T12:00:00+09:00", "2026-12-31", "2026-12-28", "2026-W53"},
		{"2027-01-03T23:00:00+09:00", "2027-01-03", "2026-12-28", "2026-W53"},
	} {
		at, err := time.Parse(time.RFC3339, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := tokyo.Day(at).Format(time.DateOnly); got != tc.day {
			t.Errorf("day of %s is %s, want %s", tc.at, got, tc.day)
		}
		if got := tokyo.Week(at).Format(time.DateOnly); got != tc.week {
			t.Errorf("week of %s is %s, want %s", tc.at, got, tc.week)
		}
		if got := tokyo.ISOWeek(at); got != tc.iso {
			t.Errorf("ISO week of %s is %s, want %s", tc.at, got, tc.iso)
		}
	}
	for _, zone := range []string{"", "Local", "JST-9", "Asia/Edo"} {
		if _, err := schema.NewCalendar(zone); err == nil {
			t.Errorf("zone %q was taken", zone)
		}
	}
}

// lateEvening inserts one post written at 15:30 UTC on Sunday the 4th, which in Tokyo is 00:30 on Monday the 5th, and
// everything else that has a time, and rolls it up.
func lateEvening(t *testing.T, db *chtest.DB) {
	t.Helper()
	at := time.Date(2026, 1, 4, 15, 30, 0, 0, time.UTC)
	day := db.Calendar.Day(at)
	db.Insert(t,
		&schema.PostRow{
			Community: "c", Day: day, PostID: "1", PostedAt: at, OccurredAt: at, Event: "created", Source: "s", Sentiment: "positive", Score: 1,
			Topics: schema.PostTopics{ID: []string{"pricing/plan"}, Sentiment: []string{"positive"}, Score: []float32{1}},
			Title:  "題😀名", Body: "値段が高い😀けど好き",
			Evidence: schema.PostEvidence{
				Kind: []string{"topic", "topic"}, Tag: []string{"pricing/plan", "pricing/plan"}, Field: []string{"body", "title"},
				Start: []uint32{0, 1}, End: []uint32{6, 2}, Rule: []string{"r1", "r2"},
			},
			Signals: schema.PostSignals{Kind: []string{"emotion"}, Value: []string{"joy"}},
			Intents: []string{"praise"}, KafkaTopic: "voc.posts",
		},
		&schema.ActivityRow{Community: "c", Day: day, EventID: "e", Event: "viewed", OccurredAt: at, Count: 3},
		&schema.SurveyRow{Community: "c", Day: day, ResponseID: "r", Metric: "nps", Score: 9, AnsweredAt: at},
		&schema.AccountRow{AccountID: "a", ValidFrom: at},
		&schema.OutcomeRow{KafkaTopic: "voc.posts", RecordTime: at, Outcome: schema.OutcomeStored, Community: "c", PostID: "1"},
		&schema.DeadLetterRow{KafkaTopic: "voc.posts", RecordTime: at},
		&schema.Window{Community: "c", Day: day},
	)
	r, err := rollup.New(db.Conn, rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
}

var timeQueries = []struct {
	query string
	want  string // in Tokyo
}{
	{"SELECT day, week, posted_at, occurred_at FROM posts", "('2026-01-05','2026-01-05','2026-01-05 00:30:00.000','2026-01-05 00:30:00.000')"},
	{"SELECT day, week, topic, posted_at FROM post_topics WHERE NOT inherited", "('2026-01-05','2026-01-05','pricing/plan','2026-01-05 00:30:00.000')"},
	{"SELECT day, week FROM post_intents", "('2026-01-05','2026-01-05')"},
	{"SELECT day, week FROM post_signals", "('2026-01-05','2026-01-05')"},
	{"SELECT day, groupArray(text) FROM (SELECT * FROM post_evidence ORDER BY rule) GROUP BY day", "('2026-01-05',['値段が高い😀','😀'])"},
	{"SELECT day, week, sum(posts) FROM topic_daily WHERE level = 1 GROUP BY ALL", "('2026-01-05','2026-01-05',1)"},
	{"SELECT week, iso_week, posts FROM topic_weekly WHERE level = 2", "('2026-01-05','2026-W02',1)"},
	{"SELECT day, week FROM intent_daily", "('2026-01-05','2026-01-05')"},
	{"SELECT day, week FROM channel_daily", "('2026-01-05','2026-01-05')"},
	{"SELECT day, week, posts, viewed FROM community_daily", "('2026-01-05','2026-01-05',1,3)"},
	{"SELECT day, weekday, hour, sum(posts), sum(viewed) FROM hourly GROUP BY ALL", "('2026-01-05',1,0,1,3)"},
	{"SELECT day, week, occurred_at FROM activity", "('2026-01-05','2026-01-05','2026-01-05 00:30:00.000')"},
	{"SELECT day, week, answered_at, category, post_id FROM surveys", "('2026-01-05','2026-01-05','2026-01-05 00:30:00.000','promoter','survey/r')"},
	{"SELECT valid_from FROM accounts", "('2026-01-05 00:30:00.000')"},
	{"SELECT valid_from, valid_to FROM account_history", "('2026-01-05 00:30:00.000','2299-12-31 00:00:00.000')"},
	{"SELECT day, read, stored FROM ledger", "('2026-01-05',1,1)"},
	{"SELECT record_time FROM dead_letters", "('2026-01-05 00:30:00.000')"},
}

// A post of Sunday evening in UTC is one of Monday in Tokyo, in every view.
func TestDaysAreThoseOfTheCalendar(t *testing.T) {
	db := chtest.Open(t)
	lateEvening(t, db)
	for _, q := range timeQueries {
		if got := db.Query(t, q.query); len(got) != 1 || got[0] != q.want {
			t.Errorf("%s: got %v, want %s", q.query, got, q.want)
		}
	}
	paris := chtest.Open(t, chtest.Zone("Europe/Paris"))
	lateEvening(t, paris)
	if got := paris.Query(t, "SELECT p.day, p.week, p.posted_at, w.iso_week, h.hour FROM posts AS p, topic_weekly AS w, hourly AS h WHERE w.level = 1 AND h.posts = 1"); !slices.Equal(got,
		[]string{"('2026-01-04','2025-12-29','2026-01-04 16:30:00.000','2026-W01',16)"}) {
		t.Errorf("in Paris: %v", got)
	}
}

// The zone of the server changes nothing that is printed.
func TestServerZoneChangesNothing(t *testing.T) {
	srv, err := engine.Start(t.Context(), engine.Config{
		Dir: t.TempDir(), Timezone: "America/New_York", Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := srv.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	admin, _, err := migrate.Open(srv.DSN(engine.Admin))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := migrate.Up(t.Context(), admin, migrate.Config{}, nil); err != nil {
		t.Fatal(err)
	}
	calendar, err := schema.NewCalendar(schema.DefaultZone)
	if err != nil {
		t.Fatal(err)
	}
	db := &chtest.DB{Conn: chtest.Connect(t, srv.DSN(engine.Admin)), Calendar: calendar}
	lateEvening(t, db)
	if zone := db.Query(t, "SELECT serverTimezone()"); !strings.Contains(zone[0], "New_York") {
		t.Fatalf("the server's zone is %v", zone)
	}
	for _, q := range timeQueries {
		if got := db.Query(t, q.query); len(got) != 1 || got[0] != q.want {
			t.Errorf("%s: got %v, want %s", q.query, got, q.want)
		}
	}
}
