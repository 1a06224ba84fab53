WITH
(
    SELECT (arraySlice(groupArrayArray(open), 1, {limit:UInt64}), sum(waiting)) FROM question_progress WHERE community = {community:String} AND week = toMonday({to:Date})
) AS list
SELECT
    q.post_id AS post_id, if(q.thread_id = '', q.post_id, q.thread_id) AS thread, q.day AS day, q.posted_at AS posted_at, q.source AS source, q.channel AS channel,
    q.author_id AS author_id, q.author_role AS author_role, q.author_level AS author_level, q.account_id AS account_id, q.title AS title, q.body AS body,
    q.topics AS topics, q.sentiment AS sentiment, 'open' AS status, toUInt64(0) AS replies, toUInt64(0) AS staff_replies, '' AS first_by,
    CAST(NULL, 'Nullable(Float64)') AS first_reply_hours, '' AS accepted_post, l.came_back AS asker_came_back,
    if(l.viewed > 0, l.viewed, q.views) AS views,
    toUInt64(greatest(0, (dateDiff('day', q.day, {to:Date} + 1) * 86400 - (toUnixTimestamp(q.posted_at) - toUnixTimestamp(toStartOfDay(q.posted_at)))) / 3600)) AS age_hours,
    list.2 AS total
FROM
(
    SELECT day, post_id, posted_at, thread_id, source, channel, author_id, author_role, author_level, account_id, title, body, topics, sentiment, views
    FROM posts
    WHERE community = {community:String} AND day IN (SELECT arrayJoin(list.1.1)) AND post_id IN (SELECT arrayJoin(list.1.6))
) AS q
INNER JOIN (SELECT arrayJoin(list.1) AS row, row.6 AS post_id, row.7 AS came_back, row.8 AS viewed) AS l ON q.post_id = l.post_id
ORDER BY posted_at, post_id
