-- Questions asked from {from} to {to} that begin a thread, with what became of them until the end of {to}. Sources in which
-- nobody ever replies, such as reviews and surveys, hold no questions that anybody could answer and are left out. The posts
-- are read once, without what only the list of questions shows.
(
    SELECT
        post_id, day, posted_at, arraySort(arrayFilter(r -> r.3 != author_id, replied)) AS answers, arrayFilter(r -> r.3 = author_id, replied) AS own,
        length(answers) AS replies, toUInt64(arrayCount(r -> r.4, answers)) AS staff_replies, multiIf(replies = 0, '', answers[1].4, 'staff', 'peer') AS first_by,
        if(replies = 0, NULL, (toUnixTimestamp64Milli(answers[1].1) - toUnixTimestamp64Milli(posted_at)) / 3600000) AS first_reply_hours,
        arrayFirst(r -> r.5, answers).2 AS accepted_post,
        multiIf(
            accepted_post != '', 'accepted',
            arrayExists(r -> r.6, own), 'resolved',
            replies > 0 AND arrayExists(r -> r.7, own), 'thanked',
            replies > 0, 'answered',
            'open') AS status,
        arrayExists(r -> r.1 > answers[1].1, own) AS asker_came_back,
        (dateDiff('day', day, {to:Date} + 1) * 86400 - (toUnixTimestamp(posted_at) - toUnixTimestamp(toStartOfDay(posted_at)))) / 3600 AS age_hours
    FROM
    (
        SELECT asked.1 AS post_id, asked.2 AS day, asked.3 AS posted_at, asked.4 AS author_id, replied
        FROM
        (
            SELECT
                multiIf(thread_id != '', thread_id, reply_to = '', post_id, reply_to) AS thread,
                arrayJoin(groupArrayIf((post_id, day, posted_at, author_id), reply_to = '')) AS asked,
                groupArrayIf(
                    (
                        posted_at, post_id, author_id, author_role = 'staff',
                        accepted OR post_id IN
                        (
                            SELECT post_id FROM activity WHERE community = {community:String} AND event = 'accepted' AND day BETWEEN {from:Date} AND {to:Date}
                        ),
                        has(intents, 'resolution'),
                        has(intents, 'thanks') AND NOT hasAny(intents, ['question', 'bug', 'complaint'])
                            AND NOT match(body, '試し|試させ|試みて|やってみ|確認してみ|してみます')
                    ),
                    reply_to != '') AS replied
            FROM posts
            WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND (reply_to != '' OR has(intents, 'question') AND author_role != 'staff'
                AND NOT hasAny(intents, ['promotion', 'spam'])
                AND source IN (SELECT source FROM channel_daily WHERE community = {community:String} AND day BETWEEN {from:Date} - 56 AND {to:Date} AND replies > 0))
            GROUP BY thread
        )
    )
)
