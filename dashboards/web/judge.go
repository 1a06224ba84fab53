package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// judged is the week among the weeks before, with the judged change of every topic.
type judged struct {
	now     query.OverviewWeek
	past    []query.OverviewWeek // weeks before since the first post, oldest first
	topics  []query.TopicWeek    // of the week, most posts first
	history []query.TopicWeek
	changes map[string]stats.Change
}

func judge(week time.Time, weeks []query.OverviewWeek, topics []query.TopicWeek) (*judged, error) {
	j := &judged{now: query.OverviewWeek{Week: week}, history: topics, changes: map[string]stats.Change{}}
	for _, w := range weeks {
		switch {
		case w.Week.Equal(week):
			j.now = w
		case w.Week.Before(week) && (len(j.past) > 0 || w.Posts > 0):
			j.past = append(j.past, w)
		}
	}
	type key struct {
		week time.Time
		id   string
	}
	counts := map[key]query.TopicWeek{}
	var ids []string
	for _, t := range topics {
		counts[key{t.Week, t.Topic}] = t
		ids = append(ids, t.Topic)
		if t.Week.Equal(week) {
			j.topics = append(j.topics, t)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	list := make([]stats.Series, len(ids))
	for i, id := range ids {
		list[i].ID = id
		for _, w := range append(slices.Clone(j.past), j.now) {
			t := counts[key{w.Week, id}]
			list[i].Weeks = append(list[i].Weeks, stats.Week{Posts: t.Posts, Authors: t.Authors, SumSquares: t.SumSquares, Base: w.Posts})
		}
	}
	found, err := stats.Changes(stats.DefaultChangeConfig(), list)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	for _, c := range found {
		j.changes[c.ID] = c
	}
	return j, nil
}

// row is a topic's numbers of the week.
func (j *judged) row(topic string) query.TopicWeek {
	for _, t := range j.topics {
		if t.Topic == topic {
			return t
		}
	}
	return query.TopicWeek{Week: j.now.Week, Topic: topic, Level: uint8(1 + strings.Count(topic, "/"))}
}

// versus is the comparison that gave a topic's verdict.
func (j *judged) versus(topic string) stats.Comparison {
	c := j.changes[topic]
	if c.VsMean.Reason == stats.ReasonShortMemory || c.VsMean.Weeks == 0 {
		return c.VsLast
	}
	return c.VsMean
}

// share is the topic's part of the week's posts with an interval that allows for authors who write much.
func (j *judged) share(topic string) (float64, stats.Interval) {
	t := j.row(topic)
	effect := 1.0
	if t.Posts > 0 {
		effect = float64(t.SumSquares) / float64(t.Posts)
	}
	s := stats.Share{Hits: t.Posts, Total: j.now.Posts}
	return s.Value(), s.WilsonClustered(stats.Level95, effect)
}

// changed are the topics whose change is worth telling: the largest first, a child instead of the parent it explains.
func (j *judged) changed() []string {
	excess := func(id string) float64 { return math.Abs(float64(j.changes[id].Now.Posts) - j.versus(id).Expected) }
	var all []string
	for id, c := range j.changes {
		if c.Verdict == stats.Up || c.Verdict == stats.Down {
			all = append(all, id)
		}
	}
	var list []string
	for _, id := range all {
		told := slices.ContainsFunc(all, func(other string) bool {
			child := strings.HasPrefix(other, id+"/") && excess(other) >= 0.6*excess(id)
			parent := strings.HasPrefix(id, other+"/") && excess(id) < 0.6*excess(other)
			return child || parent
		})
		if !told {
			list = append(list, id)
		}
	}
	slices.SortFunc(list, func(x, y string) int { return cmp.Or(cmp.Compare(excess(y), excess(x)), cmp.Compare(x, y)) })
	return list
}

// tree puts each child under its parent, parents by posts.
func (j *judged) tree() []query.TopicWeek {
	var list []query.TopicWeek
	var add func(parent string, level uint8)
	add = func(parent string, level uint8) {
		for _, t := range j.topics { // most posts first
			if t.Level == level && (level == 1 || strings.HasPrefix(t.Topic, parent+"/")) {
				list = append(list, t)
				add(t.Topic, level+1)
			}
		}
	}
	add("", 1)
	return list
}

// verdict is what may be said about a change.
type verdict struct {
	Class string // up, down or none, and good or bad
	Text  string
	Sub   string
}

// verdict prints the change of a topic: an arrow only where there is one.
func (j *judged) verdict(topic string) verdict {
	c, versus := j.changes[topic], j.versus(topic)
	t := j.row(topic)
	switch c.Verdict {
	case stats.Up, stats.Down:
		tone := "good"
		if (c.Verdict == stats.Up) == (t.Negative >= t.Positive) {
			tone = "bad"
		}
		return verdict{string(c.Verdict) + " " + tone, c.Verdict.Arrow() + " " + wording.Times(versus.Ratio), "見込み " + wording.Decimal(versus.Expected) + "件"}
	case stats.TooFew:
		return verdict{"none", c.Reason.Text(), ""}
	case "":
		return verdict{"none", "この週までの投稿なし", ""}
	default:
		return verdict{"flat", c.Verdict.Arrow() + " " + wording.Times(versus.Ratio), c.Reason.Text()}
	}
}

// lift is how a segment's value takes part in a topic.
type lift struct {
	Segment, Value string
	Posts          uint64 // of the topic
	Base           uint64 // of the value
	Negative       uint64
	Share          float64 // of the topic's posts
	Usual          float64 // of all posts
	Surprise       float64 // log-likelihood ratio of Share against Usual; negative when there are fewer than usual
}

// lifts compares the segments' shares of a topic with those of all posts of the week.
func (j *judged) lifts(topic string, rows []query.SegmentWeek) []lift {
	type key struct{ segment, value string }
	m := map[key]*lift{}
	var order []key
	for _, r := range rows {
		if !r.Week.Equal(j.now.Week) || r.Topic != "" && r.Topic != topic {
			continue
		}
		k := key{r.Segment, r.Value}
		if m[k] == nil {
			m[k] = &lift{Segment: r.Segment, Value: r.Value}
			order = append(order, k)
		}
		if r.Topic == "" {
			m[k].Base = r.Posts
		} else {
			m[k].Posts, m[k].Negative = r.Posts, r.Negative
		}
	}
	total := float64(j.row(topic).Posts)
	var list []lift
	for _, k := range order {
		l := *m[k]
		if total > 0 && j.now.Posts > 0 {
			l.Share, l.Usual = float64(l.Posts)/total, float64(l.Base)/float64(j.now.Posts)
			l.Surprise = surprise(float64(l.Posts), total, l.Usual)
		}
		list = append(list, l)
	}
	return list
}

// surprise is Dunning's log-likelihood ratio of k in n where a share q is usual, with the sign of the difference.
func surprise(k, n, q float64) float64 {
	term := func(o, e float64) float64 {
		if o == 0 || e == 0 {
			return 0
		}
		return o * math.Log(o/e)
	}
	g := 2 * (term(k, n*q) + term(n-k, n*(1-q)))
	if k < n*q {
		return -g
	}
	return g
}

// telling are the lifts worth naming: at most two, of different segments.
func telling(list []lift) []lift {
	list = slices.DeleteFunc(slices.Clone(list), func(l lift) bool {
		return wording.Unset(l.Value) || l.Segment == "source" || l.Segment == "channel" || // these say where, not who
			l.Posts < 5 || l.Share < 0.4 || l.Share < 1.3*l.Usual
	})
	slices.SortFunc(list, func(x, y lift) int {
		return cmp.Or(cmp.Compare(y.Surprise, x.Surprise), cmp.Compare(x.Segment, y.Segment), cmp.Compare(x.Value, y.Value))
	})
	var out []lift
	for _, l := range list {
		if len(out) < 2 && !slices.ContainsFunc(out, func(o lift) bool { return o.Segment == l.Segment }) {
			out = append(out, l)
		}
	}
	return out
}

// usableSegments are those that split the posts into a handful of values.
func usableSegments(keys []query.SegmentKey) []string {
	var list []string
	for _, k := range keys {
		if k.Values >= 2 && k.Values <= 12 && k.Known*10 >= k.Posts {
			list = append(list, k.Segment)
		}
	}
	return list
}
