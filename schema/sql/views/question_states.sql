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
    week, community, day, posted_at, place, post, author, thread, source,
    arrayMin(arrayPushBack(arrayMap(f -> bitShiftLeft(f.1, 24) + toInt64(2 * f.2 + bitAnd(f.4, 1)), arrayFilter(f -> NOT f.3, follow)), toInt64(9223372036854775807))),
    arrayMin(arrayPushBack(arrayMap(f -> f.1, arrayFilter(f -> NOT f.3 AND bitAnd(f.4, 1) > 0, follow)), 2147483647)),
    arrayMin(arrayPushBack(arrayMap(f -> f.1, arrayFilter(f -> f.3 AND bitAnd(f.4, 128) > 0, follow)), 2147483647)),
    arrayMin(arrayPushBack(arrayMap(f -> f.1, arrayFilter(f -> f.3 AND bitAnd(f.4, 64) > 0, follow)), 2147483647)),
    arrayMin(arrayPushBack(arrayMap(f -> f.1, arrayFilter(f -> NOT f.3 AND bitAnd(f.4, 16) > 0, follow)), 2147483647))
FROM
(
    SELECT
        week, community, q.1 AS day, q.2 AS posted_at, q.3 AS place, q.4 AS post, q.5 AS author, thread, q.6 AS source,
        -- Only of a thread of its own is it known that no other week has replies before the question, or other questions.
        arrayMap(
            r -> (toUnixTimestamp64Milli(r.2) - toUnixTimestamp64Milli(posted_at), r.3, r.4 = author, r.5),
            arrayFilter(r -> thread = post AND r.1 >= day, replies)) AS follow
    FROM
    (
        SELECT week, community, thread, groupArrayIf((day, posted_at, place, post, author, source), kind = 'asked') AS asked, groupArrayIf((day, posted_at, place, author, trait), kind = 'reply') AS replies
        FROM
        (
            SELECT toMonday(day) AS week, community, day, kind, post, posted_at, place, author, thread, source, trait
            FROM {{database}}.post_keys
            ARRAY JOIN posts AS post, at AS posted_at, places AS place, authors AS author, threads AS thread, sources AS source, traits AS trait
            WHERE kind IN ('asked', 'reply') AND (community, day) {{global}}IN ({{changed_question_days}})
        )
        GROUP BY week, community, thread
    )
    ARRAY JOIN asked AS q
){{end}}
COMMENT '{{only_ready}}Questions that begin a thread, not by staff, promotion or spam, with the answers of their own week; one row a question. late_replies has what came in other weeks'
