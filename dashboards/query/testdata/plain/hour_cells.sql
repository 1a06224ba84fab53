SELECT topic, toStartOfHour(posted_at) AS hour, count() AS posts
FROM
(
    SELECT '' AS topic, p.posted_at AS posted_at
    FROM posts AS p
    WHERE p.community = {community:String} AND p.day BETWEEN {from:Date} AND {to:Date} AND p.author_role != 'staff' AND NOT hasAny(p.intents, ['promotion', 'spam'])
    UNION ALL
    SELECT toString(t.topic) AS topic, t.posted_at AS posted_at
    FROM post_topics AS t
    WHERE t.community = {community:String} AND t.day BETWEEN {from:Date} AND {to:Date} AND t.author_role != 'staff' AND t.post_id NOT IN
    (
        SELECT post_id FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND hasAny(intents, ['promotion', 'spam'])
    )
)
GROUP BY topic, hour
ORDER BY topic, hour
