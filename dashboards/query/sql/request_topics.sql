-- name: request_topics
-- title: 要望の多い話題
-- meaning: 要望(request)を含む投稿を話題ごとに。順位は声の数(投稿者数)で、同じ人は一度だけ数える。before は前の期間の週平均の計算に使う投稿数、first_day は期間内で最初に要望された日。子の話題があれば子で数える。
-- param: community String コミュニティ
-- param: week Date 対象週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: limit UInt64 = 15 最大の行数
SELECT
    toString(t.topic) AS topic, sumIf(t.posts, t.week = {week:Date}) AS posts, uniqExactArrayIf(t.author_keys, t.week = {week:Date}) AS authors,
    uniqExactArrayIf(t.account_keys, t.week = {week:Date}) AS accounts, sumIf(t.posts, t.week < {week:Date}) AS before,
    uniqExactArray(t.author_keys) AS authors_total, uniqExact(t.week) AS weeks_seen, min(t.first_day) AS first_day,
    sumIf(t.reactions, t.week = {week:Date}) AS reactions
FROM request_week_totals AS t
WHERE t.community = {community:String} AND t.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date}
GROUP BY topic
HAVING posts > 0
ORDER BY authors DESC, posts DESC, topic
LIMIT {limit:UInt64}
