SELECT
    week, segment, value, topic, count() AS posts, uniqExactIf(author_key, author_key != 0) AS authors,
    countIf(sentiment = 'positive') AS positive, countIf(sentiment = 'negative') AS negative
FROM
(
    SELECT s.week AS week, s.segment AS segment, s.value AS value, s.author_key AS author_key, t.1 AS topic, t.2 AS sentiment
    FROM
    (
        SELECT p.week AS week, p.post_id AS post_id, if(p.author_id = '', 0, sipHash64(p.author_id)) AS author_key, p.sentiment AS sentiment, k AS segment, multiIf(
    k = 'author_role', toString(p.author_role),
    k = 'author_level', toString(p.author_level),
    k = 'source', toString(p.source),
    k = 'channel', toString(p.channel),
    k = 'tenure', multiIf(
        toUnixTimestamp64Milli(j.joined_at) = 0 OR j.joined_at > p.posted_at, '',
        p.posted_at < j.joined_at + INTERVAL 30 DAY, '0-29d',
        p.posted_at < j.joined_at + INTERVAL 90 DAY, '30-89d',
        p.posted_at < j.joined_at + INTERVAL 365 DAY, '90-364d',
        '365d+'),
    p.attributes[k] != '', p.attributes[k],
    h.valid_to > p.posted_at, h.attributes[k],
    '') AS value
        FROM
        (
            SELECT week, post_id, posted_at, author_id, author_role, author_level, account_id, source, channel, attributes, sentiment FROM posts WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
        ) AS p
        ASOF LEFT JOIN account_history AS h ON p.account_id = h.account_id AND p.posted_at >= h.valid_from
LEFT JOIN
(
    SELECT author_id, min(occurred_at) AS joined_at
    FROM activity
    WHERE community = {community:String} AND event = 'joined' AND author_id != ''
    GROUP BY author_id
) AS j ON p.author_id = j.author_id
        ARRAY JOIN {segments:Array(String)} AS k
    ) AS s
    LEFT JOIN
    (
        SELECT post_id, groupArray((toString(topic), toString(sentiment))) AS tagged
        FROM post_topics
        WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
            AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, topic))
        GROUP BY post_id
    ) AS g ON s.post_id = g.post_id
    ARRAY JOIN arrayConcat([('', toString(s.sentiment))], g.tagged) AS t
)
GROUP BY week, segment, value, topic
ORDER BY week, segment, value, topic
