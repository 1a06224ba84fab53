-- name: topic_intents
-- title: 話題と意図
-- meaning: 話題と意図の組ごとの投稿数と投稿者数。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT toString(topic) AS topic, toString(arrayJoin(arrayDistinct(intents))) AS intent, count() AS posts, uniqExactIf(author_id, author_id != '') AS authors
FROM post_topics
WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
GROUP BY topic, intent
ORDER BY topic, posts DESC, intent
