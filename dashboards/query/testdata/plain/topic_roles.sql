WITH
(
    SELECT (countIf(author_role = 'staff'), countIf(author_role != 'staff'))
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND reply_to = '' AND NOT hasAny(intents, ['promotion', 'spam'])
) AS starts
SELECT toString(t.topic) AS topic, countIf(t.author_role = 'staff') AS staff, countIf(t.author_role != 'staff') AS members, starts.1 AS staff_starts, starts.2 AS member_starts
FROM post_topics AS t
WHERE t.community = {community:String} AND t.day BETWEEN {from:Date} AND {to:Date} AND t.level = 1 AND t.post_id IN
(
    SELECT post_id FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND reply_to = '' AND NOT hasAny(intents, ['promotion', 'spam'])
)
GROUP BY topic
ORDER BY members DESC, topic
