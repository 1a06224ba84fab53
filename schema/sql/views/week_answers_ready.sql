CREATE OR REPLACE VIEW {{database}}.week_answers_ready{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    late Array(UInt64) COMMENT 'Keys of the posts that replies of the week answer and that are not of the week, each once: cityHash64(post_id)',
    late_thanks Array(UInt64) COMMENT 'Of these, those whose reply thanks, once for each such reply',
    late_threads Array(UInt64) COMMENT 'Keys of the threads of replies in which nothing but replies is of the week, as in post_keys, each once',
    sources Array(LowCardinality(String)) COMMENT 'Where replies come from: community, review, sns, survey, ...'
)
{{security}}
AS
SELECT week, community, late, late_thanks, late_threads, sources
FROM {{database}}.writer_windows FINAL
COMMENT 'Only what stands ready, see writers_not_ready: What replies of a week do to posts of other weeks. One row a community and week'
