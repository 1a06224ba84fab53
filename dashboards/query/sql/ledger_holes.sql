-- name: ledger_holes
-- title: 説明のつかないオフセット
-- meaning: トピックごとに、記録の間にあって何も分からないオフセットの数。圧縮トピックでは 0 でないことがある。
SELECT toString(kafka_topic) AS kafka_topic, count() AS partitions, sum(o.recorded) AS recorded, sum(o.unexplained) AS unexplained
FROM ledger_offsets AS o
GROUP BY kafka_topic
ORDER BY kafka_topic
