SELECT c.topic AS topic, c.thread AS thread, c.posts AS posts, c.authors AS authors, c.first_at AS first_at, s.starter AS starter, s.headline AS title
FROM
(
    SELECT
        toString(topic) AS topic, thread_id AS thread, count() AS posts, uniqExactIf(author_id, author_id != '') AS authors, min(posted_at) AS first_at
    FROM post_topics
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has({topic:Array(String)}, topic) AND thread_id != ''
    GROUP BY topic, thread
) AS c
LEFT JOIN
(
    SELECT
        thread_id AS thread, argMin(toString(author_role), (posted_at, post_id)) AS starter,
        argMin(if(title = '', leftUTF8(body, 40), title), (posted_at, post_id)) AS headline
    FROM posts
    WHERE community = {community:String} AND day <= {to:Date} AND thread_id IN
    (
        SELECT thread_id
        FROM post_topics
        WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has({topic:Array(String)}, topic) AND thread_id != ''
    )
    GROUP BY thread
) AS s ON c.thread = s.thread
ORDER BY topic, posts DESC, thread
LIMIT {limit:UInt64} BY topic
