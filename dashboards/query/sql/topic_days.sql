-- name: topic_days
-- title: 話題の日次推移
-- meaning: 一つの話題の、日ごとの投稿数と極性。投稿のない日の行もある。
-- param: community String コミュニティ
-- param: topic String 話題
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: source Array(String) = [] 情報源。空なら全て
SELECT day, sum(d.posts) AS posts, sum(d.positive) AS positive, sum(d.negative) AS negative, sum(d.neutral) AS neutral, sum(d.mixed) AS mixed, sum(d.authors) AS authors
FROM
(
    -- Without a choice of sources the days stand ready.
    SELECT day, posts, positive, negative, neutral, mixed, authors
    FROM topic_day_totals
    WHERE empty({source:Array(String)}) AND community = {community:String} AND topic = {topic:String} AND day BETWEEN {from:Date} AND {to:Date}
    UNION ALL
    SELECT t.day AS day, sum(t.posts), sum(t.positive), sum(t.negative), sum(t.neutral), sum(t.mixed), uniqExactArray(t.author_keys)
    FROM topic_daily AS t
    WHERE notEmpty({source:Array(String)}) AND t.community = {community:String} AND t.topic = {topic:String} AND t.day BETWEEN {from:Date} AND {to:Date}
        AND has({source:Array(String)}, t.source)
    GROUP BY day
) AS d
GROUP BY day
ORDER BY day WITH FILL FROM {from:Date} TO {to:Date} + 1 STEP 1
