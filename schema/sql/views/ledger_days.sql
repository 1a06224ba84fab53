CREATE OR REPLACE VIEW {{database}}.ledger_days{{on_cluster}}
(
    day Date COMMENT 'Calendar day of the records'' time in the calendar''s zone; filter by it, an index finds its records',
    records UInt64 COMMENT 'Which rows there are now of the day''s records: the sum of a hash of each',
    stands UInt8 COMMENT 'Whether it was counted from these, and none of the days of their posts changed since',
    topics Array(Tuple(kafka_topic LowCardinality(String), kafka_partition UInt32, read UInt64, stored UInt64, superseded UInt64, dead_letter UInt64, filtered UInt64, missing UInt64))
        COMMENT 'If so, what became of the records by topic and partition, as in ledger'
)
{{security}}
AS
SELECT r.day AS day, r.records AS records, w.day = r.day AND w.records = r.records AS stands, if(stands, w.topics, []) AS topics
FROM
(
    SELECT toDate(record_time) AS day, sum(cityHash64(kafka_partition, kafka_offset, source_version, outcome = 'stored', outcome = 'filtered')) AS records
    FROM {{database}}.record_outcomes
    GROUP BY day
) AS r
{{global}}LEFT JOIN
(
    SELECT day, records, topics
    FROM {{database}}.ledger_windows FINAL
    WHERE day {{global}}NOT IN
        (
            SELECT day FROM {{database}}.ledger_windows FINAL ARRAY JOIN touched AS state
            WHERE state {{global}}NOT IN (SELECT state FROM ({{window_states}}))
        )
) AS w ON r.day = w.day
COMMENT 'Days of Kafka records, and what became of them where that stands ready; one row a day';
