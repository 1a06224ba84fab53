-- name: role_board
-- title: 役割とCX・COの表
-- meaning: コミュニティの5つの役割(kind = role)、体験 CX(機能・感情)、成果 CO(使った・解決した・続ける)のそれぞれに当たる投稿の数と極性を、投稿者の役割ごとに。
-- meaning: 何に当たるかは意図・話題・シグナルの種類で決まり、その一覧を行に添える。一つの投稿が複数に当たることがある。隔離した投稿は含まない。before は前の週の合計。
-- param: community String コミュニティ
-- param: week Date 対象週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
SELECT
    b.place AS place, b.kind AS kind, b.id AS id, b.intents AS intents, b.topics AS topics, b.signals AS signals, toString(b.author_role) AS author_role,
    sumIf(b.posts, b.week = {week:Date}) AS posts, sumIf(b.authors, b.week = {week:Date}) AS authors, sumIf(b.positive, b.week = {week:Date}) AS positive,
    sumIf(b.negative, b.week = {week:Date}) AS negative, sumIf(b.neutral, b.week = {week:Date}) AS neutral, sumIf(b.mixed, b.week = {week:Date}) AS mixed,
    sumIf(b.posts, b.week < {week:Date}) AS before
FROM board_week_totals AS b
WHERE b.community = {community:String} AND b.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date}
GROUP BY place, kind, id, intents, topics, signals, author_role
ORDER BY place, author_role
