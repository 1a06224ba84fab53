CREATE OR REPLACE VIEW {{database}}.request_week_totals{{ready}}{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    topic LowCardinality(String) COMMENT 'Id of the topic, such as pricing or pricing/plan; a parent only where a post names no child',
    posts UInt64 COMMENT 'Number of posts about the topic that ask for something',
    reactions UInt64 COMMENT 'Reactions to them',
    first_day Date COMMENT 'Day of the first of them',
    author_keys Array(UInt64) COMMENT 'Keys of their authors, to count people over several rows: uniqExactArray(author_keys)',
    account_keys Array(UInt64) COMMENT 'Keys of their accounts, to count them over several rows'
)
{{security}}
AS
SELECT week, community, c.1 AS topic, c.2 AS posts, c.3 AS reactions, c.4 AS first_day, c.5 AS author_keys, c.6 AS account_keys
FROM
(
    -- Not argMax, which takes its arrays apart.
    SELECT week, community, counted AS cells, live, max(live) OVER (PARTITION BY week, community) AS newest
    FROM
    (
        SELECT week, community, requests AS counted, 0 AS live FROM {{database}}.week_lists FINAL{{if counted}}
        UNION ALL
        -- A changed week without any must hide what its row has.
        SELECT week, community, [], 1 FROM ({{changed_weeks}})
        UNION ALL
        SELECT week, community, groupArray((toLowCardinality(d.topic), d.posts, d.reactions, d.first_day, d.authors, d.accounts)), 1
        FROM
        (
            SELECT toMonday(day) AS week, community, toString(tag) AS topic, count() AS posts, sum(arraySum(mapValues(reactions))) AS reactions, min(day) AS first_day,
                arraySort(groupUniqArrayIf(cityHash64(author_id), author_id != '')) AS authors, arraySort(groupUniqArrayIf(cityHash64(account_id), account_id != '')) AS accounts
            FROM {{database}}.post_facts FINAL
            ARRAY JOIN arrayDistinct(topics.id) AS tag
            WHERE has({{intents ""}}, 'request') AND author_role != 'staff' AND NOT hasAny({{intents ""}}, ['promotion', 'spam']) AND (community, day) {{global}}IN ({{changed_days}})
            GROUP BY week, community, topic
        ) AS d
        GROUP BY week, community{{end}}
    )
)
ARRAY JOIN cells AS c
WHERE live = newest
COMMENT '{{only_ready}}Requests by ISO week and topic, without posts of staff, promotion and spam'
