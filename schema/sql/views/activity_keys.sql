CREATE OR REPLACE VIEW {{database}}.activity_keys{{ready}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community it happened in',
    day Date COMMENT 'Calendar day on which it happened, in the calendar''s zone; filter by it, it prunes',
    kind LowCardinality(String) COMMENT 'viewed or accepted. Filter by it, it prunes',
    posts Array(UInt64) COMMENT 'Keys of the posts it happened to, cityHash64(post_id), each once, in their order',
    counts Array(Int64) COMMENT 'How often it happened to each of them on the day',
    ids Array(String) COMMENT 'Of accepted, the ids of the posts in the same order'
)
{{security}}
AS
SELECT community, day, kind, posts, counts, ids
FROM {{database}}.day_keys FINAL
WHERE kind IN ('viewed', 'accepted'){{if counted}}
-- All parts of a query see the same state of a table, so that no day is in two parts or in none.
AND (community, day) {{global}}NOT IN ({{unkept_days}})
UNION ALL
SELECT community, day, kind, rows.1, rows.2, if(kind = 'accepted', rows.3, [])
FROM
(
    SELECT community, day, kind, arraySort(groupArray((post, n, post_id))) AS rows
    FROM
    (
        SELECT community, day, event AS kind, post_id, cityHash64(post_id) AS post, sum(count) AS n
        FROM {{database}}.activity_facts FINAL
        WHERE event IN ('viewed', 'accepted') AND (community, day) {{global}}IN ({{unkept_days}})
        GROUP BY community, day, kind, post_id
    )
    GROUP BY community, day, kind
){{end}}
COMMENT '{{only_ready}}Posts that were viewed or accepted by day, as numbers, to follow posts over many weeks without reading the activity. One row a community, day and kind of which there is any'
