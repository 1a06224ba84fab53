-- name: hour_cells
-- title: 1時間ごとの投稿数
-- meaning: 話題ごと、1時間ごとの投稿数。話題が空の行は全ての投稿。親の話題は子を含む。宣伝・迷惑投稿とスタッフの投稿は含まない。急増・急減の検知が「いつもの数」を知るために使う。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT arrayJoin(arrayConcat([''], /*@with_parents*/)) AS topic, hour, sum(n) AS posts
FROM
(
    SELECT toStartOfHour(posted_at) AS hour, about AS topics, count() AS n
    FROM post_keys
    ARRAY JOIN at AS posted_at, traits AS trait, topics AS about
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND bitAnd(trait, 1 + 8) = 0
    GROUP BY hour, about
)
GROUP BY topic, hour
ORDER BY topic, hour
