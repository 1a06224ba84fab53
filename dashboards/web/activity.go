package web

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"voc/dashboards/board"
	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// activityView says how alive the community is.
type activityView struct {
	Facts     []tile
	Posts     chart // heat map
	Viewed    chart
	HasViewed bool
	Quiet     string // best hours for answers of the staff
	Newcomers []newcomerRow
	Retention []cohortRow
	Ages      []int
	Core      []coreRow
	CoreShare string
	Channels  []channelRow
}

type newcomerRow struct {
	query.Newcomers
	Steps []string // shares of the joined
}

// cohortRow is a week of newcomers; a cell a week of age.
type cohortRow struct {
	Week   time.Time
	Joined uint64
	Cells  []cohortCell
}

type cohortCell struct {
	Active uint64
	Share  string
	Class  string // shade
}

type coreRow struct {
	query.CoreMember
	Name    string
	Posts   figure
	Replied figure
	Hours   string
}

type channelRow struct {
	Source, Channel string
	Posts           figure
	Share           string
	Before          figure
	Mood            mood
}

func (s *Server) activity(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	var (
		weeks     []query.OverviewWeek
		heat      []query.HeatCell
		hours     []query.HeatCell // of the week alone
		asked     []query.QuestionWeek
		newcomers []query.Newcomers
		retention []query.Retention
		core      []query.CoreMember
		channels  []query.ChannelWeek
	)
	month := q.span(q.Week.AddDate(0, 0, -21), q.last())
	long := q.span(q.Week.AddDate(0, 0, -7*s.Weeks), q.last())
	g := q.group()
	ask(g, &weeks, "overview_weeks", q.scope.params().With("weeks", s.Weeks))
	ask(g, &heat, "heatmap", month)
	ask(g, &hours, "heatmap", q.span(q.Week, q.last()))
	ask(g, &asked, "question_weeks", q.span(q.Week, q.last()))
	ask(g, &newcomers, "newcomer_funnel", long)
	ask(g, &retention, "retention_cohorts", long)
	ask(g, &core, "core_members", q.scope.params().With("limit", coreMost))
	ask(g, &channels, "channel_weeks", q.scope.params().With("weeks", 1))
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	j, err := judge(q.Week, weeks, nil)
	if err != nil {
		return page{}, err
	}
	v := activityView{Facts: append(q.activityFacts(j), q.answerFacts(hours, asked)...)}
	var viewed int64
	v.Posts = q.heatmap("投稿", heat, func(h query.HeatCell) uint64 { return h.Posts }, true)
	v.Viewed = q.heatmap("閲覧", heat, func(h query.HeatCell) uint64 {
		viewed += h.Viewed
		return uint64(max(0, h.Viewed))
	}, false)
	v.HasViewed = viewed > 0
	v.Quiet = quietHours(heat)
	for _, n := range newcomers {
		row := newcomerRow{Newcomers: n}
		for _, k := range []uint64{n.Viewed, n.Posted, n.Answered, n.PostedAgain} {
			row.Steps = append(row.Steps, stats.Percent(stats.Share{Hits: min(k, n.Joined), Total: n.Joined}.Value()))
		}
		v.Newcomers = append(v.Newcomers, row)
	}
	slices.Reverse(v.Newcomers)
	v.Retention, v.Ages = cohorts(retention)
	v.Core, v.CoreShare = q.core(core, j)
	v.Channels = q.channels(j, channels)
	return page{Template: "activity", Title: "コミュニティの活動", Nav: "activity", Charts: true, Data: v}, nil
}

func (q *request) activityFacts(j *judged) []tile {
	last := func(of func(query.OverviewWeek) uint64, counter string) string {
		if len(j.past) == 0 {
			return "比べる過去の週なし"
		}
		return "先週 " + stats.Count(of(j.past[len(j.past)-1]), counter)
	}
	n := j.now
	whole := func(v int64) uint64 { return uint64(max(0, v)) }
	reply := func(yes string) query.Filter { return q.narrow(func(f *query.Filter) { f.Reply = yes }) }
	staff := q.narrow(func(f *query.Filter) { f.Role = []string{"staff"} })
	return []tile{
		{Label: "活動した人", Figure: figure{Text: stats.Count(n.ActiveMembers, "人")}, Last: last(func(w query.OverviewWeek) uint64 { return w.ActiveMembers }, "人")},
		{Label: "投稿した人", Figure: people(n.Authors, q.filter()), Last: last(func(w query.OverviewWeek) uint64 { return w.Authors }, "人")},
		{Label: "スレッド", Figure: posts(n.Threads, reply("no")), Last: last(func(w query.OverviewWeek) uint64 { return w.Threads }, "件")},
		{Label: "返信", Figure: posts(n.Replies, reply("yes")), Last: last(func(w query.OverviewWeek) uint64 { return w.Replies }, "件")},
		{Label: "スタッフの投稿", Figure: posts(n.StaffPosts, staff), Last: stats.Percent(stats.Share{Hits: n.StaffPosts, Total: n.Posts}.Value()) + "(全投稿のうち)"},
		{Label: "閲覧", Figure: figure{Text: stats.Count(whole(n.Viewed), "回")}, Last: last(func(w query.OverviewWeek) uint64 { return whole(w.Viewed) }, "回")},
		{Label: "リアクション", Figure: figure{Text: stats.Count(whole(n.Reacted), "回")}, Last: last(func(w query.OverviewWeek) uint64 { return whole(w.Reacted) }, "回")},
		{Label: "新しく参加", Figure: figure{Text: stats.Count(whole(n.Joined), "人")}, Last: last(func(w query.OverviewWeek) uint64 { return whole(w.Joined) }, "人")},
	}
}

// answerFacts say who answers, and who was left without an answer.
func (q *request) answerFacts(hours []query.HeatCell, asked []query.QuestionWeek) []tile {
	var replies, staff, questions, replied uint64
	for _, h := range hours {
		replies, staff = replies+h.Replies, staff+h.StaffReplies
	}
	for _, w := range asked {
		questions, replied = questions+w.Questions, replied+w.Replied
	}
	members := q.narrow(func(f *query.Filter) { f.Reply, f.Role = "yes", board.Members() })
	return []tile{
		{Label: "スタッフ以外の返信", Figure: posts(replies-staff, members), Last: stats.Percent(stats.Share{Hits: replies - staff, Total: replies}.Value()) + "(全返信のうち)"},
		{Label: "返信のない質問", Figure: figure{Text: stats.Count(questions-replied, "件"), Href: q.Href("/questions", "status", "open")}, Last: "この週の質問 " + stats.Count(questions, "件") + "のうち"},
	}
}

// heatmap is weekdays by hours, of four weeks.
func (q *request) heatmap(name string, cells []query.HeatCell, of func(query.HeatCell) uint64, link bool) chart {
	c := chart{Kind: "heat", Unit: "件", Name: name, Rows: wording.Weekdays(), Marked: -1, Tall: true}
	if !link {
		c.Unit = "回"
	}
	for h := range 24 {
		c.Labels = append(c.Labels, fmt.Sprint(h))
	}
	var most uint64
	var top query.HeatCell
	for _, h := range cells {
		n := of(h)
		x := cell{X: int(h.Hour), Y: int(h.Weekday) - 1, Value: n}
		if link && n > 0 {
			f := q.narrow(func(f *query.Filter) {
				f.From, f.Weekday, f.Hour = q.Week.AddDate(0, 0, -21), []uint8{h.Weekday}, []uint8{h.Hour}
			})
			x.Href = f.Path()
		}
		c.Cells = append(c.Cells, x)
		if n > most {
			most, top = n, h
		}
	}
	c.Alt = fmt.Sprintf("4週間の%sを、曜日と時刻で色分けした図", name)
	if most > 0 {
		c.Alt += fmt.Sprintf("。最も多いのは%s曜%d時台の%s", wording.Weekdays()[top.Weekday-1], top.Hour, stats.Count(most, c.Unit))
	}
	return c
}

// quietHours names the hours in which most members write, in which answers of the staff would meet them.
func quietHours(cells []query.HeatCell) string {
	var hours [24]uint64
	var staff [24]uint64
	var total, answers uint64
	for _, h := range cells {
		hours[h.Hour] += h.Posts
		staff[h.Hour] += h.StaffReplies
		total += h.Posts
		answers += h.StaffReplies
	}
	if total < 50 {
		return ""
	}
	best := 0
	sum := func(a [24]uint64, from int) uint64 { return a[from] + a[(from+1)%24] + a[(from+2)%24] }
	for h := range 24 {
		if sum(hours, h) > sum(hours, best) {
			best = h
		}
	}
	text := fmt.Sprintf("投稿が最も集まるのは%d時〜%d時(%s)。", best, (best+3)%24, stats.Percent(float64(sum(hours, best))/float64(total)))
	if answers > 0 {
		text += fmt.Sprintf("スタッフの返信のうち、この時間のものは%sです。", stats.Percent(float64(sum(staff, best))/float64(answers)))
	}
	return text
}

func cohorts(rows []query.Retention) ([]cohortRow, []int) {
	var list []cohortRow
	most := 0
	for _, r := range rows {
		if len(list) == 0 || !list[len(list)-1].Week.Equal(r.Cohort) {
			list = append(list, cohortRow{Week: r.Cohort, Joined: r.Joined})
		}
		c := &list[len(list)-1]
		share := stats.Share{Hits: min(r.Active, r.Joined), Total: r.Joined}.Value()
		c.Cells = append(c.Cells, cohortCell{r.Active, stats.Percent(share), fmt.Sprintf("heat%d", min(4, int(share*5)))})
		most = max(most, len(c.Cells))
	}
	slices.Reverse(list)
	ages := make([]int, most)
	for i := range ages {
		ages[i] = i
	}
	return list, ages
}

// coreMost bounds the list of core members.
const coreMost = 20

func (q *request) core(rows []query.CoreMember, j *judged) ([]coreRow, string) {
	share := ""
	if j.now.Posts > 0 && len(rows) > 0 {
		share = fmt.Sprintf("中心メンバー%sが、この週の投稿の%sを書いています。", stats.Count(rows[0].Members, "人"), stats.Percent(float64(rows[0].MembersPostsWeek)/float64(j.now.Posts)))
	}
	var list []coreRow
	for _, m := range rows {
		f := q.narrow(func(f *query.Filter) {
			f.From, f.Author, f.Quarantined = q.Week.AddDate(0, 0, -21), []string{m.AuthorID}, "no"
		})
		replied := f
		replied.Reply = "yes"
		list = append(list, coreRow{CoreMember: m, Name: wording.Clip(m.AuthorID, 14), Posts: posts(m.Posts, f), Replied: posts(m.Replies, replied),
			Hours: stats.Percent(stats.Share{Hits: m.OffHours, Total: m.Posts}.Value())})
	}
	return list, share
}

func (q *request) channels(j *judged, rows []query.ChannelWeek) []channelRow {
	type key struct{ source, channel string }
	at := map[key]int{}
	var list []channelRow
	now, before := map[int]uint64{}, map[int]uint64{}
	for _, r := range rows {
		k := key{r.Source, r.Channel}
		i, ok := at[k]
		if !ok {
			i = len(list)
			at[k] = i
			list = append(list, channelRow{Source: r.Source, Channel: r.Channel})
		}
		if !r.Week.Equal(q.Week) {
			before[i] += r.Posts
			continue
		}
		now[i] += r.Posts
		m := &list[i].Mood
		m.Positive, m.Mixed, m.Neutral, m.Negative = m.Positive+r.Positive, m.Mixed+r.Mixed, m.Neutral+r.Neutral, m.Negative+r.Negative
	}
	for i := range list {
		c := &list[i]
		f := q.narrow(func(f *query.Filter) { f.Source, f.Channel = []string{c.Source}, []string{c.Channel} })
		last := f
		last.From, last.To = q.Week.AddDate(0, 0, -7), q.Week.AddDate(0, 0, -1)
		c.Before = posts(before[i], last)
		c.Posts, c.Share = posts(now[i], f), stats.Percent(stats.Share{Hits: now[i], Total: j.now.Posts}.Value())
	}
	slices.SortStableFunc(list, func(x, y channelRow) int { return cmp.Compare(y.Posts.Count, x.Posts.Count) })
	return list
}
