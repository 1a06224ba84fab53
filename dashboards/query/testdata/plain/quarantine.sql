SELECT
    toString(i.intent) AS intent, toString(i.author_role) AS author_role, countIf(i.week = {week:Date}) AS posts,
    uniqExactIf(i.author_id, i.week = {week:Date} AND i.author_id != '') AS authors, countIf(i.week < {week:Date}) AS before
FROM post_intents AS i
WHERE i.community = {community:String} AND i.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6 AND has({intent:Array(String)}, i.intent)
GROUP BY intent, author_role
ORDER BY intent, posts DESC, author_role
