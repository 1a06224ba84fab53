package importer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"voc/ingest/event"
)

var now = time.Date(2026, 11, 16, 10, 30, 0, 0, time.UTC)

// config lets rows without a time pass.
func config(t *testing.T, f Format) Config {
	t.Helper()
	p, err := ParsePostedAt("now", now)
	if err != nil {
		t.Fatal(err)
	}
	limits := event.DefaultLimits()
	limits.Now = func() time.Time { return now }
	return Config{Format: f, PostedAt: p, MaxErrors: -1, Limits: limits}
}

// run imports a text and returns its rows, its faults and its stats.
func run(t *testing.T, cfg Config, text string) ([]Row, []*RowError, Stats) {
	t.Helper()
	var faults []*RowError
	cfg.OnError = func(e *RowError) { faults = append(faults, e) }
	x, err := Open(cfg, strings.NewReader(text))
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	var rows []Row
	s, err := x.Read(t.Context(), func(r Row) error { rows = append(rows, r); return nil })
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	if s.Rows != s.Produced+s.SkippedRows() || s.Produced != len(rows) || s.SkippedRows() != len(faults) {
		t.Errorf("the count does not add up: %v, %d rows, %d faults", s, len(rows), len(faults))
	}
	if s.BytesRead != int64(len(text)) {
		t.Errorf("read %d of %d bytes", s.BytesRead, len(text))
	}
	return rows, faults, s
}

func TestFullEventFromColumns(t *testing.T) {
	rows, faults, _ := run(t, config(t, CSV), "\ufeff投稿ID,投稿日時,タイトル,本文,チャンネル,会員番号,役割,ランク,評価,閲覧数,解決,URL,プラン,返信先\r\n"+
		`p1,2026/11/9 9:05,締め日,"変えたいです。
""急ぎ""で",質問,u1,会員,ゴールド,★★★★☆,"1,204",はい,https://x.example/1,ライト,p0`+"\r\n")
	if len(faults) != 0 || len(rows) != 1 {
		t.Fatalf("%d rows, faults %v", len(rows), faults)
	}
	p := rows[0].Post
	want := event.Post{PostID: "p1", Event: event.Created, Title: "締め日", Body: "変えたいです。\n\"急ぎ\"で", Community: "default", Channel: "質問",
		Author: event.Author{ID: "u1", Role: "member", Level: "ゴールド"}, Rating: 4, Views: 1204, Accepted: true, URL: "https://x.example/1",
		ReplyTo: "p0", Attributes: map[string]string{"プラン": "ライト"}, PostedAt: p.PostedAt}
	if got, exp := fmt.Sprintf("%+v", p), fmt.Sprintf("%+v", want); got != exp {
		t.Errorf("got  %s\nwant %s", got, exp)
	}
	if at := p.PostedAt.Format(time.RFC3339); at != "2026-11-09T09:05:00+09:00" {
		t.Errorf("posted at %s", at)
	}
	if string(rows[0].Key) != "p1" || rows[0].Line != 2 {
		t.Errorf("key %q, line %d", rows[0].Key, rows[0].Line)
	}
}

func TestPlanTellsTheMapping(t *testing.T) {
	cfg := config(t, TSV)
	cfg.Columns = map[string]string{"attributes.label": "topic"}
	cfg.Defaults = map[string]string{"source": "mlit"}
	cfg.Ignore = []string{"memo"}
	x, err := Open(cfg, strings.NewReader("text\ttopic\tmemo\t本文\tage\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := x.Plan().String()
	for _, want := range []string{
		"text                     -> attributes.text          (attribute)",
		"topic                    -> attributes.label         (given)",
		"memo                     is left out",
		"本文                       -> body                     (by name)",
		"age                      -> attributes.age           (attribute)",
		`source                   = "mlit" where the row has none`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the plan lacks %q:\n%s", want, got)
		}
	}
}

func TestSameFileSameIDs(t *testing.T) {
	text := "text\ttopic\nうるさい\tA\n臭い\tB\nうるさい\tA\n"
	a, _, _ := run(t, config(t, TSV), text)
	b, _, _ := run(t, config(t, TSV), text)
	ids := map[string]bool{}
	for i := range a {
		if a[i].Post.PostID != b[i].Post.PostID {
			t.Errorf("row %d got %s and %s", i, a[i].Post.PostID, b[i].Post.PostID)
		}
		ids[a[i].Post.PostID] = true
	}
	if len(ids) != 3 {
		t.Errorf("%d ids for 3 rows, two of which are alike", len(ids))
	}
	// Rows added in front do not change the ids of the others.
	c, _, _ := run(t, config(t, TSV), "text\ttopic\n新しい\tC\n"+strings.TrimPrefix(text, "text\ttopic\n"))
	if c[1].Post.PostID != a[0].Post.PostID || c[3].Post.PostID != a[2].Post.PostID {
		t.Error("a row in front changed the ids behind it")
	}
}

func TestRowErrors(t *testing.T) {
	for name, c := range map[string]struct {
		format Format
		text   string
		want   []string // what each fault must say
		good   int
	}{
		"ragged":         {CSV, "body,x\na,1\nb\nc,1,2\nd,2\n", []string{"line 3: the row has 1 columns; the header has 2", "line 4: the row has 3"}, 2},
		"blank lines":    {CSV, "body,x\n\n , \na,1\n\n", nil, 1},
		"trailing comma": {CSV, "body,x,\na,1,\nb,2\n", nil, 2},
		"empty body":     {CSV, "body,x\n,1\n \u3000,2\nb,3\n", []string{"line 2, column body: body must hold text", "line 3"}, 1},
		"open quote":     {CSV, "body,x\n\"a,1\nb,2\nc,3\n", []string{"line 2: a field begins with a quote that is never closed"}, 2},
		"inner quote":    {CSV, "body,x\n\"a\"b,1\nc,2\n", []string{"line 2: a quote inside of a quoted field must be doubled"}, 1},
		"bare quote":     {CSV, "body,x\n5\" pipe,1\n", nil, 1},
		"tsv quotes":     {TSV, "body\tx\n\"a\" b\t1\n\"c\t2\nd\t3\n", nil, 3},
		"tsv excel":      {TSV, "body\tx\n\"a\nb\"\t1\n", nil, 1},
		"time":           {CSV, "body,投稿日時\na,2026/13/45\nb,2026-11-01\n", []string{`line 2, column 投稿日時 (posted_at): "2026/13/45" is no time`}, 1},
		"future":         {CSV, "body,date\na,2999-01-01\n", []string{"line 2, column date (posted_at): posted_at must lie after 1999"}, 0},
		"rating":         {CSV, "body,評価\na,best\nb,9\n", []string{`"best" must be a number of stars`, "rating must be 1 to 5"}, 0},
		"views":          {CSV, "body,views\na,-3\n", []string{`"-3" must be a whole number`}, 0},
		"role":           {CSV, "body,role\na,king\n", []string{"column role (author.role)"}, 0},
		"accepted":       {CSV, "body,accepted\na,maybe\n", []string{"must be true or false"}, 0},
		"attribute":      {CSV, "body,memo\na," + strings.Repeat("長", 400) + "\n", []string{"column memo (attributes.memo)"}, 0},
		"url":            {CSV, "body,url\na,ftp://x\n", []string{"column url: url must begin with"}, 0},
		"json":           {JSONL, "{\"body\":\"a\"}\n{\"body\":\n[1]\n{\"body\":\"b\"} x\n{\"body\":[\"c\"]}\n\n{\"body\":\"d\"}", []string{"line 2: the line ends in the middle", "line 3: the line must be one JSON object", "line 4", "line 5: body is an array"}, 2},
		"json twice":     {JSONL, `{"body":"a","body":"b"}`, []string{"line 1: the line is not JSON"}, 0},
		"json deep":      {JSONL, `{"a":{"b":{"c":{"d":{"e":1}}}},"body":"x"}`, []string{"nests deeper"}, 0},
		"no body":        {JSONL, `{"title":""}` + "\n" + `{"memo":"x"}`, []string{"line 2"}, 0},
		"deleted":        {JSONL, `{"post_id":"1","event":"deleted"}`, nil, 1},
		"long line":      {CSV, "body\n" + strings.Repeat("長", maxLineBytes/3+10) + "\nb\n", []string{"line 2: the line is longer than"}, 1},
		"large body":     {CSV, "body\n" + strings.Repeat("長", 400_000) + "\nb\n", []string{"line 2: "}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			rows, faults, _ := run(t, config(t, c.format), c.text)
			if len(rows) != c.good {
				t.Errorf("%d rows; want %d", len(rows), c.good)
			}
			if len(faults) != len(c.want) {
				t.Fatalf("faults %v; want %d", faults, len(c.want))
			}
			for i, want := range c.want {
				if !strings.Contains(faults[i].Error(), want) {
					t.Errorf("fault %q; want %q", faults[i].Error(), want)
				}
			}
		})
	}
}

func TestOpenErrors(t *testing.T) {
	base := config(t, CSV)
	for name, c := range map[string]struct {
		change func(*Config)
		text   string
		want   string
	}{
		"empty file":    {func(*Config) {}, "", "the file is empty"},
		"no body":       {func(*Config) {}, "a,b\n1,2\n", `no column is the text of the posts; map one of "a", "b" to body`},
		"no column":     {func(c *Config) { c.Columns = map[string]string{"body": "文"} }, "a,b\n", `mapped to the column "文", which the file does not have; its columns are "a", "b"`},
		"same column":   {func(*Config) {}, "body,body\n", `two columns are called "body"`},
		"field":         {func(c *Config) { c.Columns = map[string]string{"text": "a"} }, "a\n", "column text: there is no such event field"},
		"default field": {func(c *Config) { c.Defaults = map[string]string{"colour": "a"} }, "a\n", "default colour"},
		"format":        {func(c *Config) { c.Format = "xlsx" }, "a\n", `format is "xlsx"; it must be csv, tsv or jsonl`},
		"no format":     {func(c *Config) { c.Format = "" }, "a\n", "format is not given"},
		"encoding":      {func(c *Config) { c.Encoding = "latin9" }, "a\n", `encoding is "latin9"`},
		"delimiter":     {func(c *Config) { c.Delimiter = '"' }, "a\n", "delimiter"},
		"header quotes": {func(*Config) {}, "\"body\n", "the header cannot be read"},
	} {
		cfg := base
		c.change(&cfg)
		if _, err := Open(cfg, strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want one with %q", name, err, c.want)
		}
	}
}

func TestEncodings(t *testing.T) {
	text := "投稿日時,本文\n2026-11-01 10:00,①髙橋です。ﾊﾞｸﾞで困っています〜\n2026-11-02 10:00,助かりました！\n"
	sjis, err := japanese.ShiftJIS.NewEncoder().String(strings.ReplaceAll(text, "〜", "～"))
	if err != nil {
		t.Fatal(err)
	}
	euc, err := japanese.EUCJP.NewEncoder().String(strings.ReplaceAll(strings.ReplaceAll(text, "〜", "～"), "①", ""))
	if err != nil {
		t.Fatal(err)
	}
	jis, err := japanese.ISO2022JP.NewEncoder().String("本文\nとても困っています\n")
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ raw, want string }{
		"utf-8": {text, "髙橋"}, "utf-8 with a mark": {"\ufeff" + text, "髙橋"}, "shift_jis": {sjis, "髙橋"}, "euc-jp": {euc, "困って"},
		"iso-2022-jp": {jis, "とても困って"}, "utf-16": {utf16, "髙橋"},
	} {
		rows, faults, _ := run(t, config(t, CSV), c.raw)
		if len(faults) > 0 || len(rows) == 0 || !strings.Contains(rows[0].Post.Body, c.want) {
			t.Errorf("%s: rows %v, faults %v", name, rows, faults)
		}
	}
	// One broken byte in a UTF-8 file is the fault of its row, not another encoding.
	rows, faults, _ := run(t, config(t, CSV), "本文\n"+strings.Repeat("とても困っています。\n", 50)+"壊れた\xffバイト\nよい行\n")
	if len(rows) != 51 || len(faults) != 1 || faults[0].Line != 52 || faults[0].Reason != "invalid_encoding" {
		t.Errorf("%d rows, faults %v; want line 52 refused", len(rows), faults)
	}
	// The same in Shift_JIS, where the option forces the encoding.
	cfg := config(t, CSV)
	cfg.Encoding = "cp932"
	if rows, faults, _ := run(t, cfg, sjis+"2026-11-03,\x81\n"); len(rows) != 2 || len(faults) != 1 {
		t.Errorf("%d rows, faults %v; want the broken last row refused", len(rows), faults)
	}
}

func TestTimes(t *testing.T) {
	p := newTimeParser([]string{"02.01.06 15h"}, time.FixedZone("JST", 9*60*60))
	for in, want := range map[string]string{
		"2026-11-16T09:00:00+09:00":       "2026-11-16T09:00:00+09:00",
		"2026-11-16T00:00:00Z":            "2026-11-16T00:00:00Z",
		"2026-11-16 09:00":                "2026-11-16T09:00:00+09:00",
		"2026-11-16 00:00:00 +0000":       "2026-11-16T00:00:00Z",
		"2026/1/6 9:05":                   "2026-01-06T09:05:00+09:00",
		"2026/01/06(火) 9:05":              "2026-01-06T09:05:00+09:00",
		"２０２６年１月６日":                       "2026-01-06T00:00:00+09:00",
		"2026年1月6日 9時5分":                  "2026-01-06T09:05:00+09:00",
		"2026/1/6 午後3:05":                 "2026-01-06T15:05:00+09:00",
		"2026/1/6 午前12:05":                "2026-01-06T00:05:00+09:00",
		"令和8年1月6日":                        "2026-01-06T00:00:00+09:00",
		"令和元年5月1日":                        "2019-05-01T00:00:00+09:00",
		"平成30年12月31日":                     "2018-12-31T00:00:00+09:00",
		"20260106":                        "2026-01-06T00:00:00+09:00",
		"1767657600":                      "2026-01-06T09:00:00+09:00",
		"1767657600123":                   "2026-01-06T09:00:00+09:00",
		"06.01.26 15h":                    "2026-01-06T15:00:00+09:00",
		"Tue, 06 Jan 2026 09:00:00 +0900": "2026-01-06T09:00:00+09:00",
	} {
		got, err := p.parse(in)
		if err != nil || got.Truncate(time.Second).Format(time.RFC3339) != want {
			t.Errorf("%q is %s, %v; want %s", in, got.Format(time.RFC3339), err, want)
		}
	}
	for _, in := range []string{"", "昨日", "2026/13/1", "99999999999999999999", "令和十年"} {
		if got, err := p.parse(in); err == nil {
			t.Errorf("%q is read as %s", in, got)
		}
	}
}

func TestPostedAt(t *testing.T) {
	cfg := config(t, CSV)
	cfg.PostedAt = PostedAt{}
	_, faults, _ := run(t, cfg, "body\na\n")
	if len(faults) != 1 || faults[0].Reason != "no_time" || !strings.Contains(faults[0].Error(), "posted-at") {
		t.Errorf("faults %v; want one that tells of posted-at", faults)
	}
	p, err := ParsePostedAt("spread:90d", now)
	if err != nil {
		t.Fatal(err)
	}
	perDay := map[string]int{}
	for i := 1; i <= 9000; i++ {
		at, ok := p.at(i)
		if !ok || at.After(now) || at.Before(now.AddDate(0, 0, -91)) {
			t.Fatalf("row %d is at %s", i, at)
		}
		perDay[at.Format(time.DateOnly)]++
	}
	for d, n := range perDay {
		if n < 95 || n > 105 {
			t.Errorf("%d rows on %s; want about 100", n, d)
		}
	}
	a, _ := p.at(7)
	q, err := ParsePostedAt("spread:90d", now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := q.at(7); !a.Equal(b) {
		t.Error("a second import on the same day moves the rows")
	}
	for _, bad := range []string{"spread", "spread:", "spread:0d", "spread:x", "yesterday", "spread:1s", "spread:5dd"} {
		if _, err := ParsePostedAt(bad, now); err == nil {
			t.Errorf("posted-at %q is accepted", bad)
		}
	}
}

func TestMaxErrors(t *testing.T) {
	cfg := config(t, CSV)
	cfg.MaxErrors = 1
	x, err := Open(cfg, strings.NewReader("body,x\na,1\nb\nc\nd\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.Read(t.Context(), func(Row) error { return nil })
	if !errors.Is(err, ErrTooManyErrors) || !strings.Contains(err.Error(), "line 4") || s.Rows != 3 || s.Skipped["ragged"] != 2 {
		t.Errorf("%v, %v; want the end at line 4", s, err)
	}
}

func TestFullEventsInJSONLines(t *testing.T) {
	rows, faults, s := run(t, config(t, JSONL), `{"post_id":"1","event":"created","posted_at":"2026-11-01T09:00:00+09:00","body":"a","author":{"id":"u1","role":"leader","account_id":"a1","level":"金"},"attributes":{"plan":"ライト","メモ":"x"},"reactions":{"like":3},"rating":4.5,"accepted":true,"views":12,"version":3,"title":null}
{"post_id":"1","event":"edited","posted_at":"2026-11-01T09:00:00+09:00","body":"b","version":4}
`)
	if len(faults) != 0 || len(rows) != 2 || s.Repeated != 1 {
		t.Fatalf("rows %v, faults %v, stats %v", rows, faults, s)
	}
	p := rows[0].Post
	if p.Author != (event.Author{ID: "u1", Role: "leader", AccountID: "a1", Level: "金"}) || !maps.Equal(p.Attributes, map[string]string{"plan": "ライト", "メモ": "x"}) ||
		p.Reactions["like"] != 3 || p.Rating != 4.5 || !p.Accepted || p.Views != 12 || *p.Version != 3 {
		t.Errorf("%+v", p)
	}
	if q := rows[1].Post; q.Event != event.Edited || *q.Version != 4 {
		t.Errorf("%+v", q)
	}
}

func TestKeysOfJSONLinesMayComeAndGo(t *testing.T) {
	rows, faults, _ := run(t, config(t, JSONL), "{\"text\":\"a\",\"title\":\"t\"}\n{\"body\":\"b\",\"lang\":\"ja\"}\n{\"body\":\"c\",\"text\":\"d\"}\n")
	if len(rows) != 2 || rows[1].Post.Body != "b" || rows[1].Post.Attributes["lang"] != "ja" {
		t.Errorf("rows %+v", rows)
	}
	if len(faults) != 1 || !strings.Contains(faults[0].Error(), "both give body") {
		t.Errorf("faults %v; want the row with two texts refused", faults)
	}
}

func TestNoHeader(t *testing.T) {
	cfg := config(t, CSV)
	cfg.NoHeader, cfg.Columns = true, map[string]string{"body": "2", "posted_at": "1"}
	rows, _, _ := run(t, cfg, "2026-11-01,一行目,x\n2026-11-02,二行目,y\n")
	if len(rows) != 2 || rows[0].Post.Body != "一行目" || rows[1].Post.Attributes["3"] != "y" {
		t.Errorf("rows %+v", rows)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	x, err := Open(config(t, CSV), strings.NewReader("body\na\nb\nc\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.Read(ctx, func(Row) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) || s.Produced != 1 {
		t.Errorf("%v, %v; want one row, then cancelled", s, err)
	}
}

func TestSynonymsAreFoldedAndUnique(t *testing.T) {
	seen := map[string]string{}
	for field, names := range synonyms() {
		if !knownField(field) {
			t.Errorf("synonyms of %s, which is no field", field)
		}
		for _, n := range names {
			if fold(n) != n {
				t.Errorf("%q must be folded to %q", n, fold(n))
			}
			if other, twice := seen[n]; twice {
				t.Errorf("%q stands for %s and %s", n, other, field)
			}
			seen[n] = field
		}
	}
	for _, f := range fieldNames() {
		if !slices.Contains([]string{"rating"}, f) && seen[fold(f)] != f {
			t.Errorf("the field's own name %s must be a synonym", f)
		}
	}
}
