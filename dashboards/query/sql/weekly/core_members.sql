-- when: toDayOfWeek({week:Date}) = 1
WITH
-- Who they are and when they wrote last, so that only these are looked at closely. Of those with as many posts all are taken.
(
    SELECT (groupArray(author), groupArray(newest), groupArray(toDate(newest)), any(members), any(all_week), any(all_replies))
    FROM
    (
        SELECT
            author, sum(n) AS posts, max(wrote) AS newest, count() OVER () AS members, sum(sumIf(n, week = {week:Date})) OVER () AS all_week, sum(sum(replied)) OVER () AS all_replies
        FROM week_writers_ready
        ARRAY JOIN authors AS author, counted AS n, replies AS replied, last AS wrote
        WHERE community = {community:String} AND week BETWEEN {week:Date} - 21 AND {week:Date} AND n > 0
        GROUP BY author
        HAVING count() >= 3
        ORDER BY posts DESC
        LIMIT {limit:UInt64} WITH TIES
    )
) AS chosen,
-- Thanks of one week for posts of another, by post. The 0 is no post; without it there might be none to compare with.
(
    SELECT (arrayPushBack(groupArray(post), toUInt64(0)), arrayPushBack(groupArray(n), toUInt64(0)))
    FROM
    (
        SELECT post, count() AS n
        FROM week_answers_ready
        ARRAY JOIN late_thanks AS post
        WHERE community = {community:String} AND week BETWEEN {week:Date} - 21 AND {week:Date}
        GROUP BY post
    )
) AS thanked
SELECT
    w.author_id AS author_id, w.author_role AS author_role, w.author_level AS author_level, w.account_id AS account_id, c.posts AS posts, c.replies AS replies,
    c.posts_week AS posts_week, c.weeks_active AS weeks_active, c.received AS received, c.off_hours AS off_hours, c.topics AS topics,
    chosen.4 AS members, chosen.5 AS members_posts_week, chosen.6 AS members_replies
FROM
(
    SELECT
        author, sum(n) AS posts, sum(replied) AS replies, sumIf(n, week = {week:Date}) AS posts_week, toUInt8(count()) AS weeks_active,
        sum(got) + sum(arraySum(k -> transform(k, thanked.1, thanked.2, toUInt64(0)), arraySlice(posted, 1, n))) AS received, sum(off) AS off_hours,
        arrayMap(x -> x.2, arraySlice(arraySort(arrayMap((topic, n) -> (-n, toString(topic)), (sumMap(about, arrayMap(x -> toInt64(1), about)) AS told).1, told.2)), 1, 3)) AS topics
    FROM week_writers_ready AS r
    ARRAY JOIN r.authors AS author, r.counted AS n, r.replies AS replied, r.received AS got, r.off_hours AS off, r.topics AS about, r.keys AS posted
    WHERE community = {community:String} AND week BETWEEN {week:Date} - 21 AND {week:Date} AND n > 0 AND author IN (SELECT arrayJoin(chosen.1))
    GROUP BY author
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
