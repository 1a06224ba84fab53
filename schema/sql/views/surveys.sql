CREATE OR REPLACE VIEW {{database}}.surveys{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community whose member answered',
    day Date COMMENT 'Calendar day of answered_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    response_id String COMMENT 'Id of the answer, unique within the community',
    survey_id LowCardinality(String) COMMENT 'Survey it belongs to',
    metric LowCardinality(String) COMMENT 'nps (0 to 10) or csat (1 to 5)',
    score Float32 COMMENT 'The answer',
    category LowCardinality(String) COMMENT 'For nps: promoter (9 or 10), passive or detractor (0 to 6); for csat: satisfied (4 or 5) or dissatisfied',
    answered_at DateTime64(3, '{{zone}}') COMMENT 'When it was given',
    post_id String COMMENT 'Id that the comment has in posts, if there is one',
    author_id String COMMENT 'Pseudonym of the member who answered',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the member in the community',
    account_id String COMMENT 'Customer account of the member',
    attributes Map(LowCardinality(String), String) COMMENT 'Whatever else the source says'
)
{{security}}
AS
SELECT
    community, day, toMonday(day) AS week, response_id, survey_id, metric, score,
    multiIf(metric = 'nps' AND score >= 9, 'promoter', metric = 'nps' AND score > 6, 'passive', metric = 'nps', 'detractor', score >= 4, 'satisfied', 'dissatisfied') AS category,
    answered_at, concat('survey/', response_id) AS post_id, author_id, author_role, author_level, account_id, attributes
FROM {{database}}.survey_facts FINAL
COMMENT 'Answers to surveys, each once; the comments are posts with source survey and post_id survey/<response_id>';
