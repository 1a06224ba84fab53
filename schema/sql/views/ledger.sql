CREATE OR REPLACE VIEW {{database}}.ledger{{on_cluster}}
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the records',
    kafka_partition UInt32 COMMENT 'Partition of the records',
    day Date COMMENT 'Calendar day of the records'' time in the calendar''s zone',
    read UInt64 COMMENT 'Records read',
    stored UInt64 COMMENT 'Records whose content is what the tables hold now',
    superseded UInt64 COMMENT 'Records of posts that a newer version replaced',
    dead_letter UInt64 COMMENT 'Records refused; dead_letters tells why',
    filtered UInt64 COMMENT 'Records left out on purpose, such as control records',
    missing UInt64 COMMENT 'Records reported as stored whose post is neither there nor replaced; anything but 0 is a fault'
)
{{security}}
AS
SELECT
    o.kafka_topic AS kafka_topic, o.kafka_partition AS kafka_partition, toDate(o.record_time) AS day, count() AS read,
    countIf(o.outcome = 'stored' AND (o.post_id = '' OR o.ver = f.ver)) AS stored,
    countIf(o.outcome = 'stored' AND o.post_id != '' AND o.ver < f.ver) AS superseded,
    countIf(o.outcome = 'dead_letter') AS dead_letter,
    countIf(o.outcome = 'filtered') AS filtered,
    countIf(o.outcome = 'stored' AND o.post_id != '' AND o.ver > f.ver) AS missing
FROM
(
    SELECT kafka_topic, kafka_partition, record_time, outcome, community, post_id,
        bitOr(bitShiftLeft(toUInt128(source_version), 64), bitShiftLeft(toUInt128(kafka_offset), 16)) AS ver
    FROM {{database}}.record_outcomes FINAL
) AS o
LEFT JOIN
(
    SELECT community, post_id, bitShiftLeft(bitShiftRight(max(ver), 16), 16) AS ver
    FROM {{database}}.post_facts
    GROUP BY community, post_id
) AS f ON o.community = f.community AND o.post_id = f.post_id
GROUP BY kafka_topic, kafka_partition, day
COMMENT 'What became of the Kafka records; read = stored + superseded + dead_letter + filtered + missing, and missing is 0';
