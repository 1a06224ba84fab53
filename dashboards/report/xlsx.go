package report

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// XLSX writes the report as an Excel workbook: one sheet a chapter, numbers as numbers, and a sheet of the queries they
// came from. baseURL is as in HTML.
func (r *Report) XLSX(w io.Writer, baseURL string) error {
	f := excelize.NewFile()
	x := &workbook{f: f, base: baseURL, styles: map[string]int{}}
	x.write(r)
	if x.err != nil {
		return fmt.Errorf("report: cannot make the workbook: %w", x.err)
	}
	var raw bytes.Buffer
	if err := f.Write(&raw); err != nil {
		return fmt.Errorf("report: cannot make the workbook: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("report: cannot make the workbook: %w", err)
	}
	return sortedZip(w, raw.Bytes())
}

// sortedZip writes an archive again with its files in the order of their names and without times, because excelize
// writes them in the order of a map.
func sortedZip(w io.Writer, raw []byte) error {
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return fmt.Errorf("report: cannot read the workbook again: %w", err)
	}
	files := slices.SortedFunc(slices.Values(in.File), func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	// Readers want the list of contents first.
	slices.SortStableFunc(files, func(a, b *zip.File) int {
		return cmp.Compare(boolInt(b.Name == "[Content_Types].xml"), boolInt(a.Name == "[Content_Types].xml"))
	})
	out := zip.NewWriter(w)
	for _, file := range files {
		from, err := file.Open()
		if err != nil {
			return fmt.Errorf("report: cannot read the workbook again: %w", err)
		}
		to, err := out.Create(file.Name)
		var content []byte
		if err == nil {
			content, err = io.ReadAll(from)
		}
		if err == nil {
			_, err = to.Write(sortedDefaults(content))
		}
		if err = cmp.Or(err, from.Close()); err != nil {
			return fmt.Errorf("report: cannot write the workbook: %w", err)
		}
	}
	return out.Close()
}

var defaults = regexp.MustCompile(`(?:<Default [^>]*></Default>)+`)

// sortedDefaults puts the elements of the list of contents in order that excelize writes in the order of a map.
func sortedDefaults(content []byte) []byte {
	return defaults.ReplaceAllFunc(content, func(run []byte) []byte {
		elements := bytes.SplitAfter(run, []byte("</Default>"))
		slices.SortFunc(elements, bytes.Compare)
		return bytes.Join(elements, nil)
	})
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// workbook writes rows downwards on a sheet; the first error stops it.
type workbook struct {
	f      *excelize.File
	base   string
	styles map[string]int
	sheet  string
	row    int
	widths []float64 // of the sheet's columns, in characters
	lines  int       // that the row needs
	err    error
}

func (x *workbook) do(err error) {
	if x.err == nil {
		x.err = err
	}
}

const (
	excelFont = "Yu Gothic"
	excelMain = "24527A"
	excelSoft = "F5F7FA"
	excelLine = "DDE3EA"
	textLimit = 32_000 // characters a cell can hold, with room to spare
)

// next goes to the next row, after making this one as high as its texts need: not every program does so by itself.
func (x *workbook) next() {
	if x.lines > 1 {
		x.do(x.f.SetRowHeight(x.sheet, x.row, min(400, float64(x.lines)*14)))
	}
	x.lines = 0
	x.row++
}

// fit notes how many lines a wrapped text takes in a column.
func (x *workbook) fit(column int, text string) {
	width := 9.0
	if column <= len(x.widths) {
		width = x.widths[column-1]
	}
	lines := 0
	for _, line := range strings.Split(text, "\n") {
		wide := 0
		for _, r := range line {
			wide++
			if r > 0x2000 { // kana and kanji are two characters wide
				wide++
			}
		}
		lines += 1 + max(0, wide-1)/max(1, int(width-1))
	}
	x.lines = max(x.lines, lines)
}

// style makes a style once.
func (x *workbook) style(key string, s *excelize.Style) int {
	if id, ok := x.styles[key]; ok {
		return id
	}
	id, err := x.f.NewStyle(s)
	x.do(err)
	x.styles[key] = id
	return id
}

func (x *workbook) title() int {
	return x.style("title", &excelize.Style{Font: &excelize.Font{Bold: true, Size: 16, Family: excelFont, Color: excelMain}})
}

func (x *workbook) heading() int {
	return x.style("heading", &excelize.Style{Font: &excelize.Font{Bold: true, Size: 12, Family: excelFont}})
}

func (x *workbook) head() int {
	return x.style("head", &excelize.Style{
		Font: &excelize.Font{Bold: true, Size: 10, Family: excelFont, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{excelMain}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	})
}

// headings writes the heads of columns; those of numbers stand over their numbers.
func (x *workbook) headings(heads []string, numbers func(int) bool) {
	right := x.style("headright", &excelize.Style{
		Font: &excelize.Font{Bold: true, Size: 10, Family: excelFont, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{excelMain}},
		Alignment: &excelize.Alignment{Vertical: "center", Horizontal: "right", WrapText: true},
	})
	for i, h := range heads {
		style := x.head()
		if numbers(i) {
			style = right
		}
		x.text(i+1, h, style)
	}
	x.do(x.f.SetRowHeight(x.sheet, x.row, 20))
	x.row++
}

func (x *workbook) body(format string, link bool) int {
	font := &excelize.Font{Size: 10, Family: excelFont}
	if link {
		font.Color, font.Underline = excelMain, "single"
	}
	s := &excelize.Style{
		Font: font, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
		Border: []excelize.Border{{Type: "bottom", Style: 1, Color: excelLine}},
	}
	if format != "" {
		s.CustomNumFmt = &format
		s.Alignment.Horizontal = "right"
	}
	return x.style(fmt.Sprint("body", format, link), s)
}

func (x *workbook) note() int {
	return x.style("note", &excelize.Style{Font: &excelize.Font{Size: 9, Family: excelFont, Color: "5F6C7B"}})
}

func (x *workbook) empty() int {
	return x.style("empty", &excelize.Style{Font: &excelize.Font{Size: 10, Family: excelFont, Color: "5F6C7B"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{excelSoft}}})
}

func (x *workbook) open(name string, first bool, widths ...float64) {
	if first {
		x.do(x.f.SetSheetName("Sheet1", name))
	} else {
		_, err := x.f.NewSheet(name)
		x.do(err)
	}
	x.sheet, x.row, x.widths, x.lines = name, 1, widths, 0
	for i, w := range widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		x.do(err)
		x.do(x.f.SetColWidth(name, column, column, w))
	}
	show, whole := false, true
	x.do(x.f.SetSheetView(name, 0, &excelize.ViewOptions{ShowGridLines: &show}))
	landscape, fit, height := "landscape", 1, 0
	paper := 9 // A4
	x.do(x.f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &whole}))
	x.do(x.f.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &paper, FitToWidth: &fit, FitToHeight: &height}))
}

func (x *workbook) cell(column int) string {
	name, err := excelize.CoordinatesToCellName(column, x.row)
	x.do(err)
	return name
}

// text writes a text; it is never read as a formula.
func (x *workbook) text(column int, text string, style int) {
	if r := []rune(text); len(r) > textLimit {
		text = string(r[:textLimit]) + "…"
	}
	at := x.cell(column)
	x.do(x.f.SetCellStr(x.sheet, at, text))
	x.do(x.f.SetCellStyle(x.sheet, at, at, style))
}

// words writes a text that is wrapped.
func (x *workbook) words(column int, text string, link bool) {
	x.text(column, text, x.body("", link))
	x.fit(column, text)
}

func (x *workbook) link(column int, posts string) {
	if address := postsLink(x.base, posts); address != "" && len(address) < 2000 {
		x.do(x.f.SetCellHyperLink(x.sheet, x.cell(column), address, "External"))
	}
}

// figure writes a figure as a number in the form in which the report prints it.
func (x *workbook) figure(column int, s Span) {
	format := numberFormat(s)
	if format == "" {
		x.words(column, s.Text, s.Posts != "" && x.base != "")
	} else {
		at := x.cell(column)
		x.do(x.f.SetCellValue(x.sheet, at, *s.Value))
		x.do(x.f.SetCellStyle(x.sheet, at, at, x.body(format, s.Posts != "" && x.base != "")))
	}
	x.link(column, s.Posts)
}

// numberFormat is Excel's format for a figure, empty when its text is no number with a unit.
func numberFormat(s Span) string {
	if s.Value == nil {
		return ""
	}
	unit := strings.TrimLeft(s.Text, "0123456789,.")
	switch {
	case strings.HasPrefix(s.Text, "+") || strings.HasPrefix(s.Text, "−"):
		if strings.TrimLeft(s.Text, "+−0123456789") == "" {
			return "+0;−0;0"
		}
		return ""
	case unit == s.Text:
		return ""
	case unit == "%":
		return "0.0%"
	case strings.Contains(strings.TrimSuffix(s.Text, unit), "."):
		return `#,##0.0"` + unit + `"`
	case unit == "":
		return "#,##0"
	default:
		return `#,##0"` + unit + `"`
	}
}

func (x *workbook) write(r *Report) {
	x.open("要点", true, 16, 110)
	x.text(1, r.Title, x.title())
	x.do(x.f.SetRowHeight(x.sheet, x.row, 28))
	x.next()
	subtitle := r.Community + "・" + r.Period
	if r.CreatedAt != "" {
		subtitle += "・作成 " + r.CreatedAt
	}
	x.text(1, subtitle, x.note())
	x.next()
	x.text(1, r.Purpose, x.heading())
	x.row += 2
	for _, f := range r.Conditions {
		x.words(1, f.Label, false)
		x.words(2, lineText(f.Line), false)
		x.next()
	}
	x.next()
	x.text(1, "今週の要点", x.heading())
	x.next()
	for i, l := range r.Highlights {
		x.words(1, fmt.Sprint(i+1), false)
		x.words(2, lineText(l), false)
		x.next()
	}
	names := map[string]string{}
	for _, s := range r.Sources {
		names[s.ID] = s.ID + " " + s.Title
	}
	used := map[string]bool{"要点": true, "出典": true}
	for _, s := range r.Sections {
		x.open(sheetName(s.Title, used), false, 46, 24, 15, 15, 15, 15, 24, 30, 15, 15, 15, 15)
		x.text(1, s.Title, x.title())
		x.do(x.f.SetRowHeight(x.sheet, x.row, 28))
		x.next()
		if len(s.Lead) > 0 {
			x.text(1, lineText(s.Lead), x.note())
			x.next()
		}
		for _, b := range s.Blocks {
			x.next()
			x.block(b, names)
		}
	}
	x.open("出典", false, 8, 34, 24, 60, 80)
	x.headings([]string{"番号", "題名", "名前", "パラメータ", "SQL"}, func(int) bool { return false })
	for _, s := range r.Sources {
		var params []string
		for _, p := range s.Params {
			params = append(params, p.Label+"="+lineText(p.Line))
		}
		for i, v := range []string{s.ID, s.Title, s.Query, strings.Join(params, ", ")} {
			x.words(i+1, v, false)
		}
		// A statement has many lines; the row shows its first ones, the cell holds all.
		x.text(5, s.SQL, x.body("", false))
		x.lines = max(x.lines, 3)
		x.next()
	}
	x.f.SetActiveSheet(0)
	x.do(x.f.SetDocProps(&excelize.DocProperties{Title: r.Title, Creator: "voc", Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z", Language: "ja-JP"}))
}

// sheetName keeps within Excel's 31 characters and forbidden signs, and apart from the names used.
func sheetName(title string, used map[string]bool) string {
	name := strings.NewReplacer(":", "", "\\", "", "/", "", "?", "", "*", "", "[", "", "]", "", "'", "").Replace(title)
	if r := []rune(name); len(r) > 28 {
		name = string(r[:28])
	}
	for base, i := name, 2; used[name]; i++ {
		name = fmt.Sprintf("%s %d", base, i)
	}
	used[name] = true
	return name
}

func (x *workbook) block(b Block, sources map[string]string) {
	if b.Title != "" {
		x.text(1, b.Title, x.heading())
		x.next()
	}
	if b.Note != "" {
		x.text(1, b.Note, x.note())
		x.next()
	}
	if b.Empty != "" {
		x.text(1, b.Empty, x.empty())
		x.next()
	}
	for _, l := range b.Text {
		x.words(1, lineText(l), false)
		x.next()
	}
	if len(b.Tiles) > 0 {
		x.headings([]string{"指標", "値", "比較"}, func(i int) bool { return i == 1 })
		for _, t := range b.Tiles {
			x.words(1, t.Label, false)
			x.figure(2, t.Figure)
			x.text(3, strings.ReplaceAll(lineText(t.Change), "\n", "・"), x.note())
			x.next()
		}
	}
	if b.Table != nil {
		x.table(b.Table)
	}
	if b.Chart != nil {
		x.chart(b.Chart)
	}
	if b.Story != nil {
		x.text(1, lineText(b.Story.Title), x.heading())
		x.next()
		for _, f := range b.Story.Chain {
			x.words(1, f.Label, false)
			x.text(2, lineText(f.Line), x.note())
			x.next()
		}
		if b.Story.Chart != nil {
			x.chart(b.Story.Chart)
		}
		x.posts(b.Story.Posts)
	}
	x.posts(b.Posts)
	if len(b.Sources) > 0 {
		var list []string
		for _, id := range b.Sources {
			list = append(list, sources[id])
		}
		x.text(1, "出典: "+strings.Join(list, "、"), x.note())
		x.next()
	}
}

// table writes a table; a polarity bar becomes four columns, a second line of a cell a column of its own.
func (x *workbook) table(t *Table) {
	type part struct {
		column int
		kind   string // line, sub or one of the polarities
	}
	var parts []part
	var heads []string
	for i, c := range t.Columns {
		bar, line, sub := false, false, false
		for _, r := range t.Rows {
			bar = bar || r.Cells[i].Bar != nil
			line = line || len(r.Cells[i].Line) > 0
			sub = sub || len(r.Cells[i].Sub) > 0
		}
		if line || !bar {
			parts, heads = append(parts, part{i, "line"}), append(heads, c.Title)
		}
		if sub {
			parts, heads = append(parts, part{i, "sub"}), append(heads, c.Title+"(補足)")
		}
		if bar {
			for _, p := range []string{"肯定", "賛否混在", "中立", "否定"} {
				parts, heads = append(parts, part{i, p}), append(heads, p)
			}
		}
	}
	x.headings(heads, func(i int) bool {
		return parts[i].kind != "sub" && (parts[i].kind != "line" || t.Columns[parts[i].column].Kind == "number" || t.Columns[parts[i].column].Key == "share")
	})
	for _, r := range t.Rows {
		for i, p := range parts {
			c := r.Cells[p.column]
			switch p.kind {
			case "line":
				x.line(i+1, c.Line)
			case "sub":
				x.words(i+1, lineText(c.Sub), false)
			default:
				if c.Bar != nil {
					n := map[string]uint64{"肯定": c.Bar.Positive, "賛否混在": c.Bar.Mixed, "中立": c.Bar.Neutral, "否定": c.Bar.Negative}[p.kind]
					at := x.cell(i + 1)
					x.do(x.f.SetCellUint(x.sheet, at, n))
					x.do(x.f.SetCellStyle(x.sheet, at, at, x.body("#,##0", false)))
				}
			}
		}
		x.next()
	}
	if t.More != "" {
		x.text(1, t.More, x.note())
		x.next()
	}
}

// line writes a cell: as a number when it is one figure, perhaps with quiet words after it.
func (x *workbook) line(column int, l Line) {
	var figures []Span
	only := true
	for _, s := range l {
		if s.Value != nil {
			figures = append(figures, s)
		} else if s.Tone != ToneQuiet && strings.TrimSpace(s.Text) != "" {
			only = false
		}
	}
	if len(figures) == 1 && only {
		x.figure(column, figures[0])
		return
	}
	posts := ""
	for _, s := range l {
		if s.Posts != "" {
			posts = s.Posts
		}
	}
	x.words(column, lineText(l), posts != "" && x.base != "")
	x.link(column, posts)
}

// chart writes the numbers of a chart, and for columns a chart of Excel's own beside them.
func (x *workbook) chart(c *Chart) {
	start := x.row
	heat := c.Kind == ChartHeat
	if heat {
		heads := []string{"曜日"}
		for _, l := range c.Labels {
			heads = append(heads, l+"時")
		}
		x.headings(heads, func(i int) bool { return i > 0 })
	} else {
		heads := []string{""}
		for _, s := range c.Series {
			heads = append(heads, s.Name)
		}
		x.headings(heads, func(i int) bool { return i > 0 })
	}
	number := func(column int, v float64) {
		at := x.cell(column)
		x.do(x.f.SetCellValue(x.sheet, at, v))
		x.do(x.f.SetCellStyle(x.sheet, at, at, x.body("#,##0", false)))
	}
	if heat {
		for _, s := range c.Series {
			x.words(1, s.Name, false)
			for i, v := range s.Values {
				number(i+2, v)
			}
			x.next()
		}
		last, err := excelize.CoordinatesToCellName(len(c.Labels)+1, x.row-1)
		x.do(err)
		x.do(x.f.SetConditionalFormat(x.sheet, fmt.Sprintf("B%d:%s", start+1, last), []excelize.ConditionalFormatOptions{{Type: "2_color_scale", Criteria: "=", MinType: "min", MaxType: "max", MinColor: "#" + excelSoft, MaxColor: "#" + excelMain}}))
		return
	}
	for i, l := range c.Labels {
		x.words(1, strings.ReplaceAll(l, "\n", " "), false)
		for k, s := range c.Series {
			number(k+2, s.Values[i])
		}
		x.next()
	}
	colours := map[string]string{"positive": "1F7A5C", "mixed": "B7811F", "neutral": "B8C2CC", "negative": "B23A2E", "main": excelMain}
	var series []excelize.ChartSeries
	for k, s := range c.Series {
		column, err := excelize.ColumnNumberToName(k + 2)
		x.do(err)
		series = append(series, excelize.ChartSeries{
			Name:       fmt.Sprintf("'%s'!$%s$%d", x.sheet, column, start),
			Categories: fmt.Sprintf("'%s'!$A$%d:$A$%d", x.sheet, start+1, x.row-1), Values: fmt.Sprintf("'%s'!$%s$%d:$%s$%d", x.sheet, column, start+1, column, x.row-1),
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colours[s.Tone]}},
		})
	}
	gap := uint(60)
	x.do(x.f.AddChart(x.sheet, fmt.Sprintf("G%d", start), &excelize.Chart{
		Type: excelize.ColStacked, Series: series, Dimension: excelize.ChartDimension{Width: 640, Height: 260}, Legend: excelize.ChartLegend{Position: "bottom"}, GapWidth: &gap,
		Format: excelize.GraphicOptions{AltText: c.Alt},
	}))
	x.row = max(x.row, start+14)
}

func (x *workbook) posts(cards []PostCard) {
	if len(cards) == 0 {
		return
	}
	x.headings([]string{"本文", "日時・投稿者", "タグ", "理由"}, func(int) bool { return false })
	for _, c := range cards {
		body := lineText(c.Body)
		if c.Title != "" {
			body = c.Title + "\n" + body
		}
		x.words(1, body, c.Posts != "" && x.base != "")
		x.link(1, c.Posts)
		x.words(2, strings.Join(c.Meta, "・"), false)
		x.words(3, strings.Join(c.Tags, "、"), false)
		x.words(4, lineText(c.Why), false)
		x.next()
	}
}
