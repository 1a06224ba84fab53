CREATE TABLE IF NOT EXISTS {{local "day_keys"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the day',
    kind LowCardinality(String) COMMENT 'asked, reply, other, viewed or accepted, see the views post_keys and activity_keys; a day has a row of each, also an empty one',
    day Date COMMENT 'Calendar day of the posts and of what was done',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one day and kind the higher is read',
    posts Array(UInt64) COMMENT 'Keys of the posts, but for viewed and accepted in the order of posted_at and post_id',
    places Array(UInt32) COMMENT 'Their places among all posts of the day, by posted_at and post_id' CODEC(Delta, LZ4),
    at Array(DateTime64(3, '{{zone}}')) COMMENT 'When they were written' CODEC(Delta, LZ4),
    authors Array(UInt64) COMMENT 'Keys of their authors',
    threads Array(UInt64) COMMENT 'Keys of their threads',
    answered Array(UInt64) COMMENT 'Of replies, keys of the posts they answer',
    sources Array(LowCardinality(String)) COMMENT 'Where they come from',
    accounts Array(LowCardinality(String)) COMMENT 'Accounts of their authors',
    traits Array(UInt16) COMMENT 'What is true of them, a sum',
    topics Array(Array(LowCardinality(String))) COMMENT 'Topics they say something about',
    counts Array(Int64) COMMENT 'Of viewed and accepted, how often it happened to each post',
    ids Array(String) COMMENT 'Of accepted, the ids of the posts; of reply, of those that are accepted as their source says'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(day)
ORDER BY (community, kind, day)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Posts of a day as numbers, so that questions and members can be followed over many weeks without reading the posts; read it through post_keys and activity_keys';

{{distributed "day_keys" "cityHash64(community, day)"}};

CREATE TABLE IF NOT EXISTS {{local "day_stamps"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the day',
    day Date COMMENT 'Calendar day',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which row of day_windows it was made beside: cityHash64(day, calc, marks)',
    ready_at DateTime64(3, '{{zone}}') COMMENT 'Since when the rows may be read: some time after they were written, so that whoever sees that they may sees them'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(day)
ORDER BY (community, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Days whose rows in day_keys may be read while the row of day_windows has this stamp';

{{distributed "day_stamps" "cityHash64(community, day)"}};
