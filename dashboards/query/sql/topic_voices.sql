-- name: topic_voices
-- title: 話題ごとの声の偏り
-- meaning: 話題ごとに、投稿者一人ひとりの投稿数を多い順に並べたもの。作者の分からない投稿は一件ずつ別人とする。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
SELECT topic, arrayReverseSort(groupArray(n)) AS author_posts, uniqExactIf(account, account != '') AS accounts
FROM
(
    SELECT toString(p.topic) AS topic, if(p.author_id = '', concat('\0', p.post_id), p.author_id) AS author, any(p.account_id) AS account, count() AS n
    FROM post_topics AS p
    WHERE p.community = {community:String} AND p.day BETWEEN {from:Date} AND {to:Date}
    GROUP BY topic, author
)
GROUP BY topic
ORDER BY topic
