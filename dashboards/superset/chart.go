package superset

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// chart is one picture of the dashboard.
type chart struct {
	name, title, says string
	kind              string // Superset's viz_type
	dataset           string
	w, h              int // columns of 12, and units of 50 pixels high
	// A chart over time has an axis, a table of rows has columns; others group.
	axis, grain string
	columns     []string // of a table of rows, in order
	groups      []string
	metrics     []any // names of saved metrics, or sums
	where       string
	order       []any // [column or metric, ascending] pairs
	limit       int
	settings    map[string]any
}

// sum is a metric of a query's column, whose rows may be added up.
func sum(expression, label string) map[string]any {
	return map[string]any{"expressionType": "SQL", "sqlExpression": expression, "label": label, "optionName": "metric_" + label, "hasCustomLabel": true}
}

func charts() []chart {
	moods := []any{"positive", "mixed", "neutral", "negative"}
	number := func(name, title, says, format string) chart {
		return chart{
			name: "number_" + name, title: title, says: says, kind: "big_number_total", dataset: "community_daily", w: 3, h: 3, metrics: []any{name},
			settings: map[string]any{"y_axis_format": format, "header_font_size": 0.4, "subheader": ""},
		}
	}
	stacked := map[string]any{"stack": "Stack", "show_legend": true, "legendType": "scroll", "legendOrientation": "top", "rich_tooltip": true, "x_axis_time_format": "%Y-%m-%d", "y_axis_format": ",d", "show_value": false}
	lines := map[string]any{"show_legend": true, "legendType": "scroll", "legendOrientation": "top", "rich_tooltip": true, "x_axis_time_format": "%Y-%m-%d", "y_axis_format": ",d", "markerEnabled": true, "markerSize": 4}
	return []chart{
		number("posts", "投稿", "期間の投稿数", ",d"), number("authors", "投稿した人", "期間に投稿した人。同じ人は一度だけ", ",d"), number("active_members", "活動した人", "期間に何かをした人", ",d"),
		number("net_sentiment", "ネットセンチメント", "(肯定 − 否定) ÷ 投稿数。−1 から 1", "+.2f"), number("questions", "質問", "質問を含む投稿", ",d"), number("requests", "要望", "要望を含む投稿", ",d"),
		number("churn_risks", "解約の兆し", "解約や乗り換えをほのめかす投稿", ",d"), number("untagged_share", "話題なし", "どの話題にも当てはまらない投稿の割合", ".1%"),
		{name: "mood_weeks", title: "週ごとの投稿と感情", says: "週ごとの投稿数を、投稿全体の極性で分けたもの。", kind: "echarts_timeseries_bar", dataset: "community_daily", w: 6, h: 7, axis: "iso_week", metrics: moods, settings: stacked},
		{name: "posts_days", title: "日ごとの投稿と投稿者", says: "日ごとの投稿数と、投稿した人の数。", kind: "echarts_timeseries_line", dataset: "community_daily", w: 6, h: 7, axis: "day", grain: "P1D", metrics: []any{"posts", "authors"}, settings: lines},
		{
			name: "topics", title: "話題", says: "期間の話題(親だけ)。親の話題は子の投稿を一度だけ含む。", kind: "table", dataset: "topic_daily", w: 4, h: 8, groups: []string{"topic_name"}, where: "level = 1",
			metrics: []any{"topic_posts", "topic_negative"}, order: []any{[]any{"topic_posts", false}}, limit: 30, settings: map[string]any{"show_cell_bars": true},
		},
		{
			name: "topic_weeks", title: "話題ごとの週次推移(多い順に8つ)", says: "投稿の多い話題の、週ごとの投稿数。", kind: "echarts_timeseries_line", dataset: "topic_daily", w: 8, h: 8, axis: "iso_week", groups: []string{"topic_name"},
			where: "level = 1", metrics: []any{"topic_posts"}, limit: 8, settings: lines,
		},
		{
			name: "channels", title: "情報源とチャンネル", says: "期間の投稿数を、情報源とチャンネルで分けたもの。", kind: "table", dataset: "channel_weeks", w: 4, h: 7, groups: []string{"source_name", "channel"},
			metrics: []any{sum("sum(posts)", "投稿"), sum("sum(negative) / sum(posts)", "否定の割合")}, order: []any{[]any{"投稿", false}}, limit: 50,
			settings: map[string]any{"column_config": map[string]any{"否定の割合": map[string]any{"d3NumberFormat": ".1%"}}},
		},
		{
			name: "heatmap", title: "投稿の多い曜日と時刻", says: "期間全体の、曜日と時刻ごとの投稿数。", kind: "heatmap_v2", dataset: "heatmap", w: 8, h: 7, axis: "hour_name", groups: []string{"weekday_name"}, metrics: []any{sum("sum(posts)", "投稿")}, limit: 500,
			settings: map[string]any{
				"sort_x_axis": "alpha_asc", "sort_y_axis": "alpha_desc", "normalize_across": "heatmap", "legend_type": "continuous", "linear_color_scheme": "schemeBlues", "xscale_interval": 1, "yscale_interval": 1,
				"show_legend": true, "show_values": true, "show_percentage": false, "value_bounds": []any{nil, nil}, "y_axis_format": ",d", "left_margin": "auto", "bottom_margin": "auto",
			},
		},
		{
			name: "question_weeks", title: "質問された週ごとの対応", says: "質問された週ごとに、解決・返信だけ・返信なし。足すと質問の数になる。", kind: "echarts_timeseries_bar", dataset: "question_weeks", w: 6, h: 7, axis: "iso_week",
			metrics: []any{sum("sum(solved)", "解決"), sum("sum(replied) - sum(solved)", "返信だけ"), sum("sum(questions) - sum(replied)", "返信なし")}, settings: stacked,
		},
		{
			name: "open_questions", title: "返信を待っている質問", says: "期間に質問され、期間の終わりまでに返信のないもの。長く待っている順。", kind: "table", dataset: "question_ledger", w: 6, h: 7,
			columns: []string{"age_days", "headline", "topic_names", "role_name", "views"}, where: "status = 'open'", order: []any{[]any{"age_days", false}}, limit: 100,
		},
		{
			name: "requests", title: "要望の多い話題(最後の週)", says: "期間の最後の週に要望を書いた人の多い順。同じ人は一度だけ数える。", kind: "table", dataset: "request_topics", w: 4, h: 7, columns: []string{"topic_name", "authors", "posts", "before"},
			order: []any{[]any{"authors", false}}, limit: 100,
		},
		{
			name: "severe", title: "まれだが重大な投稿", says: "件数では埋もれる重大な投稿。点の高い順。", kind: "table", dataset: "severe_posts", w: 8, h: 7, columns: []string{"points", "posted_text", "headline", "topic_names", "account_name"},
			order: []any{[]any{"points", false}, []any{"posted_text", true}}, limit: 100,
		},
		{
			name: "nps", title: "NPSの週次推移", says: "推奨者の割合 − 批判者の割合。−100 から 100。回答の少ない週は大きく揺れる。", kind: "echarts_timeseries_line", dataset: "surveys", w: 6, h: 7, axis: "iso_week", metrics: []any{"nps"},
			settings: map[string]any{"show_legend": true, "legendOrientation": "top", "rich_tooltip": true, "x_axis_time_format": "%Y-%m-%d", "y_axis_format": "+.0f", "markerEnabled": true},
		},
		{
			name: "newcomers", title: "新しい人の歩み", says: "参加した週ごとに、どこまで進んだ人が何人いるか。新しい週ほど途中の人が多い。", kind: "table", dataset: "newcomer_funnel", w: 6, h: 7,
			columns: []string{"week", "joined", "viewed", "posted", "answered", "posted_again"}, order: []any{[]any{"week", true}}, limit: 60, settings: map[string]any{"table_timestamp_format": "%Y-%m-%d"},
		},
		{
			name: "ledger", title: "メッセージの収支(全コミュニティ)", says: "読んだ数 = 保存 + 置き換え + 受け取れず + 対象外 + 行方不明。行方不明は 0 でなければならない。", kind: "table", dataset: "ledger_topics", w: 12, h: 3,
			columns: []string{"kafka_topic", "messages", "stored", "superseded", "dead_letter", "filtered", "missing"}, order: []any{[]any{"kafka_topic", true}}, limit: 50,
		},
	}
}

// params are the settings of a chart as Superset's editor has them.
func (c chart) params() map[string]any {
	p := map[string]any{"viz_type": c.kind, "adhoc_filters": c.filters(), "extra_form_data": map[string]any{}, "color_scheme": "supersetColors"}
	limit := c.limit
	if limit == 0 {
		limit = 10000
	}
	p["row_limit"] = limit
	switch c.kind {
	case "big_number_total":
		p["metric"] = c.metrics[0]
	case "echarts_timeseries_bar", "echarts_timeseries_line":
		p["x_axis"], p["metrics"], p["groupby"], p["row_limit"] = c.axis, c.metrics, orEmpty(c.groups), 10000
		p["x_axis_sort_asc"], p["truncateYAxis"], p["y_axis_bounds"] = true, false, []any{nil, nil}
		if c.grain == "" {
			p["x_axis_sort"] = c.axis
		} else {
			p["time_grain_sqla"] = c.grain
		}
		if len(c.groups) > 0 {
			p["limit"], p["timeseries_limit_metric"], p["order_desc"] = c.limit, c.metrics[0], true
		}
	case "heatmap_v2":
		p["x_axis"], p["groupby"], p["metric"] = c.axis, c.groups[0], c.metrics[0]
	case "table":
		p["query_mode"], p["all_columns"], p["groupby"], p["metrics"], p["order_desc"], p["server_page_length"], p["percent_metrics"] = "aggregate", []string{}, orEmpty(c.groups), c.metrics, true, 10, []string{}
		p["table_timestamp_format"], p["order_by_cols"], p["show_cell_bars"] = "smart_date", []string{}, false
		if len(c.columns) > 0 {
			var by []string
			for _, o := range c.order {
				text, _ := json.Marshal(o)
				by = append(by, string(text))
			}
			p["query_mode"], p["all_columns"], p["metrics"], p["order_by_cols"] = "raw", c.columns, []string{}, by
		} else {
			p["timeseries_limit_metric"] = c.metrics[0]
		}
	}
	for k, v := range c.settings {
		p[k] = v
	}
	return p
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// filters say which rows a chart takes; the period of a view's rows is the dashboard's.
func (c chart) filters() []any {
	list := []any{}
	if slices.Contains(views(), c.dataset) {
		list = append(list, map[string]any{"clause": "WHERE", "comparator": "No filter", "expressionType": "SIMPLE", "operator": "TEMPORAL_RANGE", "subject": "day"})
	}
	if c.where != "" {
		list = append(list, map[string]any{"clause": "WHERE", "expressionType": "SQL", "sqlExpression": c.where})
	}
	return list
}

// queryContext is what Superset's API asks for a saved chart, such as in reports: the same question as params.
func (c chart) queryContext(sets []dataset) (string, error) {
	i := slices.IndexFunc(sets, func(d dataset) bool { return d.name == c.dataset })
	if i < 0 {
		return "", fmt.Errorf("superset: chart %s: there is no dataset %s", c.name, c.dataset)
	}
	if err := c.check(sets[i]); err != nil {
		return "", err
	}
	q := map[string]any{
		"filters": []any{}, "extras": map[string]any{"having": "", "where": ""}, "columns": []any{}, "metrics": c.metrics, "orderby": c.order, "row_limit": c.params()["row_limit"],
		"time_range": period, "annotation_layers": []any{}, "applied_time_extras": map[string]any{}, "url_params": map[string]any{}, "custom_params": map[string]any{}, "custom_form_data": map[string]any{},
	}
	if c.where != "" {
		q["extras"] = map[string]any{"having": "", "where": "(" + c.where + ")"}
	}
	if sets[i].time != "" {
		q["filters"] = []any{map[string]any{"col": sets[i].time, "op": "TEMPORAL_RANGE", "val": period}}
	}
	var columns []any
	switch {
	case c.grain != "":
		columns = append(columns, map[string]any{"timeGrain": c.grain, "columnType": "BASE_AXIS", "sqlExpression": c.axis, "label": c.axis, "expressionType": "SQL"})
	case c.axis != "":
		columns = append(columns, c.axis)
	}
	if strings.HasPrefix(c.kind, "echarts_timeseries") {
		q["row_limit"], q["orderby"] = 10000, []any{[]any{c.axis, true}}
		if len(c.groups) > 0 {
			q["series_columns"], q["series_limit"], q["series_limit_metric"] = c.groups, c.limit, c.metrics[0]
		}
		if c.grain != "" {
			q["orderby"] = []any{}
		}
	}
	for _, list := range [][]string{c.groups, c.columns} {
		for _, name := range list {
			columns = append(columns, name)
		}
	}
	if columns != nil {
		q["columns"] = columns
	}
	if len(c.columns) > 0 {
		q["metrics"] = nil
	}
	if len(c.groups) > 0 && c.kind == "table" {
		q["orderby"] = []any{[]any{c.metrics[0], false}}
	}
	text, err := json.Marshal(map[string]any{
		"datasource": map[string]any{"id": 0, "type": "table"}, "force": false, "queries": []any{q}, "form_data": c.params(), "result_format": "json", "result_type": "full",
	})
	return string(text), err
}

// check reports a chart that asks for what its dataset does not have.
func (c chart) check(d dataset) error {
	for _, name := range slices.Concat(c.groups, c.columns, []string{c.axis}) {
		if name != "" && !slices.ContainsFunc(d.columns, func(x column) bool { return x.name == name }) {
			return fmt.Errorf("superset: chart %s asks for the column %s, which %s does not have", c.name, name, d.name)
		}
	}
	for _, m := range c.metrics {
		if name, ok := m.(string); ok && !slices.ContainsFunc(d.metrics, func(x metric) bool { return x.name == name }) {
			return fmt.Errorf("superset: chart %s asks for the metric %s, which %s does not have", c.name, name, d.name)
		}
	}
	return nil
}
