package rollup

import (
	"fmt"
	"strings"
	"time"
)

// sql puts the database's name into a statement.
func (r *Rollup) sql(statement string) string {
	prefix := ""
	if r.cfg.Database != "" {
		prefix = r.cfg.Database + "."
	}
	return strings.ReplaceAll(statement, "@", prefix)
}

// dirtySQL compares the marks with the rows. Day 0 holds only tombstones of posts that were never seen, and is no window.
const dirtySQL = `
SELECT toString(m.community), m.day, m.marks, w.calc + 1
FROM
(
    SELECT community, day, sum(marks) AS marks, max(marked_at) AS marked_at
    FROM @window_marks
    GROUP BY community, day
) AS m
LEFT JOIN
(
    SELECT community, day, marks, calc, calculated_at
    FROM @day_windows FINAL
) AS w ON m.community = w.community AND m.day = w.day
WHERE m.day > toDate(0) AND (m.marks != w.marks OR (? > 0 AND toUnixTimestamp64Milli(m.marked_at) + ? > toUnixTimestamp64Milli(w.calculated_at)))
ORDER BY m.day DESC, m.community`

// measure is one number or set of a cell: its name in the three families and the expression over the rows of a cell.
// Sums of scores and stars are kept in whole thousandths, because the sum of floats depends on the order.
var measures = []struct{ name, expression string }{
	{"posts", "count()"},
	{"replies", "countIf(reply_to != '')"},
	{"positive", "countIf(polarity = 'positive')"},
	{"negative", "countIf(polarity = 'negative')"},
	{"neutral", "countIf(polarity = 'neutral')"},
	{"mixed", "countIf(polarity = 'mixed')"},
	{"score_milli", "sum(toInt64(round(toFloat64(strength) * 1000)))"},
	{"untagged", "countIf(empty(topics.id))"},
	{"views", "sum(p.views)"},
	{"reactions", "sum(arraySum(mapValues(p.reactions)))"},
	{"accepted", "countIf(p.accepted)"},
	{"rated", "countIf(rating > 0)"},
	{"rating_milli", "sum(toUInt64(round(toFloat64(rating) * 1000)))"},
	{"authors", "arraySort(groupUniqArrayIf(cityHash64(author_id), author_id != ''))"},
	{"accounts", "arraySort(groupUniqArrayIf(cityHash64(account_id), account_id != ''))"},
}

// family is a group of nested columns of day_windows and where it is found in the calculation.
type family struct {
	name    string
	kind    int      // of the cells, in factsSQL
	columns []string // by position in the cell's tuple; empty for positions that are not kept
}

func families() []family {
	cell := []string{"source", "channel", "author_role"}
	var all, tagged []string
	for _, m := range measures {
		all = append(all, m.name)
		if m.name == "untagged" {
			tagged = append(tagged, "")
		} else {
			tagged = append(tagged, m.name)
		}
	}
	hour := []string{"hour", "", "", "author_role"}
	for _, m := range measures {
		switch m.name {
		case "posts", "replies", "authors":
			hour = append(hour, m.name)
		default:
			hour = append(hour, "")
		}
	}
	return []family{
		{"cells", 0, append(append([]string{""}, cell...), all...)},
		{"topics", 1, append(append([]string{"topic"}, cell...), tagged...)},
		{"intents", 2, append(append([]string{"intent"}, cell...), tagged...)},
		{"hours", 3, hour},
	}
}

// activityColumns are the columns of the family activity, by position in the tuple of activitySQL.
var activityColumns = []string{"event", "hour", "author_role", "events", "count", "members"}

// factsSQL gives a row for each window with facts, and in it the cells of each family as sorted arrays of tuples.
func factsSQL(in string) string {
	var cell strings.Builder
	for _, m := range measures {
		cell.WriteString(", ")
		cell.WriteString(m.expression)
	}
	var groups strings.Builder
	for _, f := range families() {
		fmt.Fprintf(&groups, ", arraySort(groupArrayIf(cell, kind = %d)) AS %s", f.kind, f.name)
	}
	return `
    SELECT community, day` + groups.String() + `
    FROM
    (
        SELECT community, day, k.1 AS kind,
            (k.2, k.3, k.4, toString(author_role)` + cell.String() + `) AS cell
        FROM
        (
            SELECT community, day, k, k.5 AS polarity, k.6 AS strength, author_role, reply_to, topics.id, views, reactions, accepted, rating, author_id, account_id
            FROM @post_facts FINAL
            ARRAY JOIN arrayConcat(
                [
                    (0, '', toString(source), toString(channel), toString(sentiment), score),
                    (3, toString(toHour(posted_at)), '', '', toString(sentiment), score)
                ],
                arrayMap(t -> (1, toString(t.id), toString(source), toString(channel), toString(t.sentiment), t.score), topic_rows),
                arrayMap(i -> (2, toString(i), toString(source), toString(channel), toString(sentiment), score), arrayDistinct(intents))) AS k
            WHERE (community, day) ` + in + `
        ) AS p
        GROUP BY community, day, k.1, k.2, k.3, k.4, author_role
    )
    GROUP BY community, day`
}

// activitySQL does the same for what members did.
func activitySQL(in string) string {
	return `
    SELECT community, day, arraySort(groupArray((event, hour, role, events, total, members))) AS activity
    FROM
    (
        SELECT community, day, toString(event) AS event, toHour(occurred_at) AS hour, toString(author_role) AS role, count() AS events, sum(count) AS total,
            arraySort(groupUniqArrayIf(cityHash64(author_id), author_id != '')) AS members
        FROM @activity_facts FINAL
        WHERE (community, day) ` + in + `
        GROUP BY community, day, event, hour, role
    )
    GROUP BY community, day`
}

// freshColumns are the nested columns of day_windows and the expressions that give them in freshSQL.
func freshColumns() (names, expressions []string) {
	for _, f := range families() {
		for i, c := range f.columns {
			if c == "" {
				continue
			}
			expression := fmt.Sprintf("arrayMap(c -> c.%d, f.%s)", i+1, f.name)
			if c == "hour" {
				expression = fmt.Sprintf("arrayMap(c -> toUInt8(c.%d), f.%s)", i+1, f.name)
			}
			names = append(names, f.name+"."+c)
			expressions = append(expressions, expression)
		}
	}
	for i, c := range activityColumns {
		names = append(names, "activity."+c)
		expressions = append(expressions, fmt.Sprintf("arrayMap(c -> c.%d, a.activity)", i+1))
	}
	return names, expressions
}

// freshSQL counts windows afresh: one row for each of them, also for those without any fact. The selected columns
// come first; asked, f and a are at their disposal.
func freshSQL(windows []state, columns string) string {
	literals := make([]string, len(windows))
	keys := make([]string, len(windows))
	for i, w := range windows {
		key := quote(w.Community) + ", toDate('" + w.Day.Format(time.DateOnly) + "')"
		keys[i] = "(" + key + ")"
		literals[i] = fmt.Sprintf("(%s, toUInt64(%d), toUInt64(%d))", key, w.marks, w.calc)
	}
	// The windows are spelled out in the conditions, because only literals prune.
	in := "IN (" + strings.Join(keys, ", ") + ")"
	return `
SELECT ` + columns + `
FROM
(
    SELECT w.1 AS community, w.2 AS day, w.3 AS marks, w.4 AS calc
    FROM (SELECT arrayJoin([` + strings.Join(literals, ", ") + `]) AS w)
) AS asked
LEFT JOIN
(` + factsSQL(in) + `
) AS f ON f.community = asked.community AND f.day = asked.day
LEFT JOIN
(` + activitySQL(in) + `
) AS a ON a.community = asked.community AND a.day = asked.day`
}

// countSQL replaces the rows of windows.
func countSQL(windows []state) string {
	names, expressions := freshColumns()
	columns := append([]string{"community", "day", "marks", "calc", "calculated_at"}, names...)
	selected := append([]string{"asked.community", "asked.day", "asked.marks", "asked.calc", "now64(3)"}, expressions...)
	return "INSERT INTO @day_windows (`" + strings.Join(columns, "`, `") + "`) SETTINGS async_insert = 0, insert_deduplicate = 0" + freshSQL(windows, strings.Join(selected, ", "))
}

// quoter also hides the sign that stands for the database.
var quoter = strings.NewReplacer(`\`, `\\`, `'`, `\'`, `@`, `\x40`)

// quote makes a string literal.
func quote(s string) string { return "'" + quoter.Replace(s) + "'" }
