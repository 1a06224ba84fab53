SELECT p.post_id AS post_id, if(p.author_id = '', concat('\0', p.post_id), p.author_id) AS author, p.posted_at AS posted_at, t.tags AS topics
FROM
(
    SELECT post_id, author_id, posted_at
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND author_role != 'staff' AND NOT hasAny(intents, ['promotion', 'spam'])
) AS p
LEFT JOIN
(
    SELECT post_id, arraySort(groupUniqArray(toString(topic))) AS tags
    FROM post_topics
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
    GROUP BY post_id
) AS t ON p.post_id = t.post_id
ORDER BY p.posted_at, p.post_id
LIMIT {limit:UInt64}
