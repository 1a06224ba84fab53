-- name: signal_weeks
-- title: シグナルの増減
-- meaning: 種類と値ごとに、最後の週の投稿数・投稿者数と、それより前の週の投稿数。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: kinds Array(String) = [] 種類。空なら全て
-- param: limit UInt64 = 30 種類ごとの最大の行数
SELECT
    toString(s.kind) AS kind, s.phrase AS value, sumIf(s.posts, s.week = {week:Date}) AS posts, sumIf(s.authors, s.week = {week:Date}) AS authors,
    sumIf(s.posts, s.week < {week:Date}) AS before, sumIf(s.negative, s.week = {week:Date}) AS negative
FROM topic_phrase_totals AS s
WHERE s.community = {community:String} AND s.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} AND s.topic = ''
    AND (empty({kinds:Array(String)}) OR has({kinds:Array(String)}, s.kind))
GROUP BY kind, value
HAVING posts > 0
ORDER BY kind, posts DESC, before, value
LIMIT {limit:UInt64} BY kind
