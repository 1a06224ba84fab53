-- name: arrival_hours
-- title: 1時間ごとに届いたもの
-- meaning: 起きた時刻の1時間ごとの、投稿と活動(閲覧・反応・参加など)のメッセージ数と、その時間で最後に起きた時刻。取り込みが止まったのか、コミュニティが静かなのかを見分けるために使う。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT toStartOfHour(at) AS hour, count() AS messages, max(at) AS last_at
FROM
(
    SELECT posted_at AS at
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
    UNION ALL
    SELECT occurred_at AS at
    FROM activity
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
)
GROUP BY hour
ORDER BY hour
