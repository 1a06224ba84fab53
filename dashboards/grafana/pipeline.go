package grafana

// pipeline is whether the numbers can be trusted and the machine runs: the ledger and the analyzer's reach from
// ClickHouse, speed, delay and errors from voc's own metrics.
func pipeline(n names) *builder {
	b := newBuilder(n, "voc-pipeline", "VOC データの品質と処理", "数字を信じてよいか、処理が追いついているか。台帳は ClickHouse、速さと遅れは voc run の /metrics(Prometheus)から。")
	b.Templating.List = append(b.Templating.List, Variable{Name: "prometheus", Type: "datasource", Label: "Prometheus", Query: prometheusType, Refresh: 1})
	b.row("メッセージの収支(全コミュニティ)")
	b.add(view{
		kind: "stat", title: "行方不明のメッセージ", w: 4, h: 7, query: "ledger_topics", empty: "0件",
		says: "読んだのに、保存も拒否もされていないメッセージ。0 でなければ障害。", choose: "sum(q.missing) AS missing",
		options: map[string]any{"colorMode": "background", "graphMode": "none"}, limits: steps(green, red, 1.), color: &Color{Mode: "thresholds"},
		columns: []column{{name: "missing", title: "行方不明", unit: posts, links: page("データの品質", "/quality")}},
	})
	b.add(view{
		kind: "table", title: "収支", w: 20, h: 7, query: "ledger_topics", empty: "この期間に読んだメッセージの記録はありません",
		says:   "Kafkaのトピックごとに、読んだ数 = 保存 + 新しい版に置き換え + 受け取れず + 対象外 + 行方不明。",
		choose: "q.kafka_topic AS kafka_topic, q.messages AS messages, q.stored AS stored, q.superseded AS superseded, q.dead_letter AS dead_letter, q.filtered AS filtered, q.missing AS missing", rest: "ORDER BY q.kafka_topic",
		columns: []column{
			{name: "kafka_topic", title: "トピック", links: page("データの品質", "/quality")}, {name: "messages", title: "読んだ", unit: posts}, {name: "stored", title: "保存", unit: posts},
			{name: "superseded", title: "置き換え", unit: posts}, {name: "dead_letter", title: "受け取れず", unit: posts}, {name: "filtered", title: "対象外", unit: posts},
			{name: "missing", title: "行方不明", unit: posts, props: []Property{
				{"thresholds", steps("text", red, 1.)}, {"color", Color{Mode: "thresholds"}}, {"custom.cellOptions", map[string]string{"type": "color-text"}},
			}},
		},
	})
	b.add(view{
		kind: "table", title: "受け取れなかった理由", w: 16, h: 8, query: "dead_letter_reasons", empty: "この期間にはありません",
		says:   "理由と項目ごとの件数。中身は dead-letter トピックに残り、直したあと voc replay で再投入できる。",
		choose: "q.reason AS reason, q.field AS field, q.detail AS detail, q.kafka_topic AS kafka_topic, q.messages AS messages", rest: "ORDER BY q.messages DESC, q.kafka_topic, q.reason, q.field",
		columns: []column{
			{name: "reason", title: "理由", width: 180, links: page("データの品質", "/quality")}, {name: "field", title: "項目", width: 140}, {name: "detail", title: "例"},
			{name: "kafka_topic", title: "トピック", width: 160}, {name: "messages", title: "件数", unit: posts, width: 90},
		},
	})
	b.add(view{
		kind: "table", title: "説明のつかないオフセット(全期間)", w: 8, h: 8, query: "ledger_holes", empty: "記録がありません",
		says:   "記録の間にあって何も分からないオフセットの数。圧縮トピック(accounts)では 0 でないことがある。",
		choose: "q.kafka_topic AS kafka_topic, q.partitions AS partitions, q.recorded AS recorded, q.unexplained AS unexplained", rest: "ORDER BY q.kafka_topic",
		columns: []column{{name: "kafka_topic", title: "トピック"}, {name: "partitions", title: "区画"}, {name: "recorded", title: "記録", unit: posts}, {name: "unexplained", title: "不明", unit: posts}},
	})
	b.row("分類の届く範囲と版(選んだコミュニティ)")
	b.add(view{
		kind: "timeseries", title: "話題なしの投稿の割合", w: 12, h: 8, query: "overview_weeks",
		says:   "どの話題にも当てはまらなかった投稿の割合。急に増えたら、分類表にない話が起きている。",
		choose: "toDateTime(q.week, '${zone}') AS time, q.untagged / nullIf(q.posts, 0) AS untagged_share", rest: "ORDER BY time",
		columns: []column{{name: "untagged_share", title: "話題なし", unit: share, digits: "1", color: amber, links: page("話題なしの投稿を読む", "/posts", append(period(), "topic", "")...)}},
	})
	b.add(view{
		kind: "table", title: "分類の版", w: 12, h: 8, query: "freshness", empty: "この期間の投稿はありません",
		says:   "期間の投稿を分類した版と、最後の書き込みの時刻。版が二つ以上なら、voc retag で付け直せる。",
		choose: "q.revision AS revision, q.version AS version, q.posts AS posts, q.edited AS edited, q.flagged AS flagged, q.last_posted_at AS last_posted_at, q.last_ingested_at AS last_ingested_at", rest: "ORDER BY q.revision",
		columns: []column{
			{name: "revision", title: "版", width: 60}, {name: "version", title: "名前"}, {name: "posts", title: "投稿", unit: posts, width: 90}, {name: "edited", title: "編集", unit: posts, width: 80},
			{name: "flagged", title: "注記", unit: posts, width: 80}, {name: "last_posted_at", title: "最後の投稿", width: 160}, {name: "last_ingested_at", title: "最後の書き込み", width: 160},
		},
	})
	b.add(view{
		kind: "table", title: "集計が追いついていない日", w: 12, h: 7, query: "stale_windows", empty: "ありません(正常)",
		says:   "投稿を直接数えた数と、集計の数が違う日。数秒で消えなければ voc doctor を使う。",
		choose: "toString(q.day) AS day, q.posts AS posts, q.counted AS counted", rest: "ORDER BY q.day",
		columns: []column{{name: "day", title: "日", links: page("この日の投稿を読む", "/posts", "from", field("day"), "to", field("day"))}, {name: "posts", title: "投稿", unit: posts}, {name: "counted", title: "集計", unit: posts}},
	})
	b.add(view{
		kind: "table", title: "宣伝・迷惑投稿とみたもの", w: 12, h: 7, query: "quarantine", empty: "ありません",
		says:   "隠してはいない。投稿数には含まれ、声や順位の表からだけ除いている。",
		choose: "q.intent AS intent, " + n.intent("q.intent") + " AS name, q.author_role AS role_id, " + n.role("q.author_role") + " AS author_role, q.posts AS posts, q.before AS before, " + isoLastWeek + " AS iso_week", rest: "ORDER BY q.intent, q.posts DESC, q.author_role",
		columns: append(hide("intent", "role_id", "iso_week"),
			column{name: "name", title: "意図"}, column{name: "author_role", title: "書いた人"},
			column{name: "posts", title: "期間の最後の週", unit: posts, links: page("投稿を読む", "/posts", "week", field("iso_week"), "intent", field("intent"), "role", field("role_id"))}, column{name: "before", title: "その前の週の合計", unit: posts}),
	})
	b.row("処理(voc run の /metrics)")
	const rate = "[$__rate_interval]"
	p95 := func(metric, by string) string {
		return "histogram_quantile(0.95, sum by (le" + by + ") (rate(" + metric + "_bucket" + rate + ")))"
	}
	for _, v := range []prometheus{
		{kind: "stat", title: "Kafkaの未読", w: 6, h: 5, unit: posts, says: "読む位置と区画の終わりとの差の合計。", exprs: [][2]string{{"sum(voc_kafka_lag_records)", "未読"}}, limits: steps(green, amber, 10000., red, 1000000.)},
		{kind: "stat", title: "届くまでの時間(95%)", w: 6, h: 5, unit: "s", says: "Kafkaに入ってから、ClickHouseで読めるまで。目標は5秒未満。", exprs: [][2]string{{p95("voc_freshness_seconds", ""), "95%"}}, limits: steps(green, amber, 5., red, 60.)},
		{kind: "stat", title: "受け取れなかったメッセージ(24時間)", w: 6, h: 5, unit: posts, says: "dead-letter トピックに入れた数。やり直しで二度数えることがある。正確な数は上の台帳。", exprs: [][2]string{{"sum(increase(voc_dead_letters_total[24h]))", "受け取れず"}}, limits: steps(green, amber, 1.), empty: "0件"},
		{kind: "stat", title: "失われたオフセット", w: 6, h: 5, unit: posts, says: "読む前にKafkaの保持期間で消えた数。0 でなければ、保持期間か処理の速さを見直す。", exprs: [][2]string{{"sum(voc_kafka_offsets_lost_total)", "失われた"}}, limits: steps(green, red, 1.), empty: "0件"},
		{kind: "timeseries", title: "1秒あたりのメッセージ", w: 12, h: 8, unit: "suffix:件/秒", says: "処理してコミットしたメッセージ。結果ごと。", exprs: [][2]string{{"sum by (outcome) (rate(voc_records_total" + rate + "))", "{{outcome}}"}}},
		{kind: "timeseries", title: "未読(トピックごと)", w: 12, h: 8, unit: posts, says: "トピックごとの未読の数。増え続けるなら voc run を増やす。", exprs: [][2]string{{"sum by (topic) (voc_kafka_lag_records)", "{{topic}}"}}},
		{kind: "timeseries", title: "所要時間(95%)", w: 12, h: 8, unit: "s", says: "まとめ書き、ClickHouseへの書き込み、集計のやり直しの95%点。", exprs: [][2]string{
			{p95("voc_batch_write_seconds", ""), "まとめ書き"}, {p95("voc_clickhouse_insert_seconds", ""), "書き込み"}, {p95("voc_rollup_seconds", ""), "集計"}, {p95("voc_analysis_seconds", ""), "分析(1件)"},
		}},
		{kind: "timeseries", title: "届くまでの時間(95%)", w: 12, h: 8, unit: "s", says: "トピックごとの、Kafkaに入ってからClickHouseで読めるまでの時間。", exprs: [][2]string{{p95("voc_freshness_seconds", ", topic"), "{{topic}}"}}},
		{kind: "timeseries", title: "失敗", w: 12, h: 8, unit: "suffix:回/秒", says: "KafkaとClickHouseの失敗した呼び出し、集計の失敗、分析の異常終了。やり直すので、続かなければ問題ない。", exprs: [][2]string{
			{"sum by (class) (rate(voc_clickhouse_errors_total" + rate + "))", "ClickHouse {{class}}"}, {"sum by (class) (rate(voc_kafka_errors_total" + rate + "))", "Kafka {{class}}"},
			{"sum(rate(voc_rollup_errors_total" + rate + "))", "集計"}, {"sum(rate(voc_panics_total" + rate + "))", "分析の異常終了"},
		}},
		{kind: "timeseries", title: "伏せた個人情報と受け取れなかったメッセージ", w: 12, h: 8, unit: "suffix:件/秒", says: "種類ごとの、本文で伏せた個人情報の数と、理由ごとの受け取れなかったメッセージの数。", exprs: [][2]string{
			{"sum by (kind) (rate(voc_masked_total" + rate + "))", "伏せた {{kind}}"}, {"sum by (reason) (rate(voc_dead_letters_total" + rate + "))", "受け取れず {{reason}}"},
		}},
	} {
		b.addPrometheus(v)
	}
	return b
}
