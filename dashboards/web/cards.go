package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// card is a post as it is shown.
type card struct {
	query.Post
	Href  string
	Meta  []string
	Head  []piece // title
	Text  []piece // body
	Cut   bool    // the body goes on
	Chips []chip
	Why   string // why it is shown here
	Reply bool
}

// piece is a run of a text, with the evidence that lies on it.
type piece struct {
	Text string
	Href string // of the evidence's place on the post's page
	Tone string
	Why  string // a line an evidence: kind, tag and rule, separated by tabs
}

// chip is a tag of a post.
type chip struct{ Class, Text, Href string }

// cardRunes is how much of a post is shown in a list.
const cardRunes = 260

// card shows a post with the words marked that prove one of the tags, such as topic=pricing; without tags, all evidence
// is marked. most 0 shows the whole text.
func (q *request) card(p query.Post, spans []query.Span, most int, tags ...string) card {
	n := q.s.Names
	c := card{Post: p, Href: q.PostHref(p.PostID), Reply: p.ReplyTo != ""}
	c.Meta = append(c.Meta, n.At(p.PostedAt))
	where := n.Source(p.Source)
	if p.Channel != "" {
		where = p.Channel
	}
	c.Meta = append(c.Meta, where, n.Role(p.AuthorRole))
	if name := cmp.Or(p.AccountName, p.AccountID); name != "" {
		if plan := cmp.Or(p.Attributes["plan"], p.AccountAttributes["plan"]); plan != "" {
			name += "(" + n.Value("plan", plan) + ")"
		}
		c.Meta = append(c.Meta, name)
	}
	if p.Rating > 0 {
		c.Meta = append(c.Meta, fmt.Sprintf("★%.0f", p.Rating))
	}
	if p.Reactions > 0 {
		c.Meta = append(c.Meta, "反応 "+stats.Count(p.Reactions, "件"))
	}
	if p.Accepted {
		c.Meta = append(c.Meta, "採用された回答")
	}
	for _, f := range p.Flags {
		c.Meta = append(c.Meta, n.Flag(f))
	}
	wanted := func(s query.Span) bool {
		return len(tags) == 0 || slices.ContainsFunc(tags, func(t string) bool {
			kind, tag, _ := strings.Cut(t, "=")
			return kind == s.Kind && (tag == s.Tag || strings.HasPrefix(s.Tag, tag+"/"))
		})
	}
	c.Head = q.pieces(p.Title, "title", c.Href, p, spans, wanted)
	c.Text = q.pieces(p.Body, "body", c.Href, p, spans, wanted)
	if most > 0 {
		c.Text, c.Cut = clipPieces(c.Text, most)
	}
	c.Chips = q.chips(p)
	return c
}

// chips are the tags of a post; a click shows the week's posts with the tag.
func (q *request) chips(p query.Post) []chip {
	n := q.s.Names
	narrow := func(change func(*query.Filter)) string {
		return q.postWeek(p, change).Path()
	}
	list := []chip{{"tag " + p.Sentiment, n.Sentiment(p.Sentiment), narrow(func(f *query.Filter) { f.Sentiment = []string{p.Sentiment} })}}
	for _, t := range p.Topics {
		list = append(list, chip{"tag", n.Topic(t), narrow(func(f *query.Filter) { f.Topic = []string{t} })})
	}
	for _, i := range p.Intents {
		list = append(list, chip{"tag intent", n.Intent(i), narrow(func(f *query.Filter) { f.Intent = []string{i} })})
	}
	return list
}

// postWeek is the drill-down to the week of a post.
func (q *request) postWeek(p query.Post, change func(*query.Filter)) query.Filter {
	week := monday(p.Day)
	f := query.Filter{Community: q.Community.Community, From: week, To: week.AddDate(0, 0, 6)}
	change(&f)
	return f
}

// pieces cuts a text at the bounds of its evidence.
func (q *request) pieces(text, field, href string, p query.Post, spans []query.Span, wanted func(query.Span) bool) []piece {
	runes := []rune(text)
	type reach struct{ span, start, end int }
	var mine []reach
	cuts := []int{0, len(runes)}
	for i, s := range spans {
		if s.Field == field && wanted(s) && int(s.Start) < int(s.End) && int(s.End) <= len(runes) {
			start, end := wording.Whole(text, int(s.Start), int(s.End))
			mine = append(mine, reach{i, start, end})
			cuts = append(cuts, start, end)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var list []piece
	for k := 0; k+1 < len(cuts); k++ {
		from, to := cuts[k], cuts[k+1]
		x := piece{Text: wording.Masked(string(runes[from:to]))}
		for _, m := range mine {
			s := spans[m.span]
			if m.start > from || m.end < to {
				continue
			}
			if x.Why == "" {
				x.Href = fmt.Sprintf("%s#e%d", href, m.span)
			} else {
				x.Why += "\n"
			}
			kind, tag := q.evidence(s)
			x.Why += kind + "\t" + tag + "\t" + s.Rule
			x.Tone = cmp.Or(x.Tone, tone(s, p))
		}
		list = append(list, x)
	}
	return list
}

// evidence names what a span proves.
func (q *request) evidence(s query.Span) (kind, tag string) {
	n := q.s.Names
	switch s.Kind {
	case "topic":
		return "話題", n.Topic(s.Tag)
	case "intent":
		return "意図", n.Intent(s.Tag)
	case "sentiment":
		return "感情", n.Sentiment(s.Tag)
	default:
		k, v, _ := strings.Cut(s.Tag, "=")
		return n.Signal(k), n.Value(k, v)
	}
}

// tone is how a mark is coloured: by the polarity it proves, else by that of the post.
func tone(s query.Span, p query.Post) string {
	switch {
	case s.Kind == "sentiment":
		return s.Tag
	case s.Kind == "intent" && slices.Contains([]string{"complaint", "bug", "churn_risk"}, s.Tag):
		return "negative"
	case s.Kind == "intent" && slices.Contains([]string{"praise", "success_story", "recommend", "thanks", "resolution"}, s.Tag):
		return "positive"
	default:
		return p.Sentiment
	}
}

func clipPieces(list []piece, most int) ([]piece, bool) {
	for i, p := range list {
		runes := []rune(p.Text)
		if len(runes) <= most {
			most -= len(runes)
			continue
		}
		if i+1 == len(list) && len(runes) <= most+20 {
			return list, false // the last words are not worth cutting
		}
		p.Text = string(runes[:most]) + "…"
		return append(slices.Clone(list[:i]), p), true
	}
	return list, false
}

// spansOf asks for the evidence of posts of some days.
func (q *request) spansOf(f query.Filter, ids []string) (map[string][]query.Span, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []query.Span
	err := query.Run(q.ctx, q.s.Conn, "post_spans", query.Params{"community": f.Community, "from": f.From, "to": f.To, "id": ids}, &rows)
	m := map[string][]query.Span{}
	for _, s := range rows {
		m[s.PostID] = append(m[s.PostID], s)
	}
	return m, err
}

// voices picks a few posts on one topic: of different people, moods and segments, no two alike, and rather those that
// speak of little else.
func (q *request) voices(candidates []query.VoiceCandidate, most int) ([]query.Post, stats.Pick, error) {
	seen := map[string]bool{}
	var list []stats.Voice
	var from []query.Post
	for _, c := range candidates {
		if seen[c.PostID] {
			continue
		}
		seen[c.PostID] = true
		var segments []string
		if most > 2 { // with fewer the most telling ones are shown
			for _, k := range []string{"plan", "touch_model", "industry", "usage_phase"} {
				if v := cmp.Or(c.Attributes[k], c.AccountAttributes[k]); v != "" {
					segments = append(segments, k+"="+v)
				}
			}
		}
		weight := math.Abs(float64(c.TopicScore)) + 1/float64(max(1, len(c.Topics))) + min(1, float64(c.Reactions)/10)
		if n := utf8.RuneCountInString(c.Body); n >= 15 && n <= 300 {
			weight++
		}
		list = append(list, stats.Voice{ID: c.PostID, Author: query.Speaker(c.AuthorID, c.PostID), Body: c.Body, Topics: []string{c.TopicSentiment}, Segments: segments, Weight: weight})
		from = append(from, c.Post)
	}
	if len(list) == 0 {
		return nil, stats.Pick{}, nil
	}
	cfg := stats.DefaultPickConfig()
	cfg.Voices = most
	pick, err := stats.PickVoices(cfg, list)
	if err != nil {
		return nil, pick, fmt.Errorf("web: %w", err)
	}
	var out []query.Post
	for _, i := range pick.Voices {
		out = append(out, from[i])
	}
	return out, pick, nil
}

// headline is a short name of a post for lists.
func headline(title, body string) string { return wording.Clip(cmp.Or(title, body), 60) }
