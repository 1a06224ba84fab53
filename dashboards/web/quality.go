package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// qualityView says how far the numbers can be trusted.
type qualityView struct {
	All       bool // the user may see what concerns every community
	Checks    []check
	Fresh     []query.Freshness
	Last      time.Time
	Ledger    []query.LedgerTopic
	Holes     []query.LedgerHoles
	Dead      []query.DeadLetters
	DeadTotal uint64
	Stale     []query.StaleWindow
	Coverage  []coverageRow
	Set       []quarantineRow
	Aside     figure
	Decisions []decisionRow
	From, To  time.Time
}

// check is one question with its answer.
type check struct {
	OK   bool
	Name string
	Text string
}

type coverageRow struct {
	Week     time.Time
	Posts    figure
	Untagged figure
	Share    string
	Current  bool
}

type quarantineRow struct {
	query.Quarantined
	Figure figure
}

// decisionRow is what a person decided about a post.
type decisionRow struct {
	query.Decision
	Text, Tagged string
	Href         string
}

// decisionsMost bounds the list of decisions.
const decisionsMost = 30

func (q *request) decisionRow(d query.Decision) decisionRow {
	d.Reason = wording.Masked(d.Reason)
	r := decisionRow{Decision: d, Text: wording.Clip(wording.Masked(d.Body), 60), Tagged: "該当なし"}
	if d.Gone == 1 {
		r.Text = "(削除された投稿)"
	} else {
		r.Href = q.PostHref(d.PostID)
	}
	var tags []string
	for _, t := range d.Tagged {
		tags = append(tags, q.s.Names.Intent(t))
	}
	if len(tags) > 0 {
		r.Tagged = strings.Join(tags, "・")
	}
	return r
}

func (s *Server) quality(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	v := qualityView{All: s.seesAll(q.scope), From: q.Week.AddDate(0, 0, -7*s.Weeks), To: q.last()}
	var weeks []query.OverviewWeek
	var quarantined []query.Quarantined
	var decisions []query.Decision
	var aside []query.PostCount
	setAside := q.narrow(func(f *query.Filter) { f.Quarantined = "yes" })
	long := q.span(v.From, v.To)
	g := q.group()
	ask(g, &v.Fresh, "freshness", long)
	ask(g, &v.Stale, "stale_windows", long)
	ask(g, &weeks, "overview_weeks", q.scope.params().With("weeks", s.Weeks))
	ask(g, &quarantined, "quarantine", q.scope.params().With("weeks", s.Weeks))
	ask(g, &decisions, "decisions", long)
	ask(g, &aside, "posts_count", setAside.Params())
	if v.All {
		only := query.Params{"from": v.From, "to": v.To}
		ask(g, &v.Ledger, "ledger_topics", only)
		ask(g, &v.Holes, "ledger_holes", nil)
		ask(g, &v.Dead, "dead_letter_reasons", only)
	}
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	for _, w := range weeks {
		if w.Posts == 0 {
			continue
		}
		f := query.Filter{Community: q.Community.Community, From: w.Week, To: w.Week.AddDate(0, 0, 6)}
		none := f
		none.Topic = []string{""}
		v.Coverage = append(v.Coverage, coverageRow{w.Week, posts(w.Posts, f), posts(w.Untagged, none), stats.Percent(float64(w.Untagged) / float64(w.Posts)), w.Week.Equal(q.Week)})
	}
	slices.Reverse(v.Coverage)
	for _, x := range quarantined {
		f := q.narrow(func(f *query.Filter) { f.Intent, f.Role = []string{x.Intent}, []string{x.AuthorRole} })
		v.Set = append(v.Set, quarantineRow{x, posts(x.Posts, f)})
	}
	for _, n := range aside {
		v.Aside = posts(n.Posts, setAside)
	}
	for _, d := range decisions[:min(len(decisions), decisionsMost)] {
		v.Decisions = append(v.Decisions, q.decisionRow(d))
	}
	v.Checks = q.checks(&v)
	return page{Template: "quality", Title: "データの品質", Nav: "quality", Data: v}, nil
}

// checks answers the questions that decide whether to believe the other pages.
func (q *request) checks(v *qualityView) []check {
	var flagged uint64
	for _, f := range v.Fresh {
		flagged += f.Flagged
		if f.LastIngestedAt.After(v.Last) {
			v.Last = f.LastIngestedAt
		}
	}
	list := []check{{len(v.Stale) == 0, "集計は投稿と一致しているか", "すべての日で、集計と投稿の数が一致しています。"}}
	if len(v.Stale) > 0 {
		list[0].Text = fmt.Sprintf("%sの集計がまだ追いついていません。ふつうは数秒で追いつきます。", stats.Count(uint64(len(v.Stale)), "日分"))
	}
	versions := check{len(v.Fresh) <= 1, "分類の版は一つか", "期間のすべての投稿が、同じ版の分類器で分類されています。"}
	if !versions.OK {
		versions.Text = fmt.Sprintf("%sの分類器の結果が混ざっています。週どうしの比較では、投稿ではなく分類の変化が見えることがあります。", stats.Count(uint64(len(v.Fresh)), "版"))
	}
	list = append(list, versions)
	if flagged > 0 {
		list = append(list, check{true, "処理に注記のある投稿", fmt.Sprintf("%sに注記(長すぎるため途中まで解析した、など)が付いています。", stats.Count(flagged, "件"))})
	}
	if !v.All {
		return list
	}
	var missing, holes uint64
	for _, l := range v.Ledger {
		missing += l.Missing
	}
	for _, h := range v.Holes {
		holes += h.Unexplained
	}
	for _, d := range v.Dead {
		v.DeadTotal += d.Messages
	}
	lost := check{missing == 0, "読んだメッセージに行方不明はないか", "読んだメッセージはすべて、保存・置き換え・受け取り不可・対象外のどれかに数えられています。"}
	if !lost.OK {
		lost.Text = fmt.Sprintf("%sが行方不明です。管理者に `voc doctor` の実行を頼んでください。", stats.Count(missing, "件"))
	}
	gap := check{holes == 0, "読み飛ばしたメッセージはないか", "記録の間に、説明のつかないオフセットはありません。"}
	if !gap.OK {
		gap.Text = fmt.Sprintf("説明のつかないオフセットが%sあります。圧縮トピックでは正常なことがあります。", stats.Count(holes, "個"))
	}
	dead := check{v.DeadTotal == 0, "受け取れなかったメッセージはないか", "この期間にはありません。"}
	if !dead.OK {
		dead.Text = fmt.Sprintf("%sを受け取れませんでした。理由は下の表にあります。直して再投入できます。", stats.Count(v.DeadTotal, "件"))
	}
	return append(list, lost, gap, dead)
}
