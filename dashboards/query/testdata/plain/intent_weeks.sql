SELECT
    t.week AS week, t.intent AS intent, t.posts AS posts, t.replies AS replies, t.positive AS positive, t.negative AS negative,
    t.neutral AS neutral, t.mixed AS mixed, t.authors AS authors, t.accounts AS accounts, a.sum_squares AS sum_squares
FROM
(
    SELECT
        d.week AS week, toString(d.intent) AS intent, sum(d.posts) AS posts, sum(d.replies) AS replies, sum(d.positive) AS positive,
        sum(d.negative) AS negative, sum(d.neutral) AS neutral, sum(d.mixed) AS mixed, uniqExactArray(d.author_keys) AS authors,
        uniqExactArray(d.account_keys) AS accounts
    FROM intent_daily AS d
    WHERE d.community = {community:String} AND d.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
    GROUP BY week, intent
) AS t
LEFT JOIN
(
    SELECT week, intent, sum(n * n) AS sum_squares
    FROM
    (
        SELECT p.week AS week, toString(p.intent) AS intent, if(p.author_id = '', concat('\0', p.post_id), p.author_id) AS author, count() AS n
        FROM post_intents AS p
        WHERE p.community = {community:String} AND p.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
        GROUP BY week, intent, author
    )
    GROUP BY week, intent
) AS a ON t.week = a.week AND t.intent = a.intent
ORDER BY week, posts DESC, intent
