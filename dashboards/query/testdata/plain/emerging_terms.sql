SELECT
    kind, value, if(risen, posts, []) AS posts, past[-1] AS authors, arraySlice(past, 1, {weeks:UInt8}) AS before, tested
FROM
(
    SELECT
        kind, value, posts, past, countIf(arraySum(past) >= {authors:UInt64}) OVER () AS tested,
        (
            SELECT (uniqExactIf(speaker, week = {week:Date}), length(groupUniqArrayIf((week, speaker), week < {week:Date})))
            FROM
            (
                SELECT toMonday(day) AS week, if(author_id = '', concat('\0', post_id), author_id) AS speaker FROM posts
                WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
            )
        ) AS active,
        past[-1] * active.2 >= {ratio:Float64} * arraySum(arrayPopBack(past)) * active.1 AS risen
    FROM
    (
        SELECT
            kind, value, arraySort(groupUniqArrayIf(post_id, week = {week:Date})) AS posts, groupUniqArray((week, author)) AS used,
            arrayMap(w -> toUInt64(length(arrayFilter(x -> x.1 = {week:Date} - 7 * w, used))), arrayReverse(range(toUInt64({weeks:UInt8}) + 1))) AS past
        FROM
        (
            SELECT toString(g.kind) AS kind, g.value AS value, g.week AS week, g.post_id AS post_id, if(g.author_id = '', concat('\0', g.post_id), g.author_id) AS author
            FROM post_signals AS g
            WHERE g.community = {community:String} AND g.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND has({kinds:Array(String)}, g.kind)
                AND g.author_role != 'staff' AND g.post_id NOT IN
                (
                    SELECT post_id FROM post_intents WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND intent IN ('promotion', 'spam')
                )
        )
        GROUP BY kind, value
    )
)
WHERE authors >= {authors:UInt64}
ORDER BY risen DESC, authors DESC, kind, value
LIMIT {limit:UInt64}
