package web

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"voc/dashboards/query"
)

// attentionView lists who needs somebody's attention and who is doing well.
type attentionView struct {
	Need, Happy []entityView
	LeftNeed    int
	LeftHappy   int
	Method      string // how points are counted
	MethodHappy string
}

// entityView is an account, or a member whose account is not known. Points is the sum of the reasons' points.
type entityView struct {
	Kind, ID, Name string
	Owner          string
	Segments       []string
	Points         uint64
	Before         uint64
	Move           string
	Reasons        []reasonView
	Last           time.Time
	Posts          figure
}

type reasonView struct {
	Text   string
	Points uint64
	Posts  figure
}

// entityTable is a list with its caption. Rest is what opens on demand.
type entityTable struct {
	Caption string
	Rows    []entityView
	Rest    *entityTable
}

// entitiesFirst is how many rows are seen at once.
const entitiesFirst = 12

func newEntityTable(caption string, list []entityView) entityTable {
	if len(list) <= entitiesFirst+2 {
		return entityTable{Caption: caption, Rows: list}
	}
	return entityTable{caption, list[:entitiesFirst], &entityTable{Caption: caption + "(続き)", Rows: list[entitiesFirst:]}}
}

// entitiesMost bounds the lists, which open on demand behind the first rows; nobody who waits for an answer is left out
// of them but for the largest communities.
const entitiesMost = 500

func (s *Server) attention(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	var need, before, happy, happyBefore []query.EntityReason
	week := q.scope.params()
	last := week.With("week", q.Week.AddDate(0, 0, -7))
	g := q.group()
	ask(g, &need, "attention_reasons", week.With("limit", entitiesMost))
	ask(g, &before, "attention_reasons", last)
	ask(g, &happy, "happy_reasons", week.With("limit", entitiesMost))
	ask(g, &happyBefore, "happy_reasons", last)
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	var v attentionView
	var err error
	if v.Need, err = q.entities(need, before); err != nil {
		return page{}, err
	}
	if v.Happy, err = q.entities(happy, happyBefore); err != nil {
		return page{}, err
	}
	v.LeftNeed, v.LeftHappy = entitiesOf(need)-len(v.Need), entitiesOf(happy)-len(v.Happy)
	for name, into := range map[string]*string{"attention_reasons": &v.Method, "happy_reasons": &v.MethodHappy} {
		def, err := query.Get(name)
		if err != nil {
			return page{}, err
		}
		*into = def.Meaning
	}
	return page{Template: "attention", Title: "対応が必要な企業・メンバー", Nav: "attention", Data: v}, nil
}

// entitiesOf is how many accounts and members there are, with those beyond the limit of the question.
func entitiesOf(rows []query.EntityReason) int {
	if len(rows) == 0 {
		return 0
	}
	return int(rows[0].Entities)
}

// entities puts the reasons of each account or member together, most points first.
func (q *request) entities(now, before []query.EntityReason) ([]entityView, error) {
	type key struct{ kind, id string }
	last := map[key]uint64{}
	for _, r := range before {
		last[key{r.Kind, r.Entity}] += r.Points
	}
	at := map[key]int{}
	var list []entityView
	var accounts []string
	for _, r := range now {
		k := key{r.Kind, r.Entity}
		i, ok := at[k]
		if !ok {
			i = len(list)
			at[k] = i
			list = append(list, entityView{Kind: r.Kind, ID: r.Entity, Name: r.Entity, Before: last[k]})
			if r.Kind == "account" {
				accounts = append(accounts, r.Entity)
			}
		}
		e := &list[i]
		e.Points += r.Points
		if r.LastAt.After(e.Last) {
			e.Last = r.LastAt
		}
		// A reason may rest on posts of the weeks before; surveys without a comment have no post.
		f := query.Filter{Community: q.Community.Community, From: q.Week.AddDate(0, 0, -49), To: q.last(), ID: r.Posts}
		x := reasonView{Text: q.s.Names.Reason(r.Reason), Points: r.Points}
		if r.Reason != "detractor" && r.Reason != "promoter" {
			x.Posts = posts(uint64(len(r.Posts)), f)
		}
		e.Reasons = append(e.Reasons, x)
	}
	if len(accounts) > 0 {
		var states []query.AccountState
		if err := query.Run(q.ctx, q.s.Conn, "account_states", query.Params{"to": q.last(), "account": accounts}, &states); err != nil {
			return nil, err
		}
		for _, a := range states {
			e := &list[at[key{"account", a.AccountID}]]
			e.Name, e.Owner = cmp.Or(a.Name, a.AccountID), a.Attributes["csm_owner"]
			for _, k := range []string{"plan", "touch_model", "ltv_band"} {
				if value := a.Attributes[k]; value != "" {
					e.Segments = append(e.Segments, q.s.Names.Value(k, value))
				}
			}
		}
	}
	for i := range list {
		e := &list[i]
		switch d := int64(e.Points) - int64(e.Before); {
		case e.Before == 0:
			e.Move = "新しく入った"
		case d > 0:
			e.Move = fmt.Sprintf("先週 %d点から +%d", e.Before, d)
		case d < 0:
			e.Move = fmt.Sprintf("先週 %d点から −%d", e.Before, -d)
		default:
			e.Move = "先週と同じ"
		}
		f := q.narrow(func(f *query.Filter) {
			f.From = q.Week.AddDate(0, 0, -21)
			if e.Kind == "account" {
				f.Account = []string{e.ID}
			} else {
				f.Author = []string{e.ID}
			}
		})
		e.Posts = figure{Text: "4週間の投稿", Href: f.Path()}
	}
	slices.SortStableFunc(list, func(x, y entityView) int {
		return cmp.Or(cmp.Compare(y.Points, x.Points), y.Last.Compare(x.Last), cmp.Compare(x.ID, y.ID))
	})
	return list, nil
}
