SELECT toString(kafka_topic) AS kafka_topic, count() AS partitions, sum(o.recorded) AS recorded, sum(o.unexplained) AS unexplained
FROM
(
    SELECT kafka_topic, kafka_partition, count() AS recorded, max(kafka_offset) - min(kafka_offset) + 1 - recorded AS unexplained
    FROM record_outcomes FINAL
    GROUP BY kafka_topic, kafka_partition
) AS o
GROUP BY kafka_topic
ORDER BY kafka_topic
