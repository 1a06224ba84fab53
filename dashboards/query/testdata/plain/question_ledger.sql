SELECT
    l.post_id AS post_id, l.thread AS thread, l.day AS day, l.posted_at AS posted_at, l.source AS source, l.channel AS channel, l.author_id AS author_id,
    l.author_role AS author_role, l.author_level AS author_level, l.account_id AS account_id, l.title AS title, l.body AS body, l.topics AS topics,
    l.sentiment AS sentiment, l.status AS status, l.replies AS replies, l.staff_replies AS staff_replies, l.first_by AS first_by,
    l.first_reply_hours AS first_reply_hours, l.accepted_post AS accepted_post, l.asker_came_back AS asker_came_back,
    if(v.n > 0, toUInt64(v.n), l.reported_views) AS views, toUInt64(greatest(0, l.age_hours)) AS age_hours, count() OVER () AS total
FROM (
    SELECT
        q.post_id AS post_id, any(q.thread) AS thread, any(q.day) AS day, any(q.week) AS week, any(q.posted_at) AS posted_at, any(q.source) AS source,
        any(q.channel) AS channel, any(q.author_id) AS author_id, any(q.author_role) AS author_role, any(q.author_level) AS author_level,
        any(q.account_id) AS account_id, any(q.title) AS title, any(q.body) AS body, any(q.topics) AS topics, any(q.views) AS reported_views,
        any(q.sentiment) AS sentiment,
        arrayFilter(x -> x.5, arraySort(groupArray((r.posted_at, r.post_id, r.author_role, r.accepted, r.post_id != '' AND r.author_id != q.author_id)))) AS answers,
        length(answers) AS replies, countIf(r.post_id != '' AND r.author_id != q.author_id AND r.author_role = 'staff') AS staff_replies,
        if(replies = 0, '', if(answers[1].3 = 'staff', 'staff', 'peer')) AS first_by,
        if(replies = 0, NULL, (toUnixTimestamp64Milli(answers[1].1) - toUnixTimestamp64Milli(posted_at)) / 3600000) AS first_reply_hours,
        arrayFirst(x -> x.4, answers).2 AS accepted_post,
        minIf(r.posted_at, r.author_id = q.author_id AND r.post_id != '' AND has(r.intents, 'resolution')) AS said_at,
        minIf(r.posted_at, r.author_id = q.author_id AND r.post_id != '' AND has(r.intents, 'thanks') AND NOT hasAny(r.intents, ['question', 'bug', 'complaint'])
            AND NOT match(r.body, '試し|試させ|試みて|やってみ|確認してみ|してみます')) AS thanked_at,
        multiIf(
            accepted_post != '', 'accepted',
            toUnixTimestamp64Milli(said_at) != 0, 'resolved',
            replies > 0 AND toUnixTimestamp64Milli(thanked_at) != 0, 'thanked',
            replies > 0, 'answered',
            'open') AS status,
        maxIf(r.posted_at, r.post_id != '' AND r.author_id = q.author_id) > answers[1].1 AS asker_came_back,
        (dateDiff('day', day, {to:Date} + 1) * 86400 - (toUnixTimestamp(posted_at) - toUnixTimestamp(toStartOfDay(posted_at)))) / 3600 AS age_hours
    FROM
    (
        SELECT *, if(thread_id = '', post_id, thread_id) AS thread
        FROM posts
        WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND reply_to = '' AND has(intents, 'question') AND author_role != 'staff'
            AND NOT hasAny(intents, ['promotion', 'spam'])
            AND source IN (SELECT source FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} - 56 AND {to:Date} AND reply_to != '')
    ) AS q
    LEFT JOIN
    (
        SELECT
            if(p.thread_id = '', p.reply_to, p.thread_id) AS thread, p.post_id AS post_id, p.posted_at AS posted_at, p.author_id AS author_id,
            p.author_role AS author_role, p.intents AS intents, p.body AS body, p.accepted OR p.post_id IN
            (
                SELECT post_id FROM activity WHERE community = {community:String} AND event = 'accepted' AND day BETWEEN {from:Date} AND {to:Date}
            ) AS accepted
        FROM posts AS p
        WHERE p.community = {community:String} AND p.day BETWEEN {from:Date} AND {to:Date} AND p.reply_to != ''
    ) AS r ON q.thread = r.thread
    GROUP BY q.post_id
) AS l
LEFT JOIN
(
    SELECT post_id, sum(count) AS n
    FROM activity
    WHERE community = {community:String} AND event = 'viewed' AND day BETWEEN {from:Date} AND {to:Date}
    GROUP BY post_id
) AS v ON l.post_id = v.post_id
WHERE empty({status:Array(String)}) OR has({status:Array(String)}, l.status)
ORDER BY toUnixTimestamp64Milli(l.posted_at) * if({sort:String} = 'newest', -1, 1), l.post_id
LIMIT {limit:UInt64}
