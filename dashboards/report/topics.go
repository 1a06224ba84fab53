package report

import (
	"fmt"
	"math"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// topicTable lists what was talked about, with intervals and verdicts.
func (b *builder) topicTable() (Section, error) {
	s := Section{ID: "topics", Title: "話題"}
	if len(b.topicNow) == 0 {
		s.Blocks = append(s.Blocks, Block{ID: "topics-empty", Empty: "この週は、話題の付いた投稿がありません。", Sources: []string{b.topics.source}})
		return s, nil
	}
	voices := map[string]query.TopicVoices{}
	for _, v := range b.topicVoices.rows {
		voices[v.Topic] = v
	}
	widest := 0.0
	for _, t := range b.topicNow {
		widest = math.Max(widest, b.interval(t.Topic).High)
	}
	table := &Table{Columns: []Column{
		{Key: "topic", Title: "話題", Kind: "text"}, {Key: "posts", Title: "投稿", Kind: "number", Help: "下の小さい数字は、似た投稿を一つに数えた数"},
		{Key: "share", Title: "割合と95%区間", Kind: "bar"}, {Key: "change", Title: "変化", Kind: "text", Help: "前の週の平均から見込まれる数との比"},
		{Key: "authors", Title: "人", Kind: "number"}, {Key: "accounts", Title: "企業", Kind: "number"}, {Key: "mood", Title: "その話題への感情", Kind: "bar"},
	}}
	shown := 0
	for _, t := range b.ordered() {
		if t.Level == 1 {
			if shown == 20 {
				table.More = "21位以下は省略"
				break
			}
			shown++
		}
		f := func(change func(*query.Filter)) *query.Filter {
			return b.narrow(func(f *query.Filter) {
				f.Topic = []string{t.Topic}
				change(f)
			})
		}
		name := b.topic(t.Topic)
		if t.Level > 1 {
			name = "└ " + b.leaf(t.Topic)
		}
		ci := b.interval(t.Topic)
		share := stats.Share{Hits: t.Posts, Total: b.now.Posts}
		c := stats.Concentrate(voices[t.Topic].AuthorPosts)
		authors := Cell{Line: Line{b.count(t.Authors, "人", b.topics.source, nil)}}
		if mark := c.Mark(); mark != "" {
			authors.Sub = Line{{Text: mark, Tone: ToneBad, Source: b.topicVoices.source}}
		}
		posts := Cell{Line: Line{b.count(t.Posts, "件", b.topics.source, f(func(*query.Filter) {}))}}
		if u := b.ranking.Row(t.Topic).Unique; u != t.Posts {
			posts.Sub = Line{{Text: "重複を除く " + stats.Count(u, "件"), Tone: ToneQuiet, Source: b.texts.source}}
		}
		table.Rows = append(table.Rows, Row{[]Cell{
			{Line: plain(name)}, posts,
			{Line: Line{b.num(stats.Percent(share.Value()), share.Value(), b.topics.source, nil), quiet(" " + stats.PercentRange(ci))}, Range: &Range{share.Value(), ci.Low, ci.High, widest}},
			b.changeCell(t.Topic), authors, {Line: Line{b.count(t.Accounts, "社", b.topics.source, nil)}},
			{Bar: &Polarity{t.Positive, t.Mixed, t.Neutral, t.Negative}},
		}})
	}
	note := "一つの投稿が複数の話題を持つため、割合の和は100%になりません。親の話題は子を含みます。"
	s.Blocks = append(s.Blocks, Block{ID: "topic-table", Note: note, Table: table, Sources: []string{b.topics.source, b.topicVoices.source, b.texts.source}})
	untagged := b.narrow(func(f *query.Filter) { f.Topic = []string{""} })
	s.Lead = Line{
		text("話題が付いた投稿は "), b.count(b.now.Posts-b.now.Untagged, "件", b.overviewWeeks.source, nil), text("。話題なしは "),
		b.count(b.now.Untagged, "件", b.overviewWeeks.source, untagged), text("("), b.percent(b.now.Untagged, b.now.Posts, b.overviewWeeks.source), text(")。"),
	}
	s.Blocks = append(s.Blocks, b.voteTable(), b.intentTable())
	return s, nil
}

// ordered puts each child under its parent, parents by posts.
func (b *builder) ordered() []query.TopicWeek {
	var list []query.TopicWeek
	var add func(parent string, level uint8)
	add = func(parent string, level uint8) {
		for _, t := range b.topicNow { // most posts first
			if t.Level == level && (level == 1 || len(t.Topic) > len(parent) && t.Topic[:len(parent)+1] == parent+"/") {
				list = append(list, t)
				add(t.Topic, level+1)
			}
		}
	}
	add("", 1)
	return list
}

// changeCell prints a verdict: an arrow only where there is one.
func (b *builder) changeCell(topic string) Cell {
	c, versus := b.topicChanges[topic], b.against(topic)
	return b.verdictCell(c, versus)
}

func (b *builder) verdictCell(c stats.Change, versus stats.Comparison) Cell {
	if c.Verdict == stats.TooFew {
		return Cell{Line: Line{quiet("—")}, Sub: Line{quiet(c.Reason.Text())}}
	}
	ratio := b.num(times(versus.Ratio), versus.Ratio, b.topics.source, nil)
	switch c.Verdict {
	case stats.Up, stats.Down:
		ratio.Tone = ToneStrong
		return Cell{Line: Line{{Text: c.Verdict.Arrow() + " ", Tone: ToneStrong}, ratio}, Sub: Line{quiet(fmt.Sprintf("見込み %s件", decimal(versus.Expected)))}}
	default:
		return Cell{Line: Line{quiet(c.Verdict.Arrow() + " "), ratio}, Sub: Line{quiet(c.Reason.Text())}}
	}
}

func (b *builder) intentTable() Block {
	t := &Table{Columns: []Column{
		{Key: "intent", Title: "意図", Kind: "text"}, {Key: "posts", Title: "投稿", Kind: "number"}, {Key: "share", Title: "割合", Kind: "number"}, {Key: "change", Title: "変化", Kind: "text"},
		{Key: "authors", Title: "人", Kind: "number"}, {Key: "mood", Title: "投稿の感情", Kind: "bar"},
	}}
	for _, i := range b.intents.rows {
		if !i.Week.Equal(b.Week) {
			continue
		}
		c := b.intentChanges[i.Intent]
		versus := c.VsMean
		if versus.Reason == stats.ReasonShortMemory || versus.Weeks == 0 {
			versus = c.VsLast
		}
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: plain(b.intent(i.Intent))}, {Line: Line{b.count(i.Posts, "件", b.intents.source, b.narrow(func(f *query.Filter) { f.Intent = []string{i.Intent} }))}},
			{Line: Line{b.percent(i.Posts, b.now.Posts, b.intents.source)}}, b.verdictCell(c, versus), {Line: Line{b.count(i.Authors, "人", b.intents.source, nil)}},
			{Bar: &Polarity{i.Positive, i.Mixed, i.Neutral, i.Negative}},
		}})
	}
	block := Block{ID: "intent-table", Title: "投稿の意図", Sources: []string{b.intents.source}}
	if len(t.Rows) == 0 {
		block.Empty = "この週は、意図の付いた投稿がありません。"
	} else {
		block.Table = t
	}
	return block
}
