CREATE OR REPLACE VIEW {{database}}.late_replies{{ready}}{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week of day; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    day Date COMMENT 'Calendar day of the reply',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'When it was written',
    place UInt32 COMMENT 'Its place among all posts of the day, as in post_keys',
    post UInt64 COMMENT 'Key of the reply: cityHash64(post_id)',
    author UInt64 COMMENT 'Key of its author: cityHash64(author_id)',
    thread UInt64 COMMENT 'Key of its thread, as in post_keys',
    traits UInt16 COMMENT 'What is true of it, as in post_keys'
)
{{security}}
AS
SELECT week, community, r.1 AS day, r.2 AS posted_at, r.3 AS place, r.4 AS post, r.5 AS author, r.6 AS thread, r.7 AS traits
FROM {{database}}.question_windows FINAL
ARRAY JOIN late AS r{{if counted}}
-- All parts of a query see the same state of a table, so that no week is in two parts or in none.
WHERE (community, week) {{global}}NOT IN ({{changed_questions}})
UNION ALL
SELECT week, community, r.1, r.2, r.3, r.4, r.5, thread, r.6
FROM
(
    SELECT
        week, community, thread, groupArrayIf((day, posted_at, place, post, author, trait), kind = 'reply') AS replies,
        minIf(day, kind != 'reply' AND post = thread) AS began, countIf(kind != 'reply' AND post = thread) AS beginnings
    FROM
    (
        SELECT toMonday(day) AS week, community, day, kind, post, posted_at, place, author, thread, trait
        FROM {{database}}.post_keys
        ARRAY JOIN posts AS post, at AS posted_at, places AS place, authors AS author, threads AS thread, traits AS trait
        WHERE (community, day) {{global}}IN ({{changed_question_days}})
    )
    GROUP BY week, community, thread
)
ARRAY JOIN arrayFilter(r -> beginnings = 0 OR began > r.1, replies) AS r{{end}}
COMMENT '{{only_ready}}Replies in threads that did not begin with a post of the same week, up to the day of the reply; one row a reply. question_states has all others'
