package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"voc/ingest/broker"
	"voc/schema/engine"
)

// planted are posts written for this test, before anybody looked at what the rules say of them.
func planted(t *testing.T) (values []string, unwanted map[string]bool) {
	t.Helper()
	unwanted = map[string]bool{}
	for _, kind := range []struct{ name, role string }{{"pitches", "outsider"}, {"spam", "outsider"}, {"honest", "member"}} {
		raw, err := os.ReadFile(filepath.Join("testdata", "quarantine", kind.name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		for i, body := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
			id := fmt.Sprintf("%s-%02d", kind.name, i+1)
			unwanted[id] = kind.name != "honest"
			post, err := json.Marshal(map[string]any{
				"post_id": id, "event": "created", "version": 1, "posted_at": fmt.Sprintf("2026-11-%02dT10:%02d:00+09:00", 9+i%5, i), "community": "shop", "source": "community", "body": body,
				"author": map[string]string{"id": kind.name + fmt.Sprint(i), "role": kind.role},
			})
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, string(post))
		}
	}
	return values, unwanted
}

// What is set aside is counted, shown and given back: of 20 pitches, 10 spams and 50 honest mentions of products nearly
// all of the first are caught and nearly none of the last; a release moves exactly one post in every number, and neither
// another tagging, an edit nor a restart moves it back.
func TestQuarantineIsReversible(t *testing.T) {
	w := newWorld(t, broker.Config{})
	const admin, writer, reader, decider = "VOC_CLICKHOUSE_ADMIN_DSN", "VOC_CLICKHOUSE_DSN", "VOC_CLICKHOUSE_READER_DSN", "VOC_CLICKHOUSE_DECIDER_DSN"
	env := append(w.dsns(map[string]engine.Role{admin: engine.Admin, writer: engine.Writer, reader: engine.Reader, decider: engine.Decider}), "USER=satou")
	w.must(env, "migrate", "up")
	values, unwanted := planted(t)
	w.produce(w.topics[0], nil, values...)
	r := w.start(env, "run")
	r.await("all posts", func() bool { return w.counted() == uint64(len(values)) })

	ask := func(sql string) string {
		t.Helper()
		lines := strings.Split(strings.TrimSpace(w.must(env, "query", "--format", "tsv", sql).out), "\n")
		return strings.Join(lines[1:], ";") // the first names the columns
	}
	aside := func() []string {
		return strings.Split(ask("SELECT post_id FROM posts WHERE hasAny(intents, ['promotion', 'spam']) ORDER BY post_id"), ";")
	}
	caught, wrong := 0, 0
	before := aside()
	for _, id := range before {
		if unwanted[id] {
			caught++
		} else {
			wrong++
		}
	}
	t.Logf("%d of 30 caught, %d of 50 honest ones", caught, wrong)
	if caught < 26 || wrong > 2 {
		t.Errorf("%d of 30 are set aside, want 26 or more; and %d honest ones, want 2 at most", caught, wrong)
	}

	// The report counts them and shows three; so it does afterwards, with one less.
	shown := regexp.MustCompile(`隔離した投稿\(宣伝・迷惑投稿\)[\s\S]*?今週は [^0-9]*(\d+)件`)
	examples := regexp.MustCompile(`(?m)^.*ID (pitches|spam|honest)-\d\d`)
	check := func(want int) {
		t.Helper()
		w.must(env, "report", "weekly", "--week", "2026-W46", "--format", "md", "--out", w.dir)
		files, err := filepath.Glob(filepath.Join(w.dir, "*.md"))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		text, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		m := shown.FindStringSubmatch(string(text))
		if m == nil || m[1] != fmt.Sprint(want) || len(examples.FindAllString(string(text), -1)) != 3 {
			t.Errorf("the report does not say %d with three examples: %v, %d examples", want, m, len(examples.FindAllString(string(text), -1)))
		}
	}
	totals := "SELECT (SELECT count() FROM posts) AS a, (SELECT sum(posts) FROM community_daily) AS b, (SELECT sum(posts) FROM intent_daily WHERE intent = 'promotion') AS c, (SELECT count() FROM post_intents WHERE intent = 'promotion') AS d"
	want := func(n int) {
		t.Helper()
		if got := ask(totals); got != fmt.Sprintf("80\t80\t%d\t%d", n, n) {
			t.Errorf("the totals are %q, want 80 80 %d %d", got, n, n)
		}
	}
	check(len(before))
	want(len(before))
	e := w.must(env, "release", "pitches-05", "--why", "広報 鈴木 090-1234-5678 と確認ずみ")
	if !strings.Contains(e.out, "pitches-05 of shop, posted 2026-11-13 is released") || !strings.Contains(e.out, "promotion") {
		t.Errorf("voc release says %s", e)
	}
	less := slices.DeleteFunc(slices.Clone(before), func(id string) bool { return id == "pitches-05" })
	steady := func(when string) {
		t.Helper()
		if got := aside(); !slices.Equal(got, less) {
			t.Errorf("%s, %v are set aside, want %v", when, got, less)
		}
		want(len(less))
	}
	steady("after the release")
	check(len(less))
	if e := w.must(env, "release", "pitches-05"); !strings.Contains(e.out, "Nothing was changed") || !strings.Contains(e.out, "satou") {
		t.Errorf("a second release says %s", e)
	}
	list := w.must(env, "decisions")
	if !strings.Contains(list.out, "satou") || strings.Contains(list.out, "090") || !strings.Contains(list.out, "pitches-05") {
		t.Errorf("the list of decisions is %s", list)
	}
	if e := w.must(env, "explain", "pitches-05"); !strings.Contains(e.out, "released by satou") || strings.Contains(e.out, "│ promotion") {
		t.Errorf("voc explain says %s", e)
	}
	for id, text := range map[string]string{"honest-01": "is not set aside", "nobody": "no community has a post nobody"} {
		if e := w.voc(env, "release", id); e.code != exitFailed || !strings.Contains(e.err, text) {
			t.Errorf("voc release %s: %s", id, e)
		}
	}

	edited := strings.Replace(strings.Replace(values[4], `"created"`, `"edited"`, 1), `"version":1`, `"version":2`, 1)
	w.produce(w.topics[0], nil, edited)
	r.await("the edit", func() bool { return ask("SELECT version FROM posts WHERE post_id = 'pitches-05'") == "2" })
	w.must(env, "doctor") // compares the numbers with the posts
	steady("after an edit")
	if list = w.must(env, "decisions"); !strings.Contains(list.out, "edited since") {
		t.Errorf("the edit does not show in %s", list)
	}
	if e := r.stop(); e.code != exitOK {
		t.Fatal(e)
	}
	w.must(append(env, "VOC_ANALYZE_MODEL=false"), "retag")
	if ids := aside(); slices.Contains(ids, "pitches-05") {
		t.Error("another tagging set the post aside again")
	}
	w.must(env, "retag")
	again := slices.Concat(env, []string{"VOC_KAFKA_GROUP=again"})
	if n := w.behind(again); n < 81 {
		t.Fatalf("the group that is to read everything once more is %d records behind", n)
	}
	r = w.start(again, "run")
	r.await("the replay", func() bool { return w.behind(again) == 0 })
	steady("after a replay")
	w.must(env, "quarantine", "honest-02", "--as", "spam", "--by", "suzuki")
	if got := ask("SELECT intents FROM posts WHERE post_id = 'honest-02'"); !strings.Contains(got, "spam") {
		t.Errorf("what was set aside by hand has the intents %s", got)
	}
	w.must(env, "release", "honest-02")
	steady("after setting one aside and putting it back")
	if e := r.stop(); e.code != exitOK {
		t.Fatal(e)
	}
}

// An action goes from being written down to being shipped, with the members to tell, and is in the next report.
func TestActionsFromTheCommandLine(t *testing.T) {
	w := newWorld(t, broker.Config{})
	const admin, writer, reader, decider = "VOC_CLICKHOUSE_ADMIN_DSN", "VOC_CLICKHOUSE_DSN", "VOC_CLICKHOUSE_READER_DSN", "VOC_CLICKHOUSE_DECIDER_DSN"
	env := append(w.dsns(map[string]engine.Role{admin: engine.Admin, writer: engine.Writer, reader: engine.Reader, decider: engine.Decider}), "USER=satou")
	w.must(env, "migrate", "up")
	var values []string
	for i := range 6 { // three people, two voices each
		values = append(values, fmt.Sprintf(`{"post_id":"v%d","posted_at":"2026-11-1%dT09:00:00+09:00","community":"shop","source":"community","author":{"id":"u-%d","role":"member"},"body":"検索に担当者の絞り込みを追加してほしいです。その%d"}`, i, i%5, i%3, i))
	}
	values = append(values, `{"post_id":"staff","posted_at":"2026-11-10T09:00:00+09:00","community":"shop","source":"community","author":{"id":"s","role":"staff"},"body":"検索に担当者の絞り込みを追加してほしいというご要望をいただいています。"}`)
	w.produce(w.topics[0], nil, values...)
	r := w.start(env, "run")
	r.await("all posts", func() bool { return w.counted() == uint64(len(values)) })
	if e := r.stop(); e.code != exitOK {
		t.Fatal(e)
	}
	if e := w.must(env, "actions", "list"); !strings.Contains(e.out, "There are no actions") {
		t.Errorf("no actions: %s", e)
	}
	e := w.must(env, "actions", "add", "--topic", "search", "--title", "絞り込みに担当者 090-1234-5678", "--owner", "開発 高橋", "--due", "2026-11-01")
	id := regexp.MustCompile(`a-[0-9a-f]{8}`).FindString(e.out)
	if id == "" || strings.Contains(e.out, "090") {
		t.Fatalf("actions add says %s", e)
	}
	report := func(want ...string) {
		t.Helper()
		for _, format := range []string{"md", "html", "json", "xlsx"} {
			w.must(env, "report", "weekly", "--week", "2026-W46", "--format", format, "--out", w.dir)
			files, err := filepath.Glob(filepath.Join(w.dir, "*."+format))
			if err != nil || len(files) != 1 {
				t.Fatal(files, err)
			}
			text, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range want {
				if format != "xlsx" && !strings.Contains(string(text), s) {
					t.Errorf("%s does not hold %s", files[0], s)
				}
			}
		}
	}
	report(id, "対応中", "期限超過", "開発 高橋")
	people := regexp.MustCompile(`(?m)^│ \S{20,} +│ member`)
	members := w.must(env, "actions", "members", id)
	if n := len(people.FindAllString(members.out, -1)); n != 3 || !strings.Contains(members.out, "3 people") || strings.Contains(members.out, "u-1") {
		t.Errorf("%d members asked: %s", n, members)
	}
	if e := w.must(env, "actions", "members", id, "--format", "csv"); strings.Count(e.out, "\n") != 4 {
		t.Errorf("as CSV: %s", e)
	}
	if e := w.voc(env, "actions", "ship", id); e.code != exitUsage || !strings.Contains(e.err, "--release") {
		t.Errorf("shipped without a release: %s", e)
	}
	if e := w.must(env, "actions", "ship", id, "--release", "2.4"); !strings.Contains(e.out, "shipped") || !strings.Contains(e.out, "members") {
		t.Errorf("actions ship says %s", e)
	}
	report(id, "出荷済み", "2.4")
	if e := w.must(env, "actions", "ship", id, "--release", "2.4"); !strings.Contains(e.out, "Nothing was changed") {
		t.Errorf("shipped twice: %s", e)
	}
	w.must(env, "actions", "close", id)
	if e := w.must(env, "actions", "list"); strings.Contains(e.out, id) || !strings.Contains(e.out, "--all") {
		t.Errorf("a closed action is listed, or it is not said how to list it: %s", e)
	}
	if e := w.must(env, "actions", "list", "--all"); !strings.Contains(e.out, id) {
		t.Errorf("a closed action is not listed with --all: %s", e)
	}
	w.must(env, "actions", "reopen", id, "--note", "電話で同じ声")
	if e := w.voc(env, "actions", "ship", "a-00000000", "--release", "1"); e.code != exitFailed || !strings.Contains(e.err, "actions list") {
		t.Errorf("an action that is not there: %s", e)
	}
	for _, args := range [][]string{
		{"actions", "add", "--title", "x", "--owner", "y"}, {"actions", "add", "--topic", "search", "--owner", "y"}, {"actions", "add", "--topic", "t", "--title", "x", "--owner", "y", "--query", "author=z"},
		{"actions", "add", "--topic", "t", "--title", "x", "--owner", "y", "--due", "soon"}, {"actions", "ship", id, "--release", "1", "--on", "soon"},
	} {
		if e := w.voc(env, args...); e.code != exitUsage {
			t.Errorf("voc %s: %s", strings.Join(args, " "), e)
		}
	}
}
