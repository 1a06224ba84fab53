CREATE OR REPLACE VIEW {{database}}.term_week_totals{{ready}}{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    kind LowCardinality(String) COMMENT 'Kind of the signal, such as opinion_unit or entity',
    value String COMMENT 'Its normalised value',
    posts UInt64 COMMENT 'Number of posts with this signal',
    authors UInt64 COMMENT 'Number of their distinct authors; an unknown author counts as another one each time'
)
{{security}}
AS
SELECT week, community, c.1 AS kind, c.2 AS value, c.3 AS posts, c.4 AS authors
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, terms AS counted, 0 AS live FROM {{database}}.week_details FINAL{{if counted}}
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM ({{changed_weeks}})
        UNION ALL
        SELECT week, community, groupArray((toLowCardinality(d.kind), d.value, d.posts, d.authors)), 1
        FROM
        (
            SELECT toMonday(day) AS week, community, toString(s.1) AS kind, s.2 AS value, count() AS posts, uniqExact(if(author_id = '', concat('\0', post_id), author_id)) AS authors
            FROM {{database}}.post_facts FINAL
            ARRAY JOIN arrayDistinct(arrayZip(signals.kind, signals.value)) AS s
            WHERE author_role != 'staff' AND NOT hasAny({{intents ""}}, ['promotion', 'spam']) AND (community, day) {{global}}IN ({{changed_days}})
            GROUP BY week, community, kind, value
        ) AS d
        GROUP BY week, community{{end}}
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT '{{only_ready}}Values of signals by ISO week, people counted once, without posts of staff, promotion and spam'
