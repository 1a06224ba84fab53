CREATE OR REPLACE VIEW {{database}}.post_intents{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    intent LowCardinality(String) COMMENT 'What the author does: request, complaint, bug, question, answer, praise, ...; promotion and spam as people decided where they did, see post_decisions',
    sentiment LowCardinality(String) COMMENT 'Polarity of the whole post',
    score Float32 COMMENT 'Strength of that polarity from -1 to 1',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    account_id String COMMENT 'Customer account of the author; empty when not known'
)
{{security}}
AS
SELECT
    community, day, toMonday(day) AS week, post_id, intent, sentiment, score, posted_at, source, channel, thread_id, author_id, author_role, account_id
FROM {{database}}.post_facts FINAL
ARRAY JOIN arrayDistinct({{intents ""}}) AS intent
{{parallel}}
COMMENT 'Intents of posts; one row a post and intent';
