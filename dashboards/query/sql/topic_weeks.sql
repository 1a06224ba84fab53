-- name: topic_weeks
-- title: 話題の週次推移
-- meaning: 週と話題ごとの投稿数、極性、人数。親の話題は子の投稿を一度だけ含む。sum_squares は投稿者ごとの投稿数の二乗の和で、少人数への偏りを検定に入れるために使う。投稿のない週の行はない。
-- param: community String コミュニティ
-- param: week Date 最後の週の月曜日
-- param: weeks UInt8 = 8 それより前の週の数
-- param: topic Array(String) = [] 話題。空なら全て
-- param: source Array(String) = [] 情報源。空なら全て
SELECT week, topic, level, posts, replies, positive, negative, neutral, mixed, authors, accounts, sum_squares
FROM
(
    -- Without a choice of sources the weeks stand ready.
    SELECT
        w.week AS week, toString(w.topic) AS topic, w.level AS level, w.posts AS posts, w.replies AS replies, w.positive AS positive, w.negative AS negative,
        w.neutral AS neutral, w.mixed AS mixed, w.authors AS authors, w.accounts AS accounts, w.author_squares AS sum_squares
    FROM topic_week_totals AS w
    WHERE empty({source:Array(String)}) AND w.community = {community:String} AND w.week BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date}
        AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, w.topic))
    UNION ALL
    SELECT
        t.week AS week, t.topic AS topic, t.level AS level, t.posts AS posts, t.replies AS replies, t.positive AS positive, t.negative AS negative,
        t.neutral AS neutral, t.mixed AS mixed, t.authors AS authors, t.accounts AS accounts, a.sum_squares AS sum_squares
    FROM
    (
        SELECT
            d.week AS week, toString(d.topic) AS topic, any(d.level) AS level, sum(d.posts) AS posts, sum(d.replies) AS replies, sum(d.positive) AS positive,
            sum(d.negative) AS negative, sum(d.neutral) AS neutral, sum(d.mixed) AS mixed, uniqExactArray(d.author_keys) AS authors,
            uniqExactArray(d.account_keys) AS accounts
        FROM topic_daily AS d
        WHERE notEmpty({source:Array(String)}) AND d.community = {community:String} AND d.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
            AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, d.topic)) AND has({source:Array(String)}, d.source)
        GROUP BY week, topic
    ) AS t
    LEFT JOIN
    (
        SELECT week, topic, sum(n * n) AS sum_squares
        FROM
        (
            SELECT p.week AS week, toString(p.topic) AS topic, if(p.author_id = '', concat('\0', p.post_id), p.author_id) AS author, count() AS n
            FROM post_topics AS p
            WHERE notEmpty({source:Array(String)}) AND p.community = {community:String} AND p.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
                AND (empty({topic:Array(String)}) OR has({topic:Array(String)}, p.topic)) AND has({source:Array(String)}, p.source)
            GROUP BY week, topic, author
        )
        GROUP BY week, topic
    ) AS a ON t.week = a.week AND t.topic = a.topic
)
ORDER BY week, posts DESC, topic
