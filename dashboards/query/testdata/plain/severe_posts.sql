WITH arrayFilter(x -> x.2 > 0, [
        ('churn_risk', if(has(p.intents, 'churn_risk'), 40, 0)), ('bug', if(has(p.intents, 'bug'), 20, 0)),
        ('complaint', if(has(p.intents, 'complaint'), 15, 0)), ('strong_negative', if(p.sentiment = 'negative' AND p.score <= -0.6, 15, 0)),
        ('critical_topic', if(hasAny(arrayMap(x -> splitByChar('/', x)[1], p.topics), {critical:Array(String)}), 15, 0)),
        ('effort', if(e.post_id != '', 10, 0)), ('rare_topic', if(r.post_id != '', 10, 0)), ('no_reply', if(a.post_id = '' AND p.reply_to = '', 10, 0))
    ]) AS reason_points
SELECT
    arrayMap(x -> x.1, reason_points) AS reasons, arrayMap(x -> toUInt64(x.2), reason_points) AS reason_values,
    toUInt64(arraySum(x -> x.2, reason_points)) AS points, p.post_id AS post_id, p.day AS day, p.posted_at AS posted_at, p.source AS source, p.channel AS channel, p.thread_id AS thread_id,
    p.reply_to AS reply_to, p.url AS url, p.rating AS rating, p.views AS views, arraySum(mapValues(p.reactions)) AS reactions, p.accepted AS accepted,
    p.author_id AS author_id, p.author_role AS author_role, p.author_level AS author_level, p.account_id AS account_id, p.title AS title,
    p.body AS body, p.sentiment AS sentiment, p.score AS score, p.topics AS topics, p.intents AS intents, p.flags AS flags, p.attributes AS attributes,
    if(h.valid_to > p.posted_at, h.name, '') AS account_name, if(h.valid_to > p.posted_at, h.attributes, map()) AS account_attributes,
    p.analyzer_revision AS analyzer_revision
FROM
(
    SELECT *
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND sentiment IN ('negative', 'mixed')
        AND hasAny(intents, ['churn_risk', 'bug', 'complaint']) AND NOT hasAny(intents, ['promotion', 'spam']) AND author_role != 'staff'
) AS p
ASOF LEFT JOIN account_history AS h ON p.account_id = h.account_id AND p.posted_at >= h.valid_from
LEFT JOIN
(
    SELECT author_id, min(occurred_at) AS joined_at
    FROM activity
    WHERE community = {community:String} AND event = 'joined' AND author_id != ''
    GROUP BY author_id
) AS j ON p.author_id = j.author_id
LEFT JOIN
(
    SELECT DISTINCT post_id
    FROM post_signals
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = 'effort'
) AS e ON p.post_id = e.post_id
LEFT JOIN
(
    SELECT DISTINCT post_id
    FROM post_topics
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND topic IN
    (
        SELECT topic FROM topic_daily WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
        GROUP BY topic HAVING sum(posts) <= {rare:UInt64}
    )
) AS r ON p.post_id = r.post_id
LEFT JOIN
(
    SELECT DISTINCT reply_to AS post_id
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND reply_to != ''
) AS a ON p.post_id = a.post_id
WHERE points >= {minimum:UInt64} AND (r.post_id != '' OR empty(p.topics) OR hasAny(arrayMap(x -> splitByChar('/', x)[1], p.topics), {critical:Array(String)}))
ORDER BY points DESC, p.posted_at, p.post_id
LIMIT {limit:UInt64}
