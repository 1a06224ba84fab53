-- Questions of the last two weeks up to the end of {week} that nobody answered within 72 hours.
(
    SELECT q.account_id AS account_id, q.author_id AS author_id, q.post_id AS post_id, q.posted_at AS posted_at
    FROM posts AS q
    LEFT JOIN
    (
        SELECT DISTINCT if(thread_id = '', reply_to, thread_id) AS thread
        FROM posts
        WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 AND {week:Date} + 6 AND reply_to != ''
    ) AS r ON if(q.thread_id = '', q.post_id, q.thread_id) = r.thread
    WHERE q.community = {community:String} AND q.day BETWEEN {week:Date} - 7 AND {week:Date} + 6 AND q.reply_to = '' AND has(q.intents, 'question')
        AND NOT hasAny(q.intents, ['promotion', 'spam']) AND q.author_role NOT IN ('staff', 'outsider')
        AND q.source IN (SELECT source FROM posts WHERE community = {community:String} AND day BETWEEN {week:Date} - 56 AND {week:Date} + 6 AND reply_to != '')
        AND r.thread = '' AND q.posted_at < toStartOfDay(q.posted_at) + toIntervalDay(dateDiff('day', q.day, {week:Date} + 4))
)
