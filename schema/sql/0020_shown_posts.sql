CREATE TABLE IF NOT EXISTS {{local "shown_windows"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    posts Array(Tuple(
        day Date, post_id String, posted_at DateTime64(3, '{{zone}}'), source LowCardinality(String), channel LowCardinality(String), thread_id String, reply_to String,
        url String, rating Float32, views UInt64, accepted Bool, reactions Map(LowCardinality(String), UInt64), attributes Map(LowCardinality(String), String),
        author_id String, author_role LowCardinality(String), author_level LowCardinality(String), account_id String, title String, body String,
        sentiment LowCardinality(String), score Float32, topics Array(LowCardinality(String)), intents Array(LowCardinality(String)), flags Array(LowCardinality(String)),
        analyzer_revision UInt16, about Array(Tuple(topic LowCardinality(String), sentiment LowCardinality(String), score Float32)),
        spans Array(Tuple(intent LowCardinality(String), field LowCardinality(String), start UInt32, end UInt32)), severe UInt8))
        COMMENT 'Posts that stand first in lists of the week, whole, see shown_posts' CODEC(ZSTD(1))
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 900, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Copies of the posts that lists of a large week show, which would else be looked up all over the week; read it through shown_posts';

{{distributed "shown_windows" "cityHash64(community, week)"}};

CREATE TABLE IF NOT EXISTS {{local "shown_stamps"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which rows of day_windows it was made beside, as in week_stamps'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in shown_windows may be read while their days have this stamp; written some time after the row, as in week_stamps';

{{distributed "shown_stamps" "cityHash64(community, week)"}};
