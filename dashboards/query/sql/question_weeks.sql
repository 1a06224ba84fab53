-- name: question_weeks
-- title: 質問への対応の週次推移
-- meaning: 質問された週ごとの、質問数・返信のついた数・解決した数と、最初の返信までの時間。経過は最後の日の終わりまでで数えるので、新しい週ほど未解決が多くなる。
-- param: community String コミュニティ
-- param: from Date 最初の日(月曜日)
-- param: to Date 最後の日(この日を含む)
SELECT
    l.week AS week, count() AS questions, countIf(l.status != 'open') AS replied, countIf(l.status IN ('accepted', 'resolved', 'thanked')) AS solved,
    countIf(l.status = 'accepted') AS accepted, countIf(l.replied AND NOT l.first_by_staff) AS first_peer, countIf(l.replied AND l.first_by_staff) AS first_staff,
    countIf(l.status IN ('accepted', 'resolved', 'thanked') AND NOT l.by_staff) AS solved_by_peers,
    countIf(l.first_reply_hours <= 24) AS within_day,
    quantileExact(0.5)(l.first_reply_hours) AS median_hours,
    quantileExact(0.9)(l.first_reply_hours) AS p90_hours
FROM /*@asked*/ AS l
GROUP BY week
ORDER BY week
