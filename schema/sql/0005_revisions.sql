CREATE TABLE IF NOT EXISTS {{local "analyzer_revision_facts"}}{{on_cluster}}
(
    revision UInt16 COMMENT 'Number of the analyzer, growing with every new one',
    hash String COMMENT 'Hash of everything that decides the analyzer''s results',
    version String COMMENT 'Version of the program that registered it',
    detail String COMMENT 'What the analyzer was made of',
    registered_at DateTime64(3, '{{zone}}') DEFAULT now64(3) COMMENT 'When it was registered'
)
ENGINE = {{engine "MergeTree" ""}}
ORDER BY revision
SETTINGS {{if not replicated}}non_replicated_deduplication_window = 10000, {{end}}fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Numbers given to analyzers; an insert carries the number as its deduplication token, so each is given once';

{{distributed "analyzer_revision_facts" "0"}};
