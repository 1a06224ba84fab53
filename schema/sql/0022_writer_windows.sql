CREATE TABLE IF NOT EXISTS {{local "writer_windows"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    authors Array(UInt64) COMMENT 'Keys of the known authors; this and the following, see week_writers_ready',
    posts Array(UInt32) COMMENT 'Their posts',
    counted Array(UInt32) COMMENT 'Of these, what counts: not by staff, promotion or spam',
    replies Array(UInt32) COMMENT 'Of what counts, replies',
    received Array(UInt32) COMMENT 'How often it was accepted, or thanked in the same week',
    off_hours Array(UInt32) COMMENT 'Of what counts, written at a weekend or outside 8 to 20 o''clock',
    last Array(DateTime64(3, '{{zone}}')) COMMENT 'When the last of what counts was written' CODEC(ZSTD(1)),
    topics Array(Array(LowCardinality(String))) COMMENT 'Topics of what counts, one for each post about it',
    answered Array(UInt32) COMMENT 'Of all posts, those that the same week answered',
    first Array(UInt64) COMMENT 'Key of the first post',
    first_answered Array(UInt8) COMMENT 'Whether the same week answered it',
    keys Array(Array(UInt64)) COMMENT 'Keys of all posts, those that count first',
    visitors Array(UInt64) COMMENT 'Keys of members who viewed, reacted or logged in',
    late Array(UInt64) COMMENT 'Keys of posts of other weeks that replies answer; this and the following, see week_answers_ready',
    late_thanks Array(UInt64) COMMENT 'Keys of posts of other weeks that replies thank, one for each reply',
    late_threads Array(UInt64) COMMENT 'Keys of threads of replies in which nobody but they wrote in the week',
    sources Array(LowCardinality(String)) COMMENT 'Where replies come from',
    reasons Array(UInt8) COMMENT 'What calls for attention in a post, a sum; this and the following, see week_reasons_ready',
    reason_days Array(Date) COMMENT 'Day of the post',
    reason_at Array(DateTime64(3, '{{zone}}')) COMMENT 'When it was written',
    reason_posts Array(String) COMMENT 'Id of the post' CODEC(ZSTD(1)),
    reason_keys Array(UInt64) COMMENT 'Its key',
    reason_threads Array(UInt64) COMMENT 'Key of its thread',
    reason_sources Array(LowCardinality(String)) COMMENT 'Where it comes from',
    reason_accounts Array(LowCardinality(String)) COMMENT 'Account of its author; empty when not known',
    reason_authors Array(String) COMMENT 'Its author, when the account is not known',
    entity_keys Array(UInt64) COMMENT 'Keys of who wrote; this and the following, see week_reasons_ready',
    entity_accounts Array(LowCardinality(String)) COMMENT 'Their accounts; empty for authors without one',
    entity_authors Array(String) COMMENT 'Authors without an account',
    entity_at Array(DateTime64(3, '{{zone}}')) COMMENT 'When they wrote last',
    entity_posts Array(String) COMMENT 'Id of that post',
    terms Array(Tuple(kind LowCardinality(String), value String, posts Array(String))) COMMENT 'Posts by opinion and entity, see week_terms_ready' CODEC(ZSTD(1))
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 900, min_age_to_force_merge_on_partition_only = 1
COMMENT 'What it takes to follow writers over weeks without reading the posts of every day; read it through week_writers_ready, week_answers_ready, week_reasons_ready and week_terms_ready';

{{distributed "writer_windows" "cityHash64(community, week)"}};

CREATE TABLE IF NOT EXISTS {{local "writer_stamps"}}{{on_cluster}}
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
COMMENT 'Weeks whose row in writer_windows may be read while their days have this stamp; written some time after the row, as in week_stamps';

{{distributed "writer_stamps" "cityHash64(community, week)"}};
