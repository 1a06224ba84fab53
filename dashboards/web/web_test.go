package web_test

import (
	"cmp"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/dashboards/web"
	"voc/dashboards/wording"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

// TestPages runs the tests that only read on one community, because filling it takes longer than most of them.
func TestPages(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	for name, test := range map[string]func(*testing.T, *chtest.DB){
		"every link resolves": everyLinkResolves, "every number opens its posts": everyNumberOpensItsPosts, "what rose is on top": whatRoseIsOnTop,
		"reader of one community": readerOfOneCommunity, "any text in any parameter": anyTextInAnyParameter,
		"points add up": pointsAddUp, "one voice one vote": oneVoiceOneVote, "wrong addresses": wrongAddresses, "numbers equal queries": numbersEqualQueries, "means of a young community": meansOfAYoungCommunity, "post page": postPage, "more questions than are read": moreQuestionsThanAreRead, "all core members count": allCoreMembersCount,
	} {
		t.Run(name, func(t *testing.T) { test(t, db) })
	}
}

// config is a server without login on the rights of a reader, on the Monday after the last week.
func config(t testing.TB, db *chtest.DB) web.Config {
	t.Helper()
	names, err := wording.Default(db.Calendar.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return web.Config{
		Conn: db.As(t, engine.Reader), Names: names, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), Timeout: time.Minute, Weeks: 8,
		Now: func() time.Time { return dashtest.Week().AddDate(0, 0, 7).Add(9 * time.Hour) },
	}
}

// quiet is the log of a test that provokes errors.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func handler(t testing.TB, c web.Config) http.Handler {
	t.Helper()
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// readerOfOneCommunity opens the pages with the rights of a database user who may see one community only.
func readerOfOneCommunity(t *testing.T, db *chtest.DB) {
	everything := handler(t, config(t, db))
	c := config(t, db)
	c.Conn = db.As(t, chtest.BoundDefault)
	bound := handler(t, c)
	mention := `<option value="` + dashtest.Other + `"`
	if !strings.Contains(get(t, everything, "/").text, mention) {
		t.Errorf("the first page does not mention %s to a reader of everything; the test proves nothing", mention)
	}
	for _, address := range starts() {
		want := http.StatusOK
		if strings.Contains(address, "community="+dashtest.Other) {
			want = http.StatusNotFound
		}
		if d := get(t, bound, address); d.StatusCode != want || strings.Contains(d.text, mention) {
			t.Errorf("%s answers %d, want %d, and mentions the other community: %t", address, d.StatusCode, want, strings.Contains(d.text, mention))
		}
	}
}

// anyTextInAnyParameter puts hostile texts into every parameter that the pages' links and forms use: the answer is a page
// or a refusal, never a failure of the database.
func anyTextInAnyParameter(t *testing.T, db *chtest.DB) {
	h := handler(t, config(t, db))
	known := map[string]map[string]bool{} // by page
	for _, address := range starts() {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(address, "W20") || strings.Contains(address, "community="+dashtest.Other) {
			continue
		}
		names := known[u.Path]
		if names == nil {
			names = map[string]bool{"community": true, "week": true}
			known[u.Path] = names
		}
		d := get(t, h, address)
		for _, a := range d.all(tag("a")) {
			if link, err := url.Parse(attr(a, "href")); err == nil && (link.Path == u.Path || link.Path == "") {
				for name := range link.Query() {
					names[name] = true
				}
			}
		}
		for _, field := range d.all(func(n *html.Node) bool { return n.Data == "input" || n.Data == "select" }) {
			if name := attr(field, "name"); name != "" {
				names[name] = true
			}
		}
	}
	tried := 0
	for path, names := range known {
		for name := range names {
			for _, hostile := range []string{`'"` + "`" + `\'; DROP VIEW posts; -- {x:String} ) OR 1=1 /* <script>alert(1)</script>`, "\x00\xff", "-1", strings.Repeat("あ", 3000)} {
				values := url.Values{"community": {dashtest.Community}, "week": {query.FormatWeek(dashtest.Week())}, "topic": {"pricing"}}
				values.Set(name, hostile)
				tried++
				d := get(t, h, path+"?"+values.Encode())
				if d.StatusCode >= http.StatusInternalServerError || strings.Contains(d.text, "DB::Exception") || strings.Contains(d.text, "<script>alert") {
					t.Errorf("%s with %s = %.40q answers %d", path, name, hostile, d.StatusCode)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d values were tried", tried)
	}
}

// document is an answer with its parsed page.
type document struct {
	*http.Response
	text string
	root *html.Node
}

func get(t testing.TB, h http.Handler, address string) document {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil))
	return read(t, w.Result())
}

func read(t testing.TB, r *http.Response) document {
	t.Helper()
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	d := document{Response: r, text: string(b)}
	if d.root, err = html.Parse(strings.NewReader(d.text)); err != nil {
		t.Fatal(err)
	}
	return d
}

// all returns the elements that fit.
func (d document) all(fits func(*html.Node) bool) []*html.Node {
	var list []*html.Node
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && fits(n) {
			list = append(list, n)
		}
	}
	return list
}

func tag(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(strings.Fields(attr(n, "class")), name) }
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// starts are the pages that the menu leads to, in the reported week.
func starts() []string {
	week := "?community=" + dashtest.Community + "&week=" + query.FormatWeek(dashtest.Week())
	return []string{
		"/", "/" + week, "/topic" + week + "&topic=" + url.QueryEscape(dashtest.FlareTopic), "/topic" + week + "&topic=pricing", "/topics" + week, "/topics" + week + "&order=weighted&weight=touch_model", "/posts" + week, "/questions" + week, "/questions" + week + "&status=all",
		"/attention" + week, "/alerts" + week, "/activity" + week, "/quality" + week, "/actions" + week, "/roles" + week, "/actions?community=" + dashtest.Other, "/roles?community=" + dashtest.Community + "&week=2026-W20", "/?community=" + dashtest.Other, "/activity?community=" + dashtest.Other,
		"/topic?community=" + dashtest.Other + "&topic=search", "/?community=" + dashtest.Community + "&week=2026-W20", "/posts?community=" + dashtest.Community + "&week=2026-W20",
	}
}

// Every page that a start links to answers, and every page keeps the rules that pages have.
func everyLinkResolves(t *testing.T, db *chtest.DB) {
	h := handler(t, config(t, db))
	seen := map[string]bool{}
	perPath := map[string]int{}
	var visit func(address string, depth int)
	visit = func(address string, depth int) {
		u, err := url.Parse(address)
		if err != nil {
			t.Errorf("the address %q is none: %v", address, err)
			return
		}
		u.Fragment = ""
		// Addresses of posts differ in their conditions only; a share of them is enough.
		if seen[u.String()] || perPath[u.Path] >= 40 && !strings.HasPrefix(u.Path, "/static") {
			return
		}
		seen[u.String()] = true
		perPath[u.Path]++
		d := get(t, h, u.String())
		if d.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", u, d.StatusCode)
			return
		}
		if !strings.HasPrefix(d.Header.Get("Content-Type"), "text/html") {
			return
		}
		pageKeepsRules(t, u.String(), d)
		if depth == 0 {
			return
		}
		for _, a := range d.all(func(n *html.Node) bool { return attr(n, "href") != "" || attr(n, "src") != "" }) {
			link := attr(a, "href") + attr(a, "src")
			if strings.HasPrefix(link, "#") {
				if id := link[1:]; len(d.all(func(n *html.Node) bool { return attr(n, "id") == id })) != 1 {
					t.Errorf("%s has a link to #%s, which is not there once", u, id)
				}
				continue
			}
			if strings.HasPrefix(link, "https://") && attr(a, "rel") == "noopener noreferrer" {
				continue
			}
			if !strings.HasPrefix(link, "/") || strings.HasPrefix(link, "//") {
				t.Errorf("%s links to %q, which is on no page of ours", u, link)
				continue
			}
			visit(link, depth-1)
		}
	}
	for _, s := range starts() {
		visit(s, 1)
	}
	for _, path := range []string{"/", "/topic", "/topics", "/posts", "/post", "/questions", "/attention", "/alerts", "/activity", "/quality"} {
		if perPath[path] == 0 {
			t.Errorf("no link led to %s", path)
		}
	}
	t.Logf("%d pages", len(seen))
}

// pageKeepsRules checks what holds for every page: nothing inline, one heading, names for whatever can be used.
func pageKeepsRules(t *testing.T, address string, d document) {
	t.Helper()
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf(address+": "+format, args...)
	}
	ids := map[string]int{}
	for _, n := range d.all(func(*html.Node) bool { return true }) {
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				bad("<%s> has the attribute %s, which the policy forbids", n.Data, a.Key)
			}
		}
		switch n.Data {
		case "script":
			if attr(n, "src") == "" {
				bad("a script is inline")
			}
		case "style":
			bad("a style is inline")
		case "table":
			if !slices.ContainsFunc(slices.Collect(n.ChildNodes()), func(c *html.Node) bool { return c.Data == "caption" }) {
				bad("a table has no caption")
			}
		case "th":
			if attr(n, "scope") == "" {
				bad("a heading cell has no scope")
			}
		case "input", "select":
			if attr(n, "type") != "hidden" && !hasLabel(d, n) {
				bad("the field %s has no label", attr(n, "name"))
			}
		case "a", "button":
			if text(n) == "" && attr(n, "aria-label") == "" {
				bad("a link or button to %q has no name", attr(n, "href"))
			}
		case "svg":
			if attr(n, "aria-label") == "" && attr(n, "aria-hidden") == "" {
				bad("a picture has no name")
			}
		}
		if id := attr(n, "aria-labelledby"); id != "" && len(d.all(func(n *html.Node) bool { return attr(n, "id") == id })) != 1 {
			bad("aria-labelledby=%s names nothing", id)
		}
	}
	for id, n := range ids {
		if n > 1 {
			bad("the id %s stands there %d times", id, n)
		}
	}
	for _, name := range []string{"h1", "main", "header", "title"} {
		if len(d.all(func(n *html.Node) bool { return n.Data == name && n.Parent.Data != "svg" })) != 1 {
			bad("there is not one <%s>", name)
		}
	}
	if strings.Contains(d.text, "ZgotmplZ") || strings.Contains(d.text, "&lt;no value") || strings.Contains(d.text, "%!") {
		bad("something was not printed")
	}
	for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"} {
		if !strings.Contains(d.Header.Get(name), want) {
			bad("the header %s is %q", name, d.Header.Get(name))
		}
	}
}

func hasLabel(d document, field *html.Node) bool {
	for p := range field.Ancestors() {
		if p.Data == "label" {
			return text(p) != ""
		}
	}
	id := attr(field, "id")
	return id != "" && len(d.all(func(n *html.Node) bool { return n.Data == "label" && attr(n, "for") == id })) == 1
}

// Every number that links to posts opens exactly as many.
func everyNumberOpensItsPosts(t *testing.T, db *chtest.DB) {
	h := handler(t, config(t, db))
	counts := map[string]string{}
	where := map[string]string{}
	people := map[string][2]string{} // of authors and of accounts
	for _, s := range starts() {
		d := get(t, h, s)
		for _, a := range d.all(func(n *html.Node) bool { return attr(n, "data-count") != "" && n.Data == "a" }) {
			href := attr(a, "href")
			if before, ok := counts[href]; ok && before != attr(a, "data-count") {
				t.Errorf("%s and %s give %s and %s for %s", where[href], s, before, attr(a, "data-count"), href)
			}
			counts[href], where[href] = attr(a, "data-count"), s
		}
		for _, a := range d.all(func(n *html.Node) bool { return attr(n, "data-authors") != "" || attr(n, "data-accounts") != "" }) {
			p := people[attr(a, "href")]
			people[attr(a, "href")] = [2]string{cmp.Or(attr(a, "data-authors"), p[0]), cmp.Or(attr(a, "data-accounts"), p[1])}
		}
	}
	if len(counts) < 300 {
		t.Fatalf("only %d numbers have links", len(counts))
	}
	conn := db.As(t, engine.Reader)
	hrefs := slices.Sorted(maps.Keys(counts))
	rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0)).Shuffle(len(hrefs), func(i, j int) { hrefs[i], hrefs[j] = hrefs[j], hrefs[i] })
	asked := map[string]int{} // by start; the first few are opened as pages, too
	for _, href := range hrefs {
		want := counts[href]
		if asked[where[href]]++; asked[where[href]] > 40 {
			continue
		}
		u, err := url.Parse(href)
		if err != nil {
			t.Fatal(err)
		}
		f, err := query.ParseFilter(u.Query())
		if err != nil {
			t.Errorf("%s: %v", href, err)
			continue
		}
		var got []query.PostCount
		if err := query.Run(t.Context(), conn, "posts_count", f.Params(), &got); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || strconv.FormatUint(got[0].Posts, 10) != want {
			t.Errorf("on %s a number says %s, its posts are %v: %s", where[href], want, got, href)
		}
		if asked[where[href]] > 3 {
			continue
		}
		d := get(t, h, href)
		out := d.all(func(n *html.Node) bool { return attr(n, "id") == "count" })
		if len(out) != 1 || attr(out[0], "data-count") != want {
			t.Errorf("the page of %s does not say %s", href, want)
		}
		n, err := strconv.Atoi(want)
		if err != nil {
			t.Fatal(err)
		}
		if cards := len(d.all(tag("article"))); cards != min(n, 30) {
			t.Errorf("%s shows %d posts of %d", href, cards, n)
		}
	}
	if len(people) < 40 {
		t.Errorf("only %d numbers of people have links", len(people))
	}
	for href, want := range people {
		u, err := url.Parse(href)
		if err != nil {
			t.Fatal(err)
		}
		f, err := query.ParseFilter(u.Query())
		if err != nil {
			t.Errorf("%s: %v", href, err)
			continue
		}
		var got []query.PostCount
		if err := query.Run(t.Context(), conn, "posts_count", f.Params(), &got); err != nil {
			t.Fatal(err)
		}
		if want[0] != "" && want[0] != strconv.FormatUint(got[0].Authors, 10) || want[1] != "" && want[1] != strconv.FormatUint(got[0].Accounts, 10) {
			t.Errorf("%s are %s people of %s companies, the posts say %+v", href, want[0], want[1], got[0])
		}
	}
	t.Logf("%d numbers of posts, %d of people", len(counts), len(people))
}

// The planted rise is the first change, with the plan it came from and a voice.
func whatRoseIsOnTop(t *testing.T, db *chtest.DB) {
	d := get(t, handler(t, config(t, db)), "/")
	changes := d.all(func(n *html.Node) bool { return n.Data == "article" && class("change")(n) })
	if len(changes) == 0 {
		t.Fatal("no change is told")
	}
	first := text(changes[0])
	for _, want := range []string{"料金 › プラン", "↑", "契約プラン「" + dashtest.FlarePlan + "」", "値上げ"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first change does not tell %q: %s", want, first)
		}
	}
	if notes := d.all(class("note")); len(notes) == 0 || !strings.Contains(text(notes[0]), "急増") {
		t.Error("the burst raises no alert")
	}
}

// The points of the reasons add up to the points of the account, and the planted account is there.
func pointsAddUp(t *testing.T, db *chtest.DB) {
	d := get(t, handler(t, config(t, db)), "/attention")
	rows := 0
	for _, tr := range d.all(tag("tr")) {
		row := document{root: tr}
		points := row.all(class("points"))
		if len(points) != 1 {
			continue
		}
		rows++
		sum := 0
		for _, li := range row.all(tag("li")) {
			spans := document{root: li}.all(class("num"))
			n, err := strconv.Atoi(strings.TrimSuffix(text(spans[len(spans)-1]), "点"))
			if err != nil {
				t.Fatal(err)
			}
			sum += n
		}
		if strconv.Itoa(sum) != text(points[0]) {
			t.Errorf("%s: the reasons give %d", text(tr), sum)
		}
	}
	if rows < 10 {
		t.Errorf("only %d rows", rows)
	}
	if !strings.Contains(d.text, "48時間返信のない不満・不具合") {
		t.Error("the unanswered complaint is not told")
	}
}

func wrongAddresses(t *testing.T, db *chtest.DB) {
	h := handler(t, config(t, db))
	for address, want := range map[string]int{
		"/nothing": 404, "/?community=nobody": 404, "/?week=2026-46": 400, "/?week=2026-W54": 400, "/topic": 400, "/posts?from=2026-11-09&to=2026-11-01": 400,
		"/posts?week=2026-W46&colour=red": 400, "/posts?week=2026-W46&weekday=9": 400, "/posts?week=2026-W46&segment=plan": 400, "/posts?week=2026-W46&limit=x": 400,
		"/post": 404, "/post?id=nothing": 404, "/post?id=" + strings.Repeat("x", 2000): 404, "/questions?status=lost": 400, "/topics?order=loudness": 400, "/topics?weight=nothing": 200, "/reports": 404, "/reports/2026-W46": 404,
		"/static/0000/app.js": 404, "/posts?week=2026-W46&text=%ff": 400, "/topic?topic=nothing": 200, "/posts?week=2026-W46&text=%3Cscript%3E": 200,
	} {
		d := get(t, h, address)
		if d.StatusCode != want {
			t.Errorf("%.60s answers %d, not %d", address, d.StatusCode, want)
		}
		if strings.HasPrefix(address, "/static") {
			continue
		}
		pageKeepsRules(t, address, d)
		if strings.Contains(d.text, "<script>") {
			t.Errorf("%s puts what was asked for into the page", address)
		}
	}
}

// The key figures and the table of topics are those of the queries.
func numbersEqualQueries(t *testing.T, db *chtest.DB) {
	d := get(t, handler(t, config(t, db)), "/")
	var weeks []query.OverviewWeek
	week := query.Params{"community": dashtest.Community, "week": dashtest.Week(), "weeks": 0}
	if err := query.Run(t.Context(), db.Conn, "overview_weeks", week, &weeks); err != nil {
		t.Fatal(err)
	}
	w := weeks[0]
	tiles := map[string]string{}
	for _, n := range d.all(class("tile")) {
		tile := document{root: n}
		tiles[text(tile.all(tag("dt"))[0])] = text(tile.all(class("value"))[0])
	}
	for label, want := range map[string]string{
		"投稿": strconv.FormatUint(w.Posts, 10) + "件", "投稿した人": strconv.FormatUint(w.Authors, 10) + "人", "否定的な投稿": strconv.FormatUint(w.Negative, 10) + "件",
		"要望": strconv.FormatUint(w.Requests, 10) + "件", "解約の兆し": strconv.FormatUint(w.ChurnRisks, 10) + "件",
	} {
		if tiles[label] != want {
			t.Errorf("%s is %q on the page and %q by query", label, tiles[label], want)
		}
	}
	var topics []query.TopicWeek
	if err := query.Run(t.Context(), db.Conn, "topic_weeks", week, &topics); err != nil {
		t.Fatal(err)
	}
	table := d.all(func(n *html.Node) bool { return attr(n, "aria-labelledby") == "topics" })[0]
	rows := document{root: table}.all(tag("tr"))
	if len(rows) != len(topics)+1 {
		t.Errorf("the table has %d rows for %d topics", len(rows)-1, len(topics))
	}
}

// The mean of the weeks before counts only those that the community had posts in.
func meansOfAYoungCommunity(t *testing.T, db *chtest.DB) {
	const before = 3
	week := dashtest.Week().AddDate(0, 0, -7*(dashtest.Weeks-1-before))
	f := query.Filter{Community: dashtest.Community, From: week.AddDate(0, 0, -7*8), To: week.AddDate(0, 0, -1), Quarantined: "no"}
	var n []query.PostCount
	if err := query.Run(t.Context(), db.Conn, "posts_count", f.Params(), &n); err != nil {
		t.Fatal(err)
	}
	d := get(t, handler(t, config(t, db)), "/roles?community="+dashtest.Community+"&week="+query.FormatWeek(week))
	if want := "前の週の平均 " + wording.Decimal(float64(n[0].Posts)/before) + "件"; !strings.Contains(d.text, want) {
		t.Errorf("the page of roles lacks %q", want)
	}
}

// The page of a post shows its text as it is, marks its evidence and lists it.
func postPage(t *testing.T, db *chtest.DB) {
	h := handler(t, config(t, db))
	var posts []query.Post
	f := query.Filter{Community: dashtest.Community, From: dashtest.Week(), To: dashtest.Week().AddDate(0, 0, 6), Topic: []string{dashtest.FlareTopic}, Limit: 5}
	if err := query.Run(t.Context(), db.Conn, "posts_list", f.ListParams(), &posts); err != nil {
		t.Fatal(err)
	}
	for _, p := range posts {
		d := get(t, h, "/post?community="+dashtest.Community+"&id="+p.PostID)
		body := d.all(class("body"))[0]
		if got := text(body); got != strings.Join(strings.Fields(p.Body), " ") {
			t.Errorf("%s is shown as %q, it is %q", p.PostID, got, p.Body)
		}
		marks := document{root: body}.all(class("ev"))
		var spans []query.Span
		if err := query.Run(t.Context(), db.Conn, "post_spans", query.Params{"community": dashtest.Community, "from": f.From, "to": f.To, "id": []string{p.PostID}}, &spans); err != nil {
			t.Fatal(err)
		}
		if len(marks) == 0 || len(spans) == 0 {
			t.Errorf("%s has %d marks for %d spans", p.PostID, len(marks), len(spans))
		}
		for _, s := range spans {
			if !strings.Contains(d.text, "「"+s.Text+"」") {
				t.Errorf("%s does not list the evidence %q", p.PostID, s.Text)
			}
		}
		for _, m := range marks {
			if text(m) == "" || !strings.Contains(attr(m, "data-why"), "\t") || !strings.HasPrefix(attr(m, "href"), "#e") {
				t.Errorf("the mark %q of %s explains nothing", text(m), p.PostID)
			}
		}
	}
}
