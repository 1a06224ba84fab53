-- What follows from the copies.
INSERT INTO post_registry (community, post_id, posted_at, kafka_topic, kafka_partition, kafka_offset)
SELECT community, post_id, posted_at, kafka_topic, kafka_partition, kafka_offset FROM post_facts WHERE community = {large:String};
INSERT INTO window_marks (community, day)
SELECT community, day FROM (SELECT DISTINCT community, day FROM post_facts UNION DISTINCT SELECT DISTINCT community, day FROM activity_facts) WHERE community = {large:String};
DROP TABLE base_posts;
DROP TABLE base_activity;
DROP TABLE base_surveys;
DROP TABLE base_accounts;
DROP TABLE base_records;
DROP TABLE base_ends;
