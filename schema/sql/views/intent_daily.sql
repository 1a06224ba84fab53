CREATE OR REPLACE VIEW {{database}}.intent_daily{{on_cluster}}
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    intent LowCardinality(String) COMMENT 'What the authors do: request, complaint, bug, question, answer, praise, ...',
    source LowCardinality(String) COMMENT 'Source of the posts',
    channel LowCardinality(String) COMMENT 'Channel of the posts',
    author_role LowCardinality(String) COMMENT 'Role of the authors: member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts with the intent',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts with a polarity that is positive',
    negative UInt64 COMMENT 'Posts with a polarity that is negative',
    neutral UInt64 COMMENT 'Posts with a polarity that is neutral',
    mixed UInt64 COMMENT 'Posts with a polarity that is mixed: clearly positive and clearly negative parts',
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
    day, toMonday(day) AS week, community, intent, source, channel, author_role, posts, replies, positive, negative, neutral, mixed,
    if(posts = 0, 0, (toInt64(positive) - toInt64(negative)) / posts) AS net_sentiment, score_milli / 1000 AS score_sum, views, reactions, accepted, rated, rating_milli / 1000 AS rating_sum,
    length(author_keys) AS authors, length(account_keys) AS accounts, author_keys, account_keys
FROM {{database}}.day_windows FINAL
ARRAY JOIN
    intents.intent AS intent, intents.source AS source, intents.channel AS channel, intents.author_role AS author_role, intents.posts AS posts,
    intents.replies AS replies, intents.positive AS positive, intents.negative AS negative, intents.neutral AS neutral, intents.mixed AS mixed,
    intents.score_milli AS score_milli, intents.views AS views, intents.reactions AS reactions, intents.accepted AS accepted, intents.rated AS rated,
    intents.rating_milli AS rating_milli, intents.authors AS author_keys, intents.accounts AS account_keys
COMMENT 'Posts by day and intent, split by source, channel and author role';
