CREATE OR REPLACE VIEW {{database}}.writers_not_ready{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the ISO week'
)
{{security}}
AS
{{changed_writers}}
COMMENT 'Weeks of which week_writers_ready, week_answers_ready, week_reasons_ready and week_terms_ready have nothing, or nothing of what changed a moment ago'
