-- name: topic_threads
-- title: 話題が集まったスレッド
-- meaning: 話題の投稿が多いスレッド。starter は最初の投稿者の役割、title は最初の投稿の題名(なければ本文の先頭)。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: topic Array(String) 話題
-- param: limit UInt64 = 3 話題ごとの最大の行数
SELECT c.topic AS topic, c.thread AS thread, c.posts AS posts, c.authors AS authors, c.first_at AS first_at, s.starter AS starter, s.headline AS title
FROM
(
    SELECT
        toString(topic) AS topic, thread_id AS thread, count() AS posts, uniqExactIf(author_id, author_id != '') AS authors, min(posted_at) AS first_at
    FROM post_topics
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has({topic:Array(String)}, topic) AND thread_id != ''
    GROUP BY topic, thread
    ORDER BY topic, posts DESC, thread
    LIMIT {limit:UInt64} BY topic
) AS c
LEFT JOIN
(
    SELECT
        thread_id AS thread, argMin(toString(author_role), (posted_at, post_id)) AS starter,
        argMin(if(title = '', leftUTF8(body, 40), title), (posted_at, post_id)) AS headline
    FROM posts
    WHERE community = {community:String} AND (day, post_id) IN
    (
        -- The first posts of the threads that are shown, found without reading any text.
        SELECT f.1, f.2
        FROM
        (
            SELECT argMin((day, post_id), (posted_at, post_id)) AS f
            FROM posts
            WHERE community = {community:String} AND day <= {to:Date} AND thread_id IN
            (
                SELECT thread_id
                FROM
                (
                    SELECT toString(topic) AS tag, thread_id, count() AS n
                    FROM post_topics
                    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has({topic:Array(String)}, topic) AND thread_id != ''
                    GROUP BY tag, thread_id
                    ORDER BY tag, n DESC, thread_id
                    LIMIT {limit:UInt64} BY tag
                )
            )
            GROUP BY thread_id
        )
    )
    GROUP BY thread
) AS s ON c.thread = s.thread
ORDER BY topic, posts DESC, thread
