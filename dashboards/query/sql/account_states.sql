-- name: account_states
-- title: 企業の状態
-- meaning: 指定した日の終わりの時点での、企業の名前と属性。終了した企業は含まない。
-- param: to Date この日の終わりの時点
-- param: account Array(String) = [] 企業のID。空なら全て
SELECT account_id, name, attributes, valid_from
FROM account_history
WHERE toDate(valid_from) <= {to:Date} AND toDate(valid_to) > {to:Date} AND (empty({account:Array(String)}) OR has({account:Array(String)}, account_id))
ORDER BY account_id, valid_from DESC
LIMIT 1 BY account_id
