CREATE OR REPLACE VIEW {{database}}.post_keys{{ready}}{{on_cluster}}
(
    community LowCardinality(String) COMMENT 'Community of the posts',
    day Date COMMENT 'Calendar day of posted_at in the calendar''s zone; filter by it, it prunes',
    kind LowCardinality(String) COMMENT 'asked: questions that begin a thread, not by staff, promotion or spam; reply: replies; other: all other posts. Filter by it, it prunes',
    posts Array(UInt64) COMMENT 'Keys of the posts, cityHash64(post_id), in the order of posted_at and post_id, as all that follow',
    places Array(UInt32) COMMENT 'Their places among all posts of the day, by posted_at and post_id, from 1',
    at Array(DateTime64(3, '{{zone}}')) COMMENT 'When they were written',
    authors Array(UInt64) COMMENT 'Keys of their authors, as in author_keys: cityHash64(author_id)',
    threads Array(UInt64) COMMENT 'Keys of their threads: cityHash64 of the thread''s id, or without one of the id of the post that begins it',
    answered Array(UInt64) COMMENT 'Of replies, keys of the posts they answer',
    sources Array(LowCardinality(String)) COMMENT 'Where they come from: community, review, sns, survey, ...',
    accounts Array(LowCardinality(String)) COMMENT 'Customer accounts of their authors; empty when not known',
    traits Array(UInt16) COMMENT 'What is true of them, a sum: 1 by staff, 2 by an outsider, 4 author known, 8 promotion or spam, 16 accepted, as its source says, 32 thanks, 64 thanks that do not only mean to try, 128 resolution, 256 complaint or bug, 512 churn_risk, 1024 question, 2048 negative, 4096 written at a weekend or outside 8 to 20 o''clock',
    topics Array(Array(LowCardinality(String))) COMMENT 'Topics they say something about, each once',
    accepted Array(String) COMMENT 'Of replies, the ids of those that are accepted, as their source says'
)
{{security}}
AS
SELECT community, day, kind, posts, places, at, authors, threads, answered, sources, accounts, traits, topics, ids AS accepted
FROM {{database}}.day_keys FINAL
WHERE kind IN ('asked', 'reply', 'other'){{if counted}}
-- All parts of a query see the same state of a table, so that no day is in two parts or in none.
AND (community, day) {{global}}NOT IN ({{unkept_days}})
UNION ALL
SELECT
    community, day, kind, rows.4, arrayFilter((n, r) -> r.3 = kind, arrayEnumerate(sorted), sorted), rows.1, rows.5, rows.6, if(kind = 'reply', rows.7, []), rows.8, rows.9, rows.10,
    rows.11, if(kind = 'reply', arrayMap(r -> r.2, arrayFilter(r -> bitAnd(r.10, 16) > 0, rows)), [])
FROM
(
    SELECT community, day, kind, sorted, arrayFilter(r -> r.3 = kind, sorted) AS rows
    FROM
    (
        SELECT
            community, day, arraySort(r -> (r.1, r.2), groupArray((posted_at, post_id, sort, post, author, thread, answered, source, account_id, traits, about))) AS sorted
        FROM
        (
            SELECT
                community, day, posted_at, post_id, cityHash64(post_id) AS post, cityHash64(author_id) AS author,
                cityHash64(multiIf(thread_id != '', thread_id, reply_to = '', post_id, reply_to)) AS thread, cityHash64(reply_to) AS answered, source, account_id,
                hasAny(said, ['promotion', 'spam']) AS aside, has(said, 'thanks') AS thanks,
                toUInt16(
                    (author_role = 'staff') + 2 * (author_role = 'outsider') + 4 * (author_id != '') + 8 * aside + 16 * accepted + 32 * thanks
                        + 64 * (thanks AND NOT hasAny(said, ['question', 'bug', 'complaint']) AND NOT match(body, '試し|試させ|試みて|やってみ|確認してみ|してみます'))
                        + 128 * has(said, 'resolution') + 256 * hasAny(said, ['complaint', 'bug']) + 512 * has(said, 'churn_risk') + 1024 * has(said, 'question')
                        + 2048 * (sentiment = 'negative') + 4096 * (toHour(posted_at) NOT BETWEEN 8 AND 19 OR toDayOfWeek(day) > 5)) AS traits,
                arrayDistinct(tagged) AS about,
                multiIf(reply_to != '', 'reply', has(said, 'question') AND author_role != 'staff' AND NOT aside, 'asked', 'other') AS sort
            FROM
            (
                -- By itself, since it is looked up again wherever it is used beside.
                SELECT community, day, posted_at, post_id, author_id, author_role, thread_id, reply_to, source, account_id, accepted, sentiment, body, topics.id AS tagged, {{intents ""}} AS said
                FROM {{database}}.post_facts FINAL
                WHERE (community, day) {{global}}IN ({{unkept_days}})
            )
        )
        GROUP BY community, day
    )
    ARRAY JOIN ['asked', 'reply', 'other'] AS kind
    WHERE notEmpty(rows)
){{end}}
COMMENT '{{only_ready}}Posts of a day as numbers, to follow questions, answers and members over many weeks without reading the posts. One row a community, day and kind that there are posts of'
