package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// topicView is everything about one topic in one week.
type topicView struct {
	Topic    string
	Verdict  verdict
	Facts    []tile
	Weeks    chart
	Days     chart
	Events   []event
	Segments []segmentTable
	Opinions []phraseRow
	Phrases  []phraseRow
	Intents  []intentRow
	Threads  []threadRow
	Voices   []card
	Coverage string
	Posts    figure
	Children []topicRow
	Actions  []actionView
	Mark     string
	Seen     bool // in any of the compared weeks
}

type segmentTable struct {
	Key  string
	Rows []segmentRow
	best float64
}

type segmentRow struct {
	Value        string
	Posts        figure
	Share, Usual string
	Negative     figure
	More         bool // clearly more than usual
	Less         bool
}

type phraseRow struct {
	Phrase  string
	Posts   figure
	Authors figure
	Before  string // mean of the weeks before
	New     bool
}

type intentRow struct {
	Intent  string
	Posts   figure
	Authors figure
}

type threadRow struct {
	Title   string
	Starter string
	First   time.Time
	Posts   figure
	Authors figure
}

func (s *Server) topic(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	id := q.URL.Query().Get("topic")
	if id == "" || len(id) > 200 {
		return page{}, statusError{http.StatusBadRequest, "話題が指定されていません。概要の表から話題を選んでください。"}
	}
	var (
		weeks      []query.OverviewWeek
		topics     []query.TopicWeek
		days       []query.TopicDay
		keys       []query.SegmentKey
		phrases    []query.TopicPhrase
		threads    []query.TopicThread
		intents    []query.TopicIntent
		voices     []query.TopicVoices
		candidates []query.VoiceCandidate
		segments   []query.SegmentWeek
	)
	one := []string{id}
	week, span := q.scope.params().With("weeks", s.Weeks), q.span(q.Week, q.last())
	g := q.group()
	ask(g, &weeks, "overview_weeks", week)
	ask(g, &topics, "topic_weeks", week)
	ask(g, &days, "topic_days", q.span(q.Week.AddDate(0, 0, -21), q.last()).With("topic", id))
	ask(g, &keys, "segment_keys", span)
	ask(g, &phrases, "topic_phrases", week.With("topic", one).With("limit", 12))
	ask(g, &threads, "topic_threads", q.span(q.Week.AddDate(0, 0, -21), q.last()).With("topic", one).With("limit", 8))
	ask(g, &intents, "topic_intents", span)
	ask(g, &voices, "topic_voices", span)
	ask(g, &candidates, "voice_candidates", span.With("topic", one))
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	about, err := q.actionsAbout(id)
	if err != nil {
		return page{}, err
	}
	j, err := judge(q.Week, weeks, topics)
	if err != nil {
		return page{}, err
	}
	if len(keys) > 0 {
		g = q.group()
		ask(g, &segments, "segment_weeks", week.With("weeks", 0).With("segments", usableSegments(keys)).With("topic", one))
		if err := g.Wait(); err != nil {
			return page{}, err
		}
	}
	t := j.row(id)
	v := topicView{Topic: id, Verdict: j.verdict(id), Posts: posts(t.Posts, q.topicFilter(id, nil)), Actions: about}
	v.Seen = slices.ContainsFunc(j.history, func(t query.TopicWeek) bool { return t.Topic == id })
	v.Facts = q.topicFacts(j, id)
	if j.now.Posts <= countedAtOnce && t.Posts > 0 {
		r, err := q.ranking(unweighted)
		if err != nil {
			return page{}, err
		}
		v.Facts = append(v.Facts, q.oneVoice(r.Row(id)))
	}
	v.Weeks = q.topicWeeks(j, id)
	v.Days, v.Events = q.topicDays(id, days, threads)
	v.Segments = q.segmentTables(j, id, segments)
	for _, p := range phrases {
		r := q.phrase(id, p, len(j.past))
		if p.Kind != kindPhrase {
			v.Opinions = append(v.Opinions, r)
		} else {
			v.Phrases = append(v.Phrases, r)
		}
	}
	for _, i := range intents {
		if i.Topic == id {
			f := q.topicFilter(id, func(f *query.Filter) { f.Intent = []string{i.Intent} })
			v.Intents = append(v.Intents, intentRow{i.Intent, posts(i.Posts, f), people(i.Authors, f)})
		}
	}
	for _, x := range threads {
		f := q.topicFilter(id, func(f *query.Filter) {
			f.From, f.Thread = q.Week.AddDate(0, 0, -21), []string{x.Thread}
		})
		v.Threads = append(v.Threads, threadRow{wording.Clip(x.Title, 50), x.Starter, x.FirstAt, posts(x.Posts, f), people(x.Authors, f)})
	}
	for _, x := range voices {
		if x.Topic == id {
			v.Mark = stats.Concentrate(x.AuthorPosts).Mark()
		}
	}
	for _, r := range q.topicRows(j, voices) {
		if len(r.Topic) > len(id) && r.Topic[:len(id)+1] == id+"/" {
			v.Children = append(v.Children, r)
		}
	}
	list, pick, err := q.voices(candidates, 6)
	if err != nil {
		return page{}, err
	}
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.PostID
	}
	spans, err := q.spansOf(q.filter(), ids)
	if err != nil {
		return page{}, err
	}
	for _, p := range list {
		v.Voices = append(v.Voices, q.card(p, spans[p.PostID], cardRunes, "topic="+id, "intent", "signal"))
	}
	if c := pick.Coverage(); len(list) > 0 && c.Total > 0 {
		v.Coverage = fmt.Sprintf("この%s件で、候補に表れた感情とセグメントの%sを含みます。", stats.Count(uint64(len(list)), ""), stats.Percent(c.Value()))
	}
	return page{Template: "topic", Title: s.Names.Topic(id), Nav: "topics", Charts: true, Data: v}, nil
}

func (q *request) topicFacts(j *judged, id string) []tile {
	t, versus := j.row(id), j.versus(id)
	share, ci := j.share(id)
	polar := func(m string, n uint64) tile {
		return tile{
			Label: q.s.Names.Sentiment(m) + "的な言及", Figure: posts(n, q.topicFilter(id, func(f *query.Filter) { f.TopicSentiment = []string{m} })),
			Last: stats.Percent(stats.Share{Hits: n, Total: t.Posts}.Value()) + "(この話題のうち)",
		}
	}
	expected := tile{Label: "見込みとの比", Figure: figure{Text: "—"}, Last: "比べる過去の週なし"}
	if versus.Weeks > 0 {
		expected = tile{Label: "見込みとの比", Figure: figure{Text: wording.Times(versus.Ratio)}, Last: fmt.Sprintf("見込み %s件(前の%d週から)", wording.Decimal(versus.Expected), versus.Weeks)}
	}
	return []tile{
		{Label: "投稿", Figure: posts(t.Posts, q.topicFilter(id, nil)), Last: stats.Count(t.Authors, "人") + "・" + stats.Count(t.Accounts, "社")},
		{Label: "投稿全体に占める割合", Figure: figure{Text: stats.Percent(share)}, Last: "95%区間 " + stats.PercentRange(ci)},
		expected, polar("negative", t.Negative), polar("positive", t.Positive),
	}
}

func (q *request) topicWeeks(j *judged, id string) chart {
	c := chart{Kind: "bars", Unit: "件", Series: q.polarities(), Marked: len(j.past)}
	byWeek := map[time.Time]query.TopicWeek{}
	for _, t := range j.history {
		if t.Topic == id {
			byWeek[t.Week] = t
		}
	}
	for _, w := range append(slices.Clone(j.past), j.now) {
		t := byWeek[w.Week]
		c.Labels = append(c.Labels, shortDay(w.Week))
		c.Titles = append(c.Titles, q.s.Names.Week(w.Week)+"("+q.s.Names.WeekDays(w.Week)+")")
		addMood(c.Series, mood{t.Positive, t.Mixed, t.Neutral, t.Negative}, func(m string) query.Filter {
			return query.Filter{Community: q.Community.Community, From: w.Week, To: w.Week.AddDate(0, 0, 6), Topic: []string{id}, TopicSentiment: []string{m}}
		})
	}
	c.Alt = q.s.Names.Topic(id) + "の週ごとの投稿数と、話題への感情の棒グラフ"
	return c
}

// topicDays marks the days on which a thread of the staff about the topic began, which often is what people react to.
func (q *request) topicDays(id string, days []query.TopicDay, threads []query.TopicThread) (chart, []event) {
	c := chart{Kind: "bars", Unit: "件", Series: q.polarities(), Marked: -1}
	index := map[time.Time]int{}
	for i, d := range days {
		index[d.Day] = i
		c.Labels = append(c.Labels, shortDay(d.Day))
		c.Titles = append(c.Titles, q.s.Names.Day(d.Day))
		addMood(c.Series, mood{d.Positive, d.Mixed, d.Neutral, d.Negative}, func(m string) query.Filter {
			return query.Filter{Community: q.Community.Community, From: d.Day, To: d.Day, Topic: []string{id}, TopicSentiment: []string{m}}
		})
	}
	threads = slices.Clone(threads)
	slices.SortFunc(threads, func(x, y query.TopicThread) int {
		return cmp.Or(x.FirstAt.Compare(y.FirstAt), cmp.Compare(x.Thread, y.Thread))
	})
	for _, t := range threads {
		if i, ok := index[q.s.calendarDay(t.FirstAt)]; ok && t.Starter == "staff" && t.Posts >= 3 {
			mark := string(rune('①' + len(c.Events)))
			c.Events = append(c.Events, event{Index: i, Mark: mark, Text: "運営の投稿「" + wording.Clip(t.Title, 24) + "」", Href: q.PostHref(t.Thread)})
		}
	}
	c.Alt = q.s.Names.Topic(id) + "の4週間の日ごとの投稿数と感情の棒グラフ"
	return c, c.Events
}

// kindPhrase is the kind of topic_phrases for words of evidence; the others are kinds of signals.
const kindPhrase = "phrase"

func (q *request) phrase(topic string, p query.TopicPhrase, past int) phraseRow {
	f := q.topicFilter(topic, func(f *query.Filter) {
		if p.Kind == kindPhrase {
			f.Phrase = []string{p.Phrase}
		} else {
			f.Signal = []string{p.Kind + "=" + p.Phrase}
		}
	})
	r := phraseRow{Phrase: p.Phrase, Posts: posts(p.Posts, f), Authors: people(p.Authors, f), Before: "—"}
	if past > 0 {
		mean := float64(p.Before) / float64(past)
		r.Before = wording.Decimal(mean)
		r.New = p.Authors >= 3 && float64(p.Posts) >= 2*mean
	}
	return r
}

// segmentTables sets the topic's posts beside all posts for every value of every segment, the most telling first.
func (q *request) segmentTables(j *judged, id string, rows []query.SegmentWeek) []segmentTable {
	var list []segmentTable
	at := map[string]int{}
	lifts := j.lifts(id, rows)
	slices.SortStableFunc(lifts, func(x, y lift) int { return cmp.Compare(y.Posts, x.Posts) })
	for _, l := range lifts {
		if l.Posts == 0 && l.Surprise >= -6.6 {
			continue // nobody there speaks of it, which is no news
		}
		i, ok := at[l.Segment]
		if !ok {
			i = len(list)
			at[l.Segment] = i
			list = append(list, segmentTable{Key: l.Segment})
		}
		f := q.topicFilter(id, func(f *query.Filter) { f.Segment = []string{l.Segment + "=" + l.Value} })
		negative := f
		negative.TopicSentiment = []string{"negative"}
		list[i].Rows = append(list[i].Rows, segmentRow{
			Value: l.Value, Posts: posts(l.Posts, f), Share: stats.Percent(l.Share), Usual: stats.Percent(l.Usual),
			Negative: posts(l.Negative, negative),
			More:     l.Posts >= 5 && l.Surprise > 6.6, Less: l.Surprise < -6.6,
		})
		if !wording.Unset(l.Value) {
			list[i].best = max(list[i].best, l.Surprise, -l.Surprise)
		}
	}
	slices.SortStableFunc(list, func(x, y segmentTable) int { return cmp.Or(cmp.Compare(y.best, x.best), cmp.Compare(x.Key, y.Key)) })
	return list
}
