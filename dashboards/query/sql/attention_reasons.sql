-- name: attention_reasons
-- title: 対応が必要な理由
-- meaning: 企業(企業の分からない投稿は投稿者)ごとに、対応が必要な理由と点。一行が一つの理由で、点の和がその企業の点。posts はその理由の投稿。entities は理由のある企業・投稿者の全ての数。点: 48時間返信のない不満・不具合 30(2件目から+10、最大50)、解約の兆し 40(+10、最大60)、72時間返信のない質問 15(+5、最大30)、今週の否定的な投稿 1件5(最大20)、批判的なアンケート回答 20、活発だったのに2週間投稿なし 20。
-- param: community String コミュニティ
-- param: week Date 対象週の月曜日
-- param: limit UInt64 = 1000000 最大の企業・投稿者の数。点の和の大きい順に、同じなら新しい順に選ぶ
WITH
-- Who wrote in three weeks and not in the last two: key of the last post, when it was written and by whom.
(
    SELECT (groupArray(post), groupArray(at), groupArray(toDate(at)))
    FROM
    (
        -- A post's rank is the milliseconds since before these weeks and its place within the day: a number is compared far faster than a tuple.
        SELECT
            if(account = '', author, sipHash64(account)) AS entity, max(written) AS at, groupBitOr(bit) AS weeks,
            argMax(post, bitShiftLeft(toUnixTimestamp64Milli(written) - toInt64(toUnixTimestamp({week:Date} - 43)) * 1000, 30) + place) AS post
        FROM
        (
            SELECT posts, places, at, authors, accounts, traits, bitShiftLeft(toUInt8(1), intDiv(dateDiff('day', {week:Date} - 42, day), 7)) AS bit
            FROM post_keys
            WHERE community = {community:String} AND day BETWEEN {week:Date} - 42 AND {week:Date} + 6
        ) AS k
        ARRAY JOIN k.posts AS post, k.places AS place, k.at AS written, k.authors AS author, k.accounts AS account, k.traits AS trait
        WHERE bitAnd(trait, 3) = 0 AND (account != '' OR bitAnd(trait, 4) > 0)
        GROUP BY entity
        HAVING weeks < 32 AND bitCount(weeks) >= 3
    )
) AS silent
SELECT entity_kind, entity, r.1 AS reason, r.2 AS points, r.3 AS posts, r.4 AS last_at, entities
FROM
(
    SELECT entity_kind, entity, groupArray((reason, points, posts, last_at)) AS reasons, sum(points) AS total, max(last_at) AS newest, count() OVER () AS entities
    FROM
    (
        SELECT
            if(account != '', 'account', 'author') AS entity_kind, if(account != '', account, author) AS entity, reason, toUInt64(least(most, base + step * (length(posts) - 1))) AS points,
            arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupArray((at, post_id)))), 1, 50) AS posts, max(at) AS last_at
        FROM
        (
            SELECT p.account AS account, p.author AS author, r.why.1 AS reason, r.why.2 AS base, r.why.3 AS step, r.why.4 AS most, p.post_id AS post_id, p.at AS at
            FROM
            (
                SELECT account_id AS account, if(account_id = '', author_id, '') AS author, post_id, posted_at AS at
                FROM posts
                WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 AND {week:Date} + 6
            ) AS p
            INNER JOIN
            (
                -- Replies answer the post they name and the question that begins their thread.
                SELECT
                    post, arrayJoin(arrayFilter(x -> x.5,
                    [
                        ('unanswered_complaint', 30, 10, 50, day < {week:Date} + 5 AND bitAnd(trait, 256) > 0 AND answerable AND post NOT IN
                        (
                            SELECT arrayJoin(answered) FROM post_keys WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 AND {week:Date} + 6 AND kind = 'reply'
                        )),
                        ('open_question', 15, 5, 30, day < {week:Date} + 4 AND kind != 'reply' AND bitAnd(trait, 1024) > 0 AND answerable AND thread NOT IN
                        (
                            SELECT arrayJoin(threads) FROM post_keys WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 AND {week:Date} + 6 AND kind = 'reply'
                        )),
                        ('churn_signal', 40, 10, 60, bitAnd(trait, 512) > 0),
                        ('negative_voice', 5, 5, 20, bitAnd(trait, 2048) > 0 AND day >= {week:Date})
                    ])) AS why
                FROM
                (
                    SELECT
                        kind, day, post, thread, trait,
                        source IN (SELECT source FROM source_daily WHERE community = {community:String} AND day BETWEEN {week:Date} - 56 AND {week:Date} + 6 AND replies > 0) AS answerable
                    FROM post_keys
                    ARRAY JOIN posts AS post, threads AS thread, sources AS source, traits AS trait
                    WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 AND {week:Date} + 6 AND bitAnd(trait, 11) = 0 AND bitAnd(trait, 3840) > 0
                )
            ) AS r ON cityHash64(p.post_id) = r.post
            UNION ALL
            SELECT account_id, if(account_id = '', author_id, ''), 'detractor', 20, 0, 20, post_id, answered_at
            FROM surveys
            WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND category IN ('detractor', 'dissatisfied')
            UNION ALL
            SELECT account_id, if(account_id = '', author_id, ''), 'silent', 20, 0, 20, post_id, posted_at
            FROM posts
            WHERE community = {community:String} AND day IN (SELECT arrayJoin(silent.3)) AND posted_at IN (SELECT arrayJoin(silent.2)) AND cityHash64(post_id) IN (SELECT arrayJoin(silent.1))
        )
        WHERE account != '' OR author != ''
        GROUP BY account, author, reason, base, step, most
    )
    GROUP BY entity_kind, entity
    ORDER BY total DESC, newest DESC, entity_kind, entity
    LIMIT {limit:UInt64}
)
ARRAY JOIN reasons AS r
ORDER BY entity_kind, entity, points DESC, reason
