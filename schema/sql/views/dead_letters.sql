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
    ingested_at DateTime64(3, '{{zone}}') COMMENT 'When it was refused'
)
{{security}}
AS
SELECT kafka_topic, kafka_partition, kafka_offset, record_time, reason, field, detail, message_key, size, ingested_at
FROM {{database}}.dead_letter_facts FINAL
COMMENT 'Refused messages, each once, without their content, which stays in the dead-letter topic';
