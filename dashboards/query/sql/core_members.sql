-- name: core_members
-- title: 中心メンバー
-- meaning: 直近4週のうち3週以上に投稿した人(スタッフを除く)。posts と replies は4週の合計、received は返信・採用で役に立った回数(採用された回答とお礼の返信)、topics はよく話す話題。members と members_posts_week、members_replies は limit で切る前の全員の人数、今週の投稿と4週の返信。
-- param: community String コミュニティ
-- param: week Date 対象週の月曜日
-- param: limit UInt64 = 500 最大の行数
WITH
-- Who they are and when they wrote last, so that only these are looked at closely. Of those with as many posts all are taken.
(
    SELECT (groupArray(author), groupArray(last), groupArray(toDate(last)), any(members), any(all_week), any(all_replies))
    FROM
    (
        SELECT
            author, count() AS posts, max(written) AS last, groupBitOr(toUInt8(exp2(intDiv(dateDiff('day', {week:Date} - 21, day), 7)))) AS weeks,
            count() OVER () AS members, sum(countIf(day >= {week:Date})) OVER () AS all_week, sum(countIf(kind = 'reply')) OVER () AS all_replies
        FROM post_keys
        ARRAY JOIN authors AS author, at AS written, traits AS trait
        WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND bitAnd(trait, 13) = 4
        GROUP BY author
        HAVING bitCount(weeks) >= 3
        ORDER BY posts DESC
        LIMIT {limit:UInt64} WITH TIES
    )
) AS chosen
SELECT
    w.author_id AS author_id, w.author_role AS author_role, w.author_level AS author_level, w.account_id AS account_id, c.posts AS posts, c.replies AS replies,
    c.posts_week AS posts_week, c.weeks_active AS weeks_active, c.received AS received, c.off_hours AS off_hours, c.topics AS topics,
    chosen.4 AS members, chosen.5 AS members_posts_week, chosen.6 AS members_replies
FROM
(
    SELECT
        p.author AS author, count() AS posts, countIf(p.kind = 'reply') AS replies, countIf(p.day >= {week:Date}) AS posts_week, toUInt8(uniqExact(toMonday(p.day))) AS weeks_active,
        countIf(bitAnd(p.trait, 16) > 0) + sum(t.n) AS received, countIf(bitAnd(p.trait, 4096) > 0) AS off_hours,
        arrayMap(x -> x.1, arraySlice(arraySort(x -> (-toInt64(x.2), x.1), arrayZip(mapKeys(sumMap(p.topic_counts)) AS topic_ids, arrayMap(k -> sumMap(p.topic_counts)[k], topic_ids))), 1, 3)) AS topics
    FROM
    (
        SELECT kind, day, post, author, trait, CAST((arrayMap(x -> toString(x), about), arrayMap(x -> toUInt64(1), about)), 'Map(String, UInt64)') AS topic_counts
        FROM post_keys
        ARRAY JOIN posts AS post, authors AS author, traits AS trait, topics AS about
        WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND bitAnd(trait, 13) = 4 AND author IN (SELECT arrayJoin(chosen.1))
    ) AS p
    LEFT JOIN
    (
        SELECT to AS post, count() AS n
        FROM post_keys
        ARRAY JOIN answered AS to, traits AS trait
        WHERE community = {community:String} AND day BETWEEN {week:Date} - 21 AND {week:Date} + 6 AND kind = 'reply' AND bitAnd(trait, 32) > 0
        GROUP BY post
    ) AS t ON p.post = t.post
    GROUP BY p.author
) AS c
INNER JOIN
(
    SELECT
        author, any(o.author_id) AS author_id, argMax(o.author_role, o.post_id) AS author_role, argMax(o.author_level, o.post_id) AS author_level,
        argMax(o.account_id, o.post_id) AS account_id
    FROM posts AS o
    WHERE community = {community:String} AND day IN (SELECT arrayJoin(chosen.3)) AND posted_at IN (SELECT arrayJoin(chosen.2))
        AND (cityHash64(o.author_id) AS author, posted_at) IN (SELECT x.1, x.2 FROM (SELECT arrayJoin(arrayZip(chosen.1, chosen.2)) AS x))
        AND o.author_role != 'staff' AND NOT hasAny(intents, ['promotion', 'spam'])
    GROUP BY author
) AS w ON c.author = w.author
ORDER BY posts DESC, author_id
LIMIT {limit:UInt64}
