-- name: attention_reasons
-- title: 対応が必要な理由
-- meaning: 企業(企業の分からない投稿は投稿者)ごとに、対応が必要な理由と点。一行が一つの理由で、点の和がその企業の点。posts はその理由の投稿。点: 48時間返信のない不満・不具合 30(2件目から+10、最大50)、解約の兆し 40(+10、最大60)、72時間返信のない質問 15(+5、最大30)、今週の否定的な投稿 1件5(最大20)、批判的なアンケート回答 20、活発だったのに2週間投稿なし 20。
-- param: community String コミュニティ
-- param: week Date 対象週の月曜日
SELECT
    if(account != '', 'account', 'author') AS entity_kind, if(account != '', account, author) AS entity, reason, toUInt64(least(most, base + step * (length(posts) - 1))) AS points,
    arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupArray((at, post_id)))), 1, 50) AS posts, max(at) AS last_at
FROM
(
    SELECT p.account_id AS account, if(p.account_id = '', p.author_id, '') AS author, 'unanswered_complaint' AS reason, 30 AS base, 10 AS step, 50 AS most, p.post_id AS post_id, p.posted_at AS at
    FROM posts AS p
    LEFT JOIN
    (
        SELECT r.reply_to AS post_id, min(r.posted_at) AS at
        FROM posts AS r
        WHERE r.community = {community:String} AND r.day BETWEEN {week:Date} - 14 AND {week:Date} + 6 AND r.reply_to != ''
        GROUP BY post_id
    ) AS a ON p.post_id = a.post_id
    WHERE p.community = {community:String} AND p.day BETWEEN {week:Date} - 7 AND {week:Date} + 6 AND hasAny(p.intents, ['complaint', 'bug'])
        AND NOT hasAny(p.intents, ['promotion', 'spam']) AND p.author_role NOT IN ('staff', 'outsider')
        AND p.source IN (SELECT source FROM posts WHERE community = {community:String} AND day BETWEEN {week:Date} - 56 AND {week:Date} + 6 AND reply_to != '')
        AND a.post_id = '' AND p.posted_at < toStartOfDay(p.posted_at) + toIntervalDay(dateDiff('day', p.day, {week:Date} + 5))
    UNION ALL
    SELECT account_id, if(account_id = '', author_id, ''), 'churn_signal', 40, 10, 60, post_id, posted_at
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 AND {week:Date} + 6 AND has(intents, 'churn_risk') AND author_role NOT IN ('staff', 'outsider')
        AND NOT hasAny(intents, ['promotion', 'spam'])
    UNION ALL
    SELECT l.account_id, if(l.account_id = '', l.author_id, ''), 'open_question', 15, 5, 30, l.post_id, l.posted_at
    FROM /*@questions_of_week*/ AS l
    UNION ALL
    SELECT account_id, if(account_id = '', author_id, ''), 'negative_voice', 5, 5, 20, post_id, posted_at
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {week:Date} AND {week:Date} + 6 AND sentiment = 'negative' AND author_role NOT IN ('staff', 'outsider')
        AND NOT hasAny(intents, ['promotion', 'spam'])
    UNION ALL
    SELECT account_id, if(account_id = '', author_id, ''), 'detractor', 20, 0, 20, post_id, answered_at
    FROM surveys
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND category IN ('detractor', 'dissatisfied')
    UNION ALL
    SELECT account, author, 'silent', 20, 0, 20, s.1, s.2
    FROM
    (
        SELECT account_id AS account, if(account_id = '', author_id, '') AS author, argMax((post_id, posted_at), (posted_at, post_id)) AS s
        FROM posts
        WHERE community = {community:String} AND day BETWEEN {week:Date} - 42 AND {week:Date} + 6 AND author_role NOT IN ('staff', 'outsider')
            AND (account_id != '' OR author_id != '')
        GROUP BY account, author
        HAVING uniqExactIf(week, week < {week:Date} - 7) >= 3 AND max(week) < {week:Date} - 7
    )
)
WHERE account != '' OR author != ''
GROUP BY account, author, reason, base, step, most
ORDER BY entity_kind, entity, points DESC, reason
