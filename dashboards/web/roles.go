package web

import (
	"strings"

	"voc/dashboards/board"
	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// rolesView is the board of roles and of experience and outcome, and the gap between what the staff and members begin.
type rolesView struct {
	Tables []boardTable
	Gaps   []gapRow
	Starts string
}

type boardTable struct {
	ID, Title, Note string
	Columns         []string // names of the roles of authors
	Rows            []boardRow
}

type boardRow struct {
	Name, Meaning string
	Posts         figure
	Before        string
	Mood          mood
	Parts         []boardPart
}

type boardPart struct {
	Column string
	Posts  figure
	Net    string
}

// gapRow compares how often threads of the staff and of everybody else are about a topic.
type gapRow struct {
	Topic, Href             string
	Staff, Members          figure
	StaffShare, MemberShare string
	Gap, Reading, Class     string
}

// gapsMost bounds the list of gaps.
const gapsMost = 12

func (s *Server) roles(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	var cells []query.BoardCell
	var starts []query.TopicRoles
	var weeks []query.OverviewWeek
	g := q.group()
	ask(g, &weeks, "overview_weeks", q.scope.params().With("weeks", s.Weeks))
	ask(g, &cells, "role_board", q.scope.params().With("weeks", s.Weeks))
	ask(g, &starts, "topic_roles", q.span(q.Week.AddDate(0, 0, -21), q.last()))
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	j, err := judge(q.Week, weeks, nil)
	if err != nil {
		return page{}, err
	}
	entries := board.Entries(cells)
	roles := board.Roles(entries)
	var v rolesView
	var columns []string
	for _, r := range roles {
		columns = append(columns, s.Names.Role(r))
	}
	for _, t := range []boardTable{
		{ID: "all", Title: "5つの役割", Note: "コミュニティが果たす役割ごとの投稿。一つの投稿が複数に当たることも、どれにも当たらないこともあります。隔離した投稿は含みません。"},
		{ID: "cx", Title: "体験(CX)", Note: "使っていてどう感じているか。機能の体験は話題から、感情の体験は感情の語から判定しています。"},
		{ID: "co", Title: "成果(CO)", Note: "使いこなし、解決し、続けているか。意図から判定しています。"},
	} {
		t.Columns = columns
		for i := range entries {
			if e := &entries[i]; e.Kind == t.ID || t.ID == board.All && e.Kind == "role" {
				t.Rows = append(t.Rows, q.boardRow(e, roles, len(j.past)))
			}
		}
		if len(roles) > 0 {
			v.Tables = append(v.Tables, t)
		}
	}
	v.Gaps, v.Starts = q.gaps(starts)
	return page{Template: "roles", Title: "役割とCX・CO", Nav: "roles", Data: v}, nil
}

func (q *request) boardRow(e *board.Entry, roles []string, past int) boardRow {
	n := q.s.Names
	before := "—"
	if past > 0 {
		before = wording.Decimal(float64(e.Before)/float64(past)) + "件"
	}
	filter := func(roles ...string) query.Filter { return q.narrow(func(f *query.Filter) { e.Narrow(f, roles...) }) }
	r := boardRow{
		Name: n.Board(e.ID), Posts: posts(e.Counts.Posts, filter()), Before: before,
		Mood: mood{e.Counts.Positive, e.Counts.Mixed, e.Counts.Neutral, e.Counts.Negative},
	}
	var words []string
	for _, i := range e.Cell.Intents {
		words = append(words, n.Intent(i))
	}
	for _, t := range e.Cell.Topics {
		words = append(words, n.Leaf(t))
	}
	for _, k := range e.Cell.Signals {
		words = append(words, n.Signal(k))
	}
	r.Meaning = strings.Join(words, "・")
	for _, role := range roles {
		p := e.Part(role)
		part := boardPart{Column: n.Role(role), Posts: posts(p.Counts.Posts, filter(role))}
		if net, ok := p.Counts.Net(); ok {
			part.Net = stats.Points(net)
		}
		r.Parts = append(r.Parts, part)
	}
	return r
}

// gaps are the topics that one side begins much more often than the other.
func (q *request) gaps(rows []query.TopicRoles) (out []gapRow, starts string) {
	list := board.Gaps(rows)
	if len(list) > 0 {
		starts = "運営 " + stats.Count(list[0].StaffStarts, "件") + "、それ以外 " + stats.Count(list[0].MemberStarts, "件")
	}
	for i := range list[:min(len(list), gapsMost)] {
		g := &list[i]
		f := func(roles ...string) query.Filter {
			return q.narrow(func(f *query.Filter) {
				g.Narrow(f, roles...)
				f.From = q.Week.AddDate(0, 0, -21)
			})
		}
		r := gapRow{
			Topic: g.Topic, Href: q.Href("/topic", "topic", g.Topic), Staff: posts(g.Staff, f("staff")), Members: posts(g.Members, f(board.Members()...)),
			StaffShare: stats.Percent(g.StaffShare.Value()), MemberShare: stats.Percent(g.MemberShare.Value()), Gap: stats.Points(g.Diff), Reading: "偶然の範囲内", Class: "none",
		}
		switch {
		case g.Clear && g.Diff > 0:
			r.Reading, r.Class = "運営が多く出している", "strong"
		case g.Clear:
			r.Reading, r.Class = "メンバーが多く求めている", "strong"
		}
		out = append(out, r)
	}
	return out, starts
}
