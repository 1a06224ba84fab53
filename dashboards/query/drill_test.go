package query_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func named(name string, value any) any { return clickhouse.Named(name, value) }

func one[T any](t *testing.T, db *chtest.DB, name string, params query.Params) T {
	t.Helper()
	var rows []T
	if err := query.Run(t.Context(), db.Conn, name, params, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 {
		t.Fatalf("%s gives %d rows", name, len(rows))
	}
	return rows[0]
}

func rows[T any](t *testing.T, db *chtest.DB, name string, params query.Params) []T {
	t.Helper()
	var list []T
	if err := query.Run(t.Context(), db.Conn, name, params, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// cell is a row of an aggregate view together with the filter that must open its posts.
type cell struct {
	view   string
	filter query.Filter
	counts map[string]uint64 // posts, positive, …
}

// sampleCells draws cells of an aggregate view.
func sampleCells(t *testing.T, db *chtest.DB, view, dimension string, n int, seed uint64) []cell {
	t.Helper()
	list := "community, day, posts, replies, positive, negative, neutral, mixed, toUInt64(authors), toUInt64(accounts)"
	if dimension != "" {
		list += ", toString(" + dimension + ")"
	}
	if view != "community_daily" {
		list += ", toString(source), toString(channel), toString(author_role)"
	}
	order := "day, community"
	if view != "community_daily" {
		order += ", source, channel, author_role"
	}
	if dimension != "" {
		order += ", " + dimension
	}
	found, err := db.Conn.Query(t.Context(), fmt.Sprintf("SELECT %s FROM %s WHERE posts > 0 ORDER BY %s", list, view, order))
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	var all []cell
	for found.Next() {
		var c cell
		c.view = view
		var day time.Time
		var posts, replies, positive, negative, neutral, mixed, authors, accounts uint64
		var source, channel, role, tag string
		targets := []any{&c.filter.Community, &day, &posts, &replies, &positive, &negative, &neutral, &mixed, &authors, &accounts}
		if dimension != "" {
			targets = append(targets, &tag)
		}
		if view != "community_daily" {
			targets = append(targets, &source, &channel, &role)
		}
		if err := found.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		c.filter.From, c.filter.To = day, day
		if view != "community_daily" {
			c.filter.Source, c.filter.Channel, c.filter.Role = []string{source}, []string{channel}, []string{role}
		}
		switch dimension {
		case "topic":
			c.filter.Topic = []string{tag}
		case "intent":
			c.filter.Intent = []string{tag}
		}
		c.counts = map[string]uint64{"posts": posts, "replies": replies, "positive": positive, "negative": negative, "neutral": neutral, "mixed": mixed, "authors": authors, "accounts": accounts}
		all = append(all, c)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(seed, 2))
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}

// Every cell of the aggregates opens exactly the posts it counts.
func everyCellOpensItsPosts(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	cells := sampleCells(t, db, "topic_daily", "topic", 250, 1)
	cells = append(cells, sampleCells(t, db, "intent_daily", "intent", 150, 2)...)
	cells = append(cells, sampleCells(t, db, "channel_daily", "", 50, 3)...)
	cells = append(cells, sampleCells(t, db, "community_daily", "", 50, 4)...)
	if len(cells) != 500 {
		t.Fatalf("only %d cells", len(cells))
	}
	for i, c := range cells {
		got := one[query.PostCount](t, db, "posts_count", c.filter.Params())
		counts := map[string]uint64{"posts": got.Posts, "replies": got.Replies, "authors": got.Authors, "accounts": got.Accounts}
		if c.view != "topic_daily" {
			counts["positive"], counts["negative"], counts["neutral"], counts["mixed"] = got.Positive, got.Negative, got.Neutral, got.Mixed
		}
		for what, n := range counts {
			if n != c.counts[what] {
				t.Errorf("%s %s has %d %s, its posts say %d", c.view, c.filter.Path(), c.counts[what], what, n)
			}
		}
		if i%25 != 0 {
			continue
		}
		for _, polarity := range []string{"positive", "negative", "neutral", "mixed"} {
			f := c.filter
			if c.view == "topic_daily" {
				f.TopicSentiment = []string{polarity}
			} else {
				f.Sentiment = []string{polarity}
			}
			if n := one[query.PostCount](t, db, "posts_count", f.Params()).Posts; n != c.counts[polarity] {
				t.Errorf("%s: %d posts are %s, the cell says %d", f.Path(), n, polarity, c.counts[polarity])
			}
		}
		f := c.filter
		f.Limit = 500
		if list := rows[query.Post](t, db, "posts_list", f.ListParams()); uint64(len(list)) != c.counts["posts"] {
			t.Errorf("%s lists %d posts, the cell says %d", f.Path(), len(list), c.counts["posts"])
		}
	}
}

// Every row of the heat map, of a topic's hours and of a segment opens its posts.
func everyRowOpensItsPosts(t *testing.T, db *chtest.DB, _ dashtest.Truths) {
	week := dashtest.Week()
	base := query.Filter{Community: dashtest.Community, From: week, To: week.AddDate(0, 0, 6)}
	open := func(f query.Filter) uint64 { return one[query.PostCount](t, db, "posts_count", f.Params()).Posts }
	span := query.Params{"community": base.Community, "from": base.From, "to": base.To}

	for _, h := range rows[query.HeatCell](t, db, "heatmap", span) {
		f := base
		f.Weekday, f.Hour = []uint8{h.Weekday}, []uint8{h.Hour}
		if n := open(f); n != h.Posts {
			t.Errorf("%s opens %d posts, the cell says %d", f.Path(), n, h.Posts)
		}
	}
	segments := rows[query.SegmentWeek](t, db, "segment_weeks", query.Params{"community": base.Community, "week": week, "weeks": 0,
		"segments": []string{"plan", "touch_model", "tenure", "usage_phase", "author_role", "author_level"}})
	r := rand.New(rand.NewPCG(5, 5))
	r.Shuffle(len(segments), func(i, j int) { segments[i], segments[j] = segments[j], segments[i] })
	for _, s := range segments[:120] {
		f := base
		f.Segment = []string{s.Segment + "=" + s.Value}
		if s.Topic != "" {
			f.Topic = []string{s.Topic}
		}
		if n := open(f); n != s.Posts {
			t.Errorf("%s opens %d posts, the row says %d", f.Path(), n, s.Posts)
		}
	}
	phrases := rows[query.TopicPhrase](t, db, "topic_phrases", query.Params{"community": base.Community, "week": week, "topic": []string{"pricing", "performance"}})
	if len(phrases) < 5 {
		t.Fatalf("%d phrases", len(phrases))
	}
	for _, p := range phrases {
		f := base
		f.Topic = []string{p.Topic}
		p.Narrow(&f)
		if n := open(f); n != p.Posts {
			t.Errorf("%s opens %d posts, the row says %d", f.Path(), n, p.Posts)
		}
	}
	for _, q := range rows[query.Quarantined](t, db, "quarantine", query.Params{"community": base.Community, "week": week}) {
		f := base
		f.Intent, f.Role = []string{q.Intent}, []string{q.AuthorRole}
		if n := open(f); n != q.Posts {
			t.Errorf("%s opens %d posts, the row says %d", f.Path(), n, q.Posts)
		}
	}
	f := base
	f.Topic = []string{""}
	if n, o := open(f), one[query.OverviewWeek](t, db, "overview_weeks", query.Params{"community": base.Community, "week": week, "weeks": 0}); n != o.Untagged || n == 0 {
		t.Errorf("%d posts have no topic, the overview says %d", n, o.Untagged)
	}
}

// Values reach the server as they are, whatever they hold.
func TestValuesAreNeverSQL(t *testing.T) {
	db := chtest.Open(t)
	for _, value := range []string{`a'b`, `a"b`, "a`b", `a\b`, `a\'b`, "a\tb\nc", "'; DROP VIEW posts; --", "{week:Date}", "日本語 [x,'y']", "%", "", "NULL", `\N`, "a\x00b"} {
		for _, q := range []string{"posts_count", "posts_list"} {
			f := query.Filter{Community: value, From: day("2026-11-09"), To: day("2026-11-15"), Topic: []string{value}, Segment: []string{"k=" + value}, Text: value, Signal: []string{value}}
			params := f.Params()
			if q == "posts_list" {
				params = f.ListParams()
			}
			if _, err := query.RunTable(t.Context(), db.Conn, q, params); err != nil {
				t.Errorf("%q: %v", value, err)
			}
		}
		var text string
		var list []string
		err := db.Conn.QueryRow(t.Context(), "SELECT {text:String}, {list:Array(String)}", named("text", value), named("list", []string{value, "b"})).Scan(&text, &list)
		if err != nil || text != value || len(list) != 2 || list[0] != value {
			t.Errorf("%q came back as %q and %q (%v)", value, text, list, err)
		}
	}
}

// Every text parameter of every query takes any text, as all of them at once, and changes nothing.
func TestEveryParameterTakesAnyText(t *testing.T) {
	db := chtest.Open(t)
	catalog, err := query.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	values := 0
	for _, q := range catalog {
		for _, hostile := range []string{`'"` + "`" + `\'; DROP VIEW posts; -- {x:String} ) OR 1=1 /* %`, `\`, "\x00\t\n' UNION ALL SELECT * FROM system.users --"} {
			params := sampleParams(q)
			for _, p := range q.Params {
				switch string(p.Type) {
				case "String":
					params[p.Name] = hostile
				case "Array(String)":
					params[p.Name] = []string{hostile, "b"}
				default:
					continue
				}
				values++
			}
			if _, err := query.RunTable(t.Context(), db.As(t, engine.Reader), q.Name, params); err != nil {
				t.Errorf("%s with %q: %v", q.Name, hostile, err)
			}
		}
	}
	if values < 100 {
		t.Errorf("only %d values were tried", values)
	}
	for _, v := range schema.Views() {
		db.Exec(t, "SELECT * FROM "+v+" LIMIT 0")
	}
}
