package grafana_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/dashboards/dashtest"
	"voc/dashboards/grafana"
	"voc/dashboards/query"
	"voc/dashboards/web"
	"voc/dashboards/wording"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

// load reads the dashboards as they are committed: what Grafana gets is what is tested.
func load(t *testing.T) []grafana.Dashboard {
	t.Helper()
	paths, err := filepath.Glob("json/*.json")
	if err != nil || len(paths) < 4 {
		t.Fatalf("there are %d dashboards in json (%v)", len(paths), err)
	}
	var all []grafana.Dashboard
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		var d grafana.Dashboard
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		all = append(all, d)
	}
	return all
}

func TestCommittedFilesAreUpToDate(t *testing.T) {
	files, err := grafana.Files()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range files {
		have, err := os.ReadFile(path)
		if err != nil || string(have) != string(want) {
			t.Errorf("%s is stale (%v); run `make generate`", path, err)
		}
	}
	if n := len(load(t)); n != len(files) {
		t.Errorf("json holds %d dashboards, %d are made", n, len(files))
	}
}

// tableOf is a result with the values of every row as Grafana shows them.
type tableOf struct {
	columns []string
	types   map[string]string
	rows    []map[string]any
}

func ask(t *testing.T, conn driver.Conn, sql string) (tableOf, error) {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		return tableOf{}, err
	}
	defer rows.Close()
	out := tableOf{columns: rows.Columns(), types: map[string]string{}}
	for _, c := range rows.ColumnTypes() {
		out.types[c.Name()] = c.DatabaseTypeName()
	}
	for rows.Next() {
		targets := make([]any, len(out.columns))
		for i, c := range rows.ColumnTypes() {
			targets[i] = reflect.New(c.ScanType()).Interface()
		}
		if err := rows.Scan(targets...); err != nil {
			return out, err
		}
		row := map[string]any{}
		for i, c := range out.columns {
			row[c] = reflect.ValueOf(targets[i]).Elem().Interface()
		}
		out.rows = append(out.rows, row)
	}
	return out, rows.Err()
}

// numeric says whether Grafana makes a number field of a column's type.
func numeric(kind string) bool {
	kind = strings.TrimSuffix(strings.TrimPrefix(kind, "Nullable("), ")")
	return strings.HasPrefix(kind, "UInt") || strings.HasPrefix(kind, "Int") || strings.HasPrefix(kind, "Float") || strings.HasPrefix(kind, "Decimal")
}

func TestPanels(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	conn := db.As(t, engine.Reader)
	pages := pagesOf(t, db)
	zone := db.Calendar.Zone()
	last := dashtest.Week().AddDate(0, 0, 7)
	base := reader{from: time.Date(2026, 9, 21, 0, 0, 0, 0, zone), to: time.Date(last.Year(), last.Month(), last.Day(), 0, 0, 0, 0, zone).Add(-time.Minute)}
	for _, d := range load(t) {
		t.Run(d.UID, func(t *testing.T) {
			r := base
			r.choices = map[string][]string{}
			for _, v := range d.Templating.List {
				r.choices[v.Name] = choose(t, conn, r, v)
			}
			for _, p := range d.Panels {
				if p.Datasource == nil || p.Datasource.Type != "grafana-clickhouse-datasource" {
					continue
				}
				t.Run(p.Title, func(t *testing.T) { panelWorks(t, conn, pages, r, p) })
			}
			if _, ok := r.choices["source"]; ok {
				r.choices["source"] = []string{"community", "it's no source"}
				for _, p := range d.Panels {
					if p.Datasource != nil && p.Datasource.Type == "grafana-clickhouse-datasource" {
						sql, err := r.expand(p.Targets[0].RawSQL)
						if err != nil {
							t.Fatal(err)
						}
						if _, err := ask(t, conn, sql); err != nil {
							t.Errorf("%s with two sources: %v", p.Title, err)
						}
					}
				}
			}
		})
	}
}

// choose gives a variable the value that a reader would pick.
func choose(t *testing.T, conn driver.Conn, r reader, v grafana.Variable) []string {
	t.Helper()
	switch v.Type {
	case "datasource":
		return []string{"uid"}
	case "constant":
		return []string{v.Query.(string)}
	}
	sql, err := r.expand(v.Query.(map[string]any)["rawSql"].(string))
	if err != nil {
		t.Fatalf("variable %s: %v", v.Name, err)
	}
	result, err := ask(t, conn, sql)
	if err != nil {
		t.Fatalf("variable %s: %v", v.Name, err)
	}
	if len(result.rows) < 2 || len(result.columns) > 2 {
		t.Errorf("variable %s has %d values of %d columns", v.Name, len(result.rows), len(result.columns))
	}
	var values []string
	for _, row := range result.rows {
		values = append(values, fmt.Sprint(row[result.columns[0]]))
	}
	want := map[string]string{"community": dashtest.Community, "topic": dashtest.FlareTopic, "segment": "plan"}[v.Name]
	if v.IncludeAll {
		return []string{v.AllValue}
	}
	if !slices.Contains(values, want) {
		t.Errorf("variable %s does not offer %q, only %v", v.Name, want, values)
	}
	return []string{want}
}

// mayBeEmpty are the panels that have no rows while all is well.
var mayBeEmpty = []string{"集計が追いついていない日"}

func panelWorks(t *testing.T, conn driver.Conn, pages http.Handler, r reader, p *grafana.Panel) {
	if len(p.Targets) != 1 {
		t.Fatalf("it has %d targets", len(p.Targets))
	}
	sql, err := r.expand(p.Targets[0].RawSQL)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	result, err := ask(t, conn, sql)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rows in %v", len(result.rows), time.Since(began).Round(time.Millisecond))
	if len(result.rows) == 0 != slices.Contains(mayBeEmpty, p.Title) {
		t.Errorf("%d rows", len(result.rows))
	}
	shapeFits(t, p, result)
	for _, o := range p.FieldConfig.Overrides {
		if !slices.Contains(result.columns, o.Matcher.Options) {
			t.Errorf("it sets the field %s, and has %v", o.Matcher.Options, result.columns)
		}
	}
	for _, c := range result.columns {
		titled := slices.ContainsFunc(p.FieldConfig.Overrides, func(o grafana.Override) bool { return o.Matcher.Options == c })
		if !titled && c != "time" && c != p.Options.(map[string]any)["xField"] && (c != "topic" || p.Type != "timeseries") {
			t.Errorf("column %s has no Japanese name", c)
		}
	}
	if len(result.rows) > 0 {
		linksWork(t, conn, pages, r, p, result)
	}
}

// shapeFits checks that a visualisation finds the fields it needs.
func shapeFits(t *testing.T, p *grafana.Panel, result tableOf) {
	t.Helper()
	numbers, texts, timesOf := 0, 0, 0
	for _, c := range result.columns {
		switch kind := result.types[c]; {
		case numeric(kind):
			numbers++
		case strings.HasPrefix(kind, "DateTime"):
			timesOf++
		case strings.HasSuffix(kind, "String") || strings.HasSuffix(kind, "String)") || strings.HasPrefix(kind, "Enum"):
			texts++
		default:
			t.Errorf("column %s is a %s, which Grafana does not show well", c, kind)
		}
	}
	switch p.Type {
	case "timeseries", "stat":
		if p.Type == "timeseries" && (timesOf != 1 || numbers == 0 || texts > 1) || p.Type == "stat" && (numbers == 0 || texts > 0 || timesOf > 1) {
			t.Errorf("a %s cannot show %v", p.Type, result.types)
		}
		var before time.Time
		for _, row := range result.rows {
			at, ok := row["time"].(time.Time)
			if !ok {
				break
			}
			if at.Before(before) {
				t.Errorf("time goes back from %s to %s", before, at)
			}
			if h := at.In(time.FixedZone("", 9*3600)).Hour(); h != 0 {
				t.Errorf("a day begins at %s", at)
			}
			before = at
		}
		if format := p.Targets[0].Format; format != map[string]float64{"timeseries": 0, "stat": 1}[p.Type] && (p.Type != "timeseries" || format != nil) {
			t.Errorf("a %s asks for format %v", p.Type, format)
		}
	case "barchart":
		x, _ := p.Options.(map[string]any)["xField"].(string)
		if numbers == 0 || !strings.Contains(result.types[x], "String") {
			t.Errorf("a bar chart over %q cannot show %v", x, result.types)
		}
	case "table":
	default:
		t.Errorf("what does a %s need?", p.Type)
	}
}

// linksWork checks the links of the first and the last row. A number of posts must lead to as many posts; the page
// behind every kind of link is opened once.
func linksWork(t *testing.T, conn driver.Conn, pages http.Handler, r reader, p *grafana.Panel, result tableOf) {
	t.Helper()
	opened := map[string]bool{}
	for _, row := range []map[string]any{result.rows[0], result.rows[len(result.rows)-1]} {
		r.row = map[string]string{}
		for c, v := range row {
			r.row[c] = fmt.Sprint(v)
		}
		for _, o := range p.FieldConfig.Overrides {
			unit, links := settingsOf(o)
			for _, link := range links {
				address, err := r.expand(link)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range regexp.MustCompile(`fields\.(\w+)`).FindAllStringSubmatch(link, -1) {
					if numeric(result.types[m[1]]) && m[1] != "weekday" {
						t.Errorf("a link takes the number %s, which Grafana prints with its unit", m[1])
					}
				}
				u, err := url.Parse(strings.TrimPrefix(address, "http://127.0.0.1:8080"))
				if err != nil {
					t.Fatal(err)
				}
				if u.Path == query.PostsPath && unit == "suffix:件" && (p.Type == "barchart" || p.Type == "table") {
					if have := count(t, conn, u.Query()); have != row[o.Matcher.Options] {
						t.Errorf("%s is %v and its link leads to %d posts: %s", o.Matcher.Options, row[o.Matcher.Options], have, address)
					}
				}
				if kind := u.Path + strings.Join(slices.Sorted(maps.Keys(u.Query())), " "); !opened[kind] {
					opened[kind] = true
					follow(t, pages, u)
				}
			}
		}
	}
}

// settingsOf returns the unit and the links of a field.
func settingsOf(o grafana.Override) (unit string, links []string) {
	for _, property := range o.Properties {
		switch property.ID {
		case "unit":
			unit = property.Value.(string)
		case "links":
			for _, l := range property.Value.([]any) {
				links = append(links, l.(map[string]any)["url"].(string))
			}
		}
	}
	return unit, links
}

// count is the number of posts that a drill-down leads to.
func count(t *testing.T, conn driver.Conn, v url.Values) uint64 {
	t.Helper()
	f, err := query.ParseFilter(v)
	if err != nil {
		t.Fatal(err)
	}
	var rows []query.PostCount
	if err := query.Run(t.Context(), conn, "posts_count", f.Params(), &rows); err != nil {
		t.Fatal(err)
	}
	return rows[0].Posts
}

func follow(t *testing.T, pages http.Handler, u *url.URL) {
	t.Helper()
	if uid, ok := strings.CutPrefix(u.Path, "/d/"); ok {
		if !slices.ContainsFunc(load(t), func(d grafana.Dashboard) bool { return d.UID == uid }) {
			t.Errorf("%s leads to no dashboard", u)
		}
		return
	}
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, httptest.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, u.String(), nil))
	if w.Code != http.StatusOK {
		t.Errorf("%s answers %d", u, w.Code)
	}
}

func pagesOf(t *testing.T, db *chtest.DB) http.Handler {
	t.Helper()
	names, err := wording.Default(db.Calendar.Zone())
	if err != nil {
		t.Fatal(err)
	}
	s, err := web.New(web.Config{
		Conn: db.As(t, engine.Reader), Names: names, Log: slog.New(slog.DiscardHandler), Timeout: time.Minute, Weeks: 8,
		Now: func() time.Time { return dashtest.Week().AddDate(0, 0, 7).Add(9 * time.Hour) },
	})
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Panels have titles and descriptions in Japanese, ids of their own, and do not overlap.
func TestLayout(t *testing.T) {
	japanese := func(text string) bool {
		return strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) })
	}
	for _, d := range load(t) {
		ids, taken := map[int]bool{}, map[[2]int]string{}
		for _, p := range d.Panels {
			if ids[p.ID] || p.ID == 0 {
				t.Errorf("%s: the id %d is used twice", d.UID, p.ID)
			}
			ids[p.ID] = true
			if !japanese(p.Title) || p.Type != "row" && !japanese(p.Description) {
				t.Errorf("%s: panel %q lacks a Japanese title or description", d.UID, p.Title)
			}
			if g := p.GridPos; g.X < 0 || g.X+g.W > 24 || g.W == 0 || g.H == 0 {
				t.Errorf("%s: %s does not fit on the grid: %+v", d.UID, p.Title, g)
			}
			for x := range p.GridPos.W {
				for y := range p.GridPos.H {
					cell := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
					if other, ok := taken[cell]; ok {
						t.Fatalf("%s: %s lies over %s", d.UID, p.Title, other)
					}
					taken[cell] = p.Title
				}
			}
		}
	}
}

var (
	metricDefinition = regexp.MustCompile(`prometheus\.New(Counter|Gauge|Histogram)(?:Vec)?\(prometheus\.\w+Opts\{\s*Name: "(voc_\w+)"[^{}]*(?:\{[^{}]*\}[^{}]*)?\}(?:, \[\]string\{([^}]*)\})?`)
	metricUse        = regexp.MustCompile(`voc_\w+`)
	labelUse         = regexp.MustCompile(`by \(([^)]*)\)`)
)

// Every metric that a panel asks Prometheus for is one that voc counts, of the right kind and with the labels asked for.
func TestPrometheusPanels(t *testing.T) {
	kinds, labels := map[string]string{}, map[string][]string{}
	err := filepath.WalkDir("../../ingest", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range metricDefinition.FindAllStringSubmatch(string(text), -1) {
			kinds[m[2]] = m[1]
			for _, l := range strings.Split(m[3], ",") {
				labels[m[2]] = append(labels[m[2]], strings.Trim(strings.TrimSpace(l), `"`))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(kinds) < 20 {
		t.Fatalf("only %d metrics were found: %v", len(kinds), slices.Sorted(maps.Keys(kinds)))
	}
	n := 0
	for _, d := range load(t) {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				if target.Expr == "" {
					continue
				}
				n++
				name := metricUse.FindString(target.Expr)
				base := strings.TrimSuffix(name, "_bucket")
				switch kind := kinds[base]; {
				case kind == "":
					t.Errorf("%s: voc has no metric %s", p.Title, base)
				case (kind == "Histogram") != (name != base), (kind == "Counter") != (strings.Contains(target.Expr, "rate(") || strings.Contains(target.Expr, "increase(") || strings.Contains(base, "lost")) && kind != "Histogram":
					t.Errorf("%s: %s is a %s and is asked as %s", p.Title, base, kind, target.Expr)
				}
				for _, m := range labelUse.FindAllStringSubmatch(target.Expr, -1) {
					for _, l := range strings.Split(m[1], ",") {
						if l = strings.TrimSpace(l); l != "le" && !slices.Contains(labels[base], l) {
							t.Errorf("%s: %s has no label %s, only %v", p.Title, base, l, labels[base])
						}
					}
				}
				if strings.Count(target.Expr, "(") != strings.Count(target.Expr, ")") {
					t.Errorf("%s: %s", p.Title, target.Expr)
				}
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d expressions were found", n)
	}
}
