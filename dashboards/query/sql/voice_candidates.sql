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
        -- Chosen by what is short, and without sorting all: whole posts are joined only when few are left.
        SELECT toString(about.1) AS topic, toString(about.2) AS topic_sentiment, c.5 AS post_id, c.6 AS topic_score
        FROM
        (
            SELECT (t.topic, t.sentiment) AS about,
                arrayJoin(groupArraySorted(greatest({limit:UInt64}, 1))((t.characters NOT BETWEEN 15 AND 300, -abs(t.score), -toInt64(t.reactions), t.posted_at, t.post_id, t.score))) AS c
            FROM post_topics AS t
            WHERE t.community = {community:String} AND t.day BETWEEN {from:Date} AND {to:Date} AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, t.topic))
                AND NOT hasAny(t.intents, ['promotion', 'spam', 'greeting']) AND t.author_role != 'staff'
                AND (empty({intent:Array(String)}) OR hasAny(t.intents, {intent:Array(String)}))
            GROUP BY about
            LIMIT {limit:UInt64} BY about
        )
    ) AS t USING (post_id)
) AS p
/*@with_account*/
ORDER BY
    topic, topic_sentiment, lengthUTF8(p.body) BETWEEN 15 AND 300 DESC, abs(topic_score) DESC, arraySum(mapValues(p.reactions)) DESC, p.posted_at, p.post_id
