CREATE TABLE IF NOT EXISTS {{local "progress_windows"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the last of the weeks',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    weeks Array(Tuple(
        week Date, questions UInt64, replied UInt64, solved UInt64, accepted UInt64, first_peer UInt64, first_staff UInt64, solved_by_peers UInt64, within_day UInt64,
        median_hours Nullable(Float64), p90_hours Nullable(Float64)))
        COMMENT 'What became of the questions of each week, see question_progress',
    waiting UInt64 COMMENT 'Questions of all these weeks without a reply',
    open Array(Tuple(
        day Date, place UInt32, post UInt64, thread UInt64, author UInt64, post_id String, came_back UInt8, viewed UInt64))
        COMMENT 'The oldest of them, see question_progress; post, thread and author are keys, as in post_keys'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What became of the questions of nine weeks until the end of the last one, so that they need not be followed whenever somebody asks; read it through question_progress';

{{distributed "progress_windows" "cityHash64(community, week)"}};

CREATE TABLE IF NOT EXISTS {{local "progress_stamps"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the last of the weeks',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which rows of day_windows it was made beside: those of the week and of the sixteen before it'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in progress_windows may be read while the days have this stamp; written some time after the row, as in week_stamps';

{{distributed "progress_stamps" "cityHash64(community, week)"}};

CREATE TABLE IF NOT EXISTS {{local "ledger_windows"}}{{on_cluster}}
(
    day Date COMMENT 'Calendar day of the records'' time',
    records UInt64 COMMENT 'Which rows of record_outcomes it was counted from: the sum of a hash of each',
    touched Array(UInt64) COMMENT 'Which rows of day_windows there were of the days of their posts, or of the whole community of a post of no or several days: a hash of each',
    topics Array(Tuple(kafka_topic LowCardinality(String), kafka_partition UInt32, read UInt64, stored UInt64, superseded UInt64, dead_letter UInt64, filtered UInt64, missing UInt64))
        COMMENT 'What became of the records by topic and partition, as in ledger'
)
ENGINE = {{engine "ReplacingMergeTree" ""}}
ORDER BY day
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What became of the Kafka records of a day, so that they need not be looked up among all posts; read it through ledger_days';

{{distributed "ledger_windows" "cityHash64(day)"}};
