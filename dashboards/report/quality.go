package report

import (
	"fmt"
	"strings"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// quarantineSection counts what was set aside; nothing is hidden without being counted.
func (b *builder) quarantineSection() (Section, error) {
	s := Section{ID: "quarantine", Title: "隔離した投稿(宣伝・迷惑投稿)"}
	var total uint64
	for _, n := range b.setAside.rows {
		total += n.Posts
	}
	f := b.narrow(func(f *query.Filter) { f.Quarantined = "yes" })
	s.Lead = Line{text("今週は "), b.count(total, "件", b.setAside.source, f), text(" でした。投稿数には含め、声・要望・質問・対応リストからだけ除いています。")}
	if total == 0 {
		s.Blocks = append(s.Blocks, Block{ID: "quarantine-empty", Empty: "今週、隔離した投稿はありません。", Sources: []string{b.quarantined.source}})
		if block, ok := b.decisionBlock(); ok {
			s.Blocks = append(s.Blocks, block)
		}
		return s, nil
	}
	t := &Table{Columns: []Column{
		{Key: "intent", Title: "種類", Kind: "text"}, {Key: "role", Title: "投稿者", Kind: "text"}, {Key: "posts", Title: "今週", Kind: "number"}, {Key: "authors", Title: "人", Kind: "number"}, {Key: "mean", Title: "前の週の平均", Kind: "number"},
	}}
	for _, q := range b.quarantined.rows {
		f := b.narrow(func(f *query.Filter) { f.Intent, f.Role = []string{q.Intent}, []string{q.AuthorRole} })
		mean := float64(q.Before) / float64(max(1, len(b.past)))
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: plain(b.intent(q.Intent))}, {Line: plain(b.role(q.AuthorRole))}, {Line: Line{b.count(q.Posts, "件", b.quarantined.source, f)}},
			{Line: Line{b.count(q.Authors, "人", b.quarantined.source, nil)}}, {Line: Line{b.num(decimal(mean)+"件", mean, b.quarantined.source, nil)}},
		}})
	}
	s.Blocks = append(s.Blocks, Block{ID: "quarantine-table", Table: t, Sources: []string{b.quarantined.source}})
	var cards []PostCard
	for _, p := range b.shown.pitches {
		cards = append(cards, b.card(p.Post, Line{quiet("ID " + p.PostID)}, "intent="+p.Intent))
	}
	if len(cards) > 0 {
		s.Blocks = append(s.Blocks, Block{ID: "quarantine-posts", Title: "例", Note: "誤って隔離された投稿は「voc release 投稿のID」で戻せます。", Posts: cards, Sources: []string{b.quarantinePosts.source}})
	}
	if block, ok := b.decisionBlock(); ok {
		s.Blocks = append(s.Blocks, block)
	}
	return s, nil
}

// quality says how far the numbers can be trusted.
func (b *builder) quality() (Section, error) {
	s := Section{ID: "quality", Title: "データの品質"}
	t := &Table{Columns: []Column{{Key: "check", Title: "項目", Kind: "text"}, {Key: "state", Title: "状態", Kind: "text"}, {Key: "value", Title: "値", Kind: "text"}, {Key: "meaning", Title: "意味", Kind: "text"}}}
	good := Line{{Text: "良好", Tone: ToneGood}}
	bad := Line{{Text: "要確認", Tone: ToneBad}}
	add := func(name string, fine bool, value Line, meaning string) {
		state := good
		if !fine {
			state = bad
		}
		t.Rows = append(t.Rows, Row{[]Cell{{Line: plain(name)}, {Line: state}, {Line: value}, {Line: plain(meaning)}}})
	}
	var dead, read, missing, holes, flagged uint64
	for _, d := range b.deadLetters.rows {
		dead += d.Messages
	}
	for _, l := range b.ledgerTopics.rows {
		read += l.Messages
		missing += l.Missing
	}
	var holed []string
	for _, h := range b.ledgerHoles.rows {
		holes += h.Unexplained
		if h.Unexplained > 0 {
			holed = append(holed, h.KafkaTopic)
		}
	}
	for _, f := range b.fresh.rows {
		flagged += f.Flagged
	}
	ok := stats.Share{Hits: b.now.Posts - b.now.Untagged, Total: b.now.Posts}
	if b.now.Posts > 0 {
		add("話題の付いた割合", ok.Value() >= 0.6, Line{b.num(stats.Percent(ok.Value()), ok.Value(), b.overviewWeeks.source, nil), quiet(" (区間 " + stats.PercentRange(ok.Wilson(stats.Level95)) + ")")}, "分類表の届く範囲。60%を下回ると話題の表は全体を代表しません")
	}
	add("受け取れなかったメッセージ", dead == 0 || dead*100 < read, Line{b.count(dead, "件", b.deadLetters.source, nil), quiet(" / 読んだ " + stats.Count(read, "件"))}, "理由は下の表。直して再投入できます")
	add("行方の分からないメッセージ", missing == 0, Line{b.count(missing, "件", b.ledgerTopics.source, nil)}, "保存したはずなのに見当たらない数。0でなければ障害です")
	add("説明のつかないオフセット", holes == 0, Line{b.count(holes, "件", b.ledgerHoles.source, nil), quiet(" " + strings.Join(holed, "、"))}, "読んだ範囲にある、記録のない番号。圧縮トピックでは正常なこともあります")
	add("集計が追いついていない日", len(b.stale.rows) == 0, Line{b.count(uint64(len(b.stale.rows)), "日", b.stale.source, nil)}, "このレポートの期間で、集計と投稿の数が違う日")
	add("解析の版", len(b.fresh.rows) <= 1, Line{b.count(uint64(len(b.fresh.rows)), "種類", b.fresh.source, nil)}, "今週の投稿を分類した分類器の数。2種類以上なら、付け直すまで数字が混ざっています")
	add("途中までしか解析していない投稿", flagged*100 < max(1, b.now.Posts), Line{b.count(flagged, "件", b.fresh.source, nil)}, "長すぎるなどの注記のある投稿")
	add("似た投稿の重なり", b.ranking.Copies*5 < int(max(1, b.now.Posts)), Line{b.count(uint64(b.ranking.Copies), "件", b.texts.source, nil)}, "ほかの投稿とほぼ同じ文面の数。話題の表に、重複を除いた数も並べています")
	s.Blocks = append(s.Blocks, Block{ID: "quality-table", Table: t, Sources: []string{b.overviewWeeks.source, b.deadLetters.source, b.ledgerTopics.source, b.ledgerHoles.source, b.stale.source, b.fresh.source}})
	if len(b.deadLetters.rows) > 0 {
		d := &Table{Columns: []Column{{Key: "topic", Title: "トピック", Kind: "text"}, {Key: "reason", Title: "理由", Kind: "text"}, {Key: "field", Title: "項目", Kind: "text"}, {Key: "messages", Title: "件数", Kind: "number"}, {Key: "detail", Title: "直し方の例", Kind: "text"}}}
		for i, r := range b.deadLetters.rows {
			if i == 10 {
				d.More = fmt.Sprintf("ほか%d種類は省略", len(b.deadLetters.rows)-i)
				break
			}
			d.Rows = append(d.Rows, Row{[]Cell{{Line: plain(r.KafkaTopic)}, {Line: plain(r.Reason)}, {Line: plain(r.Field)}, {Line: Line{b.count(r.Messages, "件", b.deadLetters.source, nil)}}, {Line: plain(r.Detail)}}})
		}
		s.Blocks = append(s.Blocks, Block{ID: "dead-letters", Title: "受け取れなかったメッセージの理由", Table: d, Sources: []string{b.deadLetters.source}})
	}
	return s, nil
}
