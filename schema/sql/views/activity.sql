CREATE OR REPLACE VIEW {{database}}.activity{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community it happened in',
    day Date COMMENT 'Calendar day of occurred_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    event_id String COMMENT 'Id of the event, unique within the community',
    event LowCardinality(String) COMMENT 'viewed, reacted, accepted, joined, login or point',
    occurred_at DateTime64(3, '{{zone}}') COMMENT 'When it happened',
    post_id String COMMENT 'Post it happened to; empty for joined, login and point',
    author_id String COMMENT 'Pseudonym of the member who did it',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the member in the community',
    account_id String COMMENT 'Customer account of the member',
    kind LowCardinality(String) COMMENT 'Kind of the reaction or reason of the points',
    count Int64 COMMENT 'How many times it happened; for point the points, which may be negative',
    invited_by String COMMENT 'Pseudonym of the inviting member of a joined event',
    attributes Map(LowCardinality(String), String) COMMENT 'Whatever else the source says'
)
{{security}}
AS
SELECT
    community, day, toMonday(day) AS week, event_id, event, occurred_at, post_id, author_id, author_role, author_level, account_id, kind, count, invited_by, attributes
FROM {{database}}.activity_facts FINAL
COMMENT 'What members did that is not a post, each event once';
