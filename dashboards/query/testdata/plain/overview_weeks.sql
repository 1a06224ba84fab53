SELECT
    week, sum(d.posts) AS posts, sum(d.threads) AS threads, sum(d.replies) AS replies, sum(d.staff_posts) AS staff_posts,
    sum(d.positive) AS positive, sum(d.negative) AS negative, sum(d.neutral) AS neutral, sum(d.mixed) AS mixed, sum(d.untagged) AS untagged,
    sum(d.questions) AS questions, sum(d.answers) AS answers, sum(d.requests) AS requests, sum(d.complaints) AS complaints, sum(d.praises) AS praises,
    sum(d.churn_risks) AS churn_risks, uniqExactArray(d.author_keys) AS authors, uniqExactArray(d.account_keys) AS accounts,
    uniqExactArray(d.member_keys) AS active_members, sum(d.viewed) AS viewed, sum(d.reacted) AS reacted, sum(d.accepted) AS accepted,
    sum(d.joined) AS joined, sum(d.logins) AS logins, toUInt8(uniqExactIf(d.day, d.posts > 0)) AS days
FROM community_daily AS d
WHERE d.community = {community:String} AND d.day BETWEEN {week:Date} - 7 * {weeks:UInt8} AND {week:Date} + 6
GROUP BY d.week AS week
ORDER BY week WITH FILL FROM {week:Date} - 7 * {weeks:UInt8} TO {week:Date} + 7 STEP 7
