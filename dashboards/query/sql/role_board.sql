-- name: role_board
-- title: 役割とCX・COの表
-- meaning: コミュニティの5つの役割(kind = role)、体験 CX(機能・感情)、成果 CO(使った・解決した・続ける)のそれぞれに当たる投稿の数と極性を、投稿者の役割ごとに。
-- meaning: 何に当たるかは意図・話題・シグナルの種類で決まり、その一覧を行に添える。一つの投稿が複数に当たることがある。隔離した投稿は含まない。before は前の週の合計。
-- param: community String コミュニティ
-- param: week Date 対象週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
SELECT
    toUInt8(n) AS place, (/*@board*/ AS board)[n].1 AS kind, board[n].2 AS id, board[n].3 AS intents, board[n].4 AS topics, board[n].5 AS signals,
    author_role, posts, authors, positive, negative, neutral, mixed, before
FROM
(
    SELECT
        n, author_role, sumIf(found, in_week) AS posts, uniqExactArray(people) AS authors, sumIf(found, in_week AND sentiment = 'positive') AS positive,
        sumIf(found, in_week AND sentiment = 'negative') AS negative, sumIf(found, in_week AND sentiment = 'neutral') AS neutral,
        sumIf(found, in_week AND sentiment = 'mixed') AS mixed, sumIf(found, NOT in_week) AS before
    FROM
    (
        SELECT
            *,
            -- The topics and their parents.
            arrayFlatten(arrayMap(t -> arrayMap(k -> arrayStringConcat(arraySlice(splitByChar('/', t), 1, k), '/'), range(1, length(splitByChar('/', t)) + 1)), tagged)) AS about
        FROM
        (
            -- Posts that say the same are put together first: there are far fewer kinds than posts.
            SELECT
                p.week = {week:Date} AS in_week, toString(p.author_role) AS author_role, toString(p.sentiment) AS sentiment, p.intents AS said, p.topics AS tagged,
                if(p.post_id IN
                (
                    SELECT post_id FROM post_signals WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND kind = 'emotion'
                ), ['emotion'], []) AS kinds,
                count() AS found, groupUniqArrayIf(p.author_id, in_week AND p.author_id != '') AS people
            FROM posts AS p
            WHERE p.community = {community:String} AND p.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
                AND NOT hasAny(p.intents, ['promotion', 'spam'])
            GROUP BY in_week, author_role, sentiment, said, tagged, kinds
        )
    )
    ARRAY JOIN arrayFilter(
        (i, d) -> d.1 = 'all' OR hasAny(said, d.3) OR hasAny(kinds, d.5) OR hasAny(about, d.4),
        arrayEnumerate(/*@board*/), /*@board*/) AS n
    GROUP BY n, author_role
)
ORDER BY place, author_role
