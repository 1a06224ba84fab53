-- Values that enough authors used in the last week: first those that rose, the most authors first. Tested are those that enough
-- authors used in all the weeks together.
(
    SELECT
        kind, value, authors, past, tested,
        (
            SELECT (sumIf(authors, week = {week:Date}), sumIf(authors, week < {week:Date}))
            FROM community_weekly
            WHERE community = {community:String} AND week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date}
        ) AS active,
        authors * active.2 >= {ratio:Float64} * arraySum(past) * active.1 AS risen
    FROM
    (
        SELECT
            toString(kind) AS kind, value, sumIf(w.authors, w.week = {week:Date}) AS authors,
            arrayMap(b -> arraySum(x -> if(x.1 = {week:Date} - 7 * b, x.2, 0), groupArray((w.week, w.authors))), arrayReverse(range(toUInt64(1), toUInt64({weeks:UInt8}) + 1))) AS past,
            count() OVER () AS tested
        FROM term_week_totals AS w
        WHERE w.community = {community:String} AND w.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} AND has({kinds:Array(String)}, w.kind)
        GROUP BY kind, value
        HAVING sum(w.authors) >= {authors:UInt64}
    )
    WHERE authors >= {authors:UInt64}
    ORDER BY risen DESC, authors DESC, kind, value
    LIMIT {limit:UInt64}
)
