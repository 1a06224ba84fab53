package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"voc/dashboards/stats"
)

//go:embed html/report.css
var stylesheet string

//go:embed html/report.tmpl
var page string

// HTML writes the report as one file without scripts and without anything to load, for a browser, a mail or a printer.
// baseURL is the address of the web pages, such as https://voc.example.jp, below which figures link to their posts; empty
// leaves the links out, because they would lead nowhere.
func (r *Report) HTML(w io.Writer, baseURL string) error {
	sources := map[string]string{}
	for _, s := range r.Sources {
		sources[s.ID] = s.ID + " " + s.Title
	}
	link := func(posts string) string { return postsLink(baseURL, posts) }
	funcs := template.FuncMap{
		"css": func() template.CSS { return template.CSS(stylesheet) }, //nolint:gosec // our own embedded stylesheet
		"class": func(s Span) string {
			return map[Tone]string{ToneStrong: "s", ToneQuiet: "q", ToneGood: "g", ToneBad: "b", ToneMarkGood: "g", ToneMarkBad: "b"}[s.Tone]
		},
		"mark": func(s Span) bool { return s.Tone == ToneMark || s.Tone == ToneMarkGood || s.Tone == ToneMarkBad },
		"href": func(s Span) string {
			if s.Anchor != "" {
				return "#" + s.Anchor
			}
			return link(s.Posts)
		},
		"posts":      link,
		"part":       func(n, total uint64) string { return percentText(float64(n) / float64(total)) },
		"scale":      func(v, most float64) string { return percentText(v / most) },
		"width":      func(r *Range) string { return percentText((r.High - r.Low) / r.Max) },
		"comma":      func(n uint64) string { return stats.Count(n, "") },
		"draw":       func(c *Chart) template.HTML { return template.HTML(draw(c, link)) },   //nolint:gosec // built by svg.go, which escapes
		"spark":      func(v []float64) template.HTML { return template.HTML(sparkline(v)) }, //nolint:gosec // built from numbers only
		"sourceName": func(id string) string { return sources[id] },
	}
	t, err := template.New("report").Funcs(funcs).Parse(page)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, r); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// postsLink puts the address of the web pages before that of the posts.
func postsLink(baseURL, posts string) string {
	if baseURL == "" || posts == "" {
		return ""
	}
	return strings.TrimSuffix(baseURL, "/") + posts
}

func percentText(v float64) string { return strconv.FormatFloat(100*v, 'f', 2, 64) }
