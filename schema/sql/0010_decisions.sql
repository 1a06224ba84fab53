CREATE TABLE IF NOT EXISTS {{local "post_decision_facts"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of the post, whose numbers the decision changes',
    post_id String COMMENT 'Id of the post, unique within the community',
    number UInt32 COMMENT 'Number of the decision among those about the post, from 1; the highest holds',
    decision_id String COMMENT 'Random id, so that two people who decide at the same moment lose nothing',
    verdict LowCardinality(String) COMMENT 'released, or what the post is set aside as: promotion or spam',
    decided_at DateTime64(3, '{{zone}}') COMMENT 'When it was decided',
    decided_by String COMMENT 'Who decided, as they gave their name',
    reason String COMMENT 'Why, personal data masked',
    tagged Array(LowCardinality(String)) COMMENT 'Which of promotion and spam the analyzer had said then',
    analyzer_revision UInt16 COMMENT 'Number of that analyzer',
    source_version UInt64 COMMENT 'Version of the post that was judged'
)
ENGINE = {{engine "ReplacingMergeTree" ""}}
ORDER BY (community, post_id, number, decision_id)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What people decided about posts that are set aside, every decision one row, never changed; read it through post_decisions';

{{distributed "post_decision_facts" "cityHash64(community, post_id)"}};

CREATE TABLE IF NOT EXISTS {{local "action_facts"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community whose voices the action answers',
    action_id String COMMENT 'Id of the action',
    number UInt32 COMMENT 'Number of the event among those of the action, from 1',
    event_id String COMMENT 'Random id, so that two people who write at the same moment lose nothing',
    event LowCardinality(String) COMMENT 'added, shipped, closed or reopened',
    happened_at DateTime64(3, '{{zone}}') COMMENT 'When it happened',
    made_by String COMMENT 'Who wrote it down, as they gave their name',
    title String COMMENT 'Of added: what is to be done, personal data masked',
    topic String COMMENT 'Of added: topic it is about; empty for none',
    filter String COMMENT 'Of added: which posts it answers, as the query of the address of the page of posts, without community and days',
    owner String COMMENT 'Of added: who sees to it',
    due Date COMMENT 'Of added: day until which it shall be done; 1970-01-01 for none',
    release String COMMENT 'Of shipped: the release it came with',
    note String COMMENT 'Remark, personal data masked'
)
ENGINE = {{engine "ReplacingMergeTree" ""}}
ORDER BY (community, action_id, number, event_id)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What was done about what members said, every event one row, never changed; read it through actions and action_events';

{{distributed "action_facts" "cityHash64(community, action_id)"}};
