CREATE TABLE IF NOT EXISTS {{local "activity_facts"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community it happened in',
    day Date COMMENT 'Calendar day of occurred_at in the calendar''s zone',
    event_id String COMMENT 'Id of the event, unique within the community',
    event LowCardinality(String) COMMENT 'viewed, reacted, accepted, joined, login or point',
    occurred_at DateTime64(3, '{{zone}}') COMMENT 'When it happened',
    post_id String COMMENT 'Post it happened to; empty for joined, login and point',
    author_id String COMMENT 'Pseudonym of the member who did it',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the member in the community',
    account_id String COMMENT 'Customer account of the member',
    kind LowCardinality(String) COMMENT 'Kind of the reaction or reason of the points',
    count Int64 COMMENT 'How many times it happened; for point the points, which may be negative',
    invited_by String COMMENT 'Pseudonym of the inviting member of a joined event',
    attributes Map(LowCardinality(String), String) COMMENT 'Whatever else the source says',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record; of two records with one key the higher is read',
    ingested_at DateTime64(3, '{{zone}}') DEFAULT now64(3) COMMENT 'When this row was written'
)
ENGINE = {{engine "ReplacingMergeTree" "kafka_offset"}}
PARTITION BY toYYYYMM(day)
ORDER BY (community, day, event_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What members did that is not a post; read it through the view activity';

{{distributed "activity_facts" "cityHash64(community, event_id)"}};

CREATE TABLE IF NOT EXISTS {{local "account_facts"}}{{on_cluster}}
(
    account_id String COMMENT 'Id of the customer account',
    valid_from DateTime64(3, '{{zone}}') COMMENT 'Since when these attributes hold',
    name String COMMENT 'Name of the account',
    deleted UInt8 COMMENT '1 when the account ends at valid_from',
    attributes Map(LowCardinality(String), String) COMMENT 'plan, touch_model, industry, ltv_band, csm_owner, ...',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record; of two records with one key the higher is read',
    ingested_at DateTime64(3, '{{zone}}') DEFAULT now64(3) COMMENT 'When this row was written'
)
ENGINE = {{engine "ReplacingMergeTree" "kafka_offset"}}
ORDER BY (account_id, valid_from)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'States of customer accounts, one row for each time they changed; read it through accounts and account_history';

{{distributed "account_facts" "cityHash64(account_id)"}};

CREATE TABLE IF NOT EXISTS {{local "survey_facts"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community whose member answered',
    day Date COMMENT 'Calendar day of answered_at in the calendar''s zone',
    response_id String COMMENT 'Id of the answer, unique within the community',
    survey_id LowCardinality(String) COMMENT 'Survey it belongs to',
    metric LowCardinality(String) COMMENT 'nps (0 to 10) or csat (1 to 5)',
    score Float32 COMMENT 'The answer',
    answered_at DateTime64(3, '{{zone}}') COMMENT 'When it was given',
    author_id String COMMENT 'Pseudonym of the member who answered',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the member in the community',
    account_id String COMMENT 'Customer account of the member',
    attributes Map(LowCardinality(String), String) COMMENT 'Whatever else the source says',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record; of two records with one key the higher is read',
    ingested_at DateTime64(3, '{{zone}}') DEFAULT now64(3) COMMENT 'When this row was written'
)
ENGINE = {{engine "ReplacingMergeTree" "kafka_offset"}}
PARTITION BY toYYYYMM(day)
ORDER BY (community, day, response_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Answers to surveys; read it through the view surveys, and their comments through posts with source survey';

{{distributed "survey_facts" "cityHash64(community, response_id)"}};
