CREATE TABLE IF NOT EXISTS {{local "question_windows"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    questions Array(Tuple(
        day Date, at DateTime64(3, '{{zone}}'), place UInt32, post UInt64, author UInt64, thread UInt64, source LowCardinality(String),
        first Int64, staff Int32, resolved Int32, thanked Int32, accepted Int32))
        COMMENT 'Questions of the week and what the week brought them, see question_states',
    late Array(Tuple(
        day Date, at DateTime64(3, '{{zone}}'), place UInt32, post UInt64, author UInt64, thread UInt64, traits UInt16))
        COMMENT 'Replies of the week in threads that did not begin in it, see late_replies'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Questions with the answers of their own week, so that only the answers of other weeks need be followed; read it through question_states and late_replies';

{{distributed "question_windows" "cityHash64(community, week)"}};

CREATE TABLE IF NOT EXISTS {{local "question_stamps"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which rows of day_windows it was made from, as in week_stamps'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in question_windows may be read while their days have this stamp; written some time after the row, as in week_stamps';

{{distributed "question_stamps" "cityHash64(community, week)"}};
