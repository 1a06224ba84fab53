SELECT cohort, toUInt8(age) AS age, any(size) AS joined, uniqExactIf(author_id, active) AS active
FROM
(
    SELECT j.cohort AS cohort, j.author_id AS author_id, age, has(m.weeks, j.cohort + 7 * age) AS active, count() OVER (PARTITION BY j.cohort, age) AS size
    FROM
    (
        SELECT author_id, toMonday(toDate(min(occurred_at))) AS cohort
        FROM activity
        WHERE community = {community:String} AND event = 'joined' AND day <= {to:Date} AND author_id != ''
        GROUP BY author_id
        HAVING cohort >= {from:Date}
    ) AS j
    LEFT JOIN
    (
        SELECT author_id, groupUniqArray(week) AS weeks
        FROM
        (
            SELECT author_id, week FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND author_id != ''
            UNION ALL
            SELECT author_id, week FROM activity WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND author_id != ''
        )
        GROUP BY author_id
    ) AS m ON j.author_id = m.author_id
    ARRAY JOIN range(toUInt64(dateDiff('week', j.cohort, toMonday({to:Date})) + 1)) AS age
)
GROUP BY cohort, age
ORDER BY cohort, age
