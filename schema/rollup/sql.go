package rollup

import (
	"fmt"
	"strings"
	"time"

	"voc/schema"
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

// measures are the expressions over the posts of a cell, in the order of the tuples of day_windows. Sums of scores and
// stars are kept in whole thousandths, because the sum of floats depends on the order.
const measures = `
                count(), countIf(replied),
                countIf(polarity = 'positive'), countIf(polarity = 'negative'), countIf(polarity = 'neutral'), countIf(polarity = 'mixed'),
                sum(toInt64(round(toFloat64(strength) * 1000))), countIf(untagged),
                sum(p.views), sum(p.reacted), countIf(p.accepted),
                countIf(rated), sum(p.stars),
                arraySort(groupUniqArrayIf(author, author_known)), arraySort(groupUniqArrayIf(account, account_known))`

// factsSQL gives a row for each window with facts, and in it the cells of each family as a sorted array of tuples. A
// post is spread over its cells first: kind 0 is the post itself, 1 its topics, 2 its intents and 3 its hour. What is
// spread is numbers only, because every text, list and map would be copied for each of the cells.
func factsSQL(in string) string {
	return `
    SELECT community, day,
        arraySort(groupArrayIf(cell, kind = 0)) AS cells,
        arraySort(groupArrayIf(cell, kind = 1)) AS topics,
        arraySort(groupArrayIf(cell, kind = 2)) AS intents,
        arraySort(groupArrayIf((toUInt8OrZero(cell.1), cell.4, cell.5, cell.6, cell.18), kind = 3)) AS hours
    FROM
    (
        SELECT community, day, k.1 AS kind,
            (k.2, k.3, k.4, toString(author_role),` + measures + `) AS cell
        FROM
        (
            SELECT community, day, k, k.5 AS polarity, k.6 AS strength, author_role, replied, untagged, views, reacted, accepted, rated, stars,
                author, author_known, account, account_known
            FROM
            (
                SELECT community, day, author_role, views, accepted, reply_to != '' AS replied, empty(topics.id) AS untagged, arraySum(mapValues(reactions)) AS reacted,
                    rating > 0 AS rated, toUInt64(round(toFloat64(rating) * 1000)) AS stars, cityHash64(author_id) AS author, author_id != '' AS author_known,
                    cityHash64(account_id) AS account, account_id != '' AS account_known,
                    arrayConcat(
                        [
                            (0, '', toString(source), toString(channel), toString(sentiment), score),
                            (3, toString(toHour(posted_at)), '', '', toString(sentiment), score)
                        ],
                        arrayMap(t -> (1, toString(t.id), toString(source), toString(channel), toString(t.sentiment), t.score), topic_rows),
                        arrayMap(i -> (2, toString(i), toString(source), toString(channel), toString(sentiment), score), arrayDistinct(` + schema.IntentsSQL("@", "") + `))) AS ks
                FROM @post_facts FINAL
                WHERE (community, day) ` + in + `
            )
            ARRAY JOIN ks AS k
        ) AS p
        GROUP BY community, day, k.1, k.2, k.3, k.4, author_role
    )
    GROUP BY community, day`
}

// activitySQL does the same for what members did.
func activitySQL(in string) string {
	return `
    SELECT community, day, arraySort(groupArray((event, hour, role, events, total, members))) AS activity, arraySort(groupArrayArray(joined)) AS joins
    FROM
    (
        SELECT community, day, toString(event) AS event, toHour(occurred_at) AS hour, toString(author_role) AS role, count() AS events, sum(count) AS total,
            arraySort(groupUniqArrayIf(cityHash64(author_id), author_id != '')) AS members,
            groupArrayIf((cityHash64(author_id), occurred_at), event = 'joined' AND author_id != '') AS joined
        FROM @activity_facts FINAL
        WHERE (community, day) ` + in + `
        GROUP BY community, day, event, hour, role
    )
    GROUP BY community, day`
}

// numbers are the columns of day_windows that are counted, and freshNumbers what freshSQL gives for them.
const (
	numbers      = "cells, topics, intents, hours, activity, joins"
	freshNumbers = "f.cells, f.topics, f.intents, f.hours, a.activity, a.joins"
)

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
	return "INSERT INTO @day_windows (community, day, marks, calc, calculated_at, " + numbers + ") SETTINGS async_insert = 0, insert_deduplicate = 0" +
		freshSQL(windows, "asked.community, asked.day, asked.marks, asked.calc, now64(3), "+freshNumbers)
}

// quoter also hides the sign that stands for the database.
var quoter = strings.NewReplacer(`\`, `\\`, `'`, `\'`, `@`, `\x40`)

// quote makes a string literal.
func quote(s string) string { return "'" + quoter.Replace(s) + "'" }
