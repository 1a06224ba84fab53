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
    kafka_topic, kafka_partition, day, sum(records) AS read,
    sumIf(records, outcome = 'stored' AND (other OR version = newest)) AS stored,
    sumIf(records, outcome = 'stored' AND NOT other AND version < newest) AS superseded,
    sumIf(records, outcome = 'dead_letter') AS dead_letter,
    sumIf(records, outcome = 'filtered') AS filtered,
    sumIf(records, outcome = 'stored' AND NOT other AND version > newest) AS missing
FROM
(
    SELECT kafka_topic, kafka_partition, toDate(record_time) AS day, outcome, true AS other, toUInt128(0) AS version, toUInt128(0) AS newest, count() AS records
    FROM {{database}}.record_outcomes FINAL
    WHERE post_id = ''
    GROUP BY kafka_topic, kafka_partition, day, outcome
    -- The rows of a record have one time, so that the index on it finds all of them.
    SETTINGS use_skip_indexes_if_final_exact_mode = 0
    UNION ALL
    -- Joined by a number, which is far faster than by two texts; of posts that share one, only the record's own counts.
    SELECT
        o.kafka_topic, o.kafka_partition, o.day, any(o.outcome), false, any(o.version),
        bitShiftLeft(bitShiftRight(maxIf(f.ver, f.community = o.community AND f.post_id = o.post_id), 16), 16), 1
    FROM
    (
        SELECT kafka_topic, kafka_partition, kafka_offset, toDate(record_time) AS day, outcome, community, post_id, cityHash64(post_id) AS post,
            bitOr(bitShiftLeft(toUInt128(source_version), 64), bitShiftLeft(toUInt128(kafka_offset), 16)) AS version
        FROM {{database}}.record_outcomes FINAL
        WHERE post_id != ''
        SETTINGS use_skip_indexes_if_final_exact_mode = 0
    ) AS o
    LEFT JOIN
    (
        SELECT community, post_id, cityHash64(post_id) AS post, ver FROM {{database}}.post_facts
    ) AS f ON o.post = f.post
    GROUP BY o.kafka_topic, o.kafka_partition, o.kafka_offset, o.day
)
GROUP BY kafka_topic, kafka_partition, day
COMMENT 'What became of the Kafka records; read = stored + superseded + dead_letter + filtered + missing, and missing is 0';
