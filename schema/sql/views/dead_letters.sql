CREATE OR REPLACE VIEW {{database}}.dead_letters{{on_cluster}}
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
    ingested_at DateTime64(3, '{{zone}}') COMMENT 'When it was refused',
    state LowCardinality(String) COMMENT 'open; replayed when voc replay sent it again; refused_again when it was refused then too',
    replayed_at Nullable(DateTime64(3, '{{zone}}')) COMMENT 'When it was sent again; NULL while open',
    replay_partition Nullable(UInt32) COMMENT 'Partition of the same topic to which it was sent again; NULL while open',
    replay_offset Nullable(UInt64) COMMENT 'Offset it got there; NULL while open'
)
{{security}}
AS
SELECT
    d.kafka_topic AS kafka_topic, d.kafka_partition AS kafka_partition, d.kafka_offset AS kafka_offset, d.record_time AS record_time, d.reason AS reason,
    d.field AS field, d.detail AS detail, d.message_key AS message_key, d.size AS size, d.ingested_at AS ingested_at,
    multiIf(r.sent = 0, 'open', r.refused = 1, 'refused_again', 'replayed') AS state,
    if(r.sent = 0, NULL, r.replayed_at) AS replayed_at, if(r.sent = 0, NULL, r.replay_partition) AS replay_partition, if(r.sent = 0, NULL, r.replay_offset) AS replay_offset
FROM {{database}}.dead_letter_facts AS d FINAL
{{global}}LEFT JOIN
(
    SELECT
        s.kafka_topic AS kafka_topic, s.kafka_partition AS kafka_partition, s.kafka_offset AS kafka_offset, s.replay_partition AS replay_partition,
        s.replay_offset AS replay_offset, s.replayed_at AS replayed_at, toUInt8(1) AS sent, f.refused AS refused
    FROM {{database}}.dead_letter_replays AS s FINAL
    {{global}}LEFT JOIN (SELECT DISTINCT kafka_topic, kafka_partition, kafka_offset, toUInt8(1) AS refused FROM {{database}}.dead_letter_facts) AS f
        ON f.kafka_topic = s.kafka_topic AND f.kafka_partition = s.replay_partition AND f.kafka_offset = s.replay_offset
) AS r ON r.kafka_topic = d.kafka_topic AND r.kafka_partition = d.kafka_partition AND r.kafka_offset = d.kafka_offset
COMMENT 'Refused messages, each once, without their content, which stays in the dead-letter topic';
