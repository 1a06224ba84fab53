-- name: ledger_topics
-- title: メッセージの収支
-- meaning: Kafka のトピックごとに、読んだ数 = 保存 + 新しい版に置き換え + 受け取れず + 対象外 + 行方不明。行方不明は 0 でなければならない。
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT
    toString(kafka_topic) AS kafka_topic, sum(read) AS messages, sum(l.stored) AS stored, sum(l.superseded) AS superseded, sum(l.dead_letter) AS dead_letter,
    sum(l.filtered) AS filtered, sum(l.missing) AS missing
FROM ledger AS l
WHERE l.day BETWEEN {from:Date} AND {to:Date}
GROUP BY kafka_topic
ORDER BY kafka_topic
