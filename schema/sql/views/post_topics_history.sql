CREATE OR REPLACE VIEW {{database}}.post_topics_history{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer in analyzer_revisions; give one to see what it said',
    current Bool COMMENT 'True for what post_topics says now',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan, as the analyzer tagged it: parents are not added',
    sentiment LowCardinality(String) COMMENT 'Polarity of what is said about the topic: positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of that polarity from -1 to 1',
    version UInt64 COMMENT 'Version of the post it was said about'
)
{{security}}
AS
SELECT
    community, day, toMonday(day) AS week, post_id, analyzer_revision, CAST(1 AS Bool) AS current, topic, polarity AS sentiment, strength AS score, source_version AS version
FROM {{database}}.post_facts FINAL
ARRAY JOIN topics.id AS topic, topics.sentiment AS polarity, topics.score AS strength
UNION ALL
SELECT
    h.community AS community, h.day AS day, toMonday(h.day) AS week, h.post_id AS post_id, h.analyzer_revision AS analyzer_revision, CAST(0 AS Bool) AS current,
    h.topic AS topic, h.polarity AS sentiment, h.strength AS score, h.source_version AS version
FROM
(
    SELECT community, day, post_id, analyzer_revision, source_version, topic, polarity, strength
    FROM {{database}}.post_tag_history FINAL
    ARRAY JOIN topics.id AS topic, topics.sentiment AS polarity, topics.score AS strength
) AS h
INNER JOIN (SELECT community, day, post_id, analyzer_revision FROM {{database}}.post_facts FINAL) AS p
    ON p.community = h.community AND p.day = h.day AND p.post_id = h.post_id
WHERE p.analyzer_revision != h.analyzer_revision
COMMENT 'Topics of posts by every analyzer, now and before, without deleted posts; one row a post, analyzer and topic';
