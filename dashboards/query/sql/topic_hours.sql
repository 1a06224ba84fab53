-- name: topic_hours
-- title: 話題の時間帯
-- meaning: 話題ごと、1時間ごとの投稿数と投稿者数。投稿のない時間の行はない。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: topic Array(String) = [] 話題。空なら全て
SELECT
    toString(p.topic) AS topic, toStartOfHour(p.posted_at) AS hour, count() AS posts, uniqExactIf(p.author_id, p.author_id != '') AS authors,
    countIf(p.sentiment = 'negative') AS negative
FROM post_topics AS p
WHERE p.community = {community:String} AND p.day BETWEEN {from:Date} AND {to:Date}
    AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, p.topic))
GROUP BY topic, hour
ORDER BY topic, hour
