SELECT
    arrayMap(x -> x.1, p.reason_points) AS reasons, arrayMap(x -> toUInt64(x.2), p.reason_points) AS reason_values, toUInt64(arraySum(x -> x.2, p.reason_points)) AS points,
    /*@post_columns*/
FROM
(
    SELECT
        *,
        /*@severe_reasons*/
    FROM (SELECT *, bitAnd(severe, 2) > 0 AS effort, bitAnd(severe, 4) > 0 AS rare, bitAnd(severe, 8) > 0 AS unanswered FROM shown_posts_ready)
    WHERE community = {community:String} AND week BETWEEN {from:Date} AND {to:Date} AND severe > 0
) AS p
/*@with_account*/
ORDER BY points DESC, p.posted_at, p.post_id
LIMIT {limit:UInt64}
