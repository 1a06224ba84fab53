package superset

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/dashboards/query"
	"voc/dashboards/wording"
	"voc/schema"
)

// dataset is a contract view with its metrics, or a query of the catalogue.
type dataset struct {
	name, says, sql string
	time            string // column of the period; empty for queries, in which the period is inside
	columns         []column
	metrics         []metric
}

type column struct {
	name, title, kind, says string
	expression              string // of a calculated column
}

type metric struct{ name, title, says, expression, format string }

// views are the contract views that the dashboard and its readers use.
func views() []string { return []string{"community_daily", "topic_daily", "surveys"} }

// Jinja in the place of the catalogue's parameters. The filters of the dashboard are read inside, so that only their
// days and their community are read. Without a choice it is the largest community and the last quarter.
const (
	prelude = `{%- set chosen = filter_values('community', remove_filter=True) -%}
{%- if chosen -%}
{%- set community = "'" ~ (chosen[0] | replace("\\", "\\\\") | replace("'", "\\'")) ~ "'" -%}
{%- else -%}
{%- set community = "(SELECT community FROM community_daily GROUP BY community ORDER BY sum(posts) DESC, community LIMIT 1)" -%}
{%- endif -%}
{%- set period = get_time_filter(default='` + period + `', target_type='DATE') -%}
{%- set first_day = period.from_expr or "toDate('2000-01-01')" -%}
{%- set last_day = (period.to_expr or "today() + 1") ~ " - 1" -%}
`
	period    = "Last quarter"
	community = "{{ community }}"
	firstDay  = "{{ first_day }}"
	lastDay   = "{{ last_day }}"
	lastWeek  = "toMonday(" + lastDay + ")"
	weeks     = "least(200, dateDiff('week', toMonday(" + firstDay + "), " + lastWeek + "))"
)

// questions are the queries that are datasets, with the parameters that differ from the usual ones.
func questions() map[string]map[string]string {
	whole := map[string]string{"from": "toMonday(" + firstDay + ")"}
	return map[string]map[string]string{
		"channel_weeks": {}, "heatmap": {}, "question_weeks": whole, "question_ledger": {}, "request_topics": {}, "severe_posts": {}, "newcomer_funnel": whole, "ledger_topics": {},
	}
}

func datasets(ctx context.Context, conn driver.Conn, n *wording.Names) ([]dataset, error) {
	var list []dataset
	for _, view := range views() {
		columns, err := describe(ctx, conn, "SELECT * FROM "+view)
		if err != nil {
			return nil, err
		}
		d := dataset{name: view, says: "契約ビュー " + view + "。数は、ここにある指標で数える。", time: "day"}
		for _, c := range columns {
			if !strings.HasPrefix(c.kind, "Array") {
				d.columns = append(d.columns, c)
			}
		}
		for _, m := range schema.Metrics() {
			if m.View == view {
				d.metrics = append(d.metrics, metric{m.ID, m.Name, m.Meaning, m.Expression, format(m.Unit)})
			}
		}
		d.columns = append(d.columns, named(d, n)...)
		list = append(list, d)
	}
	for _, name := range slices.Sorted(maps.Keys(questions())) {
		d, err := virtual(ctx, conn, n, name, questions()[name])
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// format is how Superset writes numbers of a unit.
func format(unit string) string {
	switch unit {
	case "割合":
		return ".1%"
	case "ポイント":
		return "+.2f"
	}
	return ",d"
}

func virtual(ctx context.Context, conn driver.Conn, n *wording.Names, name string, more map[string]string) (dataset, error) {
	q, err := query.Get(name)
	if err != nil {
		return dataset{}, err
	}
	fill := func(usual map[string]string) (string, error) {
		exprs := map[string]string{}
		for _, p := range q.Params {
			if e, ok := usual[p.Name]; ok {
				exprs[p.Name] = e
			}
		}
		return q.Inline(exprs)
	}
	usual := map[string]string{"community": community, "from": firstDay, "to": lastDay, "week": lastWeek, "weeks": weeks}
	maps.Copy(usual, more)
	sql, err := fill(usual)
	if err != nil {
		return dataset{}, err
	}
	sample, err := fill(map[string]string{"community": "''", "from": "'2026-01-05'", "to": "'2026-01-11'", "week": "'2026-01-05'"})
	if err != nil {
		return dataset{}, err
	}
	columns, err := describe(ctx, conn, sample)
	if err != nil {
		return dataset{}, fmt.Errorf("superset: query %s: %w", name, err)
	}
	d := dataset{name: name, says: q.Title + "。" + q.Meaning}
	for _, c := range columns {
		if !strings.HasPrefix(c.kind, "Map") {
			d.columns = append(d.columns, c)
		}
	}
	d.sql = prelude + "SELECT q.*"
	for _, c := range named(d, n) {
		// Rows without aggregates are asked for by name: Superset puts no expressions of calculated columns there.
		d.sql += ", " + c.expression + " AS " + c.name
		c.expression = ""
		d.columns = append(d.columns, c)
	}
	// The column community is there for the dashboard's filter, which the prelude takes.
	d.columns = append(d.columns, column{name: "community", title: "コミュニティ", kind: "String"})
	d.sql += ", toString(" + community + ") AS community\nFROM\n(\n" + sql + "\n) AS q"
	return d, nil
}

func describe(ctx context.Context, conn driver.Conn, sql string) ([]column, error) {
	rows, err := conn.Query(ctx, "SELECT * FROM ("+sql+") LIMIT 0")
	if err != nil {
		return nil, fmt.Errorf("superset: %w", err)
	}
	defer rows.Close()
	var list []column
	for _, c := range rows.ColumnTypes() {
		list = append(list, column{name: c.Name(), kind: plain(c.DatabaseTypeName()), title: titles()[c.Name()]})
	}
	return list, rows.Err()
}

// named are calculated columns with the Japanese names of ids.
func named(d dataset, n *wording.Names) []column {
	var list []column
	add := func(from, name, title, expression string) {
		if slices.ContainsFunc(d.columns, func(c column) bool { return c.name == from }) {
			list = append(list, column{name: name, title: title, kind: "String", expression: expression})
		}
	}
	topic := transform("topic", n.Topics(), n.Topic)
	add("topic", "topic_name", "話題", topic)
	for _, from := range []string{"week", "day"} {
		if !slices.ContainsFunc(list, func(c column) bool { return c.name == "iso_week" }) {
			add(from, "iso_week", "週(ISO)", "formatDateTime("+from+", '%G-W%V')")
		}
	}
	add("topics", "topic_names", "話題", "arrayStringConcat(arrayMap(t -> "+transform("t", n.Topics(), n.Topic)+", topics), '、')")
	add("source", "source_name", "情報源", transform("source", []string{"community", "review", "app_review", "sns", "survey", "chat", "support"}, n.Source))
	add("author_role", "role_name", "役割", transform("author_role", []string{"member", "leader", "staff", "partner", "outsider", ""}, n.Role))
	add("status", "status_name", "状態", transform("status", []string{"accepted", "resolved", "thanked", "answered", "open"}, n.Status))
	add("weekday", "weekday_name", "曜日", "concat(toString(weekday), ' ', ['月', '火', '水', '木', '金', '土', '日'][weekday])")
	add("hour", "hour_name", "時刻", "leftPad(toString(hour), 2, '0')")
	add("body", "headline", "投稿", "leftUTF8(if(title = '', body, concat(title, ' — ', body)), 120)")
	// Superset shows times in UTC; this is the calendar's zone.
	add("posted_at", "posted_text", "日時", "formatDateTime(posted_at, '%Y-%m-%d %H:%i')")
	if slices.ContainsFunc(d.columns, func(c column) bool { return c.name == "age_hours" }) {
		list = append(list, column{name: "age_days", title: "経過日数", kind: "Float64", expression: "round(age_hours / 24, 1)"})
	}
	return list
}

func transform(column string, ids []string, name func(string) string) string {
	from, to := make([]string, 0, len(ids)), make([]string, 0, len(ids))
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		from, to = append(from, query.Literal(id)), append(to, query.Literal(name(id)))
	}
	return fmt.Sprintf("transform(%s, [%s], [%s], %s)", column, strings.Join(from, ", "), strings.Join(to, ", "), column)
}

// titles are the Japanese names of columns.
func titles() map[string]string {
	return map[string]string{
		"community": "コミュニティ", "day": "日", "week": "週", "posts": "投稿", "authors": "人", "accounts": "企業", "source": "情報源(ID)", "channel": "チャンネル", "topic": "話題(ID)", "level": "階層",
		"author_role": "役割(ID)", "positive": "肯定", "negative": "否定", "neutral": "中立", "mixed": "賛否混在", "questions": "質問", "replied": "返信あり", "solved": "解決", "within_day": "24時間以内",
		"median_hours": "最初の返信まで(中央値)", "before": "それより前", "points": "点", "posted_at": "日時", "views": "閲覧", "account_name": "企業", "joined": "参加", "viewed": "閲覧", "posted": "初投稿",
		"answered": "返信をもらう", "posted_again": "2回目の投稿", "kafka_topic": "トピック", "messages": "読んだ", "stored": "保存", "superseded": "置き換え", "dead_letter": "受け取れず", "filtered": "対象外",
		"missing": "行方不明", "status": "状態(ID)", "replies": "返信", "title": "題名", "body": "本文", "weekday": "曜日(番号)", "hour": "時刻(数)", "metric": "指標", "category": "分類", "score": "点数",
	}
}

func (d dataset) yaml() object {
	var columns, metrics []object
	for _, c := range d.columns {
		columns = append(columns, object{
			pair("column_name", c.name), pair("verbose_name", orNull(c.title)), pair("is_dttm", strings.HasPrefix(c.kind, "Date")), pair("is_active", true), pair("type", c.kind),
			pair("groupby", true), pair("filterable", true), pair("expression", orNull(c.expression)), pair("description", orNull(c.says)), pair("python_date_format", nil), pair("extra", nil),
		})
	}
	for _, m := range d.metrics {
		metrics = append(metrics, object{
			pair("metric_name", m.name), pair("verbose_name", m.title), pair("metric_type", nil), pair("expression", m.expression), pair("description", m.says), pair("d3format", m.format),
			pair("warning_text", nil), pair("extra", nil),
		})
	}
	return object{
		pair("table_name", d.name), pair("main_dttm_col", orNull(d.time)), pair("description", d.says), pair("default_endpoint", nil), pair("offset", 0), pair("cache_timeout", nil), pair("schema", nil),
		pair("sql", orNull(d.sql)), pair("params", nil), pair("template_params", nil), pair("filter_select_enabled", true), pair("fetch_values_predicate", nil), pair("extra", nil),
		pair("uuid", id("dataset", d.name)), pair("metrics", metrics), pair("columns", columns), pair("version", version), pair("database_uuid", DatabaseID()),
	}
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
