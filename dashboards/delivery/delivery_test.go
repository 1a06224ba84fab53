package delivery_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"voc/dashboards/delivery"
	"voc/dashboards/report"
)

func tokyo(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// weekly is a report of one highlight with a drill-down.
func weekly(community, week string) *report.Report {
	posts := 40.0
	return &report.Report{
		Format: 1, Title: "週次VOCレポート 2026年第46週", Community: community, Week: week, Period: "2026年11月9日(月)〜11月15日(日)",
		Highlights: []report.Line{{
			{Text: "料金 <上昇> & 解約が", Tone: report.ToneStrong}, {Text: "40件", Value: &posts, Posts: "/posts?community=" + community + "&topic=pricing"},
			{Text: "に増えました。", Anchor: "changes"},
		}},
		Sections: []report.Section{{ID: "overview", Title: "全体像", Blocks: []report.Block{{ID: "tiles", Tiles: []report.Tile{{Label: "投稿", Figure: report.Span{Text: "268件", Value: &posts}}}}}}},
	}
}

func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

func openLedger(t *testing.T, path string) *delivery.Ledger {
	t.Helper()
	l, err := delivery.OpenLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// recorder is a target that can be made to fail.
type recorder struct {
	name string
	got  []string
	fail func(n int) error // asked with the number of the attempt, from 1
	n    int
}

func (r *recorder) Name() string { return r.name }

func (r *recorder) Deliver(_ context.Context, n delivery.Notice) error {
	r.n++
	if r.fail != nil {
		if err := r.fail(r.n); err != nil {
			return err
		}
	}
	r.got = append(r.got, n.ID)
	return nil
}

func TestWebhookMessageIsOneThatSlackTakes(t *testing.T) {
	var body map[string]any
	var key string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		key = r.Header.Get("Idempotency-Key")
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
	}))
	defer s.Close()
	r := weekly("shop", "2026-W46")
	for range 80 { // more than one section holds
		r.Highlights = append(r.Highlights, report.Line{{Text: strings.Repeat("長い文です。", 20)}})
	}
	n := delivery.NoticeOf(r, "https://voc.example.jp/")
	if err := delivery.NewWebhook(s.URL).Deliver(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if key != n.ID || key != "report/shop/2026-W46" {
		t.Errorf("the Idempotency-Key is %q", key)
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Text   string
		Blocks []struct {
			Type     string
			Text     struct{ Text string }
			Fields   []struct{ Text string }
			Elements []struct{ URL string }
		}
	}
	if err := json.Unmarshal(text, &sent); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	var link string
	for _, b := range sent.Blocks {
		if len([]rune(b.Text.Text)) > 3000 || b.Type == "header" && len([]rune(b.Text.Text)) > 150 || len(b.Fields) > 10 {
			t.Errorf("a block is larger than Slack allows: %+v", b)
		}
		all.WriteString(b.Text.Text)
		for _, e := range b.Elements {
			link += e.URL
		}
	}
	if len(sent.Blocks) > 50 {
		t.Errorf("there are %d blocks; Slack takes 50", len(sent.Blocks))
	}
	for _, want := range []string{"&lt;上昇&gt; &amp; 解約", "<https://voc.example.jp/posts?community=shop&amp;topic=pricing|40件>", "<https://voc.example.jp/reports/2026-W46?community=shop#changes|に増えました。>"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("the message lacks %q:\n%.300s", want, all.String())
		}
	}
	if link != "https://voc.example.jp/reports/2026-W46?community=shop" || !strings.Contains(sent.Text, "第46週") {
		t.Errorf("the button leads to %q, the text is %q", link, sent.Text)
	}
}

func TestWebhookErrorsKeepTheAddressSecret(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		http.Error(w, "rate_limited", http.StatusTooManyRequests)
	}))
	defer s.Close()
	n := delivery.NoticeOf(weekly("shop", "2026-W46"), "")
	err := delivery.NewWebhook(s.URL+"/services/T0/SECRET").Deliver(t.Context(), n)
	var later delivery.RetryAfter
	if !errors.As(err, &later) || later.Wait != 7*time.Second || !strings.Contains(err.Error(), "rate_limited") {
		t.Errorf("got %v", err)
	}
	s.Close()
	for _, address := range []string{s.URL + "/services/T0/SECRET", "https://\x7f/SECRET", "http://name.invalid./services/SECRET"} {
		if err := delivery.NewWebhook(address).Deliver(t.Context(), n); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("got %v; want an error without the address", err)
		}
	}
}

func TestFilesAreWholeAndStayInTheFolder(t *testing.T) {
	dir := t.TempDir()
	f := delivery.Files{Dir: dir, Pattern: "{community}/{week}.{format}", Formats: []report.Format{report.FormatMarkdown, report.FormatJSON}}
	n := delivery.NoticeOf(weekly("../outside/x", "2026-W46"), "https://voc.example.jp")
	for range 2 { // the second one replaces
		if err := f.Deliver(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	var found []string
	err := filepath.WalkDir(filepath.Dir(dir), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, strings.TrimPrefix(path, dir))
		}
		return err
	})
	if err != nil || !slices.Equal(found, []string{"/%2E%2E%2Foutside%2Fx/2026-W46.json", "/%2E%2E%2Foutside%2Fx/2026-W46.md"}) {
		t.Errorf("found %q, %v", found, err)
	}
}

func TestLedgerOutlivesACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "ledger.jsonl")
	l := openLedger(t, path)
	to := &recorder{name: "a"}
	c := &delivery.Courier{Targets: []delivery.Target{to}, Ledger: l, Log: quietLog(), Now: time.Now}
	n := delivery.NoticeOf(weekly("shop", "2026-W46"), "")
	if err := c.Deliver(t.Context(), n, false); err != nil {
		t.Fatal(err)
	}
	if _, err := delivery.OpenLedger(path); err == nil || !strings.Contains(err.Error(), "held by another voc") {
		t.Fatalf("a second process got the ledger: %v", err)
	}
	l.Close()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"at":"2026-11-16T`); err != nil { // cut off in mid-write
		t.Fatal(err)
	}
	f.Close()
	c.Ledger = openLedger(t, path)
	if err := c.Deliver(t.Context(), n, false); err != nil || len(to.got) != 1 {
		t.Errorf("after the restart it was delivered %d times, %v", len(to.got), err)
	}
	if err := c.Deliver(t.Context(), n, true); err != nil || len(to.got) != 2 {
		t.Errorf("again delivered %d times in all, %v", len(to.got), err)
	}
	entries, err := delivery.ReadLedger(path)
	if err != nil || len(entries) != 2 {
		t.Errorf("the ledger has %d entries, %v", len(entries), err)
	}
	c.Ledger.Close()
	if err := os.WriteFile(path, []byte("{}\nrubbish\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := delivery.OpenLedger(path); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a damaged ledger gave %v", err)
	}
}

// clock is a time that only waiting moves, until it has gone far enough.
type clock struct {
	now, end time.Time
	waits    []time.Duration
}

func (c *clock) Now() time.Time { return c.now }

func (c *clock) Wait(_ context.Context, d time.Duration) error {
	c.waits = append(c.waits, d)
	c.now = c.now.Add(d)
	if c.now.After(c.end) {
		return context.Canceled
	}
	return nil
}

// bench is a schedule under a clock.
type bench struct {
	t       *testing.T
	path    string
	targets []delivery.Target
	clock   clock
	// away makes the database fail until this moment.
	away        time.Time
	communities []string
}

// run starts a process at a moment and ends it at another.
func (b *bench) run(from, to string) {
	b.t.Helper()
	zone := tokyo(b.t)
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			b.t.Fatal(err)
		}
		return v
	}
	b.clock = clock{now: at(from), end: at(to)}
	when, err := delivery.ParseSchedule("0 8 * * 1", zone)
	if err != nil {
		b.t.Fatal(err)
	}
	l, err := delivery.OpenLedger(b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer l.Close()
	s := &delivery.Scheduler{
		Courier: &delivery.Courier{Targets: b.targets, Ledger: l, Log: quietLog(), Now: b.clock.Now}, Schedule: when, CatchUp: 2, Wait: b.clock.Wait,
		Communities: func(context.Context, time.Time) ([]string, error) { return b.communities, nil },
		Build: func(_ context.Context, community string, week time.Time) (delivery.Notice, error) {
			if b.clock.now.Before(b.away) {
				return delivery.Notice{}, errors.New("connection refused")
			}
			_, w := week.ISOWeek()
			return delivery.NoticeOf(weekly(community, "2026-W"+string(rune('0'+w/10))+string(rune('0'+w%10))), ""), nil
		},
	}
	if err := s.Run(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func TestScheduleDeliversEachWeekOnce(t *testing.T) {
	a, z := &recorder{name: "a"}, &recorder{name: "z"}
	b := &bench{t: t, path: filepath.Join(t.TempDir(), "l"), targets: []delivery.Target{a, z}, communities: []string{"shop", "forum"}}
	want := func(step string, ids ...string) {
		t.Helper()
		for _, r := range []*recorder{a, z} {
			if !slices.Equal(r.got, ids) {
				t.Errorf("%s: %s has %q; want %q", step, r.name, r.got, ids)
			}
		}
	}
	b.run("2026-11-11 10:00", "2026-11-11 12:00")
	want("started in mid-week, nothing is due")
	b.run("2026-11-16 07:59", "2026-11-16 09:00")
	first := []string{"report/shop/2026-W46", "report/forum/2026-W46"}
	want("Monday at eight", first...)
	b.run("2026-11-16 09:01", "2026-11-17 09:00")
	want("a restart delivers nothing twice", first...)
	b.run("2026-11-25 10:00", "2026-11-25 10:05")
	second := append(slices.Clone(first), "report/shop/2026-W47", "report/forum/2026-W47")
	want("a missed Monday is made up for", second...)
	b.run("2026-12-31 10:00", "2026-12-31 10:05")
	want("after a long standstill the last two weeks come", append(second, "report/shop/2026-W51", "report/forum/2026-W51", "report/shop/2026-W52", "report/forum/2026-W52")...)
}

func TestScheduleSurvivesADatabaseThatIsAway(t *testing.T) {
	a := &recorder{name: "a"}
	b := &bench{t: t, path: filepath.Join(t.TempDir(), "l"), targets: []delivery.Target{a}, communities: []string{"shop"}}
	b.away = time.Date(2026, 11, 16, 11, 0, 0, 0, tokyo(t))
	b.run("2026-11-16 07:00", "2026-11-16 12:00")
	if !slices.Equal(a.got, []string{"report/shop/2026-W46"}) {
		t.Errorf("delivered %q", a.got)
	}
	var longest time.Duration
	for _, w := range b.clock.waits {
		longest = max(longest, w)
	}
	if longest < 5*time.Minute || longest > 25*time.Minute {
		t.Errorf("the longest pause is %s; want pauses that grow to a quarter of an hour", longest)
	}
}

func TestOneTargetThatFailsKeepsNobodyWaiting(t *testing.T) {
	bad := &recorder{name: "a", fail: func(n int) error {
		if n <= 3 {
			return errors.New("mailbox full")
		}
		return nil
	}}
	good := &recorder{name: "b"}
	b := &bench{t: t, path: filepath.Join(t.TempDir(), "l"), targets: []delivery.Target{bad, good}, communities: []string{"shop"}}
	b.run("2026-11-16 07:59", "2026-11-16 08:00")
	if len(good.got) != 1 || len(bad.got) != 0 {
		t.Errorf("at eight the good one has %d, the bad one %d", len(good.got), len(bad.got))
	}
	b.run("2026-11-16 08:01", "2026-11-16 09:00")
	if len(good.got) != 1 || len(bad.got) != 1 || bad.n != 4 {
		t.Errorf("in the end the good one has %d, the bad one %d after %d attempts", len(good.got), len(bad.got), bad.n)
	}
}

// A ledger that cannot be written would let the next attempt deliver twice.
func TestScheduleEndsWithoutItsLedger(t *testing.T) {
	l := openLedger(t, filepath.Join(t.TempDir(), "l"))
	c := clock{now: time.Date(2026, 11, 16, 7, 59, 50, 0, tokyo(t)), end: time.Date(2026, 11, 16, 9, 0, 0, 0, tokyo(t))}
	to := &recorder{name: "a", fail: func(int) error { return l.Close() }} // the disk goes away
	when, err := delivery.ParseSchedule("0 8 * * 1", tokyo(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &delivery.Scheduler{
		Courier: &delivery.Courier{Targets: []delivery.Target{to}, Ledger: l, Log: quietLog(), Now: c.Now}, Schedule: when, CatchUp: 1, Wait: c.Wait,
		Communities: func(context.Context, time.Time) ([]string, error) { return []string{"shop"}, nil },
		Build: func(context.Context, string, time.Time) (delivery.Notice, error) {
			return delivery.NoticeOf(weekly("shop", "2026-W46"), ""), nil
		},
	}
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "delivery ledger") || len(to.got) != 1 {
		t.Errorf("delivered %d times, %v", len(to.got), err)
	}
}

func TestParseScheduleRefuses(t *testing.T) {
	for _, expr := range []string{"", "monday", "* * * *", "0 0 8 * * 1", "61 8 * * 1", "0 8 31 2 *"} {
		if _, err := delivery.ParseSchedule(expr, time.UTC); err == nil {
			t.Errorf("%q was taken", expr)
		}
	}
}

func FuzzParseSchedule(f *testing.F) {
	f.Add("0 8 * * 1")
	f.Add("@weekly")
	f.Add("*/5 0-7/2 1,15 * MON-FRI")
	zone := tokyo(f)
	f.Fuzz(func(t *testing.T, expr string) {
		s, err := delivery.ParseSchedule(expr, zone)
		if err != nil {
			return
		}
		now := time.Date(2026, 11, 16, 8, 0, 0, 0, zone)
		if next, err := s.Next(now); err == nil && !next.After(now) {
			t.Errorf("the next moment of %q after %s is %s", expr, now, next)
		}
	})
}

func FuzzLedger(f *testing.F) {
	f.Add([]byte("{\"event\":\"delivered\"}\n{"))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "l")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if l, err := delivery.OpenLedger(path); err == nil {
			l.Close()
		}
	})
}
