-- name: newcomer_funnel
-- title: 新規メンバーの歩み
-- meaning: 参加した週ごとに、参加 → 閲覧 → 最初の投稿 → 返信をもらう → 2回目の投稿 まで進んだ人数。期間の終わりまでで数えるので、新しい週ほど途中の人が多い。
-- param: community String コミュニティ
-- param: from Date 最初の日(月曜日)
-- param: to Date 最後の日(この日を含む)
SELECT
    toMonday(toDate(j.joined_at)) AS week, count() AS joined, countIf(v.author_key != 0 OR p.n > 0) AS viewed, countIf(p.n > 0) AS posted, countIf(p.answered > 0) AS answered,
    countIf(p.n > 1) AS posted_again, countIf(p.n > 0 AND p.first_answered) AS first_post_answered
FROM
(
    SELECT author_key, joined_at FROM members WHERE community = {community:String} AND toDate(joined_at) BETWEEN {from:Date} AND {to:Date}
) AS j
LEFT JOIN
(
    SELECT DISTINCT cityHash64(author_id) AS author_key
    FROM activity
    WHERE community = {community:String} AND event IN ('viewed', 'reacted', 'login') AND day BETWEEN {from:Date} AND {to:Date}
        AND cityHash64(author_id) IN (SELECT author_key FROM members WHERE community = {community:String} AND toDate(joined_at) BETWEEN {from:Date} AND {to:Date})
) AS v ON j.author_key = v.author_key
LEFT JOIN
(
    SELECT cityHash64(w.author_id) AS author_key, count() AS n, countIf(a.post_id != '') AS answered, argMin(a.post_id != '', (w.posted_at, w.post_id)) AS first_answered
    FROM posts AS w
    LEFT JOIN
    (
        SELECT DISTINCT reply_to AS post_id FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND reply_to != ''
    ) AS a ON w.post_id = a.post_id
    WHERE w.community = {community:String} AND w.day BETWEEN {from:Date} AND {to:Date} AND w.author_id != ''
        AND cityHash64(w.author_id) IN (SELECT author_key FROM members WHERE community = {community:String} AND toDate(joined_at) BETWEEN {from:Date} AND {to:Date})
    GROUP BY author_key
) AS p ON j.author_key = p.author_key
GROUP BY week
ORDER BY week
