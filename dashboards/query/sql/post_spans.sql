-- name: post_spans
-- title: タグの根拠
-- meaning: 投稿の題名と本文のうち、どの語句がどのタグの根拠になったか。位置は文字数で、0 から数える。
-- param: community String コミュニティ
-- param: from Date 最初の日
-- param: to Date 最後の日(この日を含む)
-- param: id Array(String) 投稿のID
SELECT post_id, kind, tag, field, start, end, text, rule
FROM post_evidence
WHERE community = {community:String} AND day BETWEEN {from:Date} AND {to:Date} AND has({id:Array(String)}, post_id)
ORDER BY post_id, field, start, end, kind, tag, rule
