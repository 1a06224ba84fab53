-- name: dead_letter_reasons
-- title: 受け取れなかったメッセージ
-- meaning: 理由と項目ごとの、受け取れなかったメッセージの数。中身は dead-letter トピックに残り、直して再投入できる。
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT toString(kafka_topic) AS kafka_topic, toString(reason) AS reason, toString(field) AS field, count() AS messages, any(detail) AS detail
FROM (SELECT kafka_topic, reason, field, detail FROM dead_letters WHERE toDate(record_time) BETWEEN {from:Date} AND {to:Date} ORDER BY kafka_topic, kafka_partition, kafka_offset)
GROUP BY kafka_topic, reason, field
ORDER BY messages DESC, kafka_topic, reason, field
