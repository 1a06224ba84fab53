-- name: success_stories
-- title: 成功事例
-- meaning: 成功事例(success_story)の投稿。outcomes は本文から取り出した成果の数値(outcome シグナル)、empathy は同じスレッドで共感や質問をした人の数。total は limit で切る前の件数。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: limit UInt64 = 20 最大の件数
SELECT
    o.outcomes AS outcomes, c.empathy AS empathy, count() OVER () AS total, /*@post_columns*/
FROM
(
    SELECT *
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has(intents, 'success_story') AND NOT hasAny(intents, ['promotion', 'spam'])
        AND author_role != 'staff'
) AS p
/*@with_account*/
LEFT JOIN
(
    SELECT post_id, arraySort(groupUniqArray(value)) AS outcomes
    FROM post_signals
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = 'outcome'
    GROUP BY post_id
) AS o ON p.post_id = o.post_id
LEFT JOIN
(
    SELECT thread_id, uniqExactIf(author_id, author_id != '') AS empathy
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND reply_to != '' AND thread_id != '' AND hasAny(intents, ['empathy', 'question', 'praise', 'thanks'])
    GROUP BY thread_id
) AS c ON p.thread_id = c.thread_id
ORDER BY length(o.outcomes) DESC, arraySum(mapValues(p.reactions)) DESC, p.posted_at, p.post_id
LIMIT {limit:UInt64}
