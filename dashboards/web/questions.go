package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"voc/dashboards/faq"
	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// questionsView is the ledger of questions.
type questionsView struct {
	Tabs   []tab
	Status string
	Rows   []questionRow
	Left   uint64 // questions that are not shown
	Weeks  []questionWeekRow
	Facts  []tile
	FAQ    []faqRow
	FAQOf  string // how many questions these are chosen from, when not from all
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
	Asked, Answered, Done figure
	Median, P90           string
}

// faqRow is a question that several people asked.
type faqRow struct {
	Headline, Href string
	Askers         string
	Times          figure
	Views          uint64
	Answer         string
	AnswerHref     string
}

// faqMost bounds the candidates, faqPosts how many posts fit into an address.
const (
	faqMost  = 15
	faqPosts = 150
)

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
	var rows, listed []query.Question
	var weeks []query.QuestionWeek
	g := q.group()
	ask(g, &rows, "question_ledger", long.With("sort", "newest").With("limit", s.Questions))
	ask(g, &weeks, "question_weeks", long)
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	whole := len(rows) == 0 || rows[0].Total == uint64(len(rows))
	sums, counts := countQuestions(rows, whole, weeks)
	v := questionsView{Status: status}
	if !whole {
		v.FAQOf = stats.Count(uint64(len(rows)), "件")
	}
	for _, r := range rows {
		if status == "all" || status == r.Status {
			listed = append(listed, r)
		}
	}
	if !whole && status != "all" { // those of a state may be among what the limit left out
		sort := "newest"
		if status == "open" {
			sort = "oldest"
		}
		g := q.group()
		ask(g, &listed, "question_ledger", long.With("status", []string{status}).With("sort", sort).With("limit", questionsMost))
		if err := g.Wait(); err != nil {
			return page{}, err
		}
		counts[status] = 0
		if len(listed) > 0 {
			counts[status] = listed[0].Total
		}
	}
	for _, r := range listed {
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
	v.Rows = v.Rows[:min(len(v.Rows), questionsMost)]
	v.Left = counts[status] - min(counts[status], uint64(len(v.Rows)))
	for _, id := range append(all, "all") {
		name := s.Names.Status(id)
		if id == "all" {
			name = "すべて"
		}
		if n, known := counts[id]; known {
			name += " " + stats.Count(n, "件")
		}
		v.Tabs = append(v.Tabs, tab{name, q.Href("/questions", "status", id), id == status})
	}
	for _, w := range weeks {
		row := questionWeekRow{QuestionWeek: w, Median: "—", P90: "—"}
		row.Asked = q.asked(rows, w.Week, w.Questions, func(query.Question) bool { return true })
		row.Answered = q.asked(rows, w.Week, w.Replied, func(x query.Question) bool { return x.Replies > 0 })
		row.Done = q.asked(rows, w.Week, w.Solved, func(x query.Question) bool {
			return x.Status == "accepted" || x.Status == "resolved" || x.Status == "thanked"
		})
		if w.MedianHours != nil {
			row.Median = s.Names.Hours(*w.MedianHours)
		}
		if w.P90Hours != nil {
			row.P90 = s.Names.Hours(*w.P90Hours)
		}
		v.Weeks = append(v.Weeks, row)
	}
	slices.Reverse(v.Weeks)
	share := func(n uint64) string { return stats.Percent(stats.Share{Hits: n, Total: sums.Questions}.Value()) }
	v.Facts = []tile{
		{Label: fmt.Sprintf("質問(%d週間)", s.Weeks+1), Figure: figure{Text: stats.Count(sums.Questions, "件"), Href: q.Href("/questions", "status", "all")}},
		{Label: "返信なし", Figure: figure{Text: stats.Count(counts["open"], "件"), Href: q.Href("/questions", "status", "open")}, Last: share(counts["open"])},
		{Label: "解決", Figure: figure{Text: stats.Count(sums.Solved, "件")}, Last: share(sums.Solved)},
		{Label: "24時間以内に返信", Figure: figure{Text: stats.Count(sums.WithinDay, "件")}, Last: share(sums.WithinDay)},
		{Label: "最初の返信がメンバー", Figure: figure{Text: stats.Count(sums.FirstPeer, "件")}, Last: "スタッフ " + stats.Count(sums.FirstStaff, "件")},
	}
	v.FAQ = q.faq(rows)
	return page{Template: "questions", Title: "質問と回答", Nav: "questions", Data: v}, nil
}

// countQuestions sums the questions of weeks, and counts them by state. The weeks do not tell thanks from resolutions: these are
// known only when the rows are the whole ledger.
func countQuestions(rows []query.Question, whole bool, weeks []query.QuestionWeek) (sums query.QuestionWeek, counts map[string]uint64) {
	for _, w := range weeks {
		sums.Questions, sums.Replied, sums.Solved, sums.Accepted = sums.Questions+w.Questions, sums.Replied+w.Replied, sums.Solved+w.Solved, sums.Accepted+w.Accepted
		sums.FirstPeer, sums.FirstStaff, sums.WithinDay = sums.FirstPeer+w.FirstPeer, sums.FirstStaff+w.FirstStaff, sums.WithinDay+w.WithinDay
	}
	counts = map[string]uint64{"all": sums.Questions, "open": sums.Questions - sums.Replied, "answered": sums.Replied - sums.Solved, "accepted": sums.Accepted}
	if whole {
		counts["thanked"], counts["resolved"] = 0, 0
		for _, r := range rows {
			if r.Status == "thanked" || r.Status == "resolved" {
				counts[r.Status]++
			}
		}
	}
	return sums, counts
}

// asked is a number of questions of a week, with their posts where the address has room for them.
func (q *request) asked(rows []query.Question, week time.Time, n uint64, fits func(query.Question) bool) figure {
	var ids []string
	for _, r := range rows {
		if monday(r.Day).Equal(week) && fits(r) {
			ids = append(ids, r.PostID)
		}
	}
	if n == 0 || uint64(len(ids)) != n || n > faqPosts {
		return figure{Text: stats.Count(n, "件")}
	}
	return posts(n, query.Filter{Community: q.Community.Community, From: week, To: week.AddDate(0, 0, 6), ID: ids})
}

// faq are the questions that two or more people asked, most wanted first.
func (q *request) faq(rows []query.Question) []faqRow {
	var list []faqRow
	for _, g := range faq.Groups(rows) {
		if g.Askers < 2 || len(list) == faqMost {
			break
		}
		f := query.Filter{Community: q.Community.Community, From: q.Week.AddDate(0, 0, -7*q.s.Weeks), To: q.last()}
		for _, x := range g.Questions[:min(len(g.Questions), faqPosts)] {
			f.ID = append(f.ID, x.PostID)
		}
		first := g.Questions[0]
		row := faqRow{Headline: wording.Clip(faq.Headline(first), 90), Href: q.PostHref(first.PostID), Askers: stats.Count(uint64(g.Askers), "人"), Times: posts(uint64(len(g.Questions)), f), Views: g.Views}
		if len(g.Questions) > faqPosts {
			row.Times.Count = 0 // the link opens only the most viewed
		}
		for _, x := range g.Questions {
			if x.AcceptedPost != "" {
				row.Answer, row.AnswerHref = "採用された回答", q.PostHref(x.AcceptedPost)
				break
			}
			if row.Answer == "" && (x.Status == "resolved" || x.Status == "thanked") {
				row.Answer, row.AnswerHref = "解決したスレッド", q.PostHref(x.PostID)
			}
		}
		list = append(list, row)
	}
	return list
}
