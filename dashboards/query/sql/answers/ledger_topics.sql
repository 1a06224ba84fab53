SELECT
    toString(t.kafka_topic) AS kafka_topic, sum(t.read) AS messages, sum(t.stored) AS stored, sum(t.superseded) AS superseded, sum(t.dead_letter) AS dead_letter,
    sum(t.filtered) AS filtered, sum(t.missing) AS missing
FROM
(
    SELECT topics, min(stands) OVER () AS whole
    FROM ledger_days
    WHERE day BETWEEN {from:Date} AND {to:Date}
)
ARRAY JOIN topics AS t
WHERE whole
GROUP BY kafka_topic
ORDER BY kafka_topic
