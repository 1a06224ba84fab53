SELECT
    toUInt8(place) AS place, d.1 AS kind, d.2 AS id, d.3 AS intents, d.4 AS topics, d.5 AS signals, author_role, countIf(in_week) AS posts,
    uniqExactIf(author_id, in_week AND author_id != '') AS authors, countIf(in_week AND sentiment = 'positive') AS positive,
    countIf(in_week AND sentiment = 'negative') AS negative, countIf(in_week AND sentiment = 'neutral') AS neutral,
    countIf(in_week AND sentiment = 'mixed') AS mixed, countIf(NOT in_week) AS before
FROM
(
    SELECT
        p.week = {week:Date} AS in_week, p.author_id AS author_id, toString(p.author_role) AS author_role, toString(p.sentiment) AS sentiment,
        p.intents AS said, p.topics AS about, s.kinds AS kinds
    FROM posts AS p
    LEFT JOIN
    (
        SELECT post_id, groupUniqArray(toString(kind)) AS kinds
        FROM post_signals
        WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND kind = 'emotion'
        GROUP BY post_id
    ) AS s ON s.post_id = p.post_id
    WHERE p.community = {community:String} AND p.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
        AND NOT hasAny(p.intents, ['promotion', 'spam'])
)
ARRAY JOIN [
        ('all', 'all', emptyArrayString(), emptyArrayString(), emptyArrayString()),
        ('role', 'feedback', ['request', 'complaint', 'bug', 'praise', 'churn_risk', 'upsell_signal'], [], []),
        ('role', 'qa', ['question', 'answer', 'resolution', 'level_question'], [], []),
        ('role', 'cases', ['success_story', 'tip', 'recommend', 'too_high'], [], []),
        ('role', 'network', ['wants_to_connect', 'greeting', 'empathy'], [], []),
        ('role', 'belonging', ['thanks', 'heard_in_community'], [], []),
        ('cx', 'functional', [], ['usability', 'feature', 'performance', 'reliability', 'design', 'quality', 'docs', 'onboarding', 'search', 'notification', 'mobile', 'integration', 'reporting'], []),
        ('cx', 'emotional', [], [], ['emotion']),
        ('co', 'used', ['tip', 'answer'], [], []),
        ('co', 'solved', ['resolution', 'success_story'], [], []),
        ('co', 'continuing', ['recommend', 'upsell_signal', 'churn_risk'], [], [])
    ] AS d, arrayEnumerate([
        ('all', 'all', emptyArrayString(), emptyArrayString(), emptyArrayString()),
        ('role', 'feedback', ['request', 'complaint', 'bug', 'praise', 'churn_risk', 'upsell_signal'], [], []),
        ('role', 'qa', ['question', 'answer', 'resolution', 'level_question'], [], []),
        ('role', 'cases', ['success_story', 'tip', 'recommend', 'too_high'], [], []),
        ('role', 'network', ['wants_to_connect', 'greeting', 'empathy'], [], []),
        ('role', 'belonging', ['thanks', 'heard_in_community'], [], []),
        ('cx', 'functional', [], ['usability', 'feature', 'performance', 'reliability', 'design', 'quality', 'docs', 'onboarding', 'search', 'notification', 'mobile', 'integration', 'reporting'], []),
        ('cx', 'emotional', [], [], ['emotion']),
        ('co', 'used', ['tip', 'answer'], [], []),
        ('co', 'solved', ['resolution', 'success_story'], [], []),
        ('co', 'continuing', ['recommend', 'upsell_signal', 'churn_risk'], [], [])
    ]) AS place
WHERE d.1 = 'all' OR hasAny(said, d.3) OR hasAny(kinds, d.5) OR arrayExists(t -> arrayExists(x -> t = x OR startsWith(t, concat(x, '/')), d.4), about)
GROUP BY place, kind, id, intents, topics, signals, author_role
ORDER BY place, author_role
