-- What follows from the copies {from} to {from} + {n} - 1. The tables base_* stay, that more copies can be made later.
INSERT INTO post_registry (community, post_id, posted_at, kafka_topic, kafka_partition, kafka_offset)
SELECT f.community, f.post_id, f.posted_at, f.kafka_topic, f.kafka_partition, f.kafka_offset
FROM post_facts AS f
INNER JOIN base_ends AS e ON e.kafka_topic = f.kafka_topic AND e.kafka_partition = f.kafka_partition
WHERE f.community = {large:String} AND intDiv(f.kafka_offset, e.messages) BETWEEN {from:UInt64} + 1 AND {from:UInt64} + {n:UInt64};

INSERT INTO window_marks (community, day)
SELECT community, day FROM (SELECT DISTINCT community, day FROM post_facts UNION DISTINCT SELECT DISTINCT community, day FROM activity_facts) WHERE community = {large:String};
