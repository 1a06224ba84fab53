CREATE OR REPLACE VIEW {{database}}.post_signals{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    kind LowCardinality(String) COMMENT 'Kind of the observation',
    value String COMMENT 'Its normalised value',
    sentiment LowCardinality(String) COMMENT 'Polarity of the whole post',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    account_id String COMMENT 'Customer account of the author; empty when not known',
    intents Array(LowCardinality(String)) COMMENT 'Intents of the post, as in posts'
)
{{security}}
AS
SELECT
    community, day, toMonday(day) AS week, post_id, kind, value, sentiment, posted_at, source, channel, thread_id, author_id, author_role, account_id,
    {{intents ""}} AS intents
FROM {{database}}.post_facts FINAL
ARRAY JOIN signals.kind AS kind, signals.value AS value
{{parallel}}
COMMENT 'Further observations in posts: emotions, effort, opinion units, entities, outcome numbers; one row a post and signal';
