SELECT
    p.author_id AS author_id, argMax(p.author_role, (p.posted_at, p.post_id)) AS author_role, argMax(p.author_level, (p.posted_at, p.post_id)) AS author_level, argMax(p.account_id, (p.posted_at, p.post_id)) AS account_id, count() AS posts,
    countIf(p.reply_to != '') AS replies, countIf(p.week = {week:Date}) AS posts_week, toUInt8(uniqExact(p.week)) AS weeks_active,
    countIf(p.accepted) + sum(t.n) AS received,
    countIf(toHour(p.posted_at) NOT BETWEEN 8 AND 19 OR toDayOfWeek(p.day) > 5) AS off_hours,
    arrayMap(x -> x.1, arraySlice(arraySort(x -> (-toInt64(x.2), x.1), arrayZip(mapKeys(sumMap(p.topic_counts)) AS topic_ids, arrayMap(k -> sumMap(p.topic_counts)[k], topic_ids))), 1, 3)) AS topics,
    count() OVER () AS members, sum(posts_week) OVER () AS members_posts_week, sum(replies) OVER () AS members_replies
FROM
(
    SELECT *, CAST((arrayMap(x -> toString(x), arrayDistinct(topics)), arrayMap(x -> toUInt64(1), arrayDistinct(topics))), 'Map(String, UInt64)') AS topic_counts
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND author_id != '' AND author_role != 'staff' AND NOT hasAny(intents, ['promotion', 'spam'])
) AS p
LEFT JOIN
(
    SELECT reply_to AS post_id, count() AS n
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND reply_to != '' AND has(intents, 'thanks')
    GROUP BY post_id
) AS t ON p.post_id = t.post_id
GROUP BY p.author_id
HAVING weeks_active >= 3
ORDER BY posts DESC, author_id
LIMIT {limit:UInt64}
