SELECT
    arrayFilter(x -> has({intent:Array(String)}, x), p.intents)[1] AS intent, g.evidence AS evidence, p.post_id AS post_id, p.day AS day, p.posted_at AS posted_at, p.source AS source, p.channel AS channel, p.thread_id AS thread_id,
    p.reply_to AS reply_to, p.url AS url, p.rating AS rating, p.views AS views, arraySum(mapValues(p.reactions)) AS reactions, p.accepted AS accepted,
    p.author_id AS author_id, p.author_role AS author_role, p.author_level AS author_level, p.account_id AS account_id, p.title AS title,
    p.body AS body, p.sentiment AS sentiment, p.score AS score, p.topics AS topics, p.intents AS intents, p.flags AS flags, p.attributes AS attributes,
    if(h.valid_to > p.posted_at, h.name, '') AS account_name, if(h.valid_to > p.posted_at, h.attributes, map()) AS account_attributes,
    p.analyzer_revision AS analyzer_revision
FROM
(
    SELECT *
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND hasAny(intents, {intent:Array(String)})
        AND (NOT hasAny(intents, ['promotion', 'spam']) OR hasAny({intent:Array(String)}, ['promotion', 'spam'])) AND author_role != 'staff'
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
    SELECT post_id, arraySort(groupUniqArray(text)) AS evidence
    FROM post_evidence
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = 'intent' AND has({intent:Array(String)}, tag)
    GROUP BY post_id
) AS g ON p.post_id = g.post_id
ORDER BY arraySum(mapValues(p.reactions)) DESC, p.posted_at DESC, p.post_id
LIMIT {limit:UInt64}
