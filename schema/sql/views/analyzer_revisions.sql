CREATE OR REPLACE VIEW {{database}}.analyzer_revisions{{on_cluster}}
(
    revision UInt16 COMMENT 'Number of the analyzer, growing with every new one',
    hash String COMMENT 'Hash of everything that decides the analyzer''s results',
    version String COMMENT 'Version of the program that registered it',
    detail String COMMENT 'What the analyzer was made of',
    registered_at DateTime64(3, '{{zone}}') COMMENT 'When it was registered'
)
{{security}}
AS
SELECT revision, hash, version, detail, registered_at
FROM {{database}}.analyzer_revision_facts
COMMENT 'The analyzers that tagged posts; posts.analyzer_revision names one';
