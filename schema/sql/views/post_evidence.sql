CREATE OR REPLACE VIEW {{database}}.post_evidence{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    kind LowCardinality(String) COMMENT 'What the span proves: topic, intent, sentiment or signal',
    tag String COMMENT 'Id of the topic or intent, the polarity, or kind=value of the signal',
    field LowCardinality(String) COMMENT 'Text the span points into: body or title',
    start UInt32 COMMENT 'First character of the span, counted from 0',
    end UInt32 COMMENT 'Character after the last one of the span',
    text String COMMENT 'The words themselves, cut out of the stored text',
    rule LowCardinality(String) COMMENT 'Rule that fired',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from'
)
{{security}}
AS
SELECT
    community, day, toMonday(day) AS week, post_id, kind, tag, field, start, end,
    substringUTF8(if(field = 'title', title, body), start + 1, end - start) AS text, rule, posted_at, source
FROM {{database}}.post_facts FINAL
ARRAY JOIN evidence.kind AS kind, evidence.tag AS tag, evidence.field AS field, evidence.start AS start, evidence.end AS end, evidence.rule AS rule
WHERE kind != 'intent' OR tag NOT IN ('promotion', 'spam') OR NOT {{released ""}}
{{parallel}}
COMMENT 'The words behind every tag, without promotion and spam of posts that people put back; one row a post and span';
