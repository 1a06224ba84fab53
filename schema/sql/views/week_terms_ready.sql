CREATE OR REPLACE VIEW {{database}}.week_terms_ready{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    kind LowCardinality(String) COMMENT 'opinion_unit or entity',
    value String COMMENT 'Normalised value of the signal',
    posts Array(String) COMMENT 'Ids of the posts with this signal, in order'
)
{{security}}
AS
SELECT week, community, kind, value, posts
FROM {{database}}.writer_windows FINAL
ARRAY JOIN terms.kind AS kind, terms.value AS value, terms.posts AS posts
COMMENT 'Only what stands ready, see writers_not_ready: Posts by opinion and entity and ISO week, without those of staff, promotion and spam; one row a value'
