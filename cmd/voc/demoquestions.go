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
		title: "先週、どの話題が増えたか（直前8週の平均との差）",
		sql: `SELECT topic,
       sumIf(posts, week = last) AS "先週の件数",
       round(sumIf(posts, week < last AND week >= last - 56) / 8, 1) AS "過去8週平均",
       sumIf(negative, week = last) AS "うち否定的"
FROM topic_weekly
CROSS JOIN (SELECT max(week) AS last FROM topic_weekly) AS w
WHERE community = 'musubira' AND level = 1
GROUP BY topic
ORDER BY "先週の件数" - "過去8週平均" DESC
LIMIT 5`,
	},
	{
		title: "料金への不満は、いつ、どのプランの人から出たか",
		sql: `SELECT t.week AS "週", p.attributes['plan'] AS "プラン", count() AS "否定的な投稿", uniqExact(t.author_id) AS "人数"
FROM post_topics AS t
JOIN posts AS p ON p.community = t.community AND p.day = t.day AND p.post_id = t.post_id
WHERE t.community = 'musubira' AND t.topic = 'pricing' AND t.sentiment IN ('negative', 'mixed')
GROUP BY "週", "プラン"
ORDER BY "否定的な投稿" DESC, "週"
LIMIT 6`,
	},
	{
		title: "なぜか：料金について実際に書かれた言葉",
		sql: `SELECT toDate(posted_at) AS "日", arrayStringConcat(groupArray(e.text), ' … ') AS "根拠の言葉", any(substringUTF8(p.body, 1, 60)) AS "投稿"
FROM post_evidence AS e
JOIN posts AS p ON p.community = e.community AND p.day = e.day AND p.post_id = e.post_id
WHERE e.community = 'musubira' AND e.kind = 'topic' AND e.tag = 'pricing' AND p.sentiment = 'negative'
GROUP BY e.post_id, "日"
ORDER BY "日" DESC, e.post_id
LIMIT 5`,
	},
}

// indent shifts a query by two spaces.
func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }
