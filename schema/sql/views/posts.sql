CREATE OR REPLACE VIEW {{database}}.posts{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'When the member wrote it',
    occurred_at DateTime64(3, '{{zone}}') COMMENT 'When this version was made: posted_at for a post that was never edited',
    event LowCardinality(String) COMMENT 'created or edited: what made this version',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    reply_to String COMMENT 'Post this one answers; empty for the first post of a thread',
    url String COMMENT 'Address of the post at its source',
    rating Float32 COMMENT 'Stars from 1 to 5; 0 when none were given',
    views UInt64 COMMENT 'How often the post was seen, as its source reported with this version',
    accepted Bool COMMENT 'True when the post was accepted as the answer',
    reactions Map(LowCardinality(String), UInt64) COMMENT 'Number of reactions by kind, as the source reported with this version',
    attributes Map(LowCardinality(String), String) COMMENT 'Segments and whatever else the source says: plan, touch_model, industry, ...',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the author in the community',
    account_id String COMMENT 'Customer account of the author; empty when not known',
    title String COMMENT 'Title, personal data masked',
    body String COMMENT 'Text, personal data masked',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    topics Array(LowCardinality(String)) COMMENT 'Topics the post says something about; post_topics has one row for each',
    intents Array(LowCardinality(String)) COMMENT 'What the author does: request, question, praise, ...; promotion and spam as people decided where they did, see post_decisions',
    flags Array(LowCardinality(String)) COMMENT 'Remarks of the pipeline, such as truncated_for_analysis',
    version UInt64 COMMENT 'Order of the events of one post as its source gives it',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer in analyzer_revisions',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record this version came from',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record',
    ingested_at DateTime64(3, '{{zone}}') COMMENT 'When this version was written'
)
{{security}}
AS
SELECT
    community, day, toMonday(day) AS week, post_id, posted_at, occurred_at, event, source, channel, thread_id, reply_to, url, rating, views, accepted, reactions,
    attributes, author_id, author_role, author_level, account_id, title, body, sentiment, score, topics.id AS topics, {{intents ""}} AS intents, flags, source_version AS version,
    analyzer_revision, kafka_topic, kafka_partition, kafka_offset, ingested_at
FROM {{database}}.post_facts FINAL
{{parallel}}
COMMENT 'Every post once, in its newest version, without deleted ones; one row a post';
