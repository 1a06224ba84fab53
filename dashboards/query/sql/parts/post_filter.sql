-- The posts that a drill-down asks for; an empty array asks for any value, a value '' for posts where it is not known.
FROM posts
WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
    AND (empty({id:Array(String)}) OR has({id:Array(String)}, post_id))
    -- [given topic
    AND (empty({topic:Array(String)}) OR (has({topic:Array(String)}, '') AND empty(topics))
        OR (empty({topic_sentiment:Array(String)}) AND arrayExists(t -> arrayExists(x -> t = x OR startsWith(t, concat(x, '/')), {topic:Array(String)}), topics))
        OR (notEmpty({topic_sentiment:Array(String)}) AND post_id IN
        (
            SELECT post_id
            FROM post_topics
            WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has({topic:Array(String)}, topic)
                AND has({topic_sentiment:Array(String)}, sentiment)
        )))
    -- given]
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
    AND ({quarantined:String} = '' OR ({quarantined:String} = 'yes') = hasAny(intents, ['promotion', 'spam']))
    -- [given signal
    AND (empty({signal:Array(String)}) OR post_id IN
    (
        SELECT post_id
        FROM post_signals
        WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
            AND (has({signal:Array(String)}, kind) OR has({signal:Array(String)}, concat(kind, '=', value)))
    ))
    -- given]
    -- [given phrase
    AND (empty({phrase:Array(String)}) OR post_id IN
    (
        SELECT post_id
        FROM post_evidence
        WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has({phrase:Array(String)}, lowerUTF8(text))
    ))
    -- given]
    -- [given segment
    AND (empty({segment:Array(String)}) OR post_id IN
    (
        SELECT p.post_id
        FROM
        (
            SELECT p.post_id AS post_id, p.author_role AS author_role, p.author_level AS author_level, p.source AS source, p.channel AS channel, p.attributes AS attributes,
                /*@segment_columns*/
            FROM
            (
                SELECT post_id, posted_at, author_id, author_role, author_level, account_id, source, channel, attributes
                FROM posts
                WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
            ) AS p
            /*@with_account*/
            LEFT JOIN
            (
                SELECT author_key, joined_at FROM members WHERE community = {community:String} AND arrayExists(s -> startsWith(s, 'tenure='), {segment:Array(String)})
            ) AS j ON cityHash64(p.author_id) = j.author_key
        ) AS p
        WHERE arrayAll(
            k -> has({segment:Array(String)}, concat(k, '=', /*@segment_value*/)),
            arrayDistinct(arrayMap(s -> splitByChar('=', s)[1], {segment:Array(String)})))
    ))
    -- given]
    AND ({text:String} = '' OR positionCaseInsensitiveUTF8(concat(title, '\n', body), {text:String}) > 0)
