SELECT
    p.topic AS topic, p.topic_sentiment AS topic_sentiment, p.topic_score AS topic_score, /*@post_columns*/
FROM
(
    SELECT *, toString(a.topic) AS topic, toString(a.sentiment) AS topic_sentiment, a.score AS topic_score
    FROM shown_posts_ready
    ARRAY JOIN about AS a
    WHERE community = {community:String} AND week BETWEEN {from:Date} AND {to:Date} AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, a.topic))
        AND NOT hasAny(intents, ['promotion', 'spam', 'greeting']) AND author_role != 'staff'
    ORDER BY lengthUTF8(body) BETWEEN 15 AND 300 DESC, abs(topic_score) DESC, arraySum(mapValues(reactions)) DESC, posted_at, post_id
    LIMIT {limit:UInt64} BY topic, topic_sentiment
) AS p
/*@with_account*/
ORDER BY
    topic, topic_sentiment, lengthUTF8(p.body) BETWEEN 15 AND 300 DESC, abs(topic_score) DESC, arraySum(mapValues(p.reactions)) DESC, p.posted_at, p.post_id
