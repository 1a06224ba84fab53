SELECT
    toString(t.topic) AS topic, uniqExactIf(t.post_id, t.week = {week:Date}) AS posts, uniqExactIf(t.author_id, t.week = {week:Date} AND t.author_id != '') AS authors,
    uniqExactIf(t.account_id, t.week = {week:Date} AND t.account_id != '') AS accounts, uniqExactIf(t.post_id, t.week < {week:Date}) AS before,
    uniqExactIf(t.author_id, t.author_id != '') AS authors_total, uniqExact(t.week) AS weeks_seen, min(t.day) AS first_day,
    sumIf(i.reactions, t.week = {week:Date}) AS reactions
FROM post_topics AS t
INNER JOIN
(
    SELECT post_id, topics, arraySum(mapValues(reactions)) AS reactions
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND has(intents, 'request') AND author_role != 'staff'
        AND NOT hasAny(intents, ['promotion', 'spam'])
) AS i ON t.post_id = i.post_id
WHERE t.community = {community:String} AND t.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND NOT t.inherited
GROUP BY topic
HAVING posts > 0
ORDER BY authors DESC, posts DESC, topic
LIMIT {limit:UInt64}
