package web

import (
	"fmt"
	"strings"
	"time"

	"voc/dashboards/actions"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// actionsView lists what was done about what members said.
type actionsView struct {
	Open, Closed actionTable
	Back, Late   int
}

// actionTable is a list with its caption.
type actionTable struct {
	Caption string
	Rows    []actionView
}

type actionView struct {
	ID, Title, Topic, TopicHref string
	Status, StatusClass         string
	StatusSub                   string
	Owner, Due                  string
	Overdue                     bool
	Posts                       figure
	PostsSub                    string
	Before, After               string
	Verdict                     verdict
	Note                        string
}

// standings are the actions as they stand at the end of the page's week.
func (q *request) standings() ([]actions.Standing, error) {
	return recall(q.s.answers, fmt.Sprintf("standings %q %s", q.Community.Community, q.last().Format(time.DateOnly)), func() ([]actions.Standing, error) {
		return actions.Load(q.ctx, q.s.Conn, q.s.Names.Zone(), q.Community.Community, q.last())
	})
}

func (s *Server) actions(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	list, err := q.standings()
	if err != nil {
		return page{}, err
	}
	v := actionsView{Open: actionTable{Caption: "進行中の対応"}, Closed: actionTable{Caption: "終了した対応"}}
	for i := range list {
		a := &list[i]
		if !a.Listed() {
			v.Closed.Rows = append(v.Closed.Rows, q.action(a))
			continue
		}
		v.Open.Rows = append(v.Open.Rows, q.action(a))
		if a.Status == actions.Back {
			v.Back++
		}
		if a.Overdue {
			v.Late++
		}
	}
	return page{Template: "actions", Title: "対応の進み具合", Nav: "actions", Data: v}, nil
}

// actionsAbout are the actions about a topic, its children or its parents.
func (q *request) actionsAbout(topic string) ([]actionView, error) {
	list, err := q.standings()
	if err != nil {
		return nil, err
	}
	var out []actionView
	for i := range list {
		t := list[i].Topic
		if t != "" && (t == topic || strings.HasPrefix(topic, t+"/") || strings.HasPrefix(t, topic+"/")) {
			out = append(out, q.action(&list[i]))
		}
	}
	return out, nil
}

func (q *request) action(a *actions.Standing) actionView {
	n := q.s.Names
	v := actionView{
		ID: a.ID, Title: wording.Masked(a.Title), Topic: a.Topic, Status: n.ActionStatus(string(a.Status)), Owner: a.Owner, Overdue: a.Overdue, Note: wording.Masked(a.Note),
		Posts: posts(a.Posts, a.Since), PostsSub: stats.Count(a.Authors, "人") + "・" + n.Day(a.Since.From) + "から",
	}
	if a.Topic != "" {
		v.TopicHref = q.Href("/topic", "topic", a.Topic)
	}
	if a.Since.From.After(q.last()) {
		v.Posts, v.PostsSub = figure{Text: "—"}, n.Day(a.Since.From)+"に登録"
	}
	v.StatusClass = map[actions.Status]string{actions.Back: "bad", actions.Reopened: "bad", actions.Shipped: "good", actions.Open: "strong"}[a.Status]
	var sub []string
	if a.Release != "" {
		sub = append(sub, "版 "+a.Release)
	}
	switch {
	case a.Status == actions.Back:
		sub = append(sub, n.Day(a.BackIn)+"の週から")
	case a.ShippedAt != nil:
		sub = append(sub, n.Day(actions.Day(*a.ShippedAt, n.Zone())))
	}
	v.StatusSub = strings.Join(sub, "・")
	if a.Due != nil {
		v.Due = n.Day(*a.Due)
	}
	level := func(mean float64, weeks int) string {
		if weeks == 0 {
			return "—"
		}
		return wording.Decimal(mean) + "件"
	}
	v.Before, v.After = level(a.Before, a.BeforeWeeks), level(a.After, a.AfterWeeks)
	switch {
	case a.ShippedAt == nil:
		v.Verdict = verdict{Text: "出荷前", Class: "none"}
	case a.Last == nil && a.AfterWeeks > 0:
		v.Verdict = verdict{Text: "判定しない", Class: "none", Sub: "人が再開か終了を記録したため"}
	case a.Last == nil:
		v.Verdict = verdict{Text: "まだ比べられない", Class: "none", Sub: "出荷後の週が終わると出ます"}
	default:
		v.Verdict = map[stats.Verdict]verdict{
			stats.Up: {Text: "↑ 増えた", Class: "up bad"}, stats.Down: {Text: "↓ 減った", Class: "down good"}, stats.Flat: {Text: "→ 変わらない"}, stats.TooFew: {Text: "判定できない", Class: "none"},
		}[a.Last.Verdict]
		v.Verdict.Sub = a.Last.Reason.Text()
	}
	return v
}
