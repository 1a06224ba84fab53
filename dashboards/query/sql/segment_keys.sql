-- name: segment_keys
-- title: 使えるセグメント
-- meaning: 期間内の投稿を分けられるセグメントの一覧。投稿の属性と、投稿した時点の企業の属性から自動で見つける。values は値の数(不明を除く)、known は値の分かる投稿の数。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT k AS segment, uniqExactIf(value, value != '') AS values, countIf(value != '') AS known, count() AS posts
FROM
(
    SELECT k, /*@segment_value*/ AS value
    FROM
    (
        SELECT posted_at, author_id, author_role, author_level, account_id, source, channel, attributes FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
    ) AS p
    /*@with_account*/
    /*@with_tenure*/
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
