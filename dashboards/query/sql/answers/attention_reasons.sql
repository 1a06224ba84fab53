SELECT
    if(account != '', 'account', 'author') AS entity_kind, if(account != '', account, author) AS entity,
    ['unanswered_complaint', 'open_question', 'churn_signal', 'negative_voice', 'detractor', 'silent'][why] AS reason, points, posts, last_at, entities
FROM
(
    -- Four arrays take half the time of one of tuples.
    SELECT
        account, author, groupArray(why) AS whys, groupArray(points) AS gives, groupArray(ids) AS lists, groupArray(at) AS times, sum(points) AS total, max(at) AS newest,
        count() OVER () AS entities
    FROM
    (
        SELECT
            account, author, why, toUInt64(least([50, 30, 60, 20, 20, 20][why], [30, 15, 40, 5, 20, 20][why] + [10, 5, 10, 5, 0, 0][why] * (length(ids) - 1))) AS points, ids, at
        FROM
        (
            SELECT accounts, authors, whys, posts, last
            FROM attention_progress
            WHERE community = {community:String} AND week = {week:Date}
        ) AS p
        -- Of those who answer surveys there is always one row, so that what they say is told only beside what stands ready.
        CROSS JOIN
        (
            SELECT groupArray(account) AS accounts, groupArray(author) AS authors, groupArray(toUInt8(5)) AS whys, groupArray(ids) AS posts, groupArray(at) AS last
            FROM
            (
                SELECT
                    toString(account_id) AS account, if(account_id = '', author_id, '') AS author,
                    arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupArray((answered_at, post_id)))), 1, 50) AS ids, max(answered_at) AS at
                FROM surveys
                WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND category IN ('detractor', 'dissatisfied') AND (account_id != '' OR author_id != '')
                GROUP BY account, author
            )
        ) AS s
        ARRAY JOIN
            arrayConcat(p.accounts, s.accounts) AS account, arrayConcat(p.authors, s.authors) AS author, arrayConcat(p.whys, s.whys) AS why,
            arrayConcat(p.posts, s.posts) AS ids, arrayConcat(p.last, s.last) AS at
    )
    GROUP BY account, author
    ORDER BY total DESC, newest DESC, account = '', account, author
    LIMIT {limit:UInt64}
)
ARRAY JOIN whys AS why, gives AS points, lists AS posts, times AS last_at
ORDER BY entity_kind, entity, points DESC, reason
