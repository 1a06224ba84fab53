-- name: segment_keys
-- title: 使えるセグメント
-- meaning: 期間内の投稿を分けられるセグメントの一覧。投稿の属性と、投稿した時点の企業の属性から自動で見つける。values は値の数(不明を除く)、known は値の分かる投稿の数。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT k AS segment, uniqExactIf(value, value != '') AS values, sumIf(n, value != '') AS known, sum(n) AS posts
FROM
(
    SELECT k, p.n AS n, /*@segment_value*/ AS value
    FROM
    (
        -- Posts whose segments are all the same are put together first: there are far fewer kinds than posts.
        SELECT p.author_role AS author_role, p.author_level AS author_level, p.source AS source, p.channel AS channel, p.attributes AS attributes,
            /*@segment_columns*/, count() AS n
        FROM
        (
            SELECT posted_at, author_id, author_role, author_level, account_id, source, channel, attributes FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
        ) AS p
        /*@with_account*/
        /*@with_tenure*/
        GROUP BY author_role, author_level, source, channel, attributes, account_says, tenure
    ) AS p
    ARRAY JOIN (
        SELECT arraySort(groupUniqArray(k))
        FROM
        (
            SELECT arrayJoin(['author_role', 'author_level', 'source', 'channel', 'tenure']) AS k
            UNION ALL
            SELECT toString(arrayJoin(mapKeys(attributes))) AS k FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
            UNION ALL
            SELECT toString(arrayJoin(mapKeys(attributes))) AS k FROM account_history
        )
    ) AS k
)
GROUP BY segment
ORDER BY segment
