-- when: toDayOfWeek({week:Date}) = 1
WITH (SELECT groupUniqArrayArray(sources) FROM week_answers_ready WHERE community = {community:String} AND week BETWEEN {week:Date} - 56 AND {week:Date}) AS replying
SELECT entity_kind, entity, r.1 AS reason, r.2 AS points, r.3 AS posts, r.4 AS last_at, entities
FROM
(
    SELECT entity_kind, entity, groupArray((reason, points, posts, last_at)) AS reasons, sum(points) AS total, max(last_at) AS newest, count() OVER () AS entities
    FROM
    (
        SELECT
            if(account != '', 'account', 'author') AS entity_kind, if(account != '', account, author) AS entity,
            ['unanswered_complaint', 'open_question', 'churn_signal', 'negative_voice', 'detractor', 'silent'][why] AS reason,
            toUInt64(least([50, 30, 60, 20, 20, 20][why], [30, 15, 40, 5, 20, 20][why] + [10, 5, 10, 5, 0, 0][why] * (length(posts) - 1))) AS points,
            arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupArray((at, post_id)))), 1, 50) AS posts, max(at) AS last_at
        FROM
        (
            SELECT account, author, post_id, at, c.1 AS why
            FROM
            (
                SELECT
                    toString(account) AS account, author, post_id, at, source IN (SELECT arrayJoin(replying)) AS answerable,
                    arrayJoin(arrayFilter(x -> x.1 > 0,
                    [
                        (toUInt8(bitAnd(flags, 1) > 0 AND day < {week:Date} + 5 AND answerable), post),
                        (2 * (bitAnd(flags, 2) > 0 AND day < {week:Date} + 4 AND answerable), bitNot(thread)),
                        (3 * (bitAnd(flags, 4) > 0), 0),
                        (4 * (bitAnd(flags, 8) > 0 AND day >= {week:Date}), 0)
                    ])) AS c
                FROM week_reasons_ready
                ARRAY JOIN
                    reasons AS flags, reason_days AS day, reason_at AS at, reason_posts AS post_id, reason_keys AS post, reason_threads AS thread, reason_sources AS source,
                    reason_accounts AS account, reason_authors AS author
                WHERE community = {community:String} AND week BETWEEN {week:Date} - 7 AND {week:Date} AND (week = {week:Date} OR flags != 8)
            )
            -- Replies answer the post they name and the question that begins their thread, those of its own week and late ones. Keys of
            -- threads are inverted, so that they stand in one set with those of posts: to plan a view takes as long as to read it.
            WHERE c.2 = 0 OR c.2 NOT IN
            (
                SELECT arrayJoin(arrayConcat(late, arrayMap(x -> bitNot(x), late_threads)))
                FROM week_answers_ready
                WHERE community = {community:String} AND week BETWEEN {week:Date} - 7 AND {week:Date}
            )
            UNION ALL
            SELECT toString(account_id), if(account_id = '', author_id, ''), post_id, answered_at, 5
            FROM surveys
            WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND category IN ('detractor', 'dissatisfied') AND (account_id != '' OR author_id != '')
            UNION ALL
            -- Who wrote in three weeks and not in the last two.
            SELECT toString(any(account)), any(author), argMax(post, week), max(at), 6
            FROM week_reasons_ready
            ARRAY JOIN entity_keys AS entity, entity_accounts AS account, entity_authors AS author, entity_at AS at, entity_posts AS post
            WHERE community = {community:String} AND week BETWEEN {week:Date} - 42 AND {week:Date} - 14 AND entity IN
            (
                SELECT entity
                FROM week_reasons_ready
                ARRAY JOIN entity_keys AS entity
                WHERE community = {community:String} AND week BETWEEN {week:Date} - 42 AND {week:Date}
                GROUP BY entity
                HAVING max(week) < {week:Date} - 7 AND count() >= 3
            )
            GROUP BY entity
        )
        GROUP BY account, author, why
    )
    GROUP BY entity_kind, entity
    ORDER BY total DESC, newest DESC, entity_kind, entity
    LIMIT {limit:UInt64}
)
ARRAY JOIN reasons AS r
ORDER BY entity_kind, entity, points DESC, reason
