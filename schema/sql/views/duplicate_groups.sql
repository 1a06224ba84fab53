CREATE OR REPLACE VIEW {{database}}.duplicate_groups{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the posts',
    week Date COMMENT 'Monday of the ISO week of the posts',
    group_id String COMMENT 'Id of the group: the post_id of its first post',
    posts UInt64 COMMENT 'Number of posts that are light variations of one text',
    authors UInt64 COMMENT 'Number of distinct authors of these posts',
    first_day Date COMMENT 'Day of the first post',
    last_day Date COMMENT 'Day of the last post',
    post_ids Array(String) COMMENT 'Ids of these posts',
    compared_at DateTime64(3, '{{zone}}') COMMENT 'When the posts of the week were compared last'
)
{{security}}
AS
SELECT
    community, week, m.1 AS group_id, count() AS posts, uniqExactIf(m.4, m.4 != 0) AS authors, min(m.3) AS first_day, max(m.3) AS last_day,
    arraySort(groupArray(m.2)) AS post_ids, any(compared_at) AS compared_at
FROM {{database}}.duplicate_windows FINAL
ARRAY JOIN arrayZip(members.group_id, members.post_id, members.day, members.author) AS m
GROUP BY community, week, group_id
COMMENT 'Texts that were posted in two or more light variations within a week: copies, campaigns, cross-posts; one row a text';
