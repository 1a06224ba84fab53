package grafana

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"strconv"
	"strings"
	"time"

	"voc/dashboards/wording"
)

// clickhouseType and prometheusType are the plugins that panels ask.
const (
	clickhouseType = "grafana-clickhouse-datasource"
	prometheusType = "prometheus"
	// pluginVersion is the version of the ClickHouse plugin whose query model is written.
	pluginVersion = "4.20.0"
)

// builder makes one dashboard: panels are put side by side until a row of the grid is full.
type builder struct {
	Dashboard
	names   names
	x, y, h int
	errs    []error
}

// column is how a field of a panel is shown.
type column struct {
	name  string // as the SQL calls it
	title string // in Japanese
	unit  string
	color string
	links []Link
	width int
	// digits is the number of decimals, written as text; empty leaves it to Grafana.
	digits string
	hidden bool
	// shade colours the cells of a table from pale to dark.
	shade bool
	props []Property
}

func hide(names ...string) []column {
	list := make([]column, len(names))
	for i, n := range names {
		list[i] = column{name: n, hidden: true}
	}
	return list
}

// view is a panel on ClickHouse.
type view struct {
	kind   string // stat, barchart, timeseries or table
	title  string
	says   string // what is counted, in Japanese
	w, h   int
	query  string            // name in the catalogue
	params map[string]string // parameters that differ from the usual ones
	choose string            // the columns; the query is called q
	rest   string            // WHERE, GROUP BY, ORDER BY, LIMIT after the query
	// around are the columns of one more SELECT around it, which is then called r, and aroundRest what follows.
	around, aroundRest string
	columns            []column
	empty              string // what is shown when there is nothing
	options            map[string]any
	custom             map[string]any
	color              *Color
	limits             *Thresholds
}

// row heads the panels below it.
func (b *builder) row(title string) {
	b.y += b.h
	open := false
	b.Panels = append(b.Panels, &Panel{ID: len(b.Panels) + 1, Type: "row", Title: title, GridPos: GridPos{0, b.y, 24, 1}, Collapsed: &open, Panels: &[]*Panel{}})
	b.x, b.y, b.h = 0, b.y+1, 0
}

// place finds room for a panel.
func (b *builder) place(w, h int) GridPos {
	if b.x+w > 24 {
		b.x, b.y, b.h = 0, b.y+b.h, 0
	}
	pos := GridPos{b.x, b.y, w, h}
	b.x, b.h = b.x+w, max(b.h, h)
	return pos
}

func (b *builder) add(v view) {
	sql, err := catalogue(v.query, v.params)
	if err != nil {
		b.errs = append(b.errs, fmt.Errorf("%s: %w", v.title, err))
		return
	}
	text := choose(v.choose, sql, "q", v.rest)
	if v.around != "" {
		text = choose(v.around, text, "r", v.aroundRest)
	}
	source := &Datasource{clickhouseType, "${datasource}"}
	target := Target{RefID: "A", Datasource: source, EditorType: "sql", PluginVersion: pluginVersion, QueryType: "table", Format: 1, RawSQL: text}
	if v.kind == "timeseries" {
		target.QueryType, target.Format = "timeseries", 0
	}
	p := &Panel{
		ID: len(b.Panels) + 1, Type: v.kind, Title: v.title, Description: v.says, GridPos: b.place(v.w, v.h), Datasource: source,
		Targets: []Target{target}, Options: settings(kindOptions(v.kind), v.options),
		FieldConfig: &FieldConfig{Defaults: Defaults{NoValue: v.empty, Color: v.color, Thresholds: v.limits, Custom: settings(kindCustom(v.kind), v.custom)}, Overrides: []Override{}},
	}
	if p.FieldConfig.Defaults.NoValue == "" {
		p.FieldConfig.Defaults.NoValue = "データがありません"
	}
	if v.kind == "barchart" || v.kind == "timeseries" {
		p.FieldConfig.Defaults.Min = ptr(0.)
	}
	for _, c := range v.columns {
		p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, c.override(v.kind))
	}
	b.Panels = append(b.Panels, p)
}

// choose is a SELECT from a query that it gives a name.
func choose(columns, sql, name, rest string) string {
	text := "SELECT " + columns + "\nFROM\n(\n" + sql + "\n) AS " + name
	if rest != "" {
		text += "\n" + rest
	}
	return text
}

func (c column) override(kind string) Override {
	o := Override{Matcher: Matcher{"byName", c.name}, Properties: []Property{}}
	put := func(id string, value any) { o.Properties = append(o.Properties, Property{id, value}) }
	if c.title != "" {
		put("displayName", c.title)
	}
	if c.unit != "" {
		put("unit", c.unit)
	}
	if c.digits != "" {
		n, _ := strconv.Atoi(c.digits)
		put("decimals", n)
	}
	if c.color != "" {
		put("color", Color{"fixed", c.color})
	}
	if c.width != 0 {
		put("custom.width", c.width)
	}
	if c.hidden {
		put("custom.hideFrom", map[string]bool{"viz": true, "legend": true, "tooltip": true})
	}
	if c.shade {
		put("custom.cellOptions", map[string]string{"type": "color-background", "mode": "basic"})
		put("color", Color{Mode: "continuous-blues"})
		if c.unit == share { // otherwise the scale reaches to the largest number of the table
			put("min", 0)
			put("max", 1)
		}
	}
	if kind == "table" && c.unit == "" && !c.hidden && !c.shade && c.width == 0 {
		put("custom.wrapText", true)
	}
	if len(c.links) > 0 {
		put("links", c.links)
	}
	o.Properties = append(o.Properties, c.props...)
	return o
}

// prometheus is a panel on voc's own metrics.
type prometheus struct {
	kind, title, says string
	w, h              int
	unit              string
	exprs             [][2]string // expression and legend
	limits            *Thresholds
	empty             string
}

func (b *builder) addPrometheus(v prometheus) {
	source := &Datasource{prometheusType, "${prometheus}"}
	p := &Panel{
		ID: len(b.Panels) + 1, Type: v.kind, Title: v.title, Description: v.says, GridPos: b.place(v.w, v.h), Datasource: source, Options: kindOptions(v.kind),
		FieldConfig: &FieldConfig{Defaults: Defaults{Unit: v.unit, NoValue: v.empty, Min: ptr(0.), Thresholds: v.limits, Custom: kindCustom(v.kind)}, Overrides: []Override{}},
	}
	if v.empty == "" {
		p.FieldConfig.Defaults.NoValue = "まだ値がありません"
	}
	for i, e := range v.exprs {
		instant := v.kind == "stat"
		ranged := !instant
		p.Targets = append(p.Targets, Target{
			RefID: string(rune('A' + i)), Datasource: source, Expr: e[0], LegendFormat: e[1], Format: "time_series", Instant: &instant, Range: &ranged,
		})
	}
	b.Panels = append(b.Panels, p)
}

// kindOptions are the options of a kind of panel.
func kindOptions(kind string) map[string]any {
	legend := map[string]any{"showLegend": true, "displayMode": "list", "placement": "bottom", "calcs": []string{}}
	tooltip := map[string]any{"mode": "multi", "sort": "desc"}
	switch kind {
	case "stat":
		return map[string]any{
			"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false}, "orientation": "auto", "textMode": "auto",
			"colorMode": "value", "graphMode": "area", "justifyMode": "auto", "wideLayout": true, "showPercentChange": false, "percentChangeColorMode": "standard",
		}
	case "barchart":
		return map[string]any{
			"orientation": "auto", "xTickLabelRotation": 0, "xTickLabelMaxLength": 12, "showValue": "auto", "stacking": "none", "groupWidth": 0.7, "barWidth": 0.9,
			"barRadius": 0.05, "fullHighlight": false, "legend": legend, "tooltip": tooltip,
		}
	case "timeseries":
		return map[string]any{"legend": legend, "tooltip": tooltip}
	case "table":
		return map[string]any{"frameIndex": 0, "showHeader": true, "cellHeight": "sm"}
	}
	return nil
}

// kindCustom are the settings that fields of a kind of panel share.
func kindCustom(kind string) map[string]any {
	switch kind {
	case "barchart":
		return map[string]any{"fillOpacity": 85, "lineWidth": 0}
	case "timeseries":
		return map[string]any{"drawStyle": "line", "lineWidth": 2, "fillOpacity": 10, "showPoints": "auto", "spanNulls": false}
	case "table":
		return map[string]any{"align": "auto", "cellOptions": map[string]any{"type": "auto"}, "inspect": false}
	}
	return nil
}

func settings(base, more map[string]any) map[string]any {
	maps.Copy(base, more)
	return base
}

func ptr[T any](v T) *T { return &v }

// steps are thresholds: the first colour, and others from values on.
func steps(first string, rest ...any) *Thresholds {
	t := &Thresholds{Mode: "absolute", Steps: []Step{{first, nil}}}
	for i := 0; i+1 < len(rest); i += 2 {
		t.Steps = append(t.Steps, Step{rest[i].(string), ptr(rest[i+1].(float64))})
	}
	return t
}

// Dashboards returns all dashboards. Names of topics and intents are those of the built-in taxonomy; zone is the default
// calendar's.
func Dashboards(n *wording.Names) ([]Dashboard, error) {
	var all []Dashboard
	var errs []error
	for _, build := range []func(names) *builder{overview, topic, activity, pipeline} {
		b := build(names{n})
		all = append(all, b.Dashboard)
		errs = append(errs, b.errs...)
	}
	return all, errors.Join(errs...)
}

// Files returns the JSON of the dashboards by path below dashboards/grafana.
func Files() (map[string][]byte, error) {
	zone, err := time.LoadLocation(defaultZone)
	if err != nil {
		return nil, fmt.Errorf("grafana: %w", err)
	}
	n, err := wording.Default(zone)
	if err != nil {
		return nil, err
	}
	all, err := Dashboards(n)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, d := range all {
		var buf bytes.Buffer
		e := json.NewEncoder(&buf)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(d); err != nil {
			return nil, fmt.Errorf("grafana: %s: %w", d.UID, err)
		}
		files[path.Join("json", strings.TrimPrefix(d.UID, "voc-")+".json")] = buf.Bytes()
	}
	return files, nil
}
