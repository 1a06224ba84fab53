-- name: decisions
-- title: 隔離についての人の判断
-- meaning: 人が戻した投稿(released)と、人が隔離した投稿(promotion・spam)。いま効いている判断だけを、新しい順に。edited は判断のあとで投稿が編集されたこと、gone は投稿が削除されたことを示す。
-- param: community String コミュニティ
-- param: from Date = 1970-01-01 投稿の最初の日
-- param: to Date = 2149-01-01 投稿の最後の日(この日を含む)
SELECT
    toString(d.community) AS community, d.day AS day, d.post_id AS post_id, toString(d.verdict) AS verdict, d.decided_at AS decided_at, d.decided_by AS decided_by,
    d.reason AS reason, d.tagged AS tagged, d.number AS number, p.version > d.version AS edited, p.post_id = '' AS gone, toString(p.author_role) AS author_role, p.body AS body
FROM
(
    SELECT *
    FROM post_decisions
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND current
) AS d
LEFT JOIN
(
    SELECT day, post_id, version, author_role, body
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date}
        AND post_id IN (SELECT post_id FROM post_decisions WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date})
) AS p ON p.day = d.day AND p.post_id = d.post_id
ORDER BY decided_at DESC, post_id
