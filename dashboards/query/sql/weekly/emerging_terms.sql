-- when: toDayOfWeek({week:Date}) = 1 AND hasAll(['opinion_unit', 'entity'], {kinds:Array(String)})
SELECT s.kind AS kind, s.value AS value, s.posts AS posts, t.authors AS authors, t.past AS past
FROM
(
    SELECT
        toString(kind) AS kind, value, sumIf(w.authors, w.week = {week:Date}) AS authors,
        arrayMap(b -> arraySum(x -> if(x.1 = {week:Date} - 7 * b, x.2, 0), groupArray((w.week, w.authors))), arrayReverse(range(toUInt64(1), toUInt64({weeks:UInt8}) + 1))) AS past
    FROM term_week_totals_ready AS w
    WHERE w.community = {community:String} AND w.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} AND has({kinds:Array(String)}, w.kind)
    GROUP BY kind, value
    HAVING authors >= {authors:UInt64}
    ORDER BY authors DESC, kind, value
    LIMIT {limit:UInt64}
) AS t
INNER JOIN
(
    SELECT toString(kind) AS kind, value, posts
    FROM week_terms_ready
    WHERE community = {community:String} AND week = {week:Date} AND has({kinds:Array(String)}, kind)
) AS s ON s.kind = t.kind AND s.value = t.value
ORDER BY authors DESC, kind, value
LIMIT {limit:UInt64}
