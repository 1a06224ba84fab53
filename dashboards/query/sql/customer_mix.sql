-- name: customer_mix
-- title: 顧客の構成
-- meaning: 指定した日の終わりの時点での、企業の属性の値ごとの企業数。その日までの一年に、このコミュニティで投稿か活動(閲覧・ログインなど)のあった企業だけを数え、終了した企業は含まない。属性のない企業はその属性の行に数えない。
-- param: community String コミュニティ
-- param: to Date この日の終わりの時点
SELECT toString(a.1) AS segment, a.2 AS value, count() AS customers
FROM
(
    SELECT attributes
    FROM account_history
    WHERE toDate(valid_from) <= {to:Date} AND toDate(valid_to) > {to:Date} AND account_id IN
    (
        SELECT account_id FROM posts WHERE community = {community:String} AND day BETWEEN {to:Date} - 364 AND {to:Date} AND account_id != ''
        UNION DISTINCT
        SELECT account_id FROM activity WHERE community = {community:String} AND day BETWEEN {to:Date} - 364 AND {to:Date} AND account_id != ''
    )
    ORDER BY account_id, valid_from DESC
    LIMIT 1 BY account_id
)
ARRAY JOIN arrayZip(mapKeys(attributes), mapValues(attributes)) AS a
WHERE value != ''
GROUP BY segment, value
ORDER BY segment, value
