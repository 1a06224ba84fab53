CREATE OR REPLACE VIEW {{database}}.community_weekly{{on_cluster}}
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
SELECT week, community, t.posts AS posts, t.threads AS threads, t.replies AS replies, t.staff_posts AS staff_posts, t.positive AS positive, t.negative AS negative, t.neutral AS neutral, t.mixed AS mixed, t.untagged AS untagged, t.questions AS questions, t.answers AS answers, t.requests AS requests, t.complaints AS complaints, t.praises AS praises, t.churn_risks AS churn_risks, t.authors AS authors, t.accounts AS accounts, t.active_members AS active_members, t.viewed AS viewed, t.reacted AS reacted, t.accepted AS accepted, t.joined AS joined, t.logins AS logins, t.points AS points, t.days AS days
FROM {{database}}.week_windows FINAL
ARRAY JOIN totals AS t
WHERE (community, week, stamp) {{global}}IN
    (
        SELECT community, toMonday(day) AS week, sum(cityHash64(day, calc, marks)) FROM {{database}}.day_windows FINAL GROUP BY community, week
    )
UNION ALL
SELECT d.week AS week, d.community AS community, sum(d.posts) AS posts, sum(d.threads) AS threads, sum(d.replies) AS replies, sum(d.staff_posts) AS staff_posts, sum(d.positive) AS positive, sum(d.negative) AS negative, sum(d.neutral) AS neutral, sum(d.mixed) AS mixed, sum(d.untagged) AS untagged, sum(d.questions) AS questions, sum(d.answers) AS answers, sum(d.requests) AS requests, sum(d.complaints) AS complaints, sum(d.praises) AS praises, sum(d.churn_risks) AS churn_risks, uniqExactArray(d.author_keys) AS authors, uniqExactArray(d.account_keys) AS accounts, uniqExactArray(d.member_keys) AS active_members, sum(d.viewed) AS viewed, sum(d.reacted) AS reacted, sum(d.accepted) AS accepted, sum(d.joined) AS joined, sum(d.logins) AS logins, sum(d.points) AS points, toUInt8(uniqExactIf(d.day, d.posts > 0)) AS days
FROM {{database}}.community_daily AS d
WHERE (d.community, d.day) {{global}}IN
        (
            SELECT community, day
            FROM (SELECT community, day, toMonday(day) AS week, sum(cityHash64(day, calc, marks)) OVER (PARTITION BY community, week) AS stamp FROM {{database}}.day_windows FINAL)
            WHERE (community, week, stamp) {{global}}NOT IN (SELECT community, week, stamp FROM {{database}}.week_windows FINAL)
        )
GROUP BY week, community
COMMENT 'Everything by ISO week and community, people counted once; one row a week'
