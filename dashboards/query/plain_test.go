package query_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
	"voc/schema/rollup"
)

// plain is the plain statement of a query that is asked another way because that is faster. The plain ones read the
// facts, join whole posts and count weeks afresh.
func plain(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "plain", name+".sql"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// plainParams are the values with which both ways are asked.
func plainParams(q query.Query) []query.Params {
	base := query.Params{"community": dashtest.Community}
	var out []query.Params
	add := func(more query.Params) {
		p := query.Params{}
		for _, param := range q.Params {
			if v, ok := base[param.Name]; ok {
				p[param.Name] = v
			}
			if v, ok := more[param.Name]; ok && (param.Name != "topic" || param.Type == query.StringArray) {
				p[param.Name] = v
			}
		}
		if !slices.ContainsFunc(out, func(o query.Params) bool { return fmt.Sprint(o) == fmt.Sprint(p) }) {
			out = append(out, p)
		}
	}
	for back := range 2 {
		week := dashtest.Week().AddDate(0, 0, -7*back)
		base["week"], base["from"], base["to"] = week, week, week.AddDate(0, 0, 6)
		base["thread"], base["segments"], base["intent"] = fmt.Sprintf("p%05d", 40*back+7), []string{"plan", "tenure", "author_role", "ticket", "nothing"}, []string{"request", "question"}
		delete(base, "topic")
		for _, param := range q.Params {
			switch {
			case param.Name != "topic" || !param.Required:
			case param.Type == query.String:
				base["topic"] = "pricing"
			default:
				base["topic"] = []string{"pricing"}
			}
		}
		if strings.HasPrefix(q.Name, "posts_") {
			delete(base, "intent") // a filter there
		}
		add(nil)
		add(query.Params{"weeks": 0})
		add(query.Params{"from": week.AddDate(0, 0, -28)})
		add(query.Params{"from": week.AddDate(0, 0, -25), "to": week.AddDate(0, 0, 4)})
		if strings.HasPrefix(q.Name, "question_") { // nine whole weeks stand ready
			add(query.Params{"from": week.AddDate(0, 0, -7*schema.ProgressWeeks)})
			add(query.Params{"from": week.AddDate(0, 0, -7*schema.ProgressWeeks), "status": []string{"open"}, "limit": 5})
		}
		add(query.Params{"kinds": []string{"entity", "effort", "emotion"}, "authors": 1})
		add(query.Params{"ratio": 1.3, "authors": 2})
		add(query.Params{"ratio": 2.0, "weeks": 3, "limit": 40})
		add(query.Params{"limit": 3})
		add(query.Params{"limit": 7, "offset": 5, "sort": "negative", "from": week.AddDate(0, 0, -14)})
		add(query.Params{"topic": []string{"pricing"}, "topic_sentiment": []string{"negative"}, "sort": "reactions"})
		add(query.Params{"topic": []string{"pricing", "performance"}})
		if back > 0 {
			break // what the other parameters do is the same in every week
		}
		add(query.Params{"source": []string{"community", "review"}})
		add(query.Params{"source": []string{"community"}, "topic": []string{"pricing"}})
		add(query.Params{"status": []string{"open"}})
		add(query.Params{"limit": 5, "sort": "newest"})
		add(query.Params{"intent": []string{"promotion", "spam"}})
		add(query.Params{"segment": []string{"plan=standard", "plan=pro"}})
		add(query.Params{"segment": []string{"plan=", "tenure=365d+"}})
		add(query.Params{"segment": []string{"tenure=0-29d", "author_role=member"}, "text": "料金"})
		add(query.Params{"signal": []string{"effort"}})
		add(query.Params{"minimum": 20, "rare": 30, "limit": 50})
	}
	return out
}

// Every query that has a plain form gives what that gives, row by row: while no week has a row of its own, when all
// have, and when some have and others changed since.
func TestFasterIsTheSame(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 2)
	r, err := rollup.New(db.As(t, engine.Writer), rollup.Config{LargeWeek: 1})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "plain", "*.sql"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d plain statements: %v", len(files), err)
	}
	// What the plain statements give follows from the facts alone: it is asked again only when these change.
	answers := map[string][]string{}
	// How often what stands ready was asked alone, the same without what counts, copies of posts, weeks, and what is left of
	// statements without the lines of empty parameters.
	ready, brief, shown, weekly, shortened := 0, 0, 0, 0, 0
	stood := map[string]int{} // how often answers stood ready, by query
	compare := func(state string, only ...string) {
		var incomplete []string
		for _, view := range append(slices.Compact(slices.Sorted(maps.Values(schema.Standing()))), slices.Compact(slices.Sorted(maps.Values(schema.StandingAlone())))...) {
			if len(db.Query(t, "SELECT * FROM "+view+" LIMIT 1")) > 0 {
				incomplete = append(incomplete, view)
			}
		}
		rows := 0
		for _, file := range files {
			q, err := query.Get(strings.TrimSuffix(filepath.Base(file), ".sql"))
			if err != nil {
				t.Fatal(err)
			}
			if only != nil && !slices.Contains(only, q.Name) {
				continue
			}
			statement := plain(t, q.Name)
			for _, p := range plainParams(q) {
				args, err := q.Args(p)
				if err != nil {
					t.Fatal(err)
				}
				key := fmt.Sprint(q.Name, p)
				want, ok := answers[key]
				if !ok {
					want = db.Query(t, statement, args...)
					answers[key] = want
				}
				bound, err := q.Bind(p)
				if err != nil {
					t.Fatal(err)
				}
				// The whole statement is asked, too, before anything stands ready.
				whole, before := q.SQL, ready
				q := q.For(bound)
				if ok && follows(q, bound) {
					rows += len(want)
					continue
				}
				statements := []string{q.SQL}
				if q.SQL != whole && ready == 0 {
					statements = append(statements, whole)
					shortened++
				}
				if sql, missing := q.Ready(); sql != "" && !slices.ContainsFunc(missing, func(view string) bool { return slices.Contains(incomplete, view) }) {
					statements = append(statements, sql)
					ready++
				}
				if sql, condition := q.Brief(); ready > before && sql != "" && slices.Equal(db.Query(t, "SELECT toUInt8(ifNull("+condition+", true))", args...), []string{"(0)"}) {
					statements = append(statements, sql)
					brief++
				}
				if sql := q.Shown(bound); sql != "" && slices.Equal(db.Query(t, "SELECT count() FROM shown_not_ready WHERE community = {community:String} AND week BETWEEN {from:Date} AND {to:Date}", args...), []string{"(0)"}) {
					statements = append(statements, sql)
					shown++
				}
				if sql, missing, condition := q.Weekly(); sql != "" && !slices.ContainsFunc(missing, func(view string) bool { return slices.Contains(incomplete, view) }) &&
					slices.Equal(db.Query(t, "SELECT toUInt8(ifNull("+condition+", false))", args...), []string{"(1)"}) {
					statements = append(statements, sql)
					weekly++
				}
				if sql := q.Answer(bound); sql != "" && len(db.Query(t, sql, args...)) > 0 {
					statements = append(statements, sql)
					stood[q.Name]++
				}
				for _, sql := range statements {
					if got := db.Query(t, sql, args...); !slices.Equal(want, got) {
						t.Errorf("%s, %s with %v: the plain statement gives %d rows and the query %d; the first that differs:\n%s", state, q.Name, p, len(want), len(got), difference(want, got))
					}
				}
				rows += len(want)
			}
		}
		if rows < 5000 && only == nil {
			t.Errorf("%s: only %d rows were compared", state, rows)
		}
	}
	// A segment of more values than stand ready.
	tickets := dashtest.Week().AddDate(0, 0, -5).Format(time.DateOnly)
	db.Exec(t, "INSERT INTO post_facts (community, day, post_id, posted_at, author_id, source, topics.id, topics.sentiment, topics.score, attributes) SELECT '"+dashtest.Community+"', '"+tickets+
		"', concat('ticket ', toString(number)), '"+tickets+" 12:00:00', toString(number % 7), 'review', ['pricing'], ['negative'], [-1], map('ticket', toString(number)) FROM numbers(80)")
	recount := func(days ...time.Time) {
		t.Helper()
		clear(answers)
		for _, day := range days {
			if err := rollup.Mark(t.Context(), db.Conn, []schema.Window{{Community: dashtest.Community, Day: day}}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	recount(dashtest.Week().AddDate(0, 0, -5))
	compare("no week has a row")
	if ready+shown+weekly+len(stood) > 0 {
		t.Errorf("%d queries were asked of what stands ready before it did", ready+shown)
	}
	n, err := r.CountWeeks(t.Context(), 0)
	if err != nil || n < dashtest.Weeks {
		t.Fatalf("%d weeks counted: %v", n, err)
	}
	if n, err := r.KeepDays(t.Context(), 0, 0); err != nil || n < 7*dashtest.Weeks {
		t.Fatalf("the keys of %d days were kept: %v", n, err)
	}
	compare("all weeks have rows that nobody may read yet, and all days may be read")
	publish := func() {
		t.Helper()
		if err := r.PublishWeeks(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	publish()
	follow := func(want int) {
		t.Helper()
		if n, err := r.CountWeeks(t.Context(), 0); err != nil || n < want {
			t.Errorf("the questions of %d weeks were followed, want %d: %v", n, want, err)
		}
		publish()
	}
	follow(dashtest.Weeks)
	if n, err := r.KeepLedger(t.Context(), 0, 1000); err != nil || n < 7*dashtest.Weeks {
		t.Fatalf("the ledger of %d days was kept: %v", n, err)
	}
	compare("all weeks have rows")
	if shortened < 50 {
		t.Errorf("%d queries were asked without the lines of parameters that are empty, want many", shortened)
	}
	if ready < 50 || brief < 5 || shown < 15 || weekly < 10 || stood["question_weeks"] < 2 || stood["question_ledger"] < 2 || stood["ledger_topics"] < 2 ||
		stood["attention_reasons"] < 4 {
		t.Errorf("%d queries were asked of what stands ready, %d without what counts, %d of copies, %d of weeks and %v of answers, want many", ready, brief, shown, weekly, stood)
	}
	changed := dashtest.Week().AddDate(0, 0, -10)
	db.Exec(t, "INSERT INTO post_facts (community, day, post_id, posted_at, author_id, source, topics.id, topics.sentiment, topics.score, intents) VALUES ('"+dashtest.Community+"', '"+
		changed.Format(time.DateOnly)+"', 'late', '"+changed.Format(time.DateOnly)+" 12:00:00', 'somebody', 'community', ['pricing'], ['negative'], [-1], ['question'])")
	recount(changed)
	clear(stood)
	compare("a week changed")
	if n := stood["question_weeks"] + stood["question_ledger"] + stood["attention_reasons"]; n > 0 {
		t.Errorf("%d queries were asked of what stood ready of weeks that changed", n)
	}
	if n, err := r.CountWeeks(t.Context(), 0); err != nil || n != 1 {
		t.Errorf("%d weeks counted, want the one that changed: %v", n, err)
	}
	publish()
	if n, err := r.KeepDays(t.Context(), 0, 0); err != nil || n != 1 {
		t.Errorf("the keys of %d days were kept, want the one that changed: %v", n, err)
	}
	follow(1)
	compare("the week that changed was counted", "voice_candidates", "intent_posts", "severe_posts", "question_weeks", "question_ledger",
		"attention_reasons", "newcomer_funnel", "core_members", "emerging_terms")
	if stood["question_weeks"] == 0 || stood["question_ledger"] == 0 || stood["attention_reasons"] == 0 {
		t.Errorf("after the week was counted again, what stands ready was asked for %v, want all three", stood)
	}

	last := db.Query(t, "SELECT * FROM segment_week_totals WHERE community = '"+dashtest.Community+"' ORDER BY ALL")
	// What becomes known of the past changes the segments of posts that did not change.
	segments := func(state string) {
		t.Helper()
		clear(answers)
		now := db.Query(t, "SELECT * FROM segment_week_totals WHERE community = '"+dashtest.Community+"' ORDER BY ALL")
		if slices.Equal(now, last) {
			t.Errorf("%s: no segment changed; the test proves nothing", state)
		}
		last = now
		compare(state, "segment_weeks", "segment_keys")
		n, err := r.CountWeeks(t.Context(), 0)
		if err != nil || n < 2 {
			t.Errorf("%s: %d weeks counted, want all since then: %v", state, n, err)
		}
		publish()
		compare(state+", and the weeks were counted", "segment_weeks", "segment_keys")
	}
	past := dashtest.Week().AddDate(0, 0, -20).Format(time.DateOnly)
	db.Exec(t, "INSERT INTO account_facts (account_id, valid_from, name, attributes, kafka_offset) SELECT account_id, '"+past+" 00:00:00', 'late', map('plan', 'told late'), 1 FROM accounts LIMIT 3")
	segments("an account's past became known")
	db.Exec(t, "INSERT INTO activity_facts (community, day, event_id, event, occurred_at, author_id) SELECT '"+dashtest.Community+"', '"+past+"', concat('late ', author_id), 'joined', '"+past+
		" 12:00:00', author_id FROM (SELECT DISTINCT author_id FROM posts WHERE community = '"+dashtest.Community+"' AND author_id != '' ORDER BY author_id LIMIT 20)")
	recount(dashtest.Week().AddDate(0, 0, -20))
	segments("members turn out to have joined")
}

// follows reports whether what a query gives follows from the facts alone, whatever stands ready.
func follows(q query.Query, bound map[string]any) bool {
	ready, _ := q.Ready()
	weekly, _, _ := q.Weekly()
	return ready == "" && weekly == "" && q.Shown(bound) == "" && q.Answer(bound) == ""
}

func difference(want, got []string) string {
	for i := range max(len(want), len(got)) {
		w, g := "nothing", "nothing"
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		if w != g {
			return fmt.Sprintf("plain %.600s\nquery %.600s", w, g)
		}
	}
	return ""
}
