package faulttest

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/go-faster/city"
)

// cell is one aggregate of posts.
type cell struct {
	posts, replies, positive, negative, neutral, mixed, untagged, views, reactions, accepted, rated uint64
	scoreMilli, ratingMilli                                                                         int64
	authors, accounts                                                                               set
}

type set map[uint64]bool

func (s set) add(id string) {
	if id != "" {
		s[city.CH64([]byte(id))] = true
	}
}

func (s set) sorted() []uint64 { return slices.Sorted(maps.Keys(s)) }

func newCell() *cell { return &cell{authors: set{}, accounts: set{}} }

// milli rounds as the server does: halves to the even side.
func milli(x float32) int64 { return int64(math.RoundToEven(float64(x) * 1000)) }

func (c *cell) add(m *Model, r read, polarity string, score float32) {
	c.posts++
	if r.e.ReplyTo != "" {
		c.replies++
	}
	switch polarity {
	case "positive":
		c.positive++
	case "negative":
		c.negative++
	case "neutral":
		c.neutral++
	case "mixed":
		c.mixed++
	}
	if len(r.result.Topics) == 0 {
		c.untagged++
	}
	c.scoreMilli += milli(score)
	c.views += r.e.Views
	for _, n := range r.e.Reactions {
		c.reactions += n
	}
	if r.e.Accepted {
		c.accepted++
	}
	if r.e.Rating > 0 {
		c.rated++
		c.ratingMilli += milli(float32(r.e.Rating))
	}
	c.authors.add(m.pseudonym(r.e.Author.ID))
	c.accounts.add(r.e.Author.AccountID)
}

// tag is a topic of a post, given or inherited from its children.
type tag struct {
	id, sentiment string
	score         float32
	inherited     bool
}

// tags of a post: the analyzer's, and the parents that have a child among them and are not among them themselves.
func (r read) tags() []tag {
	var out []tag
	given := map[string]bool{}
	parents := map[string]bool{}
	for _, t := range r.result.Topics {
		out = append(out, tag{t.ID, string(t.Sentiment), float32(t.Score), false})
		given[t.ID] = true
		for i, c := range t.ID {
			if c == '/' {
				parents[t.ID[:i]] = true
			}
		}
	}
	for p := range parents {
		if given[p] {
			continue
		}
		var sum float64
		var n int
		seen := map[string]bool{}
		for _, t := range r.result.Topics {
			if strings.HasPrefix(t.ID, p+"/") {
				sum += float64(float32(t.Score))
				n++
				seen[string(t.Sentiment)] = true
			}
		}
		t := tag{p, "neutral", float32(sum / float64(n)), true}
		switch {
		case seen["mixed"], seen["positive"] && seen["negative"]:
			t.sentiment = "mixed"
		case seen["positive"]:
			t.sentiment = "positive"
		case seen["negative"]:
			t.sentiment = "negative"
		}
		out = append(out, t)
	}
	return out
}

func monday(day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return d.AddDate(0, 0, -(int(d.Weekday())+6)%7).Format(time.DateOnly)
}

func isoWeek(week string) string {
	d, err := time.Parse(time.DateOnly, week)
	if err != nil {
		panic(err)
	}
	y, w := d.ISOWeek()
	return text(y) + "-W" + string(rune('0'+w/10)) + string(rune('0'+w%10))
}

func level(topic string) int { return strings.Count(topic, "/") + 1 }

// cellKey is the key of a cell of posts: day or week, community, tag, source, channel, role.
type cellKey struct{ day, community, tag, source, channel, role string }

func (c *cell) net() float64 {
	if c.posts == 0 {
		return 0
	}
	return float64(int64(c.positive)-int64(c.negative)) / float64(c.posts)
}

// measures are the columns of a cell as the views of topics and intents show them.
func (c *cell) measures() []any {
	return []any{c.posts, c.replies, c.positive, c.negative, c.neutral, c.mixed, c.net(), float64(c.scoreMilli) / 1000, c.views, c.reactions,
		c.accepted, c.rated, float64(c.ratingMilli) / 1000, len(c.authors), len(c.accounts), c.authors.sorted(), c.accounts.sorted()}
}

func at(cells map[cellKey]*cell, g cellKey) *cell {
	if cells[g] == nil {
		cells[g] = newCell()
	}
	return cells[g]
}

// Views returns the rows that each view of the SQL contract must show, by the view's name.
func (m *Model) Views() map[string][][]any {
	topics, weeks, intents, channels := map[cellKey]*cell{}, map[cellKey]*cell{}, map[cellKey]*cell{}, map[cellKey]*cell{}
	hours := map[hourKey]*hourCell{}
	dailies := map[dailyKey]*daily{}
	out := map[string][][]any{}
	for _, r := range m.visible() {
		sentiment, score := string(r.result.Sentiment), float32(r.result.Score)
		g := cellKey{r.day, r.key.community, "", r.e.Source, r.e.Channel, r.e.Author.Role}
		at(channels, g).add(m, r, sentiment, score)
		hour(hours, r.day, r.key.community, r.at.In(m.zone).Hour(), r.e.Author.Role).post(m, r)
		m.daily(dailies, r.day, r.key.community).post(m, r, sentiment, score)
		for _, t := range r.tags() {
			g.tag = t.id
			at(topics, g).add(m, r, t.sentiment, t.score)
			w := g
			w.day = monday(r.day)
			at(weeks, w).add(m, r, t.sentiment, t.score)
			out["post_topics"] = append(out["post_topics"], []any{r.key.community, r.day, r.key.id, t.id, level(t.id), t.inherited, t.sentiment, t.score,
				sentiment, r.at, r.e.Source, r.e.Channel, r.e.Author.Role})
		}
		seen := map[string]bool{}
		for _, i := range r.result.Intents {
			if !seen[i.ID] {
				seen[i.ID] = true
				g.tag = i.ID
				at(intents, g).add(m, r, sentiment, score)
			}
		}
		out["posts"] = append(out["posts"], m.postRow(r, sentiment, score))
	}
	for k, e := range m.activity {
		m.daily(dailies, k.day, k.community).act(m, e.a)
		if e.a.Event == "viewed" || e.a.Event == "reacted" {
			hour(hours, k.day, k.community, e.a.OccurredAt.In(m.zone).Hour(), e.a.Author.Role).act(e.a.Event, *e.a.Count)
		}
	}
	for g, c := range topics {
		out["topic_daily"] = append(out["topic_daily"], append([]any{g.day, monday(g.day), g.community, g.tag, level(g.tag), g.source, g.channel, g.role}, c.measures()...))
	}
	for g, c := range weeks {
		out["topic_weekly"] = append(out["topic_weekly"], append([]any{g.day, isoWeek(g.day), g.community, g.tag, level(g.tag), g.source, g.channel, g.role}, c.measures()...))
	}
	for g, c := range intents {
		out["intent_daily"] = append(out["intent_daily"], append([]any{g.day, monday(g.day), g.community, g.tag, g.source, g.channel, g.role}, c.measures()...))
	}
	for g, c := range channels {
		row := []any{g.day, monday(g.day), g.community, g.source, g.channel, g.role}
		ms := c.measures()
		row = append(append(append(row, ms[:8]...), c.untagged), ms[8:]...)
		out["channel_daily"] = append(out["channel_daily"], row)
	}
	for k, c := range hours {
		d, err := time.Parse(time.DateOnly, k.day)
		if err != nil {
			panic(err)
		}
		out["hourly"] = append(out["hourly"], []any{k.day, monday(k.day), k.community, (int(d.Weekday())+6)%7 + 1, k.hour, k.role,
			c.posts, c.replies, c.viewed, c.reacted, len(c.authors), c.authors.sorted()})
	}
	for k, d := range dailies {
		out["community_daily"] = append(out["community_daily"], d.row(k))
	}
	out["surveys"] = m.surveyRows()
	out["ledger"] = m.ledger()
	out["ledger_offsets"] = m.offsets()
	out["dead_letters"] = m.deadLetters()
	return out
}

type hourKey struct {
	day, community string
	hour           int
	role           string
}

type hourCell struct {
	posts, replies  uint64
	viewed, reacted int64
	authors         set
}

func hour(hours map[hourKey]*hourCell, day, community string, h int, role string) *hourCell {
	k := hourKey{day, community, h, role}
	if hours[k] == nil {
		hours[k] = &hourCell{authors: set{}}
	}
	return hours[k]
}

func (c *hourCell) post(m *Model, r read) {
	c.posts++
	if r.e.ReplyTo != "" {
		c.replies++
	}
	c.authors.add(m.pseudonym(r.e.Author.ID))
}

func (c *hourCell) act(kind string, n int64) {
	if kind == "viewed" {
		c.viewed += n
	} else {
		c.reacted += n
	}
}

type dailyKey struct{ day, community string }

type daily struct {
	cell
	staff   uint64
	intents map[string]uint64
	acts    map[string]int64
	members set
}

func (m *Model) daily(all map[dailyKey]*daily, day, community string) *daily {
	k := dailyKey{day, community}
	if all[k] == nil {
		all[k] = &daily{cell: *newCell(), intents: map[string]uint64{}, acts: map[string]int64{}, members: set{}}
	}
	return all[k]
}

func (d *daily) post(m *Model, r read, sentiment string, score float32) {
	d.add(m, r, sentiment, score)
	if r.e.Author.Role == "staff" {
		d.staff++
	}
	seen := map[string]bool{}
	for _, i := range r.result.Intents {
		if !seen[i.ID] {
			seen[i.ID] = true
			d.intents[i.ID]++
		}
	}
	d.members.add(m.pseudonym(r.e.Author.ID))
}

func (d *daily) row(k dailyKey) []any {
	return []any{k.day, monday(k.day), k.community, d.posts, d.posts - d.replies, d.replies, d.staff, d.positive, d.negative, d.neutral, d.mixed,
		d.net(), float64(d.scoreMilli) / 1000, d.untagged,
		d.intents["question"], d.intents["answer"], d.intents["request"], d.intents["complaint"], d.intents["praise"], d.intents["churn_risk"],
		len(d.authors), len(d.accounts), len(d.members),
		d.acts["viewed"], d.acts["reacted"], d.acts["accepted"], d.acts["joined"], d.acts["login"], d.acts["point"],
		d.authors.sorted(), d.accounts.sorted(), d.members.sorted()}
}
