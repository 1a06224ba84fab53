package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"voc/dashboards/query"
)

// reportsView lists the weeks for which a report can be made.
type reportsView struct {
	Weeks []reportWeek
}

type reportWeek struct {
	Week    time.Time
	Href    string
	Posts   uint64
	Authors uint64
	Partial bool
}

func (s *Server) reports(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	if s.Reports == nil {
		return page{}, notFound("この画面では週次レポートを作れません。`voc report weekly` で作れます。")
	}
	var weeks []query.OverviewWeek
	if err := query.Run(q.ctx, s.Conn, "overview_weeks", query.Params{"community": q.Community.Community, "week": q.Latest, "weeks": 25}, &weeks); err != nil {
		return page{}, err
	}
	var v reportsView
	for i := len(weeks) - 1; i >= 0; i-- {
		w := weeks[i]
		if w.Posts == 0 {
			continue
		}
		v.Weeks = append(v.Weeks, reportWeek{
			Week: w.Week, Href: "/reports/" + query.FormatWeek(w.Week) + "?community=" + url.QueryEscape(q.Community.Community), Posts: w.Posts, Authors: w.Authors,
			Partial: s.Now().Before(s.midnight(w.Week.AddDate(0, 0, 7))),
		})
	}
	return page{Template: "reports", Title: "週次レポート", Nav: "reports", Own: true, Data: v}, nil
}

// reportPage shows one report as the page that it is.
func (s *Server) reportPage() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), s.Timeout)
		defer cancel()
		c, err := s.scope(ctx, r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		week, err := query.ParseWeek(r.PathValue("week"))
		if s.Reports == nil || err != nil || c.Community.Community == "" {
			s.failIn(w, r, c, notFound("この週のレポートはありません。週次レポートの一覧から選んでください。"))
			return
		}
		b, err := s.Reports.HTML(ctx, c.Community.Community, week)
		if err != nil {
			s.failIn(w, r, c, err)
			return
		}
		w.Header().Set("Content-Security-Policy", reportPolicy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(b) // the client went away, nothing to do
	})
}
