-- name: segment_weeks
-- title: セグメントと話題の週次推移
-- meaning: 週・セグメント・値・話題ごとの投稿数。値は投稿した時点のもので、空の値は「不明」。話題が空の行はセグメントの全投稿。話題ごとに値の行(不明を含む)を足すと topic_weeks の投稿数になる。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: segments Array(String) セグメントの名前
-- param: topic Array(String) = [] 話題。空なら全て
SELECT
    week, segment, value, topic, count() AS posts, uniqExactIf(author_key, author_key != 0) AS authors,
    countIf(sentiment = 'positive') AS positive, countIf(sentiment = 'negative') AS negative
FROM
(
    SELECT s.week AS week, s.segment AS segment, s.value AS value, s.author_key AS author_key, t.1 AS topic, t.2 AS sentiment
    FROM
    (
        SELECT p.week AS week, p.post_id AS post_id, p.author_key AS author_key, p.sentiment AS sentiment, k AS segment, /*@segment_value*/ AS value
        FROM
        (
            SELECT p.week AS week, p.post_id AS post_id, if(p.author_id = '', 0, sipHash64(p.author_id)) AS author_key, p.sentiment AS sentiment, p.author_role AS author_role,
                p.author_level AS author_level, p.source AS source, p.channel AS channel, p.attributes AS attributes, /*@segment_columns*/
            FROM
            (
                SELECT week, post_id, posted_at, author_id, author_role, author_level, account_id, source, channel, attributes, sentiment FROM posts WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
            ) AS p
            /*@with_account*/
            /*@with_tenure*/
        ) AS p
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
