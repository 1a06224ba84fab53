CREATE OR REPLACE VIEW {{database}}.days_not_ready{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community',
    day Date COMMENT 'Calendar day'
)
{{security}}
AS
{{unkept_days}}
COMMENT 'Days of which post_keys and activity_keys have nothing that stands ready, so that the posts are counted whenever somebody asks. While there is none, a view whose name ends in _ready has the same rows as the one without, and is planned many times faster'
