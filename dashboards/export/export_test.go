package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/dashboards/dashtest"
	"voc/dashboards/export"
	"voc/dashboards/query"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

// overHTTP connects as a reader over HTTP.
func overHTTP(t *testing.T, db *chtest.DB) driver.Conn {
	t.Helper()
	u := url.URL{Scheme: "http", User: url.UserPassword(string(engine.Reader), db.Server().Password(engine.Reader)), Host: db.Server().HTTPAddr(), Path: "/" + db.Database}
	return chtest.Connect(t, u.String())
}

func write(t *testing.T, conn driver.Conn, r export.Request) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := export.Write(t.Context(), conn, &out, r); err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	return out.Bytes()
}

func TestExport(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	native, web := db.As(t, engine.Reader), overHTTP(t, db)

	// What the community does not fill: nobody was erased, copies are found by a job of the pipeline, and nothing stands ready.
	empty := []string{"analyzer_revisions", "erasures", "duplicate_groups", "post_duplicates", "shown_posts", "question_progress", "attention_progress"}
	t.Run("every view in every format", func(t *testing.T) {
		for _, view := range schema.Views() {
			for _, f := range export.Formats() {
				out := write(t, web, export.Request{View: view, Format: f})
				if f == export.Parquet && (!bytes.HasPrefix(out, []byte("PAR1")) || !bytes.HasSuffix(out, []byte("PAR1"))) {
					t.Errorf("%s is no Parquet file", view)
				}
				if f == export.JSON {
					var list []map[string]any
					if err := json.Unmarshal(out, &list); err != nil || len(list) == 0 && !slices.Contains(empty, view) && !strings.HasSuffix(view, schema.ReadySuffix) {
						t.Errorf("%s: %d rows, %v", view, len(list), err)
					}
				}
			}
		}
	})
	t.Run("both protocols write the same", func(t *testing.T) {
		for _, f := range []export.Format{export.CSV, export.TSV, export.JSON, export.JSONL} {
			for _, sheet := range []bool{false, true} {
				r := export.Request{Query: "topic_weeks", Params: query.Params{"community": dashtest.Community, "week": dashtest.Week()}, Format: f, Spreadsheet: sheet}
				if a, b := write(t, web, r), write(t, native, r); !bytes.Equal(a, b) {
					t.Errorf("%s differs:\n%.300q\n%.300q", f, a, b)
				}
			}
		}
	})
	t.Run("rows are complete", func(t *testing.T) {
		r := export.Request{View: "posts", Community: dashtest.Community, From: dashtest.Week(), To: dashtest.Week().AddDate(0, 0, 6), Format: export.CSV}
		records, err := csv.NewReader(bytes.NewReader(write(t, web, r))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var n uint64
		if err := db.Conn.QueryRow(t.Context(), "SELECT count() FROM posts WHERE community = 'default' AND week = '2026-11-09'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if uint64(len(records)) != n+1 || n < 100 {
			t.Errorf("%d lines for %d posts", len(records), n)
		}
		weekly := export.Request{View: "topic_weekly", From: dashtest.Week(), Format: export.CSV}
		if lines := bytes.Count(write(t, web, weekly), []byte("\n")); lines < 20 || lines > 400 {
			t.Errorf("%d lines of one week", lines)
		}
	})
	t.Run("parquet reads back", func(t *testing.T) {
		out := write(t, web, export.Request{SQL: "SELECT community, count() AS n FROM posts GROUP BY community ORDER BY community", Format: export.Parquet})
		if !bytes.Contains(out, []byte("community")) {
			t.Error("no column name in the file")
		}
	})
	t.Run("statement with parameters", func(t *testing.T) {
		r := export.Request{SQL: "SELECT {x:UInt8} + 1 AS y, {s:String} AS s;", SQLParams: map[string]string{"x": "41", "s": "a'b\"\t"}, Format: export.JSONL}
		for _, conn := range []driver.Conn{native, web} {
			if got := string(write(t, conn, r)); got != `{"y":42,"s":"a'b\"\t"}`+"\n" {
				t.Errorf("got %s", got)
			}
		}
	})
	t.Run("columns without a name, and with the same one", func(t *testing.T) {
		for statement, want := range map[string]string{
			"SELECT (SELECT 1), (SELECT '=x'), 3 + 4":                         "1\t=x\t7\n",
			"SELECT number, number FROM numbers(1)":                           "0\t0\n",
			"SELECT a.number, b.number FROM numbers(1) AS a, numbers(1) AS b": "0\t0\n",
		} {
			for _, sheet := range []bool{false, true} {
				for _, f := range []export.Format{export.TSV, export.JSONL} {
					r := export.Request{SQL: statement, Format: f, Spreadsheet: sheet}
					a, b := write(t, web, r), write(t, native, r)
					if _, row, _ := strings.Cut(string(b), "\n"); !bytes.Equal(a, b) || f == export.TSV && !sheet && row != want {
						t.Errorf("%s: %q over HTTP, %q natively", statement, a, b)
					}
				}
			}
		}
	})
	t.Run("spreadsheets run nothing", func(t *testing.T) {
		r := export.Request{SQL: `SELECT arrayJoin(['=1+1', '+1', '-1', '@x', 'x=1', '日本語']) AS text, -5 AS n`, Format: export.CSV, Spreadsheet: true}
		for _, conn := range []driver.Conn{native, web} {
			got := string(write(t, conn, r))
			want := "\ufeff\"text\",\"n\"\n\"'=1+1\",-5\n\"'+1\",-5\n\"'-1\",-5\n\"'@x\",-5\n\"x=1\",-5\n\"日本語\",-5\n"
			if got != want {
				t.Errorf("got %q", got)
			}
		}
	})
	t.Run("nothing", func(t *testing.T) {
		for _, f := range []export.Format{export.CSV, export.JSON, export.JSONL} {
			r := export.Request{SQL: "SELECT 1 AS x WHERE 0", Format: f}
			if a, b := write(t, web, r), write(t, native, r); !bytes.Equal(a, b) {
				t.Errorf("%s of nothing differs: %q and %q", f, a, b)
			}
		}
	})
	t.Run("refusals", func(t *testing.T) {
		for want, r := range map[string]export.Request{
			"there is no format":    {View: "posts", Format: "xls"},
			"there is no view":      {View: "post_facts", Format: export.CSV},
			"give one of":           {View: "posts", SQL: "SELECT 1", Format: export.CSV},
			"no column community":   {View: "metrics", Community: "x", Format: export.CSV},
			"there is no query":     {Query: "nothing", Format: export.CSV},
			"parquet needs":         {View: "posts", Format: export.Parquet},
			"community is missing":  {Query: "topic_weeks", Format: export.CSV},
			"Not enough privileges": {SQL: "SELECT * FROM post_facts", Format: export.CSV},
			"readonly":              {SQL: "DROP VIEW posts", Format: export.CSV},
		} {
			err := export.Write(t.Context(), native, &bytes.Buffer{}, r)
			if err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(want)) && !strings.Contains(fmt.Sprint(err), "Syntax error") {
				t.Errorf("error %v, want %q", err, want)
			}
		}
	})
	t.Run("an error in the middle is told", func(t *testing.T) {
		r := export.Request{SQL: "SELECT throwIf(number = 900000) AS x FROM numbers(1000000)", Format: export.CSV}
		for name, conn := range map[string]driver.Conn{"native": native, "http": web} {
			if err := export.Write(t.Context(), conn, &bytes.Buffer{}, r); err == nil {
				t.Errorf("%s: a broken export reports success", name)
			}
		}
	})
}
