package web

import (
	"fmt"
	"slices"
	"strings"

	"voc/dashboards/query"
	"voc/dashboards/wording"
	"voc/schema"
)

// postView is one post with everything that is known of it.
type postView struct {
	Card     card
	Record   query.PostRecord
	Evidence []evidenceRow
	Topics   []string
	Segments [][2]string
	Thread   []threadPost
	More     figure // posts of the same author
	Account  figure
	Decision *query.Decision // what a person decided about its being set aside; nil when nobody did
	Aside    bool
}

// evidenceRow is a line of the evidence table; ID is its anchor.
type evidenceRow struct {
	ID               string
	Kind, Tag, Words string
	Field, Rule      string
	Start, End       uint32
}

type threadPost struct {
	Card    card
	Current bool
}

// threadMost bounds how much of a long thread is shown.
const threadMost = 60

func (s *Server) post(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	id := q.URL.Query().Get("id")
	missing := notFound(fmt.Sprintf("投稿「%s」は見つかりません。削除されたか、別のコミュニティの投稿です。", id))
	if id == "" || len(id) > 1000 {
		return page{}, missing
	}
	var records []query.PostRecord
	if err := query.Run(q.ctx, s.Conn, "post_record", query.Params{"community": q.Community.Community, "id": []string{id}}, &records); err != nil {
		return page{}, err
	}
	if len(records) == 0 {
		return page{}, missing
	}
	v := postView{Record: records[0]}
	f := query.Filter{Community: q.Community.Community, From: records[0].Day, To: records[0].Day, ID: []string{id}}
	var list, thread []query.Post
	var spans []query.Span
	var decisions []query.Decision
	g := q.group()
	ask(g, &list, "posts_list", f.ListParams())
	ask(g, &decisions, "decisions", q.span(f.From, f.To))
	ask(g, &spans, "post_spans", query.Params{"community": f.Community, "from": f.From, "to": f.To, "id": f.ID})
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	if len(list) == 0 {
		return page{}, missing // deleted in between
	}
	p := list[0]
	if root := p.ThreadID; root != "" || p.ReplyTo != "" || p.Source != "review" {
		if root == "" {
			root = p.ReplyTo
		}
		if root == "" {
			root = p.PostID
		}
		if err := query.Run(q.ctx, s.Conn, "thread_posts", query.Params{"community": f.Community, "thread": root}, &thread); err != nil {
			return page{}, err
		}
	}
	v.Card = q.card(p, spans, 0)
	v.Aside = schema.IsSetAside(p.Intents)
	for i := range decisions {
		if decisions[i].PostID == id {
			v.Decision = &decisions[i]
			v.Decision.Reason = wording.Masked(v.Decision.Reason)
		}
	}
	for _, list := range [][]piece{v.Card.Head, v.Card.Text} {
		for i, x := range list {
			if _, anchor, ok := strings.Cut(x.Href, "#"); ok {
				list[i].Href = "#" + anchor // the table is on this page
			}
		}
	}
	for i, sp := range spans {
		kind, tag := q.evidence(sp)
		field := "本文"
		if sp.Field == "title" {
			field = "題名"
		}
		v.Evidence = append(v.Evidence, evidenceRow{fmt.Sprintf("e%d", i), kind, tag, sp.Text, field, sp.Rule, sp.Start, sp.End})
	}
	order := []string{"感情", "話題", "意図"}
	slices.SortStableFunc(v.Evidence, func(x, y evidenceRow) int {
		rank := func(r evidenceRow) int {
			if i := slices.Index(order, r.Kind); i >= 0 {
				return i
			}
			return len(order)
		}
		return rank(x) - rank(y)
	})
	v.Segments = q.segmentsOf(p)
	if len(thread) > 1 {
		for _, t := range thread[:min(len(thread), threadMost)] {
			v.Thread = append(v.Thread, threadPost{q.card(t, nil, 160), t.PostID == id})
		}
	}
	if p.AuthorID != "" {
		v.More = figure{Text: "この人の直近12週の投稿", Href: q.recent(p, func(f *query.Filter) { f.Author = []string{p.AuthorID} })}
	}
	if p.AccountID != "" {
		v.Account = figure{Text: "この企業の直近12週の投稿", Href: q.recent(p, func(f *query.Filter) { f.Account = []string{p.AccountID} })}
	}
	return page{Template: "post", Title: "投稿", Nav: "posts", Own: true, Data: v}, nil
}

// recent is the drill-down to the twelve weeks that end with the week of a post.
func (q *request) recent(p query.Post, change func(*query.Filter)) string {
	week := monday(p.Day)
	f := query.Filter{Community: q.Community.Community, From: week.AddDate(0, 0, -77), To: week.AddDate(0, 0, 6)}
	change(&f)
	return f.Path()
}

// segmentsOf are the attributes that held when the post was written: its own, else those of its account.
func (q *request) segmentsOf(p query.Post) [][2]string {
	n := q.s.Names
	var keys []string
	for k := range p.Attributes {
		keys = append(keys, k)
	}
	for k := range p.AccountAttributes {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var list [][2]string
	for _, k := range slices.Compact(keys) {
		v := p.Attributes[k]
		if v == "" {
			v = p.AccountAttributes[k]
		}
		if v != "" {
			list = append(list, [2]string{n.Segment(k), n.Value(k, v)})
		}
	}
	return list
}
