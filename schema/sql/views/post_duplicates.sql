CREATE OR REPLACE VIEW {{database}}.post_duplicates{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the post',
    week Date COMMENT 'Monday of the ISO week of the post',
    day Date COMMENT 'Calendar day of the post',
    post_id String COMMENT 'Id of the post, unique within the community',
    group_id String COMMENT 'Group it belongs to, see duplicate_groups',
    copy Bool COMMENT 'False for the first post of the group, true for all that followed'
)
{{security}}
AS
SELECT community, week, m.3 AS day, m.2 AS post_id, m.1 AS group_id, m.1 != m.2 AS copy
FROM {{database}}.duplicate_windows FINAL
ARRAY JOIN arrayZip(members.group_id, members.post_id, members.day, members.author) AS m
COMMENT 'Posts that are light variations of one another; one row a post. Posts without a copy are not listed';
