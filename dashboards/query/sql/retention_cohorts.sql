-- name: retention_cohorts
-- title: 参加週ごとの定着
-- meaning: 参加した週(cohort)ごとに、その n 週後に活動(投稿・閲覧・リアクションなど)した人数。age が 0 の joined は参加した人数。
-- param: community String コミュニティ
-- param: from Date 最初の日(月曜日)
-- param: to Date 最後の日(この日を含む)
SELECT cohort, toUInt8(age) AS age, any(size) AS joined, uniqExactIf(author_key, active) AS active
FROM
(
    SELECT j.cohort AS cohort, j.author_key AS author_key, age, has(m.weeks, j.cohort + 7 * age) AS active, count() OVER (PARTITION BY j.cohort, age) AS size
    FROM
    (
        SELECT author_key, toMonday(toDate(joined_at)) AS cohort FROM members WHERE community = {community:String} AND cohort >= {from:Date} AND toDate(joined_at) <= {to:Date}
    ) AS j
    LEFT JOIN
    (
        SELECT author_key, groupUniqArray(week) AS weeks
        FROM
        (
            SELECT week, arrayJoin(author_keys) AS author_key FROM channel_daily WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
            UNION ALL
            SELECT week, arrayJoin(member_keys) FROM activity_daily WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
        )
        WHERE author_key IN (SELECT author_key FROM members WHERE community = {community:String} AND toMonday(toDate(joined_at)) >= {from:Date})
        GROUP BY author_key
    ) AS m ON j.author_key = m.author_key
    ARRAY JOIN range(toUInt64(dateDiff('week', j.cohort, toMonday({to:Date})) + 1)) AS age
)
GROUP BY cohort, age
ORDER BY cohort, age
