-- name: posts_authors
-- title: 条件に合う投稿を書いた人
-- meaning: 条件に合う投稿を書いた人を一人一行で、はじめて書いた順に。人は仮名。誰のものか分からない投稿は含まない。条件は posts_list と同じ。
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
SELECT
    p.author_id AS author_id, argMax(toString(p.author_role), p.posted_at) AS author_role, argMax(toString(p.author_level), p.posted_at) AS author_level,
    argMax(p.account_id, p.posted_at) AS account_id, count() AS posts, min(p.posted_at) AS first_at, max(p.posted_at) AS last_at, argMax(p.post_id, (p.posted_at, p.post_id)) AS last_post
FROM
(
    SELECT *
    /*@post_filter*/
    AND author_id != ''
) AS p
GROUP BY author_id
ORDER BY first_at, author_id
