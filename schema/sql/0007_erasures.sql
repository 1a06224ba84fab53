CREATE TABLE IF NOT EXISTS {{local "erasure_keys"}}{{on_cluster}}
(
    key String COMMENT 'Keyed hash of an erased post or person; nobody can tell from it who that was',
    until DateTime64(3, 'UTC') COMMENT 'What happened until this time is erased; the year 2200 means for ever',
    registered_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was registered'
)
ENGINE = {{engine "MergeTree" ""}}
ORDER BY key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What was erased, as keyed hashes: writers leave it out, also when a topic is replayed. Rows are only ever added';

{{distributed "erasure_keys" "cityHash64(key)"}};

CREATE TABLE IF NOT EXISTS {{local "erasure_facts"}}{{on_cluster}}
(
    id String COMMENT 'Number of the certificate',
    erased_at DateTime64(3, '{{zone}}') COMMENT 'When it was done',
    kind LowCardinality(String) COMMENT 'author or post',
    subject String COMMENT 'Keyed hash of the person or post, in hexadecimal',
    posts UInt64 COMMENT 'Posts that were erased',
    records UInt64 COMMENT 'Rows that were erased or blanked, of all tables',
    `windows.community` Array(LowCardinality(String)) COMMENT 'Communities of the days whose numbers changed by it',
    `windows.day` Array(Date) COMMENT 'Days whose numbers changed by it',
    certificate String COMMENT 'The certificate, as JSON'
)
ENGINE = {{engine "ReplacingMergeTree" ""}}
ORDER BY (erased_at, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Erasures that were done, without a name; read it through the view erasures';

{{distributed "erasure_facts" "cityHash64(id)"}};
