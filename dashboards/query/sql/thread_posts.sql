-- name: thread_posts
-- title: スレッドの投稿
-- meaning: 一つのスレッドの投稿を、古い順に。
-- param: community String コミュニティ
-- param: thread String スレッドのID。スレッドのない投稿では最初の投稿のID
SELECT
    /*@post_columns*/
FROM
(
    SELECT *
    FROM posts
    WHERE community = {community:String} AND (day, post_id) IN
    (
        SELECT day, post_id
        FROM posts
        WHERE community = {community:String} AND (thread_id = {thread:String} OR (thread_id = '' AND (post_id = {thread:String} OR reply_to = {thread:String})))
    )
) AS p
/*@with_account*/
ORDER BY p.posted_at, p.post_id
