package rollup

import (
	"strconv"
	"strings"
)

// attentionWeeksSQL writes who needs attention by the posts of nine weeks until the end of the last of them, with one statement
// for each such week.
func attentionWeeksSQL(weeks []week) []string {
	var statements []string
	for _, w := range weeks {
		statements = append(statements, strings.NewReplacer("{community}", quote(w.Community), "{calc}", strconv.FormatUint(w.calc, 10), "{week}", date(w.Day)).Replace(attentionSQL))
	}
	return statements
}

// attentionSQL is what dashboards/query asks for attention_reasons, without the answers to surveys, which are no posts, and for
// everybody, since only these tell who has most points. The reasons are the numbers that attention_progress explains.
const attentionSQL = `INSERT INTO @attention_windows (community, week, calc, accounts, authors, whys, posts, last) SETTINGS async_insert = 0, insert_deduplicate = 0
SELECT {community}, {week}, {calc}, groupArray(account), groupArray(author), groupArray(why), groupArray(ids), groupArray(newest)
FROM
(
    SELECT account, author, why, arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupArray((at, post_id)))), 1, 50) AS ids, max(at) AS newest
    FROM
    (
        SELECT account, author, post_id, at, toUInt8(c.1) AS why
        FROM
        (
            SELECT
                toString(account) AS account, author, post_id, at,
                source GLOBAL IN (SELECT arrayJoin(sources) FROM @week_answers_ready WHERE community = {community} AND week BETWEEN {week} - 56 AND {week}) AS answerable,
                arrayJoin(arrayFilter(x -> x.1 > 0,
                [
                    (toUInt8(bitAnd(flags, 1) > 0 AND day < {week} + 5 AND answerable), post),
                    (2 * (bitAnd(flags, 2) > 0 AND day < {week} + 4 AND answerable), bitNot(thread)),
                    (3 * (bitAnd(flags, 4) > 0), 0),
                    (4 * (bitAnd(flags, 8) > 0 AND day >= {week}), 0)
                ])) AS c
            FROM @week_reasons_ready
            ARRAY JOIN
                reasons AS flags, reason_days AS day, reason_at AS at, reason_posts AS post_id, reason_keys AS post, reason_threads AS thread, reason_sources AS source,
                reason_accounts AS account, reason_authors AS author
            WHERE community = {community} AND week BETWEEN {week} - 7 AND {week} AND (week = {week} OR flags != 8)
        )
        -- Replies answer the post they name and the question that begins their thread, those of its own week and late ones. Keys of
        -- threads are inverted, so that they stand in one set with those of posts.
        WHERE c.2 = 0 OR c.2 GLOBAL NOT IN
        (
            SELECT arrayJoin(arrayConcat(late, arrayMap(x -> bitNot(x), late_threads)))
            FROM @week_answers_ready
            WHERE community = {community} AND week BETWEEN {week} - 7 AND {week}
        )
        UNION ALL
        -- Who wrote in three weeks and not in the last two.
        SELECT toString(any(account)), any(author), argMax(post, week), max(at), 6
        FROM @week_reasons_ready
        ARRAY JOIN entity_keys AS entity, entity_accounts AS account, entity_authors AS author, entity_at AS at, entity_posts AS post
        WHERE community = {community} AND week BETWEEN {week} - 42 AND {week} - 14 AND entity GLOBAL IN
        (
            SELECT entity
            FROM @week_reasons_ready
            ARRAY JOIN entity_keys AS entity
            WHERE community = {community} AND week BETWEEN {week} - 42 AND {week}
            GROUP BY entity
            HAVING max(week) < {week} - 7 AND count() >= 3
        )
        GROUP BY entity
    )
    GROUP BY account, author, why
    ORDER BY account, author, why
)`
