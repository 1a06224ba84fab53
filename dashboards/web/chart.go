package web

import (
	"encoding/json"
	"fmt"
	"time"

	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// chart is a picture together with the table that says the same.
type chart struct {
	Kind   string   `json:"kind"` // bars or heat
	Labels []string `json:"labels"`
	// Titles are the labels in full, for tooltips and the table.
	Titles []string `json:"titles,omitempty"`
	Rows   []string `json:"rows,omitempty"`
	Series []series `json:"series,omitempty"`
	Cells  []cell   `json:"cells,omitempty"`
	Unit   string   `json:"unit"`
	Name   string   `json:"name,omitempty"`
	Marked int      `json:"marked"` // label that the page is about, −1 for none
	Events []event  `json:"events,omitempty"`
	// Alt says in words what the picture shows.
	Alt  string `json:"-"`
	Tall bool   `json:"-"`
}

type series struct {
	Name   string    `json:"name"`
	Tone   string    `json:"tone"`
	Values []float64 `json:"values"`
	Hrefs  []string  `json:"hrefs,omitempty"`
	Line   bool      `json:"line,omitempty"`
	Unit   string    `json:"unit,omitempty"`
}

// cell of a heat map.
type cell struct {
	X     int    `json:"x"`
	Y     int    `json:"y"`
	Value uint64 `json:"value"`
	Href  string `json:"href,omitempty"`
}

// event is marked above a label.
type event struct {
	Index int    `json:"index"`
	Mark  string `json:"mark"`
	Text  string `json:"text"`
	Href  string `json:"-"`
}

// JSON is what the script draws.
func (c chart) JSON() (string, error) {
	b, err := json.Marshal(c)
	return string(b), err
}

// chartRow is a row of the chart's table.
type chartRow struct {
	Label string
	Cells []figure
}

// Table is the chart as a table: a row a label, or for a heat map a row a row.
func (c chart) Table() []chartRow {
	if c.Kind == "heat" {
		rows := make([]chartRow, len(c.Rows))
		for i, label := range c.Rows {
			rows[i] = chartRow{label, make([]figure, len(c.Labels))}
			for j := range rows[i].Cells {
				rows[i].Cells[j] = figure{Text: "0"}
			}
		}
		for _, x := range c.Cells {
			rows[x.Y].Cells[x.X] = figure{Text: stats.Count(x.Value, ""), Href: x.Href, Count: x.Value}
		}
		return rows
	}
	rows := make([]chartRow, len(c.Labels))
	for i, label := range c.Labels {
		if len(c.Titles) > i {
			label = c.Titles[i]
		}
		rows[i].Label = label
		for _, s := range c.Series {
			f := figure{Text: wording.Decimal(s.Values[i])}
			if !s.Line {
				f = figure{Text: stats.Count(uint64(s.Values[i]), ""), Count: uint64(s.Values[i])}
			}
			if len(s.Hrefs) > i {
				f.Href = s.Hrefs[i]
			}
			rows[i].Cells = append(rows[i].Cells, f)
		}
	}
	return rows
}

// figure is a number that may link to its posts. Count is the number of posts that the link opens, or Authors or
// Accounts that of the people or companies who wrote them.
type figure struct {
	Text     string
	Href     string
	Count    uint64
	Authors  uint64
	Accounts uint64
}

// posts is a number of posts with its drill-down.
func posts(n uint64, f query.Filter) figure {
	if n == 0 {
		return figure{Text: "0件"}
	}
	return figure{Text: stats.Count(n, "件"), Href: f.Path(), Count: n}
}

// people is a number of people who wrote posts, with these posts.
func people(n uint64, f query.Filter) figure {
	if n == 0 {
		return figure{Text: "0人"}
	}
	return figure{Text: stats.Count(n, "人"), Href: f.Path(), Authors: n}
}

// companies is a number of companies whose members wrote posts, with these posts.
func companies(n uint64, f query.Filter) figure {
	if n == 0 {
		return figure{Text: "0社"}
	}
	return figure{Text: stats.Count(n, "社"), Href: f.Path(), Accounts: n}
}

// mood is a bar of four parts.
type mood struct{ Positive, Mixed, Neutral, Negative uint64 }

// Total is the length of the bar.
func (m mood) Total() uint64 { return m.Positive + m.Mixed + m.Neutral + m.Negative }

// moodPart is one rectangle, in hundredths of the bar's width.
type moodPart struct {
	Tone     string
	X, Width string
}

// Parts are the rectangles from positive to negative.
func (m mood) Parts() []moodPart {
	var list []moodPart
	total := float64(m.Total())
	x := 0.0
	for _, p := range []struct {
		tone string
		n    uint64
	}{{"positive", m.Positive}, {"mixed", m.Mixed}, {"neutral", m.Neutral}, {"negative", m.Negative}} {
		if p.n == 0 {
			continue
		}
		w := 100 * float64(p.n) / total
		list = append(list, moodPart{p.tone, fmt.Sprintf("%.2f", x), fmt.Sprintf("%.2f", w)})
		x += w
	}
	return list
}

// Alt says the bar in words.
func (m mood) Alt() string {
	return fmt.Sprintf("肯定%s、賛否混在%s、中立%s、否定%s", stats.Count(m.Positive, "件"), stats.Count(m.Mixed, "件"), stats.Count(m.Neutral, "件"), stats.Count(m.Negative, "件"))
}

// interval is a share with its interval, drawn on a scale up to Max.
type interval struct {
	Value, Max float64
	CI         stats.Interval
}

func (i interval) at(v float64) string { return fmt.Sprintf("%.2f", 100*min(1, v/i.Max)) }

// X is where the interval begins, Width how wide it is, Dot where the share lies; in hundredths of the width.
func (i interval) X() string { return i.at(i.CI.Low) }

// Width is that of the interval.
func (i interval) Width() string { return i.at(i.CI.High - i.CI.Low) }

// Dot is the place of the share itself.
func (i interval) Dot() string { return i.at(i.Value) }

// polarities are the four stacked series of a chart, empty.
func (q *request) polarities() []series {
	var list []series
	for _, id := range polarityIDs() {
		list = append(list, series{Name: q.s.Names.Sentiment(id), Tone: id})
	}
	return list
}

func polarityIDs() []string { return []string{"positive", "mixed", "neutral", "negative"} }

// add appends one label's numbers; filter narrows to a polarity.
func addMood(list []series, m mood, filter func(polarity string) query.Filter) {
	for i, n := range []uint64{m.Positive, m.Mixed, m.Neutral, m.Negative} {
		list[i].Values = append(list[i].Values, float64(n))
		href := ""
		if n > 0 {
			href = filter(polarityIDs()[i]).Path()
		}
		list[i].Hrefs = append(list[i].Hrefs, href)
	}
}

func shortDay(t time.Time) string { return fmt.Sprintf("%d/%d", t.Month(), t.Day()) }
