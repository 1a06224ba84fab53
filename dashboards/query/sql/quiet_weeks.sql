-- name: quiet_weeks
-- title: にぎわいの内訳の週次推移
-- meaning: 週ごとの、メンバーの投稿とその人数、話し始め(返信でない投稿)、メンバーの返信とその人数、運営の返信と話し始め、宣伝・迷惑投稿、参加した人、閲覧。メンバーの数に宣伝・迷惑投稿と運営・社外の人は入らない。静かな週の原因を探すために使う。days を 7 より小さくすると、どの週も月曜からその日数だけを数える。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: days UInt8 = 7 週のうち数える日数
SELECT
    week, sum(member) AS posts, uniqExactIf(person, member AND known) AS authors, sum(member AND start) AS threads, sum(member AND NOT start) AS replies,
    uniqExactIf(person, member AND NOT start AND known) AS repliers, sum(staff AND NOT start) AS staff_replies, sum(staff AND start) AS staff_threads,
    sum(promo) AS promotions, sum(new) AS joined, toUInt64(greatest(0, sum(seen))) AS viewed
FROM
(
    SELECT
        toMonday(day) AS week, person, bitAnd(trait, 4) > 0 AS known, bitAnd(trait, 8) > 0 AS promo, bitAnd(trait, 9) = 1 AS staff, bitAnd(trait, 11) = 0 AS member,
        kind != 'reply' AS start, toUInt64(0) AS new, toInt64(0) AS seen
    FROM post_keys
    ARRAY JOIN authors AS person, traits AS trait, sources AS source
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND toDayOfWeek(day) <= {days:UInt8} AND source != 'survey'
    UNION ALL
    SELECT week, 0, false, false, false, false, false, if(event = 'joined', events, 0), if(event = 'viewed', count, 0)
    FROM activity_daily
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND toDayOfWeek(day) <= {days:UInt8}
        AND event IN ('joined', 'viewed')
)
GROUP BY week
ORDER BY week
