SELECT
    count() AS posts, uniqExactIf(p.author_id, p.author_id != '') AS authors, uniqExactIf(p.account_id, p.account_id != '') AS accounts,
    countIf(p.sentiment = 'positive') AS positive, countIf(p.sentiment = 'negative') AS negative, countIf(p.sentiment = 'neutral') AS neutral,
    countIf(p.sentiment = 'mixed') AS mixed, countIf(p.reply_to != '') AS replies
FROM
(
    SELECT *
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
        AND (empty({id:Array(String)}) OR has({id:Array(String)}, post_id))
        AND (empty({topic:Array(String)}) OR (has({topic:Array(String)}, '') AND empty(topics)) OR post_id IN
        (
            SELECT post_id
            FROM post_topics
            WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has({topic:Array(String)}, topic)
                AND (empty({topic_sentiment:Array(String)}) OR has({topic_sentiment:Array(String)}, sentiment))
        ))
        AND (empty({intent:Array(String)}) OR hasAny(intents, {intent:Array(String)}) OR (has({intent:Array(String)}, '') AND empty(intents)))
        AND (empty({sentiment:Array(String)}) OR has({sentiment:Array(String)}, sentiment))
        AND (empty({source:Array(String)}) OR has({source:Array(String)}, source))
        AND (empty({channel:Array(String)}) OR has({channel:Array(String)}, channel))
        AND (empty({role:Array(String)}) OR has({role:Array(String)}, author_role))
        AND (empty({account:Array(String)}) OR has({account:Array(String)}, account_id))
        AND (empty({author:Array(String)}) OR has({author:Array(String)}, author_id))
        AND (empty({thread:Array(String)}) OR has({thread:Array(String)}, thread_id))
        AND (empty({flag:Array(String)}) OR hasAny(flags, {flag:Array(String)}))
        AND (empty({weekday:Array(UInt8)}) OR has({weekday:Array(UInt8)}, toDayOfWeek(day)))
        AND (empty({hour:Array(UInt8)}) OR has({hour:Array(UInt8)}, toHour(posted_at)))
        AND ({reply:String} = '' OR ({reply:String} = 'yes') = (reply_to != ''))
        AND (empty({signal:Array(String)}) OR post_id IN
        (
            SELECT post_id
            FROM post_signals
            WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
                AND (has({signal:Array(String)}, kind) OR has({signal:Array(String)}, concat(kind, '=', value)))
        ))
        AND (empty({phrase:Array(String)}) OR post_id IN
        (
            SELECT post_id
            FROM post_evidence
            WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has({phrase:Array(String)}, lowerUTF8(text))
        ))
        AND ({text:String} = '' OR positionCaseInsensitiveUTF8(concat(title, '\n', body), {text:String}) > 0)
) AS p
ASOF LEFT JOIN account_history AS h ON p.account_id = h.account_id AND p.posted_at >= h.valid_from
LEFT JOIN
(
    SELECT author_id, min(occurred_at) AS joined_at
    FROM activity
    WHERE community = {community:String} AND event = 'joined' AND author_id != ''
    GROUP BY author_id
) AS j ON p.author_id = j.author_id
WHERE arrayAll(
    k -> has({segment:Array(String)}, concat(k, '=', multiIf(
    k = 'author_role', toString(p.author_role),
    k = 'author_level', toString(p.author_level),
    k = 'source', toString(p.source),
    k = 'channel', toString(p.channel),
    k = 'tenure', multiIf(
        toUnixTimestamp64Milli(j.joined_at) = 0 OR j.joined_at > p.posted_at, '',
        p.posted_at < j.joined_at + INTERVAL 30 DAY, '0-29d',
        p.posted_at < j.joined_at + INTERVAL 90 DAY, '30-89d',
        p.posted_at < j.joined_at + INTERVAL 365 DAY, '90-364d',
        '365d+'),
    p.attributes[k] != '', p.attributes[k],
    h.valid_to > p.posted_at, h.attributes[k],
    ''))),
    arrayDistinct(arrayMap(s -> splitByChar('=', s)[1], {segment:Array(String)})))
