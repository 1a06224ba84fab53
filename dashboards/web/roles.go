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
	Columns []string // names of the roles of authors
	Tables  []boardTable
	Gaps    []gapRow
	Starts  string
}

type boardTable struct {
	ID, Title, Note string
	Columns         []string
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
	Topic, Href          string
	Staff, Members       figure
	StaffShare, MemShare string
	Gap, Reading, Class  string
}

// gapsMost bounds the list of gaps.
const gapsMost = 12

func (s *Server) roles(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	var cells []query.BoardCell
	var starts []query.TopicRoles
	g := q.group()
	ask(g, &cells, "role_board", q.scope.params().With("weeks", s.Weeks))
	ask(g, &starts, "topic_roles", q.span(q.Week.AddDate(0, 0, -21), q.last()))
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	entries := board.Entries(cells)
	roles := board.Roles(entries)
	var v rolesView
	for _, r := range roles {
		v.Columns = append(v.Columns, s.Names.Role(r))
	}
	for _, t := range []boardTable{
		{ID: "all", Title: "5つの役割", Note: "コミュニティが果たす役割ごとの投稿。一つの投稿が複数に当たることも、どれにも当たらないこともあります。隔離した投稿は含みません。"},
		{ID: "cx", Title: "体験(CX)", Note: "使っていてどう感じているか。機能の体験は話題から、感情の体験は感情の語から判定しています。"},
		{ID: "co", Title: "成果(CO)", Note: "使いこなし、解決し、続けているか。意図から判定しています。"},
	} {
		t.Columns = v.Columns
		for i := range entries {
			if e := &entries[i]; e.Kind == t.ID || t.ID == board.All && e.Kind == "role" {
				t.Rows = append(t.Rows, q.boardRow(e, roles))
			}
		}
		if len(roles) > 0 {
			v.Tables = append(v.Tables, t)
		}
	}
	v.Gaps, v.Starts = q.gaps(starts)
	return page{Template: "roles", Title: "役割とCX・CO", Nav: "roles", Data: v}, nil
}

func (q *request) boardRow(e *board.Entry, roles []string) boardRow {
	n := q.s.Names
	filter := func(roles ...string) query.Filter { return q.narrow(func(f *query.Filter) { e.Narrow(f, roles...) }) }
	r := boardRow{
		Name: n.Board(e.ID), Posts: posts(e.Counts.Posts, filter()), Before: wording.Decimal(float64(e.Before) / float64(q.s.Weeks)),
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
	for i, role := range roles {
		p := e.Part(role)
		part := boardPart{Column: n.Role(roles[i]), Posts: posts(p.Counts.Posts, filter(role))}
		if p.Counts.Posts >= 5 { // a net of fewer is noise
			part.Net = stats.Points(p.Counts.Net())
		}
		r.Parts = append(r.Parts, part)
	}
	return r
}

// gaps are the topics that one side begins much more often than the other.
func (q *request) gaps(rows []query.TopicRoles) (out []gapRow, starts string) {
	list := board.Gaps(rows)
	for i := range list[:min(len(list), gapsMost)] {
		g := &list[i]
		f := func(roles ...string) query.Filter {
			return q.narrow(func(f *query.Filter) {
				g.Narrow(f, roles...)
				f.From = q.Week.AddDate(0, 0, -21)
			})
		}
		r := gapRow{
			Topic: g.Topic, Href: q.Href("/topic", "topic", g.Topic), Staff: posts(g.TopicRoles.Staff, f("staff")), Members: posts(g.TopicRoles.Members, f(board.Members()...)),
			StaffShare: stats.Percent(g.Staff.Value()), MemShare: stats.Percent(g.Members.Value()), Gap: stats.Points(g.Diff), Reading: "偶然の範囲内", Class: "none",
		}
		switch {
		case g.Clear && g.Diff > 0:
			r.Reading, r.Class = "運営が多く出している", "strong"
		case g.Clear:
			r.Reading, r.Class = "メンバーが多く求めている", "strong"
		}
		starts = "運営 " + stats.Count(g.StaffStarts, "件") + "、それ以外 " + stats.Count(g.MemberStarts, "件")
		out = append(out, r)
	}
	return out, starts
}
