-- name: intent_posts
-- title: 意図のある投稿
-- meaning: 意図を含む投稿とその根拠の語句。スタッフの投稿、宣伝・迷惑投稿は含まない。反応の多い順。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: intent Array(String) 意図
-- param: limit UInt64 = 200 最大の件数
SELECT
    arrayFilter(x -> has({intent:Array(String)}, x), p.intents)[1] AS intent, g.evidence AS evidence, /*@post_columns*/
FROM
(
    SELECT *
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND hasAny(intents, {intent:Array(String)})
        AND (NOT hasAny(intents, ['promotion', 'spam']) OR hasAny({intent:Array(String)}, ['promotion', 'spam'])) AND author_role != 'staff'
    ORDER BY arraySum(mapValues(reactions)) DESC, posted_at DESC, post_id
    LIMIT {limit:UInt64}
) AS p
/*@with_account*/
LEFT JOIN
(
    SELECT post_id, arraySort(groupUniqArray(text)) AS evidence
    FROM post_evidence
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = 'intent' AND has({intent:Array(String)}, tag) AND post_id IN
    (
        -- The posts that are shown, so that words are cut out of no other text.
        SELECT post_id
        FROM posts
        WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND hasAny(intents, {intent:Array(String)})
            AND (NOT hasAny(intents, ['promotion', 'spam']) OR hasAny({intent:Array(String)}, ['promotion', 'spam'])) AND author_role != 'staff'
        ORDER BY arraySum(mapValues(reactions)) DESC, posted_at DESC, post_id
        LIMIT {limit:UInt64}
    )
    GROUP BY post_id
) AS g ON p.post_id = g.post_id
ORDER BY arraySum(mapValues(p.reactions)) DESC, p.posted_at DESC, p.post_id
