-- name: voice_candidates
-- title: 声の候補
-- meaning: 話題ごとに、紹介する声の候補になる投稿。根拠のある、短すぎず長すぎない、反応の多い投稿を先に。宣伝・迷惑投稿とスタッフの投稿は含まない。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: topic Array(String) = [] 話題。空なら全て
-- param: intent Array(String) = [] 意図。空なら全て
-- param: limit UInt64 = 40 話題と極性ごとの最大の件数
SELECT
    p.topic AS topic, p.topic_sentiment AS topic_sentiment, p.topic_score AS topic_score, /*@post_columns*/
FROM
(
    SELECT *
    FROM
    (
        SELECT * FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
    ) AS p
    INNER JOIN
    (
        -- Chosen by what is short: whole posts are joined only when few are left.
        SELECT t.post_id AS post_id, t.topic AS topic, t.topic_sentiment AS topic_sentiment, t.topic_score AS topic_score
        FROM
        (
            SELECT post_id, posted_at, lengthUTF8(body) BETWEEN 15 AND 300 AS fits, arraySum(mapValues(reactions)) AS reacted
            FROM posts
            WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND NOT hasAny(intents, ['promotion', 'spam', 'greeting'])
                AND author_role != 'staff' AND (empty({intent:Array(String)}) OR hasAny(intents, {intent:Array(String)}))
        ) AS s
        INNER JOIN
        (
            SELECT post_id, toString(topic) AS topic, toString(sentiment) AS topic_sentiment, score AS topic_score
            FROM post_topics
            WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, topic))
        ) AS t ON s.post_id = t.post_id
        ORDER BY topic, topic_sentiment, s.fits DESC, abs(topic_score) DESC, s.reacted DESC, s.posted_at, s.post_id
        LIMIT {limit:UInt64} BY topic, topic_sentiment
    ) AS t USING (post_id)
) AS p
/*@with_account*/
ORDER BY
    topic, topic_sentiment, lengthUTF8(p.body) BETWEEN 15 AND 300 DESC, abs(topic_score) DESC, arraySum(mapValues(p.reactions)) DESC, p.posted_at, p.post_id
