package web

import (
	"context"
	"fmt"
	"time"

	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// alertView is a spike, a drop or a single person's burst.
type alertView struct {
	Kind     stats.AlertKind
	Label    string
	At       time.Time
	From     time.Time
	Text     string
	Posts    figure
	Expected string
	Topics   []topicLink
}

type topicLink struct{ ID, Href string }

type alertsView struct {
	Alerts  []alertView
	History bool // there is enough of it to judge
	Weeks   int
}

// alertHistory is how many weeks before the week the detector learns from.
const alertHistory = 8

func (s *Server) alertList(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	list, err := s.alertsOf(q.ctx, q.scope)
	if err != nil {
		return page{}, err
	}
	v := alertsView{Weeks: stats.DefaultAlertConfig().MinWeeks}
	v.History = int(q.Week.Sub(q.First).Hours()/24/7) >= v.Weeks
	for _, a := range list {
		v.Alerts = append(v.Alerts, q.alert(a))
	}
	return page{Template: "alerts", Title: "急な変化", Nav: "alerts", Data: v}, nil
}

// alertsOf rehearses the detector over the week, hour by hour, newest finding first.
func (s *Server) alertsOf(ctx context.Context, c scope) ([]stats.Alert, error) {
	id := c.Community.Community + "\x00" + query.FormatWeek(c.Week)
	if list, ok := s.alerts.Get(id); ok {
		return list, nil
	}
	zone := s.Names.Zone()
	first := c.Week.AddDate(0, 0, -7*alertHistory)
	if first.Before(c.First) {
		first = c.First
	}
	var cells []query.HourCell
	var mentions []query.Mention
	if err := query.Run(ctx, s.Conn, "hour_cells", c.span(first, c.last()), &cells); err != nil {
		return nil, err
	}
	if err := query.Run(ctx, s.Conn, "mentions", c.span(c.Week.AddDate(0, 0, -3), c.last()), &mentions); err != nil {
		return nil, err
	}
	hours := make([]stats.HourCell, len(cells))
	for i, x := range cells {
		hours[i] = stats.HourCell(x)
	}
	posts := make([]stats.Mention, len(mentions))
	for i, m := range mentions {
		posts[i] = stats.Mention{PostID: m.PostID, Author: m.Author, At: m.PostedAt, Topics: m.Topics}
	}
	tl, err := stats.NewTimeline(zone, s.midnight(first), hours, posts)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	d, err := stats.NewDetector(stats.DefaultAlertConfig())
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	from, to := s.midnight(c.Week).Add(time.Hour), s.midnight(c.Week.AddDate(0, 0, 7))
	if now := s.Now(); now.Before(to) {
		to = now.Truncate(time.Hour)
	}
	list := d.Rehearse(tl, from, to, time.Hour)
	out := make([]stats.Alert, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		out = append(out, list[i])
	}
	s.alerts.Add(id, out)
	return out, nil
}

// alertIDs is how many posts an address can name.
const alertIDs = 150

func (q *request) alert(a stats.Alert) alertView {
	v := alertView{Kind: a.Kind, At: a.At, From: a.From, Text: a.Text(q.s.Names.Topic), Expected: wording.Decimal(a.Expected)}
	switch a.Kind {
	case stats.Spike:
		v.Label = "急増"
	case stats.Drop:
		v.Label = "急減"
	default:
		v.Label = "一人の連投"
	}
	if n := len(a.PostIDs); n > 0 && n <= alertIDs {
		f := query.Filter{Community: q.Community.Community, From: q.s.calendarDay(a.From), To: q.s.calendarDay(a.At), ID: a.PostIDs}
		v.Posts = posts(uint64(n), f)
	}
	for _, t := range a.Topics {
		if t != stats.AllTopics {
			v.Topics = append(v.Topics, topicLink{t, q.Href("/topic", "topic", t)})
		}
	}
	return v
}
