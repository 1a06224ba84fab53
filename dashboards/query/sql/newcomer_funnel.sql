-- name: newcomer_funnel
-- title: 新規メンバーの歩み
-- meaning: 参加した週ごとに、参加 → 閲覧 → 最初の投稿 → 返信をもらう → 2回目の投稿 まで進んだ人数。期間の終わりまでで数えるので、新しい週ほど途中の人が多い。
-- param: community String コミュニティ
-- param: from Date 最初の日(月曜日)
-- param: to Date 最後の日(この日を含む)
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
    FROM activity_daily
    ARRAY JOIN member_keys AS author_key
    WHERE community = {community:String} AND event IN ('viewed', 'reacted', 'login') AND day BETWEEN {from:Date} AND {to:Date}
        AND author_key IN (SELECT author_key FROM members WHERE community = {community:String} AND toDate(joined_at) BETWEEN {from:Date} AND {to:Date})
) AS v ON j.author_key = v.author_key
LEFT JOIN
(
    SELECT w.author_key AS author_key, count() AS n, countIf(w.replied) AS answered, argMin(w.replied, w.wrote_at) AS first_answered
    FROM
    (
        SELECT author AS author_key, (written, place) AS wrote_at, post IN
            (
                SELECT arrayJoin(answered) FROM post_keys WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = 'reply'
            ) AS replied
        FROM post_keys
        ARRAY JOIN posts AS post, places AS place, at AS written, authors AS author
        WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
            AND author IN (SELECT author_key FROM members WHERE community = {community:String} AND toDate(joined_at) BETWEEN {from:Date} AND {to:Date})
    ) AS w
    GROUP BY author_key
) AS p ON j.author_key = p.author_key
GROUP BY week
ORDER BY week
