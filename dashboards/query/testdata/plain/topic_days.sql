SELECT d.day AS day, sum(d.posts) AS posts, sum(d.positive) AS positive, sum(d.negative) AS negative, sum(d.neutral) AS neutral,
    sum(d.mixed) AS mixed, uniqExactArray(d.author_keys) AS authors
FROM topic_daily AS d
WHERE d.community = {community:String} AND d.topic = {topic:String} AND d.day BETWEEN {from:Date} AND {to:Date}
    AND (empty({source:Array(String)}) OR has({source:Array(String)}, d.source))
GROUP BY day
ORDER BY day WITH FILL FROM {from:Date} TO {to:Date} + 1 STEP 1
