package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"voc/dashboards/actions"
	"voc/dashboards/emerging"
	"voc/dashboards/query"
	"voc/dashboards/ranking"
	"voc/dashboards/stats"
)

// Build asks everything the report needs and writes it down. The connection needs the rights of a reader only.
func Build(ctx context.Context, conn driver.Conn, opt Options) (*Report, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	words, err := newNames(opt)
	if err != nil {
		return nil, err
	}
	b := &builder{Options: opt, names: words}
	if err := b.load(ctx, conn); err != nil {
		return nil, err
	}
	if b.ranking, err = ranking.Of(ranking.Input{Texts: b.texts.rows, Voices: b.weekVoices.rows, Mix: b.mix.rows, Segment: b.mixSegment()}); err != nil {
		return nil, err
	}
	year, week := opt.Week.ISOWeek()
	r := &Report{
		Format: 1, Title: fmt.Sprintf("週次VOCレポート %d年第%d週", year, week), Community: opt.CommunityName, Week: query.FormatWeek(opt.Week),
		From: opt.Week.Format(time.DateOnly), To: opt.last().Format(time.DateOnly),
		Period:  fmt.Sprintf("%d年%d月%d日(月)〜%d月%d日(日)", opt.Week.Year(), opt.Week.Month(), opt.Week.Day(), opt.last().Month(), opt.last().Day()),
		Purpose: opt.Purpose,
	}
	if !opt.Now.IsZero() {
		r.CreatedAt = opt.Now.In(opt.Zone).Format("2006-01-02 15:04")
	}
	r.Conditions = b.conditions()
	for _, make := range []func() (Section, error){
		b.overview, b.changes, b.topicTable, b.voices, b.severe, b.requestRanking, b.questionSection, b.praise, b.signals, b.attention, b.actionSection, b.activity,
		b.boardSection, b.quarantineSection, b.quality,
	} {
		s, err := make()
		if err != nil {
			return nil, err
		}
		r.Sections = append(r.Sections, s)
	}
	r.Highlights = b.highlights()
	r.Sources = b.list
	return r, nil
}

// builder holds the answers while the report is written.
type builder struct {
	Options
	names
	list  []Source
	asked []func(context.Context, driver.Conn) error

	overviewWeeks   answer[query.OverviewWeek]
	overviewDays    answer[query.OverviewDay]
	channels        answer[query.ChannelWeek]
	topics          answer[query.TopicWeek]
	topicVoices     answer[query.TopicVoices]
	topicHours      answer[query.TopicHour]
	intents         answer[query.IntentWeek]
	segmentKeys     answer[query.SegmentKey]
	segments        answer[query.SegmentWeek]
	phrases         answer[query.TopicPhrase]
	threads         answer[query.TopicThread]
	candidates      answer[query.VoiceCandidate]
	texts           answer[query.WeekText]
	weekVoices      answer[query.WeekVoice]
	mix             answer[query.CustomerPart]
	emerging        answer[query.EmergingTerm]
	severePosts     answer[query.SeverePost]
	requests        answer[query.RequestTopic]
	requestPosts    answer[query.IntentPost]
	ledger          answer[query.Question]
	questionWeeks   answer[query.QuestionWeek]
	stories         answer[query.Story]
	praises         answer[query.IntentPost]
	signalPosts     answer[query.IntentPost]
	attentionNow    answer[query.EntityReason]
	attentionBefore answer[query.EntityReason]
	happyNow        answer[query.EntityReason]
	accounts        answer[query.AccountState]
	heat            answer[query.HeatCell]
	newcomers       answer[query.Newcomers]
	core            answer[query.CoreMember]
	surveys         answer[query.SurveyWeek]
	quarantined     answer[query.Quarantined]
	quarantinePosts answer[query.IntentPost]
	setAside        answer[query.PostCount]
	decisions       answer[query.Decision]
	actionRows      answer[query.Action]
	boardCells      answer[query.BoardCell]
	starts          answer[query.TopicRoles]
	standings       []actions.Standing
	deadLetters     answer[query.DeadLetters]
	ledgerTopics    answer[query.LedgerTopic]
	ledgerHoles     answer[query.LedgerHoles]
	stale           answer[query.StaleWindow]
	fresh           answer[query.Freshness]
	spans           answer[query.Span]
	spansOf         map[string][]query.Span
	now             query.OverviewWeek
	past            []query.OverviewWeek // weeks before with posts in the community, oldest first
	topicChanges    map[string]stats.Change
	intentChanges   map[string]stats.Change
	topicNow        []query.TopicWeek // of the week, most posts first
	ranking         ranking.Ranking   // every topic in every way of counting
	storyTopics     []string
	shown           shown
}

// answer is the rows of a query together with its source.
type answer[T any] struct {
	rows   []T
	source string
}

// ask notes a query to be run, and registers it as a source in the order of asking.
func ask[T any](b *builder, into *answer[T], name string, params query.Params) error {
	s, err := b.source(name, params)
	if err != nil {
		return err
	}
	b.list = append(b.list, s)
	into.source = s.ID
	b.asked = append(b.asked, func(ctx context.Context, conn driver.Conn) error {
		return query.Run(ctx, conn, name, params, &into.rows)
	})
	return nil
}

// source describes a query with its parameters, as the next one of the list.
func (b *builder) source(name string, params query.Params) (Source, error) {
	q, err := query.Get(name)
	if err != nil {
		return Source{}, err
	}
	bound, err := q.Bind(params)
	if err != nil {
		return Source{}, err
	}
	s := Source{ID: fmt.Sprintf("S%d", len(b.list)+1), Query: name, Title: q.Title, SQL: q.SQL}
	for _, p := range q.Params {
		if _, given := params[p.Name]; given {
			s.Params = append(s.Params, Fact{Label: p.Name, Line: Line{{Text: clip(printValue(bound[p.Name]), 200)}}})
		}
	}
	return s, nil
}

func printValue(v any) string {
	if list, ok := v.([]string); ok {
		return "[" + strings.Join(list, ", ") + "]"
	}
	return fmt.Sprint(v)
}

// run asks what was noted. Two at a time: the report is made beside the pipeline, not instead of it.
func (b *builder) run(ctx context.Context, conn driver.Conn) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for _, f := range b.asked {
		g.Go(func() error { return f(ctx, conn) })
	}
	b.asked = nil
	return g.Wait()
}

// allTopics is more than any taxonomy has.
const allTopics = 10_000

// load asks in three rounds, because later questions depend on earlier answers.
func (b *builder) load(ctx context.Context, conn driver.Conn) error {
	week := query.Params{"community": b.Community, "week": b.Week}
	weeks := week.With("weeks", b.Weeks)
	span := query.Params{"community": b.Community, "from": b.Week, "to": b.last()}
	long := query.Params{"community": b.Community, "from": b.Week.AddDate(0, 0, -7*b.Weeks), "to": b.last()}
	month := query.Params{"community": b.Community, "from": b.Week.AddDate(0, 0, -21), "to": b.last()}
	only := query.Params{"from": b.Week, "to": b.last()}
	first := []error{
		ask(b, &b.overviewWeeks, "overview_weeks", weeks), ask(b, &b.overviewDays, "overview_days", span.With("from", b.Week.AddDate(0, 0, -7))),
		ask(b, &b.channels, "channel_weeks", week.With("weeks", 1)), ask(b, &b.topics, "topic_weeks", weeks), ask(b, &b.topicVoices, "topic_voices", span),
		ask(b, &b.intents, "intent_weeks", weeks), ask(b, &b.segmentKeys, "segment_keys", long), ask(b, &b.candidates, "voice_candidates", span),
		ask(b, &b.texts, "week_texts", span), ask(b, &b.emerging, "emerging_terms", emerging.Ask(weeks)), ask(b, &b.severePosts, "severe_posts", span),
		ask(b, &b.requests, "request_topics", weeks.With("limit", allTopics)), ask(b, &b.requestPosts, "intent_posts", span.With("intent", []string{"request"})),
		ask(b, &b.ledger, "question_ledger", long.With("sort", "newest")), ask(b, &b.questionWeeks, "question_weeks", long),
		ask(b, &b.stories, "success_stories", span), ask(b, &b.praises, "intent_posts", span.With("intent", []string{"praise", "recommend"})),
		ask(b, &b.signalPosts, "intent_posts", span.With("intent", []string{"churn_risk", "upsell_signal"})),
		ask(b, &b.attentionNow, "attention_reasons", week), ask(b, &b.attentionBefore, "attention_reasons", week.With("week", b.Week.AddDate(0, 0, -7))),
		ask(b, &b.happyNow, "happy_reasons", week), ask(b, &b.accounts, "account_states", query.Params{"to": b.last()}),
		ask(b, &b.heat, "heatmap", month), ask(b, &b.newcomers, "newcomer_funnel", long), ask(b, &b.core, "core_members", week.With("limit", coreShown)),
		ask(b, &b.surveys, "survey_weeks", weeks), ask(b, &b.quarantined, "quarantine", weeks),
		ask(b, &b.quarantinePosts, "intent_posts", span.With("intent", []string{"promotion", "spam"}).With("limit", 20)),
		ask(b, &b.setAside, "posts_count", span.With("quarantined", "yes")), ask(b, &b.decisions, "decisions", span),
		ask(b, &b.actionRows, "actions", query.Params{"community": b.Community}), ask(b, &b.boardCells, "role_board", weeks), ask(b, &b.starts, "topic_roles", month),
		ask(b, &b.deadLetters, "dead_letter_reasons", only), ask(b, &b.ledgerTopics, "ledger_topics", only), ask(b, &b.ledgerHoles, "ledger_holes", nil),
		ask(b, &b.stale, "stale_windows", long), ask(b, &b.fresh, "freshness", span), ask(b, &b.mix, "customer_mix", query.Params{"community": b.Community, "to": b.last()}),
	}
	for _, err := range first {
		if err != nil {
			return err
		}
	}
	if err := b.run(ctx, conn); err != nil {
		return err
	}
	var err error
	if b.standings, err = actions.Load(ctx, conn, b.zone, b.Community, b.last()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := b.judgeTopics(); err != nil {
		return err
	}
	if err := ask(b, &b.weekVoices, "week_voices", span.With("segment", b.mixSegment())); err != nil {
		return err
	}
	b.storyTopics = b.chooseStories()
	if len(b.storyTopics) > 0 {
		for _, err := range []error{
			ask(b, &b.segments, "segment_weeks", week.With("weeks", b.segmentWeeks()).With("segments", b.segmentNames()).With("topic", b.storyTopics)),
			ask(b, &b.phrases, "topic_phrases", weeks.With("topic", b.storyTopics)),
			ask(b, &b.threads, "topic_threads", span.With("topic", b.storyTopics)),
			ask(b, &b.topicHours, "topic_hours", span.With("topic", b.storyTopics)),
		} {
			if err != nil {
				return err
			}
		}
	}
	if err := b.run(ctx, conn); err != nil {
		return err
	}
	if err := b.choose(); err != nil {
		return err
	}
	if ids := b.shownIDs(); len(ids) > 0 {
		if err := ask(b, &b.spans, "post_spans", span.With("id", ids)); err != nil {
			return err
		}
		if err := b.run(ctx, conn); err != nil {
			return err
		}
	}
	b.spansOf = map[string][]query.Span{}
	for _, s := range b.spans.rows {
		b.spansOf[s.PostID] = append(b.spansOf[s.PostID], s)
	}
	return nil
}

// segmentWeeks is how far back segments are compared: a rise is explained by the week itself, a fall by what was before.
func (b *builder) segmentWeeks() int {
	for _, id := range b.storyTopics {
		if b.topicChanges[id].Verdict == stats.Down {
			return min(b.Weeks, 4)
		}
	}
	return 0
}

// mixSegment is what posts are weighted to the customers' mix by.
func (b *builder) mixSegment() string { return ranking.Preferred(b.mix.rows) }

// segmentNames are the segments that changes are explained by.
func (b *builder) segmentNames() []string {
	if len(b.Segments) > 0 {
		return b.Segments
	}
	var list []string
	for _, k := range b.segmentKeys.rows {
		if k.Values >= 2 && k.Values <= 12 && k.Known*10 >= k.Posts {
			list = append(list, k.Segment)
		}
	}
	return list
}

// judgeTopics finds the week among the weeks and judges the change of topics and intents.
func (b *builder) judgeTopics() error {
	started := false
	for _, w := range b.overviewWeeks.rows {
		switch {
		case w.Week.Equal(b.Week):
			b.now = w
		case w.Week.Before(b.Week) && (started || w.Posts > 0):
			started = true
			b.past = append(b.past, w)
		}
	}
	for _, t := range b.topics.rows {
		if t.Week.Equal(b.Week) {
			b.topicNow = append(b.topicNow, t)
		}
	}
	type key struct {
		week time.Time
		id   string
	}
	judge := func(counts map[key]stats.Week, ids []string) (map[string]stats.Change, error) {
		slices.Sort(ids)
		ids = slices.Compact(ids)
		series := make([]stats.Series, len(ids))
		for i, id := range ids {
			series[i].ID = id
			for _, w := range append(slices.Clone(b.past), b.now) {
				c := counts[key{w.Week, id}]
				c.Base = w.Posts
				series[i].Weeks = append(series[i].Weeks, c)
			}
		}
		list, err := stats.Changes(stats.DefaultChangeConfig(), series)
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		changes := map[string]stats.Change{}
		for _, c := range list {
			changes[c.ID] = c
		}
		return changes, nil
	}
	counts, ids := map[key]stats.Week{}, []string{}
	for _, t := range b.topics.rows {
		counts[key{t.Week, t.Topic}] = stats.Week{Posts: t.Posts, Authors: t.Authors, SumSquares: t.SumSquares}
		ids = append(ids, t.Topic)
	}
	var err error
	if b.topicChanges, err = judge(counts, ids); err != nil {
		return err
	}
	counts, ids = map[key]stats.Week{}, nil
	for _, t := range b.intents.rows {
		counts[key{t.Week, t.Intent}] = stats.Week{Posts: t.Posts, Authors: t.Authors, SumSquares: t.SumSquares}
		ids = append(ids, t.Intent)
	}
	b.intentChanges, err = judge(counts, ids)
	return err
}

// num is a figure with its query and its posts.
func (b *builder) num(text string, value float64, source string, f *query.Filter) Span {
	s := Span{Text: text, Source: source}
	if !math.IsNaN(value) && !math.IsInf(value, 0) {
		s.Value = &value
	}
	if f != nil && value > 0 {
		s.Posts = f.Path()
	}
	return s
}

// count is a number of posts, people or companies.
func (b *builder) count(n uint64, counter, source string, f *query.Filter) Span {
	return b.num(stats.Count(n, counter), float64(n), source, f)
}

// percent is a share.
func (b *builder) percent(hits, total uint64, source string) Span {
	v := stats.Share{Hits: hits, Total: total}.Value()
	if total == 0 {
		return Span{Text: stats.Percent(v), Source: source}
	}
	return b.num(stats.Percent(v), v, source, nil)
}

// narrow is a copy of the week's filter, changed.
func (b *builder) narrow(change func(*query.Filter)) *query.Filter {
	f := b.filter()
	change(&f)
	return &f
}

func plain(parts ...string) Line { return Line{{Text: strings.Join(parts, "")}} }

func strong(text string) Span { return Span{Text: text, Tone: ToneStrong} }

func quiet(text string) Span { return Span{Text: text, Tone: ToneQuiet} }

func text(s string) Span { return Span{Text: s} }

func (b *builder) conditions() []Fact {
	facts := []Fact{
		{"対象", Line{text(b.CommunityName + "の投稿 "), b.count(b.now.Posts, "件", b.overviewWeeks.source, b.narrow(func(*query.Filter) {})), text("(削除されたものを除く)")}},
		{"分母", plain("割合は、とくに断りがなければ今週の全投稿に対するもの。区間は95%ウィルソン区間")},
		{"比較", Line{text(fmt.Sprintf("前の%d週の平均。矢印は、話題の多さを補正しても偶然では説明しにくい変化にだけ付く", len(b.past)))}},
	}
	if len(b.past) == 0 {
		facts[2].Line = plain("比べられる過去の週がまだない")
	}
	var revisions []string
	var flagged uint64
	for _, f := range b.fresh.rows {
		revision := fmt.Sprintf("第%d版", f.Revision)
		if f.Version != "" && !strings.HasPrefix(f.Version, "(") { // a build without a version calls itself (devel)
			revision += "(" + f.Version + ")"
		}
		revisions = append(revisions, revision)
		flagged += f.Flagged
	}
	if len(revisions) > 0 {
		facts = append(facts, Fact{"解析", Line{{Text: "分類器 " + strings.Join(revisions, "、"), Source: b.fresh.source}}})
	}
	return facts
}
