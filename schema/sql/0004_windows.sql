CREATE TABLE IF NOT EXISTS {{local "window_marks"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the window',
    day Date COMMENT 'Calendar day of the window',
    marks SimpleAggregateFunction(sum, UInt64) DEFAULT 1 COMMENT 'How often the window was marked: it only grows, whatever the clocks do',
    marked_at SimpleAggregateFunction(max, DateTime64(3, '{{zone}}')) DEFAULT now64(3) COMMENT 'When it was marked last'
)
ENGINE = {{engine "AggregatingMergeTree" ""}}
ORDER BY (community, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Windows whose facts changed; every writer adds a row after its facts are in';

{{distributed "window_marks" "cityHash64(community, day)"}};

CREATE TABLE IF NOT EXISTS {{local "day_windows"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the window',
    day Date COMMENT 'Calendar day of the window',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one window the higher is read',
    marks UInt64 COMMENT 'Marks of the window counted before its facts were read; the window is dirty when there are others now',
    calculated_at DateTime64(3, '{{zone}}') COMMENT 'When its facts were read',
    cells Array(Tuple(
        key LowCardinality(String), source LowCardinality(String), channel LowCardinality(String), author_role LowCardinality(String),
        posts UInt64, replies UInt64, positive UInt64, negative UInt64, neutral UInt64, mixed UInt64, score_milli Int64, untagged UInt64,
        views UInt64, reactions UInt64, accepted UInt64, rated UInt64, rating_milli UInt64, authors Array(UInt64), accounts Array(UInt64)))
        COMMENT 'Counts by source, channel and author role; key is empty',
    topics Array(Tuple(
        key LowCardinality(String), source LowCardinality(String), channel LowCardinality(String), author_role LowCardinality(String),
        posts UInt64, replies UInt64, positive UInt64, negative UInt64, neutral UInt64, mixed UInt64, score_milli Int64, untagged UInt64,
        views UInt64, reactions UInt64, accepted UInt64, rated UInt64, rating_milli UInt64, authors Array(UInt64), accounts Array(UInt64)))
        COMMENT 'Counts by topic, parents included, source, channel and author role; key is the topic',
    intents Array(Tuple(
        key LowCardinality(String), source LowCardinality(String), channel LowCardinality(String), author_role LowCardinality(String),
        posts UInt64, replies UInt64, positive UInt64, negative UInt64, neutral UInt64, mixed UInt64, score_milli Int64, untagged UInt64,
        views UInt64, reactions UInt64, accepted UInt64, rated UInt64, rating_milli UInt64, authors Array(UInt64), accounts Array(UInt64)))
        COMMENT 'Counts by intent, source, channel and author role; key is the intent',
    hours Array(Tuple(hour UInt8, author_role LowCardinality(String), posts UInt64, replies UInt64, authors Array(UInt64)))
        COMMENT 'Counts by hour of posted_at and author role',
    activity Array(Tuple(event LowCardinality(String), hour UInt8, author_role LowCardinality(String), events UInt64, count Int64, members Array(UInt64)))
        COMMENT 'Counts of activity by event, hour of occurred_at and role'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(day)
ORDER BY (community, day)
SETTINGS index_granularity = 64, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'All aggregates of one community and day in one row, so that a window is replaced as a whole';

{{distributed "day_windows" "cityHash64(community, day)"}};
