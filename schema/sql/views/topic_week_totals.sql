CREATE OR REPLACE VIEW {{database}}.topic_week_totals{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    posts UInt64 COMMENT 'Number of posts about the topic',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    positive UInt64 COMMENT 'Posts that are positive about the topic',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    neutral UInt64 COMMENT 'Posts that are neutral about the topic',
    mixed UInt64 COMMENT 'Posts that are mixed about the topic: clearly positive and clearly negative parts',
    authors UInt64 COMMENT 'Number of distinct authors',
    accounts UInt64 COMMENT 'Number of distinct accounts',
    author_squares UInt64 COMMENT 'Sum over the authors of the square of the number of their posts, which tells few voices from many; an unknown author counts as another one each time'
)
{{security}}
AS
SELECT week, community, c.key AS topic, toUInt8(length(splitByChar('/', topic))) AS level, c.posts AS posts, c.replies AS replies, c.positive AS positive, c.negative AS negative, c.neutral AS neutral,
    c.mixed AS mixed, c.authors AS authors, c.accounts AS accounts, c.author_squares AS author_squares
FROM {{database}}.week_windows FINAL
ARRAY JOIN topics AS c
WHERE (community, week, stamp) {{global}}IN
    (
        SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks)) FROM {{database}}.day_windows FINAL GROUP BY community, week
    )
UNION ALL
SELECT week, community, topic, toUInt8(length(splitByChar('/', topic))) AS level, sum(d.posts) AS posts, sum(d.replies) AS replies, sum(d.positive) AS positive,
    sum(d.negative) AS negative, sum(d.neutral) AS neutral, sum(d.mixed) AS mixed, sum(d.authors) AS authors, sum(d.accounts) AS accounts, sum(d.author_squares) AS author_squares
FROM
(
    SELECT toMonday(day) AS week, community, c.key AS topic, sum(c.posts) AS posts, sum(c.replies) AS replies, sum(c.positive) AS positive,
        sum(c.negative) AS negative, sum(c.neutral) AS neutral, sum(c.mixed) AS mixed, uniqExactArray(c.authors) AS authors, uniqExactArray(c.accounts) AS accounts, toUInt64(0) AS author_squares
    FROM {{database}}.day_windows FINAL
    ARRAY JOIN topics AS c
    WHERE (community, day) {{global}}IN
        (
            SELECT community, day
            FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks)) OVER (PARTITION BY community, week) AS stamp FROM {{database}}.day_windows FINAL)
            WHERE (community, week, stamp) {{global}}NOT IN (SELECT community, week, stamp FROM {{database}}.week_windows FINAL)
        )
    GROUP BY week, community, topic
    UNION ALL
    SELECT week, community, topic, 0, 0, 0, 0, 0, 0, 0, 0, sum(n * n)
    FROM
    (
        SELECT toMonday(day) AS week, community, t.id AS topic, if(author_id = '', concat('\0', post_id), author_id) AS author, count() AS n
        FROM {{database}}.post_facts FINAL
        ARRAY JOIN topic_rows AS t
        WHERE (community, day) {{global}}IN
        (
            SELECT community, day
            FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks)) OVER (PARTITION BY community, week) AS stamp FROM {{database}}.day_windows FINAL)
            WHERE (community, week, stamp) {{global}}NOT IN (SELECT community, week, stamp FROM {{database}}.week_windows FINAL)
        )
        GROUP BY week, community, topic, author
    )
    GROUP BY week, community, topic
) AS d
GROUP BY week, community, topic
HAVING posts > 0
COMMENT 'Posts by ISO week and topic, all sources, channels and roles together, people counted once. A topic includes its children, and counts a post once'
