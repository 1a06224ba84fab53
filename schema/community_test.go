package schema_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/migrate"
	"voc/schema/rollup"
)

// rowsOfCommunity fills every table so that every view has something of the community, with its name in every text.
func rowsOfCommunity(name string, offset uint64) []schema.Row {
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	tag := schema.PostTopics{ID: []string{name + "/t"}, Sentiment: []string{"negative"}, Score: []float32{-1}}
	attributes := map[string]string{"k": name}
	var rows []schema.Row
	for i := range uint64(3) {
		id := fmt.Sprint(name, "-", i)
		intents, replyTo := []string{name, "request", "question"}, ""
		if i == 2 {
			intents, replyTo = intents[:2], name+"-before"
		}
		rows = append(rows,
			&schema.RegistryRow{Community: name, PostID: id, PostedAt: noon, KafkaTopic: "voc.posts", KafkaOffset: offset + i},
			&schema.PostRow{
				Community: name, Day: day, PostID: id, SourceVersion: 1, PostedAt: noon, OccurredAt: noon, Event: "created", Source: name, Channel: name,
				AuthorID: name + "-author", AuthorRole: "member", AccountID: name + "-account", Title: name, Body: name, Sentiment: "negative", Score: -1, Attributes: attributes,
				Topics: tag, Intents: intents, ReplyTo: replyTo, Flags: []string{name},
				Signals:          schema.PostSignals{Kind: []string{"word", "entity"}, Value: []string{name, name}},
				Evidence:         schema.PostEvidence{Kind: []string{"topic"}, Tag: []string{name + "/t"}, Field: []string{"body"}, Start: []uint32{0}, End: []uint32{1}, Rule: []string{name}},
				AnalyzerRevision: 2, KafkaTopic: "voc.posts", KafkaOffset: offset + i,
			},
			&schema.TagHistoryRow{Community: name, Day: day, PostID: id, AnalyzerRevision: 1, SourceVersion: 1, KafkaOffset: offset + i, Sentiment: "neutral", Topics: tag, Intents: []string{name}, ReplacedBy: 2},
			&schema.OutcomeRow{KafkaTopic: "voc.posts", KafkaOffset: offset + i, RecordTime: noon, Outcome: schema.OutcomeStored, Community: name, PostID: id, SourceVersion: 1},
		)
	}
	return append(rows,
		&schema.ActivityRow{Community: name, Day: day, EventID: name, Event: "login", OccurredAt: noon, AuthorID: name + "-reader", AccountID: name + "-silent", Count: 1, Attributes: attributes, KafkaTopic: "voc.activity", KafkaOffset: offset},
		&schema.ActivityRow{Community: name, Day: day, EventID: name + "-joined", Event: "joined", OccurredAt: noon, AuthorID: name + "-author", Count: 1, KafkaTopic: "voc.activity", KafkaOffset: offset + 1},
		&schema.ActivityRow{Community: name, Day: day, EventID: name + "-accepted", Event: "accepted", OccurredAt: noon, PostID: name, AuthorID: name + "-author", Count: 1, KafkaTopic: "voc.activity", KafkaOffset: offset + 2},
		&schema.AccountRow{AccountID: name + "-account", ValidFrom: noon, Name: name, Attributes: attributes, KafkaTopic: "voc.accounts", KafkaOffset: offset},
		&schema.AccountRow{AccountID: name + "-silent", ValidFrom: noon, Name: name, Attributes: attributes, KafkaTopic: "voc.accounts", KafkaOffset: offset + 1},
		&schema.SurveyRow{Community: name, Day: day, ResponseID: name, SurveyID: name, Metric: "nps", Score: 9, AnsweredAt: noon, AuthorID: name + "-author", Attributes: attributes, KafkaTopic: "voc.surveys", KafkaOffset: offset},
		&schema.DeadLetterRow{KafkaTopic: "voc.posts", KafkaOffset: offset + 50, RecordTime: noon, Reason: "json", Field: "body", Detail: "give JSON", MessageKey: name},
		&schema.ErasureFactRow{ID: name, ErasedAt: noon, Kind: "author", Posts: 1, Windows: schema.ErasureWindows{Community: []string{name}, Day: []time.Time{day}}},
		&schema.DuplicatesRow{
			Community: name, Week: day, Calc: 1, Compared: 3,
			Members: schema.DuplicateMembers{GroupID: []string{name + "-0", name + "-0"}, PostID: []string{name + "-0", name + "-1"}, Day: []time.Time{day, day}, Author: []uint64{1, 2}},
		},
		&schema.DecisionRow{Community: name, Day: day, PostID: name + "-0", Number: 1, DecisionID: name, Verdict: "promotion", DecidedAt: noon, DecidedBy: name, Reason: name, Tagged: []string{}},
		&schema.DecisionRow{Community: name, Day: day, PostID: name + "-0", Number: 2, DecisionID: name, Verdict: schema.Released, DecidedAt: noon, DecidedBy: name, Reason: name, Tagged: []string{"promotion"}},
		&schema.DecisionRow{Community: name, Day: day, PostID: name + "-1", Number: 1, DecisionID: name, Verdict: "spam", DecidedAt: noon, DecidedBy: name, Tagged: []string{}},
		&schema.ActionRow{Community: name, ActionID: name, Number: 1, EventID: name, Event: "added", HappenedAt: noon, MadeBy: name, Title: name, Topic: name, Filter: "topic=" + name, Owner: name, Due: day},
		&schema.ActionRow{Community: name, ActionID: name, Number: 2, EventID: name, Event: "shipped", HappenedAt: noon.AddDate(0, 0, 1), MadeBy: name, Release: name},
		&schema.Window{Community: name, Day: day},
	)
}

// twoCommunities is a database in which every view has rows of both.
func twoCommunities(t *testing.T) *chtest.DB {
	t.Helper()
	db := chtest.Open(t)
	db.Insert(t, rowsOfCommunity("shop", 100)...)
	db.Insert(t, rowsOfCommunity("forum", 200)...)
	// Of two weeks before, what is counted stays ready.
	before := time.Date(noon.Year(), noon.Month(), noon.Day()-14, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{"shop", "forum"} {
		db.Insert(t,
			&schema.PostRow{Community: name, Day: before, PostID: name + " before", PostedAt: before, OccurredAt: before, SourceVersion: 1, Event: "created", Source: name, Body: name,
				Sentiment: "neutral", Topics: schema.PostTopics{ID: []string{name}, Sentiment: []string{"neutral"}, Score: []float32{0}}},
			&schema.Window{Community: name, Day: before})
	}
	db.Insert(t, &schema.ErasureFactRow{ID: "both", ErasedAt: noon, Kind: "author", Windows: schema.ErasureWindows{Community: []string{"shop", "forum"}, Day: []time.Time{noon, noon}}})
	r, err := rollup.New(db.Conn, rollup.Config{})
	if err != nil {
		t.Fatal(err)
	}
	count(t, db.Conn)
	// The day of both is counted again, so that some of it stands ready and some does not any more.
	if err := rollup.Mark(t.Context(), db.Conn, []schema.Window{{Community: "shop", Day: noon}, {Community: "forum", Day: noon}}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// A reader who is bound to a community sees its rows in every view, and no row of another one in any.
func TestBoundReaderSeesOneCommunity(t *testing.T) {
	db := twoCommunities(t)
	all, shop := db.As(t, engine.Reader), db.As(t, chtest.BoundShop)
	lines := func(conn driver.Conn, query string) []string {
		t.Helper()
		out, err := chtest.Lines(t.Context(), conn, query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return out
	}
	for _, v := range schema.BoundViews(db.Database, "shop") {
		columns := "*"
		if v.Columns != nil {
			columns = strings.Join(v.Columns, ", ")
		}
		query := "SELECT " + columns + " FROM " + v.View + " ORDER BY ALL"
		seen, everything := lines(shop, query), lines(all, query)
		if v.Filter == "" {
			if strings.Join(seen, "\n") != strings.Join(everything, "\n") {
				t.Errorf("%s is for everybody, but the bound reader sees %d rows instead of %d", v.View, len(seen), len(everything))
			}
			if strings.Contains(strings.Join(everything, "\n"), "forum") {
				t.Errorf("%s has no filter but tells of a community: %v", v.View, everything)
			}
			continue
		}
		var own []string
		for _, line := range everything {
			if !strings.Contains(line, "forum") {
				own = append(own, line)
			}
		}
		if len(own) == 0 || len(own) == len(everything) {
			t.Errorf("%s has %d rows, %d of them of shop; the test proves nothing about it", v.View, len(everything), len(own))
		}
		if strings.Join(seen, "\n") != strings.Join(own, "\n") {
			t.Errorf("%s: the bound reader sees\n%s\nand its own rows are\n%s", v.View, strings.Join(seen, "\n"), strings.Join(own, "\n"))
		}
	}
	for _, query := range []string{
		"SELECT body FROM posts WHERE community = 'forum'",
		"SELECT p.body FROM posts AS p FULL JOIN post_topics AS q ON q.post_id = p.post_id WHERE p.community = 'forum' OR q.community = 'forum'",
		"SELECT body FROM merge(currentDatabase(), '^posts$') WHERE community = 'forum'",
		"SELECT body FROM (SELECT * FROM posts UNION ALL SELECT * FROM posts) WHERE body LIKE '%forum%'",
		"SELECT name FROM accounts WHERE name = 'forum'",
		"SELECT body FROM posts WHERE community = 'forum' SETTINGS additional_table_filters = {'posts': '1'}",
		"SELECT body FROM viewIfPermitted(SELECT body FROM posts ELSE null('body String')) WHERE body = 'forum'",
	} {
		if got := lines(shop, query); len(got) > 0 {
			t.Errorf("%s gives the bound reader %v", query, got)
		}
	}
	for _, query := range []string{
		"SELECT message_key FROM dead_letters", "SELECT * FROM dead_letters", "SELECT * FROM post_facts", "SELECT count() FROM day_windows",
		"SELECT body FROM remote('127.0.0.1:1', currentDatabase(), posts)",
		"SELECT * FROM mergeTreeIndex(currentDatabase(), post_facts)", "DROP ROW POLICY x ON posts", "INSERT INTO posts (body) VALUES ('x')",
	} {
		if err := shop.Exec(t.Context(), query); !denied(err) {
			t.Errorf("%s: error is %v, want a refusal", query, err)
		}
	}
}

// The filter on a view must reach the sorting key behind it, or a bound reader would read everything to see a part.
func TestBoundReaderReadsOneCommunity(t *testing.T) {
	db := chtest.Open(t)
	var rows []schema.Row
	for i := range 40_000 {
		p := simplePost(fmt.Sprint(i), 1, uint64(i), 1, "x")
		p.Community = "other"
		rows = append(rows, p)
	}
	p := simplePost("1", 1, 1, 1, "x")
	p.Community = "shop"
	db.Insert(t, append(rows, p)...)
	read := func(role engine.Role, query string) uint64 {
		var n uint64
		if err := db.As(t, role).QueryRow(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	plan := strings.Join(func() []string {
		out, err := planOf(t, db.As(t, chtest.BoundShop), "SELECT count() FROM posts")
		if err != nil {
			t.Fatal(err)
		}
		return out
	}(), "\n")
	if n := read(chtest.BoundShop, "SELECT count() FROM posts"); n != 1 {
		t.Errorf("the bound reader counts %d posts, want 1", n)
	}
	if !strings.Contains(plan, "community in ['shop', 'shop']") {
		t.Errorf("the plan does not prune by community:\n%s", plan)
	}
}

func planOf(t *testing.T, conn driver.Conn, query string) ([]string, error) {
	t.Helper()
	rows, err := conn.Query(t.Context(), "EXPLAIN indexes = 1 "+query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, rows.Err()
}

// Every name of a community gives statements that the server can parse, and none that does anything else.
func TestRolesOfCommunitiesParse(t *testing.T) {
	db := chtest.Open(t, chtest.Empty())
	communities := []string{"shop", "みんなの広場", "o'neil", "a`b", `back\slash`, "x'; DROP DATABASE voc; --", `\`, `'`}
	plain, err := migrate.Roles(migrate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := migrate.Roles(migrate.Config{}, communities...)
	if err != nil {
		t.Fatal(err)
	}
	more := strings.TrimPrefix(text, plain)
	if more == text {
		t.Error("the statements of the three roles changed")
	}
	views, filtered := len(schema.Views()), 0
	for _, v := range schema.BoundViews("voc", "") {
		if v.Filter != "" {
			filtered++
		}
	}
	statements := strings.Split(strings.TrimSuffix(more, ";\n"), ";\n")
	if want := filtered + len(communities)*(1+views+filtered); len(statements) != want {
		t.Errorf("there are %d statements, want %d", len(statements), want)
	}
	for _, s := range statements {
		if err := db.Conn.Exec(t.Context(), "EXPLAIN AST "+s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	if _, err := migrate.Roles(migrate.Config{}, ""); err == nil {
		t.Error("a community without a name got a role")
	}
}
