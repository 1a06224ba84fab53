package grafana

import (
	"fmt"
	"strings"

	"voc/dashboards/wording"
)

// activity is how the community lives: questions and answers, hours, newcomers, members at its core.
func activity(n names) *builder {
	b := newBuilder(n, "voc-community", "VOC コミュニティの活動と質問", "質問がどう答えられているか、いつ活発か、新しい人と中心の人。")
	whole := map[string]string{"from": firstWeek}
	b.row("質問")
	b.add(view{
		kind: "stat", title: "期間の最後の週に質問されたもの", w: 24, h: 5, query: "question_weeks", params: whole,
		says: "期間の最後の週に質問されたもの。経過は期間の終わりまでで数えるので、新しい週ほど未解決が多くなる。",
		choose: "toDateTime(q.week, '${zone}') AS time, q.questions AS questions, q.replied / q.questions AS replied_share, q.solved / q.questions AS solved_share, " +
			"q.within_day / q.questions AS within_day_share, q.solved_by_peers / nullIf(q.solved, 0) AS peers_share, q.median_hours AS median_hours",
		rest: "ORDER BY time",
		columns: []column{
			{name: "questions", title: "質問", unit: posts, color: blue, links: page("質問を見る", "/questions")},
			{name: "replied_share", title: "返信あり", unit: share, digits: "1", color: green, links: page("質問を見る", "/questions")},
			{name: "solved_share", title: "解決", unit: share, digits: "1", color: green}, {name: "within_day_share", title: "24時間以内に返信", unit: share, digits: "1", color: green},
			{name: "peers_share", title: "解決のうちメンバーだけで", unit: share, digits: "1", color: blue},
			{name: "median_hours", title: "最初の返信まで(中央値)", unit: hoursOf, digits: "1", color: amber},
		},
	})
	b.add(view{
		kind: "barchart", title: "質問された週ごとの対応", w: 12, h: 9, query: "question_weeks", params: whole, empty: "この期間の質問はありません",
		says:   "質問された週ごとに、解決・返信だけ・返信なし。足すと質問の数になる。",
		choose: isoWeek + " AS iso_week, q.solved AS solved, q.replied - q.solved AS replied_only, q.questions - q.replied AS open", rest: "ORDER BY q.week",
		options: map[string]any{"xField": "iso_week", "stacking": "normal"},
		columns: []column{
			{name: "solved", title: "解決", unit: posts, color: green, links: page("質問を見る", "/questions", "week", field("iso_week"))},
			{name: "replied_only", title: "返信だけ", unit: posts, color: amber, links: page("質問を見る", "/questions", "week", field("iso_week"))},
			{name: "open", title: "返信なし", unit: posts, color: red, links: page("質問を見る", "/questions", "week", field("iso_week"))},
		},
	})
	b.add(view{
		kind: "table", title: "返信を待っている質問", w: 12, h: 9, query: "question_ledger", params: map[string]string{"status": "['open']"}, empty: "返信を待っている質問はありません",
		says: "期間に質問され、期間の終わりまでに返信のないもの。長く待っている順。",
		choose: "q.post_id AS post_id, q.age_hours / 24 AS age_days, leftUTF8(if(q.title = '', q.body, q.title), 120) AS question, " + n.topics("q.topics") + " AS topics, " +
			n.role("q.author_role") + " AS author_role, q.views AS views",
		rest: "ORDER BY q.age_hours DESC, q.post_id\nLIMIT 100",
		columns: append(hide("post_id"),
			column{name: "age_days", title: "経過", unit: "suffix:日", digits: "1", width: 80}, column{name: "question", title: "質問", links: page("質問を開く", "/post", "id", field("post_id"))},
			column{name: "topics", title: "話題", width: 150}, column{name: "author_role", title: "役割", width: 90}, column{name: "views", title: "閲覧", unit: times, width: 80}),
	})
	b.row("いつ活発か")
	b.add(b.heatTable("投稿の多い曜日と時刻", "期間全体の、曜日と時刻ごとの投稿数。ますを選ぶと、その時間の投稿が開く。", "posts", posts, true))
	b.add(b.heatTable("閲覧の多い曜日と時刻", "期間全体の、曜日と時刻ごとの閲覧数(活動の記録があるコミュニティだけ)。", "viewed", times, false))
	b.row("人")
	b.add(view{
		kind: "table", title: "新しい人の歩み", w: 12, h: 9, query: "newcomer_funnel", params: whole, empty: "この期間に参加した人の記録はありません",
		says:   "参加した週ごとに、どこまで進んだ人が何人いるか。期間の終わりまでで数えるので、新しい週ほど途中の人が多い。",
		choose: isoWeek + " AS iso_week, q.joined AS joined, q.viewed AS viewed, q.posted AS posted, q.answered AS answered, q.posted_again AS posted_again", rest: "ORDER BY q.week",
		columns: []column{
			{name: "iso_week", title: "参加した週", links: page("活動を見る", "/activity", "week", field("iso_week"))}, {name: "joined", title: "参加", unit: people}, {name: "viewed", title: "閲覧", unit: people},
			{name: "posted", title: "初投稿", unit: people}, {name: "answered", title: "返信をもらう", unit: people}, {name: "posted_again", title: "2回目の投稿", unit: people},
		},
	})
	b.add(b.retention())
	b.add(view{
		kind: "table", title: "中心メンバー", w: 24, h: 11, query: "core_members", empty: "4週のうち3週以上に投稿した人はいません",
		says: "期間の最後の週までの4週のうち3週以上に投稿した人(スタッフを除く)。名前は仮名。夜間・休日の割合が高い人は、負担がかかっていないかを見る。",
		choose: "q.author_id AS author_id, " + n.role("q.author_role") + " AS author_role, q.posts AS posts, q.replies AS replies, q.received AS received, q.off_hours / q.posts AS off_hours_share, " +
			n.topics("q.topics") + " AS topics",
		rest: "ORDER BY q.posts DESC, q.author_id\nLIMIT 50",
		columns: []column{
			{name: "author_id", title: "メンバー(仮名)", width: 220, links: page("投稿を読む", "/posts", append(period(), "author", field("author_id"))...)}, {name: "author_role", title: "役割", width: 110},
			{name: "posts", title: "投稿(4週)", unit: posts, width: 110}, {name: "replies", title: "うち返信", unit: posts, width: 100}, {name: "received", title: "役に立った", unit: times, width: 110},
			{name: "off_hours_share", title: "夜間・休日", unit: share, digits: "0", width: 110}, {name: "topics", title: "よく話す話題"},
		},
	})
	return b
}

// heatTable is a table of weekdays and hours whose cells are coloured by their number.
func (b *builder) heatTable(title, says, what, unit string, drill bool) view {
	v := view{
		kind: "table", title: title, w: 24, h: 9, query: "heatmap", says: says,
		choose: "q.weekday AS weekday, ['" + strings.Join(wording.Weekdays(), "', '") + "'][q.weekday] AS day_name", rest: "GROUP BY weekday\nORDER BY weekday",
		columns: append(hide("weekday"), column{name: "day_name", title: "曜日", width: 50}),
	}
	for hour := range 24 {
		name := fmt.Sprintf("h%02d", hour)
		v.choose += fmt.Sprintf(", sumIf(q.%s, q.hour = %d) AS %s", what, hour, name)
		c := column{name: name, title: fmt.Sprintf("%d時", hour), shade: true, width: 56}
		if drill {
			c.links = page("この時間の投稿を読む", "/posts", append(period(), "weekday", field("weekday"), "hour", fmt.Sprint(hour))...)
		}
		v.columns = append(v.columns, c)
	}
	return v
}

// retention is a triangle: weeks of joining by weeks since.
func (b *builder) retention() view {
	v := view{
		kind: "table", title: "参加した週ごとの定着", w: 12, h: 9, query: "retention_cohorts", params: map[string]string{"from": firstWeek}, empty: "この期間に参加した人の記録はありません",
		says:   "参加した人のうち、その週数の後に投稿・閲覧・リアクションなどをした人の割合。まだ来ていない週は空。",
		choose: "formatDateTime(q.cohort, '%G-W%V') AS iso_week, any(q.joined) AS joined", rest: "GROUP BY iso_week\nORDER BY iso_week",
		columns: []column{{name: "iso_week", title: "参加した週", width: 110, links: page("活動を見る", "/activity", "week", field("iso_week"))}, {name: "joined", title: "参加", unit: people, width: 70}},
	}
	for age := range 8 {
		name := fmt.Sprintf("age%d", age)
		v.choose += fmt.Sprintf(", maxOrNullIf(q.active / q.joined, q.age = %d) AS %s", age, name)
		title := fmt.Sprintf("%d週後", age)
		if age == 0 {
			title = "その週"
		}
		v.columns = append(v.columns, column{name: name, title: title, unit: share, digits: "0", shade: true, width: 72})
	}
	return v
}
