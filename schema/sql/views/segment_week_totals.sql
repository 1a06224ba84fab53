CREATE OR REPLACE VIEW {{database}}.segment_week_totals{{ready}}{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    segment LowCardinality(String) COMMENT 'author_role, author_level, source, channel, tenure, or an attribute of the posts of the week or of their accounts; empty for all posts. See segment_week_keys',
    value String COMMENT 'Value of the segment when the post was written; empty where it is not known',
    topic LowCardinality(String) COMMENT 'Id of the topic, parents included; empty for all posts of the value',
    posts UInt64 COMMENT 'Number of posts',
    authors UInt64 COMMENT 'Number of their distinct authors',
    positive UInt64 COMMENT 'Of these posts, those that are positive about the topic, or, with an empty topic, as a whole',
    negative UInt64 COMMENT 'Of these posts, those that are negative about the topic, or, with an empty topic, as a whole'
)
{{security}}
AS
SELECT week, community, c.1 AS segment, c.2 AS value, c.3 AS topic, c.4 AS posts, c.5 AS authors, c.6 AS positive, c.7 AS negative
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, cells AS counted, 0 AS live FROM {{database}}.segment_windows FINAL{{if counted}}
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM ({{segment_changes}})
        UNION ALL
        SELECT week, community, groupArray((toLowCardinality(d.segment), d.value, toLowCardinality(d.topic), d.posts, d.authors, d.positive, d.negative)), 1
        FROM
        (
            SELECT week, community, any(s.1) AS segment, any(s.2) AS value, any(t) AS topic, count() AS posts, uniqExactIf(a, a != 0) AS authors,
                countIf(m = 1) AS positive, countIf(m = 2) AS negative
            FROM
            (
                SELECT p.week AS week, p.community AS community, p.authors AS wrote, p.topics AS about, p.moods AS felt, arrayJoin(arrayMap(k -> (k, p.said[k], cityHash64(k, p.said[k])), g.named)) AS s
                FROM
                ({{segment_kinds}}
                ) AS p
                INNER JOIN
                (
                    SELECT week, community, groupArray(toString(segment)) AS named
                    FROM {{database}}.segment_week_keys
                    WHERE kept AND (community, week) {{global}}IN ({{segment_changes}})
                    GROUP BY week, community
                ) AS g ON p.week = g.week AND p.community = g.community
            )
            ARRAY JOIN wrote AS a, about AS t, felt AS m
            -- By numbers, which is faster than by texts.
            GROUP BY week, community, s.3, cityHash64(t)
        ) AS d
        GROUP BY week, community{{end}}
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT '{{only_ready}}Posts by ISO week, segment, value and topic, people counted once. The rows of a segment, the unknown value among them, add up to all posts'
