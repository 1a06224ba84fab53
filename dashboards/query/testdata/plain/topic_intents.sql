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
