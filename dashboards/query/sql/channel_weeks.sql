-- name: channel_weeks
-- title: 情報源とチャンネルの週次推移
-- meaning: 週・情報源・チャンネル・投稿者の役割ごとの投稿数と極性。行を足すと全体の投稿数になる。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
SELECT
    d.week AS week, d.source AS source, d.channel AS channel, d.author_role AS author_role, sum(d.posts) AS posts, sum(d.replies) AS replies,
    sum(d.positive) AS positive, sum(d.negative) AS negative, sum(d.neutral) AS neutral, sum(d.mixed) AS mixed,
    uniqExactArray(d.author_keys) AS authors
FROM channel_daily AS d
WHERE d.community = {community:String} AND d.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
GROUP BY week, source, channel, author_role
ORDER BY week, posts DESC, source, channel, author_role
