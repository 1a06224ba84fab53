-- name: heatmap
-- title: 曜日と時間帯
-- meaning: 曜日(1 が月曜)と時刻ごとの投稿・返信・閲覧の合計と、スタッフの返信。暦の時間帯による。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT
    h.weekday AS weekday, h.hour AS hour, sum(h.posts) AS posts, sum(h.replies) AS replies, sum(h.viewed) AS viewed,
    sumIf(h.replies, h.author_role = 'staff') AS staff_replies, uniqExactArray(h.author_keys) AS authors
FROM hourly AS h
WHERE h.community = {community:String} AND h.day BETWEEN {from:Date} AND {to:Date}
GROUP BY weekday, hour
ORDER BY weekday, hour
