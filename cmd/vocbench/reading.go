package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/dashboards/query"
	"voc/dashboards/report"
	"voc/dashboards/web"
	"voc/dashboards/wording"
	"voc/schema"
	"voc/schema/rollup"
)

const (
	// draws is how often each question is asked, with other values each time, and patience for how long at most.
	draws    = 20
	patience = 12 * time.Second
	// pageDraws is how often a page is opened by a server that knows nothing yet.
	pageDraws = 4
)

// reading measures what people wait for when they read: the named queries, a page, a drill-down and the weekly report,
// and what the posts take on disk and a window to rebuild.
func (b *bench) reading(ctx context.Context) error {
	if err := b.populate(ctx); err != nil {
		return err
	}
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		return err
	}
	names, err := wording.Default(zone)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		name string
		do   func(context.Context, *wording.Names) error
	}{{"sizes", b.sizes}, {"twenty", b.twenty}, {"questions", b.questions}, {"drill", b.drill}, {"report", b.weekly}, {"rebuild", b.rebuild}, {"pages", b.page}} {
		if b.parts != "" && !slices.Contains(strings.Split(b.parts, ","), part.name) {
			continue
		}
		if err := part.do(ctx, names); err != nil {
			return err
		}
	}
	return nil
}

// sizes prints what the tables take on disk.
func (b *bench) sizes(ctx context.Context, _ *wording.Names) error {
	var posts uint64
	if err := b.conn.QueryRow(ctx, "SELECT count() FROM posts").Scan(&posts); err != nil {
		return err
	}
	rows, err := b.conn.Query(ctx, `SELECT table, sum(rows), sum(bytes_on_disk), count() FROM system.parts WHERE active AND database = currentDatabase() AND table NOT LIKE 'base_%'
		GROUP BY table ORDER BY sum(bytes_on_disk) DESC`)
	if err != nil {
		return err
	}
	defer rows.Close()
	fmt.Printf("\n%d posts\n%-24s %12s %8s %10s %10s\n", posts, "table", "rows", "parts", "MB", "bytes/post")
	var all uint64
	for rows.Next() {
		var (
			table           string
			n, bytes, parts uint64
		)
		if err := rows.Scan(&table, &n, &bytes, &parts); err != nil {
			return err
		}
		all += bytes
		fmt.Printf("%-24s %12d %8d %10.1f %10.1f\n", table, n, parts, float64(bytes)/1e6, float64(bytes)/float64(posts))
	}
	fmt.Printf("%-24s %12s %8s %10.1f %10.1f\n", "all", "", "", float64(all)/1e6, float64(all)/float64(posts))
	return rows.Err()
}

// spent is what the server spent on a question.
type spent struct {
	took, cpu   time.Duration
	rows, bytes uint64
}

// measured collects the costs of what is asked under the context it returns, maybe several statements at once.
func measured(ctx context.Context, c *spent) context.Context {
	var mu sync.Mutex
	return clickhouse.Context(ctx, clickhouse.WithProfileEvents(func(events []clickhouse.ProfileEvent) {
		mu.Lock()
		defer mu.Unlock()
		for _, e := range events {
			if e.Type != "increment" {
				continue
			}
			switch e.Name {
			case "SelectedRows":
				c.rows += uint64(e.Value)
			case "SelectedBytes":
				c.bytes += uint64(e.Value)
			}
		}
	}))
}

// question is something that is asked often, with other values every time.
type question struct {
	name   string
	params func() (query.Params, error)
	query  string
}

// asked draws the values of questions.
type asked struct {
	r        *rand.Rand
	topics   []string
	authors  []string
	segments []string
}

// week is one of the last 40 weeks, all of which have eight weeks before them.
func (a *asked) week() time.Time { return lastWeek().AddDate(0, 0, -7*a.r.IntN(40)) }

// topic is one that posts are about, often ones more often.
func (a *asked) topic() string { return a.topics[a.r.IntN(len(a.topics))] }

// asks begins the drawing of values.
func (b *bench) asks(ctx context.Context) (*asked, error) {
	a := &asked{r: rand.New(rand.NewPCG(b.seed, 0)), segments: []string{"plan", "touch_model", "tenure", "author_role"}}
	err := b.conn.QueryRow(ctx, "SELECT groupArray(topic) FROM (SELECT toString(topic) AS topic FROM post_topics WHERE community = {large:String} AND week = {week:Date} ORDER BY cityHash64(post_id) LIMIT 500)",
		clickhouse.Named("large", large), clickhouse.Named("week", lastWeek().Format(time.DateOnly))).Scan(&a.topics)
	return a, err
}

// questions prints what each named query costs.
func (b *bench) questions(ctx context.Context, _ *wording.Names) error {
	a, err := b.asks(ctx)
	if err != nil {
		return err
	}
	catalog, err := query.Catalog()
	if err != nil {
		return err
	}
	var list []question
	for _, q := range catalog {
		if q.Name != "posts_list" && q.Name != "posts_count" {
			list = append(list, question{q.Name, func() (query.Params, error) { return b.draw(ctx, a, q) }, q.Name})
		}
	}
	fmt.Printf("\n%-28s %4s %8s %8s %8s %8s %9s %9s\n", "question", "n", "p50 ms", "p95 ms", "cpu p50", "cpu p95", "k rows", "MB")
	var p50s, p95s []float64
	for _, q := range list {
		if ok, err := regexp.MatchString(b.only, q.name); err != nil || !ok {
			continue
		}
		costs, err := b.ask(ctx, q)
		if err != nil {
			return err
		}
		p50, p95 := line(q.name, costs)
		p50s, p95s = append(p50s, p50), append(p95s, p95)
	}
	if len(p50s) == 0 {
		return nil
	}
	slices.Sort(p50s)
	slices.Sort(p95s)
	fmt.Printf("%d queries: the median of the medians is %.0f ms; the median of the p95 is %.0f ms; load %s\n", len(p50s), p50s[len(p50s)/2], p95s[len(p95s)/2], load())
	return nil
}

// line prints the costs of a question and returns the median and the 95th percentile of the time.
func line(name string, costs []spent) (p50, p95 float64) {
	var rows, bytes uint64
	for _, c := range costs {
		rows += c.rows
		bytes += c.bytes
	}
	took, cpu := func(c spent) time.Duration { return c.took }, func(c spent) time.Duration { return c.cpu }
	p50, p95 = ms(costs, took, 50), ms(costs, took, 95)
	n := uint64(len(costs))
	fmt.Printf("%-28s %4d %8.1f %8.1f %8.1f %8.1f %9.1f %9.1f\n", name, n, p50, p95, ms(costs, cpu, 50), ms(costs, cpu, 95), float64(rows/n)/1e3, float64(bytes/n)/1e6)
	return p50, p95
}

// ask asks a question until there are enough answers or it has taken long. The first is not counted: it reads the files.
func (b *bench) ask(ctx context.Context, q question) ([]spent, error) {
	var costs []spent
	began := time.Now()
	for i := 0; i <= draws && (i < 4 || time.Since(began) < patience); i++ {
		params, err := q.params()
		if err != nil {
			return nil, err
		}
		var c spent
		start, used := time.Now(), cpu(b.server)
		if _, err := query.RunTable(measured(ctx, &c), b.reader, q.query, params); err != nil {
			return nil, err
		}
		// What the server reports for a query leaves out most of its planning.
		c.took, c.cpu = time.Since(start), cpu(b.server)-used
		if i > 0 {
			costs = append(costs, c)
		}
	}
	return costs, nil
}

// draw gives the parameters of a query that have no default.
func (b *bench) draw(ctx context.Context, a *asked, q query.Query) (query.Params, error) {
	week := a.week()
	// What the pages ask for: some look back over weeks, and segments are compared within one week.
	span := map[string]int{"question_weeks": 8, "question_ledger": 8, "newcomer_funnel": 8, "retention_cohorts": 8, "stale_windows": 8,
		"heatmap": 3, "topic_days": 8, "topic_roles": 3, "hour_cells": 3, "arrival_hours": 1}[q.Name]
	p := query.Params{}
	for _, param := range q.Params {
		if !param.Required {
			continue
		}
		switch param.Name {
		case "community":
			p["community"] = large
		case "week":
			p["week"] = week
		case "from":
			p["from"] = week.AddDate(0, 0, -7*span)
		case "to":
			p["to"] = week.AddDate(0, 0, 6)
		case "topic":
			p["topic"] = a.topic()
			if param.Type == query.StringArray {
				p["topic"] = []string{a.topic()}
			}
		case "segments":
			p["segments"], p["topic"], p["weeks"] = a.segments, []string{a.topic(), a.topic(), a.topic()}, 0
		case "intent":
			p["intent"] = [][]string{{"request"}, {"praise", "recommend"}, {"churn_risk", "upsell_signal"}}[a.r.IntN(3)]
		case "id":
			ids, err := b.someOf(ctx, "post_id", week, a.r.Uint64(), 20)
			if err != nil {
				return nil, err
			}
			p["id"] = ids
		case "thread":
			ids, err := b.someOf(ctx, "thread_id", week, a.r.Uint64(), 1)
			if err != nil {
				return nil, err
			}
			p["thread"] = ids[0]
		}
	}
	return p, nil
}

// someOf returns ids of posts or threads of the first day of a week; it fails when there are none.
func (b *bench) someOf(ctx context.Context, column string, week time.Time, seed uint64, n int) ([]string, error) {
	var list []string
	err := b.conn.QueryRow(ctx, "SELECT groupArray(id) FROM (SELECT DISTINCT if({column:String} = 'post_id', post_id, thread_id) AS id FROM posts WHERE community = {large:String} AND day = {day:Date} AND id != '' ORDER BY cityHash64(id, {seed:UInt64}) LIMIT {n:UInt64})",
		clickhouse.Named("column", column), clickhouse.Named("large", large), clickhouse.Named("day", week.Format(time.DateOnly)), clickhouse.Named("seed", seed),
		clickhouse.Named("n", n)).Scan(&list)
	if err == nil && len(list) == 0 {
		err = errors.New("there is none")
	}
	if err != nil {
		return nil, fmt.Errorf("a %s of %s: %w", column, week.Format(time.DateOnly), err)
	}
	return list, nil
}

// drill prints what it costs to open the posts behind a number.
func (b *bench) drill(ctx context.Context, _ *wording.Names) error {
	r := rand.New(rand.NewPCG(b.seed, 1))
	a := &asked{r: r}
	if err := b.conn.QueryRow(ctx, "SELECT groupUniqArray(toString(topic)) FROM topic_daily WHERE community = {large:String} AND day = {day:Date}",
		clickhouse.Named("large", large), clickhouse.Named("day", lastWeek().Format(time.DateOnly))).Scan(&a.topics); err != nil {
		return err
	}
	slices.Sort(a.topics)
	if err := b.conn.QueryRow(ctx, "SELECT groupUniqArray(50)(author_id) FROM posts WHERE community = {large:String} AND day = {day:Date} AND author_id != ''",
		clickhouse.Named("large", large), clickhouse.Named("day", lastWeek().Format(time.DateOnly))).Scan(&a.authors); err != nil {
		return err
	}
	pick := func(list ...string) []string { return []string{list[r.IntN(len(list))]} }
	sentiments := []string{"positive", "negative", "neutral", "mixed"}
	fmt.Printf("\n%-28s %4s %8s %8s %8s %8s %9s %9s\n", "drill-down", "n", "p50 ms", "p95 ms", "cpu p50", "cpu p95", "k rows", "MB")
	for _, d := range []struct {
		name   string
		narrow func(f *query.Filter)
	}{
		{"a week", func(*query.Filter) {}},
		{"topic, day", func(f *query.Filter) { f.Topic, f.To = []string{a.topic()}, f.From }},
		{"topic, week", func(f *query.Filter) { f.Topic = []string{a.topic()} }},
		{"topic and its polarity", func(f *query.Filter) { f.Topic, f.TopicSentiment = []string{a.topic()}, pick(sentiments...) }},
		{"topic, 9 weeks", func(f *query.Filter) { f.Topic, f.From = []string{a.topic()}, f.From.AddDate(0, 0, -56) }},
		{"intent and role", func(f *query.Filter) {
			f.Intent, f.Role = pick("request", "question", "complaint", "praise"), pick("member", "leader")
		}},
		{"hour of a weekday", func(f *query.Filter) { f.Hour, f.Weekday = []uint8{uint8(r.IntN(24))}, []uint8{uint8(1 + r.IntN(7))} }},
		{"segment", func(f *query.Filter) {
			f.Topic, f.Segment = []string{a.topic()}, pick("plan=standard", "plan=pro", "tenure=0-29d")
		}},
		{"author", func(f *query.Filter) { f.Author = a.authors[r.IntN(len(a.authors)):][:1] }},
		{"words", func(f *query.Filter) { f.Text = pick("値段", "遅い", "ありがとう", "ログイン")[0] }},
		{"words, 52 weeks", func(f *query.Filter) {
			f.Text, f.From, f.To = pick("値段", "遅い", "ありがとう", "ログイン")[0], lifeEnd().AddDate(0, 0, -364), lastWeek().AddDate(0, 0, 6)
		}},
	} {
		for _, q := range []string{"posts_count", "posts_list"} {
			costs, err := b.ask(ctx, question{d.name, func() (query.Params, error) {
				f := query.Filter{Community: large, From: a.week()}
				f.To = f.From.AddDate(0, 0, 6)
				d.narrow(&f)
				if q == "posts_list" {
					return f.ListParams(), nil
				}
				return f.Params(), nil
			}, q})
			if err != nil {
				return err
			}
			line(strings.TrimPrefix(q, "posts_")+": "+d.name, costs)
		}
	}
	return nil
}

// page prints how long the pages take that nobody has asked for yet.
func (b *bench) page(ctx context.Context, names *wording.Names) error {
	fmt.Printf("\n%-28s %4s %8s %8s %8s\n", "page, nothing kept", "n", "p50 ms", "p95 ms", "cpu p50")
	r := rand.New(rand.NewPCG(b.seed, 2))
	for _, path := range []string{"/", "/topic", "/questions", "/attention", "/activity", "/quality"} {
		var took, used []time.Duration
		for i := range pageDraws {
			s, err := web.New(web.Config{Conn: b.reader, Names: names, Log: slog.New(slog.DiscardHandler), Timeout: 5 * time.Minute, Weeks: 8, Now: func() time.Time { return lifeEnd().Add(9 * time.Hour) }})
			if err != nil {
				return err
			}
			h, err := s.Handler()
			if err != nil {
				return err
			}
			week := lastWeek().AddDate(0, 0, -7*i)
			if i > 0 {
				week = lastWeek().AddDate(0, 0, -7*r.IntN(40))
			}
			address := path + "?community=" + large + "&week=" + query.FormatWeek(week)
			if path == "/topic" {
				address += "&topic=pricing"
			}
			w := httptest.NewRecorder()
			began, before := time.Now(), cpu(b.server)
			h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, address, nil))
			if w.Code != http.StatusOK {
				return fmt.Errorf("%s answers %d: %.300s", address, w.Code, w.Body.String())
			}
			took, used = append(took, time.Since(began)), append(used, cpu(b.server)-before)
		}
		slices.Sort(took)
		slices.Sort(used)
		fmt.Printf("%-28s %4d %8.1f %8.1f %8d\n", path, len(took), took[len(took)/2].Seconds()*1e3, took[len(took)-1].Seconds()*1e3, used[len(used)/2].Milliseconds())
	}
	return nil
}

// weekly prints how long the weekly report takes.
func (b *bench) weekly(ctx context.Context, names *wording.Names) error {
	for range 2 {
		began, before := time.Now(), cpu(b.server)
		r, err := report.Build(ctx, b.reader, report.Options{Community: large, Week: lastWeek(), Zone: names.Zone()})
		if err != nil {
			return err
		}
		asked := time.Since(began)
		if err := r.HTML(io.Discard, "/"); err != nil {
			return err
		}
		fmt.Printf("weekly report: %.1f s, of these %.1f s to ask and to judge; processor time of ClickHouse %.1f s\n", time.Since(began).Seconds(), asked.Seconds(), (cpu(b.server) - before).Seconds())
	}
	return nil
}

// rebuild prints how long the largest window and a week take to be counted afresh.
func (b *bench) rebuild(ctx context.Context, _ *wording.Names) error {
	r, err := rollup.New(b.conn, rollup.Config{})
	if err != nil {
		return err
	}
	week := make([]schema.Window, 7)
	for i := range week {
		week[i] = schema.Window{Community: large, Day: lastWeek().AddDate(0, 0, i)}
	}
	for _, windows := range [][]schema.Window{week[:1], week} {
		if err := rollup.Mark(ctx, b.conn, windows); err != nil {
			return err
		}
		before := cpu(b.server)
		s, err := r.RunOnce(ctx)
		if err != nil {
			return err
		}
		if s.Windows != len(windows) {
			return errors.New("another number of windows was counted than marked")
		}
		fmt.Printf("rebuild of %d windows: %d ms, processor time %d ms\n", s.Windows, s.Took.Milliseconds(), (cpu(b.server) - before).Milliseconds())
	}
	return nil
}
