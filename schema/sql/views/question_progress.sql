CREATE OR REPLACE VIEW {{database}}.question_progress{{on_cluster}}
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
{{security}}
AS
SELECT community, week, weeks, waiting, open
FROM {{database}}.progress_windows FINAL
WHERE (community, week) {{global}}NOT IN ({{changed_progress}})
COMMENT 'What became of the questions of nine weeks until the end of the last; one row for each last week of a large community. Only what stands ready: a week has no row while one of the nine, or of the eight before them, changed a moment ago'
