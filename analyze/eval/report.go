package eval

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"voc/analyze"
)

// WriteJSON writes the report as indented JSON with a stable order of keys.
func (r *Report) WriteJSON(w io.Writer) error {
	if err := json.MarshalWrite(w, r, json.Deterministic(true), jsontext.WithIndent("  ")); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// maxSignalRows is how many values of a signal kind a text report lists; open vocabularies get their totals only.
const maxSignalRows = 20

// WriteText writes the report as tables, followed by at most the given number of misses; a negative number lists all.
func (r *Report) WriteText(w io.Writer, misses int) error {
	out := &printer{w: w}
	out.line("%d posts", r.Posts)
	if r.Sentiment != nil {
		out.classes(r.Sentiment)
	}
	out.tags("Topics", r.Topics, true)
	out.tags("Topic and polarity", r.Pairs, true)
	if r.TopicPolarity != nil {
		out.line("Right polarity among found topics: %s", r.TopicPolarity)
	}
	out.tags("Intents", r.Intents, true)
	for _, kind := range slices.Sorted(maps.Keys(r.Signals)) {
		rep := r.Signals[kind]
		out.tags("Signal "+kind, rep, len(rep.Tags) <= maxSignalRows)
	}
	out.phenomena(r.Phenomena)
	if r.PairGroups != nil {
		out.line("\nMinimal pairs: every sentiment right in %s groups; positive/negative flips: %d %s",
			r.PairGroups, len(r.PairFlips), strings.Join(r.PairFlips, " "))
	}
	out.line("\nNo tag at all: %s · no topic: %s · no intent: %s", r.Coverage.Untagged, r.Coverage.NoTopic, r.Coverage.NoIntent)
	if len(r.Unjudged) > 0 {
		var parts []string
		for _, id := range slices.Sorted(maps.Keys(r.Unjudged)) {
			parts = append(parts, id+" "+strconv.Itoa(r.Unjudged[id]))
		}
		out.line("Given but not judged, because the labels do not know them: %s", strings.Join(parts, ", "))
	}
	out.misses(r.Misses, misses)
	return out.err
}

// String is the share with its interval and its counts: "20.0% [15.0–26.1] 40/200".
func (p Proportion) String() string {
	if p.Total == 0 {
		return "–"
	}
	return fmt.Sprintf("%s [%s–%s] %d/%d", percent(p.Rate)+"%", percent(p.Low), percent(p.High), p.Hits, p.Total)
}

// String is the figure with its interval, "0.812 [0.790–0.834]".
func (e Estimate) String() string {
	if !e.Defined {
		return "–"
	}
	return fmt.Sprintf("%.3f [%.3f–%.3f]", e.Value, e.Low, e.High)
}

func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 1, 64) }

// printer keeps the first write error, so that the layout code reads as a list.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) table(head table.Row, rows []table.Row) {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options.DrawBorder = false
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(head)
	t.AppendRows(rows)
	configs := make([]table.ColumnConfig, len(head))
	for i := range configs {
		configs[i] = table.ColumnConfig{Number: i + 1}
		if i > 0 {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	t.SetColumnConfigs(configs)
	p.line("%s", t.Render())
}

func (p *printer) classes(c *ClassReport) {
	p.line("\nSentiment: accuracy %s · macro F1 %s · flips %d", c.Accuracy, c.MacroF1, c.Flips)
	p.rows(c.Classes)
	head := table.Row{"labelled \\ given"}
	for _, l := range c.Labels {
		head = append(head, l)
	}
	rows := make([]table.Row, len(c.Labels))
	for i, l := range c.Labels {
		rows[i] = table.Row{l}
		for _, n := range c.Confusion[i] {
			rows[i] = append(rows[i], n)
		}
	}
	p.line("")
	p.table(head, rows)
}

func (p *printer) tags(title string, r *TagReport, rows bool) {
	if r == nil {
		return
	}
	p.line("\n%s: micro F1 %s (precision %s, recall %s) · macro F1 %s · exactly right %s",
		title, r.Micro.F1, r.Micro.Precision, r.Micro.Recall, r.MacroF1, r.Exact)
	if rows {
		p.rows(r.Tags)
	}
}

func (p *printer) rows(tags []TagRow) {
	if len(tags) == 0 {
		return
	}
	rows := make([]table.Row, len(tags))
	for i, t := range tags {
		rows[i] = table.Row{t.Tag, t.Support(), t.TP, t.FP, t.FN, t.Precision, t.Recall, t.F1}
	}
	p.table(table.Row{"tag", "labelled", "right", "wrong", "missed", "precision", "recall", "F1"}, rows)
}

func (p *printer) phenomena(all []Phenomenon) {
	if len(all) == 0 {
		return
	}
	rows := make([]table.Row, len(all))
	for i, f := range all {
		rows[i] = table.Row{f.Name, f.Posts, f.Sentiment, f.Pairs, f.Intents, f.Flips}
	}
	p.line("\nBy phenomenon: posts with right sentiment, exactly right topics with polarity, exactly right intents")
	p.table(table.Row{"phenomenon", "posts", "sentiment", "topics", "intents", "flips"}, rows)
}

func (p *printer) misses(all []Miss, limit int) {
	if limit == 0 || len(all) == 0 {
		return
	}
	shown := all
	if limit > 0 && limit < len(all) {
		shown = all[:limit]
	}
	p.line("\nMisses: %d of %d", len(shown), len(all))
	for _, m := range shown {
		flip := ""
		if m.Flip {
			flip = " FLIP"
		}
		p.line("%s%s  %s", m.ID, flip, strings.ReplaceAll(m.Text, "\n", "⏎"))
		for _, d := range m.Diffs {
			p.line("    %s: labelled %s, given %s%s", d.Family, dash(d.Want), dash(d.Got), evidence(d.Evidence))
		}
	}
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func evidence(all []analyze.Evidence) string {
	if len(all) == 0 {
		return ""
	}
	parts := make([]string, len(all))
	for i, e := range all {
		parts[i] = fmt.Sprintf("「%s」 %s", e.Text, e.Rule)
	}
	return "  ← " + strings.Join(parts, "; ")
}
