CREATE TABLE IF NOT EXISTS {{local "duplicate_windows"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the posts',
    week Date COMMENT 'Monday of the ISO week of the posts',
    calc UInt64 COMMENT 'Number of the comparison; of two rows of one week the higher is read',
    marks UInt64 COMMENT 'Marks of the week''s days before its posts were read; the week is compared again when there are others now',
    compared_at DateTime64(3, '{{zone}}') DEFAULT now64(3) COMMENT 'When its posts were compared',
    compared UInt64 COMMENT 'Number of posts that were compared',
    `members.group_id` Array(String) COMMENT 'Group of each post that is a copy or was copied: the post_id of its first post',
    `members.post_id` Array(String) COMMENT 'Id of each of these posts',
    `members.day` Array(Date) COMMENT 'Day of each of these posts',
    `members.author` Array(UInt64) COMMENT 'Key of the author of each of these posts; 0 when not known'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 64, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Posts of one community and week that are copies of one another, in one row, so that a week is replaced as a whole';

{{distributed "duplicate_windows" "cityHash64(community, week)"}};
