package main

import "strings"

// question is a query of the demo with what it asks, in Japanese.
type question struct {
	title string
	sql   string
}

// demoQuestions are answered after feeding. They use only views of the SQL contract.
var demoQuestions = []question{
	{
		title: "どの話題が、いつ急に増えたか（前4週の平均との差が大きい順）",
		sql: `SELECT week AS "週", topic AS "話題", posts AS "件数", round(before, 1) AS "前4週平均", negative AS "うち否定的"
FROM
(
    SELECT week, topic, sum(posts) AS posts, sum(negative) AS negative,
        avg(posts) OVER (PARTITION BY topic ORDER BY week ROWS BETWEEN 4 PRECEDING AND 1 PRECEDING) AS before
    FROM topic_weekly
    WHERE community = 'musubira' AND level = 1
    GROUP BY week, topic
)
WHERE before > 0
ORDER BY posts - before DESC, week
LIMIT 5`,
	},
	{
		title: "誰が：料金に否定的な投稿は、どの週に、どのプランの人から出たか",
		sql: `SELECT t.week AS "週", p.attributes['plan'] AS "プラン", count() AS "否定的な投稿", uniqExact(t.author_id) AS "人数"
FROM post_topics AS t
JOIN posts AS p ON p.community = t.community AND p.day = t.day AND p.post_id = t.post_id
WHERE t.community = 'musubira' AND t.topic = 'pricing' AND t.sentiment IN ('negative', 'mixed')
GROUP BY "週", "プラン"
ORDER BY "否定的な投稿" DESC, "週"
LIMIT 5`,
	},
	{
		title: "なぜ：その週に料金について書かれたことと、タグの根拠になった言葉",
		sql: `SELECT e.post_id AS "投稿", arrayStringConcat(groupUniqArray(e.text), '・') AS "根拠の言葉", any(substringUTF8(p.body, 1, 70)) AS "本文"
FROM post_evidence AS e
JOIN post_topics AS t ON t.community = e.community AND t.day = e.day AND t.post_id = e.post_id AND t.topic = e.tag
JOIN posts AS p ON p.community = e.community AND p.day = e.day AND p.post_id = e.post_id
WHERE e.community = 'musubira' AND e.kind = 'topic' AND e.tag = 'pricing' AND t.sentiment = 'negative'
    AND e.week = (SELECT week FROM topic_weekly WHERE community = 'musubira' AND topic = 'pricing' GROUP BY week ORDER BY sum(negative) DESC LIMIT 1)
GROUP BY e.post_id
ORDER BY any(t.score), e.post_id
LIMIT 5`,
	},
}

// indent shifts a query by two spaces.
func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }
