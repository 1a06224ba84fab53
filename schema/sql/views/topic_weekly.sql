CREATE OR REPLACE VIEW {{database}}.topic_weekly{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week',
    iso_week String COMMENT 'The week as 2026-W02',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    source LowCardinality(String) COMMENT 'Source of the posts',
    channel LowCardinality(String) COMMENT 'Channel of the posts',
    author_role LowCardinality(String) COMMENT 'Role of the authors: member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts about the topic',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts that are positive about the topic',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    neutral UInt64 COMMENT 'Posts that are neutral about the topic',
    mixed UInt64 COMMENT 'Posts that are mixed about the topic: clearly positive and clearly negative parts',
    net_sentiment Float64 COMMENT '(positive - negative) / posts, from -1 to 1; over several rows: sum(positive - negative) / sum(posts)',
    score_sum Float64 COMMENT 'Sum of the scores from -1 to 1; divide by posts for the mean',
    views UInt64 COMMENT 'Views of these posts as their sources reported',
    reactions UInt64 COMMENT 'Reactions to these posts as their sources reported',
    accepted UInt64 COMMENT 'Posts accepted as the answer',
    rated UInt64 COMMENT 'Posts with stars',
    rating_sum Float64 COMMENT 'Sum of their stars; divide by rated for the mean',
    authors UInt64 COMMENT 'Number of distinct authors in this row; over several rows: uniqExactArray(author_keys)',
    accounts UInt64 COMMENT 'Number of distinct accounts in this row; over several rows: uniqExactArray(account_keys)',
    author_keys Array(UInt64) COMMENT 'Keys of these authors, to count them over several rows',
    account_keys Array(UInt64) COMMENT 'Keys of these accounts, to count them over several rows'
)
{{security}}
AS
SELECT
    week, concat(toString(toISOYear(week)), '-W', leftPad(toString(toISOWeek(week)), 2, '0')) AS iso_week, community, topic,
    toUInt8(length(splitByChar('/', topic))) AS level, source, channel, author_role, posts, replies, positive, negative, neutral, mixed,
    if(posts = 0, 0, (toInt64(positive) - toInt64(negative)) / posts) AS net_sentiment, score_milli / 1000 AS score_sum, views, reactions, accepted, rated,
    rating_milli / 1000 AS rating_sum, length(author_keys) AS authors, length(account_keys) AS accounts, author_keys, account_keys
FROM
(
    SELECT
        toMonday(day) AS week, community, c.key AS topic, c.source AS source, c.channel AS channel, c.author_role AS author_role,
        sum(c.posts) AS posts, sum(c.replies) AS replies, sum(c.positive) AS positive, sum(c.negative) AS negative, sum(c.neutral) AS neutral,
        sum(c.mixed) AS mixed, sum(c.score_milli) AS score_milli, sum(c.views) AS views, sum(c.reactions) AS reactions, sum(c.accepted) AS accepted,
        sum(c.rated) AS rated, sum(c.rating_milli) AS rating_milli,
        arraySort(groupUniqArrayArray(c.authors)) AS author_keys, arraySort(groupUniqArrayArray(c.accounts)) AS account_keys
    FROM {{database}}.day_windows FINAL
    ARRAY JOIN topics AS c
    GROUP BY week, community, topic, source, channel, author_role
)
COMMENT 'Posts by ISO week (Monday to Sunday) and topic, split by source, channel and author role. A topic includes its children, and counts a post once';
