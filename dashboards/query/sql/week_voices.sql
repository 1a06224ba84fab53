-- name: week_voices
-- title: 期間の投稿の書き手
-- meaning: 期間の投稿ごとの投稿者、企業、セグメントの値(投稿した時点のもの。空は不明)。話題を人や企業で数え、顧客の構成で重み付けるために使う。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: segment String = plan 値を見るセグメント
-- param: limit UInt64 = 200000 最大の件数
SELECT p.post_id AS post_id, p.author_id AS author_id, p.account_id AS account_id, /*@segment_value*/ AS value
FROM
(
    SELECT p.post_id AS post_id, p.posted_at AS posted_at, p.author_id AS author_id, p.account_id AS account_id, p.author_role AS author_role,
        p.author_level AS author_level, p.source AS source, p.channel AS channel, p.attributes AS attributes, /*@segment_columns*/
    FROM
    (
        SELECT post_id, posted_at, author_id, author_role, author_level, account_id, source, channel, attributes
        FROM posts
        WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
    ) AS p
    /*@with_account*/
    /*@with_tenure*/
) AS p
ARRAY JOIN [{segment:String}] AS k
ORDER BY p.posted_at, post_id
LIMIT {limit:UInt64}
