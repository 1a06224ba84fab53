package query_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"voc/dashboards/board"
	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/decide"
	"voc/schema/engine"
)

// Every entry of the board, as a whole and for each role of authors, has the numbers of the posts that it opens.
func boardOpensItsPosts(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	week := dashtest.Week()
	entries := board.Entries(rows[query.BoardCell](t, db, "role_board", query.Params{"community": dashtest.Community, "week": week}))
	if len(entries) != 11 {
		t.Fatalf("the board has %d entries", len(entries))
	}
	check := func(e *board.Entry, want board.Counts, from, to time.Time, roles ...string) {
		t.Helper()
		f := query.Filter{Community: dashtest.Community, From: from, To: to}
		e.Narrow(&f, roles...)
		got := one[query.PostCount](t, db, "posts_count", f.Params())
		if (board.Counts{Posts: got.Posts, Positive: got.Positive, Negative: got.Negative, Neutral: got.Neutral, Mixed: got.Mixed}) != want {
			t.Errorf("%s %s %v is %+v, its posts are %+v", e.Kind, e.ID, roles, want, got)
		}
	}
	filled := 0
	for i := range entries {
		e := &entries[i]
		check(e, e.Counts, week, week.AddDate(0, 0, 6))
		var sum uint64
		for _, p := range e.Parts {
			check(e, p.Counts, week, week.AddDate(0, 0, 6), p.Role)
			sum += p.Counts.Posts
		}
		if sum != e.Counts.Posts {
			t.Errorf("%s has %d posts, its roles have %d", e.ID, e.Counts.Posts, sum)
		}
		f := query.Filter{Community: dashtest.Community, From: week.AddDate(0, 0, -56), To: week.AddDate(0, 0, -1)}
		e.Narrow(&f)
		if n := one[query.PostCount](t, db, "posts_count", f.Params()).Posts; n != e.Before {
			t.Errorf("%s had %d posts before, the board says %d", e.ID, n, e.Before)
		}
		if e.Counts.Posts > 0 {
			filled++
		}
	}
	if filled < 8 {
		t.Errorf("only %d entries have posts; the test proves little", filled)
	}
	// All posts are those that are not set aside.
	everything := query.Filter{Community: dashtest.Community, From: week, To: week.AddDate(0, 0, 6)}
	aside := everything
	aside.Quarantined = "yes"
	all, set := one[query.PostCount](t, db, "posts_count", everything.Params()).Posts, one[query.PostCount](t, db, "posts_count", aside.Params()).Posts
	if entries[0].Kind != board.All || entries[0].Counts.Posts != all-set || set == 0 {
		t.Errorf("the board has %d posts; %d were written and %d set aside", entries[0].Counts.Posts, all, set)
	}
}

// The weeks and the people of a filter add up to its posts, each person once.
func weeksAndPeopleOfAFilter(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	f := query.Filter{
		Community: dashtest.Community, From: dashtest.Week().AddDate(0, 0, -56), To: dashtest.Week().AddDate(0, 0, 6), Topic: []string{"search", dashtest.FlareTopic},
		Intent: []string{"request", "complaint"}, Role: []string{"member", "leader"}, Quarantined: "no",
	}
	total := one[query.PostCount](t, db, "posts_count", f.Params())
	var posts uint64
	for _, w := range rows[query.PostsWeek](t, db, "posts_weeks", f.Params()) {
		g := f
		g.From, g.To = w.Week, w.Week.AddDate(0, 0, 6)
		if n := one[query.PostCount](t, db, "posts_count", g.Params()); n.Posts != w.Posts || n.Authors != w.Authors || w.SumSquares < w.Posts {
			t.Errorf("the week of %s says %+v, its posts %+v", w.Week.Format(time.DateOnly), w, n)
		}
		posts += w.Posts
	}
	seen := map[string]bool{}
	var theirs uint64
	for _, p := range rows[query.PostsAuthor](t, db, "posts_authors", f.Params()) {
		if seen[p.AuthorID] || p.AuthorID == "" {
			t.Errorf("%q is listed twice or unknown", p.AuthorID)
		}
		seen[p.AuthorID] = true
		theirs += p.Posts
	}
	if posts != total.Posts || uint64(len(seen)) != total.Authors || theirs != total.Posts || total.Posts < 20 {
		t.Errorf("%d posts by %d authors; the weeks have %d, %d people have %d", total.Posts, total.Authors, posts, len(seen), theirs)
	}
}

func decisionsAreListed(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	list := rows[query.Decision](t, db, "decisions", query.Params{"community": dashtest.Community})
	var got []string
	for _, d := range list {
		got = append(got, d.Verdict)
		if d.Gone == 1 || d.Edited == 1 || d.Body == "" {
			t.Errorf("the post of %+v is there and was not edited", d)
		}
		f := query.Filter{Community: dashtest.Community, From: d.Day, To: d.Day, ID: []string{d.PostID}, Quarantined: "yes"}
		if n := one[query.PostCount](t, db, "posts_count", f.Params()).Posts; (n == 1) != (d.Verdict != schema.Released) {
			t.Errorf("%s is %s, and %d such posts are set aside", d.PostID, d.Verdict, n)
		}
	}
	slices.Sort(got)
	if fmt.Sprint(got) != "[released spam]" {
		t.Errorf("the decisions are %v", got)
	}
}

// The totals before and after a release differ by exactly that post, in every query that leaves out what is set aside.
func TestReleaseMovesOnePost(t *testing.T) {
	db := chtest.Open(t)
	truths := dashtest.Fill(t, db, 1)
	week := query.Params{"community": dashtest.Community, "week": dashtest.Week()}
	span := query.Params{"community": dashtest.Community, "from": dashtest.Week(), "to": dashtest.Week().AddDate(0, 0, 6)}
	ids := db.Strings(t, "SELECT post_id FROM posts WHERE community = 'default' AND week = ? AND hasAny(intents, ['promotion', 'spam']) AND reply_to = '' ORDER BY post_id", dashtest.Week().Format(time.DateOnly))
	if len(ids) == 0 {
		t.Fatal("nothing is set aside")
	}
	type totals struct{ aside, board, pitches, posts, quiet uint64 }
	ask := func() (n totals) {
		for _, q := range rows[query.Quarantined](t, db, "quarantine", week) {
			n.aside += q.Posts
		}
		n.board = board.Entries(rows[query.BoardCell](t, db, "role_board", week))[0].Counts.Posts
		if err := db.Conn.QueryRow(t.Context(), "SELECT sum(posts) FROM intent_daily WHERE community = 'default' AND intent IN ('promotion', 'spam') AND week = ?", dashtest.Week()).Scan(&n.pitches); err != nil {
			t.Fatal(err)
		}
		n.posts = one[query.PostCount](t, db, "posts_count", span).Posts
		for _, w := range rows[query.QuietWeek](t, db, "quiet_weeks", week) {
			if w.Week.Equal(dashtest.Week()) {
				n.quiet = w.Promotions
			}
		}
		return n
	}
	before := ask()
	if _, err := decide.New(db.As(t, engine.Decider)).Release(t.Context(), dashtest.Community, ids[0], decide.Who{By: "x"}); err != nil {
		t.Fatal(err)
	}
	dashtest.Count(t, db)
	want := before
	want.aside, want.board, want.pitches, want.quiet = want.aside-1, want.board+1, want.pitches-1, want.quiet-1
	if after := ask(); after != want || before.aside != uint64(truths.Quarantined) {
		t.Errorf("before %+v, after %+v, want %+v", before, after, want)
	}
}

// Half of what the staff begins is about webinars and two in a hundred of what members begin: that tops the list of gaps.
func TestGaps(t *testing.T) {
	db := chtest.Open(t)
	day := dashtest.Week()
	var list []schema.Row
	add := func(role, topic, replyTo string, intents ...string) {
		id := fmt.Sprint("p", len(list))
		list = append(list, &schema.PostRow{
			Community: "default", Day: day, PostID: id, SourceVersion: 1, PostedAt: day.Add(3 * time.Hour), OccurredAt: day, Event: "created", Source: "community", AuthorID: id, AuthorRole: role,
			ReplyTo: replyTo, Body: id, Sentiment: "neutral", Intents: intents, Topics: schema.PostTopics{ID: []string{topic}, Sentiment: []string{"neutral"}, Score: []float32{0}}, KafkaOffset: uint64(len(list)),
		})
	}
	for i := range 20 {
		add("staff", []string{"webinar", "pricing"}[i%2], "")
	}
	for i := range 100 {
		topic := []string{"pricing", "search", "usability"}[i%3]
		if i < 2 {
			topic = "webinar"
		}
		add([]string{"member", "leader", ""}[i%3], topic, "")
		add("member", "webinar", "p0")              // replies begin nothing
		add("outsider", "webinar", "", "promotion") // and what is set aside does not count
	}
	db.Insert(t, append(list, &schema.Window{Community: "default", Day: day})...)
	dashtest.Count(t, db)
	gaps := board.Gaps(rows[query.TopicRoles](t, db, "topic_roles", query.Params{"community": "default", "from": day, "to": day.AddDate(0, 0, 6)}))
	if len(gaps) != 4 || gaps[0].Topic != "webinar" || fmt.Sprintf("%+.0f", 100*gaps[0].Diff) != "+48" || !gaps[0].Clear {
		t.Fatalf("the gaps are %+v", gaps)
	}
	for i := range gaps {
		g := &gaps[i]
		for _, side := range []struct {
			roles []string
			want  uint64
		}{{[]string{"staff"}, g.Staff}, {board.Members(), g.Members}} {
			f := query.Filter{Community: "default", From: day, To: day.AddDate(0, 0, 6)}
			g.Narrow(&f, side.roles...)
			if n := one[query.PostCount](t, db, "posts_count", f.Params()).Posts; n != side.want {
				t.Errorf("%s by %v: %d posts, the gap says %d", g.Topic, side.roles, n, side.want)
			}
		}
	}
}
