CREATE TABLE IF NOT EXISTS {{local "post_facts"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; never changes between versions of a post',
    post_id String COMMENT 'Id of the post, unique within the community',
    source_version UInt64 COMMENT 'Order of the events of one post as its source gives it',
    deleted UInt8 COMMENT '1 when this version says that the post was deleted',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'When the member wrote it, fixed by the post''s first event',
    occurred_at DateTime64(3, '{{zone}}') COMMENT 'When this version was made',
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
    ingested_at DateTime64(3, '{{zone}}') DEFAULT now64(3) COMMENT 'When this row was written',
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
ENGINE = {{engine "ReplacingMergeTree" "ver, deleted"}}
PARTITION BY toYYYYMM(day)
ORDER BY (community, day, post_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Every version of every post, one row each; read it through the view posts';

{{distributed "post_facts" "cityHash64(community, post_id)"}};

CREATE TABLE IF NOT EXISTS {{local "post_registry"}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    post_id String COMMENT 'Id of the post',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'Time given by the first event that had one; 1970-01-01 in UTC when only a deletion is known',
    kafka_topic LowCardinality(String) COMMENT 'Topic of the record that fixed it',
    kafka_partition UInt32 COMMENT 'Partition of the record',
    kafka_offset UInt64 COMMENT 'Offset of the record',
    rank UInt64 MATERIALIZED if(toUnixTimestamp64Milli(posted_at) = 0, toUInt64(0), bitShiftLeft(toUInt64(1), 62)) + (bitShiftLeft(toUInt64(1), 48) - kafka_offset)
        COMMENT 'Decides which row is read: a known time before an unknown one, then the lowest offset'
)
ENGINE = {{engine "ReplacingMergeTree" "rank"}}
ORDER BY (community, post_id)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'First event of every post: it fixes posted_at, and with it the window, for ever';

{{distributed "post_registry" "cityHash64(community, post_id)"}};
