-- name: happy_reasons
-- title: 好調な理由
-- meaning: 企業(企業の分からない投稿は投稿者)ごとに、好調とみる理由と点。一行が一つの理由で、点の和がその企業の点。posts はその理由の投稿。点: 成功事例 30(2件目から+10、最大50)、人に薦める投稿 20(+10、最大40)、採用された回答 10(+10、最大30)、称賛 1件5(最大20)、推奨者のアンケート回答 20、拡大の兆し 10(最大20)。
-- param: community String コミュニティ
-- param: week Date 対象週の月曜日
SELECT
    if(account != '', 'account', 'author') AS entity_kind, if(account != '', account, author) AS entity, reason, toUInt64(least(most, base + step * (length(posts) - 1))) AS points,
    arraySlice(arrayMap(x -> x.2, arrayReverseSort(groupArray((at, post_id)))), 1, 50) AS posts, max(at) AS last_at
FROM
(
    SELECT p.account_id AS account, if(p.account_id = '', p.author_id, '') AS author, r.1 AS reason, r.3 AS base, r.4 AS step, r.5 AS most, p.post_id AS post_id, p.posted_at AS at
    FROM posts AS p
    ARRAY JOIN [('success_story', 'success_story', 30, 10, 50), ('recommend', 'recommend', 20, 10, 40), ('praise', 'praise', 5, 5, 20), ('upsell', 'upsell_signal', 10, 10, 20)] AS r
    WHERE p.community = {community:String} AND p.day BETWEEN {week:Date} AND {week:Date} + 6 AND has(p.intents, r.2) AND p.author_role NOT IN ('staff', 'outsider')
        AND NOT hasAny(p.intents, ['promotion', 'spam'])
    UNION ALL
    SELECT account_id, if(account_id = '', author_id, ''), 'accepted_answer', 10, 10, 30, post_id, posted_at
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 7 AND {week:Date} + 6 AND author_role NOT IN ('staff', 'outsider')
        AND (accepted OR post_id IN (SELECT post_id FROM activity WHERE community = {community:String} AND event = 'accepted' AND day BETWEEN {week:Date} AND {week:Date} + 6))
    UNION ALL
    SELECT account_id, if(account_id = '', author_id, ''), 'promoter', 20, 0, 20, post_id, answered_at
    FROM surveys
    WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND category = 'promoter'
)
WHERE account != '' OR author != ''
GROUP BY account, author, reason, base, step, most
ORDER BY entity_kind, entity, points DESC, reason
