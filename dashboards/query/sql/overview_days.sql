-- name: overview_days
-- title: 全体像の日次推移
-- meaning: 日ごとの投稿数と極性、閲覧。投稿のない日の行もある。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT d.day AS day, sum(d.posts) AS posts, sum(d.positive) AS positive, sum(d.negative) AS negative, sum(d.neutral) AS neutral,
    sum(d.mixed) AS mixed, uniqExactArray(d.author_keys) AS authors, sum(d.viewed) AS viewed
FROM community_daily AS d
WHERE d.community = {community:String} AND d.day BETWEEN {from:Date} AND {to:Date}
GROUP BY day
ORDER BY day WITH FILL FROM {from:Date} TO {to:Date} + 1 STEP 1
