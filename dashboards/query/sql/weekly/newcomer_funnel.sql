-- when: toDayOfWeek({from:Date}) = 1 AND toDayOfWeek({to:Date}) = 7
WITH
(
    SELECT groupArray(author_key) FROM members WHERE community = {community:String} AND toDate(joined_at) BETWEEN {from:Date} AND {to:Date}
) AS newcomers
SELECT
    j.week AS week, count() AS joined, countIf(v.author_key != 0 OR p.n > 0) AS viewed, countIf(p.n > 0) AS posted, countIf(p.answered > 0) AS answered,
    countIf(p.n > 1) AS posted_again, countIf(p.n > 0 AND p.first_answered) AS first_post_answered
FROM
(
    SELECT author_key, toMonday(toDate(joined_at)) AS week FROM members WHERE community = {community:String} AND toDate(joined_at) BETWEEN {from:Date} AND {to:Date}
) AS j
LEFT JOIN
(
    SELECT DISTINCT author_key
    FROM week_writers_ready
    ARRAY JOIN visitors AS author_key
    WHERE community = {community:String} AND week BETWEEN {from:Date} AND {to:Date} AND author_key IN
        (SELECT arrayJoin(newcomers))
) AS v ON j.author_key = v.author_key
LEFT JOIN
(
    SELECT author AS author_key, sum(n) AS n, sum(answered) AS answered, argMin(first_answered, week) AS first_answered
    FROM
    (
        -- One row a writer and week; answers of other weeks are looked for where the week gave none.
        SELECT
            week, author, n, answered + arrayExists(k -> k IN (SELECT arrayJoin(late) FROM week_answers_ready WHERE community = {community:String} AND week BETWEEN {from:Date} AND {to:Date}), keys) AS answered,
            first_answered = 1 OR first IN (SELECT arrayJoin(late) FROM week_answers_ready WHERE community = {community:String} AND week BETWEEN {from:Date} AND {to:Date}) AS first_answered
        FROM week_writers_ready
        ARRAY JOIN authors AS author, posts AS n, answered AS answered, first AS first, first_answered AS first_answered, keys AS keys
        WHERE community = {community:String} AND week BETWEEN {from:Date} AND {to:Date} AND author IN
            (SELECT arrayJoin(newcomers))
    )
    GROUP BY author_key
) AS p ON j.author_key = p.author_key
GROUP BY week
ORDER BY week
