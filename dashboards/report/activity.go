package report

import (
	"fmt"
	"strings"

	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// activity says how alive the community is.
func (b *builder) activity() (Section, error) {
	s := Section{ID: "activity", Title: "コミュニティの活動"}
	s.Blocks = append(s.Blocks, b.heatBlock(), b.replyTable(), b.newcomerTable(), b.coreTable())
	return s, nil
}

func (b *builder) heatBlock() Block {
	block := Block{ID: "heatmap", Title: "投稿の多い曜日と時間(直近4週)", Sources: []string{b.heat.source}}
	c := &Chart{Kind: ChartHeat, Unit: "件", Marked: -1}
	for h := range 24 {
		c.Labels = append(c.Labels, fmt.Sprint(h))
	}
	for d := range 7 {
		c.Rows = append(c.Rows, wording.Weekdays()[d])
		c.Series = append(c.Series, Series{Name: wording.Weekdays()[d], Tone: "main", Values: make([]float64, 24), Posts: make([]string, 24)})
	}
	var total, best, viewed, staff uint64
	var top, quietHours query.HeatCell
	gap := -1.0
	for _, cell := range b.heat.rows {
		if cell.Weekday < 1 || cell.Weekday > 7 || cell.Hour > 23 {
			continue
		}
		f := query.Filter{Community: b.Community, From: b.Week.AddDate(0, 0, -21), To: b.last(), Weekday: []uint8{cell.Weekday}, Hour: []uint8{cell.Hour}}
		series := &c.Series[cell.Weekday-1]
		series.Values[cell.Hour] = float64(cell.Posts)
		if cell.Posts > 0 {
			series.Posts[cell.Hour] = f.Path()
		}
		total += cell.Posts
		viewed += uint64(max(0, cell.Viewed))
		staff += cell.StaffReplies
		if cell.Posts > best {
			best, top = cell.Posts, cell
		}
		// Many posts and views, few replies by staff: a good hour to answer.
		if g := float64(cell.Posts) + float64(max(0, cell.Viewed))/5 - 3*float64(cell.StaffReplies); g > gap {
			gap, quietHours = g, cell
		}
	}
	if total == 0 {
		block.Empty = "直近4週の投稿がありません。"
		return block
	}
	c.Alt = fmt.Sprintf("曜日と時間ごとの投稿数。最も多いのは%s曜%d時の%s", wording.Weekdays()[(top.Weekday+6)%7], top.Hour, stats.Count(best, "件"))
	block.Chart = c
	block.Note = fmt.Sprintf("最も多いのは%s曜%d時台(%s)。", wording.Weekdays()[(top.Weekday+6)%7], top.Hour, stats.Count(best, "件"))
	if viewed > 0 {
		block.Note += fmt.Sprintf("投稿と閲覧に対してスタッフの返信が最も手薄なのは%s曜%d時台で、返信すると効果的です。", wording.Weekdays()[(quietHours.Weekday+6)%7], quietHours.Hour)
	}
	return block
}

// replyTable follows how fast and by whom questions are answered.
func (b *builder) replyTable() Block {
	block := Block{ID: "replies", Title: "質問への返信の推移", Note: "質問された週ごと。経過は今週の終わりまでで数えるため、新しい週ほど未解決が多くなります。", Sources: []string{b.questionWeeks.source}}
	if len(b.questionWeeks.rows) == 0 {
		block.Empty = "この期間の質問がありません。"
		return block
	}
	t := &Table{Columns: []Column{
		{Key: "week", Title: "週", Kind: "text"}, {Key: "questions", Title: "質問", Kind: "number"}, {Key: "within_day", Title: "24時間以内に返信", Kind: "number"}, {Key: "solved", Title: "解決", Kind: "number"},
		{Key: "median", Title: "最初の返信まで", Kind: "number", Help: "中央値"}, {Key: "peers", Title: "メンバーだけで解決", Kind: "number"}, {Key: "first", Title: "最初の返信 メンバー/スタッフ", Kind: "number"},
	}}
	rows := b.questionWeeks.rows
	for i := len(rows) - 1; i >= max(0, len(rows)-6); i-- {
		w := rows[i]
		f := b.questionWeeks.source
		median := Span{Text: "—", Source: f}
		if w.MedianHours != nil {
			median = b.num(b.hours(*w.MedianHours), *w.MedianHours, f, nil)
		}
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: plain(b.day(w.Week) + "〜")}, {Line: Line{b.count(w.Questions, "件", f, nil)}}, {Line: Line{b.percent(w.WithinDay, w.Questions, f)}}, {Line: Line{b.percent(w.Solved, w.Questions, f)}},
			{Line: Line{median}}, {Line: Line{b.percent(w.SolvedByPeers, w.Solved, f)}}, {Line: Line{b.count(w.FirstPeer, "", f, nil), text(" / "), b.count(w.FirstStaff, "", f, nil)}},
		}})
	}
	block.Table = t
	return block
}

func (b *builder) newcomerTable() Block {
	block := Block{ID: "newcomers", Title: "新しく参加した人の歩み", Note: "参加した週ごとに、どこまで進んだか。最初の投稿に返信があると続きやすくなります。", Sources: []string{b.newcomers.source}}
	if len(b.newcomers.rows) == 0 {
		block.Empty = "参加の記録がありません(voc.activity の joined)。"
		return block
	}
	t := &Table{Columns: []Column{
		{Key: "week", Title: "参加した週", Kind: "text"}, {Key: "joined", Title: "参加", Kind: "number"}, {Key: "viewed", Title: "閲覧", Kind: "number"}, {Key: "posted", Title: "投稿", Kind: "number"},
		{Key: "answered", Title: "返信をもらった", Kind: "number"}, {Key: "again", Title: "2回目の投稿", Kind: "number"},
	}}
	rows := b.newcomers.rows
	f := b.newcomers.source
	for i := len(rows) - 1; i >= max(0, len(rows)-6); i-- {
		n := rows[i]
		step := func(v uint64) Cell {
			return Cell{Line: Line{b.count(v, "人", f, nil)}, Sub: Line{quiet(stats.Percent(stats.Share{Hits: v, Total: n.Joined}.Value()))}}
		}
		t.Rows = append(t.Rows, Row{[]Cell{{Line: plain(b.day(n.Week) + "〜")}, {Line: Line{b.count(n.Joined, "人", f, nil)}}, step(n.Viewed), step(n.Posted), step(n.Answered), step(n.PostedAgain)}})
	}
	block.Table = t
	return block
}

// coreShown is how many core members the report lists.
const coreShown = 8

// coreTable shows who carries the community, and what would remain without them.
func (b *builder) coreTable() Block {
	block := Block{ID: "core", Title: "中心メンバー", Sources: []string{b.core.source, b.overviewWeeks.source}}
	if len(b.core.rows) == 0 {
		block.Empty = "直近4週のうち3週以上に投稿した人はいません。"
		return block
	}
	all := b.core.rows[0]
	carried, replies := all.MembersPostsWeek, all.MembersReplies
	var monthReplies uint64
	weeks := append(append([]query.OverviewWeek{}, b.past[max(0, len(b.past)-3):]...), b.now)
	for _, w := range weeks {
		monthReplies += w.Replies
	}
	block.Note = fmt.Sprintf("直近4週のうち3週以上に投稿した人は%s。今週の投稿の%s、直近4週の返信の%sを担っています(スタッフを除く)。「時間外」は平日8時〜20時以外の投稿の割合で、高い人と返信の多い人には負担がかかっていないか気を配ってください。",
		stats.Count(all.Members, "人"), stats.Percent(stats.Share{Hits: min(carried, b.now.Posts), Total: b.now.Posts}.Value()), stats.Percent(stats.Share{Hits: min(replies, monthReplies), Total: monthReplies}.Value()))
	t := &Table{Columns: []Column{
		{Key: "who", Title: "メンバー", Kind: "text"}, {Key: "role", Title: "役割・ランク", Kind: "text"}, {Key: "posts", Title: "4週の投稿", Kind: "number"}, {Key: "replies", Title: "うち返信", Kind: "number"},
		{Key: "received", Title: "採用・お礼", Kind: "number"}, {Key: "off", Title: "時間外", Kind: "number"}, {Key: "topics", Title: "よく話す話題", Kind: "text"},
	}}
	if left := all.Members - uint64(len(b.core.rows)); left > 0 {
		t.More = fmt.Sprintf("ほか%sは省略", stats.Count(left, "人"))
	}
	for _, m := range b.core.rows {
		f := query.Filter{Community: b.Community, From: b.Week.AddDate(0, 0, -21), To: b.last(), Author: []string{m.AuthorID}, Quarantined: "no"}
		role := b.role(m.AuthorRole)
		if m.AuthorLevel != "" {
			role += "・" + m.AuthorLevel
		}
		var topics []string
		for _, id := range m.Topics {
			topics = append(topics, b.topic(id))
		}
		who := Cell{Line: plain(member(m.AuthorID))}
		if a, ok := b.account(m.AccountID); ok {
			who.Sub = Line{quiet(a.Name)}
		}
		s := b.core.source
		t.Rows = append(t.Rows, Row{[]Cell{
			who, {Line: plain(role)}, {Line: Line{b.count(m.Posts, "件", s, &f)}}, {Line: Line{b.count(m.Replies, "件", s, nil)}}, {Line: Line{b.count(m.Received, "回", s, nil)}},
			{Line: Line{b.percent(m.OffHours, m.Posts, s)}}, {Line: plain(strings.Join(topics, "、"))},
		}})
	}
	block.Table = t
	return block
}
