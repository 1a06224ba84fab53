CREATE OR REPLACE VIEW {{database}}.post_topics{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    inherited Bool COMMENT 'True when the analyzer tagged only children of this topic, so that the post counts for the parent too',
    sentiment LowCardinality(String) COMMENT 'Polarity of what is said about the topic: positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of that polarity from -1 to 1',
    post_sentiment LowCardinality(String) COMMENT 'Polarity of the whole post',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    account_id String COMMENT 'Customer account of the author; empty when not known',
    intents Array(LowCardinality(String)) COMMENT 'Intents of the post, as in posts',
    reactions UInt64 COMMENT 'Reactions to the post, of all kinds together',
    characters UInt32 COMMENT 'Length of the body in characters'
)
{{security}}
AS
SELECT
    community, day, toMonday(day) AS week, post_id, t.id AS topic, toUInt8(length(splitByChar('/', t.id))) AS level, t.inherited = 1 AS inherited,
    t.sentiment AS sentiment, t.score AS score, p.sentiment AS post_sentiment, posted_at, source, channel, thread_id, author_id, author_role, account_id,
    {{intents "p."}} AS intents, arraySum(mapValues(p.reactions)) AS reactions, characters
FROM {{database}}.post_facts AS p FINAL
ARRAY JOIN topic_rows AS t
{{parallel}}
COMMENT 'Topics of posts; one row a post and topic, and one for the parent of a topic that has one';
