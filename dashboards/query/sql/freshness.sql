-- name: freshness
-- title: データの新しさと解析の版
-- meaning: 期間の投稿を解析した版ごとの投稿数と、最後の投稿・最後の書き込みの時刻、処理の注記のある投稿の数。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT
    p.analyzer_revision AS revision, any(r.version) AS version, any(r.hash) AS hash, count() AS posts, max(p.posted_at) AS last_posted_at, max(p.ingested_at) AS last_ingested_at,
    countIf(notEmpty(p.flags)) AS flagged, countIf(p.event = 'edited') AS edited
FROM posts AS p
LEFT JOIN analyzer_revisions AS r ON p.analyzer_revision = r.revision
WHERE p.community = {community:String} AND p.day BETWEEN {from:Date} AND {to:Date}
GROUP BY revision
ORDER BY revision
