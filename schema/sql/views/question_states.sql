CREATE OR REPLACE VIEW {{database}}.question_states{{ready}}{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    day Date COMMENT 'Calendar day on which it was asked',
    posted_at DateTime64(3, '{{zone}}') COMMENT 'When it was asked',
    place UInt32 COMMENT 'Its place among all posts of the day, as in post_keys',
    post UInt64 COMMENT 'Key of the post: cityHash64(post_id)',
    author UInt64 COMMENT 'Key of who asked: cityHash64(author_id)',
    thread UInt64 COMMENT 'Key of its thread, as in post_keys. Only of a question that is a thread of its own (thread = post) anything is known below',
    source LowCardinality(String) COMMENT 'Where it comes from: community, review, sns, survey, ...',
    first Int64 COMMENT 'First answer of its week: milliseconds after the question, shifted left by 24, and 2 * the answer''s place + 1 if staff gave it; 9223372036854775807 for none',
    staff Int32 COMMENT 'First answer of its week by staff, in milliseconds after the question; 2147483647 for none, as all that follow',
    resolved Int32 COMMENT 'When the asker first told in its week that it is solved',
    thanked Int32 COMMENT 'When the asker first thanked in its week, not only for something to try',
    accepted Int32 COMMENT 'First answer of its week that is accepted, as its source says'
)
{{security}}
AS
SELECT week, community, q.1 AS day, q.2 AS posted_at, q.3 AS place, q.4 AS post, q.5 AS author, q.6 AS thread, q.7 AS source, q.8 AS first, q.9 AS staff, q.10 AS resolved, q.11 AS thanked, q.12 AS accepted
FROM {{database}}.question_windows FINAL
ARRAY JOIN questions AS q{{if counted}}
-- All parts of a query see the same state of a table, so that no week is in two parts or in none.
WHERE (community, week) {{global}}NOT IN ({{changed_questions}})
UNION ALL
SELECT
    toMonday(asked_day) AS week, asked_community, asked_day, any(asked_at), any(asked_place), post, any(asker), any(asked_thread), any(asked_source),
    min(if(answer, rank, 9223372036854775807)), min(if(answer AND bitAnd(trait, 1) > 0, after, 2147483647)), min(if(own AND bitAnd(trait, 128) > 0, after, 2147483647)),
    min(if(own AND bitAnd(trait, 64) > 0, after, 2147483647)), min(if(answer AND bitAnd(trait, 16) > 0, after, 2147483647))
FROM
(
    SELECT q.community AS asked_community, q.day AS asked_day, q.posted_at AS asked_at, q.place AS asked_place, q.post AS post, q.author AS asker, q.thread AS asked_thread, q.source AS asked_source,
        r.trait AS trait, r.thread != 0 AND asked_thread = post AND r.day >= asked_day AS follows, follows AND r.author != asker AS answer, follows AND r.author = asker AS own,
        toUnixTimestamp64Milli(r.posted_at) - toUnixTimestamp64Milli(asked_at) AS waited, toInt32(if(follows, waited, 0)) AS after, bitShiftLeft(toInt64(after), 24) + toInt64(2 * r.place + bitAnd(r.trait, 1)) AS rank
    FROM
    (
        SELECT community, day, post, posted_at, place, author, thread, source
        FROM {{database}}.post_keys
        ARRAY JOIN posts AS post, at AS posted_at, places AS place, authors AS author, threads AS thread, sources AS source
        WHERE kind = 'asked' AND (community, day) {{global}}IN ({{changed_question_days}})
    ) AS q
    LEFT JOIN
    (
        SELECT community, day, posted_at, author, thread, trait, place
        FROM {{database}}.post_keys
        ARRAY JOIN at AS posted_at, authors AS author, threads AS thread, traits AS trait, places AS place
        WHERE kind = 'reply' AND (community, day) {{global}}IN ({{changed_question_days}})
    ) AS r ON q.community = r.community AND toMonday(q.day) = toMonday(r.day) AND q.thread = r.thread
)
GROUP BY asked_community, asked_day, post{{end}}
COMMENT '{{only_ready}}Questions that begin a thread, not by staff, promotion or spam, with the answers of their own week; one row a question. late_replies has what came in other weeks'
