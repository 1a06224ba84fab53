-- name: topic_days
-- title: 話題の日次推移
-- meaning: 一つの話題の、日ごとの投稿数と極性。投稿のない日の行もある。
-- param: community String コミュニティ
-- param: topic String 話題
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: source Array(String) = [] 情報源。空なら全て
SELECT d.day AS day, sum(d.posts) AS posts, sum(d.positive) AS positive, sum(d.negative) AS negative, sum(d.neutral) AS neutral,
    sum(d.mixed) AS mixed, uniqExactArray(d.author_keys) AS authors
FROM topic_daily AS d
WHERE d.community = {community:String} AND d.topic = {topic:String} AND d.day BETWEEN {from:Date} AND {to:Date}
    AND (empty({source:Array(String)}) OR has({source:Array(String)}, d.source))
GROUP BY day
ORDER BY day WITH FILL FROM {from:Date} TO {to:Date} + 1 STEP 1
