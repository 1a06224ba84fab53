CREATE OR REPLACE VIEW {{database}}.segments_not_ready{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the ISO week'
)
{{security}}
AS
{{segment_changes}}
COMMENT 'Weeks of which segment_week_keys and segment_week_totals have nothing that stands ready, so that the posts are counted whenever somebody asks. While there is none, a view whose name ends in _ready has the same rows as the one without, and is planned many times faster'
