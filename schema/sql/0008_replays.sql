CREATE TABLE IF NOT EXISTS {{local "dead_letter_replays"}}{{on_cluster}}
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the refused message',
    kafka_partition UInt32 COMMENT 'Partition of the refused message',
    kafka_offset UInt64 COMMENT 'Offset of the refused message',
    replay_partition UInt32 COMMENT 'Partition of the same topic to which it was sent again',
    replay_offset UInt64 COMMENT 'Offset it got there',
    repaired UInt8 COMMENT '1 when its key or value was changed before',
    replayed_at DateTime64(3, '{{zone}}') DEFAULT now64(3) COMMENT 'When it was sent again'
)
ENGINE = {{engine "ReplacingMergeTree" "replay_offset"}}
ORDER BY (kafka_topic, kafka_partition, kafka_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Refused messages that were sent again by voc replay; read it through dead_letters';

{{distributed "dead_letter_replays" "cityHash64(kafka_topic, kafka_partition)"}};
