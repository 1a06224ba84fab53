-- name: question_ledger
-- title: 質問の台帳
-- meaning: スレッドを始めた質問と、期間の終わりまでの経過。status は accepted(回答が採用された)、resolved(質問者が解決を伝えた)、thanked(回答の後に質問者がお礼を言った。「試します」は含まない)、answered(返信あり)、open(返信なし)。first_by は最初の返信がスタッフ(staff)かほかの人(peer)か。views は活動の閲覧数で、なければ情報源の値。total は limit で切る前の件数。
-- param: community String コミュニティ
-- param: from Date 質問された最初の日
-- param: to Date 最後の日(この日を含む)。経過もこの日の終わりまでで数える
-- param: status Array(String) = [] 状態。空なら全て
-- param: limit UInt64 = 20000 最大の行数
SELECT
    l.post_id AS post_id, if(q.thread_id = '', l.post_id, q.thread_id) AS thread, l.day AS day, l.posted_at AS posted_at, q.source AS source, q.channel AS channel,
    q.author_id AS author_id, q.author_role AS author_role, q.author_level AS author_level, q.account_id AS account_id, q.title AS title, q.body AS body,
    q.topics AS topics, q.sentiment AS sentiment, l.status AS status, l.replies AS replies, l.staff_replies AS staff_replies, l.first_by AS first_by,
    l.first_reply_hours AS first_reply_hours, l.accepted_post AS accepted_post, l.asker_came_back AS asker_came_back,
    if(v.n > 0, toUInt64(v.n), q.views) AS views, toUInt64(greatest(0, l.age_hours)) AS age_hours, l.total AS total
FROM
(
    SELECT post_id, day, posted_at, status, replies, staff_replies, first_by, first_reply_hours, accepted_post, asker_came_back, age_hours, count() OVER () AS total
    FROM /*@questions*/
    WHERE empty({status:Array(String)}) OR has({status:Array(String)}, status)
    ORDER BY posted_at, post_id
    LIMIT {limit:UInt64}
) AS l
INNER JOIN
(
    SELECT post_id, thread_id, source, channel, author_id, author_role, author_level, account_id, title, body, topics, sentiment, views
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND reply_to = '' AND has(intents, 'question')
) AS q ON l.post_id = q.post_id
LEFT JOIN
(
    SELECT post_id, sum(count) AS n
    FROM activity
    WHERE community = {community:String} AND event = 'viewed' AND day BETWEEN {from:Date} AND {to:Date}
    GROUP BY post_id
) AS v ON l.post_id = v.post_id
ORDER BY posted_at, post_id
