SELECT
    t.topic AS topic, t.topic_sentiment AS topic_sentiment, t.topic_score AS topic_score, p.post_id AS post_id, p.day AS day, p.posted_at AS posted_at, p.source AS source, p.channel AS channel, p.thread_id AS thread_id,
    p.reply_to AS reply_to, p.url AS url, p.rating AS rating, p.views AS views, arraySum(mapValues(p.reactions)) AS reactions, p.accepted AS accepted,
    p.author_id AS author_id, p.author_role AS author_role, p.author_level AS author_level, p.account_id AS account_id, p.title AS title,
    p.body AS body, p.sentiment AS sentiment, p.score AS score, p.topics AS topics, p.intents AS intents, p.flags AS flags, p.attributes AS attributes,
    if(h.valid_to > p.posted_at, h.name, '') AS account_name, if(h.valid_to > p.posted_at, h.attributes, map()) AS account_attributes,
    p.analyzer_revision AS analyzer_revision
FROM
(
    SELECT *
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND NOT hasAny(intents, ['promotion', 'spam', 'greeting'])
        AND author_role != 'staff' AND (empty({intent:Array(String)}) OR hasAny(intents, {intent:Array(String)}))
) AS p
ASOF LEFT JOIN account_history AS h ON p.account_id = h.account_id AND p.posted_at >= h.valid_from
INNER JOIN
(
    SELECT post_id, toString(topic) AS topic, toString(sentiment) AS topic_sentiment, score AS topic_score
    FROM post_topics
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, topic))
) AS t ON p.post_id = t.post_id
ORDER BY
    topic, topic_sentiment, lengthUTF8(p.body) BETWEEN 15 AND 300 DESC, abs(topic_score) DESC, arraySum(mapValues(p.reactions)) DESC, p.posted_at, p.post_id
LIMIT {limit:UInt64} BY topic, topic_sentiment
