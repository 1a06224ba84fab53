-- name: topic_phrases
-- title: 話題の中の語句の増減
-- meaning: kind は phrase(根拠の語句)かシグナルの種類。話題の根拠になった語句と、その話題の投稿に出た意見(opinion_unit シグナル)ごとに、最後の週とそれより前の週の投稿数。表記は小文字にそろえる。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: topic Array(String) 話題
-- param: kinds Array(String) = opinion_unit 意見とみなすシグナルの種類
-- param: limit UInt64 = 30 話題と種類ごとの最大の行数
SELECT
    toString(topic) AS topic, toString(kind) AS kind, phrase, sumIf(p.posts, p.week = {week:Date}) AS posts, sumIf(p.authors, p.week = {week:Date}) AS authors,
    sumIf(p.posts, p.week < {week:Date}) AS before, sumIf(p.negative, p.week = {week:Date}) AS negative
FROM topic_phrase_totals AS p
WHERE p.community = {community:String} AND p.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} AND p.topic != '' AND has({topic:Array(String)}, p.topic)
    AND (p.kind = 'phrase' OR has({kinds:Array(String)}, p.kind))
GROUP BY topic, kind, phrase
HAVING posts > 0
ORDER BY topic, kind, posts DESC, before, phrase
LIMIT {limit:UInt64} BY topic, kind
