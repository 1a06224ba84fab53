CREATE OR REPLACE VIEW {{database}}.topic_daily{{on_cluster}}
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
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
    day, toMonday(day) AS week, community, c.key AS topic, toUInt8(length(splitByChar('/', c.key))) AS level, c.source AS source, c.channel AS channel, c.author_role AS author_role,
    c.posts AS posts, c.replies AS replies, c.positive AS positive, c.negative AS negative, c.neutral AS neutral, c.mixed AS mixed,
    if(c.posts = 0, 0, (toInt64(c.positive) - toInt64(c.negative)) / c.posts) AS net_sentiment, c.score_milli / 1000 AS score_sum,
    c.views AS views, c.reactions AS reactions, c.accepted AS accepted, c.rated AS rated, c.rating_milli / 1000 AS rating_sum,
    length(c.authors) AS authors, length(c.accounts) AS accounts, c.authors AS author_keys, c.accounts AS account_keys
FROM {{database}}.day_windows FINAL
ARRAY JOIN topics AS c
COMMENT 'Posts by day and topic, split by source, channel and author role. A topic includes its children, and counts a post once';
