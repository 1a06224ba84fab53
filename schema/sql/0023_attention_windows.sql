CREATE TABLE IF NOT EXISTS {{local "attention_windows"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the last of the weeks',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    accounts Array(String) COMMENT 'Accounts, one for each reason to attend to one; this and the following, see attention_progress',
    authors Array(String) COMMENT 'Authors, when the account is not known',
    whys Array(UInt8) COMMENT 'The reason, a number',
    posts Array(Array(String)) COMMENT 'Ids of its posts, the newest first' CODEC(ZSTD(1)),
    last Array(DateTime64(3, '{{zone}}')) COMMENT 'When the newest of them was written' CODEC(ZSTD(1))
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 900, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Who needs attention by the posts of nine weeks until the end of the last one, so that they need not be looked through whenever somebody asks; stands under the stamps of progress_windows. Read it through attention_progress';

{{distributed "attention_windows" "cityHash64(community, week)"}};
