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
