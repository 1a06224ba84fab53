package schema

import "fmt"

// StampSQL is the SQL expression for a row of day_windows whose sum over the days of a week is the week's stamp: what stands
// ready for the week is read while its days have this stamp, and counted afresh otherwise. The number at the end is raised
// when more is to stand ready, so that every week is counted again.
const StampSQL = "cityHash64(day, calc, marks, 4)"

// WindowStatesSQL is the SQL query for the states of all days, and, as day 0, of each community as a whole: community, day,
// state, which no other state of any of them has, and calculated_at, when it was counted.
func WindowStatesSQL(prefix string) string {
	return "SELECT toString(community) AS community, day, cityHash64(community, " + StampSQL + ") AS state, calculated_at FROM " + prefix + "day_windows FINAL" +
		" UNION ALL SELECT toString(community), toDate(0), cityHash64(community, sum(" + StampSQL + ")), max(calculated_at) FROM " + prefix + "day_windows FINAL GROUP BY community"
}

// DayStampsSQL is the SQL query for the weeks that there are now: community, week, stamp, and of the days age, which is
// higher of the later of two states of a week unless days expired, and calculated_at, when the last one was counted. The
// prefix ends the names of tables: it is "voc." or empty.
func DayStampsSQL(prefix string) string {
	return "SELECT community, toMonday(day) AS week, sum(" + StampSQL + ") AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at" +
		" FROM " + prefix + "day_windows FINAL GROUP BY community, week"
}

// ChangedWeeksSQL is the SQL query for the community and week of those whose stamp is not in a table of stamps, so that no
// row of them may be read, and ChangedDaysSQL for the community and day of the days of such weeks. Global is "GLOBAL " where
// tables are sharded, and else empty.
func ChangedWeeksSQL(prefix, global, stamps string) string {
	return "SELECT community, week FROM (" + DayStampsSQL(prefix) + ") WHERE (community, week, stamp) " + global +
		"NOT IN (SELECT community, week, stamp FROM " + prefix + stamps + ")"
}

// ChangedDaysSQL is explained at ChangedWeeksSQL.
func ChangedDaysSQL(prefix, global, stamps string) string {
	return "SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(" + StampSQL + ") OVER (PARTITION BY community, week) AS stamp FROM " +
		prefix + "day_windows FINAL) WHERE (community, week, stamp) " + global + "NOT IN (SELECT community, week, stamp FROM " + prefix + stamps + ")"
}

// ProgressWeeks is how many weeks before its last one a row of progress_windows has questions of, and one of attention_windows looks at.
const ProgressWeeks = 8

// ProgressStampsSQL is DayStampsSQL for what became of the questions of nine weeks until the end of the last, and who needs
// attention then. It follows from the days of these and, since only sources in which somebody replies hold questions, from those
// of the eight weeks before. The number behind the sum is raised when more is to stand ready, as the one in StampSQL is: what
// a worker of before publishes, without the rest, is then never read.
func ProgressStampsSQL(prefix string) string {
	return fmt.Sprintf("SELECT community, week, sum(d.stamp) OVER nine + 1 AS stamp, sum(d.age) OVER nine AS age, max(d.calculated_at) OVER nine AS calculated_at FROM (%s) AS d"+
		" WINDOW nine AS (PARTITION BY community ORDER BY week RANGE BETWEEN %d PRECEDING AND CURRENT ROW)", DayStampsSQL(prefix), 2*ProgressWeeks*7)
}

// ChangedProgressSQL is the SQL query for the community and last week of those whose rows of progress_windows and attention_windows
// may not be read.
func ChangedProgressSQL(prefix, global string) string {
	return "SELECT community, week FROM (" + ProgressStampsSQL(prefix) + ") WHERE (community, week, stamp) " + global +
		"NOT IN (SELECT community, week, stamp FROM " + prefix + "progress_stamps)"
}

// UnkeptDaysSQL is the SQL query for the community and day of those that have no rows of day_keys that may be read.
func UnkeptDaysSQL(prefix, global string) string {
	return "SELECT community, day FROM " + prefix + "day_windows FINAL WHERE (community, day, " + StampSQL + ") " + global +
		"NOT IN (SELECT community, day, stamp FROM " + prefix + "day_stamps WHERE ready_at <= now64(3))"
}

// SegmentStampsSQL is DayStampsSQL for what a week comes to by segment. Its stamp also changes with the members who joined
// and the states that accounts had until the end of the week, since the segments of its posts follow from them.
func SegmentStampsSQL(prefix string) string {
	const told = "SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told"
	return "SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at" +
		" FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined" +
		" FROM (SELECT community, toMonday(day) AS week, sum(" + StampSQL + ") AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at," +
		" sum(joins_stamp) AS joined FROM " + prefix + "day_windows FINAL GROUP BY community, week)) AS w" +
		// It is joined since a scalar of its own does not reach the shards of a cluster.
		" CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (" + told + " FROM " + prefix + "account_facts FINAL GROUP BY week)) AS t"
}

// SegmentChangesSQL is the SQL query for the community and week of those that have no row of segment_windows that may be read.
func SegmentChangesSQL(prefix string) string {
	return "SELECT community, week FROM (" + SegmentStampsSQL(prefix) + ") WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM " +
		prefix + "segment_stamps)"
}

// SegmentKindsSQL is the SQL query for the posts of these weeks, those together whose segments are all the same: there are
// far fewer such kinds than posts. It has the three sources of a kind's segments: own, which every post has, what the posts
// say, and what their account was when they were written; said is the three together. Of a kind there are n posts, and
// authors, topics and moods have for each of them, and for an empty topic and each of its topics, the key of the author, the topic and
// the polarity: 1 for positive, 2 for negative, otherwise 0. Without such weeks it reads nothing.
func SegmentKindsSQL(prefix string) string {
	changes := SegmentChangesSQL(prefix)
	return `
SELECT week, community, n, authors, topics, moods, post_says, account_says,
    map('author_role', toString(author_role), 'author_level', toString(author_level), 'source', toString(source), 'channel', toString(channel), 'tenure', tenure) AS own,
    -- Of two values of a key the first one is found.
    mapConcat(own, mapFilter((k, v) -> v != '', post_says), account_says) AS said
FROM
(
    SELECT week, community, count() AS n, any(q.author_role) AS author_role, any(q.author_level) AS author_level, any(q.source) AS source, any(q.channel) AS channel,
        any(q.tenure) AS tenure, CAST(any(q.attributes), 'Map(String, String)') AS post_says, CAST(any(q.account_says), 'Map(String, String)') AS account_says,
        groupArrayArray(arrayMap(t -> q.author, q.topics)) AS authors, groupArrayArray(q.topics) AS topics, groupArrayArray(q.moods) AS moods
    FROM
    (
        SELECT toMonday(p.day) AS week, p.community AS community, if(p.author_id = '', 0, cityHash64(p.author_id)) AS author, p.author_role AS author_role,
            p.author_level AS author_level, p.source AS source, p.channel AS channel, p.attributes AS attributes, if(h.valid_to > p.posted_at, h.attributes, map()) AS account_says,
            multiIf(
                toUnixTimestamp64Milli(j.joined_at) = 0 OR j.joined_at > p.posted_at, '',
                p.posted_at < j.joined_at + INTERVAL 30 DAY, '0-29d',
                p.posted_at < j.joined_at + INTERVAL 90 DAY, '30-89d',
                p.posted_at < j.joined_at + INTERVAL 365 DAY, '90-364d',
                '365d+') AS tenure,
            arrayConcat([''], arrayMap(t -> toString(t), p.topic_rows.id)) AS topics,
            arrayMap(m -> toUInt8(multiIf(m = 'positive', 1, m = 'negative', 2, 0)), arrayConcat([p.sentiment], p.topic_rows.sentiment)) AS moods
        FROM
        (
            SELECT community, day, posted_at, author_id, author_role, author_level, account_id, source, channel, attributes, sentiment, topic_rows
            FROM ` + prefix + `post_facts FINAL
            WHERE (community, day) GLOBAL IN (SELECT community, week + n FROM (` + changes + `) ARRAY JOIN range(7) AS n)
        ) AS p
        ASOF LEFT JOIN (SELECT * FROM ` + prefix + `account_history WHERE (SELECT count() FROM (` + changes + `)) > 0) AS h
            ON p.account_id = h.account_id AND p.posted_at >= h.valid_from
        LEFT JOIN
        (
            SELECT community, m.member AS author_key, min(m.joined_at) AS joined_at
            FROM ` + prefix + `day_windows FINAL
            ARRAY JOIN joins AS m
            WHERE community GLOBAL IN (SELECT community FROM (` + changes + `))
            GROUP BY community, author_key
        ) AS j ON p.community = j.community AND cityHash64(p.author_id) = j.author_key
    ) AS q
    GROUP BY week, community, cityHash64(q.author_role, q.author_level, q.source, q.channel, q.tenure, q.attributes, q.account_says)
)`
}
