CREATE OR REPLACE VIEW {{database}}.intent_week_totals{{ready}}{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    intent LowCardinality(String) COMMENT 'Id of the intent: request, question, praise, ...',
    posts UInt64 COMMENT 'Number of posts with the intent',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts that are positive',
    negative UInt64 COMMENT 'Posts that are negative',
    neutral UInt64 COMMENT 'Posts that are neutral',
    mixed UInt64 COMMENT 'Posts that are mixed: clearly positive and clearly negative parts',
    authors UInt64 COMMENT 'Number of distinct authors',
    accounts UInt64 COMMENT 'Number of distinct accounts',
    author_squares UInt64 COMMENT 'Sum over the authors of the square of the number of their posts, which tells few voices from many; an unknown author counts as another one each time'
)
{{security}}
AS
SELECT week, community, c.1 AS intent, c.2 AS posts, c.3 AS replies, c.4 AS positive, c.5 AS negative, c.6 AS neutral, c.7 AS mixed, c.8 AS authors,
    c.9 AS accounts, c.10 AS author_squares
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, intents AS counted, 0 AS live FROM {{database}}.week_windows FINAL{{if counted}}
        UNION ALL
        SELECT week, community, groupArrayIf((toLowCardinality(tag), d.posts, d.replies, d.positive, d.negative, d.neutral, d.mixed, d.authors, d.accounts, d.squares), d.posts > 0), 1
        FROM
        (
            SELECT week, community, tag, sum(e.posts) AS posts, sum(e.replies) AS replies, sum(e.positive) AS positive, sum(e.negative) AS negative, sum(e.neutral) AS neutral,
                sum(e.mixed) AS mixed, sum(e.authors) AS authors, sum(e.accounts) AS accounts, sum(e.squares) AS squares
            FROM
            (
                SELECT toMonday(day) AS week, community, toString(c.key) AS tag, sum(c.posts) AS posts, sum(c.replies) AS replies, sum(c.positive) AS positive, sum(c.negative) AS negative,
                    sum(c.neutral) AS neutral, sum(c.mixed) AS mixed, uniqExactArray(c.authors) AS authors, uniqExactArray(c.accounts) AS accounts, toUInt64(0) AS squares
                FROM {{database}}.day_windows FINAL
                LEFT ARRAY JOIN intents AS c -- a week without any must hide what it had
                WHERE (community, day) {{global}}IN ({{changed_days}})
                GROUP BY week, community, tag
                UNION ALL
                SELECT week, community, tag, 0, 0, 0, 0, 0, 0, 0, 0, sum(n * n)
                FROM
                (
                    SELECT toMonday(day) AS week, community, toString(said) AS tag, if(author_id = '', concat('\0', post_id), author_id) AS author, count() AS n
                    FROM {{database}}.post_facts FINAL
                    ARRAY JOIN arrayDistinct({{intents ""}}) AS said
                    WHERE (community, day) {{global}}IN ({{changed_days}})
                    GROUP BY week, community, tag, author
                )
                GROUP BY week, community, tag
            ) AS e
            GROUP BY week, community, tag
        ) AS d
        GROUP BY week, community{{end}}
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT '{{only_ready}}Posts by ISO week and intent, all sources, channels and roles together, people counted once'
