-- name: question_ledger
-- title: 質問の台帳
-- meaning: スレッドを始めた質問と、期間の終わりまでの経過。status は accepted(回答が採用された)、resolved(質問者が解決を伝えた)、thanked(回答の後に質問者がお礼を言った。「試します」は含まない)、answered(返信あり)、open(返信なし)。first_by は最初の返信がスタッフ(staff)かほかの人(peer)か。views は活動の閲覧数で、なければ情報源の値。total は limit で切る前の件数。
-- param: community String コミュニティ
-- param: from Date 質問された最初の日
-- param: to Date 最後の日(この日を含む)。経過もこの日の終わりまでで数える
-- param: status Array(String) = [] 状態。空なら全て
-- param: sort String = oldest 並び順。limit で切るときに残す側でもある: oldest(古い順)、newest(新しい順)
-- param: limit UInt64 = 20000 最大の行数
WITH
-- What is listed is chosen first, and followed closely afterwards. It is kept as arrays, so that nothing is asked twice.
-- Where all questions are listed, the part that follows them is not asked at all.
(
    SELECT (groupArray(post), groupUniqArray(day), groupUniqArray(thread), max(total))
    FROM
    (
        SELECT post, day, thread, total
        FROM
        (
            SELECT day, groupArray((posted_at, place, post, thread)) AS asked, sum(length(asked)) OVER () AS total,
                sum(length(asked)) OVER (ORDER BY toInt32(day) * if({sort:String} = 'newest', -1, 1) ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - length(asked) AS before
            FROM question_states
            WHERE community = {community:String} AND week BETWEEN toMonday({from:Date}) AND {to:Date} AND day BETWEEN {from:Date} AND {to:Date}
                AND source IN (SELECT source FROM source_daily WHERE community = {community:String} AND day BETWEEN {from:Date} - 56 AND {to:Date} AND replies > 0)
                AND (empty({status:Array(String)}) OR post IN (SELECT post FROM /*@asked*/ WHERE has({status:Array(String)}, status)))
            GROUP BY day
        )
        ARRAY JOIN asked.1 AS posted_at, asked.2 AS place, asked.3 AS post, asked.4 AS thread
        WHERE before < {limit:UInt64}
        ORDER BY toUnixTimestamp64Milli(posted_at) * if({sort:String} = 'newest', -1, 1), place
        LIMIT {limit:UInt64}
    )
) AS list
SELECT
    q.post_id AS post_id, if(q.thread_id = '', q.post_id, q.thread_id) AS thread, l.day AS day, q.posted_at AS posted_at, q.source AS source, q.channel AS channel,
    q.author_id AS author_id, q.author_role AS author_role, q.author_level AS author_level, q.account_id AS account_id, q.title AS title, q.body AS body,
    q.topics AS topics, q.sentiment AS sentiment, l.status AS status, l.replies AS replies, l.staff_replies AS staff_replies, l.first_by AS first_by,
    l.first_reply_hours AS first_reply_hours, a.id AS accepted_post, l.asker_came_back AS asker_came_back,
    if(v.n > 0, toUInt64(v.n), q.views) AS views, toUInt64(greatest(0, l.age_hours)) AS age_hours, list.4 AS total
FROM /*@questions*/ AS l
INNER JOIN
(
    SELECT cityHash64(post_id) AS post, post_id, posted_at, thread_id, source, channel, author_id, author_role, author_level, account_id, title, body, topics, sentiment, views
    FROM posts
    WHERE community = {community:String} AND day IN (SELECT arrayJoin(list.2)) AND post IN (SELECT arrayJoin(list.1))
) AS q ON l.post = q.post
LEFT JOIN
(
    SELECT post, sum(n) AS n
    FROM activity_keys
    ARRAY JOIN posts AS post, counts AS n
    WHERE community = {community:String} AND kind = 'viewed' AND day BETWEEN {from:Date} AND {to:Date} AND post IN (SELECT arrayJoin(list.1))
    GROUP BY post
) AS v ON l.post = v.post
LEFT JOIN
(
    SELECT cityHash64(said) AS post, any(said) AS id
    FROM
    (
        SELECT arrayJoin(ids) AS said FROM activity_keys WHERE community = {community:String} AND kind = 'accepted' AND day BETWEEN {from:Date} AND {to:Date}
        UNION ALL
        SELECT arrayJoin(accepted) FROM post_keys WHERE community = {community:String} AND kind = 'reply' AND day BETWEEN {from:Date} AND {to:Date}
    )
    GROUP BY post
) AS a ON l.accepted_key = a.post
ORDER BY toUnixTimestamp64Milli(posted_at) * if({sort:String} = 'newest', -1, 1), post_id
