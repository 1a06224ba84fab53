package grafana

import "strings"

// defaultZone is the zone of the calendar unless configured otherwise.
const defaultZone = "Asia/Tokyo"

// newBuilder begins a dashboard with what all of them have.
func newBuilder(n names, uid, title, says string) *builder {
	b := &builder{names: n, Dashboard: Dashboard{
		UID: uid, Title: title, Description: says, Tags: []string{"voc"}, Timezone: defaultZone, WeekStart: "monday", Time: TimeRange{"now-8w/w", "now"}, Refresh: "5m",
		Editable: true, GraphTooltip: 1, SchemaVersion: 42, Panels: []*Panel{},
		Links: []Shortcut{
			{Title: "vocのダッシュボード", Type: "dashboards", Tooltip: "ほかのダッシュボード", Icon: "apps", Tags: []string{"voc"}, AsDropdown: true, IncludeVars: true, KeepTime: true},
			{Title: "vocの画面", Type: "link", URL: "${voc}/?community=${community:percentencode}", Tooltip: "投稿まで戻れる画面", Icon: "external link", Tags: []string{}, TargetBlank: true},
		},
	}}
	b.Templating.List = []Variable{
		{Name: "datasource", Type: "datasource", Label: "ClickHouse", Query: clickhouseType, Refresh: 1},
		{Name: "voc", Type: "constant", Label: "vocの画面のアドレス", Description: "voc serve のアドレス。ドリルダウンの行き先", Hide: 2, SkipURLSync: true, Query: "http://127.0.0.1:8080",
			Current: &Choice{"http://127.0.0.1:8080", "http://127.0.0.1:8080"}},
		{Name: "zone", Type: "constant", Label: "暦の時間帯", Description: "calendar.timezone と同じ値", Hide: 2, SkipURLSync: true, Query: defaultZone, Current: &Choice{defaultZone, defaultZone}},
	}
	b.ask("community", "コミュニティ", "communities", "q.community AS community", "", nil)
	return b
}

// ask adds a variable whose values come from the catalogue: choose is one column, or the value and the text.
func (b *builder) ask(name, label, from, columns, rest string, change func(*Variable)) {
	sql, err := catalogue(from, map[string]string{})
	if from != "communities" && err == nil && strings.Contains(sql, sources) {
		// The choice of sources must not depend on itself, nor topics on sources.
		sql, err = catalogue(from, map[string]string{"source": "[]"})
	}
	if err != nil {
		b.errs = append(b.errs, err)
		return
	}
	v := Variable{
		Name: name, Type: "query", Label: label, Datasource: &Datasource{clickhouseType, "${datasource}"}, Refresh: 2,
		Query: Target{RefID: "A", EditorType: "sql", PluginVersion: pluginVersion, QueryType: "table", Format: 1, RawSQL: choose(columns, sql, "q", rest)},
	}
	if change != nil {
		change(&v)
	}
	b.Templating.List = append(b.Templating.List, v)
}

// askSource adds the choice of sources.
func (b *builder) askSource() {
	b.ask("source", "情報源", "channel_weeks", "q.source AS id, "+b.names.source("id")+" AS name", "GROUP BY id\nORDER BY sum(q.posts) DESC, id", func(v *Variable) {
		v.Multi, v.IncludeAll, v.AllValue = true, true, noFilter
		v.Current = &Choice{[]string{"All"}, []string{"$__all"}}
	})
}

// page is a link to a page of voc serve. Pairs are names and values of its address; values are Grafana's variables.
func page(title, path string, pairs ...string) []Link {
	url := "${voc}" + path + "?community=${community:percentencode}"
	for i := 0; i+1 < len(pairs); i += 2 {
		url += "&" + pairs[i] + "=" + pairs[i+1]
	}
	return []Link{{Title: title, URL: url, TargetBlank: true}}
}

// field is the value of a column in the row that a link stands in. The column must show it as it is: a name or a unit
// would become part of the address.
func field(name string) string { return "${__data.fields." + name + ":percentencode}" }

// period are the ends of the dashboard's period for an address.
func period() []string {
	return []string{"from", "${__from:date:YYYY-MM-DD}", "to", "${__to:date:YYYY-MM-DD}"}
}

// The colours of polarities, those of the pages.
const (
	green, red, gray, amber, blue = "#12806a", "#c2410c", "#a8b4be", "#a97600", "#14608f"
)

// moods are the columns of polarities.
func moods(links func(sentiment string) []Link) []column {
	var list []column
	for _, m := range [][3]string{{"positive", "肯定", green}, {"negative", "否定", red}, {"mixed", "賛否混在", amber}, {"neutral", "中立", gray}} {
		list = append(list, column{name: m[0], title: m[1], color: m[2], unit: posts, links: links(m[0])})
	}
	return list
}

// The units of numbers. A suffix keeps them in Japanese.
const (
	posts   = "suffix:件"
	people  = "suffix:人"
	share   = "percentunit"
	points  = "suffix:点"
	times   = "suffix:回"
	hoursOf = "suffix:時間"
)
