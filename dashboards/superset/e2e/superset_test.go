//go:build superset

// Package e2e imports the bundle into a real Apache Superset over a real ClickHouse, asks Superset for the data of every
// chart and opens the dashboard in headless Chromium. It needs Superset and clickhouse-connect in the Python environment
// VOC_SUPERSET_VENV, Chromium, and what `npm ci` installs here; run it with `make test-superset`.
package e2e

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/dashboards/superset"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

// days is the period that is looked at, in Superset's words: the end is not part of it.
func days() string {
	last := dashtest.Week().AddDate(0, 0, 7)
	return last.AddDate(0, 0, -8*7).Format(time.DateOnly) + " : " + last.Format(time.DateOnly)
}

func TestSuperset(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	s := start(t)
	// The connection comes before the bundle, which then finds it by its id. A person types the password instead.
	uri := fmt.Sprintf("clickhousedb://%s:%s@%s/%s", engine.Reader, db.Server().Password(engine.Reader), db.Server().HTTPAddr(), db.Database)
	s.send(t, "/api/v1/database/", map[string]any{"database_name": "voc", "sqlalchemy_uri": uri, "uuid": superset.DatabaseID(), "expose_in_sqllab": true}, http.StatusCreated)
	bundle := pack(t)
	s.importBundle(t, bundle)
	var before struct{ Count int }
	s.get(t, "/api/v1/chart/", &before)
	s.importBundle(t, bundle)
	var charts struct {
		Count  int
		Result []struct {
			ID   int
			Name string `json:"slice_name"`
		}
	}
	s.get(t, "/api/v1/chart/?q=(page_size:100)", &charts)
	committed, err := filepath.Glob("../bundle/charts/*.yaml")
	if err != nil || len(committed) == 0 || charts.Count != len(committed) || before.Count != charts.Count {
		t.Fatalf("%d charts after the first import, %d after the second; the bundle has %d (%v)", before.Count, charts.Count, len(committed), err)
	}
	for _, c := range charts.Result {
		t.Run(c.Name, func(t *testing.T) { s.chartHasData(t, c.ID) })
	}
	t.Run("numbers equal metrics", func(t *testing.T) { numbersEqualMetrics(t, s, db) })
	t.Run("in Chromium", func(t *testing.T) { inChromium(t, s, charts.Count) })
}

// server is a running Superset and a session in it.
type server struct {
	base, token, csrf string
	client            *http.Client
	values            map[string][]map[string]any // rows by the id of a chart
}

const password = "only-for-this-test-and-32-bytes-long"

// start sets a Superset up in a folder of its own and waits for it. Only loopback is used.
func start(t *testing.T) *server {
	t.Helper()
	venv := os.Getenv("VOC_SUPERSET_VENV")
	if venv == "" {
		t.Fatal("VOC_SUPERSET_VENV is not set; use `make test-superset`")
	}
	config, err := filepath.Abs("../superset_config.py")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	env := append(os.Environ(), "SUPERSET_CONFIG_PATH="+config, "SUPERSET_SECRET_KEY="+password, "SUPERSET_HOME="+dir, "HOME="+dir, "SUPERSET_DATABASE_URI=sqlite:///"+filepath.Join(dir, "superset.db"), "FLASK_APP=superset",
		// The whole page is drawn at once, for the picture.
		"SUPERSET_FEATURE_DASHBOARD_VIRTUALIZATION=false")
	command := func(ctx context.Context, name string, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, filepath.Join(venv, "bin", name), args...)
		cmd.Env, cmd.Dir, cmd.WaitDelay = env, dir, 10*time.Second
		return cmd
	}
	for _, args := range [][]string{
		{"db", "upgrade"}, {"fab", "create-admin", "--username", "admin", "--firstname", "v", "--lastname", "oc", "--email", "admin@example.com", "--password", password}, {"init"},
	} {
		began := time.Now()
		if out, err := command(t.Context(), "superset", args...).CombinedOutput(); err != nil {
			t.Fatalf("superset %s: %v\n%.3000s", args[0], err, tail(out))
		}
		t.Logf("superset %s took %v", args[0], time.Since(began).Round(time.Second))
	}
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := command(ctx, "gunicorn", "--bind", address, "--workers", "1", "--threads", "4", "--timeout", "120", "superset.app:create_app()")
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("Superset's log ends:\n%s", tail(log.Bytes()))
		}
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{base: "http://" + address, client: &http.Client{Jar: jar, Timeout: 2 * time.Minute}, values: map[string][]map[string]any{}}
	deadline := time.Now().Add(2 * time.Minute)
	for {
		resp, err := s.client.Get(s.base + "/health")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("Superset does not answer: %v", err)
		}
		time.Sleep(300 * time.Millisecond)
	}
	var login struct {
		Token string `json:"access_token"`
	}
	decode(t, s.send(t, "/api/v1/security/login", map[string]any{"username": "admin", "password": password, "provider": "db", "refresh": false}, http.StatusOK), &login)
	s.token = login.Token
	var csrf struct{ Result string }
	s.get(t, "/api/v1/security/csrf_token/", &csrf)
	s.csrf = csrf.Result
	return s
}

func tail(text []byte) []byte { return text[max(0, len(text)-6000):] }

func decode(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
}

func (s *server) do(t *testing.T, method, path, kind string, body io.Reader, want int) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("X-CSRFToken", s.csrf)
	req.Header.Set("Referer", s.base)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != want {
		t.Fatalf("%s %s answers %d: %.2000s", method, path, resp.StatusCode, text)
	}
	return text
}

func (s *server) get(t *testing.T, path string, into any) {
	t.Helper()
	decode(t, s.do(t, http.MethodGet, path, "", nil, http.StatusOK), into)
}

func (s *server) send(t *testing.T, path string, body any, want int) []byte {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return s.do(t, http.MethodPost, path, "application/json", bytes.NewReader(text), want)
}

// pack is the bundle as it is committed, in the archive that Superset takes.
func pack(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	err := filepath.WalkDir("../bundle", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		w, err := z.Create(filepath.ToSlash(strings.TrimPrefix(path, "../")))
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (s *server) importBundle(t *testing.T, bundle []byte) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("formData", "voc.zip")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(bundle); err != nil {
		t.Fatal(err)
	}
	if err := form.WriteField("overwrite", "true"); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	s.do(t, http.MethodPost, "/api/v1/dashboard/import/", form.FormDataContentType(), &b, http.StatusOK)
}

type answer struct {
	Result []struct {
		Data   []map[string]any
		Error  string
		Status string
		Query  string
	}
}

// chartHasData asks for the chart's saved question, as Superset's reports do, and for the same of the test's period.
func (s *server) chartHasData(t *testing.T, id int) {
	var saved answer
	s.get(t, "/api/v1/chart/"+strconv.Itoa(id)+"/data/", &saved)
	var chart struct {
		Result struct {
			Name    string `json:"slice_name"`
			Context string `json:"query_context"`
		}
	}
	s.get(t, "/api/v1/chart/"+strconv.Itoa(id), &chart)
	const usual = `"Last quarter"`
	if !strings.Contains(chart.Result.Context, usual) {
		t.Fatalf("the question has no period: %.300s", chart.Result.Context)
	}
	var a answer
	decode(t, s.do(t, http.MethodPost, "/api/v1/chart/data", "application/json", strings.NewReader(strings.ReplaceAll(chart.Result.Context, usual, `"`+days()+`"`)), http.StatusOK), &a)
	if len(a.Result) != 1 || a.Result[0].Error != "" || len(a.Result[0].Data) == 0 {
		t.Fatalf("it has no data: %+v", a)
	}
	s.values[chart.Result.Name] = a.Result[0].Data
	t.Logf("%d rows", len(a.Result[0].Data))
}

// numbersEqualMetrics compares what Superset shows with the definitions of the metrics and with the catalogue.
func numbersEqualMetrics(t *testing.T, s *server, db *chtest.DB) {
	last := dashtest.Week().AddDate(0, 0, 6)
	first := last.AddDate(0, 0, -8*7+1)
	for title, id := range map[string]string{
		"投稿": "posts", "投稿した人": "authors", "活動した人": "active_members", "ネットセンチメント": "net_sentiment", "質問": "questions", "要望": "requests", "解約の兆し": "churn_risks", "話題なし": "untagged_share",
	} {
		for _, m := range schema.Metrics() {
			if m.ID != id {
				continue
			}
			var want float64
			sql := fmt.Sprintf("SELECT toFloat64(%s) FROM %s WHERE day BETWEEN '%s' AND '%s'", m.Expression, m.View, first.Format(time.DateOnly), last.Format(time.DateOnly))
			if err := db.Conn.QueryRow(t.Context(), sql).Scan(&want); err != nil {
				t.Fatal(err)
			}
			rows := s.values[title]
			if len(rows) != 1 || rows[0][id] != want || want == 0 {
				t.Errorf("%s is %v in Superset and %v by its definition", title, rows, want)
			}
		}
	}
	// Superset writes SQL anew before it sends it: what comes out must be what the catalogue says.
	week, before := dashtest.Week(), 7
	spans := query.Params{"community": dashtest.Community, "from": first, "to": last}
	weekly := query.Params{"community": dashtest.Community, "week": week, "weeks": before}
	for _, c := range []struct {
		chart, column string
		query         string
		params        query.Params
		source        string
	}{
		{"質問された週ごとの対応", "解決", "question_weeks", spans, "solved"}, {"返信を待っている質問", "views", "question_ledger", spans.With("status", "open"), "views"},
		{"まれだが重大な投稿", "points", "severe_posts", spans, "points"}, {"要望の多い話題(最後の週)", "authors", "request_topics", weekly, "authors"},
		{"要望の多い話題(最後の週)", "before", "request_topics", weekly, "before"}, {"情報源とチャンネル", "投稿", "channel_weeks", weekly, "posts"},
		{"投稿の多い曜日と時刻", "投稿", "heatmap", spans, "posts"}, {"新しい人の歩み", "posted_again", "newcomer_funnel", spans, "posted_again"},
		{"メッセージの収支(全コミュニティ)", "messages", "ledger_topics", query.Params{"from": first, "to": last}, "messages"},
	} {
		var have, want float64
		for _, row := range s.values[c.chart] {
			n, _ := row[c.column].(float64)
			have += n
		}
		table, err := query.RunTable(t.Context(), db.Conn, c.query, c.params)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(table.Columns, func(x query.Column) bool { return x.Name == c.source })
		for _, row := range table.Rows {
			n, err := strconv.ParseFloat(fmt.Sprint(row[i]), 64)
			if err != nil {
				t.Fatal(err)
			}
			want += n
		}
		if have != want || want == 0 {
			t.Errorf("%s: %s adds up to %v in Superset and to %v in the catalogue", c.chart, c.column, have, want)
		}
	}
}

// inChromium opens the dashboard as a person does; every chart's own request must be answered with rows.
func inChromium(t *testing.T, s *server, charts int) {
	var titles []string
	files, err := filepath.Glob("../bundle/charts/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var c struct {
			Name string `yaml:"slice_name"`
		}
		if err := yaml.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		titles = append(titles, c.Name)
	}
	wanted, err := json.Marshal(titles)
	if err != nil {
		t.Fatal(err)
	}
	shots := os.Getenv("VOC_E2E_SHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	out, err := exec.CommandContext(t.Context(), "node", "open.mjs", s.base, shots, password, superset.Slug, days(), strconv.Itoa(charts), string(wanted)).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}
