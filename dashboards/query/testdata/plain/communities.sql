SELECT toString(c.community) AS community, min(c.day) AS first_day, max(c.day) AS last_day, sum(c.posts) AS posts, uniqExactArray(c.author_keys) AS authors
FROM community_daily AS c
GROUP BY community
ORDER BY posts DESC, community
