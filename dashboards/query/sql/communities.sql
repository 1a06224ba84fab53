-- name: communities
-- title: コミュニティの一覧
-- meaning: 投稿のあるコミュニティと、最初と最後の日、投稿数。
SELECT toString(c.community) AS community, min(c.day) AS first_day, max(c.day) AS last_day, sum(c.posts) AS posts, uniqExactArray(c.author_keys) AS authors
FROM
(
    SELECT community, day, posts, [] AS author_keys FROM community_daily
    UNION ALL
    -- An author is counted once at the end, and need not be found once a day before.
    SELECT community, day, 0, author_keys FROM channel_daily
) AS c
GROUP BY community
ORDER BY posts DESC, community
