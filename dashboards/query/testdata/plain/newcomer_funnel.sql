SELECT
    toMonday(toDate(j.joined_at)) AS week, count() AS joined, countIf(v.author_id != '' OR p.n > 0) AS viewed, countIf(p.n > 0) AS posted, countIf(p.answered > 0) AS answered,
    countIf(p.n > 1) AS posted_again, countIf(p.n > 0 AND p.first_answered) AS first_post_answered
FROM
(
    SELECT author_id, min(occurred_at) AS joined_at
    FROM activity
    WHERE community = {community:String} AND event = 'joined' AND day <= {to:Date} AND author_id != ''
    GROUP BY author_id
    HAVING toDate(joined_at) BETWEEN {from:Date} AND {to:Date}
) AS j
LEFT JOIN
(
    SELECT DISTINCT author_id FROM activity WHERE community = {community:String} AND event IN ('viewed', 'reacted', 'login') AND day BETWEEN {from:Date} AND {to:Date}
) AS v ON j.author_id = v.author_id
LEFT JOIN
(
    SELECT w.author_id AS author_id, count() AS n, countIf(a.post_id != '') AS answered, argMin(a.post_id != '', (w.posted_at, w.post_id)) AS first_answered
    FROM posts AS w
    LEFT JOIN
    (
        SELECT DISTINCT reply_to AS post_id FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND reply_to != ''
    ) AS a ON w.post_id = a.post_id
    WHERE w.community = {community:String} AND w.day BETWEEN {from:Date} AND {to:Date} AND w.author_id != ''
    GROUP BY author_id
) AS p ON j.author_id = p.author_id
GROUP BY week
ORDER BY week
