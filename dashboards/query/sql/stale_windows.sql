-- name: stale_windows
-- title: 集計が追いついていない日
-- meaning: 投稿を直接数えた数と、集計の数が違う日。正常なら 0 行。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT day, sum(facts) AS posts, sum(counted) AS counted
FROM
(
    SELECT day, count() AS facts, toUInt64(0) AS counted FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day
    UNION ALL
    SELECT day, toUInt64(0), d.posts FROM community_daily AS d WHERE d.community = {community:String} AND d.day BETWEEN {from:Date} AND {to:Date}
)
GROUP BY day
HAVING posts != counted
ORDER BY day
