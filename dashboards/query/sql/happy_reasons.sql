-- name: happy_reasons
-- title: 好調な理由
-- meaning: 企業(企業の分からない投稿は投稿者)ごとに、好調とみる理由と点。一行が一つの理由で、点の和がその企業の点。posts はその理由の投稿。entities は理由のある企業・投稿者の全ての数。点: 成功事例 30(2件目から+10、最大50)、人に薦める投稿 20(+10、最大40)、採用された回答 10(+10、最大30)、称賛 1件5(最大20)、推奨者のアンケート回答 20、拡大の兆し 10(最大20)。
-- param: community String コミュニティ
-- param: week Date 対象週の月曜日
-- param: limit UInt64 = 1000000 最大の企業・投稿者の数。点の和の大きい順に、同じなら新しい順に選ぶ
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
    )
    GROUP BY entity_kind, entity
    ORDER BY total DESC, newest DESC, entity_kind, entity
    LIMIT {limit:UInt64}
)
ARRAY JOIN reasons AS r
ORDER BY entity_kind, entity, points DESC, reason
