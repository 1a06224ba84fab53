package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"voc/dashboards/emerging"
	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// maxStories is how many changes are told; the table of topics has the others.
const maxStories = 4

// chooseStories picks the changes worth telling: the surest first, a child instead of the parent it explains.
func (b *builder) chooseStories() []string {
	var list []string
	for _, c := range b.topicChanges {
		if c.Verdict == stats.Up || c.Verdict == stats.Down {
			list = append(list, c.ID)
		}
	}
	excess := func(id string) float64 {
		c := b.against(id)
		return float64(b.topicChanges[id].Now.Posts) - c.Expected
	}
	keep := list[:0:0]
	for _, id := range list {
		told := false
		for _, other := range list {
			child := strings.HasPrefix(other, id+"/")
			parent := strings.HasPrefix(id, other+"/")
			most := math.Abs(excess(other)) >= 0.6*math.Abs(excess(id))
			told = told || child && most || parent && math.Abs(excess(id)) < 0.6*math.Abs(excess(other))
		}
		if !told {
			keep = append(keep, id)
		}
	}
	sortBy(keep, func(x, y string) int {
		return compareDesc(uint64(1000*math.Abs(excess(x))), uint64(1000*math.Abs(excess(y))), x, y)
	})
	return keep[:min(len(keep), maxStories)]
}

// against is the comparison that gave the verdict of a topic.
func (b *builder) against(topic string) stats.Comparison {
	c := b.topicChanges[topic]
	if c.VsMean.Reason == stats.ReasonShortMemory || c.VsMean.Weeks == 0 {
		return c.VsLast
	}
	return c.VsMean
}

func (b *builder) changes() (Section, error) {
	s := Section{ID: "changes", Title: "変わったことと、その理由"}
	for i, id := range b.storyTopics {
		story := b.story(id)
		s.Blocks = append(s.Blocks, Block{ID: fmt.Sprintf("story-%d", i+1), Story: &story,
			Sources: []string{b.topics.source, b.segments.source, b.topicHours.source, b.phrases.source, b.threads.source}})
	}
	if len(b.storyTopics) == 0 {
		empty := "偶然では説明しにくい変化は、どの話題にもありませんでした。"
		if len(b.past) == 0 {
			empty = "比べられる過去の週がまだないため、変化は判断できません。"
		}
		s.Blocks = append(s.Blocks, Block{ID: "changes-none", Empty: empty, Sources: []string{b.topics.source}})
	} else {
		s.Lead = plain("誰に・いつ・何が起きたかの順にたどれます。理由は投稿の言葉から機械的に拾った候補です。声を読んで確かめてください。")
	}
	block, err := b.emergingBlock()
	if err != nil {
		return s, err
	}
	s.Blocks = append(s.Blocks, block)
	return s, nil
}

func (b *builder) story(id string) Story {
	change, versus := b.topicChanges[id], b.against(id)
	now := b.topicRow(id)
	f := func(change func(*query.Filter)) *query.Filter {
		return b.narrow(func(f *query.Filter) {
			f.Topic = []string{id}
			change(f)
		})
	}
	s := Story{Topic: id, Up: change.Verdict == stats.Up}
	s.Bad = s.Up == (now.Negative >= now.Positive)
	word := "増えた"
	if !s.Up {
		word = "減った"
	}
	s.Title = Line{strong(fmt.Sprintf("%s %sが%s", change.Verdict.Arrow(), b.topic(id), word))}
	what := Line{
		b.count(now.Posts, "件", b.topics.source, f(func(*query.Filter) {})), text(fmt.Sprintf("・%s。投稿の", stats.Count(now.Authors, "人"))), b.percent(now.Posts, b.now.Posts, b.topics.source),
		text("(区間 " + stats.PercentRange(b.interval(id)) + ")"),
	}
	period := "先週"
	if versus.Weeks > 1 {
		period = fmt.Sprintf("前の%d週の平均", versus.Weeks)
	}
	// Chance is told as the false-discovery rate, which is what was controlled.
	what = append(what, text(fmt.Sprintf("。%sから見込まれる %s の", period, decimal(versus.Expected)+"件")), b.num(times(versus.Ratio), versus.Ratio, b.topics.source, nil), text("。偶然では説明しにくい変化"))
	s.Chain = append(s.Chain, Fact{"何が", what})
	if line := b.copiesLine(id); line != nil {
		s.Chain = append(s.Chain, Fact{"重なり", line})
	}
	s.Chain = append(s.Chain, Fact{"感情", b.moodLine(id, f)})
	if line := b.whoLine(id, s.Up, f); line != nil {
		s.Chain = append(s.Chain, Fact{"誰に", line})
	}
	if s.Up {
		if line := b.whenLine(id, f); line != nil {
			s.Chain = append(s.Chain, Fact{"いつ", line})
		}
		if line := b.whyLine(id, f); line != nil {
			s.Chain = append(s.Chain, Fact{"理由の候補", line})
		}
	}
	if s.Up {
		s.Chart = b.storyDays(id)
	} else {
		s.Chart = b.storyWeeks(id)
	}
	for _, c := range b.shown.byTopic[id] {
		s.Posts = append(s.Posts, b.card(c.Post, nil, "topic="+id))
	}
	return s
}

// repeats are a topic's posts that repeat another one nearly word for word, when they are so many that a rise may be
// theirs.
func (b *builder) repeats(id string) (n uint64, many bool) {
	posts := b.topicRow(id).Posts
	unique := b.ranking.Row(id).Unique
	if unique == 0 || unique >= posts {
		return 0, false
	}
	n = posts - unique
	return n, n >= 3 && 5*n >= posts
}

func (b *builder) copiesLine(id string) Line {
	n, many := b.repeats(id)
	if !many {
		return nil
	}
	unique := b.ranking.Row(id).Unique
	line := Line{{Text: stats.Count(n, "件"), Source: b.texts.source}, text("はほかとほぼ同じ文面。重複を除くと"), {Text: stats.Count(unique, "件"), Source: b.texts.source}}
	if e := b.against(id).Expected; e > 0 {
		line = append(line, text("で、見込みの"+times(float64(unique)/e)))
	}
	return line
}

func (b *builder) topicRow(id string) query.TopicWeek {
	for _, t := range b.topicNow {
		if t.Topic == id {
			return t
		}
	}
	return query.TopicWeek{Week: b.Week, Topic: id}
}

// interval is the 95% interval of a topic's share, as wide as its authors' cluster asks for.
func (b *builder) interval(id string) stats.Interval {
	t := b.topicRow(id)
	effect := 1.0
	if t.Posts > 0 {
		effect = float64(t.SumSquares) / float64(t.Posts)
	}
	return stats.Share{Hits: t.Posts, Total: b.now.Posts}.WilsonClustered(stats.Level95, effect)
}

func (b *builder) moodLine(id string, f func(func(*query.Filter)) *query.Filter) Line {
	now := b.topicRow(id)
	var before Polarity
	for _, t := range b.topics.rows {
		if t.Topic == id && t.Week.Before(b.Week) {
			before.Positive += t.Positive
			before.Negative += t.Negative
			before.Mixed += t.Mixed
			before.Neutral += t.Neutral
		}
	}
	mood := func(m string) *query.Filter {
		return f(func(f *query.Filter) { f.TopicSentiment = []string{m} })
	}
	line := Line{
		text("否定 "), b.count(now.Negative, "件", b.topics.source, mood("negative")), text("("), b.percent(now.Negative, now.Posts, b.topics.source), text(")・肯定 "),
		b.count(now.Positive, "件", b.topics.source, mood("positive")), text("("), b.percent(now.Positive, now.Posts, b.topics.source), text(")"),
	}
	if before.Total() > 0 {
		line = append(line, quiet(fmt.Sprintf("。前の%d週は否定 %s・肯定 %s", len(b.past), stats.Percent(float64(before.Negative)/float64(before.Total())), stats.Percent(float64(before.Positive)/float64(before.Total())))))
	}
	return line
}

// whoLine names the segment values where the change is concentrated.
func (b *builder) whoLine(id string, up bool, f func(func(*query.Filter)) *query.Filter) Line {
	type cell struct{ segment, value string }
	now, base := map[cell]uint64{}, map[cell]uint64{}
	past, pastBase := map[cell]uint64{}, map[cell]uint64{}
	for _, s := range b.segments.rows {
		c := cell{s.Segment, s.Value}
		current := s.Week.Equal(b.Week)
		switch {
		case s.Topic == "" && current:
			base[c] += s.Posts
		case s.Topic == "":
			pastBase[c] += s.Posts
		case s.Topic == id && current:
			now[c] += s.Posts
		case s.Topic == id:
			past[c] += s.Posts
		}
	}
	total := b.topicRow(id).Posts
	type found struct {
		cell
		posts uint64
		share float64 // of the topic's posts, or of what is missing
		usual float64 // of all posts
		score float64
	}
	var best []found
	for c, n := range base {
		if wording.Unset(c.value) || c.segment == "source" || c.segment == "channel" || b.now.Posts == 0 {
			continue
		}
		q := float64(n) / float64(b.now.Posts)
		if up {
			p := float64(now[c]) / float64(total)
			if now[c] >= 5 && p >= 0.4 && p >= 1.3*q {
				best = append(best, found{c, now[c], p, q, surprise(float64(now[c]), float64(total), q)})
			}
			continue
		}
		if pastBase[c] == 0 {
			continue
		}
		missing := float64(past[c])/float64(pastBase[c])*float64(n) - float64(now[c])
		expected := b.against(id).Expected - float64(total)
		if p := missing / expected; expected > 0 && missing >= 3 && p >= 0.4 && p >= 1.3*q {
			best = append(best, found{c, now[c], math.Min(p, 1), q, p / q})
		}
	}
	if len(best) == 0 {
		return plain("どのセグメントにも、とくに偏っていない")
	}
	sortBy(best, func(x, y found) int {
		return compareDesc(uint64(1000*x.score), uint64(1000*y.score), x.segment+"="+x.value, y.segment+"="+y.value)
	})
	var line Line
	used := map[string]bool{}
	for _, x := range best {
		if used[x.segment] || len(used) == 2 {
			continue
		}
		if len(used) > 0 {
			line = append(line, text("。"))
		}
		used[x.segment] = true
		name := b.segment(x.segment) + "「" + b.value(x.segment, x.value) + "」"
		if up {
			posts := f(func(f *query.Filter) { f.Segment = []string{x.segment + "=" + x.value} })
			line = append(line, strong(name), text("が"), b.count(x.posts, "件", b.segments.source, posts), text(fmt.Sprintf("(話題の%s。この層は全投稿の%s)", stats.Percent(x.share), stats.Percent(x.usual))))
		} else {
			line = append(line, strong(name), text(fmt.Sprintf("で減った分が全体の減り幅の%s(この層は全投稿の%s)", stats.Percent(x.share), stats.Percent(x.usual))))
		}
	}
	return line
}

// surprise is Dunning's log-likelihood ratio of k in n where a share q is usual.
func surprise(k, n, q float64) float64 {
	term := func(o, e float64) float64 {
		if o == 0 {
			return 0
		}
		return o * math.Log(o/e)
	}
	return 2 * (term(k, n*q) + term(n-k, n*(1-q)))
}

// whenLine names the shortest stretch that holds most of the posts: some hours of a day, or a day or two.
func (b *builder) whenLine(id string, f func(func(*query.Filter)) *query.Filter) Line {
	var total uint64
	byHour := map[time.Time]uint64{}
	byDay := map[time.Time]uint64{}
	for _, h := range b.topicHours.rows {
		if h.Topic == id {
			local := h.Hour.In(b.zone)
			byHour[local] += h.Posts
			byDay[calendarDay(local)] += h.Posts
			total += h.Posts
		}
	}
	tell := func(when string, n uint64, change func(*query.Filter)) Line {
		return Line{strong(when), text("に"), b.count(n, "件", b.topicHours.source, f(change)), text(fmt.Sprintf("(%s)が集中", stats.Percent(float64(n)/float64(total))))}
	}
	for _, length := range []int{3, 6, 12} {
		var best uint64
		var from time.Time
		for d := range 7 {
			day := b.Week.AddDate(0, 0, d)
			for hour := 0; hour+length <= 24; hour++ {
				start := time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, b.zone)
				var sum uint64
				for k := range length {
					sum += byHour[start.Add(time.Duration(k)*time.Hour)]
				}
				if sum > best {
					best, from = sum, start
				}
			}
		}
		if best*10 >= total*6 {
			end := from.Hour() + length
			// Empty hours at the ends say nothing.
			for byHour[from.Add(time.Duration(end-from.Hour()-1)*time.Hour)] == 0 {
				end--
			}
			return tell(fmt.Sprintf("%s %d時〜%d時", b.day(from), from.Hour(), end), best, func(f *query.Filter) {
				f.From, f.To = calendarDay(from), calendarDay(from)
				for h := from.Hour(); h < end; h++ {
					f.Hour = append(f.Hour, uint8(h))
				}
			})
		}
	}
	for _, days := range []int{1, 2} {
		var best uint64
		var from time.Time
		for d := 0; d+days <= 7; d++ {
			start := b.Week.AddDate(0, 0, d)
			var sum uint64
			for k := range days {
				sum += byDay[start.AddDate(0, 0, k)]
			}
			if sum > best {
				best, from = sum, start
			}
		}
		if best*10 >= total*6 {
			to := from.AddDate(0, 0, days-1)
			when := b.day(from)
			if days > 1 {
				when += "〜" + b.day(to)
			}
			return tell(when, best, func(f *query.Filter) { f.From, f.To = from, to })
		}
	}
	return plain("特定の時間に集まらず、週を通して続いた")
}

func calendarDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// whyLine names what is said more than before and where.
func (b *builder) whyLine(id string, f func(func(*query.Filter)) *query.Filter) Line {
	var line Line
	said := 0
	for _, words := range []bool{false, true} {
		for _, p := range b.phrases.rows {
			mean := float64(p.Before) / float64(max(1, len(b.past)))
			if p.Topic != id || p.Said() == words || said >= 3 || p.Posts < max(2, b.topicRow(id).Posts/12) || float64(p.Posts) < 2*mean || (words && said > 0) {
				continue
			}
			if said > 0 {
				line = append(line, text("、"))
			}
			said++
			posts := f(p.Narrow)
			line = append(line, strong("「"+p.Phrase+"」"), b.count(p.Posts, "件", b.phrases.source, posts), quiet("(前の週の平均 "+decimal(mean)+"件)"))
		}
	}
	total := b.topicRow(id).Posts
	for _, t := range b.threads.rows {
		if t.Topic != id || t.Posts*4 < total || t.Posts < 3 {
			continue
		}
		if len(line) > 0 {
			line = append(line, text("。"))
		}
		posts := f(func(f *query.Filter) { f.Thread = []string{t.Thread} })
		line = append(line, text(b.role(t.Starter)+"が始めたスレッド"), strong("「"+clip(t.Title, 40)+"」"), text("に"), b.count(t.Posts, "件", b.threads.source, posts))
		break
	}
	if len(line) == 0 {
		return plain("共通する言葉やスレッドは見つからない")
	}
	return line
}

func (b *builder) storyDays(id string) *Chart {
	c := &Chart{Kind: ChartStack, Unit: "件", Marked: -1, Narrow: true, Series: []Series{{Name: "否定以外", Tone: "neutral"}, {Name: "投稿全体が否定", Tone: "negative"}}}
	byDay := map[time.Time][2]uint64{}
	for _, h := range b.topicHours.rows {
		if h.Topic == id {
			d := calendarDay(h.Hour.In(b.zone))
			v := byDay[d]
			v[0] += h.Posts - h.Negative
			v[1] += h.Negative
			byDay[d] = v
		}
	}
	for i := range 7 {
		d := b.Week.AddDate(0, 0, i)
		c.Labels = append(c.Labels, twoLines(d))
		c.Series[0].Values = append(c.Series[0].Values, float64(byDay[d][0]))
		c.Series[1].Values = append(c.Series[1].Values, float64(byDay[d][1]))
	}
	c.Alt = b.topic(id) + "の日ごとの投稿数"
	return c
}

// storyWeeks shows a fall, which the days of one week cannot.
func (b *builder) storyWeeks(id string) *Chart {
	c := &Chart{Kind: ChartStack, Unit: "件", Marked: len(b.past), Narrow: true, Series: []Series{{Name: "否定以外", Tone: "neutral"}, {Name: "話題に否定的", Tone: "negative"}}}
	byWeek := map[time.Time]query.TopicWeek{}
	for _, t := range b.topics.rows {
		if t.Topic == id {
			byWeek[t.Week] = t
		}
	}
	for _, w := range append(slices.Clone(b.past), b.now) {
		t := byWeek[w.Week]
		c.Labels = append(c.Labels, fmt.Sprintf("%d/%d", w.Week.Month(), w.Week.Day()))
		c.Series[0].Values = append(c.Series[0].Values, float64(t.Posts-t.Negative))
		c.Series[1].Values = append(c.Series[1].Values, float64(t.Negative))
	}
	c.Alt = b.topic(id) + "の週ごとの投稿数"
	return c
}

// emergingBlock lists what many more people say than before, taxonomy or not.
func (b *builder) emergingBlock() (Block, error) {
	block := Block{ID: "emerging", Title: "新しく出てきた言い方", Note: "これまでより明らかに多くの人が使った意見・語。分類表にまだない話は「話題なし」に表れます。", Sources: []string{b.emerging.source}}
	past := make([]uint64, len(b.past))
	for i, w := range b.past {
		past[i] = w.Authors
	}
	in, err := emerging.Of(b.texts.rows, b.emerging.rows, b.now.Authors, past)
	if err != nil {
		return block, fmt.Errorf("report: %w", err)
	}
	found := in.Candidates
	if len(found) == 0 {
		block.Empty = "今週、新しく目立った言い方はありません。"
		return block, nil
	}
	t := &Table{Columns: []Column{
		{Key: "terms", Title: "言い方", Kind: "text"}, {Key: "posts", Title: "投稿", Kind: "number"}, {Key: "authors", Title: "人", Kind: "number"},
		{Key: "expected", Title: "見込み", Kind: "number", Help: "これまでの週から見込まれる人数"}, {Key: "untagged", Title: "話題なし", Kind: "number"}, {Key: "example", Title: "例", Kind: "text"},
	}}
	for i, c := range found {
		if i == 8 {
			t.More = fmt.Sprintf("ほか%d件は省略", len(found)-i)
			break
		}
		posts := b.narrow(func(f *query.Filter) { f.ID = c.PostIDs[:min(len(c.PostIDs), 100)] })
		example := ""
		if len(c.Examples) > 0 {
			example = clip(in.Bodies[c.Examples[0]], 60)
		}
		t.Rows = append(t.Rows, Row{[]Cell{
			{Line: plain(strings.Join(c.Terms[:min(3, len(c.Terms))], "、"))}, {Line: Line{b.count(uint64(len(c.PostIDs)), "件", b.emerging.source, posts)}},
			{Line: Line{b.count(uint64(c.Authors), "人", b.emerging.source, nil)}}, {Line: Line{b.num(decimal(c.Expected)+"人", c.Expected, b.emerging.source, nil)}},
			{Line: Line{b.count(uint64(c.Untagged), "件", b.emerging.source, nil)}}, {Line: plain(example)},
		}})
	}
	block.Table = t
	return block, nil
}
