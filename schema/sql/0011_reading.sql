ALTER TABLE {{local "day_windows"}}{{on_cluster}}
    ADD COLUMN IF NOT EXISTS joins Array(Tuple(member UInt64, joined_at DateTime64(3, '{{zone}}')))
        COMMENT 'Joined events of the day: key of the member and when, in the order of the keys';

{{if distributed "day_windows" ""}}ALTER TABLE {{database}}.day_windows{{on_cluster}}
    ADD COLUMN IF NOT EXISTS joins Array(Tuple(member UInt64, joined_at DateTime64(3, '{{zone}}')))
        COMMENT 'Joined events of the day: key of the member and when, in the order of the keys'{{end}};

ALTER TABLE {{local "post_facts"}}{{on_cluster}}
    ADD INDEX IF NOT EXISTS thread_filter thread_id TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS reply_filter reply_to TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE {{local "post_facts"}}{{on_cluster}}
    MODIFY SETTING min_age_to_force_merge_seconds = 900, min_age_to_force_merge_on_partition_only = 1;

ALTER TABLE {{local "activity_facts"}}{{on_cluster}}
    MODIFY SETTING min_age_to_force_merge_seconds = 900, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS {{local "week_windows"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    counted_at DateTime64(3, '{{zone}}') DEFAULT now64(3) COMMENT 'When it was counted',
    totals Array(Tuple(
        posts UInt64, threads UInt64, replies UInt64, staff_posts UInt64, positive UInt64, negative UInt64, neutral UInt64, mixed UInt64, untagged UInt64,
        questions UInt64, answers UInt64, requests UInt64, complaints UInt64, praises UInt64, churn_risks UInt64, authors UInt64, accounts UInt64,
        active_members UInt64, viewed Int64, reacted Int64, accepted Int64, joined Int64, logins Int64, points Int64, days UInt8))
        COMMENT 'Counts of everything, in one tuple',
    topics Array(Tuple(
        key LowCardinality(String), posts UInt64, replies UInt64, positive UInt64, negative UInt64, neutral UInt64, mixed UInt64,
        authors UInt64, accounts UInt64, author_squares UInt64))
        COMMENT 'Counts by topic, parents included; key is the topic',
    intents Array(Tuple(
        key LowCardinality(String), posts UInt64, replies UInt64, positive UInt64, negative UInt64, neutral UInt64, mixed UInt64,
        authors UInt64, accounts UInt64, author_squares UInt64))
        COMMENT 'Counts by intent; key is the intent',
    topic_days Array(Tuple(
        day Date, key LowCardinality(String), posts UInt64, positive UInt64, negative UInt64, neutral UInt64, mixed UInt64, authors UInt64))
        COMMENT 'Counts by day and topic, parents included; key is the topic'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 64, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What a week comes to, people counted once, so that a reader of many weeks need not add up their days; holds no keys of people';

{{distributed "week_windows" "cityHash64(community, week)"}};

CREATE TABLE IF NOT EXISTS {{local "week_stamps"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which rows of day_windows it was made from: the sum of cityHash64(day, calc, marks)'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in week_windows may be read while their days have this stamp; written some time after the row, so that whoever sees the stamp sees the row';

{{distributed "week_stamps" "cityHash64(community, week)"}};
