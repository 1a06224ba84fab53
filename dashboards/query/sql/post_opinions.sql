-- name: post_opinions
-- title: 投稿に出た意見
-- meaning: 挙げた投稿に出た意見(「何が→どうだ」)ごとの投稿数と人数。多い順。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: id Array(String) 投稿のID
-- param: limit UInt64 = 5 最大の行数
SELECT s.value AS opinion, uniqExact(s.post_id) AS posts, uniqExact(if(p.author_id = '', p.post_id, p.author_id)) AS authors
FROM post_signals AS s
INNER JOIN
(
    SELECT post_id, author_id FROM posts WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has({id:Array(String)}, post_id)
) AS p ON s.post_id = p.post_id
WHERE s.community = {community:String} AND s.day BETWEEN {from:Date} AND {to:Date} AND s.kind = 'opinion_unit' AND has({id:Array(String)}, s.post_id)
GROUP BY opinion
ORDER BY authors DESC, posts DESC, opinion
LIMIT {limit:UInt64}
