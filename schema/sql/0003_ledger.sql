CREATE TABLE IF NOT EXISTS {{local "record_outcomes"}}{{on_cluster}}
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record' CODEC(Delta, ZSTD(1)),
    record_time DateTime64(3, '{{zone}}') COMMENT 'Time of the record as Kafka gives it' CODEC(Delta, ZSTD(1)),
    outcome LowCardinality(String) COMMENT 'stored, dead_letter or filtered',
    community LowCardinality(String) COMMENT 'Community of the post; empty for other records',
    post_id String COMMENT 'Post the record is about; empty for other records',
    source_version UInt64 COMMENT 'Version of the post the record carries; 0 for other records'
)
ENGINE = {{engine "ReplacingMergeTree" ""}}
ORDER BY (kafka_topic, kafka_partition, kafka_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What became of every Kafka record, one row each; read it through ledger and ledger_offsets';

{{distributed "record_outcomes" "cityHash64(kafka_topic, kafka_partition)"}};

CREATE TABLE IF NOT EXISTS {{local "dead_letter_facts"}}{{on_cluster}}
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the refused message',
    kafka_partition UInt32 COMMENT 'Partition of the refused message',
    kafka_offset UInt64 COMMENT 'Offset of the refused message',
    record_time DateTime64(3, '{{zone}}') COMMENT 'Time of the message as Kafka gives it',
    reason LowCardinality(String) COMMENT 'Why it was refused, one of a closed set',
    field LowCardinality(String) COMMENT 'Field at fault; empty when the whole message is',
    detail String COMMENT 'One sentence that says what would be right',
    message_key String COMMENT 'Key of the message',
    size UInt64 COMMENT 'Size of the message''s value in bytes',
    ingested_at DateTime64(3, '{{zone}}') DEFAULT now64(3) COMMENT 'When this row was written'
)
ENGINE = {{engine "ReplacingMergeTree" ""}}
ORDER BY (kafka_topic, kafka_partition, kafka_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Refused messages without their content, which stays in the dead-letter topic; read it through dead_letters';

{{distributed "dead_letter_facts" "cityHash64(kafka_topic, kafka_partition)"}};
