package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"voc/dashboards/emerging"
	"voc/dashboards/query"
	"voc/dashboards/ranking"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// voteView ranks the topics in every way of counting: one voice, one vote.
type voteView struct {
	Columns []voteColumn
	Order   string // name of the way that the rows are sorted by
	Rows    []voteRow
	Weights []tab // what may be weighted by
	Segment string
	Mix     []mixRow
	Silent  string // values with customers and without posts
	Copies  uint64
	Max     int
	Key     string // of the segment
	News    []newsRow
}

type voteColumn struct {
	Name, Href string
	Current    bool
}

type voteRow struct {
	Topic, Href string
	Cells       []voteCell
	Spread      string
	Top         string
	Mark        string
}

// voteCell is one way of counting a topic. Moved says that its place differs from that by posts.
type voteCell struct {
	Label   string
	Figure  figure
	Place   int
	Moved   string
	Current bool
}

type mixRow struct {
	Value            string
	Posts            figure
	Share, Customers string
	Weight           string
	Companies        uint64
}

// countedAtOnce is the most posts of a week that a page counts in every way beside its other work.
const countedAtOnce = 20000

// unweighted asks ranking for no weights, which spares it to find out who the customers are.
const unweighted = "\x00"

// ranking counts the week in every way, weighted by a segment or, without one, by what tells most about the customers.
// The counting is kept for a little while, because people sort it again and again.
func (q *request) ranking(segment string) (ranking.Ranking, error) {
	in := ranking.Input{Segment: segment}
	span := q.span(q.Week, q.last())
	g := q.group()
	if segment != unweighted {
		ask(g, &in.Mix, "customer_mix", query.Params{"community": q.Community.Community, "to": q.last()})
	}
	ask(g, &in.Texts, "week_texts", span)
	if err := g.Wait(); err != nil {
		return ranking.Ranking{}, err
	}
	if segment == "" {
		in.Segment = ranking.Preferred(in.Mix)
	}
	id := fmt.Sprintf("ranking %q %s %q", q.Community.Community, query.FormatWeek(q.Week), in.Segment)
	list, err := recall(q.s.answers, id, func() ([]ranking.Ranking, error) {
		g := q.group()
		voices := span
		if segment != unweighted {
			voices = span.With("segment", in.Segment)
		}
		ask(g, &in.Voices, "week_voices", voices)
		if err := g.Wait(); err != nil {
			return nil, err
		}
		r, err := ranking.Of(in)
		return []ranking.Ranking{r}, err
	})
	if err != nil {
		return ranking.Ranking{}, err
	}
	return list[0], nil
}

// newsRow is a group of expressions that many more people use than before.
type newsRow struct {
	Terms    string
	Posts    figure
	Authors  figure
	Expected string
	Untagged uint64
	Examples []string
}

// newsMost bounds the list of newsRow.
const newsMost = 10

// news lists what emerged in the week.
func (q *request) news() ([]newsRow, error) {
	var texts []query.WeekText
	var terms []query.EmergingTerm
	var weeks []query.OverviewWeek
	week := q.scope.params().With("weeks", q.s.Weeks)
	g := q.group()
	ask(g, &texts, "week_texts", q.span(q.Week, q.last()))
	ask(g, &terms, "emerging_terms", emerging.Ask(week))
	ask(g, &weeks, "overview_weeks", week)
	if err := g.Wait(); err != nil {
		return nil, err
	}
	j, err := judge(q.Week, weeks, nil)
	if err != nil {
		return nil, err
	}
	past := make([]uint64, len(j.past))
	for i, w := range j.past {
		past[i] = w.Authors
	}
	found, err := emerging.Of(texts, terms, j.now.Authors, past)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	var list []newsRow
	for _, c := range found.Candidates[:min(len(found.Candidates), newsMost)] {
		f := q.narrow(func(f *query.Filter) { f.ID = c.PostIDs })
		row := newsRow{Terms: strings.Join(c.Terms[:min(3, len(c.Terms))], "、"), Posts: posts(uint64(len(c.PostIDs)), f), Authors: people(uint64(c.Authors), f), Expected: wording.Decimal(c.Expected) + "人", Untagged: uint64(c.Untagged)}
		if len(c.PostIDs) > newsPosts {
			f.ID = c.PostIDs[:newsPosts]
			row.Posts, row.Authors = figure{Text: row.Posts.Text, Href: f.Path()}, figure{Text: row.Authors.Text}
		}
		for _, id := range c.Examples[:min(2, len(c.Examples))] {
			row.Examples = append(row.Examples, wording.Clip(wording.Masked(found.Bodies[id]), 70))
		}
		list = append(list, row)
	}
	return list, nil
}

// newsPosts is how many posts fit into an address.
const newsPosts = 150

// oneVoice says how many voices stand behind a topic's posts.
func (q *request) oneVoice(t stats.Ranked) tile {
	return tile{
		Label: "似た文面を一つに", Figure: figure{Text: stats.Count(t.Unique, "件"), Href: q.Href("/topics", "order", string(stats.ByUnique))},
		Last: fmt.Sprintf("声の広がり %s人分・多い3人で%s", wording.Decimal(t.Concentration.Effective), stats.Percent(t.Concentration.Top(3).Value())),
	}
}

func (s *Server) vote(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	params := q.URL.Query()
	by := stats.Order(params.Get("order"))
	if by == "" {
		by = stats.ByAuthors
	}
	if !slices.Contains(stats.Orders(), by) {
		return page{}, statusError{http.StatusBadRequest, fmt.Sprintf("並び順の指定「%s」が読めません。表の見出しから選んでください。", wording.Clip(string(by), 40))}
	}
	r, err := q.ranking(params.Get("weight"))
	if err != nil {
		return page{}, err
	}
	orders := r.Orders()
	if !slices.Contains(orders, by) {
		by = stats.ByAuthors
	}
	v := voteView{Order: wording.Order(by), Copies: uint64(r.Copies), Max: ranking.MaxWeight, Key: r.Segment, Segment: s.Names.Segment(r.Segment)}
	for _, o := range orders {
		v.Columns = append(v.Columns, voteColumn{wording.Order(o), q.Href("/topics", "order", string(o), "weight", r.Segment), o == by})
	}
	for _, k := range r.Segments {
		v.Weights = append(v.Weights, tab{s.Names.Segment(k), q.Href("/topics", "order", string(by), "weight", k), k == r.Segment})
	}
	top := r.Top()
	places := map[stats.Order]map[string]int{}
	for _, o := range orders {
		places[o] = ranking.Places(top, o)
	}
	slices.SortStableFunc(top, func(x, y stats.Ranked) int { return places[by][x.ID] - places[by][y.ID] })
	for _, t := range top {
		row := voteRow{Topic: t.ID, Href: q.Href("/topic", "topic", t.ID), Mark: t.Concentration.Mark(), Spread: wording.Decimal(t.Concentration.Effective) + "人分", Top: stats.Percent(t.Concentration.Top(3).Value())}
		for _, o := range orders {
			c := voteCell{Label: wording.Order(o), Figure: q.voteFigure(t, o), Place: places[o][t.ID], Current: o == by}
			switch d := places[stats.ByPosts][t.ID] - c.Place; {
			case d > 0:
				c.Moved = fmt.Sprintf("↑%d", d)
			case d < 0:
				c.Moved = fmt.Sprintf("↓%d", -d)
			}
			row.Cells = append(row.Cells, c)
		}
		v.Rows = append(v.Rows, row)
	}
	q.voteMix(&v, r)
	if v.News, err = q.news(); err != nil {
		return page{}, err
	}
	return page{Template: "vote", Title: "話題の順位", Nav: "topics", Data: v}, nil
}

func (q *request) voteFigure(t stats.Ranked, by stats.Order) figure {
	f := q.topicFilter(t.ID, nil)
	switch by {
	case stats.ByPosts:
		return posts(t.Posts, f)
	case stats.ByUnique:
		return figure{Text: stats.Count(t.Unique, "件"), Href: f.Path()}
	case stats.ByAuthors:
		return figure{Text: stats.Count(t.Authors, "人"), Href: f.Path()}
	case stats.ByAccounts:
		return figure{Text: stats.Count(t.Accounts, "票"), Href: f.Path()}
	default:
		return figure{Text: wording.Decimal(t.Weighted) + "件", Href: f.Path()}
	}
}

// voteMix sets the posts' mix beside the customers'.
func (q *request) voteMix(v *voteView, r ranking.Ranking) {
	var posted uint64
	var customers float64
	for _, m := range r.Mix {
		posted += m.Posts
		customers += m.Customers
	}
	parts := slices.Clone(r.Mix)
	slices.SortStableFunc(parts, func(x, y stats.Stratum) int { return cmp.Compare(y.Customers, x.Customers) })
	for _, m := range parts {
		f := q.narrow(func(f *query.Filter) { f.Segment = []string{r.Segment + "=" + m.Value} })
		row := mixRow{Value: m.Value, Posts: posts(m.Posts, f), Share: stats.Percent(float64(m.Posts) / float64(max(1, posted))), Customers: "—", Weight: "1倍"}
		if m.Customers > 0 {
			row.Customers, row.Companies = stats.Percent(m.Customers/customers), uint64(m.Customers)
			row.Weight = strconv.FormatFloat(r.Weights.Of(m.Value), 'f', 2, 64) + "倍"
			if m.Posts == 0 {
				row.Weight = "—"
			}
		}
		v.Mix = append(v.Mix, row)
	}
	if len(r.Weights.Silent) > 0 {
		names := make([]string, len(r.Weights.Silent))
		for i, value := range r.Weights.Silent {
			names[i] = q.s.Names.Value(r.Segment, value)
		}
		v.Silent = strings.Join(names, "、") + "(顧客企業の" + stats.Percent(r.Weights.SilentCustomers) + ")"
	}
}
