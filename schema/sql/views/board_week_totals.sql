CREATE OR REPLACE VIEW {{database}}.board_week_totals{{ready}}{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    place UInt8 COMMENT 'Place of the entry on the board, from 1',
    kind String COMMENT 'all, role (what the community is to its members), cx (experience) or co (outcome)',
    id String COMMENT 'Id of the entry within its kind',
    intents Array(String) COMMENT 'Intents of which a post must have one; empty when others decide',
    topics Array(String) COMMENT 'Topics, with their children, of which it must have one',
    signals Array(String) COMMENT 'Kinds of signals of which it must have one',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts that the entry counts',
    authors UInt64 COMMENT 'Number of their distinct authors',
    positive UInt64 COMMENT 'Positive posts',
    negative UInt64 COMMENT 'Negative posts',
    neutral UInt64 COMMENT 'Neutral posts',
    mixed UInt64 COMMENT 'Mixed posts: clearly positive and clearly negative parts'
)
{{security}}
AS
SELECT week, community, c.1 AS place, ({{board}} AS board)[place].1 AS kind, board[place].2 AS id, board[place].3 AS intents, board[place].4 AS topics, board[place].5 AS signals,
    c.2 AS author_role, c.3 AS posts, c.4 AS authors, c.5 AS positive, c.6 AS negative, c.7 AS neutral, c.8 AS mixed
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, board AS counted, 0 AS live FROM {{database}}.week_lists FINAL{{if counted}}
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM ({{changed_weeks}})
        UNION ALL
        SELECT week, community, groupArray((toUInt8(d.n), toLowCardinality(d.role), d.posts, d.authors, d.positive, d.negative, d.neutral, d.mixed)), 2
        FROM
        (
            SELECT week, community, n, role, sum(found) AS posts, uniqExactArray(people) AS authors, sumIf(found, polarity = 'positive') AS positive,
                sumIf(found, polarity = 'negative') AS negative, sumIf(found, polarity = 'neutral') AS neutral, sumIf(found, polarity = 'mixed') AS mixed
            FROM
            (
                -- Posts that say the same are put together first: there are far fewer kinds than posts.
                SELECT toMonday(day) AS week, community, toString(author_role) AS role, toString(sentiment) AS polarity, {{intents ""}} AS said,
                    topic_rows.id AS about, has(signals.kind, 'emotion') AS felt, count() AS found, groupUniqArrayIf(cityHash64(author_id), author_id != '') AS people
                FROM {{database}}.post_facts FINAL
                WHERE NOT hasAny({{intents ""}}, ['promotion', 'spam']) AND (community, day) {{global}}IN ({{changed_days}})
                GROUP BY week, community, role, polarity, said, about, felt
            )
            ARRAY JOIN arrayFilter(
                (i, b) -> b.1 = 'all' OR hasAny(said, b.3) OR hasAny(about, b.4) OR (felt AND has(b.5, 'emotion')),
                arrayEnumerate({{board}}), {{board}}) AS n
            GROUP BY week, community, n, role
        ) AS d
        GROUP BY week, community{{end}}
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT '{{only_ready}}The board of roles by ISO week and author role: posts by what the community is to its members, by experience and by outcome, without promotion and spam. A post can count for several entries'
