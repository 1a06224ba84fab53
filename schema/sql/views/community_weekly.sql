CREATE OR REPLACE VIEW {{database}}.community_weekly{{ready}}{{on_cluster}}
(
    week Date COMMENT 'Monday of the ISO week; filter by it, it prunes',
    community LowCardinality(String) COMMENT 'Community',
    posts UInt64 COMMENT 'Number of posts',
    threads UInt64 COMMENT 'Of these, posts that begin a thread',
    replies UInt64 COMMENT 'Of these, posts that answer another one',
    staff_posts UInt64 COMMENT 'Of these, posts by staff',
    positive UInt64 COMMENT 'Positive posts',
    negative UInt64 COMMENT 'Negative posts',
    neutral UInt64 COMMENT 'Neutral posts',
    mixed UInt64 COMMENT 'Mixed posts: clearly positive and clearly negative parts',
    untagged UInt64 COMMENT 'Posts without any topic',
    questions UInt64 COMMENT 'Posts with the intent question',
    answers UInt64 COMMENT 'Posts with the intent answer',
    requests UInt64 COMMENT 'Posts with the intent request',
    complaints UInt64 COMMENT 'Posts with the intent complaint',
    praises UInt64 COMMENT 'Posts with the intent praise',
    churn_risks UInt64 COMMENT 'Posts with the intent churn_risk',
    authors UInt64 COMMENT 'Number of distinct authors',
    accounts UInt64 COMMENT 'Number of distinct accounts of the authors',
    active_members UInt64 COMMENT 'Number of distinct members who wrote or did something',
    viewed Int64 COMMENT 'Views',
    reacted Int64 COMMENT 'Reactions',
    accepted Int64 COMMENT 'Accepted answers',
    joined Int64 COMMENT 'New members',
    logins Int64 COMMENT 'Logins',
    points Int64 COMMENT 'Points given',
    days UInt8 COMMENT 'Days with posts'
)
{{security}}
AS
SELECT week, community, c.1 AS posts, c.2 AS threads, c.3 AS replies, c.4 AS staff_posts, c.5 AS positive, c.6 AS negative, c.7 AS neutral, c.8 AS mixed, c.9 AS untagged, c.10 AS questions, c.11 AS answers, c.12 AS requests, c.13 AS complaints, c.14 AS praises, c.15 AS churn_risks, c.16 AS authors, c.17 AS accounts, c.18 AS active_members, c.19 AS viewed, c.20 AS reacted, c.21 AS accepted, c.22 AS joined, c.23 AS logins, c.24 AS points, c.25 AS days
FROM
(
    SELECT week, community, argMax(counted, live) AS cells
    FROM
    (
        SELECT week, community, totals AS counted, 0 AS live FROM {{database}}.week_windows FINAL{{if counted}}
        UNION ALL
        SELECT d.week AS week, d.community AS community, [(sum(d.posts), sum(d.threads), sum(d.replies), sum(d.staff_posts), sum(d.positive), sum(d.negative), sum(d.neutral), sum(d.mixed), sum(d.untagged), sum(d.questions), sum(d.answers), sum(d.requests), sum(d.complaints), sum(d.praises), sum(d.churn_risks), uniqExactArray(d.author_keys), uniqExactArray(d.account_keys), uniqExactArray(d.member_keys), sum(d.viewed), sum(d.reacted), sum(d.accepted), sum(d.joined), sum(d.logins), sum(d.points), toUInt8(uniqExactIf(d.day, d.posts > 0)))], 1
        FROM {{database}}.community_daily AS d
        WHERE (d.community, d.day) {{global}}IN ({{changed_days}})
        GROUP BY week, community{{end}}
    )
    GROUP BY week, community
)
ARRAY JOIN cells AS c
COMMENT '{{only_ready}}Everything by ISO week and community, people counted once; one row a week'
