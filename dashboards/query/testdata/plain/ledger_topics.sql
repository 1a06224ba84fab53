SELECT
    toString(kafka_topic) AS kafka_topic, count() AS messages, countIf(o.outcome = 'stored' AND (o.post_id = '' OR o.ver = f.ver)) AS stored,
    countIf(o.outcome = 'stored' AND o.post_id != '' AND o.ver < f.ver) AS superseded, countIf(o.outcome = 'dead_letter') AS dead_letter,
    countIf(o.outcome = 'filtered') AS filtered, countIf(o.outcome = 'stored' AND o.post_id != '' AND o.ver > f.ver) AS missing
FROM
(
    SELECT kafka_topic, record_time, outcome, community, post_id,
        bitOr(bitShiftLeft(toUInt128(source_version), 64), bitShiftLeft(toUInt128(kafka_offset), 16)) AS ver
    FROM record_outcomes FINAL
) AS o
LEFT JOIN
(
    SELECT community, post_id, bitShiftLeft(bitShiftRight(max(ver), 16), 16) AS ver
    FROM post_facts
    GROUP BY community, post_id
) AS f ON o.community = f.community AND o.post_id = f.post_id
WHERE toDate(o.record_time) BETWEEN {from:Date} AND {to:Date}
GROUP BY kafka_topic
ORDER BY kafka_topic
