CREATE OR REPLACE VIEW {{database}}.post_decisions{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of the post',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    number UInt32 COMMENT 'Number of the decision among those about the post, from 1',
    current Bool COMMENT 'True for the decision that holds: the newest about the post',
    verdict LowCardinality(String) COMMENT 'released, or what the post is set aside as: promotion or spam',
    decided_at DateTime64(3, '{{zone}}') COMMENT 'When it was decided',
    decided_by String COMMENT 'Who decided, as they gave their name',
    reason String COMMENT 'Why, personal data masked',
    tagged Array(LowCardinality(String)) COMMENT 'Which of promotion and spam the analyzer had said then',
    analyzer_revision UInt16 COMMENT 'Number of that analyzer in analyzer_revisions',
    version UInt64 COMMENT 'Version of the post that was judged; posts has a higher one when it was edited since'
)
{{security}}
AS
SELECT
    community, day, toMonday(day) AS week, post_id, number,
    CAST((number, decided_at, decision_id) = max((number, decided_at, decision_id)) OVER (PARTITION BY community, post_id) AS Bool) AS current,
    verdict, decided_at, decided_by, reason, tagged, analyzer_revision, source_version AS version
FROM {{database}}.post_decision_facts FINAL
COMMENT 'What people decided about posts that are set aside (released, or set aside by hand); one row a decision. The tags promotion and spam of posts and of all counts follow the current one';
