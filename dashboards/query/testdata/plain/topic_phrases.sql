SELECT
    topic, kind, phrase, uniqExactIf(post_id, week = {week:Date}) AS posts, uniqExactIf(author_id, week = {week:Date} AND author_id != '') AS authors,
    uniqExactIf(post_id, week < {week:Date}) AS before, uniqExactIf(post_id, week = {week:Date} AND sentiment = 'negative') AS negative
FROM
(
    SELECT t.topic AS topic, e.kind AS kind, e.phrase AS phrase, t.week AS week, t.post_id AS post_id, t.author_id AS author_id, t.sentiment AS sentiment
    FROM
    (
        SELECT toString(topic) AS topic, week, post_id, author_id, sentiment
        FROM post_topics
        WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND has({topic:Array(String)}, topic)
    ) AS t
    INNER JOIN
    (
        SELECT v.post_id AS post_id, 'phrase' AS kind, v.tag AS tag, lowerUTF8(v.text) AS phrase
        FROM post_evidence AS v
        WHERE v.community = {community:String} AND v.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND v.kind = 'topic'
            AND arrayExists(t -> v.tag = t OR startsWith(v.tag, concat(t, '/')), {topic:Array(String)})
        UNION ALL
        SELECT s.post_id AS post_id, toString(s.kind) AS kind, '' AS tag, s.value AS phrase
        FROM post_signals AS s
        WHERE s.community = {community:String} AND s.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND has({kinds:Array(String)}, s.kind)
            AND s.post_id IN
            (
                SELECT post_id
                FROM post_topics
                WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND has({topic:Array(String)}, topic)
            )
    ) AS e ON t.post_id = e.post_id
    WHERE e.kind != 'phrase' OR e.tag = t.topic OR startsWith(e.tag, concat(t.topic, '/'))
)
GROUP BY topic, kind, phrase
HAVING posts > 0
ORDER BY topic, kind, posts DESC, before, phrase
LIMIT {limit:UInt64} BY topic, kind
