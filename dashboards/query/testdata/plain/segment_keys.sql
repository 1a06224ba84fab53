SELECT k AS segment, uniqExactIf(value, value != '') AS values, countIf(value != '') AS known, count() AS posts
FROM
(
    SELECT k, multiIf(
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
    '') AS value
    FROM
    (
        SELECT posted_at, author_id, author_role, author_level, account_id, source, channel, attributes FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
    ) AS p
    ASOF LEFT JOIN account_history AS h ON p.account_id = h.account_id AND p.posted_at >= h.valid_from
LEFT JOIN
(
    SELECT author_id, min(occurred_at) AS joined_at
    FROM activity
    WHERE community = {community:String} AND event = 'joined' AND author_id != ''
    GROUP BY author_id
) AS j ON p.author_id = j.author_id
    ARRAY JOIN (
        SELECT arraySort(groupUniqArray(k))
        FROM
        (
            SELECT arrayJoin(['author_role', 'author_level', 'source', 'channel', 'tenure']) AS k
            UNION ALL
            SELECT toString(arrayJoin(mapKeys(attributes))) AS k FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
            UNION ALL
            SELECT toString(arrayJoin(mapKeys(attributes))) AS k FROM account_history
        )
    ) AS k
)
GROUP BY segment
ORDER BY segment
