-- name: actions
-- title: 対応の一覧
-- meaning: 声に応える対応と、その担当・期限・出荷。state は人が最後に記録した状態。filter は対応する投稿の条件。
-- param: community String コミュニティ
SELECT
    a.action_id AS action_id, a.title AS title, a.topic AS topic, a.filter AS filter, a.owner AS owner, a.due AS due, toString(a.state) AS state, a.release AS release,
    a.added_at AS added_at, a.added_by AS added_by, a.shipped_at AS shipped_at, a.changed_at AS changed_at, a.note AS note, a.events AS events
FROM actions AS a
WHERE a.community = {community:String}
ORDER BY added_at, action_id
