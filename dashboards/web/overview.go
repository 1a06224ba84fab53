package web

import (
	"fmt"
	"math"

	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// overviewView is what a product manager should see in ten seconds.
type overviewView struct {
	Tiles     []tile
	Weeks     chart
	Days      chart
	Changes   []changeView
	Past      int
	Topics    []topicRow
	MoreRows  int
	Untagged  figure
	Posts     uint64
	Alerts    []alertView
	Attention []entityView
	Entities  int
	Open      []query.Question
	OpenCount uint64
	Severe    []card
	Empty     bool
}

// tile is a key figure.
type tile struct {
	Label  string
	Figure figure
	Last   string
	Mean   string
}

// changeView tells one change: what, for whom, and a voice.
type changeView struct {
	Topic, Href string
	Verdict     verdict
	Posts       figure
	Authors     figure
	Share       string
	Interval    string
	Expected    string
	Period      string
	Negative    figure
	Positive    figure
	Who         []whoView
	Voices      []card
}

type whoView struct {
	Segment, Value string
	Posts          figure
	Share, Usual   string
}

// topicRow is a line of the table of topics.
type topicRow struct {
	Topic, Href string
	Level       uint8
	Posts       figure
	Share       string
	Interval    interval
	Range       string
	Verdict     verdict
	Authors     figure
	Mark        string // concentration on few people
	Accounts    figure
	Mood        mood
}

// maxChanges is how many changes are told on the overview; the table has the others.
const maxChanges = 4

// attentionShown is how many accounts and members that need attention are shown; their page has the others.
const attentionShown = 5

// openShown is how many questions without a reply are shown; their page has all.
const openShown = 5

func (s *Server) overview(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	var (
		weeks      []query.OverviewWeek
		days       []query.OverviewDay
		topics     []query.TopicWeek
		voices     []query.TopicVoices
		keys       []query.SegmentKey
		reasons    []query.EntityReason
		open       []query.Question
		severe     []query.SeverePost
		candidates []query.VoiceCandidate
		alerts     []stats.Alert
	)
	week := q.scope.params().With("weeks", s.Weeks)
	span := q.span(q.Week, q.last())
	g := q.group()
	ask(g, &weeks, "overview_weeks", week)
	ask(g, &days, "overview_days", q.span(q.Week.AddDate(0, 0, -7), q.last()))
	ask(g, &topics, "topic_weeks", week)
	ask(g, &voices, "topic_voices", span)
	ask(g, &reasons, "attention_reasons", q.scope.params().With("limit", attentionShown))
	ask(g, &open, "question_ledger", q.span(q.Week.AddDate(0, 0, -7*s.Weeks), q.last()).With("status", []string{"open"}).With("limit", openShown))
	ask(g, &severe, "severe_posts", span.With("limit", 3))
	g.Go(func() (err error) {
		alerts, err = s.alertsOf(g.ctx, q.scope)
		return err
	})
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	j, err := judge(q.Week, weeks, topics)
	if err != nil {
		return page{}, err
	}
	v := overviewView{Past: len(j.past), Posts: j.now.Posts, Empty: j.now.Posts == 0}
	if len(open) > 0 {
		v.OpenCount = open[0].Total
	}
	changed := j.changed()
	changed = changed[:min(len(changed), maxChanges)]
	if len(changed) > 0 {
		var segments []query.SegmentWeek
		g := q.group()
		ask(g, &candidates, "voice_candidates", span.With("topic", changed))
		g.Go(func() error {
			if err := query.Run(g.ctx, s.Conn, "segment_keys", span, &keys); err != nil {
				return err
			}
			return query.Run(g.ctx, s.Conn, "segment_weeks", week.With("weeks", 0).With("segments", usableSegments(keys)).With("topic", changed), &segments)
		})
		if err := g.Wait(); err != nil {
			return page{}, err
		}
		if v.Changes, err = q.changes(j, changed, segments, candidates); err != nil {
			return page{}, err
		}
	}
	v.Tiles = q.tiles(j)
	v.Weeks, v.Days = q.weekChart(j), q.dayChart(days)
	v.Topics = q.topicRows(j, voices)
	v.Untagged = posts(j.now.Untagged, q.narrow(func(f *query.Filter) { f.Topic = []string{""} }))
	for _, a := range alerts {
		v.Alerts = append(v.Alerts, q.alert(a))
	}
	v.Alerts = v.Alerts[:min(len(v.Alerts), 3)]
	if v.Attention, err = q.entities(reasons, nil); err != nil {
		return page{}, err
	}
	v.Entities = entitiesOf(reasons)
	v.Open = open
	if v.Severe, err = q.severe(severe); err != nil {
		return page{}, err
	}
	return page{Template: "overview", Title: "今週の概要", Nav: "overview", Charts: true, Data: v}, nil
}

func (q *request) severe(rows []query.SeverePost) ([]card, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.PostID
	}
	spans, err := q.spansOf(q.filter(), ids)
	if err != nil {
		return nil, err
	}
	var list []card
	for _, r := range rows {
		c := q.card(r.Post, spans[r.PostID], cardRunes)
		for i, reason := range r.Reasons {
			if i > 0 {
				c.Why += " + "
			}
			c.Why += fmt.Sprintf("%s %d", q.s.Names.Severity(reason), r.Values[i])
		}
		c.Why += fmt.Sprintf(" = %d点", r.Points)
		list = append(list, c)
	}
	return list, nil
}

func (q *request) tiles(j *judged) []tile {
	make := func(label, counter string, of func(query.OverviewWeek) uint64, f query.Filter) tile {
		t := tile{Label: label}
		switch counter {
		case "人":
			t.Figure = people(of(j.now), f)
		case "社":
			t.Figure = companies(of(j.now), f)
		default:
			t.Figure = posts(of(j.now), f)
		}
		if len(j.past) == 0 {
			t.Last = "比べる過去の週なし"
			return t
		}
		last := of(j.past[len(j.past)-1])
		t.Last = "先週 " + stats.Count(last, counter)
		if last > 0 {
			t.Last += "(" + stats.Growth(float64(of(j.now))/float64(last)) + ")"
		}
		var sum float64
		for _, w := range j.past {
			sum += float64(of(w))
		}
		t.Mean = fmt.Sprintf("%d週平均 %s%s", len(j.past), wording.Decimal(sum/float64(len(j.past))), counter)
		return t
	}
	all := q.filter()
	mood := func(m string) query.Filter {
		return q.narrow(func(f *query.Filter) { f.Sentiment = []string{m} })
	}
	tagged := func(intent string) query.Filter {
		return q.narrow(func(f *query.Filter) { f.Intent = []string{intent} })
	}
	return []tile{
		make("投稿", "件", func(w query.OverviewWeek) uint64 { return w.Posts }, all),
		make("投稿した人", "人", func(w query.OverviewWeek) uint64 { return w.Authors }, all),
		make("投稿した企業", "社", func(w query.OverviewWeek) uint64 { return w.Accounts }, all),
		make("肯定的な投稿", "件", func(w query.OverviewWeek) uint64 { return w.Positive }, mood("positive")),
		make("否定的な投稿", "件", func(w query.OverviewWeek) uint64 { return w.Negative }, mood("negative")),
		make("要望", "件", func(w query.OverviewWeek) uint64 { return w.Requests }, tagged("request")),
		make("不満", "件", func(w query.OverviewWeek) uint64 { return w.Complaints }, tagged("complaint")),
		make("解約の兆し", "件", func(w query.OverviewWeek) uint64 { return w.ChurnRisks }, tagged("churn_risk")),
	}
}

func (q *request) weekChart(j *judged) chart {
	c := chart{Kind: "bars", Unit: "件", Series: q.polarities(), Marked: len(j.past)}
	for _, w := range append(append([]query.OverviewWeek{}, j.past...), j.now) {
		c.Labels = append(c.Labels, shortDay(w.Week))
		c.Titles = append(c.Titles, q.s.Names.Week(w.Week)+"("+q.s.Names.WeekDays(w.Week)+")")
		addMood(c.Series, mood{w.Positive, w.Mixed, w.Neutral, w.Negative}, func(m string) query.Filter {
			return query.Filter{Community: q.Community.Community, From: w.Week, To: w.Week.AddDate(0, 0, 6), Sentiment: []string{m}}
		})
	}
	c.Alt = fmt.Sprintf("週ごとの投稿数と感情の棒グラフ。この週は%s", stats.Count(j.now.Posts, "件"))
	return c
}

func (q *request) dayChart(days []query.OverviewDay) chart {
	c := chart{Kind: "bars", Unit: "件", Series: q.polarities(), Marked: -1}
	var most uint64
	for _, d := range days {
		c.Labels = append(c.Labels, shortDay(d.Day))
		c.Titles = append(c.Titles, q.s.Names.Day(d.Day))
		if !d.Day.Before(q.Week) && d.Posts > most {
			most, c.Marked = d.Posts, len(c.Labels)-1
		}
		addMood(c.Series, mood{d.Positive, d.Mixed, d.Neutral, d.Negative}, func(m string) query.Filter {
			return query.Filter{Community: q.Community.Community, From: d.Day, To: d.Day, Sentiment: []string{m}}
		})
	}
	c.Alt = "先週とこの週の日ごとの投稿数と感情の棒グラフ"
	if c.Marked >= 0 {
		c.Alt += fmt.Sprintf("。この週で最も多いのは%sの%s", c.Titles[c.Marked], stats.Count(most, "件"))
	}
	return c
}

func (q *request) topicFilter(topic string, change func(*query.Filter)) query.Filter {
	return q.narrow(func(f *query.Filter) {
		f.Topic = []string{topic}
		if change != nil {
			change(f)
		}
	})
}

func (q *request) topicRows(j *judged, voices []query.TopicVoices) []topicRow {
	authors := map[string][]uint64{}
	for _, v := range voices {
		authors[v.Topic] = v.AuthorPosts
	}
	widest := 0.01
	for _, t := range j.topics {
		_, ci := j.share(t.Topic)
		widest = math.Max(widest, ci.High)
	}
	var list []topicRow
	for _, t := range j.tree() {
		share, ci := j.share(t.Topic)
		f := q.topicFilter(t.Topic, nil)
		list = append(list, topicRow{
			Topic: t.Topic, Href: q.Href("/topic", "topic", t.Topic), Level: t.Level, Posts: posts(t.Posts, f),
			Share: stats.Percent(share), Range: stats.PercentRange(ci), Interval: interval{share, widest, ci}, Verdict: j.verdict(t.Topic),
			Authors: people(t.Authors, f), Accounts: companies(t.Accounts, f), Mark: stats.Concentrate(authors[t.Topic]).Mark(), Mood: mood{t.Positive, t.Mixed, t.Neutral, t.Negative},
		})
	}
	return list
}

func (q *request) changes(j *judged, ids []string, segments []query.SegmentWeek, candidates []query.VoiceCandidate) ([]changeView, error) {
	chosen := map[string][]query.Post{}
	var all []string
	for _, id := range ids {
		t := j.row(id)
		var mine []query.VoiceCandidate
		for _, c := range candidates {
			if c.Topic == id && (t.Negative < t.Positive || c.TopicSentiment != "positive") {
				mine = append(mine, c)
			}
		}
		list, _, err := q.voices(mine, 2)
		if err != nil {
			return nil, err
		}
		chosen[id] = list
		for _, p := range list {
			all = append(all, p.PostID)
		}
	}
	spans, err := q.spansOf(q.filter(), all)
	if err != nil {
		return nil, err
	}
	var out []changeView
	for _, id := range ids {
		t, versus := j.row(id), j.versus(id)
		share, ci := j.share(id)
		v := changeView{
			Topic: id, Href: q.Href("/topic", "topic", id), Verdict: j.verdict(id), Posts: posts(t.Posts, q.topicFilter(id, nil)), Authors: people(t.Authors, q.topicFilter(id, nil)),
			Share: stats.Percent(share), Interval: stats.PercentRange(ci), Expected: wording.Decimal(versus.Expected), Period: "先週",
			Negative: posts(t.Negative, q.topicFilter(id, func(f *query.Filter) { f.TopicSentiment = []string{"negative"} })),
			Positive: posts(t.Positive, q.topicFilter(id, func(f *query.Filter) { f.TopicSentiment = []string{"positive"} })),
		}
		if versus.Weeks > 1 {
			v.Period = fmt.Sprintf("前の%d週の平均", versus.Weeks)
		}
		for _, l := range telling(j.lifts(id, segments)) {
			v.Who = append(v.Who, whoView{
				l.Segment, l.Value,
				posts(l.Posts, q.topicFilter(id, func(f *query.Filter) { f.Segment = []string{l.Segment + "=" + l.Value} })), stats.Percent(l.Share), stats.Percent(l.Usual),
			})
		}
		for _, p := range chosen[id] {
			v.Voices = append(v.Voices, q.card(p, spans[p.PostID], 140, "topic="+id))
		}
		out = append(out, v)
	}
	return out, nil
}
