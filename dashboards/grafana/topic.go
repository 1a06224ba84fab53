package grafana

// topic is one topic in depth: its course, what is said, by whom, and the posts themselves.
func topic(n names) *builder {
	b := newBuilder(n, "voc-topic", "VOC 話題の詳細", "一つの話題の推移、意見、誰が話しているか、投稿そのもの。親の話題は子の投稿を一度だけ含む。")
	b.ask("topic", "話題", "topic_weeks", "q.topic AS id, "+n.topic("id")+" AS name", "GROUP BY id\nORDER BY sum(q.posts) DESC, id", nil)
	b.askSource()
	b.ask("segment", "セグメント", "segment_keys", "q.segment AS id, "+transform("id", segmentKeys(), n.Segment)+" AS name", "WHERE q.values > 1\nORDER BY q.known DESC, id", nil)
	one, week := map[string]string{"topic": "[" + oneTopic + "]"}, []string{"week", field("iso_week"), "topic", "${topic:percentencode}"}
	b.row("推移(情報源で絞り込む)")
	b.add(view{
		kind: "stat", title: "期間の最後の週", w: 24, h: 5, query: "topic_weeks", params: one,
		says: "期間の最後の週(今週なら今まで)のこの話題と、それまでの週の推移。極性はこの話題について言われたこと。",
		choose: "toDateTime(q.week, '${zone}') AS time, q.posts AS posts, q.authors AS authors, q.accounts AS accounts, q.positive / nullIf(q.posts, 0) AS positive_share, " +
			"q.negative / nullIf(q.posts, 0) AS negative_share",
		rest: "ORDER BY time",
		columns: []column{
			{name: "posts", title: "投稿", unit: posts, color: blue, links: page("投稿を読む", "/posts", append(period(), "topic", "${topic:percentencode}")...)},
			{name: "authors", title: "投稿した人", unit: people, color: blue}, {name: "accounts", title: "企業", unit: "suffix:社", color: blue},
			{name: "positive_share", title: "肯定", unit: share, digits: "1", color: green},
			{name: "negative_share", title: "否定", unit: share, digits: "1", color: red},
		},
	})
	b.add(view{
		kind: "barchart", title: "週ごとの投稿と、話題への感情", w: 12, h: 9, query: "topic_weeks", params: one,
		says:   "週ごとの投稿数を、この話題への極性で分けたもの。棒を選ぶと、その週の投稿が開く。投稿のない週の棒はない。",
		choose: isoWeek + " AS iso_week, q.positive AS positive, q.mixed AS mixed, q.neutral AS neutral, q.negative AS negative", rest: "ORDER BY q.week",
		options: map[string]any{"xField": "iso_week", "stacking": "normal"},
		columns: moods(func(sentiment string) []Link {
			return page("この週の投稿を読む", "/posts", append(week, "topic_sentiment", sentiment)...)
		}),
	})
	b.add(view{
		kind: "timeseries", title: "日ごと", w: 12, h: 9, query: "topic_days", params: map[string]string{"topic": oneTopic},
		says:   "日ごとの投稿数、否定的な投稿と、投稿した人の数。投稿のない日は 0。",
		choose: "toDateTime(q.day, '${zone}') AS time, q.posts AS posts, q.negative AS negative, q.authors AS authors", rest: "ORDER BY time",
		columns: []column{
			{name: "posts", title: "投稿", unit: posts, color: blue, links: page("期間の投稿を読む", "/posts", append(period(), "topic", "${topic:percentencode}")...)},
			{name: "negative", title: "否定的な投稿", unit: posts, color: red}, {name: "authors", title: "投稿した人", unit: people, color: gray},
		},
	})
	b.row("中身(情報源では絞り込まない)")
	phrase := func(title, which, says, link string) view {
		return view{
			kind: "table", title: title, w: 12, h: 10, query: "topic_phrases", params: one, empty: "この週にはありません", says: says,
			choose: "q.phrase AS phrase, q.posts AS posts, q.authors AS authors, q.before / " + weeksOr1 + " AS before, q.negative AS negative, " + isoLastWeek + " AS iso_week",
			rest:   "WHERE " + which + "\nORDER BY q.posts DESC, q.before, q.phrase",
			columns: append(hide("iso_week"),
				column{name: "phrase", title: "語句", links: page("投稿を読む", "/posts", append(week, "phrase", field("phrase"))...)},
				column{name: "posts", title: "投稿", unit: posts, width: 80}, column{name: "authors", title: "人", unit: people, width: 80},
				column{name: "before", title: "前の週の平均", unit: posts, digits: "1", width: 120}, column{name: "negative", title: "否定", unit: posts, width: 80}),
		}
	}
	opinions := phrase("意見", "q.kind = 'opinion_unit'", "期間の最後の週に、この話題の投稿で言われた意見(何が→どうだ)。多い順。", "signal")
	opinions.columns[1].links = page("投稿を読む", "/posts", append(week, "signal", "opinion_unit%3D"+field("phrase"))...)
	opinions.columns[1].title = "意見"
	b.add(opinions)
	b.add(phrase("根拠になった語句", "q.kind = 'phrase'", "期間の最後の週に、投稿をこの話題に分けた根拠の語句。多い順。", "phrase"))
	b.add(view{
		kind: "barchart", title: "誰が話しているか", w: 12, h: 10, query: "segment_weeks", params: map[string]string{"topic": "[" + oneTopic + "]", "segments": "[${segment:sqlstring}]"},
		says:   "選んだセグメントの値ごとに、この話題の投稿に占める割合と、全投稿に占める割合(どちらも期間全体)。二つが離れている値の人が、ふだんより多く、または少なく話している。値は投稿した時点のもの。",
		choose: "if(q.value = '', '不明', q.value) AS value, sumIf(q.posts, q.topic != '') AS topic_posts, sumIf(q.posts, q.topic = '') AS all_posts", rest: "GROUP BY value",
		around:     "r.value AS value, r.topic_posts / nullIf(sum(r.topic_posts) OVER (), 0) AS topic_share, r.all_posts / nullIf(sum(r.all_posts) OVER (), 0) AS all_share",
		aroundRest: "ORDER BY topic_share DESC, value\nLIMIT 12",
		options:    map[string]any{"xField": "value"},
		columns: []column{
			{name: "topic_share", title: "この話題", unit: share, digits: "1", color: blue, links: page("vocの話題の画面", "/topic", "topic", "${topic:percentencode}")},
			{name: "all_share", title: "全投稿", unit: share, digits: "1", color: gray},
		},
	})
	b.add(view{
		kind: "table", title: "投稿の意図", w: 6, h: 10, query: "topic_intents", empty: "意図の付いた投稿はありません",
		says:   "期間全体で、この話題の投稿に付いた意図。一つの投稿に二つ以上付くことがある。",
		choose: "q.intent AS intent, " + n.intent("q.intent") + " AS name, q.posts AS posts, q.authors AS authors", rest: "WHERE q.topic = " + oneTopic + "\nORDER BY q.posts DESC, q.intent",
		columns: append(hide("intent"),
			column{name: "name", title: "意図", links: page("投稿を読む", "/posts", append(period(), "topic", "${topic:percentencode}", "intent", field("intent"))...)},
			column{name: "posts", title: "投稿", unit: posts, width: 80}, column{name: "authors", title: "人", unit: people, width: 80}),
	})
	b.add(view{
		kind: "table", title: "話題が集まったスレッド", w: 6, h: 10, query: "topic_threads", params: map[string]string{"topic": "[" + oneTopic + "]", "limit": "10"}, empty: "スレッドのある投稿はありません",
		says:   "期間全体で、この話題の投稿が多いスレッド。",
		choose: "q.thread AS thread, if(q.title = '', '(題名なし)', q.title) AS title, q.posts AS posts", rest: "ORDER BY q.posts DESC, q.thread",
		columns: append(hide("thread"),
			column{name: "title", title: "スレッド", links: page("投稿を読む", "/posts", append(period(), "thread", field("thread"))...)}, column{name: "posts", title: "投稿", unit: posts, width: 80}),
	})
	b.row("投稿(情報源で絞り込む)")
	b.add(view{
		kind: "table", title: "投稿(新しい順に50件)", w: 24, h: 14, query: "posts_list", params: one, empty: "この期間の投稿はありません",
		says: "この話題の投稿。本文は200文字まで。個人情報は伏せてある。",
		choose: "q.post_id AS post_id, q.posted_at AS posted_at, " + n.source("q.source") + " AS source, " + n.role("q.author_role") + " AS author_role, " +
			transform("q.sentiment", []string{"positive", "negative", "mixed", "neutral"}, n.Sentiment) + " AS sentiment, " +
			"leftUTF8(concat(if(q.title = '', '', concat(q.title, ' — ')), q.body), 200) AS body, q.account_name AS account_name",
		rest: "ORDER BY q.posted_at DESC, q.post_id",
		columns: append(hide("post_id"),
			column{name: "posted_at", title: "日時", width: 160}, column{name: "source", title: "情報源", width: 110}, column{name: "author_role", title: "役割", width: 100},
			column{name: "sentiment", title: "感情", width: 80}, column{name: "body", title: "投稿", links: page("投稿を開く", "/post", "id", field("post_id"))},
			column{name: "account_name", title: "企業", width: 180}),
	})
	return b
}

func segmentKeys() []string {
	return []string{
		"author_role", "author_level", "source", "channel", "tenure", "plan", "touch_model", "industry", "ltv_band", "usage_phase", "csm_owner", "account_tier", "journey_stage", "company_size",
	}
}
