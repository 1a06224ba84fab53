-- name: segment_keys
-- title: 使えるセグメント
-- meaning: 期間内の投稿を分けられるセグメントの一覧。投稿の属性と、投稿した時点の企業の属性から自動で見つける。values は値の数(不明を除く)、known は値の分かる投稿の数。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- counted: toMonday({from:Date}) != {from:Date} OR toDayOfWeek({to:Date}) != 7
SELECT segment, values, known, posts
FROM
(
    SELECT segment, uniqExactArray(value_keys) AS values, sum(known) AS known, sum(sum(total)) OVER () AS posts
    FROM
    (
        -- Weeks that lie within the days as a whole.
        SELECT toString(w.segment) AS segment, w.value_keys AS value_keys, w.known AS known, if(w.segment = '', w.posts, 0) AS total
        FROM segment_week_keys AS w
        WHERE w.community = {community:String} AND w.week BETWEEN toMonday({from:Date} + 6) AND toMonday({to:Date} + 1) - 7
        UNION ALL
        -- [counted
        -- The days before and after them.
        SELECT k, groupUniqArrayIf(cityHash64(value), k != '' AND value != ''), sumIf(n, k != '' AND value != ''), sumIf(n, k = '')
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
                    SELECT posted_at, author_id, author_role, author_level, account_id, source, channel, attributes
                    FROM posts
                    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
                        AND (day < toMonday({from:Date} + 6) OR day >= toMonday({to:Date} + 1))
                ) AS p
                /*@with_account*/
                LEFT JOIN
                (
                    SELECT author_key, joined_at
                    FROM members
                    WHERE community = {community:String} AND (toMonday({from:Date}) != {from:Date} OR toDayOfWeek({to:Date}) != 7) -- without such days nobody is looked for
                ) AS j ON cityHash64(p.author_id) = j.author_key
                GROUP BY author_role, author_level, source, channel, attributes, account_says, tenure
            ) AS p
            ARRAY JOIN arrayDistinct(arrayConcat(['', 'author_role', 'author_level', 'source', 'channel', 'tenure'],
                arrayMap(x -> toString(x), mapKeys(p.attributes)), arrayMap(x -> toString(x), mapKeys(p.account_says)))) AS k
        )
        GROUP BY k
        UNION ALL
        -- counted]
        SELECT arrayJoin(arrayConcat(['author_role', 'author_level', 'source', 'channel', 'tenure'], arrayMap(x -> toString(x), mapKeys(attributes)))), emptyArrayUInt64(), 0, 0
        FROM account_history
    )
    GROUP BY segment
)
WHERE segment != '' AND posts > 0
ORDER BY segment
