package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/dashboards/dashtest"
	"voc/dashboards/web"
	"voc/dashboards/web/auth"
	"voc/schema/chtest"
	"voc/schema/engine"
)

// asUser is a request that a trusted proxy sends for a user.
func asUser(t *testing.T, h http.Handler, user, method, address string, header ...string) document {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, address, nil)
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("X-User", user)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return read(t, w.Result())
}

func withUsers(t *testing.T, c web.Config) http.Handler {
	t.Helper()
	users, err := auth.OpenUsers(filepath.Join(t.TempDir(), "users.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, communities := range map[string][]string{"all": {auth.Everything}, "one": {dashtest.Other}, "none": {"elsewhere"}} {
		if err := users.Set(name, "", communities); err != nil {
			t.Fatal(err)
		}
	}
	c.Login, err = auth.New(auth.Config{Mode: auth.ByHeader, Users: users, Header: "X-User", Trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Session: time.Hour, Log: c.Log})
	if err != nil {
		t.Fatal(err)
	}
	return handler(t, c)
}

// A user sees their communities, and nothing tells that there are others.
func TestCommunitiesOfOthers(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	c := config(t, db)
	c.Reports = fixedReport{}
	h := withUsers(t, c)
	for _, path := range []string{"/", "/topic?topic=search", "/posts", "/post?id=p00001", "/questions", "/attention", "/alerts", "/activity", "/quality", "/reports", "/reports/2026-W46"} {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		d := asUser(t, h, "one", http.MethodGet, path+sep+"community="+dashtest.Community)
		if d.StatusCode != http.StatusNotFound {
			t.Errorf("%s of another community answers %d", path, d.StatusCode)
		}
		if path != "/post?id=p00001" {
			if d = asUser(t, h, "all", http.MethodGet, path+sep+"community="+dashtest.Community); d.StatusCode != http.StatusOK {
				t.Errorf("%s answers %d to somebody who may see it", path, d.StatusCode)
			}
		}
		if d = asUser(t, h, "one", http.MethodGet, path); strings.Contains(d.text, `value="`+dashtest.Community+`"`) || strings.Contains(d.text, "community="+dashtest.Community+"&") {
			t.Errorf("%s tells of another community", path)
		}
	}
	// A post of another community is not there, whatever community the address names.
	if d := asUser(t, h, "one", http.MethodGet, "/post?id=p00001"); d.StatusCode != http.StatusNotFound {
		t.Errorf("the post of another community answers %d", d.StatusCode)
	}
	if d := asUser(t, h, "one", http.MethodGet, "/posts?week=2026-W46"); !strings.Contains(d.text, `data-count="30"`) {
		t.Error("the posts are not those of the user's community")
	}
	if d := asUser(t, h, "one", http.MethodGet, "/quality"); strings.Contains(d.text, "voc.posts") || strings.Contains(d.text, "missing_field") {
		t.Error("the ledger of all communities is shown to somebody who may see one")
	}
	if d := asUser(t, h, "all", http.MethodGet, "/quality?week=2026-W46"); !strings.Contains(d.text, "voc.posts") || !strings.Contains(d.text, "missing_field") {
		t.Error("the ledger is not shown to somebody who may see everything")
	}
	if d := asUser(t, h, "none", http.MethodGet, "/"); d.StatusCode != http.StatusOK || !strings.Contains(d.text, "まだ投稿がありません") || strings.Contains(d.text, dashtest.Other) {
		t.Errorf("somebody without communities sees %d", d.StatusCode)
	}
	if d := asUser(t, h, "one", http.MethodGet, "/reports/2026-W46"); !strings.Contains(d.Header.Get("Content-Security-Policy"), "sandbox") || !strings.Contains(d.text, dashtest.Other) {
		t.Errorf("the report is %q under %q", d.text, d.Header.Get("Content-Security-Policy"))
	}
}

// fixedReport stands in for the weekly report.
type fixedReport struct{}

func (fixedReport) HTML(_ context.Context, community string, week time.Time) ([]byte, error) {
	return []byte("<h1>" + community + week.Format(time.DateOnly) + "</h1>"), nil
}

// away is a database that does not answer.
type away struct {
	driver.Conn
	err error
}

func (a away) Select(ctx context.Context, _ any, _ string, _ ...any) error {
	if a.err != nil {
		return a.err
	}
	<-ctx.Done()
	return ctx.Err()
}

func (a away) Ping(context.Context) error { return errors.New("away") }

func TestDatabaseAway(t *testing.T) {
	db := chtest.Open(t)
	c := config(t, db)
	for _, x := range []struct {
		name   string
		err    error
		status int
		says   string
	}{
		{"gone", io.EOF, 503, "つながりません"}, {"no tables", &clickhouse.Exception{Code: 60, Message: "secret_table"}, 503, "voc migrate up"}, {"slow", nil, 504, "時間がかかりすぎた"},
		{"its own limit", &clickhouse.Exception{Code: 159, Message: "secret_table"}, 504, "時間がかかりすぎた"}, {"fault", &clickhouse.Exception{Code: 47, Message: "secret_table"}, 500, "作れませんでした"},
	} {
		c := c
		c.Conn, c.Timeout, c.Log = away{err: x.err}, 50*time.Millisecond, quiet()
		h := handler(t, c)
		d := get(t, h, "/")
		if d.StatusCode != x.status || !strings.Contains(d.text, x.says) || strings.Contains(d.text, "secret_table") {
			t.Errorf("%s: the page answers %d: %s", x.name, d.StatusCode, text(d.all(tag("main"))[0]))
		}
		pageKeepsRules(t, x.name, d)
		if d := get(t, h, "/healthz"); d.StatusCode != 503 {
			t.Errorf("%s: healthz answers %d", x.name, d.StatusCode)
		}
	}
	if d := get(t, handler(t, c), "/healthz"); d.StatusCode != 200 {
		t.Errorf("healthz answers %d", d.StatusCode)
	}
	if d := get(t, handler(t, c), "/"); d.StatusCode != 200 || !strings.Contains(d.text, "まだ投稿がありません") {
		t.Errorf("an empty database answers %d", d.StatusCode)
	}
}

func TestOtherSites(t *testing.T) {
	db := chtest.Open(t)
	c := config(t, db)
	h := withUsers(t, c)
	for header, want := range map[string]int{"cross-site": http.StatusForbidden, "same-site": http.StatusForbidden, "same-origin": http.StatusNotFound} {
		if d := asUser(t, h, "all", http.MethodPost, "/", "Sec-Fetch-Site", header); d.StatusCode != want {
			t.Errorf("a form from %s gives %d, not %d", header, d.StatusCode, want)
		}
	}
	c.Hosts = []string{"localhost", "127.0.0.1", "::1"}
	h = handler(t, c)
	for address, want := range map[string]int{"http://localhost:8080/": 200, "http://127.0.0.1/": 200, "http://[::1]:8080/": 200, "http://evil.example/": 421, "http://localhost.evil.example:8080/": 421} {
		if d := get(t, h, address); d.StatusCode != want {
			t.Errorf("%s answers %d", address, d.StatusCode)
		}
	}
}

func TestTooManyPages(t *testing.T) {
	db := chtest.Open(t)
	c := config(t, db)
	c.PerMinute = 3
	c.Client = func(r *http.Request) string { return r.Header.Get("X-Client") }
	h := handler(t, c)
	last := map[string]int{}
	for _, who := range []string{"a", "a", "a", "a", "b"} {
		last[who] = asUser(t, h, "", http.MethodGet, "/", "X-Client", who).StatusCode
	}
	if last["a"] != http.StatusTooManyRequests || last["b"] != http.StatusOK {
		t.Errorf("the last answers are %v", last)
	}
}

func TestWrongConfig(t *testing.T) {
	db := chtest.Open(t)
	for name, change := range map[string]func(*web.Config){
		"no connection": func(c *web.Config) { c.Conn = nil }, "no timeout": func(c *web.Config) { c.Timeout = 0 }, "no weeks": func(c *web.Config) { c.Weeks = 0 },
	} {
		c := config(t, db)
		change(&c)
		if _, err := web.New(c); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// The pages need no more than a reader's rights: they were shown to one in every test, who can change nothing.
func TestReaderCannotWrite(t *testing.T) {
	db := chtest.Open(t)
	if err := db.As(t, engine.Reader).Exec(t.Context(), "INSERT INTO window_marks (community) VALUES ('x')"); err == nil {
		t.Error("the reader of the pages may write")
	}
}
