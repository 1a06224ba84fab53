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

// keyRows are what the views of keys say of anything.
func keyRows(t *testing.T, db *chtest.DB) []string {
	t.Helper()
	return append(db.Query(t, "SELECT * FROM post_keys WHERE notEmpty(posts) ORDER BY ALL"),
		db.Query(t, "SELECT * FROM activity_keys WHERE notEmpty(posts) ORDER BY ALL")...)
}

func keepDays(t *testing.T, r *rollup.Rollup, want int) {
	t.Helper()
	if n, err := r.KeepDays(t.Context(), 0, 0); err != nil || n != want {
		t.Errorf("the keys of %d days were kept, want %d: %v", n, want, err)
	}
}

// A day has the same keys with rows of its own and without, and follows its facts, also when they change while its keys
// are kept.
func TestKeysFollowTheirDays(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{})
	for i := range 40 {
		write(t, db, post(db, fmt.Sprint(i), 1, fmt.Sprintf("2026-01-%02dT03:00:%02dZ", 1+i%7, 59-i), func(p *schema.PostRow) {
			p.AuthorID = []string{"", "a", "b", "c"}[i%4]
			p.Community = []string{"default", "shop"}[i%2]
			p.AccountID = []string{"x", "y", ""}[i%3]
			p.Intents = [][]string{{"question"}, {"question", "spam"}, {"thanks"}, {"thanks", "bug"}, {"answer"}}[i%5]
			p.Body = []string{"できました", "試してみます"}[i%3%2]
			p.Accepted = i%11 == 3
			if i%3 > 0 {
				p.ReplyTo = "0"
			}
			if i%4 == 1 {
				p.ThreadID = "t"
			}
		}))
	}
	db.Exec(t, `INSERT INTO activity_facts (community, day, event_id, event, occurred_at, post_id, count)
SELECT 'default', '2026-01-02', toString(number), ['viewed', 'accepted', 'reacted'][1 + number % 3], '2026-01-02 12:00:00', toString(intDiv(number, 4)), 2 FROM numbers(60)`)
	if err := rollup.Mark(t.Context(), db.Conn, []schema.Window{{Community: "default", Day: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}}); err != nil {
		t.Fatal(err)
	}
	run(t, r)
	truth := keyRows(t, db)
	if len(truth) < 20 {
		t.Fatalf("only %d rows", len(truth))
	}
	equal(t, db.Query(t, "SELECT sum(length(posts)), sum(length(accepted)) FROM post_keys"), db.Query(t, "SELECT count(), countIf(accepted AND reply_to != '') FROM posts")...)
	equal(t, db.Query(t, "SELECT sum(length(posts)) FROM post_keys WHERE kind = 'asked'"),
		db.Query(t, "SELECT count() FROM posts WHERE reply_to = '' AND has(intents, 'question') AND NOT has(intents, 'spam')")...)
	equal(t, db.Query(t, "SELECT post, place FROM post_keys ARRAY JOIN posts AS post, places AS place ORDER BY post"),
		db.Query(t, "SELECT cityHash64(post_id) AS post, row_number() OVER (PARTITION BY community, day ORDER BY posted_at, post_id) AS place FROM posts ORDER BY post")...)
	equal(t, db.Query(t, "SELECT kind, length(posts), arraySum(counts), length(ids) FROM activity_keys ORDER BY kind"), "('accepted',15,40,15)", "('viewed',15,40,0)")

	days := len(db.Query(t, "SELECT community, day FROM day_windows FINAL"))
	if n, err := r.KeepDays(t.Context(), 0, time.Hour); err != nil || n != days {
		t.Fatalf("the keys of %d days were kept, want %d: %v", n, days, err)
	}
	keepDays(t, r, 0)
	hidden := func(want bool) {
		t.Helper()
		db.Exec(t, "CREATE TABLE kept AS day_keys", "INSERT INTO kept SELECT * FROM day_keys", "TRUNCATE TABLE day_keys")
		if got := len(keyRows(t, db)) == 0; got != want {
			t.Errorf("without the rows of the days nothing is said: %v, want %v", got, want)
		}
		db.Exec(t, "INSERT INTO day_keys SELECT * FROM kept", "DROP TABLE kept")
	}
	hidden(false) // nobody may read them yet
	equal(t, keyRows(t, db), truth...)
	db.Exec(t, "TRUNCATE TABLE day_stamps")
	keepDays(t, r, days)
	hidden(true)
	equal(t, keyRows(t, db), truth...)

	// A late post shows before the keys of its day are kept again, and when it comes while they are kept.
	late := func(id string) { write(t, db, post(db, id, 1, "2026-01-06T03:00:00Z", nil)); run(t, r) }
	posts := func(want string) {
		t.Helper()
		equal(t, db.Query(t, "SELECT sum(length(posts)) FROM post_keys WHERE community = 'default' AND day = '2026-01-06'"), want)
	}
	posts("(2)")
	late("late 1")
	posts("(3)")
	r.SetStep(func(context.Context) error {
		r.SetStep(func(context.Context) error { return nil })
		late("late 2")
		return nil
	})
	keepDays(t, r, 1)
	posts("(4)")
	keepDays(t, r, 1)
	posts("(4)")
	keepDays(t, r, 0)
}

// A day that loses its last question or post loses it at once, and what was kept of it does not come back.
func TestDaysThatBecomeEmpty(t *testing.T) {
	db := chtest.Open(t)
	r := newRollup(t, db, rollup.Config{})
	const day = "2026-01-06T03:00:00Z"
	says := func(want ...string) {
		t.Helper()
		equal(t, db.Query(t, "SELECT kind, length(posts) FROM post_keys WHERE notEmpty(posts)"), want...)
	}
	write(t, db, post(db, "1", 1, day, func(p *schema.PostRow) { p.Intents = []string{"question"} }))
	run(t, r)
	says("('asked',1)")
	keepDays(t, r, 1)
	says("('asked',1)")
	write(t, db, post(db, "1", 2, day, func(p *schema.PostRow) { p.Intents = nil }))
	run(t, r)
	says("('other',1)")
	keepDays(t, r, 1)
	says("('other',1)")
	write(t, db, post(db, "1", 3, day, func(p *schema.PostRow) { p.Deleted = true }))
	run(t, r)
	says()
	keepDays(t, r, 1)
	says()
}
