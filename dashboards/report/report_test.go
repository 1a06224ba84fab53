package report_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"voc/dashboards/dashtest"
	"voc/dashboards/query"
	"voc/dashboards/report"
	"voc/schema"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

var keep = flag.String("keep", "", "folder to leave the rendered reports in, to look at them")

const base = "https://voc.example.jp"

func options() report.Options {
	return report.Options{
		Community: dashtest.Community, CommunityName: "見本コミュニティ", Week: dashtest.Week(),
		Topics: map[string]string{"pricing/discount": "割引"}, Intents: map[string]string{"spam": "迷惑投稿"},
	}
}

// build makes a report with the rights of a reader.
func build(t *testing.T, db *chtest.DB, opt report.Options) *report.Report {
	t.Helper()
	r, err := report.Build(t.Context(), db.As(t, engine.Reader), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func formats() []string { return []string{"html", "md", "json", "xlsx"} }

func render(t *testing.T, r *report.Report, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.Write(&out, report.Format(format), base); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// walk calls f with every piece of text of a report.
func walk(r *report.Report, f func(where string, s report.Span)) {
	line := func(where string, l report.Line) {
		for _, s := range l {
			f(where, s)
		}
	}
	for _, c := range r.Conditions {
		line("conditions", c.Line)
	}
	for i, l := range r.Highlights {
		line(fmt.Sprint("highlight ", i+1), l)
	}
	for _, s := range r.Sections {
		line(s.ID, s.Lead)
		for _, b := range s.Blocks {
			for _, l := range b.Text {
				line(b.ID, l)
			}
			for _, t := range b.Tiles {
				line(b.ID, report.Line{t.Figure})
				line(b.ID, t.Change)
			}
			if b.Table != nil {
				for _, r := range b.Table.Rows {
					for i, c := range r.Cells {
						line(b.ID+"."+b.Table.Columns[i].Key, c.Line)
						line(b.ID+"."+b.Table.Columns[i].Key, c.Sub)
					}
				}
			}
			if b.Story != nil {
				line(b.ID, b.Story.Title)
				for _, c := range b.Story.Chain {
					line(b.ID+"."+c.Label, c.Line)
				}
			}
		}
	}
}

func block(t *testing.T, r *report.Report, id string) report.Block {
	t.Helper()
	for _, s := range r.Sections {
		for _, b := range s.Blocks {
			if b.ID == id {
				return b
			}
		}
	}
	t.Fatalf("the report has no block %s", id)
	return report.Block{}
}

func lineOf(l report.Line) string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

// The tests that only read share one community.
func TestOnCommunity(t *testing.T) {
	db := chtest.Open(t)
	truths := dashtest.Fill(t, db, 1)
	r := build(t, db, options())
	for _, format := range formats() {
		if *keep != "" {
			if err := os.WriteFile(filepath.Join(*keep, "report."+format), render(t, r, format), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Run("every figure opens its posts", func(t *testing.T) { everyFigureOpensItsPosts(t, db, r) })
	t.Run("every figure has a source", func(t *testing.T) { everyFigureHasASource(t, db, r) })
	t.Run("planted truths are told", func(t *testing.T) { plantedTruths(t, r, truths) })
	t.Run("ten questions are answered", func(t *testing.T) { tenQuestions(t, r, truths) })
	t.Run("points add up", func(t *testing.T) { pointsAddUp(t, r) })
	t.Run("page needs nothing", func(t *testing.T) { pageNeedsNothing(t, r) })
	t.Run("workbook", func(t *testing.T) { workbook(t, r) })
	t.Run("markdown", func(t *testing.T) { markdown(t, r) })
	t.Run("one voice one vote", func(t *testing.T) { oneVoiceOneVote(t, r) })
	t.Run("same bytes", func(t *testing.T) {
		again := build(t, db, options())
		for _, format := range formats() {
			if !bytes.Equal(render(t, r, format), render(t, again, format)) {
				t.Errorf("two reports on the same data differ as %s", format)
			}
		}
	})
	t.Run("now is printed and nothing else changes", func(t *testing.T) {
		opt := options()
		opt.Now = time.Date(2026, 11, 16, 0, 30, 0, 0, time.UTC)
		dated := build(t, db, opt)
		if dated.CreatedAt != "2026-11-16 09:30" || !strings.Contains(string(render(t, dated, "html")), "作成 2026-11-16 09:30") {
			t.Errorf("made at %q", dated.CreatedAt)
		}
		dated.CreatedAt = ""
		if !bytes.Equal(render(t, r, "json"), render(t, dated, "json")) {
			t.Error("the time of making changes the report")
		}
	})
}

// A figure of posts that links to posts links to exactly so many.
func everyFigureOpensItsPosts(t *testing.T, db *chtest.DB, r *report.Report) {
	checked, where := 0, map[string]bool{}
	seen := map[string]float64{}
	walk(r, func(at string, s report.Span) {
		if s.Posts == "" {
			return
		}
		u, err := url.Parse(s.Posts)
		if err != nil {
			t.Fatal(err)
		}
		f, err := query.ParseFilter(u.Query())
		if err != nil {
			t.Fatalf("%s: %s: %v", at, s.Posts, err)
		}
		if f.Community != dashtest.Community {
			t.Errorf("%s opens the community %q", at, f.Community)
		}
		if s.Value == nil || !strings.HasSuffix(s.Text, "件") && !strings.HasSuffix(s.Text, "回") {
			return
		}
		n, ok := seen[s.Posts]
		if !ok {
			var rows []query.PostCount
			if err := query.Run(t.Context(), db.Conn, "posts_count", f.Params(), &rows); err != nil {
				t.Fatal(err)
			}
			n = float64(rows[0].Posts)
			seen[s.Posts] = n
		}
		if n != *s.Value {
			t.Errorf("%s says %s, %s has %v", at, s.Text, s.Posts, n)
		}
		checked++
		where[strings.Split(at, ".")[0]] = true
	})
	if checked < 80 || len(where) < 14 {
		t.Errorf("only %d figures in %d places were checked", checked, len(where))
	}
}

var number = regexp.MustCompile(`[0-9][0-9,.]*(件|人|社|回|%|倍|点)$`)

// A figure names a query of this report, and the query still runs with the parameters printed.
func everyFigureHasASource(t *testing.T, db *chtest.DB, r *report.Report) {
	sources := map[string]report.Source{}
	for _, s := range r.Sources {
		sources[s.ID] = s
	}
	used := map[string]bool{}
	figures := 0
	walk(r, func(at string, s report.Span) {
		if s.Value == nil {
			return
		}
		figures++
		if _, ok := sources[s.Source]; !ok {
			t.Errorf("%s: %q has the source %q", at, s.Text, s.Source)
		}
		used[s.Source] = true
	})
	for _, s := range r.Sections {
		for _, b := range s.Blocks {
			for _, id := range b.Sources {
				used[id] = true
				if _, ok := sources[id]; !ok {
					t.Errorf("%s has the source %q", b.ID, id)
				}
			}
			// Cells that are a number and nothing else are figures, not text.
			if b.Table == nil {
				continue
			}
			for _, row := range b.Table.Rows {
				for i, c := range row.Cells {
					for _, s := range c.Line {
						if s.Value == nil && s.Tone != report.ToneQuiet && number.MatchString(s.Text) && b.Table.Columns[i].Kind == "number" {
							t.Errorf("%s.%s: %q is text", b.ID, b.Table.Columns[i].Key, s.Text)
						}
					}
				}
			}
		}
	}
	if figures < 300 {
		t.Errorf("only %d figures", figures)
	}
	for id, s := range sources {
		params := query.Params{}
		for _, p := range s.Params {
			v := lineOf(p.Line)
			if strings.HasPrefix(v, "[") {
				params[p.Label] = strings.Split(strings.Trim(v, "[]"), ", ")
			} else {
				params[p.Label] = v
			}
		}
		if _, err := query.RunTable(t.Context(), db.Conn, s.Query, params); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func plantedTruths(t *testing.T, r *report.Report, truths dashtest.Truths) {
	story := block(t, r, "story-1").Story
	if story == nil || story.Topic != dashtest.FlareTopic || !story.Up || !story.Bad {
		t.Fatalf("the first story is %+v", story)
	}
	chain := map[string]string{}
	for _, c := range story.Chain {
		chain[c.Label] = lineOf(c.Line)
	}
	for label, want := range map[string]string{
		"何が": fmt.Sprintf("%d件", truths.Flare), "誰に": "契約プラン「" + dashtest.FlarePlan + "」", "いつ": "11/11(水) 13時〜", "理由の候補": "新料金プランのお知らせ", "感情": "否定",
	} {
		if !strings.Contains(chain[label], want) {
			t.Errorf("%s is %q, want %q in it", label, chain[label], want)
		}
	}
	if !strings.Contains(chain["理由の候補"], "値上げ") {
		t.Errorf("the cause is %q", chain["理由の候補"])
	}
	if len(story.Posts) != 3 {
		t.Errorf("%d voices", len(story.Posts))
	}
	if n := len(r.Sections[1].Blocks); n > 4 {
		t.Errorf("%d stories for one planted change", n-1)
	}
	var severe []string
	for _, p := range block(t, r, "severe-cards").Posts {
		severe = append(severe, p.PostID)
	}
	for _, id := range truths.Severe {
		if !slices.Contains(severe, id) {
			t.Errorf("%s is not among the severe posts %v", id, severe)
		}
	}
	actionTable := block(t, r, "actions-table").Table
	var standing []string
	for _, row := range actionTable.Rows {
		standing = append(standing, lineOf(row.Cells[1].Line)+" "+lineOf(row.Cells[6].Line))
	}
	if fmt.Sprint(standing) != "[再開(声が戻った) ↑ 増えた 対応中 出荷前]" {
		t.Errorf("the actions are %v", standing)
	}
	if n := len(block(t, r, "board-roles").Table.Rows) + len(block(t, r, "board-factors").Table.Rows); n != 11 {
		t.Errorf("the board has %d lines", n)
	}
	if got := lineOf(block(t, r, "gaps").Table.Rows[0].Cells[0].Line); got != "コミュニティ" {
		t.Errorf("the largest gap is %s", got)
	}
	html := string(render(t, r, "html"))
	for _, want := range []string{
		fmt.Sprintf(">%d件</a> でした。投稿数には含め", truths.Quarantined), "見本コミュニティ", "2026年第46週", "2026年11月9日(月)〜11月15日(日)", "今週の要点",
		fmt.Sprintf(">%d件</span><span class=\"q\"> / 読んだ", truths.Dead), "missing_field", "20分になりました",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
	faq := block(t, r, "faq").Table
	if faq == nil || len(faq.Rows) < 3 {
		t.Fatal("no FAQ candidates")
	}
	if got := lineOf(block(t, r, "quality-table").Table.Rows[0].Cells[0].Line); got != "話題の付いた割合" {
		t.Errorf("the first check is %s", got)
	}
	bodies := map[string]bool{}
	for _, p := range block(t, r, "voice-cards").Posts {
		if bodies[lineOf(p.Body)] {
			t.Errorf("a voice is shown twice: %s", lineOf(p.Body))
		}
		bodies[lineOf(p.Body)] = true
		if !slices.ContainsFunc(p.Body, func(s report.Span) bool { return strings.HasPrefix(string(s.Tone), "mark") }) {
			t.Errorf("no evidence is marked in %s", lineOf(p.Body))
		}
	}
	if len(bodies) != 8 {
		t.Errorf("%d voices", len(bodies))
	}
}

// The points of the reasons of each row add up to its points.
func pointsAddUp(t *testing.T, r *report.Report) {
	for _, id := range []string{"attention-list", "happy-list"} {
		table := block(t, r, id).Table
		if table == nil || len(table.Rows) < 5 {
			t.Fatalf("%s is empty", id)
		}
		column := map[string]int{}
		for i, c := range table.Columns {
			column[c.Key] = i
		}
		last := 1e9
		for _, row := range table.Rows {
			var sum float64
			reasons := 0
			for _, s := range row.Cells[column["reasons"]].Line {
				if s.Value != nil {
					sum += *s.Value
					reasons++
				}
			}
			points := *row.Cells[column["points"]].Line[0].Value
			if sum != points || reasons == 0 {
				t.Errorf("%s: %d reasons add up to %v, the points are %v", id, reasons, sum, points)
			}
			if points > last {
				t.Errorf("%s is not in the order of points", id)
			}
			last = points
		}
	}
}

var reference = regexp.MustCompile(`(?:src|href|srcset|action|data|poster)="([^"]*)"|url\(([^)]*)\)|@import`)

// The page loads nothing and runs nothing.
func pageNeedsNothing(t *testing.T, r *report.Report) {
	page := string(render(t, r, "html"))
	for _, bad := range []string{"<script", "<link", "<img", "<iframe", "javascript:", " onload", " onclick", "ZgotmplZ"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	links := 0
	for _, m := range reference.FindAllStringSubmatch(page, -1) {
		switch {
		case strings.HasPrefix(m[1], "#"), strings.HasPrefix(m[1], base+query.PostsPath+"?"):
			links++
		default:
			t.Errorf("the page refers to %q", m[0])
		}
	}
	if links < 200 {
		t.Errorf("%d links", links)
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+m[1]+`"`) {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
	for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if strings.Count(page, ` id="`+id[1]+`"`) != 1 {
			t.Errorf("id %s is there more than once", id[1])
		}
	}
	var local bytes.Buffer
	if err := r.HTML(&local, ""); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(local.String(), `href="/posts`) || !strings.Contains(local.String(), `data-posts="/posts?`) {
		t.Error("without an address of the web pages, posts must not be linked but still be named")
	}
}

func workbook(t *testing.T, r *report.Report) {
	f, err := excelize.OpenReader(bytes.NewReader(render(t, r, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if sheets := f.GetSheetList(); len(sheets) != len(r.Sections)+2 || sheets[0] != "要点" || sheets[len(sheets)-1] != "出典" {
		t.Errorf("sheets are %v", sheets)
	}
	rows, err := f.GetRows("全体像")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if len(row) > 1 && row[0] == "投稿" {
			at := fmt.Sprintf("B%d", i+1)
			kind, err := f.GetCellType("全体像", at)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := f.GetCellValue("全体像", at, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprint(*block(t, r, "tiles").Tiles[0].Figure.Value); raw != want || kind == excelize.CellTypeSharedString {
				t.Errorf("posts are %q of type %v, want the number %s", raw, kind, want)
			}
			linked, address, err := f.GetCellHyperLink("全体像", at)
			if err != nil || !linked || !strings.HasPrefix(address, base+"/posts?") {
				t.Errorf("the number links to %q (%v)", address, err)
			}
			return
		}
	}
	t.Error("no row of posts")
}

func markdown(t *testing.T, r *report.Report) {
	text := string(render(t, r, "md"))
	width := 0
	for i, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "|") {
			width = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if width != 0 && n != width {
			t.Errorf("line %d has %d bars, the table %d: %s", i+1, n, width, line)
		}
		width = n
	}
	for _, want := range []string{"# 週次VOCレポート 2026年第46週", "## 変わったことと、その理由", "[", "](<" + base + "/posts?"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text does not have %q", want)
		}
	}
}

// Two databases with the same posts give the same bytes.
func TestSameDataSameBytes(t *testing.T) {
	var first map[string][]byte
	for range 2 {
		db := chtest.Open(t)
		dashtest.Fill(t, db, 4)
		r := build(t, db, options())
		now := map[string][]byte{}
		for _, format := range formats() {
			now[format] = render(t, r, format)
		}
		if first == nil {
			first = now
			continue
		}
		for format, text := range now {
			if !bytes.Equal(first[format], text) {
				t.Errorf("%s differs", format)
			}
		}
	}
}

// With nothing, with one post, and with one week of posts the report says so in words, and every format is made.
func TestLittleData(t *testing.T) {
	db := chtest.Open(t)
	check := func(name string, wants ...string) {
		t.Helper()
		r := build(t, db, options())
		var page string
		for _, format := range formats() {
			out := render(t, r, format)
			if format == "html" {
				page = string(out)
			}
			if *keep != "" {
				if err := os.WriteFile(filepath.Join(*keep, name+"."+format), out, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, bad := range []string{"NaN", "Inf", "%!", "<nil>", "ZgotmplZ"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: the page has %q", name, bad)
			}
		}
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page does not have %q", name, want)
			}
		}
	}
	check("empty", "この週の投稿はありません。", "比べられる過去の週がまだない", "データの品質", "対応が必要な方はいません。")
	at := dashtest.Week().Add(30 * time.Hour)
	hostile := `<script>alert(1)</script>=HYPERLINK("x")|*_[x](javascript:alert(1))` + "\n\n# 見出し"
	db.Insert(t, &schema.PostRow{
		Community: dashtest.Community, PostID: `"><script>`, Day: dashtest.Week().AddDate(0, 0, 1), PostedAt: at, OccurredAt: at, SourceVersion: 1, Event: "created", Source: "<b>", Channel: `"x"`,
		AuthorID: "<i>", Body: hostile, Title: "<u>", URL: "javascript:alert(1)", Sentiment: "negative", Score: -1, Intents: []string{"churn_risk", "complaint", "request", "question", "success_story", "<em>"},
		Topics: schema.PostTopics{ID: []string{"<topic>"}, Sentiment: []string{"negative"}, Score: []float32{-1}}, KafkaTopic: "voc.posts", AnalyzerRevision: 1,
	}, &schema.Window{Community: dashtest.Community, Day: dashtest.Week().AddDate(0, 0, 1)})
	dashtest.Count(t, db)
	check("one", "投稿は", "&lt;script&gt;alert(1)&lt;/script&gt;", "比べられる過去の週がまだない")
	r := build(t, db, options())
	if page := string(render(t, r, "html")); strings.Contains(page, "<script>") || strings.Contains(page, "<topic>") || strings.Contains(page, "<em>") || strings.Contains(page, `href="javascript`) {
		t.Error("what a member wrote became HTML")
	}
	code := regexp.MustCompile("`[^`\n]*`")
	if text := code.ReplaceAllString(string(render(t, r, "md")), ""); strings.Contains(text, "<script>") || strings.Contains(text, "\n# 見出し") || strings.Contains(text, "[x](javascript") {
		t.Error("what a member wrote became Markdown")
	}
	f, err := excelize.OpenReader(bytes.NewReader(render(t, r, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x := range row {
				at, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := f.GetCellFormula(sheet, at); err != nil || formula != "" {
					t.Errorf("%s!%s is the formula %q (%v)", sheet, at, formula, err)
				}
			}
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	db := chtest.Open(t)
	for want, change := range map[string]func(*report.Options){
		"Community is empty": func(o *report.Options) { o.Community = "" },
		"Week is":            func(o *report.Options) { o.Week = o.Week.AddDate(0, 0, 1) },
		"Weeks is 60":        func(o *report.Options) { o.Weeks = 60 },
	} {
		opt := options()
		change(&opt)
		if _, err := report.Build(t.Context(), db.Conn, opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if err := (&report.Report{}).Write(io.Discard, "docx", ""); err == nil || !strings.Contains(err.Error(), "html, md, json or xlsx") {
		t.Errorf("error %v", err)
	}
}
