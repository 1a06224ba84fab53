CREATE OR REPLACE VIEW {{database}}.week_reasons_ready{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    reasons Array(UInt8) COMMENT 'What calls for attention in a post, a sum: 1 complaint or bug that no reply of the week answers, 2 question in whose thread no reply of the week is, 4 churn_risk, 8 negative. Without posts of staff and outsiders, promotion and spam; all that follow until reason_authors are in this order',
    reason_days Array(Date) COMMENT 'Calendar day of the post',
    reason_at Array(DateTime64(3, '{{zone}}')) COMMENT 'When it was written',
    reason_posts Array(String) COMMENT 'Id of the post',
    reason_keys Array(UInt64) COMMENT 'Its key: cityHash64(post_id)',
    reason_threads Array(UInt64) COMMENT 'Key of its thread, as in post_keys',
    reason_sources Array(LowCardinality(String)) COMMENT 'Where it comes from: community, review, sns, survey, ...',
    reason_accounts Array(LowCardinality(String)) COMMENT 'Customer account of its author; empty when not known',
    reason_authors Array(String) COMMENT 'Its author, when the account is not known',
    entity_keys Array(UInt64) COMMENT 'Keys of who wrote, without staff and outsiders: accounts, and authors without one. All that follow are in this order',
    entity_accounts Array(LowCardinality(String)) COMMENT 'The accounts; empty for authors without one',
    entity_authors Array(String) COMMENT 'Authors without an account',
    entity_at Array(DateTime64(3, '{{zone}}')) COMMENT 'When they wrote last in the week',
    entity_posts Array(String) COMMENT 'Id of that post'
)
{{security}}
AS
SELECT week, community, reasons, reason_days, reason_at, reason_posts, reason_keys, reason_threads, reason_sources, reason_accounts, reason_authors, entity_keys, entity_accounts, entity_authors, entity_at, entity_posts
FROM {{database}}.writer_windows FINAL
COMMENT 'Only what stands ready, see writers_not_ready: Posts of a week that call for attention, and who wrote in it. One row a community and week that anybody known wrote in'
