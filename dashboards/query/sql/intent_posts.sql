-- name: intent_posts
-- title: 意図のある投稿
-- meaning: 意図を含む投稿とその根拠の語句。スタッフの投稿、宣伝・迷惑投稿は含まない。反応の多い順。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: intent Array(String) 意図
-- param: limit UInt64 = 200 最大の件数
WITH
-- Chosen by what is short; whole posts and their words are read only around those that are shown.
(
    SELECT (groupArray(post_id), groupArray(day))
    FROM
    (
        SELECT day, post_id
        FROM posts
        WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND hasAny(intents, {intent:Array(String)})
            AND (NOT hasAny(intents, ['promotion', 'spam']) OR hasAny({intent:Array(String)}, ['promotion', 'spam'])) AND author_role != 'staff'
        ORDER BY arraySum(mapValues(reactions)) DESC, posted_at DESC, post_id
        LIMIT {limit:UInt64}
    )
) AS chosen
SELECT
    arrayFilter(x -> has({intent:Array(String)}, x), p.intents)[1] AS intent,
    arraySort(arrayDistinct(arrayMap(s -> substringUTF8(if(s.1 = 'title', p.title, p.body), s.2 + 1, s.3 - s.2), g.spans))) AS evidence, /*@post_columns*/
FROM
(
    SELECT *
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND day IN (SELECT arrayJoin(chosen.2)) AND post_id IN (SELECT arrayJoin(chosen.1))
) AS p
/*@with_account*/
LEFT JOIN
(
    SELECT post_id, groupArray((toString(field), start, end)) AS spans
    FROM post_evidence
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND day IN (SELECT arrayJoin(chosen.2)) AND post_id IN (SELECT arrayJoin(chosen.1))
        AND kind = 'intent' AND has({intent:Array(String)}, tag)
    GROUP BY post_id
) AS g ON p.post_id = g.post_id
ORDER BY arraySum(mapValues(p.reactions)) DESC, p.posted_at DESC, p.post_id
