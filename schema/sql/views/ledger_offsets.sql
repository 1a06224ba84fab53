CREATE OR REPLACE VIEW {{database}}.ledger_offsets{{on_cluster}}
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the records',
    kafka_partition UInt32 COMMENT 'Partition of the records',
    first_offset UInt64 COMMENT 'Lowest offset seen',
    last_offset UInt64 COMMENT 'Highest offset seen',
    recorded UInt64 COMMENT 'Number of records seen',
    unexplained UInt64 COMMENT 'Offsets between the first and the last that nothing is known of; a compacted topic has such holes',
    gaps Array(Tuple(first UInt64, last UInt64)) COMMENT 'The holes, at most the first 100'
)
{{security}}
AS
SELECT
    kafka_topic, kafka_partition, min(kafka_offset) AS first_offset, max(kafka_offset) AS last_offset, count() AS recorded,
    last_offset - first_offset + 1 - recorded AS unexplained,
    arraySort(groupArrayIf(100)((previous + 1, kafka_offset - 1), kafka_offset > previous + 1)) AS gaps
FROM
(
    SELECT
        kafka_topic, kafka_partition, kafka_offset,
        lagInFrame(kafka_offset, 1, kafka_offset) OVER (PARTITION BY kafka_topic, kafka_partition ORDER BY kafka_offset ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS previous
    FROM {{database}}.record_outcomes FINAL
)
GROUP BY kafka_topic, kafka_partition
COMMENT 'Offsets of the Kafka records seen, by partition, and those in between that nothing is known of';
