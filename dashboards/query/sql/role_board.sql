-- name: role_board
-- title: 役割とCX・COの表
-- meaning: コミュニティの5つの役割(kind = role)、体験 CX(機能・感情)、成果 CO(使った・解決した・続ける)のそれぞれに当たる投稿の数と極性を、投稿者の役割ごとに。
-- meaning: 何に当たるかは意図・話題・シグナルの種類で決まり、その一覧を行に添える。一つの投稿が複数に当たることがある。隔離した投稿は含まない。before は前の週の合計。
-- param: community String コミュニティ
-- param: week Date 対象週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
SELECT
    toUInt8(place) AS place, d.1 AS kind, d.2 AS id, d.3 AS intents, d.4 AS topics, d.5 AS signals, author_role, countIf(in_week) AS posts,
    uniqExactIf(author_id, in_week AND author_id != '') AS authors, countIf(in_week AND sentiment = 'positive') AS positive,
    countIf(in_week AND sentiment = 'negative') AS negative, countIf(in_week AND sentiment = 'neutral') AS neutral,
    countIf(in_week AND sentiment = 'mixed') AS mixed, countIf(NOT in_week) AS before
FROM
(
    SELECT
        p.week = {week:Date} AS in_week, p.author_id AS author_id, toString(p.author_role) AS author_role, toString(p.sentiment) AS sentiment,
        p.intents AS said, p.topics AS about, s.kinds AS kinds
    FROM posts AS p
    LEFT JOIN
    (
        SELECT post_id, groupUniqArray(toString(kind)) AS kinds
        FROM post_signals
        WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND kind = 'emotion'
        GROUP BY post_id
    ) AS s ON s.post_id = p.post_id
    WHERE p.community = {community:String} AND p.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
        AND NOT hasAny(p.intents, ['promotion', 'spam'])
)
ARRAY JOIN /*@board*/ AS d, arrayEnumerate(/*@board*/) AS place
WHERE d.1 = 'all' OR hasAny(said, d.3) OR hasAny(kinds, d.5) OR arrayExists(t -> arrayExists(x -> t = x OR startsWith(t, concat(x, '/')), d.4), about)
GROUP BY place, kind, id, intents, topics, signals, author_role
ORDER BY place, author_role
