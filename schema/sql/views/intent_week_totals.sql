CREATE OR REPLACE VIEW {{database}}.intent_week_totals{{on_cluster}}
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
SELECT week, community, c.key AS intent, c.posts AS posts, c.replies AS replies, c.positive AS positive, c.negative AS negative, c.neutral AS neutral,
    c.mixed AS mixed, c.authors AS authors, c.accounts AS accounts, c.author_squares AS author_squares
FROM {{database}}.week_windows FINAL
ARRAY JOIN intents AS c
WHERE (community, week, stamp) {{global}}IN
    (
        SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks)) FROM {{database}}.day_windows FINAL GROUP BY community, week
    )
UNION ALL
SELECT week, community, intent, sum(d.posts) AS posts, sum(d.replies) AS replies, sum(d.positive) AS positive,
    sum(d.negative) AS negative, sum(d.neutral) AS neutral, sum(d.mixed) AS mixed, sum(d.authors) AS authors, sum(d.accounts) AS accounts, sum(d.author_squares) AS author_squares
FROM
(
    SELECT toMonday(day) AS week, community, c.key AS intent, sum(c.posts) AS posts, sum(c.replies) AS replies, sum(c.positive) AS positive,
        sum(c.negative) AS negative, sum(c.neutral) AS neutral, sum(c.mixed) AS mixed, uniqExactArray(c.authors) AS authors, uniqExactArray(c.accounts) AS accounts, toUInt64(0) AS author_squares
    FROM {{database}}.day_windows FINAL
    ARRAY JOIN intents AS c
    WHERE (community, day) {{global}}IN
        (
            SELECT community, day
            FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks)) OVER (PARTITION BY community, week) AS stamp FROM {{database}}.day_windows FINAL)
            WHERE (community, week, stamp) {{global}}NOT IN (SELECT community, week, stamp FROM {{database}}.week_windows FINAL)
        )
    GROUP BY week, community, intent
    UNION ALL
    SELECT week, community, intent, 0, 0, 0, 0, 0, 0, 0, 0, sum(n * n)
    FROM
    (
        SELECT toMonday(day) AS week, community, i AS intent, if(author_id = '', concat('\0', post_id), author_id) AS author, count() AS n
        FROM {{database}}.post_facts FINAL
        ARRAY JOIN arrayDistinct(intents) AS i
        WHERE (community, day) {{global}}IN
        (
            SELECT community, day
            FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks)) OVER (PARTITION BY community, week) AS stamp FROM {{database}}.day_windows FINAL)
            WHERE (community, week, stamp) {{global}}NOT IN (SELECT community, week, stamp FROM {{database}}.week_windows FINAL)
        )
        GROUP BY week, community, intent, author
    )
    GROUP BY week, community, intent
) AS d
GROUP BY week, community, intent
HAVING posts > 0
COMMENT 'Posts by ISO week and intent, all sources, channels and roles together, people counted once'
