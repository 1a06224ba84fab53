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
    arraySlice(arrayFilter(g -> g.1 <= g.2, arrayMap((previous, next) -> (previous.2 + 1, next.1 - 1), arrayPopBack(ranges), arrayPopFront(ranges))), 1, 100) AS gaps
FROM
(
    SELECT kafka_topic, kafka_partition, min(first) AS first_offset, max(last) AS last_offset, sum(n) AS recorded, arraySort(groupArrayArray(parts)) AS ranges
    FROM
    (
        SELECT
            kafka_topic, kafka_partition, min(kafka_offset) AS first, max(kafka_offset) AS last, groupBitmap(kafka_offset) AS n, groupArray((kafka_offset, kafka_offset)) AS parts
        FROM {{database}}.record_outcomes
        -- The index knows the topic and needs no row; the rows that it leaves are faster told by numbers.
        WHERE indexHint((kafka_topic, kafka_partition, intDiv(kafka_offset, 262144)) {{global}}NOT IN (SELECT kafka_topic, kafka_partition, block FROM {{database}}.offset_blocks))
            AND (cityHash64(kafka_topic), kafka_partition, intDiv(kafka_offset, 262144)) {{global}}NOT IN
                (
                    SELECT cityHash64(kafka_topic), kafka_partition, block FROM {{database}}.offset_blocks
                )
        GROUP BY kafka_topic, kafka_partition
        SETTINGS optimize_aggregation_in_order = 1
        UNION ALL
        SELECT kafka_topic, kafka_partition, block * 262144, block * 262144 + 262143, 262144, [(block * 262144, block * 262144 + 262143)]
        FROM {{database}}.offset_blocks FINAL
    )
    GROUP BY kafka_topic, kafka_partition
)
COMMENT 'Offsets of the Kafka records seen, by partition, and those in between that nothing is known of';
