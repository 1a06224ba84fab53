CREATE OR REPLACE VIEW {{database}}.weeks_not_ready{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the ISO week'
)
{{security}}
AS
{{changed_weeks}}
COMMENT 'Weeks of which all views of weeks but those of segments and questions have nothing that stands ready, so that the posts are counted whenever somebody asks. While there is none, a view whose name ends in _ready has the same rows as the one without, and is planned many times faster'
