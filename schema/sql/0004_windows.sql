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
    `cells.source` Array(LowCardinality(String)) COMMENT 'Source of the cell; one entry a cell of source, channel and author role',
    `cells.channel` Array(LowCardinality(String)) COMMENT 'Channel of the cell; one entry a cell of source, channel and author role',
    `cells.author_role` Array(LowCardinality(String)) COMMENT 'Author role of the cell; one entry a cell of source, channel and author role',
    `cells.posts` Array(UInt64) COMMENT 'Posts; one entry a cell of source, channel and author role',
    `cells.replies` Array(UInt64) COMMENT 'Posts that answer another one; one entry a cell of source, channel and author role',
    `cells.positive` Array(UInt64) COMMENT 'Posts with a positive polarity; one entry a cell of source, channel and author role',
    `cells.negative` Array(UInt64) COMMENT 'Posts with a negative polarity; one entry a cell of source, channel and author role',
    `cells.neutral` Array(UInt64) COMMENT 'Posts with a neutral polarity; one entry a cell of source, channel and author role',
    `cells.mixed` Array(UInt64) COMMENT 'Posts with a mixed polarity; one entry a cell of source, channel and author role',
    `cells.score_milli` Array(Int64) COMMENT 'Sum of the scores in thousandths, each rounded; one entry a cell of source, channel and author role',
    `cells.untagged` Array(UInt64) COMMENT 'Posts without a topic; one entry a cell of source, channel and author role',
    `cells.views` Array(UInt64) COMMENT 'Sum of the views the sources reported; one entry a cell of source, channel and author role',
    `cells.reactions` Array(UInt64) COMMENT 'Sum of the reactions the sources reported; one entry a cell of source, channel and author role',
    `cells.accepted` Array(UInt64) COMMENT 'Posts accepted as the answer; one entry a cell of source, channel and author role',
    `cells.rated` Array(UInt64) COMMENT 'Posts with stars; one entry a cell of source, channel and author role',
    `cells.rating_milli` Array(UInt64) COMMENT 'Sum of the stars in thousandths; one entry a cell of source, channel and author role',
    `cells.authors` Array(Array(UInt64)) COMMENT 'Keys of the distinct authors; one entry a cell of source, channel and author role',
    `cells.accounts` Array(Array(UInt64)) COMMENT 'Keys of the distinct accounts; one entry a cell of source, channel and author role',
    `topics.topic` Array(LowCardinality(String)) COMMENT 'Topic of the cell, parents included; one entry a cell of topic, source, channel and author role',
    `topics.source` Array(LowCardinality(String)) COMMENT 'Source of the cell; one entry a cell of topic, source, channel and author role',
    `topics.channel` Array(LowCardinality(String)) COMMENT 'Channel of the cell; one entry a cell of topic, source, channel and author role',
    `topics.author_role` Array(LowCardinality(String)) COMMENT 'Author role of the cell; one entry a cell of topic, source, channel and author role',
    `topics.posts` Array(UInt64) COMMENT 'Posts; one entry a cell of topic, source, channel and author role',
    `topics.replies` Array(UInt64) COMMENT 'Posts that answer another one; one entry a cell of topic, source, channel and author role',
    `topics.positive` Array(UInt64) COMMENT 'Posts with a positive polarity; one entry a cell of topic, source, channel and author role',
    `topics.negative` Array(UInt64) COMMENT 'Posts with a negative polarity; one entry a cell of topic, source, channel and author role',
    `topics.neutral` Array(UInt64) COMMENT 'Posts with a neutral polarity; one entry a cell of topic, source, channel and author role',
    `topics.mixed` Array(UInt64) COMMENT 'Posts with a mixed polarity; one entry a cell of topic, source, channel and author role',
    `topics.score_milli` Array(Int64) COMMENT 'Sum of the scores in thousandths, each rounded; one entry a cell of topic, source, channel and author role',
    `topics.views` Array(UInt64) COMMENT 'Sum of the views the sources reported; one entry a cell of topic, source, channel and author role',
    `topics.reactions` Array(UInt64) COMMENT 'Sum of the reactions the sources reported; one entry a cell of topic, source, channel and author role',
    `topics.accepted` Array(UInt64) COMMENT 'Posts accepted as the answer; one entry a cell of topic, source, channel and author role',
    `topics.rated` Array(UInt64) COMMENT 'Posts with stars; one entry a cell of topic, source, channel and author role',
    `topics.rating_milli` Array(UInt64) COMMENT 'Sum of the stars in thousandths; one entry a cell of topic, source, channel and author role',
    `topics.authors` Array(Array(UInt64)) COMMENT 'Keys of the distinct authors; one entry a cell of topic, source, channel and author role',
    `topics.accounts` Array(Array(UInt64)) COMMENT 'Keys of the distinct accounts; one entry a cell of topic, source, channel and author role',
    `intents.intent` Array(LowCardinality(String)) COMMENT 'Intent of the cell; one entry a cell of intent, source, channel and author role',
    `intents.source` Array(LowCardinality(String)) COMMENT 'Source of the cell; one entry a cell of intent, source, channel and author role',
    `intents.channel` Array(LowCardinality(String)) COMMENT 'Channel of the cell; one entry a cell of intent, source, channel and author role',
    `intents.author_role` Array(LowCardinality(String)) COMMENT 'Author role of the cell; one entry a cell of intent, source, channel and author role',
    `intents.posts` Array(UInt64) COMMENT 'Posts; one entry a cell of intent, source, channel and author role',
    `intents.replies` Array(UInt64) COMMENT 'Posts that answer another one; one entry a cell of intent, source, channel and author role',
    `intents.positive` Array(UInt64) COMMENT 'Posts with a positive polarity; one entry a cell of intent, source, channel and author role',
    `intents.negative` Array(UInt64) COMMENT 'Posts with a negative polarity; one entry a cell of intent, source, channel and author role',
    `intents.neutral` Array(UInt64) COMMENT 'Posts with a neutral polarity; one entry a cell of intent, source, channel and author role',
    `intents.mixed` Array(UInt64) COMMENT 'Posts with a mixed polarity; one entry a cell of intent, source, channel and author role',
    `intents.score_milli` Array(Int64) COMMENT 'Sum of the scores in thousandths, each rounded; one entry a cell of intent, source, channel and author role',
    `intents.views` Array(UInt64) COMMENT 'Sum of the views the sources reported; one entry a cell of intent, source, channel and author role',
    `intents.reactions` Array(UInt64) COMMENT 'Sum of the reactions the sources reported; one entry a cell of intent, source, channel and author role',
    `intents.accepted` Array(UInt64) COMMENT 'Posts accepted as the answer; one entry a cell of intent, source, channel and author role',
    `intents.rated` Array(UInt64) COMMENT 'Posts with stars; one entry a cell of intent, source, channel and author role',
    `intents.rating_milli` Array(UInt64) COMMENT 'Sum of the stars in thousandths; one entry a cell of intent, source, channel and author role',
    `intents.authors` Array(Array(UInt64)) COMMENT 'Keys of the distinct authors; one entry a cell of intent, source, channel and author role',
    `intents.accounts` Array(Array(UInt64)) COMMENT 'Keys of the distinct accounts; one entry a cell of intent, source, channel and author role',
    `hours.hour` Array(UInt8) COMMENT 'Hour of posted_at in the calendars zone; one entry a cell of hour and author role',
    `hours.author_role` Array(LowCardinality(String)) COMMENT 'Author role of the cell; one entry a cell of hour and author role',
    `hours.posts` Array(UInt64) COMMENT 'Posts; one entry a cell of hour and author role',
    `hours.replies` Array(UInt64) COMMENT 'Posts that answer another one; one entry a cell of hour and author role',
    `hours.authors` Array(Array(UInt64)) COMMENT 'Keys of the distinct authors; one entry a cell of hour and author role',
    `activity.event` Array(LowCardinality(String)) COMMENT 'Kind of the activity; one entry a cell of event, hour and role',
    `activity.hour` Array(UInt8) COMMENT 'Hour of occurred_at in the calendars zone; one entry a cell of event, hour and role',
    `activity.author_role` Array(LowCardinality(String)) COMMENT 'Role of the members of the cell; one entry a cell of event, hour and role',
    `activity.events` Array(UInt64) COMMENT 'Number of activity events; one entry a cell of event, hour and role',
    `activity.count` Array(Int64) COMMENT 'Sum of the counts of the events; one entry a cell of event, hour and role',
    `activity.members` Array(Array(UInt64)) COMMENT 'Keys of the distinct members; one entry a cell of event, hour and role'
)
ENGINE = {{engine "ReplacingMergeTree" "calc"}}
PARTITION BY toYear(day)
ORDER BY (community, day)
SETTINGS index_granularity = 64, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'All aggregates of one community and day in one row, so that a window is replaced as a whole';

{{distributed "day_windows" "cityHash64(community, day)"}};
