-- name: posts_list
-- title: 投稿の一覧
-- meaning: 条件に合う投稿。どの集計の数字も、この問い合わせで元の投稿まで戻れる。account_* は投稿した時点の企業の属性。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: id Array(String) = [] 投稿のID
-- param: topic Array(String) = [] 話題(親の話題は子を含む)。空の値は「話題なし」
-- param: topic_sentiment Array(String) = [] その話題についての極性
-- param: intent Array(String) = [] 意図。空の値は「意図なし」
-- param: sentiment Array(String) = [] 投稿全体の極性
-- param: source Array(String) = [] 情報源
-- param: channel Array(String) = [] チャンネル
-- param: role Array(String) = [] 投稿者の役割
-- param: account Array(String) = [] 企業のID
-- param: author Array(String) = [] 投稿者(仮名)
-- param: thread Array(String) = [] スレッドのID
-- param: flag Array(String) = [] 処理の注記
-- param: weekday Array(UInt8) = [] 曜日。1 が月曜
-- param: hour Array(UInt8) = [] 時刻 0〜23
-- param: reply String = '' yes は返信だけ、no は返信以外
-- param: quarantined String = '' yes は隔離した投稿だけ、no は隔離した投稿を除く
-- param: signal Array(String) = [] シグナル。種類、または 種類=値
-- param: phrase Array(String) = [] 根拠の語句(小文字)
-- param: text String = '' 題名と本文に含まれる語句
-- param: segment Array(String) = [] セグメント。plan=standard の形。値が空なら「不明」
-- param: sort String = newest 並び順: newest(新しい順)、negative(否定的な順)、reactions(反応の多い順)
-- param: limit UInt64 = 50 最大の件数
-- param: offset UInt64 = 0 読み飛ばす件数
SELECT
    /*@post_columns*/
FROM
(
    SELECT *
    FROM posts
    WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND (day, post_id) IN
    (
        -- Chosen by what is short; whole posts are read only around those that are shown.
        SELECT day, post_id
        /*@post_filter*/
        ORDER BY
            -- [given sort negative reactions
            multiIf({sort:String} = 'negative', score, {sort:String} = 'reactions', -toFloat64(arraySum(mapValues(reactions))), 0.) ASC,
            -- given]
            posted_at DESC, post_id
        LIMIT {limit:UInt64} OFFSET {offset:UInt64}
    )
) AS p
/*@with_account*/
ORDER BY
    -- [given sort negative reactions
    multiIf({sort:String} = 'negative', p.score, {sort:String} = 'reactions', -toFloat64(arraySum(mapValues(p.reactions))), 0.) ASC,
    -- given]
    p.posted_at DESC, p.post_id
