-- name: emerging_terms
-- title: 新しい話の候補
-- meaning: シグナル(意見・固有の語など)の値ごとに、最後の週の投稿と、それより前の週ごとの投稿者数(古い順)。最後の週の投稿者が少なすぎる語は出さない。宣伝・迷惑投稿とスタッフの投稿は含まない。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: kinds Array(String) = opinion_unit,entity 見るシグナルの種類
-- param: authors UInt64 = 4 最後の週に必要な投稿者数
-- param: limit UInt64 = 500 最大の行数
SELECT s.kind AS kind, s.value AS value, s.posts AS posts, t.authors AS authors, t.past AS past
FROM
(
    SELECT
        toString(kind) AS kind, value, sumIf(w.authors, w.week = {week:Date}) AS authors,
        arrayMap(b -> arraySum(x -> if(x.1 = {week:Date} - 7 * b, x.2, 0), groupArray((w.week, w.authors))), arrayReverse(range(toUInt64(1), toUInt64({weeks:UInt8}) + 1))) AS past
    FROM term_week_totals AS w
    WHERE w.community = {community:String} AND w.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} AND has({kinds:Array(String)}, w.kind)
    GROUP BY kind, value
    HAVING authors >= {authors:UInt64}
    ORDER BY authors DESC, kind, value
    LIMIT {limit:UInt64}
) AS t
INNER JOIN
(
    SELECT toString(g.kind) AS kind, g.value AS value, arraySort(arrayDistinct(groupArray(g.post_id))) AS posts
    FROM post_signals AS g
    WHERE g.community = {community:String} AND g.day BETWEEN {week:Date} AND {week:Date} + 6 AND has({kinds:Array(String)}, g.kind) AND g.author_role != 'staff'
        AND NOT hasAny(g.intents, ['promotion', 'spam'])
        AND (g.kind, g.value) IN
        (
            SELECT kind, value FROM term_week_totals WHERE community = {community:String} AND week = {week:Date} AND has({kinds:Array(String)}, kind) AND authors >= {authors:UInt64}
        )
    GROUP BY kind, value
) AS s ON s.kind = t.kind AND s.value = t.value
ORDER BY authors DESC, kind, value
LIMIT {limit:UInt64}
