SELECT p.post_id AS post_id, p.author_id AS author_id, p.body AS body, t.tags AS topics
FROM
(
    SELECT post_id, author_id, body, posted_at
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
) AS p
LEFT JOIN
(
    SELECT post_id, groupArray(toString(topic)) AS tags
    FROM post_topics
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
    GROUP BY post_id
) AS t ON p.post_id = t.post_id
ORDER BY p.posted_at, p.post_id
LIMIT {limit:UInt64}
