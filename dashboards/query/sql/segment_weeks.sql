-- name: segment_weeks
-- title: セグメントと話題の週次推移
-- meaning: 週・セグメント・値・話題ごとの投稿数。値は投稿した時点のもので、空の値は「不明」。話題が空の行はセグメントの全投稿。話題ごとに値の行(不明を含む)を足すと topic_weeks の投稿数になる。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: segments Array(String) セグメントの名前
-- param: topic Array(String) = [] 話題。空なら全て
-- counted: (SELECT count() FROM segment_week_keys_ready WHERE community = {community:String} AND week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} AND NOT kept AND has({segments:Array(String)}, segment)) > 0
WITH
(
    SELECT groupArray((week, toString(segment), kept))
    FROM segment_week_keys
    WHERE community = {community:String} AND week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} AND segment != ''
) AS named
-- [counted
-- Segments of too many values to stand ready are counted from the posts; without any, no day is between these.
, arrayMap(n -> (n.1, n.2), arrayFilter(n -> NOT n.3 AND has({segments:Array(String)}, n.2), named)) AS wide,
if(empty(wide), toDate('2149-06-06'), {week:Date} - 7 * {weeks:UInt8}) AS first_day,
{week:Date} + 6 AS last_day
-- counted]
SELECT week, segment, value, topic, posts, authors, positive, negative
FROM
(
    SELECT s.week AS week, k AS segment, s.value AS value, CAST(s.topic, 'String') AS topic, s.posts AS posts, s.authors AS authors, s.positive AS positive, s.negative AS negative
    FROM segment_week_totals AS s
    -- If no post of the week has a segment, all are of an unknown value.
    ARRAY JOIN if(s.segment = '', arrayFilter(x -> NOT arrayExists(n -> n.1 = s.week AND n.2 = x, named), {segments:Array(String)}), [toString(s.segment)]) AS k
    WHERE s.community = {community:String} AND s.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date}
        AND (s.segment = '' OR has({segments:Array(String)}, s.segment)) AND (s.topic = '' OR empty({topic:Array(String)}) OR has({topic:Array(String)}, s.topic))
    -- [counted
    UNION ALL
    SELECT week, segment, value, tag.1, count(), uniqExactIf(author_key, author_key != 0), countIf(tag.2 = 'positive'), countIf(tag.2 = 'negative')
    FROM
    (
        SELECT p.week AS week, p.author_key AS author_key, k AS segment, /*@segment_value*/ AS value, arrayConcat([('', p.sentiment)], g.tagged) AS tags
        FROM
        (
            SELECT p.week AS week, p.post_id AS post_id, p.author_key AS author_key, p.sentiment AS sentiment, p.author_role AS author_role, p.author_level AS author_level,
                p.source AS source, p.channel AS channel, p.attributes AS attributes, /*@segment_columns*/,
                arrayJoin(arrayMap(w -> w.2, arrayFilter(w -> w.1 = p.week, wide))) AS k
            FROM
            (
                SELECT week, post_id, posted_at, author_id, author_role, author_level, account_id, source, channel, attributes, toString(sentiment) AS sentiment,
                    if(author_id = '', 0, sipHash64(author_id)) AS author_key
                FROM posts
                WHERE community = {community:String} AND day BETWEEN first_day AND last_day
            ) AS p
            /*@with_account*/
            LEFT JOIN
            (
                SELECT author_key, joined_at FROM members WHERE community = {community:String} AND notEmpty(wide)
            ) AS j ON cityHash64(p.author_id) = j.author_key
        ) AS p
        LEFT JOIN
        (
            SELECT post_id, groupArray((toString(topic), toString(sentiment))) AS tagged
            FROM post_topics
            WHERE community = {community:String} AND day BETWEEN first_day AND last_day AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, topic))
            GROUP BY post_id
        ) AS g ON p.post_id = g.post_id
    )
    ARRAY JOIN tags AS tag
    GROUP BY week, segment, value, tag.1
    -- counted]
)
ORDER BY week, segment, value, topic
