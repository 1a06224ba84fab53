package report

import (
	"fmt"
	"time"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// overview says how much was written, by whom and in what mood.
func (b *builder) overview() (Section, error) {
	s := Section{ID: "overview", Title: "全体像"}
	if b.now.Posts == 0 {
		s.Blocks = append(s.Blocks, Block{ID: "overview-empty", Empty: "この週の投稿はありません。取り込みが止まっていないか、下の「データの品質」を確かめてください。"})
		return s, nil
	}
	s.Blocks = append(s.Blocks, Block{ID: "tiles", Tiles: b.tiles(), Sources: []string{b.overviewWeeks.source}})
	if len(b.past) > 0 {
		s.Blocks = append(s.Blocks, b.weekChart())
	}
	s.Blocks = append(s.Blocks, b.dayChart(), b.channelTable())
	if block, ok := b.surveyTable(); ok {
		s.Blocks = append(s.Blocks, block)
	}
	return s, nil
}

func (b *builder) tiles() []Tile {
	source := b.overviewWeeks.source
	tile := func(label, counter string, of func(query.OverviewWeek) uint64, f *query.Filter) Tile {
		t := Tile{Label: label, Figure: b.count(of(b.now), counter, source, f)}
		for _, w := range b.past {
			t.Trend = append(t.Trend, float64(of(w)))
		}
		t.Trend = append(t.Trend, float64(of(b.now)))
		t.Change = b.compare(float64(of(b.now)), t.Trend[:len(t.Trend)-1], counter)
		return t
	}
	tagged := func(intent string) *query.Filter {
		return b.narrow(func(f *query.Filter) { f.Intent = []string{intent} })
	}
	mood := func(m string) *query.Filter { return b.narrow(func(f *query.Filter) { f.Sentiment = []string{m} }) }
	return []Tile{
		tile("投稿", "件", func(w query.OverviewWeek) uint64 { return w.Posts }, b.narrow(func(*query.Filter) {})),
		tile("投稿した人", "人", func(w query.OverviewWeek) uint64 { return w.Authors }, nil),
		tile("投稿した企業", "社", func(w query.OverviewWeek) uint64 { return w.Accounts }, nil),
		tile("活動した人", "人", func(w query.OverviewWeek) uint64 { return w.ActiveMembers }, nil),
		tile("肯定的", "件", func(w query.OverviewWeek) uint64 { return w.Positive }, mood("positive")),
		tile("否定的", "件", func(w query.OverviewWeek) uint64 { return w.Negative }, mood("negative")),
		tile("質問", "件", func(w query.OverviewWeek) uint64 { return w.Questions }, tagged("question")),
		tile("要望", "件", func(w query.OverviewWeek) uint64 { return w.Requests }, tagged("request")),
		tile("不満", "件", func(w query.OverviewWeek) uint64 { return w.Complaints }, tagged("complaint")),
		tile("解約の兆し", "件", func(w query.OverviewWeek) uint64 { return w.ChurnRisks }, tagged("churn_risk")),
	}
}

// compare sets a figure beside last week's and the mean of the weeks before.
func (b *builder) compare(now float64, past []float64, counter string) Line {
	if len(past) == 0 {
		return Line{quiet("過去の週なし")}
	}
	last := past[len(past)-1]
	var sum float64
	for _, v := range past {
		sum += v
	}
	mean := sum / float64(len(past))
	line := Line{quiet(fmt.Sprintf("先週 %s", stats.Count(uint64(last), counter)))}
	if last > 0 {
		line = append(line, quiet(" ("+stats.Growth(now/last)+")"))
	}
	return append(line, quiet(fmt.Sprintf("\n%d週平均 %s", len(past), decimal(mean)+counter)))
}

func stackSeries(n int) []Series {
	list := []Series{{Name: "肯定", Tone: "positive"}, {Name: "賛否混在", Tone: "mixed"}, {Name: "中立", Tone: "neutral"}, {Name: "否定", Tone: "negative"}}
	for i := range list {
		list[i].Values = make([]float64, 0, n)
	}
	return list
}

func addPolarity(list []Series, p Polarity) {
	for i, v := range []uint64{p.Positive, p.Mixed, p.Neutral, p.Negative} {
		list[i].Values = append(list[i].Values, float64(v))
	}
}

func (b *builder) weekChart() Block {
	weeks := append(append([]query.OverviewWeek{}, b.past...), b.now)
	c := &Chart{Kind: ChartStack, Unit: "件", Marked: len(weeks) - 1, Series: stackSeries(len(weeks))}
	for _, w := range weeks {
		c.Labels = append(c.Labels, fmt.Sprintf("%d/%d", w.Week.Month(), w.Week.Day()))
		addPolarity(c.Series, Polarity{w.Positive, w.Mixed, w.Neutral, w.Negative})
	}
	c.Alt = fmt.Sprintf("週ごとの投稿数。今週は%s", stats.Count(b.now.Posts, "件"))
	return Block{ID: "weeks", Title: "週ごとの投稿数と感情", Note: "横軸は週の始まり(月曜)。", Chart: c, Sources: []string{b.overviewWeeks.source}}
}

func (b *builder) dayChart() Block {
	c := &Chart{Kind: ChartStack, Unit: "件", Marked: -1, Series: stackSeries(14)}
	var most uint64
	var top string
	for _, d := range b.overviewDays.rows {
		c.Labels = append(c.Labels, twoLines(d.Day))
		addPolarity(c.Series, Polarity{d.Positive, d.Mixed, d.Neutral, d.Negative})
		if !d.Day.Before(b.Week) && d.Posts > most {
			most, top = d.Posts, b.day(d.Day)
			c.Marked = len(c.Labels) - 1
		}
	}
	c.Alt = fmt.Sprintf("先週と今週の日ごとの投稿数。今週最も多いのは%sの%s", top, stats.Count(most, "件"))
	return Block{ID: "days", Title: "先週と今週の日ごとの投稿数", Note: "今週最も多い日は" + top + "。", Chart: c, Sources: []string{b.overviewDays.source}}
}

func (b *builder) channelTable() Block {
	type key struct{ source, channel string }
	type sum struct {
		now, before uint64
		p           Polarity
	}
	sums := map[key]*sum{}
	var order []key
	for _, r := range b.channels.rows {
		k := key{r.Source, r.Channel}
		if sums[k] == nil {
			sums[k] = &sum{}
			order = append(order, k)
		}
		if !r.Week.Equal(b.Week) {
			sums[k].before += r.Posts
			continue
		}
		sums[k].now += r.Posts
		sums[k].p.Positive += r.Positive
		sums[k].p.Mixed += r.Mixed
		sums[k].p.Neutral += r.Neutral
		sums[k].p.Negative += r.Negative
	}
	sortBy(order, func(x, y key) int {
		return compareDesc(sums[x].now, sums[y].now, x.source+"\x00"+x.channel, y.source+"\x00"+y.channel)
	})
	t := &Table{Columns: []Column{
		{Key: "source", Title: "情報源", Kind: "text"}, {Key: "channel", Title: "チャンネル", Kind: "text"}, {Key: "posts", Title: "投稿", Kind: "number"},
		{Key: "share", Title: "割合", Kind: "number"}, {Key: "before", Title: "先週", Kind: "number"}, {Key: "mood", Title: "感情", Kind: "bar"},
	}}
	for i, k := range order {
		if i == 12 {
			t.More = fmt.Sprintf("ほか%d件のチャンネルは省略", len(order)-i)
			break
		}
		channel := k.channel
		if channel == "" {
			channel = "—"
		}
		v := sums[k]
		f := b.narrow(func(f *query.Filter) { f.Source, f.Channel = []string{k.source}, []string{k.channel} })
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: plain(b.value("source", k.source))}, {Line: plain(channel)}, {Line: Line{b.count(v.now, "件", b.channels.source, f)}},
			{Line: Line{b.percent(v.now, b.now.Posts, b.channels.source)}}, {Line: Line{b.count(v.before, "件", b.channels.source, nil)}}, {Bar: &v.p},
		}})
	}
	return Block{ID: "channels", Title: "情報源とチャンネル", Table: t, Sources: []string{b.channels.source}}
}

func (b *builder) surveyTable() (Block, bool) {
	var now, past []query.SurveyWeek
	for _, s := range b.surveys.rows {
		if s.Week.Equal(b.Week) {
			now = append(now, s)
		} else {
			past = append(past, s)
		}
	}
	if len(now) == 0 && len(past) == 0 {
		return Block{}, false
	}
	t := &Table{Columns: []Column{
		{Key: "metric", Title: "指標", Kind: "text"}, {Key: "value", Title: "今週", Kind: "number"}, {Key: "answers", Title: "回答", Kind: "number"},
		{Key: "before", Title: fmt.Sprintf("前の%d週", b.Weeks), Kind: "number"}, {Key: "answers_before", Title: "回答", Kind: "number"},
	}}
	for _, metric := range []string{"nps", "csat"} {
		add := func(list []query.SurveyWeek) (s query.SurveyWeek) {
			for _, w := range list {
				if w.Metric == metric {
					s.Answers += w.Answers
					s.Promoters += w.Promoters
					s.Detractors += w.Detractors
					s.Satisfied += w.Satisfied
				}
			}
			return s
		}
		a, p := add(now), add(past)
		if a.Answers+p.Answers == 0 {
			continue
		}
		name := "CSAT(満足の割合)"
		figure := func(s query.SurveyWeek) Span { return b.percent(s.Satisfied, s.Answers, b.surveys.source) }
		if metric == "nps" {
			name = "NPS"
			figure = func(s query.SurveyWeek) Span {
				if s.Answers == 0 {
					return Span{Text: "—", Source: b.surveys.source}
				}
				v := 100 * (float64(s.Promoters) - float64(s.Detractors)) / float64(s.Answers)
				return b.num(signed(v), v, b.surveys.source, nil)
			}
		}
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: plain(name)}, {Line: Line{figure(a)}}, {Line: Line{b.count(a.Answers, "件", b.surveys.source, nil)}},
			{Line: Line{figure(p)}}, {Line: Line{b.count(p.Answers, "件", b.surveys.source, nil)}},
		}})
	}
	note := "回答が30件に満たない週の値は大きく揺れます。"
	return Block{ID: "surveys", Title: "アンケート", Note: note, Table: t, Sources: []string{b.surveys.source}}, true
}

// twoLines labels a day on an axis.
func twoLines(d time.Time) string {
	return fmt.Sprintf("%d/%d\n%s", d.Month(), d.Day(), weekdayOf(d))
}
