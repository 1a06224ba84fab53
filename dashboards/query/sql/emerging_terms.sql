-- name: emerging_terms
-- title: 新しい話の候補
-- meaning: シグナル(意見・固有の語など)の値ごとに、最後の週の投稿と、それより前の週ごとの投稿者数(古い順)。最後の週の投稿者が少なすぎる語は出さない。宣伝・迷惑投稿とスタッフの投稿は含まない。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: kinds Array(String) = opinion_unit,entity 見るシグナルの種類
-- param: authors UInt64 = 4 最後の週に必要な投稿者数
-- param: limit UInt64 = 500 最大の行数
SELECT
    s.kind AS kind, s.value AS value, arraySort(groupUniqArrayIf(s.post_id, s.week = {week:Date})) AS posts,
    uniqExactIf(s.author, s.week = {week:Date}) AS authors,
    arrayMap(w -> toUInt64(length(arrayDistinct(arrayMap(x -> x.2, arrayFilter(x -> x.1 = {week:Date} - 7 * w, groupUniqArrayIf((s.week, s.author), s.week < {week:Date})))))),
        arrayReverse(range(toUInt64(1), toUInt64({weeks:UInt8}) + 1))) AS past
FROM
(
    SELECT toString(g.kind) AS kind, g.value AS value, g.week AS week, g.post_id AS post_id, if(g.author_id = '', concat('\0', g.post_id), g.author_id) AS author
    FROM post_signals AS g
    WHERE g.community = {community:String} AND g.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND has({kinds:Array(String)}, g.kind)
        AND g.author_role != 'staff' AND g.post_id NOT IN
        (
            SELECT post_id FROM post_intents WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND intent IN ('promotion', 'spam')
        )
        AND (g.kind, g.value) IN
        (
            SELECT kind, value
            FROM post_signals
            WHERE community = {community:String} AND day BETWEEN {week:Date} AND {week:Date} + 6 AND has({kinds:Array(String)}, kind)
            GROUP BY kind, value
            HAVING count() >= {authors:UInt64}
        )
) AS s
GROUP BY kind, value
HAVING authors >= {authors:UInt64}
ORDER BY authors DESC, kind, value
LIMIT {limit:UInt64}
