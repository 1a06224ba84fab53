CREATE OR REPLACE VIEW {{database}}.erasures{{on_cluster}}
(
    id String COMMENT 'Number of the certificate',
    erased_at DateTime64(3, '{{zone}}') COMMENT 'When it was done',
    kind LowCardinality(String) COMMENT 'author or post',
    posts UInt64 COMMENT 'Posts that were erased',
    records UInt64 COMMENT 'Rows that were erased or blanked, of all tables',
    windows Array(Tuple(community LowCardinality(String), day Date)) COMMENT 'Days whose numbers changed by it: an older report on one of them may show higher ones'
)
{{security}}
AS
SELECT id, erased_at, kind, posts, records, arrayZip(windows.community, windows.day) AS windows
FROM {{database}}.erasure_facts FINAL
COMMENT 'Erasures of persons and posts that were done, without a name; one row a certificate';
