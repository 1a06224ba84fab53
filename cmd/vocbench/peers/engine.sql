-- ClickHouse reads Kafka by itself. It looks for new messages twice a second, because its default of 7.5 s would be
-- measured instead of its work. The embedded server has one thread for this, so there is one consumer.
CREATE TABLE @database.queue
(
    post_id String,
    community String,
    source String,
    channel String,
    author Tuple(id String, role String),
    posted_at String,
    body String
)
ENGINE = Kafka
SETTINGS kafka_broker_list = '@kafka',
    kafka_topic_list = '@topic',
    kafka_group_name = '@topic',
    kafka_format = 'JSONEachRow',
    kafka_flush_interval_ms = 500;

CREATE MATERIALIZED VIEW @database.arrive TO @database.posts AS
SELECT post_id, community, source, channel, author.id AS author, parseDateTimeBestEffort(posted_at) AS posted_at, body
FROM @database.queue;
