CREATE OR REPLACE VIEW {{database}}.post_history{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer in analyzer_revisions; give one to see what it said',
    current Bool COMMENT 'True for what posts says now',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    topics Array(LowCardinality(String)) COMMENT 'Topics the post said something about by that analyzer',
    intents Array(LowCardinality(String)) COMMENT 'What the author did by that analyzer, whatever people decided',
    flags Array(LowCardinality(String)) COMMENT 'Remarks of the pipeline',
    version UInt64 COMMENT 'Version of the post it was said about; a later edit may have another text',
    replaced_at Nullable(DateTime64(3, '{{zone}}')) COMMENT 'When a newer result took its place; NULL for what posts says now'
)
{{security}}
AS
SELECT
    community, day, toMonday(day) AS week, post_id, analyzer_revision, CAST(1 AS Bool) AS current, sentiment, score, topics.id AS topics, intents, flags, source_version AS version,
    CAST(NULL AS Nullable(DateTime64(3, '{{zone}}'))) AS replaced_at
FROM {{database}}.post_facts FINAL
UNION ALL
SELECT
    h.community AS community, h.day AS day, toMonday(h.day) AS week, h.post_id AS post_id, h.analyzer_revision AS analyzer_revision, CAST(0 AS Bool) AS current, h.sentiment AS sentiment,
    h.score AS score, h.topics.id AS topics, h.intents AS intents, h.flags AS flags, h.source_version AS version,
    CAST(h.replaced_at AS Nullable(DateTime64(3, '{{zone}}'))) AS replaced_at
FROM {{database}}.post_tag_history AS h FINAL
{{global}}INNER JOIN (SELECT community, day, post_id, analyzer_revision FROM {{database}}.post_facts FINAL) AS p
    ON p.community = h.community AND p.day = h.day AND p.post_id = h.post_id
WHERE p.analyzer_revision != h.analyzer_revision
COMMENT 'What each analyzer said about posts, now and before, without deleted posts; one row a post and analyzer';
