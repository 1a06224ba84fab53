-- name: emerging_terms
-- title: 新しい話の候補
-- meaning: シグナル(意見・固有の語など)の値ごとに、最後の週の投稿と、それより前の週ごとの投稿者数(古い順)。最後の週の投稿者が少なすぎる語は出さない。宣伝・迷惑投稿とスタッフの投稿は含まない。
-- meaning: tested は全ての週を合わせた投稿者数が足りる値の数で、偶然を見分けるときの検定の数になる。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: kinds Array(String) = opinion_unit,entity 見るシグナルの種類
-- param: authors UInt64 = 4 最後の週に必要な投稿者数
-- param: ratio Float64 = 0 最後の週の投稿者数が、それより前の週から見込まれる数の何倍なら増えたとするか。増えていない値は後に並び、posts は空になる
-- param: limit UInt64 = 500 最大の行数
SELECT t.kind AS kind, t.value AS value, if(t.risen, s.posts, []) AS posts, t.authors AS authors, t.past AS past, t.tested AS tested
FROM /*@emerging_values*/ AS t
LEFT JOIN
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
ORDER BY t.risen DESC, authors DESC, kind, value
