package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// questionsView is the ledger of questions.
type questionsView struct {
	Tabs   []tab
	Status string
	Rows   []questionRow
	Left   int // rows that are not shown
	Weeks  []questionWeekRow
	Facts  []tile
}

type tab struct {
	Text, Href string
	Current    bool
}

type questionRow struct {
	query.Question
	Href     string
	Headline string
	Age      string
	FirstIn  string
	Accepted string // address of the accepted answer
}

type questionWeekRow struct {
	query.QuestionWeek
	Median, P90 string
}

// questionsMost bounds the list; the newest questions beyond it are reached by another week.
const questionsMost = 100

func (s *Server) questions(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	status := q.URL.Query().Get("status")
	all := []string{"open", "answered", "thanked", "resolved", "accepted"}
	if status == "" {
		status = "open"
	}
	if status != "all" && !slices.Contains(all, status) {
		return page{}, statusError{http.StatusBadRequest, fmt.Sprintf("状態の指定「%s」が読めません。上の切り替えから選んでください。", status)}
	}
	long := q.span(q.Week.AddDate(0, 0, -7*s.Weeks), q.last())
	var rows []query.Question
	var weeks []query.QuestionWeek
	g := q.group()
	ask(g, &rows, "question_ledger", long)
	ask(g, &weeks, "question_weeks", long)
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	counts := map[string]uint64{}
	v := questionsView{Status: status}
	for _, r := range rows {
		counts[r.Status]++
		if status != "all" && status != r.Status {
			continue
		}
		row := questionRow{Question: r, Href: q.PostHref(r.PostID), Headline: headline(r.Title, r.Body), Age: s.Names.Hours(float64(r.AgeHours)), FirstIn: "—"}
		if r.FirstReplyHours != nil {
			row.FirstIn = s.Names.Hours(*r.FirstReplyHours)
		}
		if r.AcceptedPost != "" {
			row.Accepted = q.PostHref(r.AcceptedPost)
		}
		v.Rows = append(v.Rows, row)
	}
	slices.SortStableFunc(v.Rows, func(x, y questionRow) int {
		if status == "open" { // oldest first: who waits longest is answered first
			return cmp.Compare(y.AgeHours, x.AgeHours)
		}
		return y.PostedAt.Compare(x.PostedAt)
	})
	v.Left = max(0, len(v.Rows)-questionsMost)
	v.Rows = v.Rows[:len(v.Rows)-v.Left]
	for _, id := range append(all, "all") {
		n, name := counts[id], s.Names.Status(id)
		if id == "all" {
			n, name = uint64(len(rows)), "すべて"
		}
		v.Tabs = append(v.Tabs, tab{name + " " + stats.Count(n, "件"), q.Href("/questions", "status", id), id == status})
	}
	for _, w := range weeks {
		row := questionWeekRow{w, "—", "—"}
		if w.MedianHours != nil {
			row.Median = s.Names.Hours(*w.MedianHours)
		}
		if w.P90Hours != nil {
			row.P90 = s.Names.Hours(*w.P90Hours)
		}
		v.Weeks = append(v.Weeks, row)
	}
	slices.Reverse(v.Weeks)
	solved := counts["accepted"] + counts["resolved"] + counts["thanked"]
	total := uint64(len(rows))
	share := func(n uint64) string { return stats.Percent(stats.Share{Hits: n, Total: total}.Value()) }
	var peers, staff, within uint64
	for _, w := range weeks {
		peers, staff, within = peers+w.FirstPeer, staff+w.FirstStaff, within+w.WithinDay
	}
	v.Facts = []tile{
		{Label: fmt.Sprintf("質問(%d週間)", s.Weeks+1), Figure: figure{Text: stats.Count(total, "件")}},
		{Label: "返信なし", Figure: figure{Text: stats.Count(counts["open"], "件")}, Last: share(counts["open"])},
		{Label: "解決", Figure: figure{Text: stats.Count(solved, "件")}, Last: share(solved)},
		{Label: "24時間以内に返信", Figure: figure{Text: stats.Count(within, "件")}, Last: share(within)},
		{Label: "最初の返信がメンバー", Figure: figure{Text: stats.Count(peers, "件")}, Last: "スタッフ " + stats.Count(staff, "件")},
	}
	return page{Template: "questions", Title: "質問と回答", Nav: "questions", Data: v}, nil
}
