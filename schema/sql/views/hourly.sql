CREATE OR REPLACE VIEW {{database}}.hourly{{on_cluster}}
(
    day Date COMMENT 'Calendar day in the calendar''s zone',
    week Date COMMENT 'Monday of the ISO week of day',
    community LowCardinality(String) COMMENT 'Community',
    weekday UInt8 COMMENT '1 is Monday, 7 is Sunday',
    hour UInt8 COMMENT 'Hour from 0 to 23 in the calendar''s zone',
    author_role LowCardinality(String) COMMENT 'Role of who wrote or did it: member, leader, staff, partner, outsider or empty',
    posts UInt64 COMMENT 'Number of posts',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    viewed Int64 COMMENT 'Views, from activity',
    reacted Int64 COMMENT 'Reactions, from activity',
    authors UInt64 COMMENT 'Number of distinct authors of posts in this row; over several rows: uniqExactArray(author_keys)',
    author_keys Array(UInt64) COMMENT 'Keys of these authors, to count them over several rows'
)
{{security}}
AS
SELECT
    -- The keys of each group come from one row, and are in order there.
    day, toMonday(day) AS week, community, toDayOfWeek(day) AS weekday, hour, author_role, sum(h.posts) AS posts, sum(h.replies) AS replies,
    sum(h.viewed) AS viewed, sum(h.reacted) AS reacted, length(author_keys) AS authors, groupArrayArray(h.author_keys) AS author_keys
FROM
(
    SELECT day, community, c.hour AS hour, c.author_role AS author_role, c.posts AS posts, c.replies AS replies, toInt64(0) AS viewed, toInt64(0) AS reacted, c.authors AS author_keys
    FROM {{database}}.day_windows FINAL
    ARRAY JOIN hours AS c
    UNION ALL
    SELECT day, community, c.hour, c.author_role, 0, 0, if(c.event = 'viewed', c.count, 0), if(c.event = 'reacted', c.count, 0), []
    FROM {{database}}.day_windows FINAL
    ARRAY JOIN activity AS c
    WHERE c.event IN ('viewed', 'reacted')
) AS h
GROUP BY day, community, hour, author_role
COMMENT 'Posts and activity by day and hour, the base of a weekday by hour heat map';
