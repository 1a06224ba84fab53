CREATE OR REPLACE VIEW {{database}}.posts_deduplicated{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community the post belongs to',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    week Date COMMENT 'Monday of the ISO week of day',
    post_id String COMMENT 'Id of the post, unique within the community',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'When the member wrote it',
    source LowCardinality(String) COMMENT 'Where the post comes from: community, review, sns, survey, ...',
    channel LowCardinality(String) COMMENT 'Board, room or category within the source',
    author_id String COMMENT 'Pseudonym of the author; empty when not known',
    author_role LowCardinality(String) COMMENT 'member, leader, staff, partner, outsider or empty',
    body String COMMENT 'Text, personal data masked',
    sentiment LowCardinality(String) COMMENT 'positive, negative, neutral or mixed',
    score Float32 COMMENT 'Strength of the polarity from -1 to 1',
    topics Array(LowCardinality(String)) COMMENT 'Topics the post says something about',
    intents Array(LowCardinality(String)) COMMENT 'What the author does: request, question, praise, ...; promotion and spam as people decided where they did, see post_decisions',
    posts UInt64 COMMENT 'How many posts it stands for: 1, or the size of its group',
    authors UInt64 COMMENT 'How many authors these have'
)
{{security}}
AS
SELECT
    p.community AS community, p.day AS day, toMonday(p.day) AS week, p.post_id AS post_id, p.posted_at AS posted_at, p.source AS source, p.channel AS channel, p.author_id AS author_id,
    p.author_role AS author_role, p.body AS body, p.sentiment AS sentiment, p.score AS score, p.topics.id AS topics, {{intents "p."}} AS intents,
    if(g.posts = 0, toUInt64(1), g.posts) AS posts, if(g.posts = 0, toUInt64(p.author_id != ''), g.authors) AS authors
FROM {{database}}.post_facts AS p FINAL
{{global}}LEFT JOIN
(
    SELECT community, m.3 AS day, m.2 AS post_id, m.1 != m.2 AS copy, m.5 AS posts, m.6 AS authors
    FROM
    (
        SELECT community, arrayZip(members.group_id, members.post_id, members.day, members.author,
            arrayMap(g -> countEqual(members.group_id, g), members.group_id),
            arrayMap(g -> toUInt64(arrayUniq(arrayFilter((a, h) -> a != 0 AND h = g, members.author, members.group_id))), members.group_id)) AS ms
        FROM {{database}}.duplicate_windows FINAL
    )
    ARRAY JOIN ms AS m
) AS g ON g.community = p.community AND g.day = p.day AND g.post_id = p.post_id
WHERE NOT g.copy
COMMENT 'Posts as in posts, but each text that was posted in several light variations within a week only once: its first post';
