package rollup

import (
	"fmt"
	"strings"

	"voc/schema"
)

// writersNowSQL is schema.DayStampsSQL for the weeks of communities that have a week with as many posts, or had. The posts of
// other communities are followed as fast as such rows are read.
func writersNowSQL(from int) string {
	return "SELECT community, week, stamp, age, calculated_at FROM (" + schema.DayStampsSQL("@") + ") WHERE community GLOBAL IN (" +
		fmt.Sprintf("SELECT community FROM @week_windows FINAL WHERE totals[1].posts >= %d", from) +
		" UNION ALL SELECT community FROM @writer_windows)"
}

// writers makes the queries for what it takes to follow the writers of some weeks.
type writers struct {
	// keys is the view post_keys, or its sibling that has all of the days.
	keys string
	// days is a list of the community and day of all days of the weeks.
	days string
}

// sql fills in what a query reads: $days is the condition for its days, and $own, x) the key of x in its own week.
func (w writers) sql(query string) string {
	return strings.NewReplacer("$keys", "@"+w.keys, "$facts", "@post_facts FINAL", "$windows", "@day_windows FINAL", "$days", "(community, day) IN ("+w.days+")",
		"$own", "cityHash64(community, toMonday(day)", "$said", schema.IntentsSQL("@", "")).Replace(query)
}

// writerWeeksSQL writes what it takes to follow the writers of weeks, from post_keys or its sibling that has all of their days.
func writerWeeksSQL(weeks []week, keys string) string {
	literals, _ := asked(weeks, func(w week) (schema.Window, uint64) { return w.Window, w.calc })
	w := writers{keys, daysOf(weeks)}
	return `INSERT INTO @writer_windows (community, week, calc, authors, posts, counted, replies, received, off_hours, last, topics, answered, first, first_answered, keys, visitors,
    late, late_thanks, late_threads, sources, reasons, reason_days, reason_at, reason_posts, reason_keys, reason_threads, reason_sources, reason_accounts, reason_authors,
    entity_keys, entity_accounts, entity_authors, entity_at, entity_posts, terms) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT asked.1, asked.2, asked.3, w.authors, w.posts, w.counted, w.replies, w.received, w.off_hours, w.last, w.topics, w.answered, w.first, w.first_answered, w.keys, v.visitors,
    l.late, l.late_thanks, l.late_threads, l.sources, r.reasons, r.reason_days, r.reason_at, r.reason_posts, r.reason_keys, r.reason_threads, r.reason_sources, r.reason_accounts, r.reason_authors,
    e.entity_keys, e.entity_accounts, e.entity_authors, e.entity_at, e.entity_posts, t.terms
FROM (SELECT arrayJoin([` + literals + `]) AS asked, asked.1 AS community, asked.2 AS week) AS a
LEFT JOIN (` + w.authorsSQL() + `) AS w ON w.community = a.community AND w.week = a.week
LEFT JOIN (` + w.visitorsSQL() + `) AS v ON v.community = a.community AND v.week = a.week
LEFT JOIN (` + w.answersSQL() + `) AS l ON l.community = a.community AND l.week = a.week
LEFT JOIN (` + w.reasonsSQL() + `) AS r ON r.community = a.community AND r.week = a.week
LEFT JOIN (` + w.entitiesSQL() + `) AS e ON e.community = a.community AND e.week = a.week
LEFT JOIN (` + w.termsSQL() + `) AS t ON t.community = a.community AND t.week = a.week`
}

// authorsSQL is the SQL query for the known authors of each week as arrays, in the order of the columns of week_writers_ready. What
// their posts got is what replies of the same week gave them.
func (w writers) authorsSQL() string {
	return w.sql(`
SELECT
    w.week AS week, w.community AS community, w.authors AS authors, w.posts AS posts, w.counted AS counted, w.replies AS replies, w.received AS received,
    w.off_hours AS off_hours, w.last AS last, w.topics AS topics, w.answered AS answered, w.first AS first, w.first_answered AS first_answered, w.keys AS keys
FROM
(
    SELECT
        week, community, groupArray(author) AS authors, groupArray(toUInt32(g.posts)) AS posts, groupArray(toUInt32(g.counted)) AS counted, groupArray(toUInt32(g.replies)) AS replies,
        groupArray(toUInt32(g.received)) AS received, groupArray(toUInt32(g.off_hours)) AS off_hours, groupArray(g.last) AS last, groupArray(g.topics) AS topics,
        groupArray(toUInt32(g.answered)) AS answered, groupArray(g.first) AS first, groupArray(g.first_answered) AS first_answered, groupArray(g.keys) AS keys
    FROM
    (
        SELECT
            week, community, author, count() AS posts, countIf(counts) AS counted, countIf(counts AND kind = 'reply') AS replies,
            countIf(counts AND bitAnd(trait, 16) > 0) + sumIf(t.n, counts) AS received, countIf(counts AND bitAnd(trait, 4096) > 0) AS off_hours,
            maxIf(written, counts) AS last, arraySort(groupArrayArrayIf(about, counts)) AS topics, countIf(got) AS answered, argMin(post, place_in_week) AS first, argMin(got, place_in_week) AS first_answered,
            arrayConcat(arraySort(groupArrayIf(post, counts)), arraySort(groupArrayIf(post, NOT counts))) AS keys
        FROM
        (
            SELECT
                community, toMonday(day) AS week, kind, written, author, post, about, trait, bitAnd(trait, 9) = 0 AS counts,
                bitShiftLeft(toUnixTimestamp64Milli(written), 22) + toInt64(place) AS place_in_week, $own, post) AS own,
                own GLOBAL IN (SELECT $own, arrayJoin(answered)) FROM $keys WHERE kind = 'reply' AND $days) AS got
            FROM $keys
            ARRAY JOIN posts AS post, authors AS author, places AS place, at AS written, traits AS trait, topics AS about
            WHERE bitAnd(trait, 4) > 0 AND $days
        ) AS p
        LEFT JOIN
        (
            SELECT $own, thanked) AS own, count() AS n
            FROM $keys
            ARRAY JOIN answered AS thanked, traits AS trait
            WHERE kind = 'reply' AND bitAnd(trait, 32) > 0 AND $days
            GROUP BY own
        ) AS t ON p.own = t.own
        GROUP BY week, community, author
        ORDER BY week, community, author
    ) AS g
    GROUP BY week, community
) AS w`)
}

// visitorsSQL is the SQL query for the members who viewed, reacted or logged in, by week.
func (w writers) visitorsSQL() string {
	return w.sql(`
SELECT toMonday(day) AS week, community, arraySort(groupUniqArrayArray(c.members)) AS visitors
FROM $windows
ARRAY JOIN activity AS c
WHERE c.event IN ('viewed', 'reacted', 'login') AND $days
GROUP BY week, community`)
}

// answersSQL is the SQL query for what replies do beyond their week, in the order of the columns of week_answers_ready.
func (w writers) answersSQL() string {
	return w.sql(`
SELECT
    week, community, arraySort(groupUniqArrayIf(to, other)) AS late, arraySort(groupArrayIf(to, other AND bitAnd(trait, 32) > 0)) AS late_thanks, arraySort(groupUniqArrayIf(thread, strange)) AS late_threads,
    arraySort(groupUniqArray(source)) AS sources
FROM
(
    SELECT
        community, toMonday(day) AS week, to, thread, trait, source, $own, to) GLOBAL NOT IN (SELECT $own, arrayJoin(posts)) FROM $keys WHERE $days) AS other,
        $own, thread) GLOBAL NOT IN (SELECT $own, arrayJoin(threads)) FROM $keys WHERE kind != 'reply' AND $days) AS strange
    FROM $keys
    ARRAY JOIN answered AS to, threads AS thread, traits AS trait, sources AS source
    WHERE kind = 'reply' AND $days
)
GROUP BY week, community`)
}

// reasonsSQL is the SQL query for the posts that call for attention, in the order of the columns of week_reasons_ready.
func (w writers) reasonsSQL() string {
	return w.sql(`
SELECT
    week, community, groupArray(flags) AS reasons, groupArray(day) AS reason_days, groupArray(posted_at) AS reason_at, groupArray(post_id) AS reason_posts, groupArray(post) AS reason_keys,
    groupArray(thread) AS reason_threads, groupArray(source) AS reason_sources, groupArray(account_id) AS reason_accounts, groupArray(author) AS reason_authors
FROM
(
    SELECT
        community, day, toMonday(day) AS week, post_id, posted_at, source, account_id, if(account_id = '', author_id, '') AS author, cityHash64(post_id) AS post,
        cityHash64(multiIf(thread_id != '', thread_id, reply_to = '', post_id, reply_to)) AS thread,
        toUInt8(
            (hasAny(said, ['complaint', 'bug']) AND $own, post) GLOBAL NOT IN (SELECT $own, arrayJoin(answered)) FROM $keys WHERE kind = 'reply' AND $days))
            + 2 * (reply_to = '' AND has(said, 'question') AND $own, thread) GLOBAL NOT IN (SELECT $own, arrayJoin(threads)) FROM $keys WHERE kind = 'reply' AND $days))
            + 4 * has(said, 'churn_risk') + 8 * (sentiment = 'negative')) AS flags
    FROM
    (
        -- By itself, since it is looked up again wherever it is used beside.
        SELECT community, day, post_id, posted_at, source, account_id, author_id, thread_id, reply_to, sentiment, $said AS said
        FROM $facts
        WHERE author_role NOT IN ('staff', 'outsider') AND (account_id != '' OR author_id != '') AND $days
    )
    WHERE NOT hasAny(said, ['promotion', 'spam']) AND flags > 0
    ORDER BY week, community, posted_at, post_id
)
GROUP BY week, community`)
}

// entitiesSQL is the SQL query for the accounts, and the authors without one, that wrote, in the order of the columns of week_reasons_ready.
func (w writers) entitiesSQL() string {
	return w.sql(`
SELECT
    week, community, groupArray(cityHash64(account, author)) AS entity_keys, groupArray(account) AS entity_accounts, groupArray(author) AS entity_authors, groupArray(newest.1) AS entity_at, groupArray(newest.2) AS entity_posts
FROM
(
    SELECT toMonday(day) AS week, community, account_id AS account, if(account_id = '', author_id, '') AS author, max((posted_at, post_id)) AS newest
    FROM $facts
    WHERE author_role NOT IN ('staff', 'outsider') AND (account_id != '' OR author_id != '') AND $days
    GROUP BY week, community, account, author
    ORDER BY week, community, account, author
)
GROUP BY week, community`)
}

// termsSQL is the SQL query for the posts of every opinion and entity, by week.
func (w writers) termsSQL() string {
	return w.sql(`
SELECT week, community, groupArray((kind, value, ids)) AS terms
FROM
(
    SELECT toMonday(day) AS week, community, kind, value, arrayCompact(arraySort(groupArray(post_id))) AS ids
    FROM $facts
    ARRAY JOIN signals.kind AS kind, signals.value AS value
    WHERE kind IN ('opinion_unit', 'entity') AND author_role != 'staff' AND NOT hasAny($said, ['promotion', 'spam']) AND $days
    GROUP BY week, community, kind, value
)
GROUP BY week, community`)
}
