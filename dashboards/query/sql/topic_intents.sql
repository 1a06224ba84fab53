-- name: topic_intents
-- title: 話題と意図
-- meaning: 話題と意図の組ごとの投稿数と投稿者数。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT toString(t.topic) AS topic, toString(i.intent) AS intent, count() AS posts, uniqExactIf(t.author_id, t.author_id != '') AS authors
FROM post_topics AS t
INNER JOIN
(
    SELECT post_id, intent
    FROM post_intents
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
) AS i ON t.post_id = i.post_id
WHERE t.community = {community:String} AND t.day BETWEEN {from:Date} AND {to:Date}
GROUP BY topic, intent
ORDER BY topic, posts DESC, intent
