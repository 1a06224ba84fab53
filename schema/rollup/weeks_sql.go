package rollup

import (
	"fmt"
	"strings"
	"time"
)

// weekTotals are the columns of community_weekly, in the order of the tuple.
const weekTotals = `posts, threads, replies, staff_posts, positive, negative, neutral, mixed, untagged, questions, answers, requests, complaints, praises, churn_risks,
        authors, accounts, active_members, viewed, reacted, accepted, joined, logins, points, days`

// askedWeeks names weeks twice: as rows of community, week and calc, and as a condition that prunes.
func askedWeeks(weeks []week) (rows, in string) {
	literals := make([]string, len(weeks))
	keys := make([]string, len(weeks))
	for i, w := range weeks {
		key := quote(w.Community) + ", toDate('" + w.Day.Format(time.DateOnly) + "')"
		keys[i] = "(" + key + ")"
		literals[i] = fmt.Sprintf("(%s, toUInt64(%d))", key, w.calc)
	}
	return "(SELECT arrayJoin([" + strings.Join(literals, ", ") + "]) AS asked, asked.1 AS community, asked.2 AS week)", "IN (" + strings.Join(keys, ", ") + ")"
}

// countWeeksSQL writes the rows of weeks from the views that count such weeks.
func countWeeksSQL(weeks []week) string {
	rows, in := askedWeeks(weeks)
	tagged := func(view, tag string) string {
		return `
    SELECT community, week, arraySort(groupArray((toString(` + tag + `), posts, replies, positive, negative, neutral, mixed, authors, accounts, author_squares))) AS cells
    FROM @` + view + `
    WHERE (community, week) ` + in + `
    GROUP BY community, week`
	}
	return `INSERT INTO @week_windows (community, week, calc, totals, topics, intents, topic_days) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, asked.3, c.totals, t.cells, i.cells, d.cells
FROM ` + rows + ` AS a
LEFT JOIN
(
    SELECT community, week, groupArray((` + weekTotals + `)) AS totals
    FROM @community_weekly
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS c ON c.community = a.community AND c.week = a.week
LEFT JOIN
(` + tagged("topic_week_totals", "topic") + `
) AS t ON t.community = a.community AND t.week = a.week
LEFT JOIN
(` + tagged("intent_week_totals", "intent") + `
) AS i ON i.community = a.community AND i.week = a.week
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((day, toString(topic), posts, positive, negative, neutral, mixed, authors))) AS cells
    FROM @topic_day_totals
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS d ON d.community = a.community AND d.week = a.week`
}

// detailWeeksSQL writes the long lists of weeks from the views that count such weeks.
func detailWeeksSQL(weeks []week) string {
	rows, in := askedWeeks(weeks)
	return `INSERT INTO @week_details (community, week, calc, phrases, terms) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, asked.3, p.cells, m.cells
FROM ` + rows + ` AS a
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((toString(topic), toString(kind), phrase, posts, authors, negative))) AS cells
    FROM @topic_phrase_totals
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS p ON p.community = a.community AND p.week = a.week
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((toString(kind), value, posts, authors))) AS cells
    FROM @term_week_totals
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS m ON m.community = a.community AND m.week = a.week`
}

// listWeeksSQL writes what boards and lists show of weeks.
func listWeeksSQL(weeks []week) string {
	rows, in := askedWeeks(weeks)
	return `INSERT INTO @week_lists (community, week, calc, board, requests) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, asked.3, b.cells, q.cells
FROM ` + rows + ` AS a
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((place, toString(author_role), posts, authors, positive, negative, neutral, mixed))) AS cells
    FROM @board_week_totals
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS b ON b.community = a.community AND b.week = a.week
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((toString(topic), posts, reactions, first_day, author_keys, account_keys))) AS cells
    FROM @request_week_totals
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS q ON q.community = a.community AND q.week = a.week`
}

// segmentWeeksSQL writes what weeks come to by segment.
func segmentWeeksSQL(weeks []week) string {
	rows, in := askedWeeks(weeks)
	return `INSERT INTO @segment_windows (community, week, calc, segments, cells) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, asked.3, s.named, c.cells
FROM ` + rows + ` AS a
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((toString(segment), posts, known, value_keys))) AS named
    FROM @segment_week_keys
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS s ON s.community = a.community AND s.week = a.week
LEFT JOIN
(
    SELECT community, week, arraySort(groupArray((toString(segment), value, toString(topic), posts, authors, positive, negative))) AS cells
    FROM @segment_week_totals
    WHERE (community, week) ` + in + `
    GROUP BY community, week
) AS c ON c.community = a.community AND c.week = a.week`
}
