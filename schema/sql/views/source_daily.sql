CREATE OR REPLACE VIEW {{database}}.source_daily{{on_cluster}}
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    source LowCardinality(String) COMMENT 'Source of the posts',
    posts UInt64 COMMENT 'Number of posts',
    replies UInt64 COMMENT 'Of these, posts that answer another one'
)
{{security}}
AS
SELECT day, toMonday(day) AS week, community, source, sum(n) AS posts, sum(answers) AS replies
FROM {{database}}.day_windows FINAL
-- Each for itself, so that the people of channel_daily are not read, who are a hundred times as much.
ARRAY JOIN cells.source AS source, cells.posts AS n, cells.replies AS answers
GROUP BY day, community, source
COMMENT 'Posts and replies by day and source, for those who need not know of what people; one row for each source that has posts'
