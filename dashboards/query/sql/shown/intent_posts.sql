SELECT
    arrayFilter(x -> has({intent:Array(String)}, x), p.intents)[1] AS intent,
    arraySort(arrayDistinct(arrayMap(s -> substringUTF8(if(s.2 = 'title', p.title, p.body), s.3 + 1, s.4 - s.3), arrayFilter(s -> has({intent:Array(String)}, s.1), p.spans)))) AS evidence,
    /*@post_columns*/
FROM
(
    SELECT *
    FROM shown_posts_ready
    WHERE community = {community:String} AND week BETWEEN {from:Date} AND {to:Date} AND hasAny(intents, {intent:Array(String)})
        AND (NOT hasAny(intents, ['promotion', 'spam']) OR hasAny({intent:Array(String)}, ['promotion', 'spam'])) AND author_role != 'staff'
    ORDER BY arraySum(mapValues(reactions)) DESC, posted_at DESC, post_id
    LIMIT {limit:UInt64}
) AS p
/*@with_account*/
ORDER BY arraySum(mapValues(p.reactions)) DESC, p.posted_at DESC, p.post_id
