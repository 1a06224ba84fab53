-- name: overview_weeks
-- title: 全体像の週次推移
-- meaning: 週ごとの投稿・投稿者・極性・意図・活動。人数は週の中で同じ人を一度だけ数える。投稿のない週の行もある。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
SELECT
    week, posts, threads, replies, staff_posts, positive, negative, neutral, mixed, untagged, questions, answers, requests, complaints, praises, churn_risks,
    authors, accounts, active_members, viewed, reacted, accepted, joined, logins, days
FROM community_weekly
WHERE community = {community:String} AND week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date}
ORDER BY week WITH FILL FROM {week:Date} - 7 * {weeks:UInt8} TO {week:Date} + 7 STEP 7
