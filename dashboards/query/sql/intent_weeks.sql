-- name: intent_weeks
-- title: 意図の週次推移
-- meaning: 週と意図ごとの投稿数、極性、人数。sum_squares は投稿者ごとの投稿数の二乗の和。投稿のない週の行はない。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
SELECT
    w.week AS week, toString(w.intent) AS intent, w.posts AS posts, w.replies AS replies, w.positive AS positive, w.negative AS negative,
    w.neutral AS neutral, w.mixed AS mixed, w.authors AS authors, w.accounts AS accounts, w.author_squares AS sum_squares
FROM intent_week_totals AS w
WHERE w.community = {community:String} AND w.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date}
ORDER BY week, posts DESC, intent
