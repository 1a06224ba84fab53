SELECT
    week, sum(member) AS posts, uniqExactIf(person, member AND person != '') AS authors, sum(member AND start) AS threads, sum(member AND NOT start) AS replies,
    uniqExactIf(person, member AND NOT start AND person != '') AS repliers, sum(staff AND NOT start) AS staff_replies, sum(staff AND start) AS staff_threads,
    sum(promo) AS promotions, sum(new) AS joined, toUInt64(greatest(0, sum(seen))) AS viewed
FROM
(
    SELECT
        week, author_id AS person, hasAny(intents, ['promotion', 'spam']) AS promo, author_role = 'staff' AND NOT promo AS staff,
        author_role NOT IN ('staff', 'outsider') AND NOT promo AS member, reply_to = '' AS start, false AS new, toInt64(0) AS seen
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND toDayOfWeek(day) <= {days:UInt8} AND source != 'survey'
    UNION ALL
    SELECT week, '', false, false, false, false, event = 'joined', if(event = 'viewed', count, 0)
    FROM activity
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND toDayOfWeek(day) <= {days:UInt8}
        AND event IN ('joined', 'viewed')
)
GROUP BY week
ORDER BY week
