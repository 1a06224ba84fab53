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
    kafka_topic, kafka_partition, first_offset, last_offset, recorded, last_offset - first_offset + 1 - recorded AS unexplained,
    -- Two rows of one record make no hole: its end is before its beginning.
    arraySlice(arrayFilter(g -> g.1 <= g.2, arrayMap((previous, next) -> (previous + 1, next - 1), arrayPopBack(offsets), arrayPopFront(offsets))), 1, 100) AS gaps
FROM
(
    SELECT
        kafka_topic, kafka_partition, min(kafka_offset) AS first_offset, max(kafka_offset) AS last_offset, groupBitmap(kafka_offset) AS recorded,
        arraySort(groupArray(kafka_offset)) AS offsets
    FROM {{database}}.record_outcomes
    GROUP BY kafka_topic, kafka_partition
    SETTINGS optimize_aggregation_in_order = 1
)
COMMENT 'Offsets of the Kafka records seen, by partition, and those in between that nothing is known of';
