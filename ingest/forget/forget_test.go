package forget_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/segmentio/kafka-go"

	"voc/ingest/duplicates"
	"voc/ingest/forget"
	"voc/ingest/pipetest"
	"voc/ingest/process"
	"voc/ingest/retag"
	"voc/ingest/source/sourcetest"
	"voc/schema"
	"voc/schema/engine"
	"voc/schema/revision"
	"voc/schema/rollup"
)

func TestMain(m *testing.M) { pipetest.Main(m) }

const (
	secret  = "わたしは青い自転車で琵琶湖を一周して料金が高いと思いました"
	another = "ほかの人が書いた料金が高いという感想"
)

// dataDir is where the engine keeps its files.
func dataDir(t *testing.T, e *pipetest.Env) string {
	t.Helper()
	return e.DB.Strings(t, "SELECT path FROM system.disks WHERE name = 'default'")[0]
}

func newForget(t *testing.T, e *pipetest.Env, change func(*forget.Config)) *forget.Forget {
	t.Helper()
	cfg := forget.Config{Settle: -1, DataDir: dataDir(t, e)}
	if change != nil {
		change(&cfg)
	}
	topics := e.Config.Topics
	f, err := forget.New(cfg, forget.Deps{
		Conn: e.DB.Conn, Keys: e.Guard.ErasureKeys(), Log: sourcetest.Log(t),
		Kafka: &forget.Kafka{Config: e.Config.Kafka, Posts: topics.Posts, Others: []string{topics.Surveys, e.Config.DeadLetter.Topic}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// fill writes a person's life and another person's into the topics, and returns how many records each topic has.
func fill(e *pipetest.Env) map[string]int64 {
	posts, at := e.Config.Topics.Posts, "2026-11-16T09:00:00+09:00"
	e.Produce(posts, 0,
		pipetest.Post("mine", 1, "created", at, "taro", secret),
		pipetest.Post("mine", 2, "edited", at, "taro", secret+"。追記です"),
		pipetest.Post("gone", 1, "created", "2026-11-10T09:00:00+09:00", "taro", secret+"、消した投稿です"),
		pipetest.Post("gone", 2, "deleted", "2026-11-10T09:00:00+09:00", "taro", ""),
		pipetest.Post("other", 1, "created", at, "hanako", another),
		pipetest.Post("common", 1, "created", at, "taro", another), // what another person has written, too
		`mine	{"post_id":"mine","rating":77}`,                      // a dead letter with the post's key
	)
	e.Produce(e.Config.Topics.Activity, 0,
		`x	{"event":"viewed","event_id":"a1","occurred_at":"2026-11-16T00:00:00Z","post_id":"other","author":{"id":"taro"}}`,
		`x	{"event":"viewed","event_id":"a2","occurred_at":"2026-11-16T00:00:00Z","post_id":"mine","author":{"id":"hanako"}}`,
		`x	{"event":"joined","event_id":"a3","occurred_at":"2026-11-12T00:00:00Z","author":{"id":"jiro"},"invited_by":"taro"}`)
	e.Produce(e.Config.Topics.Surveys, 0,
		`s	{"response_id":"r1","survey_id":"nps","metric":"nps","score":3,"answered_at":"2026-11-17T00:00:00Z","comment":"`+secret+`。追記ですと答える","author":{"id":"taro"}}`,
		`s	{"response_id":"r2","survey_id":"nps","metric":"nps","score":9,"answered_at":"2026-11-14T00:00:00Z","author":{"id":"taro"}}`,
		`s	{"response_id":"r3","survey_id":"nps","metric":"nps","score":9,"answered_at":"2026-11-14T00:00:00Z","author":{"id":"hanako"}}`)
	return map[string]int64{posts: 7, e.Config.Topics.Activity: 3, e.Config.Topics.Surveys: 3}
}

func settled(e *pipetest.Env, ends map[string]int64) {
	for topic, end := range ends {
		e.Settled(topic, 0, end)
	}
}

// holds says which of a person's traces are in any table, over all rows that are there, merged or not.
func holds(t *testing.T, e *pipetest.Env, ids ...string) []string {
	t.Helper()
	var out []string
	for _, table := range e.DB.Strings(t, "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine != 'View' AND name != 'schema_migrations' ORDER BY name") {
		for _, l := range e.DB.Query(t, "SELECT * FROM "+table) {
			for _, id := range ids {
				if strings.Contains(l, id) {
					out = append(out, table+" holds "+id+": "+l)
				}
			}
		}
	}
	return out
}

// decided are decisions about a post of the person, and decisions and an action in which the person is named.
func decided(pseudonym string) []schema.Row {
	day := time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)
	return []schema.Row{
		&schema.DecisionRow{Community: "default", Day: day, PostID: "mine", Number: 1, DecisionID: "1", Verdict: schema.Released, DecidedAt: day, DecidedBy: "staff", Tagged: []string{}},
		&schema.DecisionRow{Community: "default", Day: day, PostID: "other", Number: 1, DecisionID: "2", Verdict: "spam", DecidedAt: day, DecidedBy: pseudonym, Tagged: []string{}},
		&schema.ActionRow{Community: "default", ActionID: "a", Number: 1, EventID: "3", Event: "added", HappenedAt: day, MadeBy: pseudonym, Owner: pseudonym, Title: "返事をする", Filter: "topic=pricing", Due: day},
	}
}

// A person is forgotten everywhere, aggregates included, the files hold nothing of them any more, and neither a replay
// of all topics from their beginning nor a re-tagging brings them back.
func TestForgetAnAuthor(t *testing.T) {
	e := pipetest.New(t, 1)
	ends := fill(e)
	conn := e.DB.As(t, engine.Writer)
	for _, hash := range []string{"before", "after"} {
		if _, err := revision.Register(t.Context(), conn, hash, "test", ""); err != nil {
			t.Fatal(err)
		}
	}
	_, stop := e.Run()
	settled(e, ends)
	stop()
	again := pipetest.Words{"高い": "pricing/plan", "一周": "-"}
	tag := func() retag.Stats {
		r, err := retag.New(retag.Config{}, retag.Deps{Conn: conn, NewTagger: func() process.Tagger { return again }, Masker: e.Guard, Keys: e.Guard.ErasureKeys(), Hash: "after", Revision: 2})
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.Run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	tag() // so that there is a history of tags
	e.Counted()
	compare := func() {
		t.Helper()
		job, err := duplicates.New(conn, duplicates.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := job.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	r, err := rollup.New(conn, rollup.Config{LargeWeek: 1})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.CountWeeks(t.Context(), 0); err != nil || n < 2 {
		t.Fatalf("%d weeks were counted: %v", n, err)
	}
	if n, err := r.KeepDays(t.Context(), 0, 0); err != nil || n < 2 {
		t.Fatalf("the keys of %d days were kept: %v", n, err)
	}
	if err := r.PublishWeeks(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if n, err := r.CountWeeks(t.Context(), 0); err != nil || n == 0 {
		t.Fatalf("the questions of %d weeks were followed: %v", n, err)
	}
	e.Want("SELECT count() > 0 FROM progress_windows", "(1)")
	pseudonym := e.Guard.Pseudonym("taro")
	e.Want("SELECT max(has(authors, '"+pseudonym+"')), max(has(arrayFlatten(posts), 'mine')) FROM attention_windows", "(1,1)")
	// The last week that looks back at the person's posts.
	e.DB.Exec(t, "INSERT INTO attention_windows (community, week, calc, authors, posts) VALUES ('default', '2027-01-11', 1, ['"+pseudonym+"'], [['mine']])")
	e.Want("SELECT max(has(posts, cityHash64('mine'))) FROM day_keys", "(1)")
	e.Want("SELECT max(arrayExists(p -> p.phrase = '高い', phrases)) FROM week_details", "(1)")
	e.Want("SELECT max(arrayExists(p -> p.body LIKE '%青い自転車%', posts)) FROM shown_windows", "(1)")
	compare()
	e.Want("SELECT arraySort(post_ids) FROM duplicate_groups", "(['mine','survey/r1'])")
	e.Want("SELECT sum(posts), uniqExactArray(author_keys) FROM community_daily", "(4,2)")
	e.DB.Insert(t, decided(pseudonym)...)
	if got := holds(t, e, pseudonym, "mine", "青い自転車"); len(got) < 12 {
		t.Fatalf("there is little to forget: %v", got)
	}
	texts := []string{secret + "。追記です", secret + "、消した投稿です", secret + "。追記ですと答える"}
	found, _, err := forget.Search(dataDir(t, e), texts)
	if err != nil || len(found) == 0 {
		t.Fatalf("before, the texts are in the files %v: %v; the search has become weak", found, err)
	}

	straggler := func(step string) {
		if strings.Contains(step, "being written") { // a worker ends what it began to keep before anything was removed
			e.DB.Exec(t, "INSERT INTO day_keys (community, day, calc, posts) VALUES ('default', '2026-11-16', 1, [cityHash64('mine')])")
		}
	}
	wait := func(c *forget.Config) { c.Settle = time.Millisecond }
	cert, err := newForget(t, e, wait).Run(t.Context(), forget.Subject{Kind: forget.Author, Pseudonym: pseudonym}, straggler)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + cert.Japanese(time.UTC))
	if !cert.Unlinked || cert.Searched == 0 || cert.Texts < 2 || len(cert.Found) > 0 || cert.Posts < 3 {
		t.Errorf("the certificate says %+v", cert)
	}
	if found, _, err = forget.Search(dataDir(t, e), texts); err != nil || len(found) > 0 {
		t.Errorf("the texts are still in %v: %v", found, err)
	}
	for _, table := range []string{"week_details", "week_lists", "segment_windows", "question_windows", "shown_windows", "writer_windows", "progress_windows", "attention_windows"} {
		e.Want("SELECT count() FROM "+table, "(0)")
	}
	e.Want("SELECT max(has(posts, cityHash64('mine'))) FROM day_keys", "(0)")
	check := func(when string) {
		t.Helper()
		compare()
		// The ids of posts stay in tombstones, and nowhere else.
		for _, l := range holds(t, e, pseudonym, "青い自転車", "mine", "'gone'") {
			if !strings.HasPrefix(l, "post_facts holds mine") && !strings.HasPrefix(l, "post_facts holds 'gone'") {
				t.Errorf("%s: %s", when, l)
			}
		}
		e.Want("SELECT DISTINCT deleted, author_id, title, body, url, attributes FROM post_facts WHERE post_id != 'other'", "(1,'','','','',{})")
		e.Want("SELECT post_id FROM posts", "('other')")
		e.Want("SELECT event_id, post_id, invited_by FROM activity ORDER BY event_id", "('a2','','')", "('a3','','')")
		e.Want("SELECT response_id FROM surveys", "('r3')")
		e.Counted()
		e.Want("SELECT sum(posts), sum(viewed), sum(joined), uniqExactArray(author_keys), uniqExactArray(member_keys) FROM community_daily", "(1,1,1,1,2)")
		e.Want("SELECT topic, sum(posts) FROM topic_daily GROUP BY topic ORDER BY topic", "('pricing',1)", "('pricing/plan',1)")
		e.Want("SELECT sum(read), sum(missing), (SELECT sum(unexplained) FROM ledger_offsets) FROM ledger", "(13,0,0)")
		e.Want("SELECT count(), countIf(message_key != '') FROM dead_letters", "(1,0)")
		e.Want("SELECT post_id, verdict, decided_by FROM post_decisions", "('other','spam','')")
		e.Want("SELECT title, owner, added_by FROM actions", "('返事をする','','')")
	}
	check("after forgetting")
	e.Want("SELECT kind, posts >= 3, length(windows) >= 3 FROM erasures", "('author',1,1)")

	// A replay of every topic from offset 0, by another group.
	e.Config.Source.Group = sourcetest.Name("replay")
	e.Deps.NewTagger, e.Deps.Revision = again.Taggers(), 2
	_, stop = e.Run()
	settled(e, ends)
	check("after the replay")
	e.Want("SELECT sum(filtered), sum(dead_letter) FROM ledger", "(8,1)")

	// What the person does later is theirs to do; what they did before stays forgotten.
	now := time.Now().Add(time.Second).Format(time.RFC3339Nano)
	e.Produce(e.Config.Topics.Posts, 0,
		pipetest.Post("new", 1, "created", now, "taro", "またきました"),
		pipetest.Post("late", 1, "created", "2026-11-01T09:00:00+09:00", "taro", secret+"、遅れてきた投稿"),
		pipetest.Post("late", 2, "edited", "2026-11-01T09:00:00+09:00", "", secret+"、作者のない編集"))
	e.Settled(e.Config.Topics.Posts, 0, 10)
	e.Produce(e.Config.Topics.Posts, 0, pipetest.Post("late", 3, "edited", "2026-11-01T09:00:00+09:00", "", secret+"、後の編集"))
	e.Settled(e.Config.Topics.Posts, 0, 11)
	stop()
	e.Want("SELECT post_id FROM posts ORDER BY post_id", "('new')", "('other')")
	if s := tag(); s.Posts != 0 {
		t.Errorf("a re-tagging found %d posts", s.Posts)
	}
	if found, _, err = forget.Search(dataDir(t, e), append(texts, secret)); err != nil || len(found) > 0 {
		t.Errorf("after the replay the texts are in %v: %v", found, err)
	}
}

// One post is forgotten, its author's others stay; a compacted topic is given a tombstone.
func TestForgetAPost(t *testing.T) {
	e := pipetest.New(t, 1)
	e.Config.Topics.Posts = e.Kafka.Topic(t, "compacted", 1, kafka.ConfigEntry{ConfigName: "cleanup.policy", ConfigValue: "compact"})
	posts, at := e.Config.Topics.Posts, "2026-11-16T09:00:00+09:00"
	inOther := strings.TrimSuffix(pipetest.Post("p1", 1, "created", at, "taro", another), "}") + `,"community":"other"}`
	e.Produce(posts, 0, pipetest.Post("p1", 1, "created", at, "taro", secret), pipetest.Post("p2", 1, "created", at, "taro", another), inOther)
	_, stop := e.Run()
	e.Settled(posts, 0, 3)
	f := newForget(t, e, nil)
	if _, err := f.Run(t.Context(), forget.Subject{Kind: forget.Post, PostID: "p1"}, nil); err == nil || !strings.Contains(err.Error(), "2 communities") {
		t.Errorf("without a community: %v", err)
	}
	if _, err := f.Run(t.Context(), forget.Subject{Kind: forget.Post, PostID: "nobody's"}, nil); err == nil {
		t.Error("an unknown post without a community was forgotten")
	}
	cert, err := f.Run(t.Context(), forget.Subject{Kind: forget.Post, PostID: "p1", Community: "default"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if cert.Posts != 1 || len(cert.Topics) != 3 || cert.Topics[0].Tombstones != 1 || cert.Topics[0].Messages != 1 || !cert.Unlinked {
		t.Errorf("the certificate says %+v", cert)
	}
	e.Settled(posts, 0, 4)
	// The edit of a forgotten post comes late, and an unknown post is forgotten before it comes.
	if _, err := f.Run(t.Context(), forget.Subject{Kind: forget.Post, PostID: "p9", Community: "default"}, nil); err != nil {
		t.Fatal(err)
	}
	e.Produce(posts, 0, pipetest.Post("p1", 99, "edited", at, "taro", secret), pipetest.Post("p9", 1, "created", at, "taro", secret))
	e.Settled(posts, 0, 6)
	stop()
	e.Counted()
	e.Want("SELECT community, post_id FROM posts ORDER BY ALL", "('default','p2')", "('other','p1')")
	e.Want("SELECT sum(posts), uniqExactArray(author_keys) FROM community_daily", "(2,1)")
	e.Want("SELECT sum(stored), sum(filtered), sum(missing) FROM ledger", "(2,4,0)")
	text, err := cert.JSON()
	if err != nil || !bytes.Contains(text, []byte(`"files_unlinked": true`)) || strings.Contains(string(text)+cert.Japanese(time.UTC), "p1") {
		t.Errorf("the certificate names the post or lacks something: %s, %v", text, err)
	}
}

// The search finds texts in raw and in compressed files, across the borders of blocks and of reads.
func TestSearch(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pack := func(m compress.Method, blocks ...string) []byte {
		var out []byte
		w := compress.NewWriter(compress.LevelZero, m)
		for _, b := range blocks {
			if err := w.Compress([]byte(b)); err != nil {
				t.Fatal(err)
			}
			out = append(out, w.Data...)
		}
		return out
	}
	filler := strings.Repeat("埋め草です。", 30_000)
	write("raw", []byte(filler+secret+filler))
	write("border", []byte(strings.Repeat("x", 1<<20-5)+secret))
	write("lz4", pack(compress.LZ4, filler, filler+secret))
	write("zstd", pack(compress.ZSTD, filler+secret[:30], secret[30:]+filler))
	write("none", pack(compress.None, secret))
	write("without", pack(compress.ZSTD, filler, another))
	write("broken", append(pack(compress.LZ4, filler), secret[:20]...))
	found, files, err := forget.Search(dir, []string{"これはない文です", secret, "ab"})
	if err != nil || files != 7 {
		t.Fatalf("%d files: %v", files, err)
	}
	var names []string
	for path, texts := range found {
		names = append(names, filepath.Base(path))
		if !slices.Equal(texts, []string{secret}) {
			t.Errorf("%s holds %q", path, texts)
		}
	}
	slices.Sort(names)
	if want := []string{"border", "lz4", "none", "raw", "zstd"}; !slices.Equal(names, want) {
		t.Errorf("found in %v, want %v", names, want)
	}
	if _, err := forget.New(forget.Config{}, forget.Deps{}); err == nil {
		t.Error("an erasure without a connection was made")
	}
	if s := fmt.Sprint((&forget.Certificate{Kind: forget.Post, Counts: []forget.Count{{After: 2}}}).Japanese(time.UTC)); !strings.Contains(s, "未完了: 2 行") {
		t.Errorf("an unfinished erasure reads %s", s)
	}
}
