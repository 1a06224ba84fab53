-- name: week_texts
-- title: 期間の本文
-- meaning: 期間の投稿の本文と話題(親の話題を含む)。似た投稿をまとめて数えるために使う。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: limit UInt64 = 200000 最大の件数
SELECT p.post_id AS post_id, p.author_id AS author_id, p.body AS body, p.tags AS topics
FROM
(
    SELECT post_id, author_id, body, posted_at, /*@with_parents*/ AS tags
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
) AS p
ORDER BY p.posted_at, p.post_id
LIMIT {limit:UInt64}
