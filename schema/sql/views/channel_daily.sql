CREATE OR REPLACE VIEW {{database}}.channel_daily{{on_cluster}}
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    source LowCardinality(String) COMMENT 'Source of the posts',
    channel LowCardinality(String) COMMENT 'Channel of the posts',
    author_role LowCardinality(String) COMMENT 'Role of the authors: member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts with a polarity that is positive',
    negative UInt64 COMMENT 'Posts with a polarity that is negative',
    neutral UInt64 COMMENT 'Posts with a polarity that is neutral',
    mixed UInt64 COMMENT 'Posts with a polarity that is mixed: clearly positive and clearly negative parts',
    net_sentiment Float64 COMMENT '(positive - negative) / posts, from -1 to 1; over several rows: sum(positive - negative) / sum(posts)',
    score_sum Float64 COMMENT 'Sum of the scores from -1 to 1; divide by posts for the mean',
    untagged UInt64 COMMENT 'Posts without any topic',
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
    day, toMonday(day) AS week, community, source, channel, author_role, posts, replies, positive, negative, neutral, mixed,
    if(posts = 0, 0, (toInt64(positive) - toInt64(negative)) / posts) AS net_sentiment, score_milli / 1000 AS score_sum, untagged, views, reactions, accepted, rated, rating_milli / 1000 AS rating_sum,
    length(author_keys) AS authors, length(account_keys) AS accounts, author_keys, account_keys
FROM {{database}}.day_windows FINAL
ARRAY JOIN
    cells.source AS source, cells.channel AS channel, cells.author_role AS author_role, cells.posts AS posts, cells.replies AS replies,
    cells.positive AS positive, cells.negative AS negative, cells.neutral AS neutral, cells.mixed AS mixed, cells.score_milli AS score_milli,
    cells.untagged AS untagged, cells.views AS views, cells.reactions AS reactions, cells.accepted AS accepted, cells.rated AS rated,
    cells.rating_milli AS rating_milli, cells.authors AS author_keys, cells.accounts AS account_keys
COMMENT 'Posts by day, source, channel and author role; one row for each combination that has posts';
