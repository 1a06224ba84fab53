SELECT
    t.week AS week, t.topic AS topic, t.level AS level, t.posts AS posts, t.replies AS replies, t.positive AS positive, t.negative AS negative,
    t.neutral AS neutral, t.mixed AS mixed, t.authors AS authors, t.accounts AS accounts, a.sum_squares AS sum_squares
FROM
(
    SELECT
        w.week AS week, toString(w.topic) AS topic, any(w.level) AS level, sum(w.posts) AS posts, sum(w.replies) AS replies, sum(w.positive) AS positive,
        sum(w.negative) AS negative, sum(w.neutral) AS neutral, sum(w.mixed) AS mixed, uniqExactArray(w.author_keys) AS authors,
        uniqExactArray(w.account_keys) AS accounts
    FROM topic_weekly AS w
    WHERE w.community = {community:String} AND w.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date}
        AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, w.topic))
        AND (empty({source:Array(String)}) OR has({source:Array(String)}, w.source))
    GROUP BY week, topic
) AS t
LEFT JOIN
(
    SELECT week, topic, sum(n * n) AS sum_squares
    FROM
    (
        SELECT p.week AS week, toString(p.topic) AS topic, if(p.author_id = '', concat('\0', p.post_id), p.author_id) AS author, count() AS n
        FROM post_topics AS p
        WHERE p.community = {community:String} AND p.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
            AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, p.topic))
            AND (empty({source:Array(String)}) OR has({source:Array(String)}, p.source))
        GROUP BY week, topic, author
    )
    GROUP BY week, topic
) AS a ON t.week = a.week AND t.topic = a.topic
ORDER BY week, posts DESC, topic
