package grafana

// overview is what everybody opens first: what rose, in which mood, where, and what must not be overlooked.
func overview(n names) *builder {
	b := newBuilder(n, "voc-overview", "VOC 概要", "コミュニティの声の全体像。期間の最後の週を、その前の週と比べる。数字は週次レポート・vocの画面と同じ問い合わせから出る。")
	b.askSource()
	b.row("全体(情報源では絞り込まない)")
	b.add(view{
		kind: "stat", title: "期間の最後の週", w: 24, h: 5, query: "overview_weeks",
		says: "期間の最後の週(月曜〜日曜。今週なら今まで)の値と、それまでの週の推移。人数は週の中で同じ人を一度だけ数える。",
		choose: "toDateTime(q.week, '${zone}') AS time, q.posts AS posts, q.authors AS authors, q.active_members AS active_members, q.negative / nullIf(q.posts, 0) AS negative_share, " +
			"q.questions AS questions, q.requests AS requests, q.churn_risks AS churn_risks",
		rest: "ORDER BY time",
		columns: []column{
			{name: "posts", title: "投稿", unit: posts, color: blue, links: page("投稿を読む", "/posts", period()...)},
			{name: "authors", title: "投稿した人", unit: people, color: blue, links: page("活動を見る", "/activity")},
			{name: "active_members", title: "活動した人", unit: people, color: blue, links: page("活動を見る", "/activity")},
			{name: "negative_share", title: "否定的な投稿", unit: share, digits: "1", color: red, links: page("否定的な投稿を読む", "/posts", append(period(), "sentiment", "negative")...)},
			{name: "questions", title: "質問", unit: posts, color: blue, links: page("質問を見る", "/questions")},
			{name: "requests", title: "要望", unit: posts, color: blue, links: page("要望を読む", "/posts", append(period(), "intent", "request")...)},
			{name: "churn_risks", title: "解約の兆し", unit: posts, color: red, links: page("解約の兆しを読む", "/posts", append(period(), "intent", "churn_risk")...)},
		},
	})
	b.add(view{
		kind: "barchart", title: "週ごとの投稿と感情", w: 12, h: 9, query: "overview_weeks",
		says:   "週ごとの投稿数を、投稿全体の極性で分けたもの。棒を選ぶと、その週の投稿が開く。",
		choose: isoWeek + " AS iso_week, q.positive AS positive, q.mixed AS mixed, q.neutral AS neutral, q.negative AS negative", rest: "ORDER BY q.week",
		options: map[string]any{"xField": "iso_week", "stacking": "normal"},
		columns: moods(func(sentiment string) []Link {
			return page("この週の投稿を読む", "/posts", "week", field("iso_week"), "sentiment", sentiment)
		}),
	})
	b.add(view{
		kind: "timeseries", title: "日ごとの投稿と投稿者", w: 12, h: 9, query: "overview_days",
		says:   "日ごとの投稿数、否定的な投稿の数と、投稿した人の数。投稿のない日は 0。",
		choose: "toDateTime(q.day, '${zone}') AS time, q.posts AS posts, q.negative AS negative, q.authors AS authors", rest: "ORDER BY time",
		columns: []column{
			{name: "posts", title: "投稿", unit: posts, color: blue, links: page("期間の投稿を読む", "/posts", period()...)},
			{name: "negative", title: "否定的な投稿", unit: posts, color: red, links: page("期間の否定的な投稿を読む", "/posts", append(period(), "sentiment", "negative")...)},
			{name: "authors", title: "投稿した人", unit: people, color: gray},
		},
	})
	b.row("話題(情報源で絞り込む)")
	b.add(b.topicTable("話題ごとの変化", "q.level = 1", 14))
	b.add(view{
		kind: "timeseries", title: "話題ごとの週次推移(投稿の多い8つ)", w: 10, h: 12, query: "topic_weeks",
		says:   "期間を通して投稿の多い話題の、週ごとの投稿数。投稿のない週には点がない。",
		choose: "q.topic AS topic, groupArray((q.week, q.posts)) AS weeks, sum(q.posts) AS total", rest: "WHERE q.level = 1\nGROUP BY topic\nORDER BY total DESC, topic\nLIMIT 8",
		around: "toDateTime(w.1, '${zone}') AS time, " + n.topic("r.topic") + " AS topic, w.2 AS posts", aroundRest: "ARRAY JOIN r.weeks AS w\nORDER BY time, topic",
		columns: []column{{name: "posts", unit: posts, props: []Property{{"displayName", "${__field.labels.topic}"}}}},
	})
	b.row("見落とせない声(情報源では絞り込まない)")
	b.add(view{
		kind: "table", title: "まれだが重大な投稿", w: 24, h: 9, query: "severe_posts", empty: "この期間にはありません",
		says: "件数では埋もれる重大な投稿。点の内訳は vocの投稿の画面にある。",
		choose: "q.post_id AS post_id, q.points AS points, q.posted_at AS posted_at, leftUTF8(concat(if(q.title = '', '', concat(q.title, ' — ')), q.body), 200) AS body, " +
			n.topics("q.topics") + " AS topics, q.account_name AS account_name",
		rest: "ORDER BY q.points DESC, q.posted_at, q.post_id",
		columns: append(hide("post_id"),
			column{name: "points", title: "点", unit: points, width: 70}, column{name: "posted_at", title: "日時", width: 160},
			column{name: "body", title: "投稿", links: page("投稿を開く", "/post", "id", field("post_id"))},
			column{name: "topics", title: "話題", width: 200}, column{name: "account_name", title: "企業", width: 180}),
	})
	b.add(view{
		kind: "table", title: "要望の多い話題", w: 12, h: 9, query: "request_topics", empty: "この週の要望はありません",
		says: "期間の最後の週に要望を書いた人の多い順。同じ人は一度だけ数える。子の話題があれば子で数える。",
		choose: "q.topic AS topic, " + n.topic("q.topic") + " AS name, q.authors AS authors, q.posts AS posts, q.before / " + weeksOr1 + " AS before, q.accounts AS accounts, " +
			isoLastWeek + " AS iso_week",
		rest: "ORDER BY q.authors DESC, q.posts DESC, q.topic",
		columns: append(hide("topic", "iso_week"),
			column{name: "name", title: "話題", links: page("要望を読む", "/posts", "week", field("iso_week"), "topic", field("topic"), "intent", "request")},
			column{name: "authors", title: "人", unit: people, width: 80}, column{name: "posts", title: "投稿", unit: posts, width: 80},
			column{name: "before", title: "前の週の平均", unit: posts, digits: "1", width: 120}, column{name: "accounts", title: "企業", unit: "suffix:社", width: 80}),
	})
	b.add(view{
		kind: "barchart", title: "情報源とチャンネル(期間の最後の週)", w: 12, h: 9, query: "channel_weeks", empty: "この週の投稿はありません",
		says: "期間の最後の週の投稿数。選んだ情報源だけ。",
		choose: "concat(" + n.source("q.source") + ", if(q.channel = '', '', concat(' / ', q.channel))) AS place, sum(q.positive) AS positive, sum(q.mixed) AS mixed, sum(q.neutral) AS neutral, " +
			"sum(q.negative) AS negative",
		rest:    "WHERE q.week = " + lastWeek + " AND (empty(CAST(" + sources + ", 'Array(String)')) OR has(CAST(" + sources + ", 'Array(String)'), q.source))\nGROUP BY place\nORDER BY positive + mixed + neutral + negative DESC, place",
		options: map[string]any{"xField": "place", "stacking": "normal", "orientation": "horizontal"},
		columns: moods(func(string) []Link { return page("活動を見る", "/activity") }),
	})
	return b
}

// topicTable compares the last week of the period with those before it.
func (b *builder) topicTable(title, which string, width int) view {
	this := "q.week = " + lastWeek
	return view{
		kind: "table", title: title, w: width, h: 12, query: "topic_weeks", empty: "この期間の投稿はありません",
		says: "期間の最後の週の話題。親の話題は子の投稿を一度だけ含む。「前の週の平均」は、期間の中でそれより前の週の平均。差が偶然かどうかの検定は、週次レポートと vocの画面にある。",
		choose: "q.topic AS topic, " + b.names.topic("q.topic") + " AS name, sumIf(q.posts, " + this + ") AS posts, sumIf(q.posts, q.week < " + lastWeek + ") / " + weeksOr1 + " AS before, " +
			"posts / nullIf(before, 0) AS ratio, sumIf(q.negative, " + this + ") / nullIf(posts, 0) AS negative_share, sumIf(q.authors, " + this + ") AS authors, " + isoLastWeek + " AS iso_week",
		rest: "WHERE " + which + "\nGROUP BY topic\nORDER BY posts DESC, topic",
		columns: append(hide("topic", "iso_week"),
			column{name: "name", title: "話題", links: append(page("vocの話題の画面", "/topic", "week", field("iso_week"), "topic", field("topic")), Link{
				Title: "話題のダッシュボード", URL: "/d/voc-topic?${community:queryparam}&${__url_time_range}&var-topic=" + field("topic"),
			})},
			column{name: "posts", title: "投稿", unit: posts, width: 80, links: page("投稿を読む", "/posts", "week", field("iso_week"), "topic", field("topic"))},
			column{name: "before", title: "前の週の平均", unit: posts, digits: "1", width: 120}, column{name: "ratio", title: "倍率", unit: "suffix:倍", digits: "1", width: 80},
			column{name: "negative_share", title: "否定", unit: share, digits: "1", width: 80, links: page("否定的な投稿を読む", "/posts", "week", field("iso_week"), "topic", field("topic"), "topic_sentiment", "negative")},
			column{name: "authors", title: "人", unit: people, width: 80}),
	}
}
