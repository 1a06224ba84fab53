-- Questions asked from {from} to {to} that begin a thread, and how far they came until the end of {to}. Sources in which
-- nobody ever replies, such as reviews and surveys, hold no questions that anybody could answer and are left out. What their
-- own week brought is known; joined is only what came in other weeks, what people accepted, and the replies to questions in
-- the threads of others. To find a reply a second time does no harm, since all that counts is when something happened first.
(
    SELECT
        q.week AS week, q.day AS day, q.post AS post, q.thread AS thread, q.posted_at AS posted_at, q.place AS place,
        if(q.week + 6 <= {to:Date}, 2147483647,
            toUnixTimestamp(addDays(toStartOfDay(q.posted_at), dateDiff('day', q.day, {to:Date} + 1))) * 1000 - toUnixTimestamp64Milli(q.posted_at)) AS end,
        least(if(bitShiftRight(q.first, 24) < end, q.first, 9223372036854775807), if(r.post = 0, 9223372036854775807, r.first)) AS rank,
        rank < 9223372036854775807 AS replied, bitAnd(rank, 1) = 1 AS first_by_staff, if(replied, bitShiftRight(rank, 24) / 3600000, NULL) AS first_reply_hours,
        q.staff < end OR r.staff AS by_staff,
        multiIf(
            q.accepted < end OR r.accepted, 'accepted',
            q.resolved < end OR r.resolved, 'resolved',
            replied AND (q.thanked < end OR r.thanked), 'thanked',
            replied, 'answered',
            'open') AS status
    FROM
    (
        SELECT week, day, post, thread, posted_at, place, first, staff, resolved, thanked, accepted
        FROM question_states
        WHERE community = {community:String} AND week BETWEEN toMonday({from:Date}) AND {to:Date} AND day BETWEEN {from:Date} AND {to:Date}
            AND source IN (SELECT source FROM source_daily WHERE community = {community:String} AND day BETWEEN {from:Date} - 56 AND {to:Date} AND replies > 0)
    ) AS q
    LEFT JOIN
    (
        SELECT
            post, min(if(answer, bitShiftLeft(toUnixTimestamp64Milli(replied_at) - toUnixTimestamp64Milli(asked_at), 24) + 2 * place + bitAnd(trait, 1), 9223372036854775807)) AS first,
            max(answer AND bitAnd(trait, 1) > 0) AS staff, max(answer AND bitAnd(trait, 16) > 0) AS accepted, max(NOT answer AND bitAnd(trait, 128) > 0) AS resolved,
            max(NOT answer AND bitAnd(trait, 64) > 0) AS thanked
        FROM
        (
            SELECT a.post AS post, a.posted_at AS asked_at, f.posted_at AS replied_at, f.place AS place, f.trait AS trait, a.author != f.author AS answer
            FROM
            (
                SELECT post, posted_at, thread, author
                FROM question_states
                WHERE community = {community:String} AND week BETWEEN toMonday({from:Date}) AND {to:Date} AND day BETWEEN {from:Date} AND {to:Date}
            ) AS a
            INNER JOIN
            (
                SELECT thread, author, posted_at, place, traits AS trait
                FROM late_replies
                WHERE community = {community:String} AND week BETWEEN toMonday({from:Date}) AND {to:Date} AND day BETWEEN {from:Date} AND {to:Date}
                UNION ALL
                SELECT thread, author, posted_at, place, if(chosen, bitOr(trait, 16), trait)
                FROM
                (
                    SELECT
                        thread, author, posted_at, place, trait,
                        post IN (SELECT arrayJoin(posts) FROM activity_keys WHERE community = {community:String} AND kind = 'accepted' AND day BETWEEN {from:Date} AND {to:Date}) AS chosen
                    FROM post_keys
                    ARRAY JOIN posts AS post, at AS posted_at, authors AS author, threads AS thread, traits AS trait, places AS place
                    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = 'reply' AND
                        (
                            chosen OR thread IN
                            (
                                SELECT thread
                                FROM question_states
                                WHERE community = {community:String} AND week BETWEEN toMonday({from:Date}) AND {to:Date} AND day BETWEEN {from:Date} AND {to:Date} AND thread != post
                            )
                        )
                )
            ) AS f ON a.thread = f.thread
        )
        GROUP BY post
    ) AS r ON q.post = r.post
)
