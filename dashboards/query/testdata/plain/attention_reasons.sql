SELECT entity_kind, entity, reason, points, posts, last_at, max(place) OVER () AS entities
FROM
(
    SELECT *, dense_rank() OVER (ORDER BY total DESC, newest DESC, entity_kind, entity) AS place
    FROM
    (
        SELECT *, sum(points) OVER (PARTITION BY entity_kind, entity) AS total, max(last_at) OVER (PARTITION BY entity_kind, entity) AS newest
        FROM
        (
            SELECT
                if(account != '', 'account', 'author') AS entity_kind, if(account != '', account, author) AS entity, reason, toUInt64(least(most, base + step * (length(posts) - 1))) AS points,
                arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupArray((at, post_id)))), 1, 50) AS posts, max(at) AS last_at
            FROM
            (
                -- One pass over the posts: those that give a reason stand under a key, and a reply stands under the keys of what it answers.
                SELECT c.2 AS account, c.3 AS author, c.1 AS reason, c.6 AS base, c.7 AS step, c.8 AS most, c.4 AS post_id, c.5 AS at
                FROM
                (
                    SELECT arrayJoin(groupArrayIf((r.1, account_id, if(account_id = '', author_id, ''), post_id, posted_at, r.3, r.4, r.5), r.1 != '')) AS c
                    FROM
                    (
                        SELECT
                            account_id, author_id, post_id, posted_at,
                            author_role NOT IN ('staff', 'outsider') AND NOT hasAny(intents, ['promotion', 'spam']) AS counts,
                            counts AND (hasAny(intents, ['complaint', 'bug']) OR reply_to = '' AND has(intents, 'question')) AND source IN
                            (
                                SELECT source FROM posts WHERE community = {community:String} AND day BETWEEN {week:Date} - 56 AND {week:Date} + 6 AND reply_to != ''
                            ) AS answerable,
                            posted_at < toStartOfDay(posted_at) + toIntervalDay(dateDiff('day', day, {week:Date} + 5)) AS two_days_old,
                            posted_at < toStartOfDay(posted_at) + toIntervalDay(dateDiff('day', day, {week:Date} + 4)) AS three_days_old,
                            arrayJoin(arrayFilter(x -> x.2 != '', [
                                ('unanswered_complaint', if(answerable AND two_days_old AND hasAny(intents, ['complaint', 'bug']), concat('p', post_id), ''), 30, 10, 50),
                                ('open_question', if(answerable AND three_days_old AND reply_to = '' AND has(intents, 'question'), concat('t', if(thread_id = '', post_id, thread_id)), ''), 15, 5, 30),
                                ('churn_signal', if(counts AND has(intents, 'churn_risk'), concat('c', post_id), ''), 40, 10, 60),
                                ('negative_voice', if(counts AND day >= {week:Date} AND sentiment = 'negative', concat('n', post_id), ''), 5, 5, 20),
                                ('', if(reply_to != '', concat('p', reply_to), ''), 0, 0, 0),
                                ('', if(reply_to != '', concat('t', if(thread_id = '', reply_to, thread_id)), ''), 0, 0, 0)
                            ])) AS r
                        FROM posts
                        WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 AND {week:Date} + 6
                    )
                    GROUP BY r.2
                    HAVING countIf(r.1 = '') = 0
                )
                UNION ALL
                SELECT account_id, if(account_id = '', author_id, ''), 'detractor', 20, 0, 20, post_id, answered_at
                FROM surveys
                WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND category IN ('detractor', 'dissatisfied')
                UNION ALL
                SELECT account, author, 'silent', 20, 0, 20, s.1, s.2
                FROM
                (
                    SELECT account_id AS account, if(account_id = '', author_id, '') AS author, argMax((post_id, posted_at), (posted_at, post_id)) AS s
                    FROM posts
                    WHERE community = {community:String} AND day BETWEEN {week:Date} - 42 AND {week:Date} + 6 AND author_role NOT IN ('staff', 'outsider')
                        AND (account_id != '' OR author_id != '')
                    GROUP BY account, author
                    HAVING uniqExactIf(week, week < {week:Date} - 7) >= 3 AND max(week) < {week:Date} - 7
                )
            )
            WHERE account != '' OR author != ''
            GROUP BY account, author, reason, base, step, most
        )
    )
)
QUALIFY place <= {limit:UInt64}
ORDER BY entity_kind, entity, points DESC, reason
