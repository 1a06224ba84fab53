CREATE OR REPLACE VIEW {{database}}.action_events{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community whose voices the action answers',
    action_id String COMMENT 'Id of the action',
    number UInt32 COMMENT 'Number of the event among those of the action, from 1',
    event LowCardinality(String) COMMENT 'added, shipped, closed or reopened',
    happened_at DateTime64(3, '{{zone}}') COMMENT 'When it happened',
    made_by String COMMENT 'Who wrote it down, as they gave their name',
    release String COMMENT 'Of shipped: the release it came with',
    note String COMMENT 'Remark, personal data masked'
)
{{security}}
AS
SELECT community, action_id, number, event, happened_at, made_by, release, note
FROM {{database}}.action_facts FINAL
COMMENT 'What happened to actions; one row an event';
