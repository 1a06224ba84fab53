-- What the sample's communities have, each row once, and how many messages each partition had by then.
CREATE TABLE base_posts ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM post_facts FINAL;
CREATE TABLE base_activity ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM activity_facts FINAL;
CREATE TABLE base_surveys ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM survey_facts FINAL;
CREATE TABLE base_accounts ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM account_facts FINAL;
CREATE TABLE base_records ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM record_outcomes FINAL;
CREATE TABLE base_ends ENGINE = MergeTree ORDER BY tuple() AS
SELECT kafka_topic, kafka_partition, max(kafka_offset) + 1 AS messages FROM base_records GROUP BY kafka_topic, kafka_partition;
