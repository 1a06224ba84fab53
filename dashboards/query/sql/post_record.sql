-- name: post_record
-- title: 投稿の記録
-- meaning: 一つの投稿の日と、いまの版がどのメッセージから来て、どの解析の版で分類されたか。
-- param: community String コミュニティ
-- param: id Array(String) 投稿のID
SELECT
    p.post_id AS post_id, p.day AS day, p.event AS event, p.occurred_at AS occurred_at, p.version AS version, p.kafka_topic AS kafka_topic,
    p.kafka_partition AS kafka_partition, p.kafka_offset AS kafka_offset, p.ingested_at AS ingested_at, p.analyzer_revision AS revision, r.version AS program,
    r.hash AS hash
FROM
(
    SELECT * FROM posts WHERE community = {community:String} AND post_id IN {id:Array(String)}
) AS p
LEFT JOIN analyzer_revisions AS r ON p.analyzer_revision = r.revision
ORDER BY post_id
