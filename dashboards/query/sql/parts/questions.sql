-- The questions of list, an array of their keys, one of their days and one of their threads, with all that became of them
-- until the end of {to}. The rank of a reply orders it among the others: milliseconds since {from}, its place within the day,
-- and whether it is by staff.
(
    SELECT
        post, any(asked_day) AS day, any(asked_at) AS posted_at, any(asked_place) AS place, countIf(answer) AS replies, sumIf(staff, answer) AS staff_replies,
        minIf(rank, answer) AS first, multiIf(replies = 0, '', bitAnd(first, 1) = 1, 'staff', 'peer') AS first_by,
        if(replies = 0, NULL, (bitShiftRight(first, 24) + toInt64(toUnixTimestamp({from:Date})) * 1000 - toUnixTimestamp64Milli(posted_at)) / 3600000) AS first_reply_hours,
        argMinIf(reply, rank, accepted) AS accepted_key,
        multiIf(
            max(accepted), 'accepted',
            max(resolved), 'resolved',
            replies > 0 AND max(thanked), 'thanked',
            replies > 0, 'answered',
            'open') AS status,
        maxIf(bitShiftRight(rank, 24), own) AS last_own, max(own) AND (replies = 0 OR last_own > bitShiftRight(first, 24)) AS asker_came_back,
        (dateDiff('day', day, {to:Date} + 1) * 86400 - (toUnixTimestamp(posted_at) - toUnixTimestamp(toStartOfDay(posted_at)))) / 3600 AS age_hours
    FROM
    (
        SELECT
            q.post AS post, q.day AS asked_day, q.posted_at AS asked_at, q.place AS asked_place, r.post AS reply, r.rank AS rank, r.staff AS staff,
            r.thread != 0 AND r.author != q.author AS answer, r.thread != 0 AND r.author = q.author AS own,
            answer AND r.accepted AS accepted, own AND r.resolved AS resolved, own AND r.thanked AS thanked
        FROM
        (
            SELECT day, post, posted_at, place, author, thread
            FROM post_keys
            ARRAY JOIN posts AS post, at AS posted_at, places AS place, authors AS author, threads AS thread
            WHERE community = {community:String} AND day IN (SELECT arrayJoin(list.2)) AND kind = 'asked' AND post IN (SELECT arrayJoin(list.1))
        ) AS q
        LEFT JOIN
        (
            SELECT
                post, author, thread, bitAnd(trait, 1) AS staff, bitAnd(trait, 64) > 0 AS thanked, bitAnd(trait, 128) > 0 AS resolved,
                bitShiftLeft(toUnixTimestamp64Milli(posted_at) - toInt64(toUnixTimestamp({from:Date})) * 1000, 24) + 2 * place + staff AS rank,
                bitAnd(trait, 16) > 0 OR post IN
                (
                    SELECT arrayJoin(posts) FROM activity_keys WHERE community = {community:String} AND kind = 'accepted' AND day BETWEEN {from:Date} AND {to:Date}
                ) AS accepted
            FROM post_keys
            ARRAY JOIN posts AS post, at AS posted_at, authors AS author, threads AS thread, traits AS trait, places AS place
            WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = 'reply' AND thread IN (SELECT arrayJoin(list.3))
        ) AS r ON q.thread = r.thread
    )
    GROUP BY post
)
