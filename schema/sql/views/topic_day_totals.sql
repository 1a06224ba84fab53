CREATE OR REPLACE VIEW {{database}}.topic_day_totals{{ready}}{{on_cluster}}
(
    day Date COMMENT 'Calendar day in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    posts UInt64 COMMENT 'Number of posts about the topic',
    positive UInt64 COMMENT 'Posts that are positive about the topic',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    neutral UInt64 COMMENT 'Posts that are neutral about the topic',
    mixed UInt64 COMMENT 'Posts that are mixed about the topic: clearly positive and clearly negative parts',
    authors UInt64 COMMENT 'Number of distinct authors'
)
{{security}}
AS
SELECT c.1 AS day, week, community, c.2 AS topic, toUInt8(length(splitByChar('/', topic))) AS level, c.3 AS posts, c.4 AS positive, c.5 AS negative, c.6 AS neutral, c.7 AS mixed,
    c.8 AS authors
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, topic_days AS counted, 0 AS live FROM {{database}}.week_windows FINAL{{if counted}}
        UNION ALL
        SELECT toMonday(day) AS week, community, groupArrayIf((day, toLowCardinality(tag), d.posts, d.positive, d.negative, d.neutral, d.mixed, d.authors), d.posts > 0), 1
        FROM
        (
            SELECT day, community, toString(c.key) AS tag, sum(c.posts) AS posts, sum(c.positive) AS positive, sum(c.negative) AS negative, sum(c.neutral) AS neutral,
                sum(c.mixed) AS mixed, uniqExactArray(c.authors) AS authors
            FROM {{database}}.day_windows FINAL
            LEFT ARRAY JOIN topics AS c -- a week without any must hide what it had
            WHERE (community, day) {{global}}IN ({{changed_days}})
            GROUP BY day, community, tag
        ) AS d
        GROUP BY week, community{{end}}
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT '{{only_ready}}Posts by day and topic, all sources, channels and roles together, people counted once. A topic includes its children, and counts a post once'
