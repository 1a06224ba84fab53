-- name: mentions
-- title: 話題への言及
-- meaning: 期間の投稿と、その投稿者・時刻・話題(親の話題を含む)。hour_cells と同じ投稿を数える。作者の分からない投稿は一件ずつ別人とする。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: limit UInt64 = 200000 最大の件数
SELECT p.post_id AS post_id, if(p.author_id = '', concat('\0', p.post_id), p.author_id) AS author, p.posted_at AS posted_at, arraySort(p.tags) AS topics
FROM
(
    SELECT post_id, author_id, posted_at, /*@with_parents*/ AS tags
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND author_role != 'staff' AND NOT hasAny(intents, ['promotion', 'spam'])
) AS p
ORDER BY p.posted_at, p.post_id
LIMIT {limit:UInt64}
