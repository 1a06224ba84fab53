CREATE TABLE IF NOT EXISTS {{local "post_tag_history"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone',
    post_id String COMMENT 'Id of the post, unique within the community',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer that said this',
    source_version UInt64 COMMENT 'Version of the post it was said about',
    kafka_offset UInt64 COMMENT 'Offset of the record of that version',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    `topics.id` Array(LowCardinality(String)) COMMENT 'Topics the post said something about',
    `topics.sentiment` Array(LowCardinality(String)) COMMENT 'Polarity of what was said about each topic',
    `topics.score` Array(Float32) COMMENT 'Strength of each topic''s polarity from -1 to 1',
    intents Array(LowCardinality(String)) COMMENT 'What the author did: request, question, praise, ...',
    `signals.kind` Array(LowCardinality(String)) COMMENT 'Kind of each further observation',
    `signals.value` Array(String) COMMENT 'Normalised value of each further observation',
    `evidence.kind` Array(LowCardinality(String)) COMMENT 'What each span proved: topic, intent, sentiment or signal',
    `evidence.tag` Array(String) COMMENT 'Id of the topic or intent, the polarity, or kind=value of the signal',
    `evidence.field` Array(LowCardinality(String)) COMMENT 'Text each span pointed into: body or title',
    `evidence.start` Array(UInt32) COMMENT 'First character of each span, counted from 0',
    `evidence.end` Array(UInt32) COMMENT 'Character after the last one of each span',
    `evidence.rule` Array(LowCardinality(String)) COMMENT 'Rule that fired',
    flags Array(LowCardinality(String)) COMMENT 'Remarks of the pipeline, such as truncated_for_analysis',
    replaced_by UInt16 COMMENT 'Number of the analyzer whose result took its place',
    replaced_at DateTime64(3, '{{zone}}') DEFAULT now64(3) COMMENT 'When that happened',
    ver UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(source_version), 64), bitShiftLeft(toUInt128(kafka_offset), 16))
        COMMENT 'Decides which row of one post and analyzer is read: that about the newest version of the post'
)
ENGINE = {{engine "ReplacingMergeTree" "ver"}}
PARTITION BY toYYYYMM(day)
ORDER BY (community, day, post_id, analyzer_revision)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What earlier analyzers said about posts, written by voc retag before their results are replaced; holds no text';

{{distributed "post_tag_history" "cityHash64(community, post_id)"}};
