package decide_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/decide"
	"voc/schema/engine"
	"voc/schema/rollup"
)

func TestMain(m *testing.M) { chtest.Main(m) }

var noon = time.Date(2026, 11, 10, 3, 0, 0, 0, time.UTC)

func post(id string, intents ...string) *schema.PostRow {
	return &schema.PostRow{
		Community: "shop", Day: time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC), PostID: id, SourceVersion: 1, PostedAt: noon, OccurredAt: noon, Event: "created", Source: "community",
		AuthorID: "author of " + id, AuthorRole: "member", Body: id, Sentiment: "neutral", Intents: intents,
		Topics:           schema.PostTopics{ID: []string{"pricing"}, Sentiment: []string{"neutral"}, Score: []float32{0}},
		Evidence:         schema.PostEvidence{Kind: []string{"intent"}, Tag: []string{append(intents, "none")[0]}, Field: []string{"body"}, Start: []uint32{0}, End: []uint32{1}, Rule: []string{"r"}},
		AnalyzerRevision: 1, KafkaTopic: "voc.posts", KafkaOffset: 1,
	}
}

func window() *schema.Window { return &schema.Window{Community: "shop", Day: post("").Day} }

func count(t *testing.T, db *chtest.DB) {
	t.Helper()
	r, err := rollup.New(db.Conn, rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := r.Audit(t.Context(), noon.AddDate(0, 0, -9), noon.AddDate(0, 0, 9), false)
	if err != nil || len(found) > 0 {
		t.Fatalf("the numbers are not those of the posts: %v %v", found, err)
	}
}

// intents counts the posts of every intent in every view that says so, which must agree.
func intents(t *testing.T, db *chtest.DB) string {
	t.Helper()
	var first string
	for i, q := range []string{
		"SELECT toString(intent) AS i, toUInt64(sum(posts)) AS n FROM intent_daily GROUP BY i ORDER BY i",
		"SELECT toString(intent) AS i, count() AS n FROM post_intents GROUP BY i ORDER BY i",
		"SELECT toString(intent) AS i, count() AS n FROM posts ARRAY JOIN arrayDistinct(intents) AS intent GROUP BY i ORDER BY i",
		"SELECT toString(intent) AS i, count() AS n FROM posts_deduplicated ARRAY JOIN arrayDistinct(intents) AS intent GROUP BY i ORDER BY i",
	} {
		got := strings.Join(db.Query(t, q), " ")
		if i == 0 {
			first = got
		} else if got != first {
			t.Errorf("the views differ:\n%s\n%s", first, got)
		}
	}
	return first
}

var boss = decide.Who{By: "佐藤", Reason: "自社の紹介ではない"}

// A decision changes the tags of its post and nothing else, in every view and in the numbers of its day, and neither an
// edit nor another analyzer nor a replay undoes it.
func TestRelease(t *testing.T) {
	db := chtest.Open(t)
	rows := []schema.Row{post("pitch", "promotion", "praise"), post("other", "promotion"), post("plain", "request"), window()}
	elsewhere := post("pitch", "promotion")
	elsewhere.Community = "forum"
	db.Insert(t, append(rows, elsewhere, &schema.Window{Community: "forum", Day: elsewhere.Day})...)
	count(t, db)
	before := db.Query(t, "SELECT * EXCEPT (calculated_at) FROM community_daily ORDER BY ALL")
	if got := intents(t, db); got != "('praise',1) ('promotion',3) ('request',1)" {
		t.Fatal(got)
	}
	store := decide.New(db.As(t, engine.Decider))
	r, err := store.Release(t.Context(), "shop", "pitch", boss)
	if err != nil || !r.Written || r.Post.Last.DecidedBy != "佐藤" || !slices.Equal(r.Post.Tagged, []string{"promotion"}) {
		t.Fatalf("%+v %v", r, err)
	}
	released := "('praise',1) ('promotion',2) ('request',1)"
	check := func(what, want string) {
		t.Helper()
		count(t, db)
		if got := intents(t, db); got != want {
			t.Errorf("after %s: %s, want %s", what, got, want)
		}
	}
	check("the release", released)
	if after := db.Query(t, "SELECT * EXCEPT (calculated_at) FROM community_daily ORDER BY ALL"); !slices.Equal(before, after) {
		t.Errorf("a release changes how many posts there are:\n%v\n%v", before, after)
	}
	if got := db.Query(t, "SELECT post_id, tag FROM post_evidence WHERE community = 'shop' ORDER BY ALL"); fmt.Sprint(got) != "[('other','promotion') ('plain','request')]" {
		t.Errorf("the evidence is %v", got)
	}
	if r, err = store.Release(t.Context(), "", "other", boss); err != nil || !r.Written {
		t.Fatal(r, err)
	}
	if r, err = store.Release(t.Context(), "shop", "pitch", decide.Who{By: "another"}); err != nil || r.Written || r.Post.Last.DecidedBy != "佐藤" {
		t.Errorf("a second release: %+v %v", r, err)
	}
	both := "('praise',1) ('promotion',1) ('request',1)"
	check("the second one", both)

	edit := post("pitch", "promotion", "praise")
	edit.SourceVersion, edit.KafkaOffset, edit.Event, edit.Body = 2, 7, "edited", "pitch, edited"
	db.Insert(t, edit, window())
	check("an edit", both)
	tagged := *edit
	tagged.AnalyzerRevision, tagged.Intents = 2, []string{"promotion", "praise", "tip"}
	db.Insert(t, &tagged, window())
	check("another analyzer", "('praise',1) ('promotion',1) ('request',1) ('tip',1)")
	db.Insert(t, rows...)
	check("a replay", "('praise',1) ('promotion',1) ('request',1) ('tip',1)")
	db.Exec(t, "OPTIMIZE TABLE post_facts FINAL", "OPTIMIZE TABLE post_decision_facts FINAL")
	check("merging", "('praise',1) ('promotion',1) ('request',1) ('tip',1)")

	// And back again: what is set aside by hand stays so, whatever the analyzer says.
	if r, err = store.SetAside(t.Context(), "shop", "pitch", "spam", boss); err != nil || !r.Written || r.Post.Last.Number != 2 {
		t.Fatalf("%+v %v", r, err)
	}
	check("setting it aside", "('praise',1) ('promotion',1) ('request',1) ('spam',1) ('tip',1)")
	if r, err = store.SetAside(t.Context(), "shop", "pitch", "", boss); err != nil || r.Written || r.Post.Last.Verdict != "spam" {
		t.Fatalf("a post that is set aside as spam: %+v %v", r, err)
	}
	if r, err = store.SetAside(t.Context(), "shop", "plain", "", boss); err != nil || !r.Written || r.Post.Last.Verdict != "promotion" {
		t.Fatalf("%+v %v", r, err)
	}
	check("setting a plain one aside", "('praise',1) ('promotion',2) ('request',1) ('spam',1) ('tip',1)")
	got := db.Query(t, "SELECT post_id, number, current, verdict, decided_by, tagged, version FROM post_decisions ORDER BY ALL")
	want := []string{
		"('other',1,true,'released','佐藤',['promotion'],1)", "('pitch',1,false,'released','佐藤',['promotion'],1)", "('pitch',2,true,'spam','佐藤',['promotion'],2)",
		"('plain',1,true,'promotion','佐藤',[],1)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the decisions are\n%s", strings.Join(got, "\n"))
	}
}

func TestDecisionsThatCannotBe(t *testing.T) {
	db := chtest.Open(t)
	twin := post("twin", "promotion")
	twin.Community = "forum"
	gone := post("gone", "promotion")
	gone.Deleted = true
	db.Insert(t, post("twin", "promotion"), twin, post("plain", "request"), gone)
	store := decide.New(db.As(t, engine.Decider))
	for _, c := range []struct {
		community, id string
		who           decide.Who
		want          error
		text          string
	}{
		{"", "nobody", boss, decide.ErrUnknown, "nobody"}, {"forum", "plain", boss, decide.ErrUnknown, "forum"}, {"", "gone", boss, decide.ErrUnknown, "gone"},
		{"", "twin", boss, decide.ErrAmbiguous, "forum, shop"}, {"", "plain", boss, decide.ErrNotSetAside, "plain"}, {"shop", "twin", decide.Who{By: " "}, nil, "name"},
	} {
		_, err := store.Release(t.Context(), c.community, c.id, c.who)
		if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("release %q %q: %v", c.community, c.id, err)
		}
	}
	if _, err := store.SetAside(t.Context(), "shop", "plain", "boring", boss); err == nil || !strings.Contains(err.Error(), "promotion or spam") {
		t.Error(err)
	}
	if r, err := store.SetAside(t.Context(), "shop", "twin", "", boss); err != nil || r.Written {
		t.Errorf("what the analyzer set aside already: %+v %v", r, err)
	}
	if n := len(db.Query(t, "SELECT * FROM post_decisions")); n != 0 {
		t.Errorf("%d decisions were written", n)
	}
}

// A crash after the decision leaves its day as it was; the same command again makes up for it.
func TestReleaseAgainMarksTheDay(t *testing.T) {
	db := chtest.Open(t)
	db.Insert(t, post("pitch", "promotion"), window())
	count(t, db)
	db.Insert(t, &schema.DecisionRow{Community: "shop", Day: window().Day, PostID: "pitch", Number: 1, DecisionID: "x", Verdict: schema.Released, DecidedAt: noon, DecidedBy: "a", Tagged: []string{"promotion"}})
	r, err := rollup.New(db.Conn, rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.Dirty(t.Context()); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	if res, err := decide.New(db.Conn).Release(t.Context(), "", "pitch", boss); err != nil || res.Written {
		t.Fatal(res, err)
	}
	if n, err := r.Dirty(t.Context()); err != nil || n != 1 {
		t.Errorf("%d windows are dirty, want 1 (%v)", n, err)
	}
	count(t, db)
}

// Two people who decide at the same moment: both decisions are kept, and every reader takes the same one.
func TestTwoDecideAtOnce(t *testing.T) {
	db := chtest.Open(t)
	db.Insert(t, post("pitch", "promotion"), window())
	for i, verdict := range []string{schema.Released, "spam"} {
		db.Insert(t, &schema.DecisionRow{Community: "shop", Day: window().Day, PostID: "pitch", Number: 1, DecisionID: fmt.Sprint(i), Verdict: verdict, DecidedAt: noon, DecidedBy: "a", Tagged: []string{}})
	}
	count(t, db)
	if got := intents(t, db); got != "('spam',1)" {
		t.Error(got)
	}
	if got := db.Query(t, "SELECT verdict, current FROM post_decisions ORDER BY ALL"); fmt.Sprint(got) != "[('released',false) ('spam',true)]" {
		t.Error(got)
	}
}

func TestActions(t *testing.T) {
	db := chtest.Open(t)
	store := decide.New(db.As(t, engine.Decider))
	a := decide.Action{Community: "shop", Title: "一括登録を作る", Topic: "feature", Filter: "topic=feature&intent=request", Owner: "開発 高橋", Due: noon.AddDate(0, 1, 0).Truncate(24 * time.Hour)}
	id, err := store.Add(t.Context(), a, "佐藤")
	if err != nil {
		t.Fatal(err)
	}
	take := func(event, release string, want bool, at time.Time) error {
		t.Helper()
		_, written, err := store.Take(t.Context(), "", id, decide.Step{Event: event, Release: release, Note: event + " note", At: at}, "鈴木")
		if written != want {
			t.Errorf("%s %s: written is %t", event, release, written)
		}
		return err
	}
	state := func(want string) {
		t.Helper()
		got := db.Query(t, "SELECT title, topic, filter, owner, due, state, release, isNull(shipped_at), added_by, note, events FROM actions")
		if len(got) != 1 || got[0] != want {
			t.Errorf("the action is\n%v, want\n%s", got, want)
		}
	}
	head := "('一括登録を作る','feature','topic=feature&intent=request','開発 高橋','2026-12-10'," // day of Due
	state(head + "'open','',1,'佐藤','',1)")
	if err := take(decide.Reopened, "", false, time.Time{}); !errors.Is(err, decide.ErrState) {
		t.Errorf("an open action is reopened: %v", err)
	}
	if err := take(decide.Shipped, "2.4", false, time.Now().Add(time.Hour)); err == nil || !strings.Contains(err.Error(), "future") {
		t.Errorf("shipped in the future: %v", err)
	}
	if err := take(decide.Shipped, "2.4", true, noon); err != nil {
		t.Fatal(err)
	}
	if err := take(decide.Shipped, "2.4", false, time.Time{}); err != nil {
		t.Fatal(err)
	}
	state(head + "'shipped','2.4',0,'佐藤','shipped note',2)")
	for _, s := range []struct{ event, release string }{{decide.Shipped, "2.5"}, {decide.Reopened, ""}, {decide.Closed, ""}, {decide.Reopened, ""}} {
		if err := take(s.event, s.release, true, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	state(head + "'reopened','2.5',0,'佐藤','reopened note',6)")
	if got := db.Query(t, "SELECT number, event, made_by FROM action_events ORDER BY number"); len(got) != 6 || got[0] != "(1,'added','佐藤')" || got[5] != "(6,'reopened','鈴木')" {
		t.Error(got)
	}
	if _, _, err := store.Take(t.Context(), "", "a-none", decide.Step{Event: decide.Closed}, "x"); !errors.Is(err, decide.ErrUnknown) {
		t.Error(err)
	}
	if _, err := store.Add(t.Context(), decide.Action{}, ""); err == nil || strings.Count(err.Error(), "needs a") != 5 {
		t.Error(err)
	}
}

// On a sharded database a decision is written through the Distributed tables and takes effect on every shard.
func TestReleaseOnShards(t *testing.T) {
	cluster := chtest.OpenCluster(t)
	var rows []schema.Row
	for i := range 20 {
		rows = append(rows, post(fmt.Sprint("pitch-", i), "promotion"))
	}
	writer := cluster.As(t, engine.Writer)
	if err := schema.Insert(t.Context(), writer, append(rows, window())...); err != nil {
		t.Fatal(err)
	}
	store := decide.New(cluster.As(t, engine.Decider))
	for i := range 10 {
		if r, err := store.Release(t.Context(), "", fmt.Sprint("pitch-", i), boss); err != nil || !r.Written {
			t.Fatalf("%+v %v", r, err)
		}
	}
	if r, err := store.Release(t.Context(), "", "pitch-3", boss); err != nil || r.Written {
		t.Errorf("a second time: %+v %v", r, err)
	}
	r, err := rollup.New(writer, rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := chtest.Lines(t.Context(), cluster.As(t, engine.Reader), `SELECT (SELECT count() FROM posts) AS a, (SELECT count() FROM post_intents) AS b, (SELECT sum(posts) FROM intent_daily) AS c,
		(SELECT countIf(current) FROM post_decisions) AS d, (SELECT count() FROM post_evidence) AS e`)
	if err != nil || fmt.Sprint(got) != "[(20,10,10,10,10)]" {
		t.Errorf("%v %v", got, err)
	}
	for i := range 2 {
		if lines, err := chtest.Lines(t.Context(), cluster.Shard(t, i), "SELECT count() > 0 FROM post_decision_facts_local"); err != nil || lines[0] != "(1)" {
			t.Errorf("shard %d holds no decision: %v %v", i+1, lines, err)
		}
	}
}
