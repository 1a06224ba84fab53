-- name: quarantine
-- title: 隔離した投稿
-- meaning: 宣伝(promotion)・迷惑投稿(spam)とした投稿の数を、意図・投稿者の役割ごとに。隔離した投稿も投稿数には含まれ、声や順位の表からだけ除いている。
-- param: community String コミュニティ
-- param: week Date 対象週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: intent Array(String) = promotion,spam 隔離する意図
SELECT
    toString(i.intent) AS intent, toString(i.author_role) AS author_role, sumIf(i.posts, i.week = {week:Date}) AS posts,
    uniqExactArrayIf(i.author_keys, i.week = {week:Date}) AS authors, sumIf(i.posts, i.week < {week:Date}) AS before
FROM intent_daily AS i
WHERE i.community = {community:String} AND i.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND has({intent:Array(String)}, i.intent)
GROUP BY intent, author_role
ORDER BY intent, posts DESC, author_role
