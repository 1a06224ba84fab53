package rollup

import (
	"fmt"
	"strings"
	"time"

	"voc/schema"
)

// weekTotals are the columns of community_weekly, in the order of the tuple.
const weekTotals = `posts, threads, replies, staff_posts, positive, negative, neutral, mixed, untagged, questions, answers, requests, complaints, praises, churn_risks,
        authors, accounts, active_members, viewed, reacted, accepted, joined, logins, points, days`

// asked names windows twice: as literals of community, day and the number of the next row, and as a condition that prunes.
func asked[W any](list []W, of func(W) (schema.Window, uint64)) (literals, in string) {
	rows, keys := make([]string, len(list)), make([]string, len(list))
	for i, x := range list {
		w, calc := of(x)
		key := quote(w.Community) + ", toDate('" + w.Day.Format(time.DateOnly) + "')"
		keys[i] = "(" + key + ")"
		rows[i] = fmt.Sprintf("(%s, toUInt64(%d))", key, calc)
	}
	return strings.Join(rows, ", "), "IN (" + strings.Join(keys, ", ") + ")"
}

// list is a column of a week's row: the tuples of fields that a view has of the week, in order.
type list struct{ column, view, fields string }

// writeWeeksSQL writes the rows of weeks into a table from the views that count such weeks.
func writeWeeksSQL(table string, weeks []week, lists ...list) string {
	literals, in := asked(weeks, func(w week) (schema.Window, uint64) { return w.Window, w.calc })
	var columns, cells, joins strings.Builder
	for _, l := range lists {
		columns.WriteString(", " + l.column)
		cells.WriteString(", " + l.column + ".found")
		joins.WriteString(`
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((` + l.fields + `))) AS found
    FROM @` + l.view + `
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS ` + l.column + ` ON ` + l.column + `.community = a.community AND ` + l.column + `.week = a.week`)
	}
	return `INSERT INTO @` + table + ` (community, week, calc` + columns.String() + `) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, asked.3` + cells.String() + `
FROM (SELECT arrayJoin([` + literals + `]) AS asked, asked.1 AS community, asked.2 AS week) AS a` + joins.String()
}

// countWeeksSQL writes what weeks come to.
func countWeeksSQL(weeks []week) string {
	const tagged = ", posts, replies, positive, negative, neutral, mixed, authors, accounts, author_squares"
	return writeWeeksSQL("week_windows", weeks,
		list{"totals", "community_weekly", weekTotals},
		list{"topics", "topic_week_totals", "toString(topic)" + tagged},
		list{"intents", "intent_week_totals", "toString(intent)" + tagged},
		list{"topic_days", "topic_day_totals", "day, toString(topic), posts, positive, negative, neutral, mixed, authors"})
}

// detailWeeksSQL writes the long lists of weeks.
func detailWeeksSQL(weeks []week) string {
	return writeWeeksSQL("week_details", weeks,
		list{"phrases", "topic_phrase_totals", "toString(topic), toString(kind), phrase, posts, authors, negative"},
		list{"terms", "term_week_totals", "toString(kind), value, posts, authors"})
}

// listWeeksSQL writes what boards and lists show of weeks.
func listWeeksSQL(weeks []week) string {
	return writeWeeksSQL("week_lists", weeks,
		list{"board", "board_week_totals", "place, toString(author_role), posts, authors, positive, negative, neutral, mixed"},
		list{"requests", "request_week_totals", "toString(topic), posts, reactions, first_day, author_keys, account_keys"})
}

// segmentWeeksSQL writes what weeks come to by segment.
func segmentWeeksSQL(weeks []week) string {
	return writeWeeksSQL("segment_windows", weeks,
		list{"segments", "segment_week_keys", "toString(segment), posts, known, value_keys"},
		list{"cells", "segment_week_totals", "toString(segment), value, toString(topic), posts, authors, positive, negative"})
}

// questionWeeksSQL writes the questions of weeks with what their week brought them, and the replies that are not in these.
func questionWeeksSQL(weeks []week) string {
	return writeWeeksSQL("question_windows", weeks,
		list{"questions", "question_states", "day, posted_at, place, post, author, thread, toString(source), first, staff, resolved, thanked, accepted"},
		list{"late", "late_replies", "day, posted_at, place, post, author, thread, traits"})
}

// daysOf lists the community and day of every day of weeks. They are spelled out, because only literals prune.
func daysOf(weeks []week) string {
	var days []string
	for _, w := range weeks {
		for n := range 7 {
			days = append(days, "("+quote(w.Community)+", '"+w.Day.AddDate(0, 0, n).Format(time.DateOnly)+"')")
		}
	}
	return strings.Join(days, ", ")
}
