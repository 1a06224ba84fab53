CREATE TABLE IF NOT EXISTS {{local "week_lists"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    board Array(Tuple(
        place UInt8, author_role LowCardinality(String), posts UInt64, authors UInt64, positive UInt64, negative UInt64, neutral UInt64, mixed UInt64))
        COMMENT 'Counts by entry of the board of roles and by author role',
    requests Array(Tuple(
        topic LowCardinality(String), posts UInt64, reactions UInt64, first_day Date, authors Array(UInt64), accounts Array(UInt64)))
        COMMENT 'Requests by topic, without staff, promotion and spam, with the keys of those who made them'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What boards and lists show of a week; a row goes with the one of week_windows';

{{distributed "week_lists" "cityHash64(community, week)"}};

CREATE TABLE IF NOT EXISTS {{local "segment_windows"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    segments Array(Tuple(
        segment LowCardinality(String), posts UInt64, known UInt64, value_keys Array(UInt64)))
        COMMENT 'The segments of the week, posts, those of a known value, and the keys of the values; an empty segment for all posts',
    cells Array(Tuple(
        segment LowCardinality(String), value String, topic LowCardinality(String), posts UInt64, authors UInt64, positive UInt64, negative UInt64))
        COMMENT 'Counts by segment, value and topic, an empty topic for all posts; without segments of very many values'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What a week comes to by segment, so that a reader need not ask for the account and the first day of every author';

{{distributed "segment_windows" "cityHash64(community, week)"}};

CREATE TABLE IF NOT EXISTS {{local "segment_stamps"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'What it was made from: the stamp of its days, who had joined by then, and the states that accounts had had'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in segment_windows may be read while they have this stamp; written some time after the row, as in week_stamps';

{{distributed "segment_stamps" "cityHash64(community, week)"}};

ALTER TABLE {{local "day_windows"}}{{on_cluster}}
    ADD COLUMN IF NOT EXISTS joins_stamp UInt64 MATERIALIZED if(empty(joins), 0, cityHash64(joins)) COMMENT 'Tells two lists of joined events apart; 0 for an empty one';

{{if distributed "day_windows" ""}}ALTER TABLE {{database}}.day_windows{{on_cluster}}
    ADD COLUMN IF NOT EXISTS joins_stamp UInt64 MATERIALIZED if(empty(joins), 0, cityHash64(joins)) COMMENT 'Tells two lists of joined events apart; 0 for an empty one'{{end}};

ALTER TABLE {{local "day_windows"}}{{on_cluster}}
    MATERIALIZE COLUMN joins_stamp;

ALTER TABLE {{local "post_facts"}}{{on_cluster}}
    ADD COLUMN IF NOT EXISTS characters UInt32 MATERIALIZED lengthUTF8(body) COMMENT 'Length of body in characters';

{{if distributed "post_facts" ""}}ALTER TABLE {{database}}.post_facts{{on_cluster}}
    ADD COLUMN IF NOT EXISTS characters UInt32 MATERIALIZED lengthUTF8(body) COMMENT 'Length of body in characters'{{end}};

ALTER TABLE {{local "post_facts"}}{{on_cluster}}
    MATERIALIZE COLUMN characters;
