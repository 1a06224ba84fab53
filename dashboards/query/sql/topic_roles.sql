-- name: topic_roles
-- title: 話題とスレッドを始めた人
-- meaning: 話題ごとに、スタッフが始めたスレッドの数と、それ以外の人が始めたスレッドの数(返信と、隔離した投稿は含まない)。starts の列は話題にかかわらず始められたスレッドの数で、割合の分母。子の話題は親に含める。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT topic, sumIf(n, by_staff) AS staff, sumIf(n, NOT by_staff) AS members, staff_starts, member_starts
FROM
(
    -- Threads about the same are counted before each of their topics is.
    SELECT by_staff, n, arrayDistinct(arrayMap(t -> splitByChar('/', toString(t))[1], about)) AS counted,
        sumIf(n, by_staff) OVER () AS staff_starts, sumIf(n, NOT by_staff) OVER () AS member_starts
    FROM
    (
        SELECT bitAnd(trait, 1) > 0 AS by_staff, about, count() AS n
        FROM post_keys
        ARRAY JOIN traits AS trait, topics AS about
        WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind != 'reply' AND bitAnd(trait, 8) = 0
        GROUP BY by_staff, about
    )
)
ARRAY JOIN counted AS topic
GROUP BY topic, staff_starts, member_starts
ORDER BY members DESC, topic
