package grafana

import (
	"fmt"
	"slices"
	"strings"

	"voc/dashboards/query"
	"voc/dashboards/wording"
)

// noFilter is the value of a variable's "all": inside the brackets of an array it leaves the array empty, which the
// catalogue takes for any value.
const noFilter = "/*all*/"

// The parameters of the catalogue in terms of Grafana. $__fromTime and $__toTime are the plugin's macros for the ends
// of the period; days and weeks are those of the calendar's zone, which the variable zone names. sqlstring writes each
// chosen value as an SQL text, with commas in between.
const (
	fromDay   = "toDate($__fromTime, '${zone}')"
	toDay     = "toDate($__toTime, '${zone}')"
	lastWeek  = "toMonday(" + toDay + ")"
	firstWeek = "toMonday(" + fromDay + ")"
	// weeksBefore is how many weeks of the period lie before the last one.
	weeksBefore = "least(200, dateDiff('week', " + firstWeek + ", " + lastWeek + "))"
	// weeksOr1 divides a sum over them.
	weeksOr1    = "greatest(1, " + weeksBefore + ")"
	community   = "${community:sqlstring}"
	sources     = "[${source:sqlstring}]"
	oneTopic    = "${topic:sqlstring}"
	isoWeek     = "formatDateTime(q.week, '%G-W%V')"
	isoLastWeek = "formatDateTime(" + lastWeek + ", '%G-W%V')"
)

// catalogue returns the SQL of a query with the dashboard's variables in the place of its parameters. Those that have
// their usual meaning need not be named in more.
func catalogue(name string, more map[string]string) (string, error) {
	q, err := query.Get(name)
	if err != nil {
		return "", err
	}
	exprs := map[string]string{}
	usual := map[string]string{
		"community": community, "from": fromDay, "to": toDay, "week": lastWeek, "weeks": weeksBefore, "source": sources,
	}
	for _, p := range q.Params {
		if expr, ok := more[p.Name]; ok {
			exprs[p.Name] = expr
		} else if expr, ok := usual[p.Name]; ok {
			exprs[p.Name] = expr
		}
	}
	for name := range more {
		if exprs[name] == "" {
			return "", fmt.Errorf("grafana: query %s has no parameter %s", q.Name, name)
		}
	}
	return q.Inline(exprs)
}

// names turns ids into Japanese in SQL.
type names struct{ *wording.Names }

// topic is an expression for the name of a topic; an id that the built-in taxonomy does not have stays as it is.
func (n names) topic(column string) string { return transform(column, n.Topics(), n.Topic) }

// topics is an expression for the names of an array of topics.
func (n names) topics(column string) string {
	return "arrayStringConcat(arrayMap(t -> " + n.topic("t") + ", " + column + "), '、')"
}

func (n names) intent(column string) string { return transform(column, n.Intents(), n.Intent) }

func (n names) role(column string) string {
	return transform(column, []string{"member", "leader", "staff", "partner", "outsider", ""}, n.Role)
}

func (n names) source(column string) string {
	return transform(column, []string{"community", "review", "app_review", "sns", "survey", "chat", "support"}, n.Source)
}

func transform(column string, ids []string, name func(string) string) string {
	from, to := make([]string, 0, len(ids)), make([]string, 0, len(ids))
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		from, to = append(from, query.Literal(id)), append(to, query.Literal(name(id)))
	}
	return fmt.Sprintf("transform(%s, [%s], [%s], %s)", column, strings.Join(from, ", "), strings.Join(to, ", "), column)
}
