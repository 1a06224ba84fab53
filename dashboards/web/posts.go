package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// postsView is the drill-down: the posts behind any number.
type postsView struct {
	Count  query.PostCount
	Mood   mood
	Cards  []card
	Chips  []filterChip
	Fields []filterField
	Hidden [][2]string // parameters that no field of the form holds
	From   string
	To     string
	Text   string
	Sort   string
	First  uint64 // number of the first post shown, from 1
	Last   uint64
	Back   string // address of the page before, if any
	More   string
	Reset  string
	Sorts  []sortLink
}

type filterChip struct{ Label, Value, Remove string }

type filterField struct {
	Name, Label string
	Options     []option
}

type option struct {
	Value, Text string
	Selected    bool
}

type sortLink struct {
	Text, Href string
	Current    bool
}

// pageSize is how many posts are shown on one page.
const pageSize = 30

func (s *Server) posts(q *request) (page, error) {
	if p, ok := q.empty(); ok {
		return p, nil
	}
	v := q.URL.Query()
	week := v.Get("week")
	if v.Get("from") == "" && v.Get("to") == "" && week == "" {
		v.Set("week", query.FormatWeek(q.Week))
	}
	if v.Get("from") != "" && v.Get("to") != "" {
		v.Del("week")
	}
	f, err := query.ParseFilter(v)
	if err != nil {
		return page{}, statusError{http.StatusBadRequest, "絞り込みの条件が読めません。" + err.Error()}
	}
	f.Community = q.Community.Community // the one that the user may read
	if f.Limit == 0 || f.Limit > 200 {
		f.Limit = pageSize
	}
	var (
		count    []query.PostCount
		list     []query.Post
		channels []query.ChannelWeek
	)
	g := q.group()
	ask(g, &count, "posts_count", f.Params())
	ask(g, &list, "posts_list", f.ListParams())
	ask(g, &channels, "channel_weeks", query.Params{"community": f.Community, "week": q.Latest, "weeks": 12})
	if err := g.Wait(); err != nil {
		return page{}, err
	}
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.PostID
	}
	spans, err := q.spansOf(f, ids)
	if err != nil {
		return page{}, err
	}
	d := postsView{From: f.From.Format("2006-01-02"), To: f.To.Format("2006-01-02"), Text: f.Text, Sort: f.Sort}
	if len(count) > 0 {
		d.Count = count[0]
		d.Mood = mood{d.Count.Positive, d.Count.Mixed, d.Count.Neutral, d.Count.Negative}
	}
	var tags []string
	for _, t := range f.Topic {
		tags = append(tags, "topic="+t)
	}
	for _, i := range f.Intent {
		tags = append(tags, "intent="+i)
	}
	for _, p := range list {
		d.Cards = append(d.Cards, q.card(p, spans[p.PostID], cardRunes, tags...))
	}
	d.First, d.Last = f.Offset+1, f.Offset+uint64(len(list))
	turn := func(offset uint64) string {
		g := f
		g.Offset = offset
		return g.Path()
	}
	if f.Offset > 0 {
		d.Back = turn(f.Offset - min(f.Offset, f.Limit))
	}
	if d.Last < d.Count.Posts {
		d.More = turn(f.Offset + f.Limit)
	}
	d.Chips = q.filterChips(f)
	d.Fields, d.Hidden = q.filterFields(f, channels)
	d.Reset = query.Filter{Community: f.Community, From: f.From, To: f.To}.Path()
	for _, o := range [][2]string{{"", "新しい順"}, {"negative", "否定的な順"}, {"reactions", "反応の多い順"}} {
		g := f
		g.Sort, g.Offset = o[0], 0
		current := f.Sort == o[0] || o[0] == "" && f.Sort == "newest"
		d.Sorts = append(d.Sorts, sortLink{o[1], g.Path(), current})
	}
	return page{Template: "posts", Title: "投稿", Nav: "posts", Own: true, Data: d}, nil
}

// filterNames are the labels of a filter's lists.
func filterNames() [][2]string {
	return [][2]string{
		{"topic", "話題"}, {"topic_sentiment", "話題への感情"}, {"intent", "意図"}, {"sentiment", "投稿の感情"}, {"role", "役割"}, {"source", "情報源"}, {"channel", "チャンネル"},
		{"segment", "セグメント"}, {"account", "企業"}, {"author", "投稿者"}, {"thread", "スレッド"}, {"signal", "シグナル"}, {"phrase", "語句"}, {"flag", "処理の注記"}, {"id", "投稿ID"},
		{"weekday", "曜日"}, {"hour", "時刻"}, {"reply", "返信"}, {"quarantined", "隔離"}, {"text", "本文に含む"},
	}
}

func (q *request) filterValue(key, v string) string {
	n := q.s.Names
	switch key {
	case "topic":
		return n.Topic(v)
	case "intent":
		return n.Intent(v)
	case "sentiment", "topic_sentiment":
		return n.Sentiment(v)
	case "role":
		return n.Role(v)
	case "source":
		return n.Source(v)
	case "flag":
		return n.Flag(v)
	case "segment":
		k, value, _ := strings.Cut(v, "=")
		return n.Segment(k) + "=" + n.Value(k, value)
	case "signal":
		k, value, _ := strings.Cut(v, "=")
		if value == "" {
			return n.Signal(k)
		}
		return n.Signal(k) + ": " + n.Value(k, value)
	case "weekday":
		i, _ := strconv.Atoi(v)
		return [...]string{"", "月曜", "火曜", "水曜", "木曜", "金曜", "土曜", "日曜"}[i]
	case "hour":
		return v + "時台"
	case "quarantined":
		return map[string]string{"yes": "隔離した投稿だけ", "no": "隔離した投稿を除く"}[v]
	case "reply":
		return map[string]string{"yes": "返信だけ", "no": "返信以外"}[v]
	default:
		return cmp.Or(v, "(なし)")
	}
}

// filterChips are the conditions in force, each with the address without it.
func (q *request) filterChips(f query.Filter) []filterChip {
	address, err := url.Parse(f.Path())
	if err != nil {
		return nil
	}
	all := address.Query()
	all.Del("offset")
	all.Del("limit")
	var list []filterChip
	for _, name := range filterNames() {
		key, label := name[0], name[1]
		values := all[key]
		if len(values) == 0 {
			continue
		}
		without := func(rest []string) string {
			v := url.Values{}
			for k, x := range all {
				v[k] = x
			}
			v[key] = rest
			return query.PostsPath + "?" + v.Encode()
		}
		if len(values) > 6 {
			list = append(list, filterChip{label, fmt.Sprintf("%s のいずれか", stats.Count(uint64(len(values)), "個")), without(nil)})
			continue
		}
		for i, value := range values {
			list = append(list, filterChip{label, q.filterValue(key, value), without(slices.Delete(slices.Clone(values), i, i+1))})
		}
	}
	return list
}

// filterFields are the choices of the form; conditions that it cannot hold stay as hidden parameters.
func (q *request) filterFields(f query.Filter, channels []query.ChannelWeek) ([]filterField, [][2]string) {
	n := q.s.Names
	address, err := url.Parse(f.Path())
	if err != nil {
		return nil, nil
	}
	all := address.Query()
	var sources, rooms []string
	for _, c := range channels {
		sources = append(sources, c.Source)
		if c.Channel != "" {
			rooms = append(rooms, c.Channel)
		}
	}
	slices.Sort(sources)
	slices.Sort(rooms)
	choices := map[string][]string{
		"topic": append(slices.Clone(n.Topics()), ""), "sentiment": polarityIDs(), "intent": append(slices.Clone(n.Intents()), ""), "role": {"member", "leader", "partner", "staff", "outsider"},
		"source": slices.Compact(sources), "channel": slices.Compact(rooms), "reply": {"no", "yes"}, "quarantined": {"no", "yes"},
	}
	var fields []filterField
	held := []string{"from", "to", "text", "offset", "limit"}
	for _, name := range filterNames() {
		key, label := name[0], name[1]
		if choices[key] == nil || len(all[key]) > 1 {
			continue
		}
		held = append(held, key)
		field := filterField{Name: key, Label: label, Options: []option{{Text: "すべて", Selected: len(all[key]) == 0}}}
		values := choices[key]
		if len(all[key]) == 1 && !slices.Contains(values, all[key][0]) {
			values = append(slices.Clone(values), all[key][0])
		}
		for _, v := range values {
			if v == "" && (len(all[key]) == 0 || all[key][0] != "") {
				continue // "none" cannot be told from "any" in a form; it is reached by links
			}
			field.Options = append(field.Options, option{v, q.filterValue(key, v), len(all[key]) == 1 && all[key][0] == v})
		}
		fields = append(fields, field)
	}
	var hidden [][2]string
	for key, values := range all {
		if slices.Contains(held, key) {
			continue
		}
		for _, v := range values {
			hidden = append(hidden, [2]string{key, v})
		}
	}
	slices.SortFunc(hidden, func(x, y [2]string) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	return fields, hidden
}
