CREATE OR REPLACE VIEW {{database}}.actions{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community whose voices the action answers',
    action_id String COMMENT 'Id of the action',
    title String COMMENT 'What is to be done',
    topic String COMMENT 'Topic it is about; empty for none',
    filter String COMMENT 'Which posts it answers, as the query of the address of the page of posts, without community and days',
    owner String COMMENT 'Who sees to it',
    due Nullable(Date) COMMENT 'Day until which it shall be done; NULL for none',
    state LowCardinality(String) COMMENT 'What people said last: open, shipped, closed or reopened. Reports also call a shipped one reopened when its voices are back above the level before',
    release String COMMENT 'The release it shipped with last; empty when it did not ship',
    added_at DateTime64(3, '{{zone}}') COMMENT 'When it was written down',
    added_by String COMMENT 'Who wrote it down',
    shipped_at Nullable(DateTime64(3, '{{zone}}')) COMMENT 'When it shipped last; NULL when it did not ship',
    changed_at DateTime64(3, '{{zone}}') COMMENT 'When its last event happened',
    note String COMMENT 'Remark of its last event',
    events UInt64 COMMENT 'Number of its events, which action_events lists'
)
{{security}}
AS
SELECT
    community, action_id, argMinIf(title, (number, event_id), event = 'added') AS title, argMinIf(topic, (number, event_id), event = 'added') AS topic,
    argMinIf(filter, (number, event_id), event = 'added') AS filter, argMinIf(owner, (number, event_id), event = 'added') AS owner,
    nullIf(argMinIf(f.due, (number, event_id), event = 'added'), toDate(0)) AS due,
    transform(argMax(event, (number, happened_at, event_id)), ['added'], ['open'], argMax(event, (number, happened_at, event_id))) AS state,
    argMaxIf(release, (number, happened_at, event_id), event = 'shipped') AS release,
    argMinIf(happened_at, (number, event_id), event = 'added') AS added_at, argMinIf(made_by, (number, event_id), event = 'added') AS added_by,
    if(countIf(event = 'shipped') = 0, NULL, argMaxIf(happened_at, (number, happened_at, event_id), event = 'shipped')) AS shipped_at,
    argMax(happened_at, (number, f.happened_at, event_id)) AS changed_at, argMax(note, (number, f.happened_at, event_id)) AS note, count() AS events
FROM {{database}}.action_facts AS f FINAL
GROUP BY community, action_id
HAVING countIf(event = 'added') > 0
COMMENT 'What was done about what members said: topic, owner, release; one row an action as it is now';
