SELECT
    toString(s.kind) AS kind, s.value AS value, uniqExactIf(s.post_id, s.week = {week:Date}) AS posts, uniqExactIf(s.author_id, s.week = {week:Date} AND s.author_id != '') AS authors,
    uniqExactIf(s.post_id, s.week < {week:Date}) AS before, uniqExactIf(s.post_id, s.week = {week:Date} AND s.sentiment = 'negative') AS negative
FROM post_signals AS s
WHERE s.community = {community:String} AND s.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND (empty({kinds:Array(String)}) OR has({kinds:Array(String)}, s.kind))
GROUP BY kind, value
HAVING posts > 0
ORDER BY kind, posts DESC, before, value
LIMIT {limit:UInt64} BY kind
