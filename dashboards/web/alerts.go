package web

import (
	"context"
	"fmt"
	"slices"
	"time"

	"voc/dashboards/alerts"
	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// alertView is a spike, a drop or a few people's burst.
type alertView struct {
	Kind     stats.AlertKind
	Label    string
	At       time.Time
	From     time.Time
	Text     string
	Posts    figure
	Expected string
	Topics   []topicLink
	Opinions []query.PostOpinion
	Voices   []card
}

type topicLink struct{ ID, Href string }

type alertsView struct {
	Alerts  []alertView
	History bool // there is enough of it to judge
	Weeks   int
	// State says how the pipeline and the community are doing, the worst first.
	State []stateView
}

// stateView is one thing that is right or wrong.
type stateView struct {
	OK     bool
	Known  bool // it could be judged
	Name   string
	Text   string
	Causes []string
}

// explained is how many alerts are explained by opinions and voices.
const explained = 6

func (s *Server) alertList(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	v := alertsView{Weeks: alerts.MinWeeks()}
	var list []stats.Alert
	var arrivals stats.Arrivals
	var quiet stats.Quiet
	g := q.group()
	g.Go(func() (err error) {
		list, err = s.alertsOf(g.ctx, q.scope)
		return err
	})
	now := s.Now()
	g.Go(func() (err error) {
		arrivals, err = s.judge.Arrivals(g.ctx, q.Community.Community, now)
		return err
	})
	days := 7
	if q.Partial {
		// The day that is not over cannot be compared.
		days = int(now.Sub(s.midnight(q.Week)).Hours() / 24)
	}
	if days > 0 {
		g.Go(func() (err error) {
			quiet, err = s.judge.Quiet(g.ctx, q.Community.Community, q.Week, days)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	v.State = append(v.State, s.arrivalState(arrivals), quietState(quiet, arrivals, q.Partial))
	v.History = int(q.Week.Sub(q.First).Hours()/24/7) >= v.Weeks
	for i, a := range list {
		x := q.alert(a)
		if i < explained {
			story, err := s.judge.Explain(q.ctx, q.Community.Community, a)
			if err != nil {
				return page{}, err
			}
			x.Opinions = story.Opinions
			ids := make([]string, len(story.Voices))
			for k, p := range story.Voices {
				ids[k] = p.PostID
			}
			// A burst may have begun in the week before.
			spans, err := q.spansOf(q.narrow(func(f *query.Filter) { f.From = q.Week.AddDate(0, 0, -7) }), ids)
			if err != nil {
				return page{}, err
			}
			var tags []string
			for _, t := range a.Topics {
				if t != stats.AllTopics {
					tags = append(tags, "topic="+t)
				}
			}
			for _, p := range story.Voices {
				x.Voices = append(x.Voices, q.card(p, spans[p.PostID], 140, tags...))
			}
		}
		v.Alerts = append(v.Alerts, x)
	}
	return page{Template: "alerts", Title: "急な変化", Nav: "alerts", Data: v}, nil
}

func (s *Server) arrivalState(a stats.Arrivals) stateView {
	v := stateView{Name: "取り込み", Known: a.Enough, OK: !a.Stopped}
	switch {
	case !a.Enough:
		v.Text = "届く件数の目安になる過去の週がまだ足りません。"
	case a.Stopped:
		v.Text = "止まっています。" + alerts.StoppedText(a, s.Names) + "配信元とパイプラインを確かめてください。"
	default:
		v.Text = fmt.Sprintf("動いています。最後に届いたのは%sです。", s.Names.FullAt(a.Last))
	}
	return v
}

// quietState says nothing about the community while nothing arrives.
func quietState(q stats.Quiet, a stats.Arrivals, partial bool) stateView {
	v := stateView{Name: "にぎわい", Known: q.Enough, OK: !q.Quiet}
	what := "この週のメンバーの投稿"
	if partial {
		what = "この週の昨日までのメンバーの投稿"
	}
	compare := fmt.Sprintf("%sは%s、通常は%s件です。", what, stats.Count(uint64(q.Posts.Now), "件"), wording.Decimal(q.Posts.Usual))
	switch {
	case !q.Enough:
		v.Text = "比べられる過去の週がまだ足りません。"
	case partial && a.Stopped:
		v.Known, v.Text = false, "取り込みが止まっているため判断しません。"
	case !q.Quiet:
		v.Text = "いつもの範囲です。" + compare
	default:
		v.Text = "静かです。" + compare
		for _, c := range q.Causes {
			v.Causes = append(v.Causes, c.Text())
		}
		if len(v.Causes) == 0 {
			v.Text += "ほかに目立って変わったものはありません。"
		}
	}
	return v
}

// alertsOf rehearses the detectors over the week, hour by hour and at the present, newest finding first.
func (s *Server) alertsOf(ctx context.Context, c scope) ([]stats.Alert, error) {
	id := c.Community.Community + "\x00" + query.FormatWeek(c.Week)
	if list, ok := s.alerts.Get(id); ok {
		return list, nil
	}
	from, to := s.midnight(c.Week).Add(time.Hour), s.midnight(c.Week.AddDate(0, 0, 7))
	if now := s.Now(); now.Before(to) {
		to = now
	}
	list, err := s.judge.Rehearse(ctx, c.Community.Community, from, to, time.Hour)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	s.alerts.Add(id, list)
	return list, nil
}

func (q *request) alert(a stats.Alert) alertView {
	v := alertView{Kind: a.Kind, Label: alerts.Label(a.Kind), At: a.At, From: a.From, Text: a.Text(q.s.Names.Topic), Expected: wording.Decimal(a.Expected)}
	if f, ok := q.s.judge.Filter(q.Community.Community, a); ok {
		v.Posts = posts(uint64(len(a.PostIDs)), f)
	}
	for _, t := range a.Topics {
		if t != stats.AllTopics {
			v.Topics = append(v.Topics, topicLink{t, q.Href("/topic", "topic", t)})
		}
	}
	return v
}
