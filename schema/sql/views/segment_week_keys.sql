CREATE OR REPLACE VIEW {{database}}.segment_week_keys{{ready}}{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    segment LowCardinality(String) COMMENT 'author_role, author_level, source, channel, tenure, or an attribute of the posts of the week or of their accounts; empty for all posts',
    posts UInt64 COMMENT 'Number of posts of the week',
    known UInt64 COMMENT 'Of these, posts whose value is known',
    value_keys Array(UInt64) COMMENT 'Keys of the known values, to count these over several weeks: uniqExactArray(value_keys)',
    kept Bool COMMENT 'True when segment_week_totals has the segment in this week: it has at most 64 values'
)
{{security}}
AS
SELECT week, community, c.1 AS segment, c.2 AS posts, c.3 AS known, c.4 AS value_keys, length(value_keys) <= 64 AS kept
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, segments AS counted, 0 AS live FROM {{database}}.segment_windows FINAL{{if counted}}
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM ({{segment_changes}})
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
                    ({{segment_kinds}}
                    )
                )
                GROUP BY week, community, segment
            )
        ) AS d
        GROUP BY week, community{{end}}
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT '{{only_ready}}Segments by ISO week: what divides the posts of the week, and how many values it has'
