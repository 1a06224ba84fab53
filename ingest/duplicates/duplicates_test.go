package duplicates_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"voc/analyze/similar"
	"voc/ingest/duplicates"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

func TestMain(m *testing.M) { chtest.Main(m) }

// store keeps posts and marks their days, as the writer does.
func store(t *testing.T, db *chtest.DB, posts ...*schema.PostRow) {
	t.Helper()
	conn := db.As(t, engine.Writer)
	rows := make([]schema.Row, len(posts))
	windows := make([]schema.Window, len(posts))
	for i, p := range posts {
		rows[i], windows[i] = p, schema.Window{Community: p.Community, Day: p.Day}
	}
	if err := schema.Insert(t.Context(), conn, rows...); err != nil {
		t.Fatal(err)
	}
	if err := rollup.Mark(t.Context(), conn, windows); err != nil {
		t.Fatal(err)
	}
}

func post(db *chtest.DB, id, author, body string, minute int) *schema.PostRow {
	at := time.Date(2026, 11, 16, 9, minute, 0, 0, time.FixedZone("", 9*3600))
	return &schema.PostRow{
		Community: "default", Day: db.Calendar.Day(at), PostID: id, SourceVersion: 1, KafkaOffset: uint64(minute), PostedAt: at, OccurredAt: at,
		Event: "created", Source: "community", AuthorID: author, AuthorRole: "member", Body: body, Sentiment: "negative", Score: -0.5,
		Topics:  schema.PostTopics{ID: []string{"pricing"}, Sentiment: []string{"negative"}, Score: []float32{-0.5}},
		Intents: []string{"complaint"},
	}
}

func newJob(t *testing.T, db *chtest.DB, cfg duplicates.Config) *duplicates.Job {
	t.Helper()
	j, err := duplicates.New(db.As(t, engine.Writer), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func run(t *testing.T, j *duplicates.Job) duplicates.Stats {
	t.Helper()
	stats, err := j.RunOnce(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return stats
}

func want(t *testing.T, db *chtest.DB, sql string, rows ...string) {
	t.Helper()
	if got := db.Query(t, sql); !slices.Equal(got, rows) {
		t.Errorf("%s\n gives %v,\n want %v", sql, got, rows)
	}
}

// campaign is one text in n light variations by some authors.
func campaign(db *chtest.DB, n, authors int) []*schema.PostRow {
	marks := []string{"！", "!!", "…", "。", " ", "😡", "〜", "ー"}
	names := []string{"ABC", "DEF", "GHI", "JKL", "MNO"}
	var out []*schema.PostRow
	for i := range n {
		body := fmt.Sprintf("今回の料金改定は利用者をまったく見ていないと思います%s値上げを撤回するまで声を上げ続けます%s%s",
			marks[i%len(marks)], marks[i/len(marks)%len(marks)], names[i/64%len(names)])
		out = append(out, post(db, fmt.Sprintf("copy-%03d", i), fmt.Sprintf("author-%d", i%authors), body, 10+i%40))
	}
	return out
}

// 200 variations by four authors are one group; short common phrases and different texts are not merged.
func TestCampaign(t *testing.T) {
	db := chtest.Open(t)
	posts := campaign(db, 200, 4)
	for i := range 100 {
		posts = append(posts, post(db, fmt.Sprintf("thanks-%03d", i), fmt.Sprintf("member-%d", i), "ありがとうございます", 5))
	}
	posts = append(posts,
		post(db, "other-1", "x", "請求書の宛名を部署ごとに変えられるようにしてほしいです", 1),
		post(db, "other-2", "y", "請求書の発行日を月末以外に指定できる方法はありますか", 2))
	store(t, db, posts...)
	j := newJob(t, db, duplicates.Config{})
	if s := run(t, j); s.Weeks != 1 || s.Groups != 1 || s.Posts != 202 || s.Left != 0 {
		t.Errorf("the run says %+v", s)
	}
	want(t, db, "SELECT week, group_id, posts, authors, first_day, last_day, length(post_ids) FROM duplicate_groups",
		"('2026-11-16','copy-000',200,4,'2026-11-16','2026-11-16',200)")
	want(t, db, "SELECT countIf(copy), countIf(NOT copy) FROM post_duplicates", "(199,1)")
	want(t, db, "SELECT count(), sum(posts), (SELECT count() FROM posts) FROM posts_deduplicated", "(103,302,302)")
	want(t, db, "SELECT posts, authors FROM posts_deduplicated WHERE post_id = 'copy-000'", "(200,4)")
	want(t, db, "SELECT topic, posts, posts_deduplicated, negative, negative_deduplicated FROM topic_weekly_deduplicated", "('pricing',302,103,302,103)")
	if s := run(t, j); s.Weeks != 0 {
		t.Errorf("a second run compared %d weeks", s.Weeks)
	}
}

// Edits and deletions change the groups.
func TestFollowsCorrections(t *testing.T) {
	db := chtest.Open(t)
	posts := campaign(db, 3, 3)
	store(t, db, posts...)
	j := newJob(t, db, duplicates.Config{})
	run(t, j)
	want(t, db, "SELECT group_id, posts FROM duplicate_groups", "('copy-000',3)")

	first := *posts[0]
	first.SourceVersion, first.KafkaOffset, first.Event, first.Deleted = 2, 100, "deleted", true
	edited := *posts[1]
	edited.SourceVersion, edited.KafkaOffset, edited.Event, edited.Body = 2, 101, "edited", "言いすぎました。落ち着いて説明会の内容を読み直してみます"
	store(t, db, &first, &edited)
	if s := run(t, j); s.Weeks != 1 || s.Groups != 0 {
		t.Errorf("the run says %+v", s)
	}
	want(t, db, "SELECT count() FROM duplicate_groups", "(0)")
	want(t, db, "SELECT post_id, posts FROM posts_deduplicated ORDER BY post_id", "('copy-001',1)", "('copy-002',1)")
}

// Beyond the limit the oldest posts are left out, and counted.
func TestLimit(t *testing.T) {
	db := chtest.Open(t)
	store(t, db, campaign(db, 20, 4)...)
	if s := run(t, newJob(t, db, duplicates.Config{MaxPosts: 5})); s.Posts != 5 || s.Left != 15 {
		t.Errorf("the run says %+v", s)
	}
}

func TestConfig(t *testing.T) {
	for _, c := range []struct {
		cfg  duplicates.Config
		want string
	}{
		{duplicates.Config{Interval: -1}, "interval is"},
		{duplicates.Config{MaxPosts: -1}, "max_posts is -1"},
		{duplicates.Config{Similar: similar.Config{MinRunes: 1, Strict: 2, Loose: 0.5}}, "duplicate_strict is 2"},
	} {
		if _, err := duplicates.New(nil, c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.cfg, err, c.want)
		}
	}
}
