CREATE OR REPLACE VIEW {{database}}.topic_weekly_deduplicated{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan',
    level UInt8 COMMENT '1 for a topic without parent, 2 for its children and so on; filter by it when adding topics up',
    posts UInt64 COMMENT 'Number of posts about the topic, as in topic_weekly',
    posts_deduplicated UInt64 COMMENT 'The same when light variations of one text count once',
    authors UInt64 COMMENT 'Number of distinct authors of the posts',
    negative UInt64 COMMENT 'Posts that are negative about the topic',
    negative_deduplicated UInt64 COMMENT 'The same when light variations of one text count once'
)
{{security}}
AS
SELECT
    week, community, topic, toUInt8(length(splitByChar('/', topic))) AS level, count() AS posts, uniqExact(text) AS posts_deduplicated,
    uniqExactIf(author_id, author_id != '') AS authors, countIf(sentiment = 'negative') AS negative, uniqExactIf(text, sentiment = 'negative') AS negative_deduplicated
FROM
(
    SELECT
        toMonday(p.day) AS week, p.community AS community, p.author_id AS author_id, if(g.group_id = '', p.post_id, g.group_id) AS text,
        p.t.id AS topic, p.t.sentiment AS sentiment
    FROM (SELECT community, day, post_id, author_id, t FROM {{database}}.post_facts FINAL ARRAY JOIN topic_rows AS t) AS p
    LEFT JOIN
    (
        SELECT community, m.3 AS day, m.2 AS post_id, m.1 AS group_id
        FROM {{database}}.duplicate_windows FINAL
        ARRAY JOIN arrayZip(members.group_id, members.post_id, members.day, members.author) AS m
    ) AS g ON g.community = p.community AND g.day = p.day AND g.post_id = p.post_id
)
GROUP BY week, community, topic
COMMENT 'Posts by ISO week and topic, raw and with copies counted once, side by side. A topic includes its children, and counts a post once';
