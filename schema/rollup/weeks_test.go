package rollup_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/rollup"
)

// weekViews are what the views of weeks say.
func weekViews(t *testing.T, db *chtest.DB) []string {
	t.Helper()
	var all []string
	for _, view := range []string{"topic_week_totals", "intent_week_totals", "topic_day_totals", "community_weekly", "topic_phrase_totals WHERE topic != ''", "term_week_totals", "board_week_totals", "request_week_totals", "segment_week_keys", "segment_week_totals",
		"question_states", "late_replies"} {
		all = append(all, db.Query(t, "SELECT '"+view+"', * FROM "+view+" ORDER BY ALL")...)
	}
	return all
}

func countWeeks(t *testing.T, r *rollup.Rollup, want int) {
	t.Helper()
	if n, err := r.CountWeeks(t.Context(), 0); err != nil || n != want {
		t.Errorf("%d weeks were counted, want %d: %v", n, want, err)
	}
}

// following returns how to count and publish the weeks that wait for it, and how to keep the keys of days, each with how many
// these should be.
func following(t *testing.T, r *rollup.Rollup) (count, keep func(want int)) {
	count = func(want int) {
		t.Helper()
		countWeeks(t, r, want)
		if err := r.PublishWeeks(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	keep = func(want int) {
		t.Helper()
		if n, err := r.KeepDays(t.Context(), 0, 0); err != nil || n != want {
			t.Errorf("the keys of %d days were kept, want %d: %v", n, want, err)
		}
	}
	return count, keep
}

// A week says the same with a row of its own and without, and follows its days at once, also when its row was counted
// while they changed.
func TestWeeksFollowTheirDays(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{})
	for i := range 40 {
		write(t, db, post(db, fmt.Sprint(i), 1, fmt.Sprintf("2026-01-%02dT03:00:00Z", 1+i%14), func(p *schema.PostRow) {
			p.AuthorID = []string{"", "a", "b", "c"}[i%4]
			p.Community = []string{"default", "shop"}[i%2]
			p.AccountID = []string{"x", "y", ""}[i%3]
		}))
	}
	run(t, r)
	truth := weekViews(t, db)
	if len(truth) < 30 {
		t.Fatalf("only %d rows", len(truth))
	}
	countWeeks(t, r, 6)
	equal(t, weekViews(t, db), truth...)
	countWeeks(t, r, 0) // they wait to be published
	if err := r.PublishWeeks(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if n := db.Strings(t, "SELECT toString(count()) FROM week_stamps"); n[0] != "0" {
		t.Errorf("%s weeks were published before their time", n[0])
	}
	if err := r.PublishWeeks(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	countWeeks(t, r, 0)
	equal(t, weekViews(t, db), truth...)

	// The rows are read: without them nothing would be said of these weeks.
	for _, table := range []string{"week_windows", "week_details", "week_lists", "segment_windows", "question_windows"} {
		db.Exec(t, "CREATE TABLE kept_"+table+" AS "+table, "INSERT INTO kept_"+table+" SELECT * FROM "+table, "TRUNCATE TABLE "+table)
	}
	if got := weekViews(t, db); len(got) != 0 {
		t.Errorf("%d rows come from elsewhere than the rows of the weeks", len(got))
	}
	for _, table := range []string{"week_windows", "week_details", "week_lists", "segment_windows", "question_windows"} {
		db.Exec(t, "INSERT INTO "+table+" SELECT * FROM kept_"+table, "DROP TABLE kept_"+table)
	}

	// A late post shows before the week is counted again, and when it comes while the week is counted.
	late := func(id string) { write(t, db, post(db, id, 1, "2026-01-06T03:00:00Z", nil)); run(t, r) }
	posts := func(want string) {
		t.Helper()
		equal(t, db.Query(t, "SELECT posts FROM community_weekly WHERE community = 'default' AND week = '2026-01-05'"), want)
		equal(t, db.Query(t, "SELECT posts, author_squares FROM topic_week_totals WHERE community = 'default' AND week = '2026-01-05'"),
			db.Query(t, "SELECT count(), sum(n) FROM (SELECT author_id, post_id, countIf(author_id != '') OVER (PARTITION BY author_id) + (author_id = '') AS n FROM posts WHERE community = 'default' AND week = '2026-01-05')")...)
	}
	posts("(12)")
	late("late 1")
	posts("(13)")
	r.SetStep(func(context.Context) error {
		r.SetStep(func(context.Context) error { return nil })
		late("late 2")
		return nil
	})
	countWeeks(t, r, 1)
	if err := r.PublishWeeks(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	posts("(14)")
	countWeeks(t, r, 1)
	if err := r.PublishWeeks(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	posts("(14)")
	countWeeks(t, r, 0)
}

// A week that loses its last post, topic or intent loses them at once, and its row is not counted from what it was before.
func TestWeeksThatBecomeEmpty(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{})
	const day = "2026-01-06T03:00:00Z"
	counted := func(want int) {
		t.Helper()
		countWeeks(t, r, want)
		if err := r.PublishWeeks(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	tags := func(want ...string) {
		t.Helper()
		for _, view := range []string{"topic_week_totals", "topic_day_totals", "intent_week_totals", "topic_phrase_totals WHERE topic != ''", "term_week_totals"} {
			equal(t, db.Query(t, "SELECT '', posts FROM "+view), want...)
		}
	}
	posts := func(want ...string) {
		t.Helper()
		equal(t, db.Query(t, "SELECT posts, authors FROM community_weekly WHERE posts > 0"), want...)
	}
	said := func(p *schema.PostRow) {
		p.Signals = schema.PostSignals{Kind: []string{"opinion_unit"}, Value: []string{"高い"}}
	}
	write(t, db, post(db, "1", 1, day, said))
	run(t, r)
	counted(1)
	tags("('',1)")
	posts("(1,1)")
	write(t, db, post(db, "1", 2, day, func(p *schema.PostRow) {
		p.Topics, p.Intents, p.Signals = schema.PostTopics{}, nil, schema.PostSignals{}
	}))
	run(t, r)
	tags()
	posts("(1,1)")
	counted(1)
	tags()
	posts("(1,1)")
	write(t, db, post(db, "1", 3, day, func(p *schema.PostRow) { p.Deleted = true }))
	run(t, r)
	posts()
	counted(1)
	posts()
}

// Copies of posts are those of the week as it is, of large weeks only, and go with the posts.
func TestCopiesFollowTheirWeek(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{LargeWeek: 2})
	count := func(want int) {
		t.Helper()
		run(t, r)
		countWeeks(t, r, want)
		if err := r.PublishWeeks(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	body := func(text string) func(*schema.PostRow) { return func(p *schema.PostRow) { p.Body = text } }
	write(t, db, post(db, "small", 1, "2026-01-13T03:00:00Z", body("alone")))
	write(t, db, post(db, "1", 1, "2026-01-06T03:00:00Z", body("one")))
	write(t, db, post(db, "2", 1, "2026-01-07T03:00:00Z", body("two")))
	count(2)
	copies := func(want ...string) {
		t.Helper()
		equal(t, db.Query(t, "SELECT post_id, body FROM shown_posts ORDER BY post_id"), want...)
	}
	notReady := func(want ...string) {
		t.Helper()
		equal(t, db.Query(t, "SELECT toString(week) FROM shown_not_ready ORDER BY week"), want...)
	}
	copies("('1','one')", "('2','two')")
	notReady("('2026-01-12')")
	write(t, db, post(db, "2", 2, "2026-01-07T03:00:00Z", body("edited")))
	run(t, r)
	notReady("('2026-01-05')", "('2026-01-12')")
	copies() // none rather than what was edited or deleted since
	count(1)
	copies("('1','one')", "('2','edited')")
	notReady("('2026-01-12')")
	// A week that has become small still loses the copies of what is deleted.
	write(t, db, post(db, "2", 3, "2026-01-07T03:00:00Z", func(p *schema.PostRow) { p.Deleted = true }))
	count(1)
	copies("('1','one')")
	count(0)
}

// What became of questions is told as of the end of a week, follows every post of the nine weeks, and not before all that it
// is counted from stands ready; of small weeks nothing is told.
func TestProgressFollowsItsWeeks(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{LargeWeek: 2})
	count, keep := following(t, r)
	put := func(id, at, author, to string, version uint64, change func(*schema.PostRow)) {
		t.Helper()
		write(t, db, post(db, id, version, at, func(p *schema.PostRow) {
			p.AuthorID, p.ReplyTo, p.Source = author, to, "community"
			if to == "" {
				p.Intents = []string{"question"}
			}
			if change != nil {
				change(p)
			}
		}))
		run(t, r)
	}
	progress := func(want ...string) {
		t.Helper()
		equal(t, db.Query(t, `SELECT toString(week), waiting, arrayMap(q -> (q.post_id, q.came_back), open), arrayMap(w -> (toString(w.week), w.questions, w.replied, w.median_hours), weeks)
			FROM question_progress ORDER BY week`), want...)
	}
	put("asked", "2026-01-06T03:00:00Z", "a", "", 1, nil)
	put("more", "2026-01-06T04:00:00Z", "a", "asked", 1, nil)
	put("alone", "2026-01-07T03:00:00Z", "b", "", 1, nil)
	put("reply", "2026-01-13T03:00:00Z", "b", "asked", 1, nil)
	put("other", "2026-01-13T04:00:00Z", "b", "alone", 1, nil)
	put("small", "2026-01-20T03:00:00Z", "b", "alone", 1, nil)
	keep(4)
	count(3)
	progress()
	count(2)
	const first = "('2026-01-05',2,[('asked',1),('alone',0)],[('2026-01-05',2,0,NULL)])"
	progress(first, "('2026-01-12',1,[('alone',1)],[('2026-01-05',2,1,168)])")
	count(0)
	// Nothing of before is told of the week that changed, and of the one before it all.
	put("reply", "2026-01-13T03:00:00Z", "b", "asked", 2, func(p *schema.PostRow) { p.Deleted = true })
	progress(first)
	keep(1)
	count(1)
	progress(first)
	count(1)
	progress(first, "('2026-01-12',2,[('asked',1),('alone',1)],[('2026-01-05',2,0,NULL)])")
	// A question that is edited to be none changes every week until the ninth.
	put("alone", "2026-01-07T03:00:00Z", "b", "", 2, func(p *schema.PostRow) { p.Intents = nil })
	progress()
	keep(1)
	count(1)
	count(2)
	progress("('2026-01-05',1,[('asked',1)],[('2026-01-05',1,0,NULL)])", "('2026-01-12',1,[('asked',1)],[('2026-01-05',1,0,NULL)])")
	count(0)
}
