CREATE OR REPLACE VIEW {{database}}.shown_not_ready{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the ISO week'
)
{{security}}
AS
{{changed_shown}}
COMMENT 'Weeks of which shown_posts has nothing, or nothing that may be read: those that changed a moment ago, and all weeks of few posts'
