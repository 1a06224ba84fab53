CREATE TABLE IF NOT EXISTS {{local "offset_blocks"}}{{on_cluster}}
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the records',
    kafka_partition UInt32 COMMENT 'Partition of the records',
    block UInt64 COMMENT 'Number of the block: its offsets, divided by 262144',
    last_time DateTime64(3, '{{zone}}') COMMENT 'Latest time of its records'
)
ENGINE = {{engine "ReplacingMergeTree" ""}}
ORDER BY (kafka_topic, kafka_partition, block)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Blocks of 262144 offsets all of which are in record_outcomes, so that their records need not be read to find holes';

{{distributed "offset_blocks" "cityHash64(kafka_topic, kafka_partition)"}};
