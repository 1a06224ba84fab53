-- Reasons of a severe post with their points; effort, rare and unanswered say what does not follow from the post alone.
arrayFilter(x -> x.2 > 0, [
    ('churn_risk', if(has(intents, 'churn_risk'), 40, 0)), ('bug', if(has(intents, 'bug'), 20, 0)),
    ('complaint', if(has(intents, 'complaint'), 15, 0)), ('strong_negative', if(sentiment = 'negative' AND score <= -0.6, 15, 0)),
    ('critical_topic', if(hasAny(arrayMap(x -> splitByChar('/', x)[1], topics), {critical:Array(String)}), 15, 0)),
    ('effort', if(effort, 10, 0)), ('rare_topic', if(rare, 10, 0)), ('no_reply', if(unanswered, 10, 0))
]) AS reason_points
