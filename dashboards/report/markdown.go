package report

import (
	"fmt"
	"io"
	"strings"

	"voc/dashboards/stats"
)

// Markdown writes the report for a wiki, a chat or a repository. baseURL is as in HTML.
func (r *Report) Markdown(w io.Writer, baseURL string) error {
	m := &markdown{base: baseURL}
	m.f("# %s\n\n%s・%s", escape(r.Title), escape(r.Community), escape(r.Period))
	if r.CreatedAt != "" {
		m.f("・作成 %s", r.CreatedAt)
	}
	m.f("\n\n**%s**\n\n", escape(r.Purpose))
	for _, f := range r.Conditions {
		m.f("- %s: %s\n", escape(f.Label), m.line(f.Line))
	}
	m.f("\n## 今週の要点\n\n")
	for i, l := range r.Highlights {
		m.f("%d. %s\n", i+1, m.line(l))
	}
	names := map[string]string{}
	for _, s := range r.Sources {
		names[s.ID] = s.ID + " " + s.Title
	}
	for _, s := range r.Sections {
		m.f("\n## %s\n\n", escape(s.Title))
		if len(s.Lead) > 0 {
			m.f("%s\n\n", m.line(s.Lead))
		}
		for _, b := range s.Blocks {
			m.block(b, names)
		}
	}
	m.f("\n## 出典(問い合わせ)\n\n")
	for _, s := range r.Sources {
		m.f("- %s %s `%s`", s.ID, escape(s.Title), s.Query)
		for _, p := range s.Params {
			m.f(" `%s=%s`", p.Label, strings.ReplaceAll(lineText(p.Line), "`", "'"))
		}
		m.f("\n")
	}
	_, err := io.WriteString(w, m.String())
	return err
}

type markdown struct {
	strings.Builder
	base string
}

func (m *markdown) f(format string, args ...any) { fmt.Fprintf(m, format, args...) }

func (m *markdown) block(b Block, sources map[string]string) {
	if b.Title != "" {
		m.f("### %s\n\n", escape(b.Title))
	}
	if b.Note != "" {
		m.f("%s\n\n", escape(b.Note))
	}
	if b.Empty != "" {
		m.f("_%s_\n\n", escape(b.Empty))
	}
	for _, l := range b.Text {
		m.f("- %s\n", m.line(l))
	}
	if len(b.Tiles) > 0 {
		m.f("| 指標 | 値 | 比較 |\n| --- | ---: | --- |\n")
		for _, t := range b.Tiles {
			m.f("| %s | %s | %s |\n", escape(t.Label), m.line(Line{t.Figure}), m.line(t.Change))
		}
		m.f("\n")
	}
	if b.Table != nil {
		m.table(b.Table)
	}
	if b.Chart != nil {
		m.chart(b.Chart)
	}
	if b.Story != nil {
		m.f("### %s\n\n", m.line(b.Story.Title))
		for _, f := range b.Story.Chain {
			m.f("- **%s**: %s\n", escape(f.Label), m.line(f.Line))
		}
		m.f("\n")
		m.posts(b.Story.Posts)
	}
	m.posts(b.Posts)
	if len(b.Sources) > 0 {
		var list []string
		for _, id := range b.Sources {
			list = append(list, escape(sources[id]))
		}
		m.f("<sub>出典: %s</sub>\n\n", strings.Join(list, "、"))
	}
}

func (m *markdown) table(t *Table) {
	for _, c := range t.Columns {
		m.f("| %s ", escape(c.Title))
	}
	m.f("|\n")
	for _, c := range t.Columns {
		if c.Kind == "number" {
			m.f("| ---: ")
		} else {
			m.f("| --- ")
		}
	}
	m.f("|\n")
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			text := m.line(c.Line)
			if len(c.Sub) > 0 {
				text += " (" + m.line(c.Sub) + ")"
			}
			if c.Bar != nil {
				text += moodText(c.Bar)
			}
			m.f("| %s ", text)
		}
		m.f("|\n")
	}
	if t.More != "" {
		m.f("\n%s\n", escape(t.More))
	}
	m.f("\n")
}

// moodText prints a polarity bar in words.
func moodText(p *Polarity) string {
	return fmt.Sprintf("肯定 %s・混在 %s・中立 %s・否定 %s", stats.Count(p.Positive, ""), stats.Count(p.Mixed, ""), stats.Count(p.Neutral, ""), stats.Count(p.Negative, ""))
}

func (m *markdown) chart(c *Chart) {
	if c.Kind == ChartHeat {
		m.f("%s\n\n", escape(c.Alt))
		return
	}
	m.f("| |")
	for _, s := range c.Series {
		m.f(" %s |", escape(s.Name))
	}
	m.f("\n| --- |%s\n", strings.Repeat(" ---: |", len(c.Series)))
	for i, l := range c.Labels {
		m.f("| %s |", escape(strings.ReplaceAll(l, "\n", " ")))
		for _, s := range c.Series {
			m.f(" %s |", comma(s.Values[i]))
		}
		m.f("\n")
	}
	m.f("\n")
}

func (m *markdown) posts(cards []PostCard) {
	for _, c := range cards {
		if len(c.Why) > 0 {
			m.f("> %s  \n", m.line(c.Why))
		}
		m.f("> %s  \n", escape(strings.Join(c.Meta, "・")))
		if c.Title != "" {
			m.f("> **%s**  \n", escape(c.Title))
		}
		m.f("> %s", m.line(c.Body))
		if link := postsLink(m.base, c.Posts); link != "" {
			m.f(" [投稿](<%s>)", link)
		}
		m.f("\n\n")
	}
}

func (m *markdown) line(l Line) string {
	var b strings.Builder
	for _, s := range l {
		text := escape(strings.ReplaceAll(s.Text, "\n", " "))
		switch s.Tone {
		case ToneStrong, ToneMark, ToneMarkGood, ToneMarkBad:
			// A space inside the stars would print them.
			if t := strings.TrimSpace(text); t != "" {
				text = strings.Replace(text, t, "**"+t+"**", 1)
			}
		}
		if link := postsLink(m.base, s.Posts); link != "" {
			text = "[" + text + "](<" + link + ">)"
		}
		b.WriteString(text)
	}
	return b.String()
}

// lineText is a line without its links and tones.
func lineText(l Line) string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

var escaper = strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", ">", "&gt;", "[", `\[`, "]", `\]`, "#", `\#`, "~", `\~`, "\n", " ", "\r", " ")

// escape keeps what members write from becoming Markdown or HTML.
func escape(s string) string { return escaper.Replace(s) }
