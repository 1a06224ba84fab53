CREATE OR REPLACE VIEW {{database}}.topic_phrase_totals{{ready}}{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan; empty for the signals of all posts, whatever they are about',
    kind LowCardinality(String) COMMENT 'phrase for words that made a post one of the topic, otherwise the kind of a signal, such as opinion_unit',
    phrase String COMMENT 'The words in small letters, or the value of the signal',
    posts UInt64 COMMENT 'Number of posts about the topic with these words or this signal',
    authors UInt64 COMMENT 'Number of their distinct authors',
    negative UInt64 COMMENT 'Of these posts, those that are negative about the topic, or, with an empty topic, as a whole'
)
{{security}}
AS
SELECT week, community, c.1 AS topic, c.2 AS kind, c.3 AS phrase, c.4 AS posts, c.5 AS authors, c.6 AS negative
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, phrases AS counted, 0 AS live FROM {{database}}.week_details FINAL{{if counted}}
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM ({{changed_weeks}})
        UNION ALL
        SELECT week, community, groupArray((toLowCardinality(d.topic), toLowCardinality(d.kind), d.phrase, d.posts, d.authors, d.negative)), 1
        FROM
        (
            SELECT week, community, said.1 AS topic, said.2 AS kind, said.3 AS phrase, count() AS posts, uniqExactIf(author, author != 0) AS authors, countIf(said.4) AS negative
            FROM
            (
                -- What a post says about each topic, once, so that posts need not be told apart later.
                SELECT toMonday(day) AS week, community, if(author_id = '', 0, cityHash64(author_id)) AS author,
                    arrayMap((tag, field, first, after) -> (tag, lowerUTF8(substringUTF8(if(field = 'title', title, body), first + 1, after - first))),
                        arrayFilter((x, kind) -> kind = 'topic', evidence.tag, evidence.kind), arrayFilter((x, kind) -> kind = 'topic', evidence.field, evidence.kind),
                        arrayFilter((x, kind) -> kind = 'topic', evidence.start, evidence.kind), arrayFilter((x, kind) -> kind = 'topic', evidence.end, evidence.kind)) AS spans,
                    arrayFilter(s -> s.1 != 'phrase', arrayMap((k, v) -> (toString(k), v), signals.kind, signals.value)) AS values,
                    arrayConcat([('', toString(sentiment))], arrayMap(t -> (toString(t.id), toString(t.sentiment)), topic_rows)) AS about,
                    arrayJoin(arrayDistinct(arrayFlatten(arrayMap(
                        t -> arrayConcat(
                            arrayMap(s -> (t.1, 'phrase', s.2, t.2 = 'negative'), arrayFilter(s -> s.1 = t.1 OR startsWith(s.1, concat(t.1, '/')), spans)),
                            arrayMap(s -> (t.1, s.1, s.2, t.2 = 'negative'), values)),
                        about)))) AS said
                FROM {{database}}.post_facts FINAL
                WHERE (community, day) {{global}}IN ({{changed_days}})
            )
            GROUP BY week, community, topic, kind, phrase
        ) AS d
        GROUP BY week, community{{end}}
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT '{{only_ready}}Words by ISO week and topic: those that made a post one of the topic, and the signals of its posts. A topic includes its children. With an empty topic the signals of all posts'
