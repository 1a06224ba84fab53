CREATE DATABASE IF NOT EXISTS voc;

CREATE TABLE IF NOT EXISTS voc.schema_migrations
(
    name String COMMENT 'File of the statement',
    statement UInt16 COMMENT 'Number of the statement within the file, from 1',
    checksum String COMMENT 'Checksum of the statement''s text',
    settings String COMMENT 'Settings the statement was rendered with',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it succeeded'
)
ENGINE = MergeTree
ORDER BY (name, statement, applied_at)
COMMENT 'Statements of voc migrate that were applied';

CREATE TABLE IF NOT EXISTS voc.post_facts
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; never changes between versions of a post',
    post_id String COMMENT 'Id of the post, unique within the community',
    source_version UInt64 COMMENT 'Order of the events of one post as its source gives it',
    deleted UInt8 COMMENT '1 when this version says that the post was deleted',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When the member wrote it, fixed by the post''s first event',
    occurred_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When this version was made',
    event LowCardinality(String) COMMENT 'created, edited or deleted',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    reply_to String COMMENT 'Post this one answers; empty for the first post of a thread',
    url String COMMENT 'Address of the post at its source',
    rating Float32 COMMENT 'Stars from 1 to 5; 0 when none were given',
    views UInt64 COMMENT 'How often the post was seen, as its source reported with this version',
    accepted Bool COMMENT 'True when the post was accepted as the answer',
    reactions Map(LowCardinality(String), UInt64) COMMENT 'Number of reactions by kind, as the source reported with this version',
    attributes Map(LowCardinality(String), String) COMMENT 'Segments and whatever else the source says: plan, touch_model, industry, ...',
    author_id String COMMENT 'Pseudonym of the author',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the author in the community',
    account_id String COMMENT 'Customer account of the author',
    title String COMMENT 'Title, personal data masked' CODEC(ZSTD(3)),
    body String COMMENT 'Text, personal data masked' CODEC(ZSTD(3)),
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    `topics.id` Array(LowCardinality(String)) COMMENT 'Topics the post says something about',
    `topics.sentiment` Array(LowCardinality(String)) COMMENT 'Polarity of what is said about each topic',
    `topics.score` Array(Float32) COMMENT 'Strength of each topic''s polarity from -1 to 1',
    intents Array(LowCardinality(String)) COMMENT 'What the author does: request, question, praise, ...',
    `signals.kind` Array(LowCardinality(String)) COMMENT 'Kind of each further observation',
    `signals.value` Array(String) COMMENT 'Normalised value of each further observation',
    `evidence.kind` Array(LowCardinality(String)) COMMENT 'What each span proves: topic, intent, sentiment or signal',
    `evidence.tag` Array(String) COMMENT 'Id of the topic or intent, the polarity, or kind=value of the signal',
    `evidence.field` Array(LowCardinality(String)) COMMENT 'Text each span points into: body or title',
    `evidence.start` Array(UInt32) COMMENT 'First character of each span, counted from 0',
    `evidence.end` Array(UInt32) COMMENT 'Character after the last one of each span',
    `evidence.rule` Array(LowCardinality(String)) COMMENT 'Rule that fired',
    flags Array(LowCardinality(String)) COMMENT 'Remarks of the pipeline, such as truncated_for_analysis',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer in analyzer_revisions',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record this version came from',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record, below 2^48',
    ingested_at DateTime64(3, 'Asia/Tokyo') DEFAULT now64(3) COMMENT 'When this row was written',
    ver UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(source_version), 64), bitOr(bitShiftLeft(toUInt128(kafka_offset), 16), toUInt128(analyzer_revision)))
        COMMENT 'Decides which version is read: source_version, then kafka_offset, then analyzer_revision',
    topic_rows Array(Tuple(id LowCardinality(String), sentiment LowCardinality(String), score Float32, inherited UInt8)) MATERIALIZED
        arrayConcat(
            arrayFilter(
                (r, i) -> indexOf(topics.id, r.1) = i,
                arrayMap((t, s, c) -> (t, s, c, toUInt8(0)), topics.id, topics.sentiment, topics.score),
                arrayEnumerate(topics.id)),
            arrayMap(
                p -> (
                    p,
                    multiIf(
                        arrayExists((t, s) -> startsWith(t, concat(p, '/')) AND s = 'mixed', topics.id, topics.sentiment)
                            OR (arrayExists((t, s) -> startsWith(t, concat(p, '/')) AND s = 'positive', topics.id, topics.sentiment)
                                AND arrayExists((t, s) -> startsWith(t, concat(p, '/')) AND s = 'negative', topics.id, topics.sentiment)), 'mixed',
                        arrayExists((t, s) -> startsWith(t, concat(p, '/')) AND s = 'positive', topics.id, topics.sentiment), 'positive',
                        arrayExists((t, s) -> startsWith(t, concat(p, '/')) AND s = 'negative', topics.id, topics.sentiment), 'negative',
                        'neutral'),
                    toFloat32(arrayAvg(arrayFilter((c, t) -> startsWith(t, concat(p, '/')), topics.score, topics.id))),
                    toUInt8(1)),
                arraySort(arrayDistinct(arrayFilter(
                    p -> NOT has(topics.id, p),
                    arrayFlatten(arrayMap(
                        t -> arrayMap(n -> arrayStringConcat(arraySlice(splitByChar('/', t), 1, n), '/'), range(1, length(splitByChar('/', t)))),
                        topics.id)))))))
        COMMENT 'The topics of the post and, inherited = 1, the parents of those that have one, each once',
    INDEX post_id_filter post_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX author_id_filter author_id TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = ReplacingMergeTree(ver, deleted)
PARTITION BY toYYYYMM(day)
ORDER BY (community, day, post_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Every version of every post, one row each; read it through the view posts';

CREATE TABLE IF NOT EXISTS voc.post_registry
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    post_id String COMMENT 'Id of the post',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'Time given by the first event that had one; 1970-01-01 in UTC when only a deletion is known',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record that fixed it',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record',
    rank UInt64 MATERIALIZED if(toUnixTimestamp64Milli(posted_at) = 0, toUInt64(0), bitShiftLeft(toUInt64(1), 62)) + (bitShiftLeft(toUInt64(1), 48) - kafka_offset)
        COMMENT 'Decides which row is read: a known time before an unknown one, then the lowest offset'
)
ENGINE = ReplacingMergeTree(rank)
ORDER BY (community, post_id)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'First event of every post: it fixes posted_at, and with it the window, for ever';

CREATE TABLE IF NOT EXISTS voc.activity_facts
(
    community LowCardinality(String) COMMENT 'Community it happened in',
    day Date COMMENT 'Calendar day of occurred_at in the calendar''s zone',
    event_id String COMMENT 'Id of the event, unique within the community',
    event LowCardinality(String) COMMENT 'viewed, reacted, accepted, joined, login or point',
    occurred_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it happened',
    post_id String COMMENT 'Post it happened to; empty for joined, login and point',
    author_id String COMMENT 'Pseudonym of the member who did it',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the member in the community',
    account_id String COMMENT 'Customer account of the member',
    kind LowCardinality(String) COMMENT 'Kind of the reaction or reason of the points',
    count Int64 COMMENT 'How many times it happened; for point the points, which may be negative',
    invited_by String COMMENT 'Pseudonym of the inviting member of a joined event',
    attributes Map(LowCardinality(String), String) COMMENT 'Whatever else the source says',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record; of two records with one key the higher is read',
    ingested_at DateTime64(3, 'Asia/Tokyo') DEFAULT now64(3) COMMENT 'When this row was written'
)
ENGINE = ReplacingMergeTree(kafka_offset)
PARTITION BY toYYYYMM(day)
ORDER BY (community, day, event_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What members did that is not a post; read it through the view activity';

CREATE TABLE IF NOT EXISTS voc.account_facts
(
    account_id String COMMENT 'Id of the customer account',
    valid_from DateTime64(3, 'Asia/Tokyo') COMMENT 'Since when these attributes hold',
    name String COMMENT 'Name of the account',
    deleted UInt8 COMMENT '1 when the account ends at valid_from',
    attributes Map(LowCardinality(String), String) COMMENT 'plan, touch_model, industry, ltv_band, csm_owner, ...',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record; of two records with one key the higher is read',
    ingested_at DateTime64(3, 'Asia/Tokyo') DEFAULT now64(3) COMMENT 'When this row was written'
)
ENGINE = ReplacingMergeTree(kafka_offset)
ORDER BY (account_id, valid_from)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'States of customer accounts, one row for each time they changed; read it through accounts and account_history';

CREATE TABLE IF NOT EXISTS voc.survey_facts
(
    community LowCardinality(String) COMMENT 'Community whose member answered',
    day Date COMMENT 'Calendar day of answered_at in the calendar''s zone',
    response_id String COMMENT 'Id of the answer, unique within the community',
    survey_id LowCardinality(String) COMMENT 'Survey it belongs to',
    metric LowCardinality(String) COMMENT 'nps (0 to 10) or csat (1 to 5)',
    score Float32 COMMENT 'The answer',
    answered_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was given',
    author_id String COMMENT 'Pseudonym of the member who answered',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the member in the community',
    account_id String COMMENT 'Customer account of the member',
    attributes Map(LowCardinality(String), String) COMMENT 'Whatever else the source says',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record; of two records with one key the higher is read',
    ingested_at DateTime64(3, 'Asia/Tokyo') DEFAULT now64(3) COMMENT 'When this row was written'
)
ENGINE = ReplacingMergeTree(kafka_offset)
PARTITION BY toYYYYMM(day)
ORDER BY (community, day, response_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Answers to surveys; read it through the view surveys, and their comments through posts with source survey';

CREATE TABLE IF NOT EXISTS voc.record_outcomes
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record' CODEC(Delta, ZSTD(1)),
    record_time DateTime64(3, 'Asia/Tokyo') COMMENT 'Time of the record as Kafka gives it' CODEC(Delta, ZSTD(1)),
    outcome LowCardinality(String) COMMENT 'stored, dead_letter or filtered',
    community LowCardinality(String) COMMENT 'Community of the post; empty for other records',
    post_id String COMMENT 'Post the record is about; empty for other records',
    source_version UInt64 COMMENT 'Version of the post the record carries; 0 for other records'
)
ENGINE = ReplacingMergeTree
ORDER BY (kafka_topic, kafka_partition, kafka_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What became of every Kafka record, one row each; read it through ledger and ledger_offsets';

CREATE TABLE IF NOT EXISTS voc.dead_letter_facts
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the refused message',
    kafka_partition UInt32 COMMENT 'Partition of the refused message',
    kafka_offset UInt64 COMMENT 'Offset of the refused message',
    record_time DateTime64(3, 'Asia/Tokyo') COMMENT 'Time of the message as Kafka gives it',
    reason LowCardinality(String) COMMENT 'Why it was refused, one of a closed set',
    field LowCardinality(String) COMMENT 'Field at fault; empty when the whole message is',
    detail String COMMENT 'One sentence that says what would be right',
    message_key String COMMENT 'Key of the message',
    size UInt64 COMMENT 'Size of the message''s value in bytes',
    ingested_at DateTime64(3, 'Asia/Tokyo') DEFAULT now64(3) COMMENT 'When this row was written'
)
ENGINE = ReplacingMergeTree
ORDER BY (kafka_topic, kafka_partition, kafka_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Refused messages without their content, which stays in the dead-letter topic; read it through dead_letters';

CREATE TABLE IF NOT EXISTS voc.window_marks
(
    community LowCardinality(String) COMMENT 'Community of the window',
    day Date COMMENT 'Calendar day of the window',
    marks SimpleAggregateFunction(sum, UInt64) DEFAULT 1 COMMENT 'How often the window was marked: it only grows, whatever the clocks do',
    marked_at SimpleAggregateFunction(max, DateTime64(3, 'Asia/Tokyo')) DEFAULT now64(3) COMMENT 'When it was marked last'
)
ENGINE = AggregatingMergeTree
ORDER BY (community, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Windows whose facts changed; every writer adds a row after its facts are in';

CREATE TABLE IF NOT EXISTS voc.day_windows
(
    community LowCardinality(String) COMMENT 'Community of the window',
    day Date COMMENT 'Calendar day of the window',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one window the higher is read',
    marks UInt64 COMMENT 'Marks of the window counted before its facts were read; the window is dirty when there are others now',
    calculated_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When its facts were read',
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
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(day)
ORDER BY (community, day)
SETTINGS index_granularity = 64, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'All aggregates of one community and day in one row, so that a window is replaced as a whole';

CREATE TABLE IF NOT EXISTS voc.analyzer_revision_facts
(
    revision UInt16 COMMENT 'Number of the analyzer, growing with every new one',
    hash String COMMENT 'Hash of everything that decides the analyzer''s results',
    version String COMMENT 'Version of the program that registered it',
    detail String COMMENT 'What the analyzer was made of',
    registered_at DateTime64(3, 'Asia/Tokyo') DEFAULT now64(3) COMMENT 'When it was registered'
)
ENGINE = MergeTree
ORDER BY revision
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Numbers given to analyzers; an insert carries the number as its deduplication token, so each is given once';

CREATE TABLE IF NOT EXISTS voc.post_tag_history
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone',
    post_id String COMMENT 'Id of the post, unique within the community',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer that said this',
    source_version UInt64 COMMENT 'Version of the post it was said about',
    kafka_offset UInt64 COMMENT 'Offset of the record of that version',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    `topics.id` Array(LowCardinality(String)) COMMENT 'Topics the post said something about',
    `topics.sentiment` Array(LowCardinality(String)) COMMENT 'Polarity of what was said about each topic',
    `topics.score` Array(Float32) COMMENT 'Strength of each topic''s polarity from -1 to 1',
    intents Array(LowCardinality(String)) COMMENT 'What the author did: request, question, praise, ...',
    `signals.kind` Array(LowCardinality(String)) COMMENT 'Kind of each further observation',
    `signals.value` Array(String) COMMENT 'Normalised value of each further observation',
    `evidence.kind` Array(LowCardinality(String)) COMMENT 'What each span proved: topic, intent, sentiment or signal',
    `evidence.tag` Array(String) COMMENT 'Id of the topic or intent, the polarity, or kind=value of the signal',
    `evidence.field` Array(LowCardinality(String)) COMMENT 'Text each span pointed into: body or title',
    `evidence.start` Array(UInt32) COMMENT 'First character of each span, counted from 0',
    `evidence.end` Array(UInt32) COMMENT 'Character after the last one of each span',
    `evidence.rule` Array(LowCardinality(String)) COMMENT 'Rule that fired',
    flags Array(LowCardinality(String)) COMMENT 'Remarks of the pipeline, such as truncated_for_analysis',
    replaced_by UInt16 COMMENT 'Number of the analyzer whose result took its place',
    replaced_at DateTime64(3, 'Asia/Tokyo') DEFAULT now64(3) COMMENT 'When that happened',
    ver UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(source_version), 64), bitShiftLeft(toUInt128(kafka_offset), 16))
        COMMENT 'Decides which row of one post and analyzer is read: that about the newest version of the post'
)
ENGINE = ReplacingMergeTree(ver)
PARTITION BY toYYYYMM(day)
ORDER BY (community, day, post_id, analyzer_revision)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What earlier analyzers said about posts, written by voc retag before their results are replaced; holds no text';

CREATE TABLE IF NOT EXISTS voc.erasure_keys
(
    key String COMMENT 'Keyed hash of an erased post or person; nobody can tell from it who that was',
    until DateTime64(3, 'UTC') COMMENT 'What happened until this time is erased; the year 2200 means for ever',
    registered_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was registered'
)
ENGINE = MergeTree
ORDER BY key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What was erased, as keyed hashes: writers leave it out, also when a topic is replayed. Rows are only ever added';

CREATE TABLE IF NOT EXISTS voc.erasure_facts
(
    id String COMMENT 'Number of the certificate',
    erased_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was done',
    kind LowCardinality(String) COMMENT 'author or post',
    subject String COMMENT 'Keyed hash of the person or post, in hexadecimal',
    posts UInt64 COMMENT 'Posts that were erased',
    records UInt64 COMMENT 'Rows that were erased or blanked, of all tables',
    `windows.community` Array(LowCardinality(String)) COMMENT 'Communities of the days whose numbers changed by it',
    `windows.day` Array(Date) COMMENT 'Days whose numbers changed by it',
    certificate String COMMENT 'The certificate, as JSON'
)
ENGINE = ReplacingMergeTree
ORDER BY (erased_at, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Erasures that were done, without a name; read it through the view erasures';

CREATE TABLE IF NOT EXISTS voc.dead_letter_replays
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the refused message',
    kafka_partition UInt32 COMMENT 'Partition of the refused message',
    kafka_offset UInt64 COMMENT 'Offset of the refused message',
    replay_partition UInt32 COMMENT 'Partition of the same topic to which it was sent again',
    replay_offset UInt64 COMMENT 'Offset it got there',
    repaired UInt8 COMMENT '1 when its key or value was changed before',
    replayed_at DateTime64(3, 'Asia/Tokyo') DEFAULT now64(3) COMMENT 'When it was sent again'
)
ENGINE = ReplacingMergeTree(replay_offset)
ORDER BY (kafka_topic, kafka_partition, kafka_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Refused messages that were sent again by voc replay; read it through dead_letters';

CREATE TABLE IF NOT EXISTS voc.duplicate_windows
(
    community LowCardinality(String) COMMENT 'Community of the posts',
    week Date COMMENT 'Monday of the ISO week of the posts',
    calc UInt64 COMMENT 'Number of the comparison; of two rows of one week the higher is read',
    marks UInt64 COMMENT 'Marks of the week''s days before its posts were read; the week is compared again when there are others now',
    compared_at DateTime64(3, 'Asia/Tokyo') DEFAULT now64(3) COMMENT 'When its posts were compared',
    compared UInt64 COMMENT 'Number of posts that were compared',
    `members.group_id` Array(String) COMMENT 'Group of each post that is a copy or was copied: the post_id of its first post',
    `members.post_id` Array(String) COMMENT 'Id of each of these posts',
    `members.day` Array(Date) COMMENT 'Day of each of these posts',
    `members.author` Array(UInt64) COMMENT 'Key of the author of each of these posts; 0 when not known'
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 64, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Posts of one community and week that are copies of one another, in one row, so that a week is replaced as a whole';

CREATE TABLE IF NOT EXISTS voc.post_decision_facts
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of the post, whose numbers the decision changes',
    post_id String COMMENT 'Id of the post, unique within the community',
    number UInt32 COMMENT 'Number of the decision among those about the post, from 1; the highest holds',
    decision_id String COMMENT 'Random id, so that two people who decide at the same moment lose nothing',
    verdict LowCardinality(String) COMMENT 'released, or what the post is set aside as: promotion or spam',
    decided_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was decided',
    decided_by String COMMENT 'Who decided, as they gave their name',
    reason String COMMENT 'Why, personal data masked',
    tagged Array(LowCardinality(String)) COMMENT 'Which of promotion and spam the analyzer had said then',
    analyzer_revision UInt16 COMMENT 'Number of that analyzer',
    source_version UInt64 COMMENT 'Version of the post that was judged'
)
ENGINE = ReplacingMergeTree
ORDER BY (community, post_id, number, decision_id)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What people decided about posts that are set aside, every decision one row, never changed; read it through post_decisions';

CREATE TABLE IF NOT EXISTS voc.action_facts
(
    community LowCardinality(String) COMMENT 'Community whose voices the action answers',
    action_id String COMMENT 'Id of the action',
    number UInt32 COMMENT 'Number of the event among those of the action, from 1',
    event_id String COMMENT 'Random id, so that two people who write at the same moment lose nothing',
    event LowCardinality(String) COMMENT 'added, shipped, closed or reopened',
    happened_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it happened',
    made_by String COMMENT 'Who wrote it down, as they gave their name',
    title String COMMENT 'Of added: what is to be done, personal data masked',
    topic String COMMENT 'Of added: topic it is about; empty for none',
    filter String COMMENT 'Of added: which posts it answers, as the query of the address of the page of posts, without community and days',
    owner String COMMENT 'Of added: who sees to it',
    due Date COMMENT 'Of added: day until which it shall be done; 1970-01-01 for none',
    release String COMMENT 'Of shipped: the release it came with',
    note String COMMENT 'Remark, personal data masked'
)
ENGINE = ReplacingMergeTree
ORDER BY (community, action_id, number, event_id)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What was done about what members said, every event one row, never changed; read it through actions and action_events';

ALTER TABLE voc.day_windows
    ADD COLUMN IF NOT EXISTS joins Array(Tuple(member UInt64, joined_at DateTime64(3, 'Asia/Tokyo')))
        COMMENT 'Joined events of the day: key of the member and when, in the order of the keys';

ALTER TABLE voc.post_facts
    ADD INDEX IF NOT EXISTS thread_filter thread_id TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS reply_filter reply_to TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE voc.post_facts
    MODIFY SETTING min_age_to_force_merge_seconds = 900, min_age_to_force_merge_on_partition_only = 1;

ALTER TABLE voc.activity_facts
    MODIFY SETTING min_age_to_force_merge_seconds = 900, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS voc.week_windows
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    counted_at DateTime64(3, 'Asia/Tokyo') DEFAULT now64(3) COMMENT 'When it was counted',
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
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 64, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What a week comes to, people counted once, so that a reader of many weeks need not add up their days; holds no keys of people';

CREATE TABLE IF NOT EXISTS voc.week_stamps
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which rows of day_windows it was made from: the sum of cityHash64(day, calc, marks)'
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in week_windows may be read while their days have this stamp; written some time after the row, so that whoever sees the stamp sees the row';

CREATE TABLE IF NOT EXISTS voc.week_details
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
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'The long lists of what a week comes to, which few readers want; a row goes with the one of week_windows';

ALTER TABLE voc.record_outcomes
    ADD INDEX IF NOT EXISTS day_range toDate(record_time) TYPE minmax GRANULARITY 1;

ALTER TABLE voc.record_outcomes
    MATERIALIZE INDEX day_range;

ALTER TABLE voc.post_facts
    MODIFY SETTING vertical_merge_algorithm_min_rows_to_activate = 1;

CREATE TABLE IF NOT EXISTS voc.day_keys
(
    community LowCardinality(String) COMMENT 'Community of the day',
    kind LowCardinality(String) COMMENT 'asked, reply, other, viewed or accepted, see the views post_keys and activity_keys; a day has a row of each, also an empty one',
    day Date COMMENT 'Calendar day of the posts and of what was done',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one day and kind the higher is read',
    posts Array(UInt64) COMMENT 'Keys of the posts, but for viewed and accepted in the order of posted_at and post_id',
    places Array(UInt32) COMMENT 'Their places among all posts of the day, by posted_at and post_id' CODEC(Delta, LZ4),
    at Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When they were written' CODEC(Delta, LZ4),
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
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(day)
ORDER BY (community, kind, day)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Posts of a day as numbers, so that questions and members can be followed over many weeks without reading the posts; read it through post_keys and activity_keys';

CREATE TABLE IF NOT EXISTS voc.day_stamps
(
    community LowCardinality(String) COMMENT 'Community of the day',
    day Date COMMENT 'Calendar day',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which row of day_windows it was made beside: cityHash64(day, calc, marks)',
    ready_at DateTime64(3, 'Asia/Tokyo') COMMENT 'Since when the rows may be read: some time after they were written, so that whoever sees that they may sees them'
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(day)
ORDER BY (community, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Days whose rows in day_keys may be read while the row of day_windows has this stamp';

CREATE TABLE IF NOT EXISTS voc.week_lists
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
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What boards and lists show of a week; a row goes with the one of week_windows';

CREATE TABLE IF NOT EXISTS voc.segment_windows
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
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What a week comes to by segment, so that a reader need not ask for the account and the first day of every author';

CREATE TABLE IF NOT EXISTS voc.segment_stamps
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'What it was made from: the stamp of its days, who had joined by then, and the states that accounts had had'
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in segment_windows may be read while they have this stamp; written some time after the row, as in week_stamps';

ALTER TABLE voc.day_windows
    ADD COLUMN IF NOT EXISTS joins_stamp UInt64 MATERIALIZED if(empty(joins), 0, cityHash64(joins)) COMMENT 'Tells two lists of joined events apart; 0 for an empty one';

ALTER TABLE voc.day_windows
    MATERIALIZE COLUMN joins_stamp;

ALTER TABLE voc.post_facts
    ADD COLUMN IF NOT EXISTS characters UInt32 MATERIALIZED lengthUTF8(body) COMMENT 'Length of body in characters';

ALTER TABLE voc.post_facts
    MATERIALIZE COLUMN characters;

CREATE TABLE IF NOT EXISTS voc.offset_blocks
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the records',
    kafka_partition UInt32 COMMENT 'Partition of the records',
    block UInt64 COMMENT 'Number of the block: its offsets, divided by 262144',
    last_time DateTime64(3, 'Asia/Tokyo') COMMENT 'Latest time of its records'
)
ENGINE = ReplacingMergeTree
ORDER BY (kafka_topic, kafka_partition, block)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Blocks of 262144 offsets all of which are in record_outcomes, so that their records need not be read to find holes';

CREATE TABLE IF NOT EXISTS voc.question_windows
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    questions Array(Tuple(
        day Date, at DateTime64(3, 'Asia/Tokyo'), place UInt32, post UInt64, author UInt64, thread UInt64, source LowCardinality(String),
        first Int64, staff Int32, resolved Int32, thanked Int32, accepted Int32))
        COMMENT 'Questions of the week and what the week brought them, see question_states',
    late Array(Tuple(
        day Date, at DateTime64(3, 'Asia/Tokyo'), place UInt32, post UInt64, author UInt64, thread UInt64, traits UInt16))
        COMMENT 'Replies of the week in threads that did not begin in it, see late_replies'
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Questions with the answers of their own week, so that only the answers of other weeks need be followed; read it through question_states and late_replies';

CREATE TABLE IF NOT EXISTS voc.question_stamps
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which rows of day_windows it was made from, as in week_stamps'
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in question_windows may be read while their days have this stamp; written some time after the row, as in week_stamps';

ALTER TABLE voc.post_facts
    MODIFY COLUMN `evidence.kind` Array(Enum8('sentiment' = 1, 'topic' = 2, 'intent' = 3, 'signal' = 4)),
    MODIFY COLUMN `evidence.field` Array(Enum8('body' = 1, 'title' = 2));

CREATE TABLE IF NOT EXISTS voc.shown_windows
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    posts Array(Tuple(
        day Date, post_id String, posted_at DateTime64(3, 'Asia/Tokyo'), source LowCardinality(String), channel LowCardinality(String), thread_id String, reply_to String,
        url String, rating Float32, views UInt64, accepted Bool, reactions Map(LowCardinality(String), UInt64), attributes Map(LowCardinality(String), String),
        author_id String, author_role LowCardinality(String), author_level LowCardinality(String), account_id String, title String, body String,
        sentiment LowCardinality(String), score Float32, topics Array(LowCardinality(String)), intents Array(LowCardinality(String)), flags Array(LowCardinality(String)),
        analyzer_revision UInt16, about Array(Tuple(topic LowCardinality(String), sentiment LowCardinality(String), score Float32)),
        spans Array(Tuple(intent LowCardinality(String), field LowCardinality(String), start UInt32, end UInt32)), severe UInt8))
        COMMENT 'Posts that stand first in lists of the week, whole, see shown_posts' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 900, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Copies of the posts that lists of a large week show, which would else be looked up all over the week; read it through shown_posts';

CREATE TABLE IF NOT EXISTS voc.shown_stamps
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which rows of day_windows it was made beside, as in week_stamps'
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in shown_windows may be read while their days have this stamp; written some time after the row, as in week_stamps';

CREATE TABLE IF NOT EXISTS voc.progress_windows
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
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What became of the questions of nine weeks until the end of the last one, so that they need not be followed whenever somebody asks; read it through question_progress';

CREATE TABLE IF NOT EXISTS voc.progress_stamps
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the last of the weeks',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which rows of day_windows it was made beside: those of the week and of the sixteen before it'
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in progress_windows may be read while the days have this stamp; written some time after the row, as in week_stamps';

CREATE TABLE IF NOT EXISTS voc.ledger_windows
(
    day Date COMMENT 'Calendar day of the records'' time',
    records UInt64 COMMENT 'Which rows of record_outcomes it was counted from: the sum of a hash of each',
    touched Array(UInt64) COMMENT 'Which rows of day_windows there were of the days of their posts, or of the whole community of a post of no or several days: a hash of each',
    topics Array(Tuple(kafka_topic LowCardinality(String), kafka_partition UInt32, read UInt64, stored UInt64, superseded UInt64, dead_letter UInt64, filtered UInt64, missing UInt64))
        COMMENT 'What became of the records by topic and partition, as in ledger'
)
ENGINE = ReplacingMergeTree
ORDER BY day
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What became of the Kafka records of a day, so that they need not be looked up among all posts; read it through ledger_days';

CREATE TABLE IF NOT EXISTS voc.writer_windows
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
    last Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When the last of what counts was written' CODEC(ZSTD(1)),
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
    reason_at Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When it was written',
    reason_posts Array(String) COMMENT 'Id of the post' CODEC(ZSTD(1)),
    reason_keys Array(UInt64) COMMENT 'Its key',
    reason_threads Array(UInt64) COMMENT 'Key of its thread',
    reason_sources Array(LowCardinality(String)) COMMENT 'Where it comes from',
    reason_accounts Array(LowCardinality(String)) COMMENT 'Account of its author; empty when not known',
    reason_authors Array(String) COMMENT 'Its author, when the account is not known',
    entity_keys Array(UInt64) COMMENT 'Keys of who wrote; this and the following, see week_reasons_ready',
    entity_accounts Array(LowCardinality(String)) COMMENT 'Their accounts; empty for authors without one',
    entity_authors Array(String) COMMENT 'Authors without an account',
    entity_at Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When they wrote last',
    entity_posts Array(String) COMMENT 'Id of that post',
    terms Array(Tuple(kind LowCardinality(String), value String, posts Array(String))) COMMENT 'Posts by opinion and entity, see week_terms_ready' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 900, min_age_to_force_merge_on_partition_only = 1
COMMENT 'What it takes to follow writers over weeks without reading the posts of every day; read it through week_writers_ready, week_answers_ready, week_reasons_ready and week_terms_ready';

CREATE TABLE IF NOT EXISTS voc.writer_stamps
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the ISO week',
    calc UInt64 COMMENT 'Number of the calculation',
    stamp UInt64 COMMENT 'Which rows of day_windows it was made from, as in week_stamps'
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Weeks whose row in writer_windows may be read while their days have this stamp; written some time after the row, as in week_stamps';

CREATE TABLE IF NOT EXISTS voc.attention_windows
(
    community LowCardinality(String) COMMENT 'Community of the week',
    week Date COMMENT 'Monday of the last of the weeks',
    calc UInt64 COMMENT 'Number of the calculation; of two rows of one week the higher is read',
    accounts Array(String) COMMENT 'Accounts, one for each reason to attend to one; this and the following, see attention_progress',
    authors Array(String) COMMENT 'Authors, when the account is not known',
    whys Array(UInt8) COMMENT 'The reason, a number',
    posts Array(Array(String)) COMMENT 'Ids of its posts, the newest first' CODEC(ZSTD(1)),
    last Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When the newest of them was written' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(calc)
PARTITION BY toYear(week)
ORDER BY (community, week)
SETTINGS index_granularity = 1, fsync_after_insert = 1, fsync_part_directory = 1, min_age_to_force_merge_seconds = 900, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Who needs attention by the posts of nine weeks until the end of the last one, so that they need not be looked through whenever somebody asks; stands under the stamps of progress_windows. Read it through attention_progress';

CREATE OR REPLACE VIEW voc.account_history
(
    account_id String COMMENT 'Id of the customer account',
    valid_from DateTime64(3, 'Asia/Tokyo') COMMENT 'Since when these attributes hold',
    valid_to DateTime64(3, 'Asia/Tokyo') COMMENT 'Until when they hold, exclusive; 2299-12-31 for the newest state',
    name String COMMENT 'Name of the account',
    attributes Map(LowCardinality(String), String) COMMENT 'plan, touch_model, industry, ltv_band, csm_owner, ...'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT account_id, valid_from, valid_to, name, attributes
FROM
(
    SELECT
        account_id, valid_from, name, attributes, deleted,
        leadInFrame(valid_from, 1, toDateTime64('2299-12-31 00:00:00', 3, 'Asia/Tokyo'))
            OVER (PARTITION BY account_id ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS valid_to
    FROM voc.account_facts FINAL
)
WHERE deleted = 0
COMMENT 'States of customer accounts; join with account_id and valid_from <= posted_at < valid_to to get what held when a post was written';

CREATE OR REPLACE VIEW voc.accounts
(
    account_id String COMMENT 'Id of the customer account',
    valid_from DateTime64(3, 'Asia/Tokyo') COMMENT 'Since when these attributes hold',
    name String COMMENT 'Name of the account',
    attributes Map(LowCardinality(String), String) COMMENT 'plan, touch_model, industry, ltv_band, csm_owner, ...'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT account_id, s.1 AS valid_from, s.2 AS name, s.3 AS attributes
FROM
(
    SELECT account_id, argMax((valid_from, name, attributes, deleted), valid_from) AS s
    FROM voc.account_facts FINAL
    WHERE valid_from <= now64(3)
    GROUP BY account_id
)
WHERE s.4 = 0
COMMENT 'Customer accounts as they are now, one row each, without ended ones';

CREATE OR REPLACE VIEW voc.action_events
(
    community LowCardinality(String) COMMENT 'Community whose voices the action answers',
    action_id String COMMENT 'Id of the action',
    number UInt32 COMMENT 'Number of the event among those of the action, from 1',
    event LowCardinality(String) COMMENT 'added, shipped, closed or reopened',
    happened_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it happened',
    made_by String COMMENT 'Who wrote it down, as they gave their name',
    release String COMMENT 'Of shipped: the release it came with',
    note String COMMENT 'Remark, personal data masked'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, action_id, number, event, happened_at, made_by, release, note
FROM voc.action_facts FINAL
COMMENT 'What happened to actions; one row an event';

CREATE OR REPLACE VIEW voc.actions
(
    community LowCardinality(String) COMMENT 'Community whose voices the action answers',
    action_id String COMMENT 'Id of the action',
    title String COMMENT 'What is to be done',
    topic String COMMENT 'Topic it is about; empty for none',
    filter String COMMENT 'Which posts it answers, as the query of the address of the page of posts, without community and days',
    owner String COMMENT 'Who sees to it',
    due Nullable(Date) COMMENT 'Day until which it shall be done; NULL for none',
    state LowCardinality(String) COMMENT 'What people said last: open, shipped, closed or reopened. Reports also call a shipped one reopened when its voices are back above the level before',
    release String COMMENT 'The release it shipped with last; empty when it did not ship',
    added_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was written down',
    added_by String COMMENT 'Who wrote it down',
    shipped_at Nullable(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When it shipped last; NULL when it did not ship',
    changed_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When its last event happened',
    note String COMMENT 'Remark of its last event',
    events UInt64 COMMENT 'Number of its events, which action_events lists'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, action_id, argMinIf(title, (number, event_id), event = 'added') AS title, argMinIf(topic, (number, event_id), event = 'added') AS topic,
    argMinIf(filter, (number, event_id), event = 'added') AS filter, argMinIf(owner, (number, event_id), event = 'added') AS owner,
    nullIf(argMinIf(f.due, (number, event_id), event = 'added'), toDate(0)) AS due,
    transform(argMax(event, (number, happened_at, event_id)), ['added'], ['open'], argMax(event, (number, happened_at, event_id))) AS state,
    argMaxIf(release, (number, happened_at, event_id), event = 'shipped') AS release,
    argMinIf(happened_at, (number, event_id), event = 'added') AS added_at, argMinIf(made_by, (number, event_id), event = 'added') AS added_by,
    if(countIf(event = 'shipped') = 0, NULL, argMaxIf(happened_at, (number, happened_at, event_id), event = 'shipped')) AS shipped_at,
    argMax(happened_at, (number, f.happened_at, event_id)) AS changed_at, argMax(note, (number, f.happened_at, event_id)) AS note, count() AS events
FROM voc.action_facts AS f FINAL
GROUP BY community, action_id
HAVING countIf(event = 'added') > 0
COMMENT 'What was done about what members said: topic, owner, release; one row an action as it is now';

CREATE OR REPLACE VIEW voc.activity
(
    community LowCardinality(String) COMMENT 'Community it happened in',
    day Date COMMENT 'Calendar day of occurred_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    event_id String COMMENT 'Id of the event, unique within the community',
    event LowCardinality(String) COMMENT 'viewed, reacted, accepted, joined, login or point',
    occurred_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it happened',
    post_id String COMMENT 'Post it happened to; empty for joined, login and point',
    author_id String COMMENT 'Pseudonym of the member who did it',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the member in the community',
    account_id String COMMENT 'Customer account of the member',
    kind LowCardinality(String) COMMENT 'Kind of the reaction or reason of the points',
    count Int64 COMMENT 'How many times it happened; for point the points, which may be negative',
    invited_by String COMMENT 'Pseudonym of the inviting member of a joined event',
    attributes Map(LowCardinality(String), String) COMMENT 'Whatever else the source says'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, toMonday(day) AS week, event_id, event, occurred_at, post_id, author_id, author_role, author_level, account_id, kind, count, invited_by, attributes
FROM voc.activity_facts FINAL
COMMENT 'What members did that is not a post, each event once';

CREATE OR REPLACE VIEW voc.activity_daily
(
    day Date COMMENT 'Calendar day in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    event LowCardinality(String) COMMENT 'viewed, reacted, accepted, joined, login or point',
    hour UInt8 COMMENT 'Hour from 0 to 23 in the calendar''s zone',
    author_role LowCardinality(String) COMMENT 'Role of who did it: member, leader, staff, partner, outsider or empty',
    events UInt64 COMMENT 'Number of events',
    count Int64 COMMENT 'How many times it happened; for point the points, which may be negative',
    member_keys Array(UInt64) COMMENT 'Keys of who did it, cityHash64(author_id), to count them over several rows'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    day, toMonday(day) AS week, community, c.event AS event, c.hour AS hour, c.author_role AS author_role, c.events AS events, c.count AS count, c.members AS member_keys
FROM voc.day_windows FINAL
ARRAY JOIN activity AS c
COMMENT 'What members did that is not a post, by day, event, hour and role; one row for each combination that there is';

CREATE OR REPLACE VIEW voc.activity_keys
(
    community LowCardinality(String) COMMENT 'Community it happened in',
    day Date COMMENT 'Calendar day on which it happened, in the calendar''s zone; filter by it, it prunes',
    kind LowCardinality(String) COMMENT 'viewed or accepted. Filter by it, it prunes',
    posts Array(UInt64) COMMENT 'Keys of the posts it happened to, cityHash64(post_id), each once, in their order',
    counts Array(Int64) COMMENT 'How often it happened to each of them on the day',
    ids Array(String) COMMENT 'Of accepted, the ids of the posts in the same order'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, day, kind, posts, counts, ids
FROM voc.day_keys FINAL
WHERE kind IN ('viewed', 'accepted')
-- All parts of a query see the same state of a table, so that no day is in two parts or in none.
AND (community, day) NOT IN (SELECT community, day FROM voc.day_windows FINAL WHERE (community, day, cityHash64(day, calc, marks, 4)) NOT IN (SELECT community, day, stamp FROM voc.day_stamps WHERE ready_at <= now64(3)))
UNION ALL
SELECT community, day, kind, rows.1, rows.2, if(kind = 'accepted', rows.3, [])
FROM
(
    SELECT community, day, kind, arraySort(groupArray((post, n, post_id))) AS rows
    FROM
    (
        SELECT community, day, event AS kind, post_id, cityHash64(post_id) AS post, sum(count) AS n
        FROM voc.activity_facts FINAL
        WHERE event IN ('viewed', 'accepted') AND (community, day) IN (SELECT community, day FROM voc.day_windows FINAL WHERE (community, day, cityHash64(day, calc, marks, 4)) NOT IN (SELECT community, day, stamp FROM voc.day_stamps WHERE ready_at <= now64(3)))
        GROUP BY community, day, kind, post_id
    )
    GROUP BY community, day, kind
)
COMMENT 'Posts that were viewed or accepted by day, as numbers, to follow posts over many weeks without reading the activity. One row a community, day and kind of which there is any';

CREATE OR REPLACE VIEW voc.activity_keys_ready
(
    community LowCardinality(String) COMMENT 'Community it happened in',
    day Date COMMENT 'Calendar day on which it happened, in the calendar''s zone; filter by it, it prunes',
    kind LowCardinality(String) COMMENT 'viewed or accepted. Filter by it, it prunes',
    posts Array(UInt64) COMMENT 'Keys of the posts it happened to, cityHash64(post_id), each once, in their order',
    counts Array(Int64) COMMENT 'How often it happened to each of them on the day',
    ids Array(String) COMMENT 'Of accepted, the ids of the posts in the same order'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, day, kind, posts, counts, ids
FROM voc.day_keys FINAL
WHERE kind IN ('viewed', 'accepted')
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Posts that were viewed or accepted by day, as numbers, to follow posts over many weeks without reading the activity. One row a community, day and kind of which there is any';

CREATE OR REPLACE VIEW voc.analyzer_revisions
(
    revision UInt16 COMMENT 'Number of the analyzer, growing with every new one',
    hash String COMMENT 'Hash of everything that decides the analyzer''s results',
    version String COMMENT 'Version of the program that registered it',
    detail String COMMENT 'What the analyzer was made of',
    registered_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was registered'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT revision, hash, version, detail, registered_at
FROM voc.analyzer_revision_facts
COMMENT 'The analyzers that tagged posts; posts.analyzer_revision names one';

CREATE OR REPLACE VIEW voc.attention_progress
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the last of nine ISO weeks; filter by it, it prunes',
    accounts Array(String) COMMENT 'Customer accounts, one for each reason to attend to one; empty for authors without one. All that follow are in this order',
    authors Array(String) COMMENT 'Authors without an account',
    whys Array(UInt8) COMMENT 'The reason: 1 unanswered_complaint, 2 open_question, 3 churn_signal, 4 negative_voice, 6 silent, as in the query attention_reasons. The fifth of these, detractor, is in surveys',
    posts Array(Array(String)) COMMENT 'Ids of the posts that are the reason, the newest first and at most 50',
    last Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When the newest of them was written'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, week, accounts, authors, whys, posts, last
FROM voc.attention_windows FINAL
WHERE (community, week) NOT IN (SELECT community, week FROM (SELECT community, week, sum(d.stamp) OVER nine + 1 AS stamp, sum(d.age) OVER nine AS age, max(d.calculated_at) OVER nine AS calculated_at FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) AS d WINDOW nine AS (PARTITION BY community ORDER BY week RANGE BETWEEN 112 PRECEDING AND CURRENT ROW)) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.progress_stamps))
COMMENT 'Who needs attention by the posts of nine weeks until the end of the last; one row for each last week of a large community. Only what stands ready: a week has no row while one of the nine, or of the eight before them, changed a moment ago';

CREATE OR REPLACE VIEW voc.board_week_totals
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    place UInt8 COMMENT 'Place of the entry on the board, from 1',
    kind String COMMENT 'all, role (what the community is to its members), cx (experience) or co (outcome)',
    id String COMMENT 'Id of the entry within its kind',
    intents Array(String) COMMENT 'Intents of which a post must have one; empty when others decide',
    topics Array(String) COMMENT 'Topics, with their children, of which it must have one',
    signals Array(String) COMMENT 'Kinds of signals of which it must have one',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts that the entry counts',
    authors UInt64 COMMENT 'Number of their distinct authors',
    positive UInt64 COMMENT 'Positive posts',
    negative UInt64 COMMENT 'Negative posts',
    neutral UInt64 COMMENT 'Neutral posts',
    mixed UInt64 COMMENT 'Mixed posts: clearly positive and clearly negative parts'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS place, ([
    ('all', 'all', emptyArrayString(), emptyArrayString(), emptyArrayString()),
    ('role', 'feedback', ['request', 'complaint', 'bug', 'praise', 'churn_risk', 'upsell_signal'], [], []),
    ('role', 'qa', ['question', 'answer', 'resolution', 'level_question'], [], []),
    ('role', 'cases', ['success_story', 'tip', 'recommend', 'too_high'], [], []),
    ('role', 'network', ['wants_to_connect', 'greeting', 'empathy'], [], []),
    ('role', 'belonging', ['thanks', 'heard_in_community'], [], []),
    ('cx', 'functional', [], ['usability', 'feature', 'performance', 'reliability', 'design', 'quality', 'docs', 'onboarding', 'search', 'notification', 'mobile', 'integration', 'reporting'], []),
    ('cx', 'emotional', [], [], ['emotion']),
    ('co', 'used', ['tip', 'answer'], [], []),
    ('co', 'solved', ['resolution', 'success_story'], [], []),
    ('co', 'continuing', ['recommend', 'upsell_signal', 'churn_risk'], [], [])
] AS board)[place].1 AS kind, board[place].2 AS id, board[place].3 AS intents, board[place].4 AS topics, board[place].5 AS signals,
    c.2 AS author_role, c.3 AS posts, c.4 AS authors, c.5 AS positive, c.6 AS negative, c.7 AS neutral, c.8 AS mixed
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, board AS counted, 0 AS live FROM voc.week_lists FINAL
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM (SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
        UNION ALL
        SELECT week, community, groupArray((toUInt8(d.n), toLowCardinality(d.role), d.posts, d.authors, d.positive, d.negative, d.neutral, d.mixed)), 2
        FROM
        (
            SELECT week, community, n, role, sum(found) AS posts, uniqExactArray(people) AS authors, sumIf(found, polarity = 'positive') AS positive,
                sumIf(found, polarity = 'negative') AS negative, sumIf(found, polarity = 'neutral') AS neutral, sumIf(found, polarity = 'mixed') AS mixed
            FROM
            (
                -- Posts that say the same are put together first: there are far fewer kinds than posts.
                SELECT toMonday(day) AS week, community, toString(author_role) AS role, toString(sentiment) AS polarity, if((community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), intents), arrayFilter(v -> (community, post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), intents) AS said,
                    topic_rows.id AS about, has(signals.kind, 'emotion') AS felt, count() AS found, groupUniqArrayIf(cityHash64(author_id), author_id != '') AS people
                FROM voc.post_facts FINAL
                WHERE NOT hasAny(if((community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), intents), arrayFilter(v -> (community, post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), intents), ['promotion', 'spam']) AND (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
                GROUP BY week, community, role, polarity, said, about, felt
            )
            ARRAY JOIN arrayFilter(
                (i, b) -> b.1 = 'all' OR hasAny(said, b.3) OR hasAny(about, b.4) OR (felt AND has(b.5, 'emotion')),
                arrayEnumerate([
    ('all', 'all', emptyArrayString(), emptyArrayString(), emptyArrayString()),
    ('role', 'feedback', ['request', 'complaint', 'bug', 'praise', 'churn_risk', 'upsell_signal'], [], []),
    ('role', 'qa', ['question', 'answer', 'resolution', 'level_question'], [], []),
    ('role', 'cases', ['success_story', 'tip', 'recommend', 'too_high'], [], []),
    ('role', 'network', ['wants_to_connect', 'greeting', 'empathy'], [], []),
    ('role', 'belonging', ['thanks', 'heard_in_community'], [], []),
    ('cx', 'functional', [], ['usability', 'feature', 'performance', 'reliability', 'design', 'quality', 'docs', 'onboarding', 'search', 'notification', 'mobile', 'integration', 'reporting'], []),
    ('cx', 'emotional', [], [], ['emotion']),
    ('co', 'used', ['tip', 'answer'], [], []),
    ('co', 'solved', ['resolution', 'success_story'], [], []),
    ('co', 'continuing', ['recommend', 'upsell_signal', 'churn_risk'], [], [])
]), [
    ('all', 'all', emptyArrayString(), emptyArrayString(), emptyArrayString()),
    ('role', 'feedback', ['request', 'complaint', 'bug', 'praise', 'churn_risk', 'upsell_signal'], [], []),
    ('role', 'qa', ['question', 'answer', 'resolution', 'level_question'], [], []),
    ('role', 'cases', ['success_story', 'tip', 'recommend', 'too_high'], [], []),
    ('role', 'network', ['wants_to_connect', 'greeting', 'empathy'], [], []),
    ('role', 'belonging', ['thanks', 'heard_in_community'], [], []),
    ('cx', 'functional', [], ['usability', 'feature', 'performance', 'reliability', 'design', 'quality', 'docs', 'onboarding', 'search', 'notification', 'mobile', 'integration', 'reporting'], []),
    ('cx', 'emotional', [], [], ['emotion']),
    ('co', 'used', ['tip', 'answer'], [], []),
    ('co', 'solved', ['resolution', 'success_story'], [], []),
    ('co', 'continuing', ['recommend', 'upsell_signal', 'churn_risk'], [], [])
]) AS n
            GROUP BY week, community, n, role
        ) AS d
        GROUP BY week, community
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT 'The board of roles by ISO week and author role: posts by what the community is to its members, by experience and by outcome, without promotion and spam. A post can count for several entries';

CREATE OR REPLACE VIEW voc.board_week_totals_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    place UInt8 COMMENT 'Place of the entry on the board, from 1',
    kind String COMMENT 'all, role (what the community is to its members), cx (experience) or co (outcome)',
    id String COMMENT 'Id of the entry within its kind',
    intents Array(String) COMMENT 'Intents of which a post must have one; empty when others decide',
    topics Array(String) COMMENT 'Topics, with their children, of which it must have one',
    signals Array(String) COMMENT 'Kinds of signals of which it must have one',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts that the entry counts',
    authors UInt64 COMMENT 'Number of their distinct authors',
    positive UInt64 COMMENT 'Positive posts',
    negative UInt64 COMMENT 'Negative posts',
    neutral UInt64 COMMENT 'Neutral posts',
    mixed UInt64 COMMENT 'Mixed posts: clearly positive and clearly negative parts'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS place, ([
    ('all', 'all', emptyArrayString(), emptyArrayString(), emptyArrayString()),
    ('role', 'feedback', ['request', 'complaint', 'bug', 'praise', 'churn_risk', 'upsell_signal'], [], []),
    ('role', 'qa', ['question', 'answer', 'resolution', 'level_question'], [], []),
    ('role', 'cases', ['success_story', 'tip', 'recommend', 'too_high'], [], []),
    ('role', 'network', ['wants_to_connect', 'greeting', 'empathy'], [], []),
    ('role', 'belonging', ['thanks', 'heard_in_community'], [], []),
    ('cx', 'functional', [], ['usability', 'feature', 'performance', 'reliability', 'design', 'quality', 'docs', 'onboarding', 'search', 'notification', 'mobile', 'integration', 'reporting'], []),
    ('cx', 'emotional', [], [], ['emotion']),
    ('co', 'used', ['tip', 'answer'], [], []),
    ('co', 'solved', ['resolution', 'success_story'], [], []),
    ('co', 'continuing', ['recommend', 'upsell_signal', 'churn_risk'], [], [])
] AS board)[place].1 AS kind, board[place].2 AS id, board[place].3 AS intents, board[place].4 AS topics, board[place].5 AS signals,
    c.2 AS author_role, c.3 AS posts, c.4 AS authors, c.5 AS positive, c.6 AS negative, c.7 AS neutral, c.8 AS mixed
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, board AS counted, 0 AS live FROM voc.week_lists FINAL
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT 'Only what stands ready, see the views whose names end in not_ready: The board of roles by ISO week and author role: posts by what the community is to its members, by experience and by outcome, without promotion and spam. A post can count for several entries';

CREATE OR REPLACE VIEW voc.channel_daily
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    source LowCardinality(String) COMMENT 'Source of the posts',
    channel LowCardinality(String) COMMENT 'Channel of the posts',
    author_role LowCardinality(String) COMMENT 'Role of the authors: member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts with a polarity that is positive',
    negative UInt64 COMMENT 'Posts with a polarity that is negative',
    neutral UInt64 COMMENT 'Posts with a polarity that is neutral',
    mixed UInt64 COMMENT 'Posts with a polarity that is mixed: clearly positive and clearly negative parts',
    net_sentiment Float64 COMMENT '(positive - negative) / posts, from -1 to 1; over several rows: sum(positive - negative) / sum(posts)',
    score_sum Float64 COMMENT 'Sum of the scores from -1 to 1; divide by posts for the mean',
    untagged UInt64 COMMENT 'Posts without any topic',
    views UInt64 COMMENT 'Views of these posts as their sources reported',
    reactions UInt64 COMMENT 'Reactions to these posts as their sources reported',
    accepted UInt64 COMMENT 'Posts accepted as the answer',
    rated UInt64 COMMENT 'Posts with stars',
    rating_sum Float64 COMMENT 'Sum of their stars; divide by rated for the mean',
    authors UInt64 COMMENT 'Number of distinct authors in this row; over several rows: uniqExactArray(author_keys)',
    accounts UInt64 COMMENT 'Number of distinct accounts in this row; over several rows: uniqExactArray(account_keys)',
    author_keys Array(UInt64) COMMENT 'Keys of these authors, to count them over several rows',
    account_keys Array(UInt64) COMMENT 'Keys of these accounts, to count them over several rows'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    day, toMonday(day) AS week, community, c.source AS source, c.channel AS channel, c.author_role AS author_role,
    c.posts AS posts, c.replies AS replies, c.positive AS positive, c.negative AS negative, c.neutral AS neutral, c.mixed AS mixed,
    if(c.posts = 0, 0, (toInt64(c.positive) - toInt64(c.negative)) / c.posts) AS net_sentiment, c.score_milli / 1000 AS score_sum, c.untagged AS untagged,
    c.views AS views, c.reactions AS reactions, c.accepted AS accepted, c.rated AS rated, c.rating_milli / 1000 AS rating_sum,
    length(c.authors) AS authors, length(c.accounts) AS accounts, c.authors AS author_keys, c.accounts AS account_keys
FROM voc.day_windows FINAL
ARRAY JOIN cells AS c
COMMENT 'Posts by day, source, channel and author role; one row for each combination that has posts';

CREATE OR REPLACE VIEW voc.community_daily
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    posts UInt64 COMMENT 'Number of posts',
    threads UInt64 COMMENT 'Of these, posts that begin a thread',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    staff_posts UInt64 COMMENT 'Of these, posts by staff',
    positive UInt64 COMMENT 'Posts with a positive polarity',
    negative UInt64 COMMENT 'Posts with a negative polarity',
    neutral UInt64 COMMENT 'Posts with a neutral polarity',
    mixed UInt64 COMMENT 'Posts with a mixed polarity',
    net_sentiment Float64 COMMENT '(positive - negative) / posts, from -1 to 1; over several rows: sum(positive - negative) / sum(posts)',
    score_sum Float64 COMMENT 'Sum of the scores from -1 to 1; divide by posts for the mean',
    untagged UInt64 COMMENT 'Posts without any topic',
    questions UInt64 COMMENT 'Posts with the intent question',
    answers UInt64 COMMENT 'Posts with the intent answer',
    requests UInt64 COMMENT 'Posts with the intent request',
    complaints UInt64 COMMENT 'Posts with the intent complaint',
    praises UInt64 COMMENT 'Posts with the intent praise',
    churn_risks UInt64 COMMENT 'Posts with the intent churn_risk',
    authors UInt64 COMMENT 'Number of distinct authors of posts; over several rows: uniqExactArray(author_keys)',
    accounts UInt64 COMMENT 'Number of distinct accounts of posts; over several rows: uniqExactArray(account_keys)',
    active_members UInt64 COMMENT 'Number of distinct members who posted or did anything else; over several rows: uniqExactArray(member_keys)',
    viewed Int64 COMMENT 'Views on this day, from activity',
    reacted Int64 COMMENT 'Reactions on this day, from activity',
    accepted Int64 COMMENT 'Answers accepted on this day, from activity',
    joined Int64 COMMENT 'Members who joined on this day, from activity',
    logins Int64 COMMENT 'Logins on this day, from activity',
    points Int64 COMMENT 'Points given on this day, from activity',
    author_keys Array(UInt64) COMMENT 'Keys of the authors, to count them over several rows',
    account_keys Array(UInt64) COMMENT 'Keys of the accounts, to count them over several rows',
    member_keys Array(UInt64) COMMENT 'Keys of the active members, to count them over several rows',
    calculated_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When this day was counted last'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    day, toMonday(day) AS week, community, arraySum(cells.posts) AS posts, posts - replies AS threads, arraySum(cells.replies) AS replies,
    arraySum(arrayMap((r, n) -> if(r = 'staff', n, 0), cells.author_role, cells.posts)) AS staff_posts,
    arraySum(cells.positive) AS positive, arraySum(cells.negative) AS negative, arraySum(cells.neutral) AS neutral, arraySum(cells.mixed) AS mixed,
    if(posts = 0, 0, (toInt64(positive) - toInt64(negative)) / posts) AS net_sentiment, arraySum(cells.score_milli) / 1000 AS score_sum,
    arraySum(cells.untagged) AS untagged,
    arraySum(arrayMap((i, n) -> if(i = 'question', n, 0), intents.key, intents.posts)) AS questions,
    arraySum(arrayMap((i, n) -> if(i = 'answer', n, 0), intents.key, intents.posts)) AS answers,
    arraySum(arrayMap((i, n) -> if(i = 'request', n, 0), intents.key, intents.posts)) AS requests,
    arraySum(arrayMap((i, n) -> if(i = 'complaint', n, 0), intents.key, intents.posts)) AS complaints,
    arraySum(arrayMap((i, n) -> if(i = 'praise', n, 0), intents.key, intents.posts)) AS praises,
    arraySum(arrayMap((i, n) -> if(i = 'churn_risk', n, 0), intents.key, intents.posts)) AS churn_risks,
    length(author_keys) AS authors, length(account_keys) AS accounts, length(member_keys) AS active_members,
    arraySum(arrayMap((e, n) -> if(e = 'viewed', n, 0), activity.event, activity.count)) AS viewed,
    arraySum(arrayMap((e, n) -> if(e = 'reacted', n, 0), activity.event, activity.count)) AS reacted,
    arraySum(arrayMap((e, n) -> if(e = 'accepted', n, 0), activity.event, activity.count)) AS accepted,
    arraySum(arrayMap((e, n) -> if(e = 'joined', n, 0), activity.event, activity.count)) AS joined,
    arraySum(arrayMap((e, n) -> if(e = 'login', n, 0), activity.event, activity.count)) AS logins,
    arraySum(arrayMap((e, n) -> if(e = 'point', n, 0), activity.event, activity.count)) AS points,
    arrayDistinct(arrayFlatten(cells.authors)) AS author_keys, arrayDistinct(arrayFlatten(cells.accounts)) AS account_keys,
    arrayDistinct(arrayConcat(author_keys, arrayFlatten(activity.members))) AS member_keys, calculated_at
FROM voc.day_windows FINAL
COMMENT 'One row a community and day: posts, voices and activity';

CREATE OR REPLACE VIEW voc.community_weekly
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    posts UInt64 COMMENT 'Number of posts',
    threads UInt64 COMMENT 'Of these, posts that begin a thread',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    staff_posts UInt64 COMMENT 'Of these, posts by staff',
    positive UInt64 COMMENT 'Positive posts',
    negative UInt64 COMMENT 'Negative posts',
    neutral UInt64 COMMENT 'Neutral posts',
    mixed UInt64 COMMENT 'Mixed posts: clearly positive and clearly negative parts',
    untagged UInt64 COMMENT 'Posts without any topic',
    questions UInt64 COMMENT 'Posts with the intent question',
    answers UInt64 COMMENT 'Posts with the intent answer',
    requests UInt64 COMMENT 'Posts with the intent request',
    complaints UInt64 COMMENT 'Posts with the intent complaint',
    praises UInt64 COMMENT 'Posts with the intent praise',
    churn_risks UInt64 COMMENT 'Posts with the intent churn_risk',
    authors UInt64 COMMENT 'Number of distinct authors',
    accounts UInt64 COMMENT 'Number of distinct accounts of the authors',
    active_members UInt64 COMMENT 'Number of distinct members who wrote or did something',
    viewed Int64 COMMENT 'Views',
    reacted Int64 COMMENT 'Reactions',
    accepted Int64 COMMENT 'Accepted answers',
    joined Int64 COMMENT 'New members',
    logins Int64 COMMENT 'Logins',
    points Int64 COMMENT 'Points given',
    days UInt8 COMMENT 'Days with posts'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS posts, c.2 AS threads, c.3 AS replies, c.4 AS staff_posts, c.5 AS positive, c.6 AS negative, c.7 AS neutral, c.8 AS mixed, c.9 AS untagged, c.10 AS questions, c.11 AS answers, c.12 AS requests, c.13 AS complaints, c.14 AS praises, c.15 AS churn_risks, c.16 AS authors, c.17 AS accounts, c.18 AS active_members, c.19 AS viewed, c.20 AS reacted, c.21 AS accepted, c.22 AS joined, c.23 AS logins, c.24 AS points, c.25 AS days
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, totals AS counted, 0 AS live FROM voc.week_windows FINAL
        UNION ALL
        SELECT d.week AS week, d.community AS community, [(sum(d.posts), sum(d.threads), sum(d.replies), sum(d.staff_posts), sum(d.positive), sum(d.negative), sum(d.neutral), sum(d.mixed), sum(d.untagged), sum(d.questions), sum(d.answers), sum(d.requests), sum(d.complaints), sum(d.praises), sum(d.churn_risks), uniqExactArray(d.author_keys), uniqExactArray(d.account_keys), uniqExactArray(d.member_keys), sum(d.viewed), sum(d.reacted), sum(d.accepted), sum(d.joined), sum(d.logins), sum(d.points), toUInt8(uniqExactIf(d.day, d.posts > 0)))], 1
        FROM voc.community_daily AS d
        WHERE (d.community, d.day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
        GROUP BY week, community
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT 'Everything by ISO week and community, people counted once; one row a week';

CREATE OR REPLACE VIEW voc.community_weekly_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    posts UInt64 COMMENT 'Number of posts',
    threads UInt64 COMMENT 'Of these, posts that begin a thread',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    staff_posts UInt64 COMMENT 'Of these, posts by staff',
    positive UInt64 COMMENT 'Positive posts',
    negative UInt64 COMMENT 'Negative posts',
    neutral UInt64 COMMENT 'Neutral posts',
    mixed UInt64 COMMENT 'Mixed posts: clearly positive and clearly negative parts',
    untagged UInt64 COMMENT 'Posts without any topic',
    questions UInt64 COMMENT 'Posts with the intent question',
    answers UInt64 COMMENT 'Posts with the intent answer',
    requests UInt64 COMMENT 'Posts with the intent request',
    complaints UInt64 COMMENT 'Posts with the intent complaint',
    praises UInt64 COMMENT 'Posts with the intent praise',
    churn_risks UInt64 COMMENT 'Posts with the intent churn_risk',
    authors UInt64 COMMENT 'Number of distinct authors',
    accounts UInt64 COMMENT 'Number of distinct accounts of the authors',
    active_members UInt64 COMMENT 'Number of distinct members who wrote or did something',
    viewed Int64 COMMENT 'Views',
    reacted Int64 COMMENT 'Reactions',
    accepted Int64 COMMENT 'Accepted answers',
    joined Int64 COMMENT 'New members',
    logins Int64 COMMENT 'Logins',
    points Int64 COMMENT 'Points given',
    days UInt8 COMMENT 'Days with posts'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS posts, c.2 AS threads, c.3 AS replies, c.4 AS staff_posts, c.5 AS positive, c.6 AS negative, c.7 AS neutral, c.8 AS mixed, c.9 AS untagged, c.10 AS questions, c.11 AS answers, c.12 AS requests, c.13 AS complaints, c.14 AS praises, c.15 AS churn_risks, c.16 AS authors, c.17 AS accounts, c.18 AS active_members, c.19 AS viewed, c.20 AS reacted, c.21 AS accepted, c.22 AS joined, c.23 AS logins, c.24 AS points, c.25 AS days
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, totals AS counted, 0 AS live FROM voc.week_windows FINAL
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Everything by ISO week and community, people counted once; one row a week';

CREATE OR REPLACE VIEW voc.days_not_ready
(
    community LowCardinality(String) COMMENT 'Community',
    day Date COMMENT 'Calendar day'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, day FROM voc.day_windows FINAL WHERE (community, day, cityHash64(day, calc, marks, 4)) NOT IN (SELECT community, day, stamp FROM voc.day_stamps WHERE ready_at <= now64(3))
COMMENT 'Days of which post_keys and activity_keys have nothing that stands ready, so that the posts are counted whenever somebody asks. While there is none, a view whose name ends in _ready has the same rows as the one without, and is planned many times faster';

CREATE OR REPLACE VIEW voc.dead_letters
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the refused message',
    kafka_partition UInt32 COMMENT 'Partition of the refused message',
    kafka_offset UInt64 COMMENT 'Offset of the refused message',
    record_time DateTime64(3, 'Asia/Tokyo') COMMENT 'Time of the message as Kafka gives it',
    reason LowCardinality(String) COMMENT 'Why it was refused, one of a closed set',
    field LowCardinality(String) COMMENT 'Field at fault; empty when the whole message is',
    detail String COMMENT 'One sentence that says what would be right',
    message_key String COMMENT 'Key of the message',
    size UInt64 COMMENT 'Size of the message''s value in bytes',
    ingested_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was refused',
    state LowCardinality(String) COMMENT 'open; replayed when voc replay sent it again; refused_again when it was refused then too',
    replayed_at Nullable(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When it was sent again; NULL while open',
    replay_partition Nullable(UInt32) COMMENT 'Partition of the same topic to which it was sent again; NULL while open',
    replay_offset Nullable(UInt64) COMMENT 'Offset it got there; NULL while open'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    d.kafka_topic AS kafka_topic, d.kafka_partition AS kafka_partition, d.kafka_offset AS kafka_offset, d.record_time AS record_time, d.reason AS reason,
    d.field AS field, d.detail AS detail, d.message_key AS message_key, d.size AS size, d.ingested_at AS ingested_at,
    multiIf(r.sent = 0, 'open', r.refused = 1, 'refused_again', 'replayed') AS state,
    if(r.sent = 0, NULL, r.replayed_at) AS replayed_at, if(r.sent = 0, NULL, r.replay_partition) AS replay_partition, if(r.sent = 0, NULL, r.replay_offset) AS replay_offset
FROM voc.dead_letter_facts AS d FINAL
LEFT JOIN
(
    SELECT
        s.kafka_topic AS kafka_topic, s.kafka_partition AS kafka_partition, s.kafka_offset AS kafka_offset, s.replay_partition AS replay_partition,
        s.replay_offset AS replay_offset, s.replayed_at AS replayed_at, toUInt8(1) AS sent, f.refused AS refused
    FROM voc.dead_letter_replays AS s FINAL
    LEFT JOIN (SELECT DISTINCT kafka_topic, kafka_partition, kafka_offset, toUInt8(1) AS refused FROM voc.dead_letter_facts) AS f
        ON f.kafka_topic = s.kafka_topic AND f.kafka_partition = s.replay_partition AND f.kafka_offset = s.replay_offset
) AS r ON r.kafka_topic = d.kafka_topic AND r.kafka_partition = d.kafka_partition AND r.kafka_offset = d.kafka_offset
COMMENT 'Refused messages, each once, without their content, which stays in the dead-letter topic';

CREATE OR REPLACE VIEW voc.duplicate_groups
(
    community LowCardinality(String) COMMENT 'Community of the posts',
    week Date COMMENT 'Monday of the ISO week of the posts',
    group_id String COMMENT 'Id of the group: the post_id of its first post',
    posts UInt64 COMMENT 'Number of posts that are light variations of one text',
    authors UInt64 COMMENT 'Number of distinct authors of these posts',
    first_day Date COMMENT 'Day of the first post',
    last_day Date COMMENT 'Day of the last post',
    post_ids Array(String) COMMENT 'Ids of these posts',
    compared_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When the posts of the week were compared last'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, week, m.1 AS group_id, count() AS posts, uniqExactIf(m.4, m.4 != 0) AS authors, min(m.3) AS first_day, max(m.3) AS last_day,
    arraySort(groupArray(m.2)) AS post_ids, any(compared_at) AS compared_at
FROM voc.duplicate_windows FINAL
ARRAY JOIN arrayZip(members.group_id, members.post_id, members.day, members.author) AS m
GROUP BY community, week, group_id
COMMENT 'Texts that were posted in two or more light variations within a week: copies, campaigns, cross-posts; one row a text';

CREATE OR REPLACE VIEW voc.erasures
(
    id String COMMENT 'Number of the certificate',
    erased_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was done',
    kind LowCardinality(String) COMMENT 'author or post',
    posts UInt64 COMMENT 'Posts that were erased',
    records UInt64 COMMENT 'Rows that were erased or blanked, of all tables',
    windows Array(Tuple(community LowCardinality(String), day Date)) COMMENT 'Days whose numbers changed by it: an older report on one of them may show higher ones'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT id, erased_at, kind, posts, records, arrayZip(windows.community, windows.day) AS windows
FROM voc.erasure_facts FINAL
COMMENT 'Erasures of persons and posts that were done, without a name; one row a certificate';

CREATE OR REPLACE VIEW voc.hourly
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    weekday UInt8 COMMENT '1 is Monday, 7 is Sunday',
    hour UInt8 COMMENT 'Hour from 0 to 23 in the calendar''s zone',
    author_role LowCardinality(String) COMMENT 'Role of who wrote or did it: member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    viewed Int64 COMMENT 'Views, from activity',
    reacted Int64 COMMENT 'Reactions, from activity',
    authors UInt64 COMMENT 'Number of distinct authors of posts in this row; over several rows: uniqExactArray(author_keys)',
    author_keys Array(UInt64) COMMENT 'Keys of these authors, to count them over several rows'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    -- The keys of each group come from one row, and are in order there.
    day, toMonday(day) AS week, community, toDayOfWeek(day) AS weekday, hour, author_role, sum(h.posts) AS posts, sum(h.replies) AS replies,
    sum(h.viewed) AS viewed, sum(h.reacted) AS reacted, length(author_keys) AS authors, groupArrayArray(h.author_keys) AS author_keys
FROM
(
    SELECT day, community, c.hour AS hour, c.author_role AS author_role, c.posts AS posts, c.replies AS replies, toInt64(0) AS viewed, toInt64(0) AS reacted, c.authors AS author_keys
    FROM voc.day_windows FINAL
    ARRAY JOIN hours AS c
    UNION ALL
    SELECT day, community, c.hour, c.author_role, 0, 0, if(c.event = 'viewed', c.count, 0), if(c.event = 'reacted', c.count, 0), []
    FROM voc.day_windows FINAL
    ARRAY JOIN activity AS c
    WHERE c.event IN ('viewed', 'reacted')
) AS h
GROUP BY day, community, hour, author_role
COMMENT 'Posts and activity by day and hour, the base of a weekday by hour heat map';

CREATE OR REPLACE VIEW voc.intent_daily
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    intent LowCardinality(String) COMMENT 'What the authors do: request, complaint, bug, question, answer, praise, ...',
    source LowCardinality(String) COMMENT 'Source of the posts',
    channel LowCardinality(String) COMMENT 'Channel of the posts',
    author_role LowCardinality(String) COMMENT 'Role of the authors: member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts with the intent',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts with a polarity that is positive',
    negative UInt64 COMMENT 'Posts with a polarity that is negative',
    neutral UInt64 COMMENT 'Posts with a polarity that is neutral',
    mixed UInt64 COMMENT 'Posts with a polarity that is mixed: clearly positive and clearly negative parts',
    net_sentiment Float64 COMMENT '(positive - negative) / posts, from -1 to 1; over several rows: sum(positive - negative) / sum(posts)',
    score_sum Float64 COMMENT 'Sum of the scores from -1 to 1; divide by posts for the mean',
    views UInt64 COMMENT 'Views of these posts as their sources reported',
    reactions UInt64 COMMENT 'Reactions to these posts as their sources reported',
    accepted UInt64 COMMENT 'Posts accepted as the answer',
    rated UInt64 COMMENT 'Posts with stars',
    rating_sum Float64 COMMENT 'Sum of their stars; divide by rated for the mean',
    authors UInt64 COMMENT 'Number of distinct authors in this row; over several rows: uniqExactArray(author_keys)',
    accounts UInt64 COMMENT 'Number of distinct accounts in this row; over several rows: uniqExactArray(account_keys)',
    author_keys Array(UInt64) COMMENT 'Keys of these authors, to count them over several rows',
    account_keys Array(UInt64) COMMENT 'Keys of these accounts, to count them over several rows'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    day, toMonday(day) AS week, community, c.key AS intent, c.source AS source, c.channel AS channel, c.author_role AS author_role,
    c.posts AS posts, c.replies AS replies, c.positive AS positive, c.negative AS negative, c.neutral AS neutral, c.mixed AS mixed,
    if(c.posts = 0, 0, (toInt64(c.positive) - toInt64(c.negative)) / c.posts) AS net_sentiment, c.score_milli / 1000 AS score_sum,
    c.views AS views, c.reactions AS reactions, c.accepted AS accepted, c.rated AS rated, c.rating_milli / 1000 AS rating_sum,
    length(c.authors) AS authors, length(c.accounts) AS accounts, c.authors AS author_keys, c.accounts AS account_keys
FROM voc.day_windows FINAL
ARRAY JOIN intents AS c
COMMENT 'Posts by day and intent, split by source, channel and author role';

CREATE OR REPLACE VIEW voc.intent_week_totals
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    intent LowCardinality(String) COMMENT 'Id of the intent: request, question, praise, ...',
    posts UInt64 COMMENT 'Number of posts with the intent',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts that are positive',
    negative UInt64 COMMENT 'Posts that are negative',
    neutral UInt64 COMMENT 'Posts that are neutral',
    mixed UInt64 COMMENT 'Posts that are mixed: clearly positive and clearly negative parts',
    authors UInt64 COMMENT 'Number of distinct authors',
    accounts UInt64 COMMENT 'Number of distinct accounts',
    author_squares UInt64 COMMENT 'Sum over the authors of the square of the number of their posts, which tells few voices from many; an unknown author counts as another one each time'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS intent, c.2 AS posts, c.3 AS replies, c.4 AS positive, c.5 AS negative, c.6 AS neutral, c.7 AS mixed, c.8 AS authors,
    c.9 AS accounts, c.10 AS author_squares
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, intents AS counted, 0 AS live FROM voc.week_windows FINAL
        UNION ALL
        SELECT week, community, groupArrayIf((toLowCardinality(tag), d.posts, d.replies, d.positive, d.negative, d.neutral, d.mixed, d.authors, d.accounts, d.squares), d.posts > 0), 1
        FROM
        (
            SELECT week, community, tag, sum(e.posts) AS posts, sum(e.replies) AS replies, sum(e.positive) AS positive, sum(e.negative) AS negative, sum(e.neutral) AS neutral,
                sum(e.mixed) AS mixed, sum(e.authors) AS authors, sum(e.accounts) AS accounts, sum(e.squares) AS squares
            FROM
            (
                SELECT toMonday(day) AS week, community, toString(c.key) AS tag, sum(c.posts) AS posts, sum(c.replies) AS replies, sum(c.positive) AS positive, sum(c.negative) AS negative,
                    sum(c.neutral) AS neutral, sum(c.mixed) AS mixed, uniqExactArray(c.authors) AS authors, uniqExactArray(c.accounts) AS accounts, toUInt64(0) AS squares
                FROM voc.day_windows FINAL
                LEFT ARRAY JOIN intents AS c -- a week without any must hide what it had
                WHERE (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
                GROUP BY week, community, tag
                UNION ALL
                SELECT week, community, tag, 0, 0, 0, 0, 0, 0, 0, 0, sum(n * n)
                FROM
                (
                    SELECT toMonday(day) AS week, community, toString(said) AS tag, if(author_id = '', concat('\0', post_id), author_id) AS author, count() AS n
                    FROM voc.post_facts FINAL
                    ARRAY JOIN arrayDistinct(if((community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), intents), arrayFilter(v -> (community, post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), intents)) AS said
                    WHERE (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
                    GROUP BY week, community, tag, author
                )
                GROUP BY week, community, tag
            ) AS e
            GROUP BY week, community, tag
        ) AS d
        GROUP BY week, community
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT 'Posts by ISO week and intent, all sources, channels and roles together, people counted once';

CREATE OR REPLACE VIEW voc.intent_week_totals_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    intent LowCardinality(String) COMMENT 'Id of the intent: request, question, praise, ...',
    posts UInt64 COMMENT 'Number of posts with the intent',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts that are positive',
    negative UInt64 COMMENT 'Posts that are negative',
    neutral UInt64 COMMENT 'Posts that are neutral',
    mixed UInt64 COMMENT 'Posts that are mixed: clearly positive and clearly negative parts',
    authors UInt64 COMMENT 'Number of distinct authors',
    accounts UInt64 COMMENT 'Number of distinct accounts',
    author_squares UInt64 COMMENT 'Sum over the authors of the square of the number of their posts, which tells few voices from many; an unknown author counts as another one each time'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS intent, c.2 AS posts, c.3 AS replies, c.4 AS positive, c.5 AS negative, c.6 AS neutral, c.7 AS mixed, c.8 AS authors,
    c.9 AS accounts, c.10 AS author_squares
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, intents AS counted, 0 AS live FROM voc.week_windows FINAL
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Posts by ISO week and intent, all sources, channels and roles together, people counted once';

CREATE OR REPLACE VIEW voc.late_replies
(
    week Date COMMENT 'Monday of the ISO week of day; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    day Date COMMENT 'Calendar day of the reply',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was written',
    place UInt32 COMMENT 'Its place among all posts of the day, as in post_keys',
    post UInt64 COMMENT 'Key of the reply: cityHash64(post_id)',
    author UInt64 COMMENT 'Key of its author: cityHash64(author_id)',
    thread UInt64 COMMENT 'Key of its thread, as in post_keys',
    traits UInt16 COMMENT 'What is true of it, as in post_keys'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, r.1 AS day, r.2 AS posted_at, r.3 AS place, r.4 AS post, r.5 AS author, r.6 AS thread, r.7 AS traits
FROM voc.question_windows FINAL
ARRAY JOIN late AS r
-- All parts of a query see the same state of a table, so that no week is in two parts or in none.
WHERE (community, week) NOT IN (SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.question_stamps))
UNION ALL
SELECT week, community, r.1, r.2, r.3, r.4, r.5, thread, r.6
FROM
(
    SELECT
        week, community, thread, groupArrayIf((day, posted_at, place, post, author, trait), kind = 'reply') AS replies,
        minIf(day, kind != 'reply' AND post = thread) AS began, countIf(kind != 'reply' AND post = thread) AS beginnings
    FROM
    (
        SELECT toMonday(day) AS week, community, day, kind, post, posted_at, place, author, thread, trait
        FROM voc.post_keys
        ARRAY JOIN posts AS post, at AS posted_at, places AS place, authors AS author, threads AS thread, traits AS trait
        WHERE (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.question_stamps))
    )
    GROUP BY week, community, thread
)
ARRAY JOIN arrayFilter(r -> beginnings = 0 OR began > r.1, replies) AS r
COMMENT 'Replies in threads that did not begin with a post of the same week, up to the day of the reply; one row a reply. question_states has all others';

CREATE OR REPLACE VIEW voc.late_replies_ready
(
    week Date COMMENT 'Monday of the ISO week of day; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    day Date COMMENT 'Calendar day of the reply',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was written',
    place UInt32 COMMENT 'Its place among all posts of the day, as in post_keys',
    post UInt64 COMMENT 'Key of the reply: cityHash64(post_id)',
    author UInt64 COMMENT 'Key of its author: cityHash64(author_id)',
    thread UInt64 COMMENT 'Key of its thread, as in post_keys',
    traits UInt16 COMMENT 'What is true of it, as in post_keys'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, r.1 AS day, r.2 AS posted_at, r.3 AS place, r.4 AS post, r.5 AS author, r.6 AS thread, r.7 AS traits
FROM voc.question_windows FINAL
ARRAY JOIN late AS r
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Replies in threads that did not begin with a post of the same week, up to the day of the reply; one row a reply. question_states has all others';

CREATE OR REPLACE VIEW voc.ledger
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the records',
    kafka_partition UInt32 COMMENT 'Partition of the records',
    day Date COMMENT 'Calendar day of the records'' time in the calendar''s zone',
    read UInt64 COMMENT 'Records read',
    stored UInt64 COMMENT 'Records whose content is what the tables hold now',
    superseded UInt64 COMMENT 'Records of posts that a newer version replaced',
    dead_letter UInt64 COMMENT 'Records refused; dead_letters tells why',
    filtered UInt64 COMMENT 'Records left out on purpose, such as control records',
    missing UInt64 COMMENT 'Records reported as stored whose post is neither there nor replaced; anything but 0 is a fault'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    kafka_topic, kafka_partition, day, sum(records) AS read,
    sumIf(records, outcome = 'stored' AND (other OR version = newest)) AS stored,
    sumIf(records, outcome = 'stored' AND NOT other AND version < newest) AS superseded,
    sumIf(records, outcome = 'dead_letter') AS dead_letter,
    sumIf(records, outcome = 'filtered') AS filtered,
    sumIf(records, outcome = 'stored' AND NOT other AND version > newest) AS missing
FROM
(
    SELECT kafka_topic, kafka_partition, toDate(record_time) AS day, outcome, true AS other, toUInt128(0) AS version, toUInt128(0) AS newest, count() AS records
    FROM voc.record_outcomes FINAL
    WHERE post_id = ''
    GROUP BY kafka_topic, kafka_partition, day, outcome
    -- The rows of a record have one time, so that the index on it finds all of them.
    SETTINGS use_skip_indexes_if_final_exact_mode = 0
    UNION ALL
    -- Joined by a number, which is far faster than by two texts; of posts that share one, only the record's own counts.
    SELECT
        o.kafka_topic, o.kafka_partition, o.day, any(o.outcome), false, any(o.version),
        bitShiftLeft(bitShiftRight(maxIf(f.ver, f.community = o.community AND f.post_id = o.post_id), 16), 16), 1
    FROM
    (
        SELECT kafka_topic, kafka_partition, kafka_offset, toDate(record_time) AS day, outcome, community, post_id, cityHash64(post_id) AS post,
            bitOr(bitShiftLeft(toUInt128(source_version), 64), bitShiftLeft(toUInt128(kafka_offset), 16)) AS version
        FROM voc.record_outcomes FINAL
        WHERE post_id != ''
        SETTINGS use_skip_indexes_if_final_exact_mode = 0
    ) AS o
    LEFT JOIN
    (
        SELECT community, post_id, cityHash64(post_id) AS post, ver FROM voc.post_facts
    ) AS f ON o.post = f.post
    GROUP BY o.kafka_topic, o.kafka_partition, o.kafka_offset, o.day
)
GROUP BY kafka_topic, kafka_partition, day
COMMENT 'What became of the Kafka records; read = stored + superseded + dead_letter + filtered + missing, and missing is 0';

CREATE OR REPLACE VIEW voc.ledger_days
(
    day Date COMMENT 'Calendar day of the records'' time in the calendar''s zone; filter by it, an index finds its records',
    records UInt64 COMMENT 'Which rows there are now of the day''s records: the sum of a hash of each',
    stands UInt8 COMMENT 'Whether it was counted from these, and none of the days of their posts changed since',
    topics Array(Tuple(kafka_topic LowCardinality(String), kafka_partition UInt32, read UInt64, stored UInt64, superseded UInt64, dead_letter UInt64, filtered UInt64, missing UInt64))
        COMMENT 'If so, what became of the records by topic and partition, as in ledger'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT r.day AS day, r.records AS records, w.day = r.day AND w.records = r.records AS stands, if(stands, w.topics, []) AS topics
FROM
(
    SELECT toDate(record_time) AS day, sum(cityHash64(kafka_partition, kafka_offset, source_version, outcome = 'stored', outcome = 'filtered')) AS records
    FROM voc.record_outcomes
    GROUP BY day
) AS r
LEFT JOIN
(
    SELECT day, records, topics
    FROM voc.ledger_windows FINAL
    WHERE day NOT IN
        (
            SELECT day FROM voc.ledger_windows FINAL ARRAY JOIN touched AS state
            WHERE state NOT IN (SELECT state FROM (SELECT toString(community) AS community, day, cityHash64(community, cityHash64(day, calc, marks, 4)) AS state, calculated_at FROM voc.day_windows FINAL UNION ALL SELECT toString(community), toDate(0), cityHash64(community, sum(cityHash64(day, calc, marks, 4))), max(calculated_at) FROM voc.day_windows FINAL GROUP BY community))
        )
) AS w ON r.day = w.day
COMMENT 'Days of Kafka records, and what became of them where that stands ready; one row a day';

CREATE OR REPLACE VIEW voc.ledger_offsets
(
    kafka_topic LowCardinality(String) COMMENT 'Topic of the records',
    kafka_partition UInt32 COMMENT 'Partition of the records',
    first_offset UInt64 COMMENT 'Lowest offset seen',
    last_offset UInt64 COMMENT 'Highest offset seen',
    recorded UInt64 COMMENT 'Number of records seen',
    unexplained UInt64 COMMENT 'Offsets between the first and the last that nothing is known of; a compacted topic has such holes',
    gaps Array(Tuple(first UInt64, last UInt64)) COMMENT 'The holes, at most the first 100'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    kafka_topic, kafka_partition, first_offset, last_offset, recorded, last_offset - first_offset + 1 - recorded AS unexplained,
    -- Two rows of one record make no hole: its end is before its beginning.
    arraySlice(arrayFilter(g -> g.1 <= g.2, arrayMap((previous, next) -> (previous.2 + 1, next.1 - 1), arrayPopBack(ranges), arrayPopFront(ranges))), 1, 100) AS gaps
FROM
(
    SELECT kafka_topic, kafka_partition, min(first) AS first_offset, max(last) AS last_offset, sum(n) AS recorded, arraySort(groupArrayArray(parts)) AS ranges
    FROM
    (
        SELECT
            kafka_topic, kafka_partition, min(kafka_offset) AS first, max(kafka_offset) AS last, groupBitmap(kafka_offset) AS n, groupArray((kafka_offset, kafka_offset)) AS parts
        FROM voc.record_outcomes
        -- The index knows the topic and needs no row; the rows that it leaves are faster told by numbers.
        WHERE indexHint((kafka_topic, kafka_partition, intDiv(kafka_offset, 262144)) NOT IN (SELECT kafka_topic, kafka_partition, block FROM voc.offset_blocks))
            AND (cityHash64(kafka_topic), kafka_partition, intDiv(kafka_offset, 262144)) NOT IN
                (
                    SELECT cityHash64(kafka_topic), kafka_partition, block FROM voc.offset_blocks
                )
        GROUP BY kafka_topic, kafka_partition
        SETTINGS optimize_aggregation_in_order = 1
        UNION ALL
        SELECT kafka_topic, kafka_partition, block * 262144, block * 262144 + 262143, 262144, [(block * 262144, block * 262144 + 262143)]
        FROM voc.offset_blocks FINAL
    )
    GROUP BY kafka_topic, kafka_partition
)
COMMENT 'Offsets of the Kafka records seen, by partition, and those in between that nothing is known of';

CREATE OR REPLACE VIEW voc.members
(
    community LowCardinality(String) COMMENT 'Community they joined',
    author_key UInt64 COMMENT 'Key of the member, as in author_keys: cityHash64(author_id)',
    joined_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When they joined, the first time if they did so more than once'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, j.member AS author_key, min(j.joined_at) AS joined_at
FROM voc.day_windows FINAL
ARRAY JOIN joins AS j
GROUP BY community, author_key
COMMENT 'When members joined, as far as joined events tell; one row a member. Join it with posts by author_key = cityHash64(author_id)';

CREATE OR REPLACE VIEW voc.metrics
(
    id String COMMENT 'Id of the metric, stable',
    name String COMMENT 'Japanese name',
    meaning String COMMENT 'What it counts, in Japanese',
    unit String COMMENT 'Unit in Japanese: 件, 人, 社, ポイント, ...',
    view String COMMENT 'Contract view it is taken from',
    expression String COMMENT 'Aggregate expression over rows of that view; the one definition of the metric',
    sql String COMMENT 'Query that gives it by community for the days from to to, inclusive, as parameters of type Date'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT m.1 AS id, m.2 AS name, m.3 AS meaning, m.4 AS unit, m.5 AS view, m.6 AS expression, m.7 AS sql
FROM
(
    SELECT arrayJoin([
        ('posts', '投稿数', '期間内に投稿され、削除されていない投稿の数。', '件', 'community_daily', 'sum(posts)', 'SELECT community, sum(posts) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('threads', 'スレッド数', '返信ではない投稿の数。', '件', 'community_daily', 'sum(threads)', 'SELECT community, sum(threads) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('replies', '返信数', 'ほかの投稿に答えた投稿の数。', '件', 'community_daily', 'sum(replies)', 'SELECT community, sum(replies) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('authors', '投稿者数', '期間内に投稿した人の数。同じ人は一度だけ数える。', '人', 'community_daily', 'uniqExactArray(author_keys)', 'SELECT community, uniqExactArray(author_keys) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('accounts', '投稿した企業数', '期間内に投稿した人が属する企業の数。', '社', 'community_daily', 'uniqExactArray(account_keys)', 'SELECT community, uniqExactArray(account_keys) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('active_members', '活動メンバー数', '投稿・閲覧・リアクションなど何かをした人の数。', '人', 'community_daily', 'uniqExactArray(member_keys)', 'SELECT community, uniqExactArray(member_keys) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('staff_share', 'スタッフ投稿の割合', '投稿のうちスタッフによるものの割合。', '割合', 'community_daily', 'if(sum(posts) = 0, 0, sum(staff_posts) / sum(posts))', 'SELECT community, if(sum(posts) = 0, 0, sum(staff_posts) / sum(posts)) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('positive', '肯定的な投稿数', '全体として肯定的な投稿の数。', '件', 'community_daily', 'sum(positive)', 'SELECT community, sum(positive) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('negative', '否定的な投稿数', '全体として否定的な投稿の数。', '件', 'community_daily', 'sum(negative)', 'SELECT community, sum(negative) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('neutral', '中立の投稿数', '肯定とも否定ともいえない投稿の数。', '件', 'community_daily', 'sum(neutral)', 'SELECT community, sum(neutral) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('mixed', '賛否の混ざる投稿数', 'はっきり肯定的な部分と否定的な部分の両方がある投稿の数。', '件', 'community_daily', 'sum(mixed)', 'SELECT community, sum(mixed) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('net_sentiment', 'ネットセンチメント', '(肯定 − 否定) ÷ 投稿数。−1 から 1。', 'ポイント', 'community_daily', 'if(sum(posts) = 0, 0, sum(toInt64(positive) - toInt64(negative)) / sum(posts))', 'SELECT community, if(sum(posts) = 0, 0, sum(toInt64(positive) - toInt64(negative)) / sum(posts)) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('untagged_share', '話題なしの割合', 'どの話題にも当てはまらなかった投稿の割合。辞書の届く範囲の目安。', '割合', 'community_daily', 'if(sum(posts) = 0, 0, sum(untagged) / sum(posts))', 'SELECT community, if(sum(posts) = 0, 0, sum(untagged) / sum(posts)) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('questions', '質問数', '質問を含む投稿の数。', '件', 'community_daily', 'sum(questions)', 'SELECT community, sum(questions) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('answers', '回答数', '回答を含む投稿の数。', '件', 'community_daily', 'sum(answers)', 'SELECT community, sum(answers) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('requests', '要望数', '要望を含む投稿の数。', '件', 'community_daily', 'sum(requests)', 'SELECT community, sum(requests) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('complaints', '不満数', '不満・苦情を含む投稿の数。', '件', 'community_daily', 'sum(complaints)', 'SELECT community, sum(complaints) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('praises', '称賛数', '称賛を含む投稿の数。', '件', 'community_daily', 'sum(praises)', 'SELECT community, sum(praises) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('churn_risks', '解約の兆し', '解約や乗り換えをほのめかす投稿の数。', '件', 'community_daily', 'sum(churn_risks)', 'SELECT community, sum(churn_risks) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('viewed', '閲覧数', '期間内に起きた閲覧の回数。', '回', 'community_daily', 'sum(viewed)', 'SELECT community, sum(viewed) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('reacted', 'リアクション数', '期間内に起きたリアクションの回数。', '回', 'community_daily', 'sum(reacted)', 'SELECT community, sum(reacted) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('joined', '新規参加者数', '期間内に参加したメンバーの数。', '人', 'community_daily', 'sum(joined)', 'SELECT community, sum(joined) AS value FROM community_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('topic_posts', '話題の投稿数', '話題ごとの投稿の数。親の話題は子の投稿を一度だけ含む。topic で絞って使う。', '件', 'topic_daily', 'sumIf(posts, level = 1)', 'SELECT community, sumIf(posts, level = 1) AS value FROM topic_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('topic_negative', '話題への否定的な投稿数', 'その話題について否定的な投稿の数。topic で絞って使う。', '件', 'topic_daily', 'sumIf(negative, level = 1)', 'SELECT community, sumIf(negative, level = 1) AS value FROM topic_daily WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('nps', 'NPS', '推奨者の割合 − 批判者の割合。−100 から 100。', 'ポイント', 'surveys', 'if(countIf(metric = \'nps\') = 0, NULL, 100 * (countIf(category = \'promoter\') - countIf(category = \'detractor\')) / countIf(metric = \'nps\'))', 'SELECT community, if(countIf(metric = \'nps\') = 0, NULL, 100 * (countIf(category = \'promoter\') - countIf(category = \'detractor\')) / countIf(metric = \'nps\')) AS value FROM surveys WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('csat', '顧客満足度 (CSAT)', '満足 (4 以上) と答えた人の割合。', '割合', 'surveys', 'if(countIf(metric = \'csat\') = 0, NULL, countIf(category = \'satisfied\') / countIf(metric = \'csat\'))', 'SELECT community, if(countIf(metric = \'csat\') = 0, NULL, countIf(category = \'satisfied\') / countIf(metric = \'csat\')) AS value FROM surveys WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community'),
        ('survey_answers', 'アンケート回答数', '期間内のアンケート回答の数。', '件', 'surveys', 'count()', 'SELECT community, count() AS value FROM surveys WHERE day BETWEEN {from:Date} AND {to:Date} GROUP BY community ORDER BY community')
    ]) AS m
)
COMMENT 'Definition of every metric; reports, pages and dashboards use these and no others';

CREATE OR REPLACE VIEW voc.post_decisions
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of the post',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    number UInt32 COMMENT 'Number of the decision among those about the post, from 1',
    current Bool COMMENT 'True for the decision that holds: the newest about the post',
    verdict LowCardinality(String) COMMENT 'released, or what the post is set aside as: promotion or spam',
    decided_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was decided',
    decided_by String COMMENT 'Who decided, as they gave their name',
    reason String COMMENT 'Why, personal data masked',
    tagged Array(LowCardinality(String)) COMMENT 'Which of promotion and spam the analyzer had said then',
    analyzer_revision UInt16 COMMENT 'Number of that analyzer in analyzer_revisions',
    version UInt64 COMMENT 'Version of the post that was judged; posts has a higher one when it was edited since'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, toMonday(day) AS week, post_id, number,
    CAST((number, decided_at, decision_id) = max((number, decided_at, decision_id)) OVER (PARTITION BY community, post_id) AS Bool) AS current,
    verdict, decided_at, decided_by, reason, tagged, analyzer_revision, source_version AS version
FROM voc.post_decision_facts FINAL
COMMENT 'What people decided about posts that are set aside (released, or set aside by hand); one row a decision. The tags promotion and spam of posts and of all counts follow the current one';

CREATE OR REPLACE VIEW voc.post_duplicates
(
    community LowCardinality(String) COMMENT 'Community of the post',
    week Date COMMENT 'Monday of the ISO week of the post',
    day Date COMMENT 'Calendar day of the post',
    post_id String COMMENT 'Id of the post, unique within the community',
    group_id String COMMENT 'Group it belongs to, see duplicate_groups',
    copy Bool COMMENT 'False for the first post of the group, true for all that followed'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, week, m.3 AS day, m.2 AS post_id, m.1 AS group_id, m.1 != m.2 AS copy
FROM voc.duplicate_windows FINAL
ARRAY JOIN arrayZip(members.group_id, members.post_id, members.day, members.author) AS m
COMMENT 'Posts that are light variations of one another; one row a post. Posts without a copy are not listed';

CREATE OR REPLACE VIEW voc.post_evidence
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    kind LowCardinality(String) COMMENT 'What the span proves: topic, intent, sentiment or signal',
    tag String COMMENT 'Id of the topic or intent, the polarity, or kind=value of the signal',
    field LowCardinality(String) COMMENT 'Text the span points into: body or title',
    start UInt32 COMMENT 'First character of the span, counted from 0',
    end UInt32 COMMENT 'Character after the last one of the span',
    text String COMMENT 'The words themselves, cut out of the stored text',
    rule LowCardinality(String) COMMENT 'Rule that fired',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, toMonday(day) AS week, post_id, kind, tag, field, start, end,
    substringUTF8(if(field = 'title', title, body), start + 1, end - start) AS text, rule, posted_at, source
FROM voc.post_facts FINAL
ARRAY JOIN evidence.kind AS kind, evidence.tag AS tag, evidence.field AS field, evidence.start AS start, evidence.end AS end, evidence.rule AS rule
WHERE kind != 'intent' OR tag NOT IN ('promotion', 'spam') OR NOT (community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts GROUP BY community, post_id HAVING argMax(verdict, (number, decided_at, decision_id)) = 'released')
SETTINGS merge_tree_min_rows_for_concurrent_read = 16384, merge_tree_min_bytes_for_concurrent_read = 1048576
COMMENT 'The words behind every tag, without promotion and spam of posts that people put back; one row a post and span';

CREATE OR REPLACE VIEW voc.post_history
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer in analyzer_revisions; give one to see what it said',
    current Bool COMMENT 'True for what posts says now',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    topics Array(LowCardinality(String)) COMMENT 'Topics the post said something about by that analyzer',
    intents Array(LowCardinality(String)) COMMENT 'What the author did by that analyzer, whatever people decided',
    flags Array(LowCardinality(String)) COMMENT 'Remarks of the pipeline',
    version UInt64 COMMENT 'Version of the post it was said about; a later edit may have another text',
    replaced_at Nullable(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When a newer result took its place; NULL for what posts says now'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, toMonday(day) AS week, post_id, analyzer_revision, CAST(1 AS Bool) AS current, sentiment, score, topics.id AS topics, intents, flags, source_version AS version,
    CAST(NULL AS Nullable(DateTime64(3, 'Asia/Tokyo'))) AS replaced_at
FROM voc.post_facts FINAL
UNION ALL
SELECT
    h.community AS community, h.day AS day, toMonday(h.day) AS week, h.post_id AS post_id, h.analyzer_revision AS analyzer_revision, CAST(0 AS Bool) AS current, h.sentiment AS sentiment,
    h.score AS score, h.topics.id AS topics, h.intents AS intents, h.flags AS flags, h.source_version AS version,
    CAST(h.replaced_at AS Nullable(DateTime64(3, 'Asia/Tokyo'))) AS replaced_at
FROM voc.post_tag_history AS h FINAL
INNER JOIN (SELECT community, day, post_id, analyzer_revision FROM voc.post_facts FINAL) AS p
    ON p.community = h.community AND p.day = h.day AND p.post_id = h.post_id
WHERE p.analyzer_revision != h.analyzer_revision
COMMENT 'What each analyzer said about posts, now and before, without deleted posts; one row a post and analyzer';

CREATE OR REPLACE VIEW voc.post_intents
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    intent LowCardinality(String) COMMENT 'What the author does: request, complaint, bug, question, answer, praise, ...; promotion and spam as people decided where they did, see post_decisions',
    sentiment LowCardinality(String) COMMENT 'Polarity of the whole post',
    score Float32 COMMENT 'Strength of that polarity from -1 to 1',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    account_id String COMMENT 'Customer account of the author; empty when not known'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, toMonday(day) AS week, post_id, intent, sentiment, score, posted_at, source, channel, thread_id, author_id, author_role, account_id
FROM voc.post_facts FINAL
ARRAY JOIN arrayDistinct(if((community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), intents), arrayFilter(v -> (community, post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), intents)) AS intent
SETTINGS merge_tree_min_rows_for_concurrent_read = 16384, merge_tree_min_bytes_for_concurrent_read = 1048576
COMMENT 'Intents of posts; one row a post and intent';

CREATE OR REPLACE VIEW voc.post_keys
(
    community LowCardinality(String) COMMENT 'Community of the posts',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    kind LowCardinality(String) COMMENT 'asked: questions that begin a thread, not by staff, promotion or spam; reply: replies; other: all other posts. Filter by it, it prunes',
    posts Array(UInt64) COMMENT 'Keys of the posts, cityHash64(post_id), in the order of posted_at and post_id, as all that follow',
    places Array(UInt32) COMMENT 'Their places among all posts of the day, by posted_at and post_id, from 1',
    at Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When they were written',
    authors Array(UInt64) COMMENT 'Keys of their authors, as in author_keys: cityHash64(author_id)',
    threads Array(UInt64) COMMENT 'Keys of their threads: cityHash64 of the thread''s id, or without one of the id of the post that begins it',
    answered Array(UInt64) COMMENT 'Of replies, keys of the posts they answer',
    sources Array(LowCardinality(String)) COMMENT 'Where they come from: community, review, sns, survey, ...',
    accounts Array(LowCardinality(String)) COMMENT 'Customer accounts of their authors; empty when not known',
    traits Array(UInt16) COMMENT 'What is true of them, a sum: 1 by staff, 2 by an outsider, 4 author known, 8 promotion or spam, 16 accepted, as its source says, 32 thanks, 64 thanks that do not only mean to try, 128 resolution, 256 complaint or bug, 512 churn_risk, 1024 question, 2048 negative, 4096 written at a weekend or outside 8 to 20 o''clock',
    topics Array(Array(LowCardinality(String))) COMMENT 'Topics they say something about, each once',
    accepted Array(String) COMMENT 'Of replies, the ids of those that are accepted, as their source says'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, day, kind, posts, places, at, authors, threads, answered, sources, accounts, traits, topics, ids AS accepted
FROM voc.day_keys FINAL
WHERE kind IN ('asked', 'reply', 'other')
-- All parts of a query see the same state of a table, so that no day is in two parts or in none.
AND (community, day) NOT IN (SELECT community, day FROM voc.day_windows FINAL WHERE (community, day, cityHash64(day, calc, marks, 4)) NOT IN (SELECT community, day, stamp FROM voc.day_stamps WHERE ready_at <= now64(3)))
UNION ALL
SELECT
    community, day, kind, rows.4, arrayFilter((n, r) -> r.3 = kind, arrayEnumerate(sorted), sorted), rows.1, rows.5, rows.6, if(kind = 'reply', rows.7, []), rows.8, rows.9, rows.10,
    rows.11, if(kind = 'reply', arrayMap(r -> r.2, arrayFilter(r -> bitAnd(r.10, 16) > 0, rows)), [])
FROM
(
    SELECT community, day, kind, sorted, arrayFilter(r -> r.3 = kind, sorted) AS rows
    FROM
    (
        SELECT
            community, day, arraySort(r -> (r.1, r.2), groupArray((posted_at, post_id, sort, post, author, thread, answered, source, account_id, traits, about))) AS sorted
        FROM
        (
            SELECT
                community, day, posted_at, post_id, cityHash64(post_id) AS post, cityHash64(author_id) AS author,
                cityHash64(multiIf(thread_id != '', thread_id, reply_to = '', post_id, reply_to)) AS thread, cityHash64(reply_to) AS answered, source, account_id,
                hasAny(said, ['promotion', 'spam']) AS aside, has(said, 'thanks') AS thanks,
                toUInt16(
                    (author_role = 'staff') + 2 * (author_role = 'outsider') + 4 * (author_id != '') + 8 * aside + 16 * accepted + 32 * thanks
                        + 64 * (thanks AND NOT hasAny(said, ['question', 'bug', 'complaint']) AND NOT match(body, '試し|試させ|試みて|やってみ|確認してみ|してみます'))
                        + 128 * has(said, 'resolution') + 256 * hasAny(said, ['complaint', 'bug']) + 512 * has(said, 'churn_risk') + 1024 * has(said, 'question')
                        + 2048 * (sentiment = 'negative') + 4096 * (toHour(posted_at) NOT BETWEEN 8 AND 19 OR toDayOfWeek(day) > 5)) AS traits,
                arrayDistinct(tagged) AS about,
                multiIf(reply_to != '', 'reply', has(said, 'question') AND author_role != 'staff' AND NOT aside, 'asked', 'other') AS sort
            FROM
            (
                -- By itself, since it is looked up again wherever it is used beside.
                SELECT community, day, posted_at, post_id, author_id, author_role, thread_id, reply_to, source, account_id, accepted, sentiment, body, topics.id AS tagged, if((community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), intents), arrayFilter(v -> (community, post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), intents) AS said
                FROM voc.post_facts FINAL
                WHERE (community, day) IN (SELECT community, day FROM voc.day_windows FINAL WHERE (community, day, cityHash64(day, calc, marks, 4)) NOT IN (SELECT community, day, stamp FROM voc.day_stamps WHERE ready_at <= now64(3)))
            )
        )
        GROUP BY community, day
    )
    ARRAY JOIN ['asked', 'reply', 'other'] AS kind
    WHERE notEmpty(rows)
)
COMMENT 'Posts of a day as numbers, to follow questions, answers and members over many weeks without reading the posts. One row a community, day and kind that there are posts of';

CREATE OR REPLACE VIEW voc.post_keys_ready
(
    community LowCardinality(String) COMMENT 'Community of the posts',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    kind LowCardinality(String) COMMENT 'asked: questions that begin a thread, not by staff, promotion or spam; reply: replies; other: all other posts. Filter by it, it prunes',
    posts Array(UInt64) COMMENT 'Keys of the posts, cityHash64(post_id), in the order of posted_at and post_id, as all that follow',
    places Array(UInt32) COMMENT 'Their places among all posts of the day, by posted_at and post_id, from 1',
    at Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When they were written',
    authors Array(UInt64) COMMENT 'Keys of their authors, as in author_keys: cityHash64(author_id)',
    threads Array(UInt64) COMMENT 'Keys of their threads: cityHash64 of the thread''s id, or without one of the id of the post that begins it',
    answered Array(UInt64) COMMENT 'Of replies, keys of the posts they answer',
    sources Array(LowCardinality(String)) COMMENT 'Where they come from: community, review, sns, survey, ...',
    accounts Array(LowCardinality(String)) COMMENT 'Customer accounts of their authors; empty when not known',
    traits Array(UInt16) COMMENT 'What is true of them, a sum: 1 by staff, 2 by an outsider, 4 author known, 8 promotion or spam, 16 accepted, as its source says, 32 thanks, 64 thanks that do not only mean to try, 128 resolution, 256 complaint or bug, 512 churn_risk, 1024 question, 2048 negative, 4096 written at a weekend or outside 8 to 20 o''clock',
    topics Array(Array(LowCardinality(String))) COMMENT 'Topics they say something about, each once',
    accepted Array(String) COMMENT 'Of replies, the ids of those that are accepted, as their source says'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, day, kind, posts, places, at, authors, threads, answered, sources, accounts, traits, topics, ids AS accepted
FROM voc.day_keys FINAL
WHERE kind IN ('asked', 'reply', 'other')
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Posts of a day as numbers, to follow questions, answers and members over many weeks without reading the posts. One row a community, day and kind that there are posts of';

CREATE OR REPLACE VIEW voc.post_signals
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    kind LowCardinality(String) COMMENT 'Kind of the observation',
    value String COMMENT 'Its normalised value',
    sentiment LowCardinality(String) COMMENT 'Polarity of the whole post',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    account_id String COMMENT 'Customer account of the author; empty when not known',
    intents Array(LowCardinality(String)) COMMENT 'Intents of the post, as in posts'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, toMonday(day) AS week, post_id, kind, value, sentiment, posted_at, source, channel, thread_id, author_id, author_role, account_id,
    if((community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), intents), arrayFilter(v -> (community, post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), intents) AS intents
FROM voc.post_facts FINAL
ARRAY JOIN signals.kind AS kind, signals.value AS value
SETTINGS merge_tree_min_rows_for_concurrent_read = 16384, merge_tree_min_bytes_for_concurrent_read = 1048576
COMMENT 'Further observations in posts: emotions, effort, opinion units, entities, outcome numbers; one row a post and signal';

CREATE OR REPLACE VIEW voc.post_topics
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    inherited Bool COMMENT 'True when the analyzer tagged only children of this topic, so that the post counts for the parent too',
    sentiment LowCardinality(String) COMMENT 'Polarity of what is said about the topic: positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of that polarity from -1 to 1',
    post_sentiment LowCardinality(String) COMMENT 'Polarity of the whole post',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    account_id String COMMENT 'Customer account of the author; empty when not known',
    intents Array(LowCardinality(String)) COMMENT 'Intents of the post, as in posts',
    reactions UInt64 COMMENT 'Reactions to the post, of all kinds together',
    characters UInt32 COMMENT 'Length of the body in characters'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, toMonday(day) AS week, post_id, t.id AS topic, toUInt8(length(splitByChar('/', t.id))) AS level, t.inherited = 1 AS inherited,
    t.sentiment AS sentiment, t.score AS score, p.sentiment AS post_sentiment, posted_at, source, channel, thread_id, author_id, author_role, account_id,
    if((p.community, p.post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), p.intents), arrayFilter(v -> (p.community, p.post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), p.intents) AS intents, arraySum(mapValues(p.reactions)) AS reactions, characters
FROM voc.post_facts AS p FINAL
ARRAY JOIN topic_rows AS t
SETTINGS merge_tree_min_rows_for_concurrent_read = 16384, merge_tree_min_bytes_for_concurrent_read = 1048576
COMMENT 'Topics of posts; one row a post and topic, and one for the parent of a topic that has one';

CREATE OR REPLACE VIEW voc.post_topics_history
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer in analyzer_revisions; give one to see what it said',
    current Bool COMMENT 'True for what post_topics says now',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan, as the analyzer tagged it: parents are not added',
    sentiment LowCardinality(String) COMMENT 'Polarity of what is said about the topic: positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of that polarity from -1 to 1',
    version UInt64 COMMENT 'Version of the post it was said about'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, toMonday(day) AS week, post_id, analyzer_revision, CAST(1 AS Bool) AS current, topic, polarity AS sentiment, strength AS score, source_version AS version
FROM voc.post_facts FINAL
ARRAY JOIN topics.id AS topic, topics.sentiment AS polarity, topics.score AS strength
UNION ALL
SELECT
    h.community AS community, h.day AS day, toMonday(h.day) AS week, h.post_id AS post_id, h.analyzer_revision AS analyzer_revision, CAST(0 AS Bool) AS current,
    h.topic AS topic, h.polarity AS sentiment, h.strength AS score, h.source_version AS version
FROM
(
    SELECT community, day, post_id, analyzer_revision, source_version, topic, polarity, strength
    FROM voc.post_tag_history FINAL
    ARRAY JOIN topics.id AS topic, topics.sentiment AS polarity, topics.score AS strength
) AS h
INNER JOIN (SELECT community, day, post_id, analyzer_revision FROM voc.post_facts FINAL) AS p
    ON p.community = h.community AND p.day = h.day AND p.post_id = h.post_id
WHERE p.analyzer_revision != h.analyzer_revision
COMMENT 'Topics of posts by every analyzer, now and before, without deleted posts; one row a post, analyzer and topic';

CREATE OR REPLACE VIEW voc.posts
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When the member wrote it',
    occurred_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When this version was made: posted_at for a post that was never edited',
    event LowCardinality(String) COMMENT 'created or edited: what made this version',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    reply_to String COMMENT 'Post this one answers; empty for the first post of a thread',
    url String COMMENT 'Address of the post at its source',
    rating Float32 COMMENT 'Stars from 1 to 5; 0 when none were given',
    views UInt64 COMMENT 'How often the post was seen, as its source reported with this version',
    accepted Bool COMMENT 'True when the post was accepted as the answer',
    reactions Map(LowCardinality(String), UInt64) COMMENT 'Number of reactions by kind, as the source reported with this version',
    attributes Map(LowCardinality(String), String) COMMENT 'Segments and whatever else the source says: plan, touch_model, industry, ...',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the author in the community',
    account_id String COMMENT 'Customer account of the author; empty when not known',
    title String COMMENT 'Title, personal data masked',
    body String COMMENT 'Text, personal data masked',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    topics Array(LowCardinality(String)) COMMENT 'Topics the post says something about; post_topics has one row for each',
    intents Array(LowCardinality(String)) COMMENT 'What the author does: request, question, praise, ...; promotion and spam as people decided where they did, see post_decisions',
    flags Array(LowCardinality(String)) COMMENT 'Remarks of the pipeline, such as truncated_for_analysis',
    version UInt64 COMMENT 'Order of the events of one post as its source gives it',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer in analyzer_revisions',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record this version came from',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record',
    ingested_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When this version was written'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, toMonday(day) AS week, post_id, posted_at, occurred_at, event, source, channel, thread_id, reply_to, url, rating, views, accepted, reactions,
    attributes, author_id, author_role, author_level, account_id, title, body, sentiment, score, topics.id AS topics, if((community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), intents), arrayFilter(v -> (community, post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), intents) AS intents, flags, source_version AS version,
    analyzer_revision, kafka_topic, kafka_partition, kafka_offset, ingested_at
FROM voc.post_facts FINAL
SETTINGS merge_tree_min_rows_for_concurrent_read = 16384, merge_tree_min_bytes_for_concurrent_read = 1048576
COMMENT 'Every post once, in its newest version, without deleted ones; one row a post';

CREATE OR REPLACE VIEW voc.posts_deduplicated
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    body String COMMENT 'Text, personal data masked',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    topics Array(LowCardinality(String)) COMMENT 'Topics the post says something about',
    intents Array(LowCardinality(String)) COMMENT 'What the author does: request, question, praise, ...; promotion and spam as people decided where they did, see post_decisions',
    posts UInt64 COMMENT 'How many posts it stands for: 1, or the size of its group',
    authors UInt64 COMMENT 'How many authors these have'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    p.community AS community, p.day AS day, toMonday(p.day) AS week, p.post_id AS post_id, p.posted_at AS posted_at, p.source AS source, p.channel AS channel, p.author_id AS author_id,
    p.author_role AS author_role, p.body AS body, p.sentiment AS sentiment, p.score AS score, p.topics.id AS topics, if((p.community, p.post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), p.intents), arrayFilter(v -> (p.community, p.post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), p.intents) AS intents,
    if(g.posts = 0, toUInt64(1), g.posts) AS posts, if(g.posts = 0, toUInt64(p.author_id != ''), g.authors) AS authors
FROM voc.post_facts AS p FINAL
LEFT JOIN
(
    SELECT community, m.3 AS day, m.2 AS post_id, m.1 != m.2 AS copy, m.5 AS posts, m.6 AS authors
    FROM
    (
        SELECT community, arrayZip(members.group_id, members.post_id, members.day, members.author,
            arrayMap(g -> countEqual(members.group_id, g), members.group_id),
            arrayMap(g -> toUInt64(arrayUniq(arrayFilter((a, h) -> a != 0 AND h = g, members.author, members.group_id))), members.group_id)) AS ms
        FROM voc.duplicate_windows FINAL
    )
    ARRAY JOIN ms AS m
) AS g ON g.community = p.community AND g.day = p.day AND g.post_id = p.post_id
WHERE NOT g.copy
COMMENT 'Posts as in posts, but each text that was posted in several light variations within a week only once: its first post';

CREATE OR REPLACE VIEW voc.question_progress
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the last of nine ISO weeks; filter by it, it prunes',
    weeks Array(Tuple(
        week Date, questions UInt64, replied UInt64, solved UInt64, accepted UInt64, first_peer UInt64, first_staff UInt64, solved_by_peers UInt64, within_day UInt64,
        median_hours Nullable(Float64), p90_hours Nullable(Float64)))
        COMMENT 'What became until the end of week of the questions of each of the nine weeks that has any: the columns of the query question_weeks',
    waiting UInt64 COMMENT 'Questions of the nine weeks without a reply until the end of week',
    open Array(Tuple(
        day Date, place UInt32, post UInt64, thread UInt64, author UInt64, post_id String, came_back UInt8, viewed UInt64))
        COMMENT 'The 100 of them asked first, in order: the day, the place and the keys as in post_keys, whether the asker wrote in the thread again, and how often activity says that it was viewed'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, week, weeks, waiting, open
FROM voc.progress_windows FINAL
WHERE (community, week) NOT IN (SELECT community, week FROM (SELECT community, week, sum(d.stamp) OVER nine + 1 AS stamp, sum(d.age) OVER nine AS age, max(d.calculated_at) OVER nine AS calculated_at FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) AS d WINDOW nine AS (PARTITION BY community ORDER BY week RANGE BETWEEN 112 PRECEDING AND CURRENT ROW)) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.progress_stamps))
COMMENT 'What became of the questions of nine weeks until the end of the last; one row for each last week of a large community. Only what stands ready: a week has no row while one of the nine, or of the eight before them, changed a moment ago';

CREATE OR REPLACE VIEW voc.question_states
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    day Date COMMENT 'Calendar day on which it was asked',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was asked',
    place UInt32 COMMENT 'Its place among all posts of the day, as in post_keys',
    post UInt64 COMMENT 'Key of the post: cityHash64(post_id)',
    author UInt64 COMMENT 'Key of who asked: cityHash64(author_id)',
    thread UInt64 COMMENT 'Key of its thread, as in post_keys. Only of a question that is a thread of its own (thread = post) anything is known below',
    source LowCardinality(String) COMMENT 'Where it comes from: community, review, sns, survey, ...',
    first Int64 COMMENT 'First answer of its week: milliseconds after the question, shifted left by 24, and 2 * the answer''s place + 1 if staff gave it; 9223372036854775807 for none',
    staff Int32 COMMENT 'First answer of its week by staff, in milliseconds after the question; 2147483647 for none, as all that follow',
    resolved Int32 COMMENT 'When the asker first told in its week that it is solved',
    thanked Int32 COMMENT 'When the asker first thanked in its week, not only for something to try',
    accepted Int32 COMMENT 'First answer of its week that is accepted, as its source says'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, q.1 AS day, q.2 AS posted_at, q.3 AS place, q.4 AS post, q.5 AS author, q.6 AS thread, q.7 AS source, q.8 AS first, q.9 AS staff, q.10 AS resolved, q.11 AS thanked, q.12 AS accepted
FROM voc.question_windows FINAL
ARRAY JOIN questions AS q
-- All parts of a query see the same state of a table, so that no week is in two parts or in none.
WHERE (community, week) NOT IN (SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.question_stamps))
UNION ALL
SELECT
    week, community, day, posted_at, place, post, author, thread, source,
    arrayMin(arrayPushBack(arrayMap(f -> bitShiftLeft(f.1, 24) + toInt64(2 * f.2 + bitAnd(f.4, 1)), arrayFilter(f -> NOT f.3, follow)), toInt64(9223372036854775807))),
    arrayMin(arrayPushBack(arrayMap(f -> f.1, arrayFilter(f -> NOT f.3 AND bitAnd(f.4, 1) > 0, follow)), 2147483647)),
    arrayMin(arrayPushBack(arrayMap(f -> f.1, arrayFilter(f -> f.3 AND bitAnd(f.4, 128) > 0, follow)), 2147483647)),
    arrayMin(arrayPushBack(arrayMap(f -> f.1, arrayFilter(f -> f.3 AND bitAnd(f.4, 64) > 0, follow)), 2147483647)),
    arrayMin(arrayPushBack(arrayMap(f -> f.1, arrayFilter(f -> NOT f.3 AND bitAnd(f.4, 16) > 0, follow)), 2147483647))
FROM
(
    SELECT
        week, community, q.1 AS day, q.2 AS posted_at, q.3 AS place, q.4 AS post, q.5 AS author, thread, q.6 AS source,
        -- Only of a thread of its own is it known that no other week has replies before the question, or other questions.
        arrayMap(
            r -> (toUnixTimestamp64Milli(r.2) - toUnixTimestamp64Milli(posted_at), r.3, r.4 = author, r.5),
            arrayFilter(r -> thread = post AND r.1 >= day, replies)) AS follow
    FROM
    (
        SELECT week, community, thread, groupArrayIf((day, posted_at, place, post, author, source), kind = 'asked') AS asked, groupArrayIf((day, posted_at, place, author, trait), kind = 'reply') AS replies
        FROM
        (
            SELECT toMonday(day) AS week, community, day, kind, post, posted_at, place, author, thread, source, trait
            FROM voc.post_keys
            ARRAY JOIN posts AS post, at AS posted_at, places AS place, authors AS author, threads AS thread, sources AS source, traits AS trait
            WHERE kind IN ('asked', 'reply') AND (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.question_stamps))
        )
        GROUP BY week, community, thread
    )
    ARRAY JOIN asked AS q
)
COMMENT 'Questions that begin a thread, not by staff, promotion or spam, with the answers of their own week; one row a question. late_replies has what came in other weeks';

CREATE OR REPLACE VIEW voc.question_states_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    day Date COMMENT 'Calendar day on which it was asked',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was asked',
    place UInt32 COMMENT 'Its place among all posts of the day, as in post_keys',
    post UInt64 COMMENT 'Key of the post: cityHash64(post_id)',
    author UInt64 COMMENT 'Key of who asked: cityHash64(author_id)',
    thread UInt64 COMMENT 'Key of its thread, as in post_keys. Only of a question that is a thread of its own (thread = post) anything is known below',
    source LowCardinality(String) COMMENT 'Where it comes from: community, review, sns, survey, ...',
    first Int64 COMMENT 'First answer of its week: milliseconds after the question, shifted left by 24, and 2 * the answer''s place + 1 if staff gave it; 9223372036854775807 for none',
    staff Int32 COMMENT 'First answer of its week by staff, in milliseconds after the question; 2147483647 for none, as all that follow',
    resolved Int32 COMMENT 'When the asker first told in its week that it is solved',
    thanked Int32 COMMENT 'When the asker first thanked in its week, not only for something to try',
    accepted Int32 COMMENT 'First answer of its week that is accepted, as its source says'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, q.1 AS day, q.2 AS posted_at, q.3 AS place, q.4 AS post, q.5 AS author, q.6 AS thread, q.7 AS source, q.8 AS first, q.9 AS staff, q.10 AS resolved, q.11 AS thanked, q.12 AS accepted
FROM voc.question_windows FINAL
ARRAY JOIN questions AS q
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Questions that begin a thread, not by staff, promotion or spam, with the answers of their own week; one row a question. late_replies has what came in other weeks';

CREATE OR REPLACE VIEW voc.questions_not_ready
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the ISO week'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.question_stamps)
COMMENT 'Weeks of which question_states and late_replies have nothing that stands ready, so that the posts are counted whenever somebody asks. While there is none, a view whose name ends in _ready has the same rows as the one without, and is planned many times faster';

CREATE OR REPLACE VIEW voc.request_week_totals
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan; a parent only where a post names no child',
    posts UInt64 COMMENT 'Number of posts about the topic that ask for something',
    reactions UInt64 COMMENT 'Reactions to them',
    first_day Date COMMENT 'Day of the first of them',
    author_keys Array(UInt64) COMMENT 'Keys of their authors, to count people over several rows: uniqExactArray(author_keys)',
    account_keys Array(UInt64) COMMENT 'Keys of their accounts, to count them over several rows'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS topic, c.2 AS posts, c.3 AS reactions, c.4 AS first_day, c.5 AS author_keys, c.6 AS account_keys
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, requests AS counted, 0 AS live FROM voc.week_lists FINAL
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM (SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
        UNION ALL
        SELECT week, community, groupArray((toLowCardinality(d.topic), d.posts, d.reactions, d.first_day, d.authors, d.accounts)), 1
        FROM
        (
            SELECT toMonday(day) AS week, community, toString(tag) AS topic, count() AS posts, sum(arraySum(mapValues(reactions))) AS reactions, min(day) AS first_day,
                arraySort(groupUniqArrayIf(cityHash64(author_id), author_id != '')) AS authors, arraySort(groupUniqArrayIf(cityHash64(account_id), account_id != '')) AS accounts
            FROM voc.post_facts FINAL
            ARRAY JOIN arrayDistinct(topics.id) AS tag
            WHERE has(if((community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), intents), arrayFilter(v -> (community, post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), intents), 'request') AND author_role != 'staff' AND NOT hasAny(if((community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), intents), arrayFilter(v -> (community, post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), intents), ['promotion', 'spam']) AND (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
            GROUP BY week, community, topic
        ) AS d
        GROUP BY week, community
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT 'Requests by ISO week and topic, without posts of staff, promotion and spam';

CREATE OR REPLACE VIEW voc.request_week_totals_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan; a parent only where a post names no child',
    posts UInt64 COMMENT 'Number of posts about the topic that ask for something',
    reactions UInt64 COMMENT 'Reactions to them',
    first_day Date COMMENT 'Day of the first of them',
    author_keys Array(UInt64) COMMENT 'Keys of their authors, to count people over several rows: uniqExactArray(author_keys)',
    account_keys Array(UInt64) COMMENT 'Keys of their accounts, to count them over several rows'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS topic, c.2 AS posts, c.3 AS reactions, c.4 AS first_day, c.5 AS author_keys, c.6 AS account_keys
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, requests AS counted, 0 AS live FROM voc.week_lists FINAL
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Requests by ISO week and topic, without posts of staff, promotion and spam';

CREATE OR REPLACE VIEW voc.segment_week_keys
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    segment LowCardinality(String) COMMENT 'author_role, author_level, source, channel, tenure, or an attribute of the posts of the week or of their accounts; empty for all posts',
    posts UInt64 COMMENT 'Number of posts of the week',
    known UInt64 COMMENT 'Of these, posts whose value is known',
    value_keys Array(UInt64) COMMENT 'Keys of the known values, to count these over several weeks: uniqExactArray(value_keys)',
    kept Bool COMMENT 'True when segment_week_totals has the segment in this week: it has at most 64 values'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS segment, c.2 AS posts, c.3 AS known, c.4 AS value_keys, length(value_keys) <= 64 AS kept
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, segments AS counted, 0 AS live FROM voc.segment_windows FINAL
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM (SELECT community, week FROM (SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at, sum(joins_stamp) AS joined FROM voc.day_windows FINAL GROUP BY community, week)) AS w CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told FROM voc.account_facts FINAL GROUP BY week)) AS t) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.segment_stamps))
        UNION ALL
        SELECT week, community, groupArray((toLowCardinality(d.segment), d.posts, d.known, d.value_keys)), 1
        FROM
        (
            SELECT week, community, segment, sum(total) OVER (PARTITION BY week, community) AS posts, known, value_keys
            FROM
            (
                SELECT week, community, s.1 AS segment, sumIf(n, s.1 = '') AS total, sumIf(n, s.2 != '') AS known,
                    arraySort(groupUniqArrayIf(cityHash64(s.2), s.2 != '')) AS value_keys
                FROM
                (
                    SELECT week, community, n, arrayJoin(arrayMap(k -> (k, said[k]),
                        arrayDistinct(arrayConcat([''], mapKeys(own), mapKeys(post_says), mapKeys(account_says))))) AS s
                    FROM
                    (
SELECT week, community, n, authors, topics, moods, post_says, account_says,
    map('author_role', toString(author_role), 'author_level', toString(author_level), 'source', toString(source), 'channel', toString(channel), 'tenure', tenure) AS own,
    -- Of two values of a key the first one is found.
    mapConcat(own, mapFilter((k, v) -> v != '', post_says), account_says) AS said
FROM
(
    SELECT week, community, count() AS n, any(q.author_role) AS author_role, any(q.author_level) AS author_level, any(q.source) AS source, any(q.channel) AS channel,
        any(q.tenure) AS tenure, CAST(any(q.attributes), 'Map(String, String)') AS post_says, CAST(any(q.account_says), 'Map(String, String)') AS account_says,
        groupArrayArray(arrayMap(t -> q.author, q.topics)) AS authors, groupArrayArray(q.topics) AS topics, groupArrayArray(q.moods) AS moods
    FROM
    (
        SELECT toMonday(p.day) AS week, p.community AS community, if(p.author_id = '', 0, cityHash64(p.author_id)) AS author, p.author_role AS author_role,
            p.author_level AS author_level, p.source AS source, p.channel AS channel, p.attributes AS attributes, if(h.valid_to > p.posted_at, h.attributes, map()) AS account_says,
            multiIf(
                toUnixTimestamp64Milli(j.joined_at) = 0 OR j.joined_at > p.posted_at, '',
                p.posted_at < j.joined_at + INTERVAL 30 DAY, '0-29d',
                p.posted_at < j.joined_at + INTERVAL 90 DAY, '30-89d',
                p.posted_at < j.joined_at + INTERVAL 365 DAY, '90-364d',
                '365d+') AS tenure,
            arrayConcat([''], arrayMap(t -> toString(t), p.topic_rows.id)) AS topics,
            arrayMap(m -> toUInt8(multiIf(m = 'positive', 1, m = 'negative', 2, 0)), arrayConcat([p.sentiment], p.topic_rows.sentiment)) AS moods
        FROM
        (
            SELECT community, day, posted_at, author_id, author_role, author_level, account_id, source, channel, attributes, sentiment, topic_rows
            FROM voc.post_facts FINAL
            WHERE (community, day) GLOBAL IN (SELECT community, week + n FROM (SELECT community, week FROM (SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at, sum(joins_stamp) AS joined FROM voc.day_windows FINAL GROUP BY community, week)) AS w CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told FROM voc.account_facts FINAL GROUP BY week)) AS t) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.segment_stamps)) ARRAY JOIN range(7) AS n)
        ) AS p
        ASOF LEFT JOIN (SELECT * FROM voc.account_history WHERE (SELECT count() FROM (SELECT community, week FROM (SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at, sum(joins_stamp) AS joined FROM voc.day_windows FINAL GROUP BY community, week)) AS w CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told FROM voc.account_facts FINAL GROUP BY week)) AS t) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.segment_stamps))) > 0) AS h
            ON p.account_id = h.account_id AND p.posted_at >= h.valid_from
        LEFT JOIN
        (
            SELECT community, m.member AS author_key, min(m.joined_at) AS joined_at
            FROM voc.day_windows FINAL
            ARRAY JOIN joins AS m
            WHERE community GLOBAL IN (SELECT community FROM (SELECT community, week FROM (SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at, sum(joins_stamp) AS joined FROM voc.day_windows FINAL GROUP BY community, week)) AS w CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told FROM voc.account_facts FINAL GROUP BY week)) AS t) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.segment_stamps)))
            GROUP BY community, author_key
        ) AS j ON p.community = j.community AND cityHash64(p.author_id) = j.author_key
    ) AS q
    GROUP BY week, community, cityHash64(q.author_role, q.author_level, q.source, q.channel, q.tenure, q.attributes, q.account_says)
)
                    )
                )
                GROUP BY week, community, segment
            )
        ) AS d
        GROUP BY week, community
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT 'Segments by ISO week: what divides the posts of the week, and how many values it has';

CREATE OR REPLACE VIEW voc.segment_week_keys_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    segment LowCardinality(String) COMMENT 'author_role, author_level, source, channel, tenure, or an attribute of the posts of the week or of their accounts; empty for all posts',
    posts UInt64 COMMENT 'Number of posts of the week',
    known UInt64 COMMENT 'Of these, posts whose value is known',
    value_keys Array(UInt64) COMMENT 'Keys of the known values, to count these over several weeks: uniqExactArray(value_keys)',
    kept Bool COMMENT 'True when segment_week_totals has the segment in this week: it has at most 64 values'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS segment, c.2 AS posts, c.3 AS known, c.4 AS value_keys, length(value_keys) <= 64 AS kept
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, segments AS counted, 0 AS live FROM voc.segment_windows FINAL
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Segments by ISO week: what divides the posts of the week, and how many values it has';

CREATE OR REPLACE VIEW voc.segment_week_totals
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    segment LowCardinality(String) COMMENT 'author_role, author_level, source, channel, tenure, or an attribute of the posts of the week or of their accounts; empty for all posts. See segment_week_keys',
    value String COMMENT 'Value of the segment when the post was written; empty where it is not known',
    topic LowCardinality(String) COMMENT 'Id of the topic, parents included; empty for all posts of the value',
    posts UInt64 COMMENT 'Number of posts',
    authors UInt64 COMMENT 'Number of their distinct authors',
    positive UInt64 COMMENT 'Of these posts, those that are positive about the topic, or, with an empty topic, as a whole',
    negative UInt64 COMMENT 'Of these posts, those that are negative about the topic, or, with an empty topic, as a whole'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS segment, c.2 AS value, c.3 AS topic, c.4 AS posts, c.5 AS authors, c.6 AS positive, c.7 AS negative
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, cells AS counted, 0 AS live FROM voc.segment_windows FINAL
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM (SELECT community, week FROM (SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at, sum(joins_stamp) AS joined FROM voc.day_windows FINAL GROUP BY community, week)) AS w CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told FROM voc.account_facts FINAL GROUP BY week)) AS t) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.segment_stamps))
        UNION ALL
        SELECT week, community, groupArray((toLowCardinality(d.segment), d.value, toLowCardinality(d.topic), d.posts, d.authors, d.positive, d.negative)), 1
        FROM
        (
            SELECT week, community, any(s.1) AS segment, any(s.2) AS value, any(t) AS topic, count() AS posts, uniqExactIf(a, a != 0) AS authors,
                countIf(m = 1) AS positive, countIf(m = 2) AS negative
            FROM
            (
                SELECT p.week AS week, p.community AS community, p.authors AS wrote, p.topics AS about, p.moods AS felt, arrayJoin(arrayMap(k -> (k, p.said[k], cityHash64(k, p.said[k])), g.named)) AS s
                FROM
                (
SELECT week, community, n, authors, topics, moods, post_says, account_says,
    map('author_role', toString(author_role), 'author_level', toString(author_level), 'source', toString(source), 'channel', toString(channel), 'tenure', tenure) AS own,
    -- Of two values of a key the first one is found.
    mapConcat(own, mapFilter((k, v) -> v != '', post_says), account_says) AS said
FROM
(
    SELECT week, community, count() AS n, any(q.author_role) AS author_role, any(q.author_level) AS author_level, any(q.source) AS source, any(q.channel) AS channel,
        any(q.tenure) AS tenure, CAST(any(q.attributes), 'Map(String, String)') AS post_says, CAST(any(q.account_says), 'Map(String, String)') AS account_says,
        groupArrayArray(arrayMap(t -> q.author, q.topics)) AS authors, groupArrayArray(q.topics) AS topics, groupArrayArray(q.moods) AS moods
    FROM
    (
        SELECT toMonday(p.day) AS week, p.community AS community, if(p.author_id = '', 0, cityHash64(p.author_id)) AS author, p.author_role AS author_role,
            p.author_level AS author_level, p.source AS source, p.channel AS channel, p.attributes AS attributes, if(h.valid_to > p.posted_at, h.attributes, map()) AS account_says,
            multiIf(
                toUnixTimestamp64Milli(j.joined_at) = 0 OR j.joined_at > p.posted_at, '',
                p.posted_at < j.joined_at + INTERVAL 30 DAY, '0-29d',
                p.posted_at < j.joined_at + INTERVAL 90 DAY, '30-89d',
                p.posted_at < j.joined_at + INTERVAL 365 DAY, '90-364d',
                '365d+') AS tenure,
            arrayConcat([''], arrayMap(t -> toString(t), p.topic_rows.id)) AS topics,
            arrayMap(m -> toUInt8(multiIf(m = 'positive', 1, m = 'negative', 2, 0)), arrayConcat([p.sentiment], p.topic_rows.sentiment)) AS moods
        FROM
        (
            SELECT community, day, posted_at, author_id, author_role, author_level, account_id, source, channel, attributes, sentiment, topic_rows
            FROM voc.post_facts FINAL
            WHERE (community, day) GLOBAL IN (SELECT community, week + n FROM (SELECT community, week FROM (SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at, sum(joins_stamp) AS joined FROM voc.day_windows FINAL GROUP BY community, week)) AS w CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told FROM voc.account_facts FINAL GROUP BY week)) AS t) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.segment_stamps)) ARRAY JOIN range(7) AS n)
        ) AS p
        ASOF LEFT JOIN (SELECT * FROM voc.account_history WHERE (SELECT count() FROM (SELECT community, week FROM (SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at, sum(joins_stamp) AS joined FROM voc.day_windows FINAL GROUP BY community, week)) AS w CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told FROM voc.account_facts FINAL GROUP BY week)) AS t) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.segment_stamps))) > 0) AS h
            ON p.account_id = h.account_id AND p.posted_at >= h.valid_from
        LEFT JOIN
        (
            SELECT community, m.member AS author_key, min(m.joined_at) AS joined_at
            FROM voc.day_windows FINAL
            ARRAY JOIN joins AS m
            WHERE community GLOBAL IN (SELECT community FROM (SELECT community, week FROM (SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at, sum(joins_stamp) AS joined FROM voc.day_windows FINAL GROUP BY community, week)) AS w CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told FROM voc.account_facts FINAL GROUP BY week)) AS t) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.segment_stamps)))
            GROUP BY community, author_key
        ) AS j ON p.community = j.community AND cityHash64(p.author_id) = j.author_key
    ) AS q
    GROUP BY week, community, cityHash64(q.author_role, q.author_level, q.source, q.channel, q.tenure, q.attributes, q.account_says)
)
                ) AS p
                INNER JOIN
                (
                    SELECT week, community, groupArray(toString(segment)) AS named
                    FROM voc.segment_week_keys
                    WHERE kept AND (community, week) IN (SELECT community, week FROM (SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at, sum(joins_stamp) AS joined FROM voc.day_windows FINAL GROUP BY community, week)) AS w CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told FROM voc.account_facts FINAL GROUP BY week)) AS t) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.segment_stamps))
                    GROUP BY week, community
                ) AS g ON p.week = g.week AND p.community = g.community
            )
            ARRAY JOIN wrote AS a, about AS t, felt AS m
            -- By numbers, which is faster than by texts.
            GROUP BY week, community, s.3, cityHash64(t)
        ) AS d
        GROUP BY week, community
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT 'Posts by ISO week, segment, value and topic, people counted once. The rows of a segment, the unknown value among them, add up to all posts';

CREATE OR REPLACE VIEW voc.segment_week_totals_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    segment LowCardinality(String) COMMENT 'author_role, author_level, source, channel, tenure, or an attribute of the posts of the week or of their accounts; empty for all posts. See segment_week_keys',
    value String COMMENT 'Value of the segment when the post was written; empty where it is not known',
    topic LowCardinality(String) COMMENT 'Id of the topic, parents included; empty for all posts of the value',
    posts UInt64 COMMENT 'Number of posts',
    authors UInt64 COMMENT 'Number of their distinct authors',
    positive UInt64 COMMENT 'Of these posts, those that are positive about the topic, or, with an empty topic, as a whole',
    negative UInt64 COMMENT 'Of these posts, those that are negative about the topic, or, with an empty topic, as a whole'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS segment, c.2 AS value, c.3 AS topic, c.4 AS posts, c.5 AS authors, c.6 AS positive, c.7 AS negative
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, cells AS counted, 0 AS live FROM voc.segment_windows FINAL
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Posts by ISO week, segment, value and topic, people counted once. The rows of a segment, the unknown value among them, add up to all posts';

CREATE OR REPLACE VIEW voc.segments_not_ready
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the ISO week'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, week FROM (SELECT community, week, stamp + joined + arraySum(a -> if(a.1 <= week, a.2, 0), told_weeks) AS stamp, age, calculated_at FROM (SELECT community, week, stamp, age, calculated_at, sum(joined) OVER (PARTITION BY community ORDER BY week) AS joined FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at, sum(joins_stamp) AS joined FROM voc.day_windows FINAL GROUP BY community, week)) AS w CROSS JOIN (SELECT groupArray((week, told)) AS told_weeks FROM (SELECT toMonday(valid_from) AS week, sum(cityHash64(account_id, valid_from, kafka_topic, kafka_offset, deleted)) AS told FROM voc.account_facts FINAL GROUP BY week)) AS t) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.segment_stamps)
COMMENT 'Weeks of which segment_week_keys and segment_week_totals have nothing that stands ready, so that the posts are counted whenever somebody asks. While there is none, a view whose name ends in _ready has the same rows as the one without, and is planned many times faster';

CREATE OR REPLACE VIEW voc.shown_not_ready
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the ISO week'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.shown_stamps)
COMMENT 'Weeks of which shown_posts has nothing, or nothing that may be read: those that changed a moment ago, and all weeks of few posts';

CREATE OR REPLACE VIEW voc.shown_posts
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day; filter by it, it prunes',
    post_id String COMMENT 'Id of the post, unique within the community',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    reply_to String COMMENT 'Post this one answers; empty for the first post of a thread',
    url String COMMENT 'Address of the post at its source',
    rating Float32 COMMENT 'Stars from 1 to 5; 0 when none were given',
    views UInt64 COMMENT 'How often the post was seen, as its source reported with this version',
    accepted Bool COMMENT 'True when the post was accepted as the answer',
    reactions Map(LowCardinality(String), UInt64) COMMENT 'Number of reactions by kind, as the source reported with this version',
    attributes Map(LowCardinality(String), String) COMMENT 'Segments and whatever else the source says: plan, touch_model, industry, ...',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the author in the community',
    account_id String COMMENT 'Customer account of the author; empty when not known',
    title String COMMENT 'Title, personal data masked',
    body String COMMENT 'Text, personal data masked',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    topics Array(LowCardinality(String)) COMMENT 'Topics the post says something about',
    intents Array(LowCardinality(String)) COMMENT 'What the author does, as in posts',
    flags Array(LowCardinality(String)) COMMENT 'Remarks of the pipeline, such as truncated_for_analysis',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer in analyzer_revisions',
    about Array(Tuple(topic LowCardinality(String), sentiment LowCardinality(String), score Float32)) COMMENT 'Topics with what is said about each, parents included, as the rows of post_topics',
    spans Array(Tuple(intent LowCardinality(String), field LowCardinality(String), start UInt32, end UInt32)) COMMENT 'Where the words are that made each intent, as in post_evidence',
    severe UInt8 COMMENT 'A sum: 1 among the severe posts of the week, and of these 2 with an observation of effort, 4 about a topic of at most 5 posts in the week, 8 not answered within the week'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, week, post_id, posted_at, source, channel, thread_id, reply_to, url, rating, views, accepted, reactions, attributes, author_id, author_role, author_level,
    account_id, title, body, sentiment, score, topics, intents, flags, analyzer_revision, about, spans, severe
FROM voc.shown_windows FINAL
-- By their parts, since to read whole tuples takes twice as long.
ARRAY JOIN
    posts.day AS day, posts.post_id AS post_id, posts.posted_at AS posted_at, posts.source AS source, posts.channel AS channel, posts.thread_id AS thread_id, posts.reply_to AS reply_to,
    posts.url AS url, posts.rating AS rating, posts.views AS views, posts.accepted AS accepted, posts.reactions AS reactions, posts.attributes AS attributes,
    posts.author_id AS author_id, posts.author_role AS author_role, posts.author_level AS author_level, posts.account_id AS account_id, posts.title AS title, posts.body AS body,
    posts.sentiment AS sentiment, posts.score AS score, posts.topics AS topics, posts.intents AS intents, posts.flags AS flags, posts.analyzer_revision AS analyzer_revision,
    posts.about AS about, posts.spans AS spans, posts.severe AS severe
-- Whole texts, so that none is read that was edited or deleted since.
WHERE (community, week) NOT IN (SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.shown_stamps))
COMMENT 'Of large weeks, the posts that stand first in lists, whole: by topic and polarity the 40 that voice_candidates shows, by intent the 200 of intent_posts, and the 12 of severe_posts. Only what stands ready, see shown_not_ready';

CREATE OR REPLACE VIEW voc.shown_posts_ready
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day; filter by it, it prunes',
    post_id String COMMENT 'Id of the post, unique within the community',
    posted_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    thread_id String COMMENT 'Thread the post belongs to',
    reply_to String COMMENT 'Post this one answers; empty for the first post of a thread',
    url String COMMENT 'Address of the post at its source',
    rating Float32 COMMENT 'Stars from 1 to 5; 0 when none were given',
    views UInt64 COMMENT 'How often the post was seen, as its source reported with this version',
    accepted Bool COMMENT 'True when the post was accepted as the answer',
    reactions Map(LowCardinality(String), UInt64) COMMENT 'Number of reactions by kind, as the source reported with this version',
    attributes Map(LowCardinality(String), String) COMMENT 'Segments and whatever else the source says: plan, touch_model, industry, ...',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the author in the community',
    account_id String COMMENT 'Customer account of the author; empty when not known',
    title String COMMENT 'Title, personal data masked',
    body String COMMENT 'Text, personal data masked',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    topics Array(LowCardinality(String)) COMMENT 'Topics the post says something about',
    intents Array(LowCardinality(String)) COMMENT 'What the author does, as in posts',
    flags Array(LowCardinality(String)) COMMENT 'Remarks of the pipeline, such as truncated_for_analysis',
    analyzer_revision UInt16 COMMENT 'Number of the analyzer in analyzer_revisions',
    about Array(Tuple(topic LowCardinality(String), sentiment LowCardinality(String), score Float32)) COMMENT 'Topics with what is said about each, parents included, as the rows of post_topics',
    spans Array(Tuple(intent LowCardinality(String), field LowCardinality(String), start UInt32, end UInt32)) COMMENT 'Where the words are that made each intent, as in post_evidence',
    severe UInt8 COMMENT 'A sum: 1 among the severe posts of the week, and of these 2 with an observation of effort, 4 about a topic of at most 5 posts in the week, 8 not answered within the week'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, week, post_id, posted_at, source, channel, thread_id, reply_to, url, rating, views, accepted, reactions, attributes, author_id, author_role, author_level,
    account_id, title, body, sentiment, score, topics, intents, flags, analyzer_revision, about, spans, severe
FROM voc.shown_windows FINAL
-- By their parts, since to read whole tuples takes twice as long.
ARRAY JOIN
    posts.day AS day, posts.post_id AS post_id, posts.posted_at AS posted_at, posts.source AS source, posts.channel AS channel, posts.thread_id AS thread_id, posts.reply_to AS reply_to,
    posts.url AS url, posts.rating AS rating, posts.views AS views, posts.accepted AS accepted, posts.reactions AS reactions, posts.attributes AS attributes,
    posts.author_id AS author_id, posts.author_role AS author_role, posts.author_level AS author_level, posts.account_id AS account_id, posts.title AS title, posts.body AS body,
    posts.sentiment AS sentiment, posts.score AS score, posts.topics AS topics, posts.intents AS intents, posts.flags AS flags, posts.analyzer_revision AS analyzer_revision,
    posts.about AS about, posts.spans AS spans, posts.severe AS severe
COMMENT 'Also of weeks that changed a moment ago, for those who looked into shown_not_ready themselves: Of large weeks, the posts that stand first in lists, whole: by topic and polarity the 40 that voice_candidates shows, by intent the 200 of intent_posts, and the 12 of severe_posts.';

CREATE OR REPLACE VIEW voc.source_daily
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    source LowCardinality(String) COMMENT 'Source of the posts',
    posts UInt64 COMMENT 'Number of posts',
    replies UInt64 COMMENT 'Of these, posts that answer another one'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT day, toMonday(day) AS week, community, source, sum(n) AS posts, sum(answers) AS replies
FROM voc.day_windows FINAL
-- Each for itself, so that the people of channel_daily are not read, who are a hundred times as much.
ARRAY JOIN cells.source AS source, cells.posts AS n, cells.replies AS answers
GROUP BY day, community, source
COMMENT 'Posts and replies by day and source, for those who need not know of what people; one row for each source that has posts';

CREATE OR REPLACE VIEW voc.surveys
(
    community LowCardinality(String) COMMENT 'Community whose member answered',
    day Date COMMENT 'Calendar day of answered_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    response_id String COMMENT 'Id of the answer, unique within the community',
    survey_id LowCardinality(String) COMMENT 'Survey it belongs to',
    metric LowCardinality(String) COMMENT 'nps (0 to 10) or csat (1 to 5)',
    score Float32 COMMENT 'The answer',
    category LowCardinality(String) COMMENT 'For nps: promoter (9 or 10), passive or detractor (0 to 6); for csat: satisfied (4 or 5) or dissatisfied',
    answered_at DateTime64(3, 'Asia/Tokyo') COMMENT 'When it was given',
    post_id String COMMENT 'Id that the comment has in posts, if there is one',
    author_id String COMMENT 'Pseudonym of the member who answered',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    author_level LowCardinality(String) COMMENT 'Level of the member in the community',
    account_id String COMMENT 'Customer account of the member',
    attributes Map(LowCardinality(String), String) COMMENT 'Whatever else the source says'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    community, day, toMonday(day) AS week, response_id, survey_id, metric, score,
    multiIf(metric = 'nps' AND score >= 9, 'promoter', metric = 'nps' AND score > 6, 'passive', metric = 'nps', 'detractor', score >= 4, 'satisfied', 'dissatisfied') AS category,
    answered_at, concat('survey/', response_id) AS post_id, author_id, author_role, author_level, account_id, attributes
FROM voc.survey_facts FINAL
COMMENT 'Answers to surveys, each once; the comments are posts with source survey and post_id survey/<response_id>';

CREATE OR REPLACE VIEW voc.term_week_totals
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    kind LowCardinality(String) COMMENT 'Kind of the signal, such as opinion_unit or entity',
    value String COMMENT 'Its normalised value',
    posts UInt64 COMMENT 'Number of posts with this signal',
    authors UInt64 COMMENT 'Number of their distinct authors; an unknown author counts as another one each time'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS kind, c.2 AS value, c.3 AS posts, c.4 AS authors
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, terms AS counted, 0 AS live FROM voc.week_details FINAL
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM (SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
        UNION ALL
        SELECT week, community, groupArray((toLowCardinality(d.kind), d.value, d.posts, d.authors)), 1
        FROM
        (
            SELECT toMonday(day) AS week, community, toString(s.1) AS kind, s.2 AS value, count() AS posts, uniqExact(if(author_id = '', concat('\0', post_id), author_id)) AS authors
            FROM voc.post_facts FINAL
            ARRAY JOIN arrayDistinct(arrayZip(signals.kind, signals.value)) AS s
            WHERE author_role != 'staff' AND NOT hasAny(if((community, post_id) GLOBAL IN (SELECT community, post_id FROM voc.post_decision_facts), arrayConcat(arrayFilter(i -> NOT has(['promotion', 'spam'], i), intents), arrayFilter(v -> (community, post_id, v) GLOBAL IN (SELECT community, post_id, argMax(verdict, (number, decided_at, decision_id)) FROM voc.post_decision_facts GROUP BY community, post_id), ['promotion', 'spam'])), intents), ['promotion', 'spam']) AND (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
            GROUP BY week, community, kind, value
        ) AS d
        GROUP BY week, community
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT 'Values of signals by ISO week, people counted once, without posts of staff, promotion and spam';

CREATE OR REPLACE VIEW voc.term_week_totals_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    kind LowCardinality(String) COMMENT 'Kind of the signal, such as opinion_unit or entity',
    value String COMMENT 'Its normalised value',
    posts UInt64 COMMENT 'Number of posts with this signal',
    authors UInt64 COMMENT 'Number of their distinct authors; an unknown author counts as another one each time'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS kind, c.2 AS value, c.3 AS posts, c.4 AS authors
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, terms AS counted, 0 AS live FROM voc.week_details FINAL
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Values of signals by ISO week, people counted once, without posts of staff, promotion and spam';

CREATE OR REPLACE VIEW voc.topic_daily
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    source LowCardinality(String) COMMENT 'Source of the posts',
    channel LowCardinality(String) COMMENT 'Channel of the posts',
    author_role LowCardinality(String) COMMENT 'Role of the authors: member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts about the topic',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts that are positive about the topic',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    neutral UInt64 COMMENT 'Posts that are neutral about the topic',
    mixed UInt64 COMMENT 'Posts that are mixed about the topic: clearly positive and clearly negative parts',
    net_sentiment Float64 COMMENT '(positive - negative) / posts, from -1 to 1; over several rows: sum(positive - negative) / sum(posts)',
    score_sum Float64 COMMENT 'Sum of the scores from -1 to 1; divide by posts for the mean',
    views UInt64 COMMENT 'Views of these posts as their sources reported',
    reactions UInt64 COMMENT 'Reactions to these posts as their sources reported',
    accepted UInt64 COMMENT 'Posts accepted as the answer',
    rated UInt64 COMMENT 'Posts with stars',
    rating_sum Float64 COMMENT 'Sum of their stars; divide by rated for the mean',
    authors UInt64 COMMENT 'Number of distinct authors in this row; over several rows: uniqExactArray(author_keys)',
    accounts UInt64 COMMENT 'Number of distinct accounts in this row; over several rows: uniqExactArray(account_keys)',
    author_keys Array(UInt64) COMMENT 'Keys of these authors, to count them over several rows',
    account_keys Array(UInt64) COMMENT 'Keys of these accounts, to count them over several rows'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    day, toMonday(day) AS week, community, c.key AS topic, toUInt8(length(splitByChar('/', c.key))) AS level, c.source AS source, c.channel AS channel, c.author_role AS author_role,
    c.posts AS posts, c.replies AS replies, c.positive AS positive, c.negative AS negative, c.neutral AS neutral, c.mixed AS mixed,
    if(c.posts = 0, 0, (toInt64(c.positive) - toInt64(c.negative)) / c.posts) AS net_sentiment, c.score_milli / 1000 AS score_sum,
    c.views AS views, c.reactions AS reactions, c.accepted AS accepted, c.rated AS rated, c.rating_milli / 1000 AS rating_sum,
    length(c.authors) AS authors, length(c.accounts) AS accounts, c.authors AS author_keys, c.accounts AS account_keys
FROM voc.day_windows FINAL
ARRAY JOIN topics AS c
COMMENT 'Posts by day and topic, split by source, channel and author role. A topic includes its children, and counts a post once';

CREATE OR REPLACE VIEW voc.topic_day_totals
(
    day Date COMMENT 'Calendar day in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    posts UInt64 COMMENT 'Number of posts about the topic',
    positive UInt64 COMMENT 'Posts that are positive about the topic',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    neutral UInt64 COMMENT 'Posts that are neutral about the topic',
    mixed UInt64 COMMENT 'Posts that are mixed about the topic: clearly positive and clearly negative parts',
    authors UInt64 COMMENT 'Number of distinct authors'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT c.1 AS day, week, community, c.2 AS topic, toUInt8(length(splitByChar('/', topic))) AS level, c.3 AS posts, c.4 AS positive, c.5 AS negative, c.6 AS neutral, c.7 AS mixed,
    c.8 AS authors
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, topic_days AS counted, 0 AS live FROM voc.week_windows FINAL
        UNION ALL
        SELECT toMonday(day) AS week, community, groupArrayIf((day, toLowCardinality(tag), d.posts, d.positive, d.negative, d.neutral, d.mixed, d.authors), d.posts > 0), 1
        FROM
        (
            SELECT day, community, toString(c.key) AS tag, sum(c.posts) AS posts, sum(c.positive) AS positive, sum(c.negative) AS negative, sum(c.neutral) AS neutral,
                sum(c.mixed) AS mixed, uniqExactArray(c.authors) AS authors
            FROM voc.day_windows FINAL
            LEFT ARRAY JOIN topics AS c -- a week without any must hide what it had
            WHERE (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
            GROUP BY day, community, tag
        ) AS d
        GROUP BY week, community
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT 'Posts by day and topic, all sources, channels and roles together, people counted once. A topic includes its children, and counts a post once';

CREATE OR REPLACE VIEW voc.topic_day_totals_ready
(
    day Date COMMENT 'Calendar day in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    posts UInt64 COMMENT 'Number of posts about the topic',
    positive UInt64 COMMENT 'Posts that are positive about the topic',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    neutral UInt64 COMMENT 'Posts that are neutral about the topic',
    mixed UInt64 COMMENT 'Posts that are mixed about the topic: clearly positive and clearly negative parts',
    authors UInt64 COMMENT 'Number of distinct authors'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT c.1 AS day, week, community, c.2 AS topic, toUInt8(length(splitByChar('/', topic))) AS level, c.3 AS posts, c.4 AS positive, c.5 AS negative, c.6 AS neutral, c.7 AS mixed,
    c.8 AS authors
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, topic_days AS counted, 0 AS live FROM voc.week_windows FINAL
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Posts by day and topic, all sources, channels and roles together, people counted once. A topic includes its children, and counts a post once';

CREATE OR REPLACE VIEW voc.topic_phrase_totals
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan; empty for the signals of all posts, whatever they are about',
    kind LowCardinality(String) COMMENT 'phrase for words that made a post one of the topic, otherwise the kind of a signal, such as opinion_unit',
    phrase String COMMENT 'The words in small letters, or the value of the signal',
    posts UInt64 COMMENT 'Number of posts about the topic with these words or this signal',
    authors UInt64 COMMENT 'Number of their distinct authors',
    negative UInt64 COMMENT 'Of these posts, those that are negative about the topic, or, with an empty topic, as a whole'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS topic, c.2 AS kind, c.3 AS phrase, c.4 AS posts, c.5 AS authors, c.6 AS negative
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, phrases AS counted, 0 AS live FROM voc.week_details FINAL
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM (SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
        UNION ALL
        SELECT week, community, groupArray((toLowCardinality(d.topic), toLowCardinality(d.kind), d.phrase, d.posts, d.authors, d.negative)), 1
        FROM
        (
            SELECT week, community, said.1 AS topic, said.2 AS kind, said.3 AS phrase, count() AS posts, uniqExactIf(author, author != 0) AS authors, countIf(said.4) AS negative
            FROM
            (
                -- What a post says about each topic, once, so that posts need not be told apart later.
                SELECT toMonday(day) AS week, community, if(author_id = '', 0, cityHash64(author_id)) AS author,
                    arrayMap((tag, field, first, after) -> (tag, lowerUTF8(substringUTF8(if(field = 'title', title, body), first + 1, after - first))),
                        arrayFilter((x, kind) -> kind = 'topic', evidence.tag, evidence.kind), arrayFilter((x, kind) -> kind = 'topic', evidence.field, evidence.kind),
                        arrayFilter((x, kind) -> kind = 'topic', evidence.start, evidence.kind), arrayFilter((x, kind) -> kind = 'topic', evidence.end, evidence.kind)) AS spans,
                    arrayFilter(s -> s.1 != 'phrase', arrayMap((k, v) -> (toString(k), v), signals.kind, signals.value)) AS values,
                    arrayConcat([('', toString(sentiment))], arrayMap(t -> (toString(t.id), toString(t.sentiment)), topic_rows)) AS about,
                    arrayJoin(arrayDistinct(arrayFlatten(arrayMap(
                        t -> arrayConcat(
                            arrayMap(s -> (t.1, 'phrase', s.2, t.2 = 'negative'), arrayFilter(s -> s.1 = t.1 OR startsWith(s.1, concat(t.1, '/')), spans)),
                            arrayMap(s -> (t.1, s.1, s.2, t.2 = 'negative'), values)),
                        about)))) AS said
                FROM voc.post_facts FINAL
                WHERE (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
            )
            GROUP BY week, community, topic, kind, phrase
        ) AS d
        GROUP BY week, community
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT 'Words by ISO week and topic: those that made a post one of the topic, and the signals of its posts. A topic includes its children. With an empty topic the signals of all posts';

CREATE OR REPLACE VIEW voc.topic_phrase_totals_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan; empty for the signals of all posts, whatever they are about',
    kind LowCardinality(String) COMMENT 'phrase for words that made a post one of the topic, otherwise the kind of a signal, such as opinion_unit',
    phrase String COMMENT 'The words in small letters, or the value of the signal',
    posts UInt64 COMMENT 'Number of posts about the topic with these words or this signal',
    authors UInt64 COMMENT 'Number of their distinct authors',
    negative UInt64 COMMENT 'Of these posts, those that are negative about the topic, or, with an empty topic, as a whole'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS topic, c.2 AS kind, c.3 AS phrase, c.4 AS posts, c.5 AS authors, c.6 AS negative
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, phrases AS counted, 0 AS live FROM voc.week_details FINAL
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Words by ISO week and topic: those that made a post one of the topic, and the signals of its posts. A topic includes its children. With an empty topic the signals of all posts';

CREATE OR REPLACE VIEW voc.topic_week_totals
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    posts UInt64 COMMENT 'Number of posts about the topic',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts that are positive about the topic',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    neutral UInt64 COMMENT 'Posts that are neutral about the topic',
    mixed UInt64 COMMENT 'Posts that are mixed about the topic: clearly positive and clearly negative parts',
    authors UInt64 COMMENT 'Number of distinct authors',
    accounts UInt64 COMMENT 'Number of distinct accounts',
    author_squares UInt64 COMMENT 'Sum over the authors of the square of the number of their posts, which tells few voices from many; an unknown author counts as another one each time'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS topic, toUInt8(length(splitByChar('/', topic))) AS level, c.2 AS posts, c.3 AS replies, c.4 AS positive, c.5 AS negative, c.6 AS neutral, c.7 AS mixed, c.8 AS authors,
    c.9 AS accounts, c.10 AS author_squares
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, topics AS counted, 0 AS live FROM voc.week_windows FINAL
        UNION ALL
        SELECT week, community, groupArrayIf((toLowCardinality(tag), d.posts, d.replies, d.positive, d.negative, d.neutral, d.mixed, d.authors, d.accounts, d.squares), d.posts > 0), 1
        FROM
        (
            SELECT week, community, tag, sum(e.posts) AS posts, sum(e.replies) AS replies, sum(e.positive) AS positive, sum(e.negative) AS negative, sum(e.neutral) AS neutral,
                sum(e.mixed) AS mixed, sum(e.authors) AS authors, sum(e.accounts) AS accounts, sum(e.squares) AS squares
            FROM
            (
                SELECT toMonday(day) AS week, community, toString(c.key) AS tag, sum(c.posts) AS posts, sum(c.replies) AS replies, sum(c.positive) AS positive, sum(c.negative) AS negative,
                    sum(c.neutral) AS neutral, sum(c.mixed) AS mixed, uniqExactArray(c.authors) AS authors, uniqExactArray(c.accounts) AS accounts, toUInt64(0) AS squares
                FROM voc.day_windows FINAL
                LEFT ARRAY JOIN topics AS c -- a week without any must hide what it had
                WHERE (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
                GROUP BY week, community, tag
                UNION ALL
                SELECT week, community, tag, 0, 0, 0, 0, 0, 0, 0, 0, sum(n * n)
                FROM
                (
                    SELECT toMonday(day) AS week, community, toString(t.id) AS tag, if(author_id = '', concat('\0', post_id), author_id) AS author, count() AS n
                    FROM voc.post_facts FINAL
                    ARRAY JOIN topic_rows AS t
                    WHERE (community, day) IN (SELECT community, day FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) OVER (PARTITION BY community, week) AS stamp FROM voc.day_windows FINAL) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps))
                    GROUP BY week, community, tag, author
                )
                GROUP BY week, community, tag
            ) AS e
            GROUP BY week, community, tag
        ) AS d
        GROUP BY week, community
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT 'Posts by ISO week and topic, all sources, channels and roles together, people counted once. A topic includes its children, and counts a post once';

CREATE OR REPLACE VIEW voc.topic_week_totals_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    posts UInt64 COMMENT 'Number of posts about the topic',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts that are positive about the topic',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    neutral UInt64 COMMENT 'Posts that are neutral about the topic',
    mixed UInt64 COMMENT 'Posts that are mixed about the topic: clearly positive and clearly negative parts',
    authors UInt64 COMMENT 'Number of distinct authors',
    accounts UInt64 COMMENT 'Number of distinct accounts',
    author_squares UInt64 COMMENT 'Sum over the authors of the square of the number of their posts, which tells few voices from many; an unknown author counts as another one each time'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, c.1 AS topic, toUInt8(length(splitByChar('/', topic))) AS level, c.2 AS posts, c.3 AS replies, c.4 AS positive, c.5 AS negative, c.6 AS neutral, c.7 AS mixed, c.8 AS authors,
    c.9 AS accounts, c.10 AS author_squares
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, topics AS counted, 0 AS live FROM voc.week_windows FINAL
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT 'Only what stands ready, see the views whose names end in not_ready: Posts by ISO week and topic, all sources, channels and roles together, people counted once. A topic includes its children, and counts a post once';

CREATE OR REPLACE VIEW voc.topic_weekly
(
    week Date COMMENT 'Monday of the ISO week',
    iso_week String COMMENT 'The week as 2026-W02',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    source LowCardinality(String) COMMENT 'Source of the posts',
    channel LowCardinality(String) COMMENT 'Channel of the posts',
    author_role LowCardinality(String) COMMENT 'Role of the authors: member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts about the topic',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts that are positive about the topic',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    neutral UInt64 COMMENT 'Posts that are neutral about the topic',
    mixed UInt64 COMMENT 'Posts that are mixed about the topic: clearly positive and clearly negative parts',
    net_sentiment Float64 COMMENT '(positive - negative) / posts, from -1 to 1; over several rows: sum(positive - negative) / sum(posts)',
    score_sum Float64 COMMENT 'Sum of the scores from -1 to 1; divide by posts for the mean',
    views UInt64 COMMENT 'Views of these posts as their sources reported',
    reactions UInt64 COMMENT 'Reactions to these posts as their sources reported',
    accepted UInt64 COMMENT 'Posts accepted as the answer',
    rated UInt64 COMMENT 'Posts with stars',
    rating_sum Float64 COMMENT 'Sum of their stars; divide by rated for the mean',
    authors UInt64 COMMENT 'Number of distinct authors in this row; over several rows: uniqExactArray(author_keys)',
    accounts UInt64 COMMENT 'Number of distinct accounts in this row; over several rows: uniqExactArray(account_keys)',
    author_keys Array(UInt64) COMMENT 'Keys of these authors, to count them over several rows',
    account_keys Array(UInt64) COMMENT 'Keys of these accounts, to count them over several rows'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    week, concat(toString(toISOYear(week)), '-W', leftPad(toString(toISOWeek(week)), 2, '0')) AS iso_week, community, topic,
    toUInt8(length(splitByChar('/', topic))) AS level, source, channel, author_role, posts, replies, positive, negative, neutral, mixed,
    if(posts = 0, 0, (toInt64(positive) - toInt64(negative)) / posts) AS net_sentiment, score_milli / 1000 AS score_sum, views, reactions, accepted, rated,
    rating_milli / 1000 AS rating_sum, length(author_keys) AS authors, length(account_keys) AS accounts, author_keys, account_keys
FROM
(
    SELECT
        toMonday(day) AS week, community, c.key AS topic, c.source AS source, c.channel AS channel, c.author_role AS author_role,
        sum(c.posts) AS posts, sum(c.replies) AS replies, sum(c.positive) AS positive, sum(c.negative) AS negative, sum(c.neutral) AS neutral,
        sum(c.mixed) AS mixed, sum(c.score_milli) AS score_milli, sum(c.views) AS views, sum(c.reactions) AS reactions, sum(c.accepted) AS accepted,
        sum(c.rated) AS rated, sum(c.rating_milli) AS rating_milli,
        arraySort(groupUniqArrayArray(c.authors)) AS author_keys, arraySort(groupUniqArrayArray(c.accounts)) AS account_keys
    FROM voc.day_windows FINAL
    ARRAY JOIN topics AS c
    GROUP BY week, community, topic, source, channel, author_role
)
COMMENT 'Posts by ISO week (Monday to Sunday) and topic, split by source, channel and author role. A topic includes its children, and counts a post once';

CREATE OR REPLACE VIEW voc.topic_weekly_deduplicated
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    posts UInt64 COMMENT 'Number of posts about the topic, as in topic_weekly',
    posts_deduplicated UInt64 COMMENT 'The same when light variations of one text count once',
    authors UInt64 COMMENT 'Number of distinct authors of the posts',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    negative_deduplicated UInt64 COMMENT 'The same when light variations of one text count once'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT
    week, community, topic, toUInt8(length(splitByChar('/', topic))) AS level, count() AS posts, uniqExact(text) AS posts_deduplicated,
    uniqExactIf(author_id, author_id != '') AS authors, countIf(sentiment = 'negative') AS negative, uniqExactIf(text, sentiment = 'negative') AS negative_deduplicated
FROM
(
    SELECT
        toMonday(p.day) AS week, p.community AS community, p.author_id AS author_id, if(g.group_id = '', p.post_id, g.group_id) AS text,
        p.t.id AS topic, p.t.sentiment AS sentiment
    FROM (SELECT community, day, post_id, author_id, t FROM voc.post_facts FINAL ARRAY JOIN topic_rows AS t) AS p
    LEFT JOIN
    (
        SELECT community, m.3 AS day, m.2 AS post_id, m.1 AS group_id
        FROM voc.duplicate_windows FINAL
        ARRAY JOIN arrayZip(members.group_id, members.post_id, members.day, members.author) AS m
    ) AS g ON g.community = p.community AND g.day = p.day AND g.post_id = p.post_id
)
GROUP BY week, community, topic
COMMENT 'Posts by ISO week and topic, raw and with copies counted once, side by side. A topic includes its children, and counts a post once';

CREATE OR REPLACE VIEW voc.week_answers_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    late Array(UInt64) COMMENT 'Keys of the posts that replies of the week answer and that are not of the week, each once: cityHash64(post_id)',
    late_thanks Array(UInt64) COMMENT 'Of these, those whose reply thanks, once for each such reply',
    late_threads Array(UInt64) COMMENT 'Keys of the threads of replies in which nothing but replies is of the week, as in post_keys, each once',
    sources Array(LowCardinality(String)) COMMENT 'Where replies come from: community, review, sns, survey, ...'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, late, late_thanks, late_threads, sources
FROM voc.writer_windows FINAL
COMMENT 'Only what stands ready, see writers_not_ready: What replies of a week do to posts of other weeks. One row a community and week';

CREATE OR REPLACE VIEW voc.week_reasons_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    reasons Array(UInt8) COMMENT 'What calls for attention in a post, a sum: 1 complaint or bug that no reply of the week answers, 2 question in whose thread no reply of the week is, 4 churn_risk, 8 negative. Without posts of staff and outsiders, promotion and spam; all that follow until reason_authors are in this order',
    reason_days Array(Date) COMMENT 'Calendar day of the post',
    reason_at Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When it was written',
    reason_posts Array(String) COMMENT 'Id of the post',
    reason_keys Array(UInt64) COMMENT 'Its key: cityHash64(post_id)',
    reason_threads Array(UInt64) COMMENT 'Key of its thread, as in post_keys',
    reason_sources Array(LowCardinality(String)) COMMENT 'Where it comes from: community, review, sns, survey, ...',
    reason_accounts Array(LowCardinality(String)) COMMENT 'Customer account of its author; empty when not known',
    reason_authors Array(String) COMMENT 'Its author, when the account is not known',
    entity_keys Array(UInt64) COMMENT 'Keys of who wrote, without staff and outsiders: accounts, and authors without one. All that follow are in this order',
    entity_accounts Array(LowCardinality(String)) COMMENT 'The accounts; empty for authors without one',
    entity_authors Array(String) COMMENT 'Authors without an account',
    entity_at Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When they wrote last in the week',
    entity_posts Array(String) COMMENT 'Id of that post'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, reasons, reason_days, reason_at, reason_posts, reason_keys, reason_threads, reason_sources, reason_accounts, reason_authors, entity_keys, entity_accounts, entity_authors, entity_at, entity_posts
FROM voc.writer_windows FINAL
COMMENT 'Only what stands ready, see writers_not_ready: Posts of a week that call for attention, and who wrote in it. One row a community and week that anybody known wrote in';

CREATE OR REPLACE VIEW voc.week_terms_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    kind LowCardinality(String) COMMENT 'opinion_unit or entity',
    value String COMMENT 'Normalised value of the signal',
    posts Array(String) COMMENT 'Ids of the posts with this signal, in order'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, kind, value, posts
FROM voc.writer_windows FINAL
ARRAY JOIN terms.kind AS kind, terms.value AS value, terms.posts AS posts
COMMENT 'Only what stands ready, see writers_not_ready: Posts by opinion and entity and ISO week, without those of staff, promotion and spam; one row a value';

CREATE OR REPLACE VIEW voc.week_writers_ready
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    authors Array(UInt64) COMMENT 'Keys of the known authors of the week, as in author_keys: cityHash64(author_id); all that follow are in their order',
    posts Array(UInt32) COMMENT 'Their posts',
    counted Array(UInt32) COMMENT 'Of these, what counts: not by staff, promotion or spam',
    replies Array(UInt32) COMMENT 'Of what counts, replies',
    received Array(UInt32) COMMENT 'How often what counts was accepted, as its source says, or thanked by a reply of the same week',
    off_hours Array(UInt32) COMMENT 'Of what counts, written at a weekend or outside 8 to 20 o''clock',
    last Array(DateTime64(3, 'Asia/Tokyo')) COMMENT 'When the last of what counts was written',
    topics Array(Array(LowCardinality(String))) COMMENT 'Topics of what counts, each once for every post about it',
    answered Array(UInt32) COMMENT 'Of all posts, those that a reply of the same week answers',
    first Array(UInt64) COMMENT 'Key of the first post: cityHash64(post_id)',
    first_answered Array(UInt8) COMMENT '1 when a reply of the same week answers the first post',
    keys Array(Array(UInt64)) COMMENT 'Keys of all posts, those that count first',
    visitors Array(UInt64) COMMENT 'Keys of the members who viewed, reacted or logged in; in no order with the others'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT week, community, authors, posts, counted, replies, received, off_hours, last, topics, answered, first, first_answered, keys, visitors
FROM voc.writer_windows FINAL
COMMENT 'Only what stands ready, see writers_not_ready: Authors of a week with what they wrote and what the week gave them for it, to follow them over weeks without reading the posts. One row a community and week. week_answers_ready has what replies of other weeks gave';

CREATE OR REPLACE VIEW voc.weeks_not_ready
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the ISO week'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.week_stamps)
COMMENT 'Weeks of which all views of weeks but those of segments and questions have nothing that stands ready, so that the posts are counted whenever somebody asks. While there is none, a view whose name ends in _ready has the same rows as the one without, and is planned many times faster';

CREATE OR REPLACE VIEW voc.writers_not_ready
(
    community LowCardinality(String) COMMENT 'Community',
    week Date COMMENT 'Monday of the ISO week'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT community, week FROM (SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks, 4)) AS stamp, sum(calc + marks) AS age, max(calculated_at) AS calculated_at FROM voc.day_windows FINAL GROUP BY community, week) WHERE (community, week, stamp) NOT IN (SELECT community, week, stamp FROM voc.writer_stamps)
COMMENT 'Weeks of which week_writers_ready, week_answers_ready, week_reasons_ready and week_terms_ready have nothing, or nothing of what changed a moment ago';
