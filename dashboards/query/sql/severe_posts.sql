-- name: severe_posts
-- title: まれだが重大な投稿
-- meaning: 件数では埋もれる重大な投稿。話題がまれか、話題がないか、重大になりやすい話題のものだけ。points は reasons の点の和: 解約の兆し 40、不具合 20、不満 15、強い否定 15、セキュリティ・アカウント・契約の話題 15、手間の訴え 10、話題がまれ 10、返信なし 10。点の高い順。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: rare UInt64 = 5 話題の投稿がこの数以下なら「まれ」
-- param: minimum UInt64 = 40 この点以上を出す
-- param: critical Array(String) = security,account,contract,reliability 重大になりやすい話題
-- param: limit UInt64 = 12 最大の件数
WITH
(
    SELECT (groupArray(post_id), groupArray(day), groupArray(effort), groupArray(rare), groupArray(unanswered))
    FROM
    (
        -- Chosen by what is short, with sets of ids in the place of joins; whole posts are read only around those that are shown.
        SELECT
            day, post_id,
            post_id IN
            (
                SELECT post_id FROM post_signals WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = 'effort'
            ) AS effort,
            post_id IN
            (
                SELECT post_id
                FROM post_topics
                WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND topic IN
                (
                    SELECT topic
                    FROM topic_day_totals
                    WHERE community = {community:String} AND week BETWEEN toMonday({from:Date}) AND {to:Date} AND day BETWEEN {from:Date} AND {to:Date}
                    GROUP BY topic HAVING sum(posts) <= {rare:UInt64}
                )
            ) AS rare,
            reply_to = '' AND post_id NOT IN
            (
                SELECT reply_to FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND reply_to != ''
            ) AS unanswered,
            hasAny(arrayMap(x -> splitByChar('/', x)[1], topics), {critical:Array(String)}) AS grave,
            40 * has(intents, 'churn_risk') + 20 * has(intents, 'bug') + 15 * has(intents, 'complaint') + 15 * (sentiment = 'negative' AND score <= -0.6)
                + 15 * grave + 10 * effort + 10 * rare + 10 * unanswered AS points
        FROM posts
        WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND sentiment IN ('negative', 'mixed')
            AND hasAny(intents, ['churn_risk', 'bug', 'complaint']) AND NOT hasAny(intents, ['promotion', 'spam']) AND author_role != 'staff'
            AND points >= {minimum:UInt64} AND (rare OR empty(topics) OR grave)
        ORDER BY points DESC, posted_at, post_id
        LIMIT {limit:UInt64}
    )
) AS chosen
SELECT
    arrayMap(x -> x.1, p.reason_points) AS reasons, arrayMap(x -> toUInt64(x.2), p.reason_points) AS reason_values, toUInt64(arraySum(x -> x.2, p.reason_points)) AS points,
    /*@post_columns*/
FROM
(
    SELECT
        *,
        indexOf(chosen.1, post_id) AS found, chosen.3[found] AS effort, chosen.4[found] AS rare, chosen.5[found] AS unanswered,
        /*@severe_reasons*/
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND day IN (SELECT arrayJoin(chosen.2)) AND post_id IN (SELECT arrayJoin(chosen.1))
) AS p
/*@with_account*/
ORDER BY points DESC, p.posted_at, p.post_id
