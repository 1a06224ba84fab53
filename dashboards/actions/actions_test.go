package actions_test

import (
	"strings"
	"testing"
	"time"

	"voc/dashboards/actions"
	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/schema/chtest"
	"voc/schema/decide"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

func load(t *testing.T, db *chtest.DB, last time.Time) map[string]actions.Standing {
	t.Helper()
	list, err := actions.Load(t.Context(), db.As(t, engine.Reader), db.Calendar.Zone(), dashtest.Community, last)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]actions.Standing{}
	for _, s := range list {
		out[s.ID] = s
	}
	if len(out) != len(list) {
		t.Fatalf("%d actions have %d ids", len(list), len(out))
	}
	return out
}

func TestLoad(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	sunday := dashtest.Week().AddDate(0, 0, 6)
	now := load(t, db, sunday)
	before := load(t, db, sunday.AddDate(0, 0, -7))
	if len(now) != 3 {
		t.Fatalf("%d actions", len(now))
	}
	back := now[dashtest.BackAction]
	if back.Status != actions.Back || !back.BackIn.Equal(dashtest.Week()) || back.BeforeWeeks != 5 || back.AfterWeeks != 4 {
		t.Errorf("the action whose voices came back is %+v", back)
	}
	if s := before[dashtest.BackAction]; s.Status != actions.Shipped || s.AfterWeeks != 3 {
		t.Errorf("a week before, it is %+v", s)
	}
	if s := now[dashtest.OpenAction]; s.Status != actions.Open || !s.Overdue || s.Last != nil {
		t.Errorf("the open action is %+v", s)
	}
	if s := now[dashtest.DoneAction]; s.Status != actions.Closed || s.Overdue || s.Listed() {
		t.Errorf("the closed action is %+v", s)
	}
	for id, s := range now {
		var n []query.PostCount
		if err := query.Run(t.Context(), db.Conn, "posts_count", s.Since.Params(), &n); err != nil {
			t.Fatal(err)
		}
		if n[0].Posts != s.Posts || n[0].Authors != s.Authors || s.Posts == 0 {
			t.Errorf("%s has %d voices of %d people, its posts say %+v", id, s.Posts, s.Authors, n)
		}
		if b := before[id]; b.Posts > s.Posts || !b.Since.To.Equal(sunday.AddDate(0, 0, -7)) {
			t.Errorf("%s had %d voices a week before and has %d", id, b.Posts, s.Posts)
		}
	}
	// Who asked, each once, and nobody else's words.
	f, err := actions.Asked(back.Action, dashtest.Community, db.Calendar.Zone(), sunday)
	if err != nil {
		t.Fatal(err)
	}
	var people []query.PostsAuthor
	if err := query.Run(t.Context(), db.Conn, "posts_authors", f.Params(), &people); err != nil {
		t.Fatal(err)
	}
	var want uint64
	if err := db.Conn.QueryRow(t.Context(), `SELECT uniqExact(author_id) FROM posts WHERE community = 'default' AND has(topics, 'pricing/plan')
		AND hasAny(intents, ['request', 'complaint', 'bug', 'churn_risk']) AND NOT hasAny(intents, ['promotion', 'spam']) AND author_role IN ('member', 'leader', 'partner', '')`).Scan(&want); err != nil {
		t.Fatal(err)
	}
	if uint64(len(people)) != want || want < 20 {
		t.Errorf("%d people asked, want %d", len(people), want)
	}
}

// An action that is written down after the days of a report is listed with nothing since.
func TestWrittenDownLater(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	filter, err := actions.NewFilter("search", "")
	if err != nil {
		t.Fatal(err)
	}
	store := decide.New(db.As(t, engine.Decider))
	id, err := store.Add(t.Context(), decide.Action{Community: dashtest.Community, Title: "あとから", Topic: "search", Filter: filter, Owner: "x"}, "y")
	if err != nil {
		t.Fatal(err)
	}
	s := load(t, db, dashtest.Week().AddDate(0, 0, 6))[id]
	if now := time.Now(); now.After(dashtest.Week().AddDate(0, 0, 7)) {
		if s.Status != actions.Open || s.Posts != 0 || !s.Listed() {
			t.Errorf("it is %+v", s)
		}
	}
	s = load(t, db, time.Now().UTC().AddDate(0, 0, 1).Truncate(24*time.Hour))[id]
	if s.BeforeWeeks == 0 || s.Before == 0 {
		t.Errorf("it has no level before: %+v", s)
	}
}

func TestNewFilter(t *testing.T) {
	all := "intent=request&intent=complaint&intent=bug&intent=churn_risk"
	roles := "role=member&role=leader&role=partner&role="
	for _, c := range []struct{ topic, text, want string }{
		{"search", "", all + "&quarantined=no&" + roles + "&topic=search"},
		{"", "/posts?community=shop&from=2026-01-01&to=2026-01-02&text=CSV&intent=request&limit=3", "intent=request&quarantined=no&" + roles + "&text=CSV"},
		{"", "intent=request&text=ある?ない", "intent=request&quarantined=no&" + roles + "&text=%E3%81%82%E3%82%8B%3F%E3%81%AA%E3%81%84"},
		{"search", "topic=other&role=staff", all + "&quarantined=no&role=staff&topic=search"},
	} {
		if got, err := actions.NewFilter(c.topic, c.text); err != nil || got != c.want {
			t.Errorf("%q %q: %q, %v", c.topic, c.text, got, err)
		}
	}
	for text, want := range map[string]string{"": "topic or a query", "author=x": "author", "id=1&topic=search": "id", "colour=red": "colour", "text=%zz": "cannot be read", "thread=1": "thread"} {
		if _, err := actions.NewFilter("", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzNewFilter(f *testing.F) {
	f.Add("search", "intent=request&text=CSV")
	f.Add("", "/posts?topic=a%2Fb&quarantined=yes")
	f.Add("話題", "?hour=3&weekday=9")
	f.Fuzz(func(t *testing.T, topic, text string) {
		kept, err := actions.NewFilter(topic, text)
		if err != nil {
			return
		}
		again, err := actions.NewFilter("", kept)
		if err != nil || again != kept {
			t.Errorf("%q %q gives %q, and that gives %q, %v", topic, text, kept, again, err)
		}
	})
}
