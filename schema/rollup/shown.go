package rollup

import (
	"fmt"
	"strings"

	"voc/schema"
)

// largeWeek is how many posts a large week has. The posts of smaller weeks lie close together, so that copies of them would
// gain little and double what they take, and following their writers and questions takes less than 100 ms.
const largeWeek = 20_000

// shownNowSQL is schema.DayStampsSQL for the weeks whose shown posts are copied, or were.
func shownNowSQL(from int) string {
	return "SELECT community, week, stamp, age, calculated_at FROM (" + schema.DayStampsSQL("@") + ") WHERE (community, week) GLOBAL IN (" +
		fmt.Sprintf("SELECT community, week FROM @week_windows FINAL WHERE totals[1].posts >= %d", from) +
		" UNION ALL SELECT community, week FROM @shown_windows)"
}

// shownWeeksSQL copies the posts that stand first in lists of weeks: those of the queries voice_candidates, intent_posts and
// severe_posts. It finds them by numbers, and reads whole posts only afterwards. The place of a post in a list is one
// number: what the list is ordered by, from the left, and at last the minute of the week. What is cut off of these numbers only
// makes posts alike, and all that are like the last one of a list are copied, too. Since the numbers end with the minute, these
// are few.
func shownWeeksSQL(weeks []week) string {
	literals, _ := asked(weeks, func(w week) (schema.Window, uint64) { return w.Window, w.calc })
	in := "(community, day) IN (" + daysOf(weeks) + ")"
	setAside := "'" + strings.Join(schema.SetAside(), "', '") + "'"
	decided := schema.IntentsSQL("@", "") + " AS decided"
	// Topics of at most five posts in the week come from its days, which is what the stamp of the week is about.
	severe := `
            arrayExists(t -> cityHash64(community, toMonday(day), t) GLOBAL IN
            (
                SELECT cityHash64(community, toMonday(day), k) AS topic FROM @day_windows FINAL ARRAY JOIN topics.key AS k, topics.posts AS n
                WHERE ` + in + ` GROUP BY topic HAVING sum(n) <= 5
            ), topic_rows.id) AS rare,
            reply_to = '' AND cityHash64(community, toMonday(day), post_id) GLOBAL NOT IN
            (
                SELECT cityHash64(community, toMonday(day), reply_to) FROM @post_facts FINAL WHERE ` + in + ` AND reply_to != ''
            ) AS unanswered,
            has(signals.kind, 'effort') AS effort,
            hasAny(arrayMap(x -> splitByChar('/', x)[1], topics.id), ['security', 'account', 'contract', 'reliability']) AS grave,
            40 * has(decided, 'churn_risk') + 20 * has(decided, 'bug') + 15 * has(decided, 'complaint') + 15 * (sentiment = 'negative' AND score <= -0.6)
                + 15 * grave + 10 * effort + 10 * rare + 10 * unanswered AS points,
            sentiment IN ('negative', 'mixed') AND hasAny(decided, ['churn_risk', 'bug', 'complaint']) AND NOT hasAny(decided, [` + setAside + `]) AND author_role != 'staff'
                AND points >= 40 AND (rare OR empty(topics.id) OR grave) AS severe`
	return `
INSERT INTO @shown_windows (community, week, calc, posts) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, asked.3, s.found
FROM (SELECT arrayJoin([` + literals + `]) AS asked, asked.1 AS community, asked.2 AS week) AS a
LEFT JOIN
(
    SELECT community, toMonday(day) AS week, arraySort(groupArray((day, post_id, posted_at, source, channel, thread_id, reply_to, url, rating, views, accepted, reactions, attributes,
        author_id, author_role, author_level, account_id, title, body, sentiment, score, p.tags, decided, flags, analyzer_revision, about, spans,
        if(severe, 1 + 2 * effort + 4 * rare + 8 * unanswered, 0)))) AS found
    FROM
    (
        SELECT community, day, post_id, posted_at, source, channel, thread_id, reply_to, url, rating, views, accepted, reactions, attributes, author_id, author_role, author_level,
            account_id, title, body, sentiment, score, topics.id AS tags, ` + decided + `, flags, analyzer_revision,
            arrayMap(t -> (t.1, t.2, t.3), topic_rows) AS about, ` + schema.ReleasedSQL("@", "") + ` AS released,
            arrayMap(e -> (e.2, e.3, e.4, e.5), arrayFilter(e -> e.1 = 'intent' AND (e.2 NOT IN (` + setAside + `) OR NOT released),
                arrayZip(evidence.kind, evidence.tag, evidence.field, evidence.start, evidence.end))) AS spans,` + severe + `
        FROM @post_facts FINAL
        WHERE ` + in + ` AND cityHash64(community, post_id) GLOBAL IN
        (
            SELECT arrayJoin(arrayMap(c -> c.2, arrayFilter(c -> c.1 <= bounds[-1], cells)))
            FROM
            (
                SELECT groupArray((place, post)) AS cells, arraySlice(groupArraySorted(200)(place), 1, any(length)) AS bounds
                FROM
                (
                    SELECT cityHash64(community, post_id) AS post, cityHash64(community, toMonday(day)) AS week, ` + decided + `,` + severe + `,
                        least(arraySum(mapValues(reactions)), 65535) AS reacted,
                        least(greatest(intDiv(toInt64(toUnixTimestamp(posted_at)) - toInt64(toUnixTimestamp(toDateTime(toMonday(day)))), 60) + 1440, 0), 16383) AS minute,
                        hasAny(decided, [` + setAside + `]) AS apart, characters NOT BETWEEN 15 AND 300 AS odd,
                        arrayConcat(
                            if(severe, [(toUInt8(12), week, bitShiftLeft(toUInt64(255 - points), 14) + minute)], []),
                            if(apart OR has(decided, 'greeting'), [], arrayMap(t -> (toUInt8(40), cityHash64(week, t.1, t.2),
                                bitShiftLeft(toUInt64(odd), 52) + bitShiftLeft(toUInt64(greatest(1 - abs(t.3), 0) * 1048576), 30) + bitShiftLeft(65535 - reacted, 14) + minute),
                                topic_rows)),
                            arrayMap(i -> (toUInt8(200), cityHash64(week, i), bitShiftLeft(65535 - reacted, 14) + 16383 - minute),
                                arrayFilter(i -> NOT apart OR i IN (` + setAside + `), arrayDistinct(decided)))) AS lists
                    FROM @post_facts FINAL
                    WHERE ` + in + ` AND author_role != 'staff'
                )
                ARRAY JOIN lists.1 AS length, lists.2 AS list, lists.3 AS place
                GROUP BY list
            )
        )
    ) AS p
    GROUP BY community, week
) AS s ON s.community = a.community AND s.week = a.week`
}
