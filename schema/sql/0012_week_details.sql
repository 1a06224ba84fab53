CREATE TABLE IF NOT EXISTS {{local "week_details"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    phrases Array(Tuple(
        topic LowCardinality(String), kind LowCardinality(String), phrase String, posts UInt64, authors UInt64, negative UInt64))
        COMMENT 'Counts by topic and words: those that made it one, and the values of signals of its posts',
    terms Array(Tuple(kind LowCardinality(String), value String, posts UInt64, authors UInt64))
        COMMENT 'Counts by value of a signal, without staff, promotion and spam'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'The long lists of what a week comes to, which few readers want; a row goes with the one of week_windows';

{{distributed "week_details" "cityHash64(community, week)"}};
