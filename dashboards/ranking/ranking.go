// Package ranking counts the topics of some days in every way side by side: posts as they are, with near-duplicates
// once, by author, by company, and weighted to the mix of the customers. One voice, one vote: whoever reads a ranking
// sees whether it rests on many people. The report and the pages show the same numbers from here.
//
// The counting is that of package stats, the texts come from the queries of package query. The package keeps nothing.
package ranking

import (
	"fmt"
	"slices"
	"strings"

	"voc/analyze/similar"
	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// MaxWeight bounds what one post may count for when posts are weighted, so that two posts of a rare plan do not speak
// for a hundred customers.
const MaxWeight = 5

// Ranking is every topic in every way of counting.
type Ranking struct {
	// Topics are by posts, most first; parents and children alike.
	Topics []stats.Ranked
	// Copies is how many posts are left out when near-duplicates count once, over all topics.
	Copies int
	// Segment is what the weights go by, empty when nothing is known about the customers: then nothing is weighted.
	Segment string
	// Segments are those that the weights could go by.
	Segments []string
	// Weights are those of the values of Segment.
	Weights stats.Weights
	// Mix sets the values' posts beside their customers, by value.
	Mix []stats.Stratum
}

// Input is what the counting needs: the answers to week_texts, week_voices and customer_mix.
type Input struct {
	Texts  []query.WeekText
	Voices []query.WeekVoice
	Mix    []query.CustomerPart
	// Segment is the attribute that Voices carry the value of.
	Segment string
}

// Of ranks.
func Of(in Input) (Ranking, error) {
	texts := make([]similar.Text, len(in.Texts))
	for i, p := range in.Texts {
		texts[i] = similar.Text{ID: p.PostID, Author: p.AuthorID, Body: p.Body}
	}
	dup, err := similar.Find(similar.DefaultConfig(), texts)
	if err != nil {
		return Ranking{}, fmt.Errorf("ranking: %w", err)
	}
	voices := make(map[string]query.WeekVoice, len(in.Voices))
	for _, v := range in.Voices {
		voices[v.PostID] = v
	}
	r := Ranking{Segments: segments(in.Mix)}
	if err := r.weigh(in, voices); err != nil {
		return r, err
	}
	all := make([]int, len(texts))
	byTopic := map[string][]int{}
	for i, p := range in.Texts {
		all[i] = i
		for _, t := range p.Topics {
			byTopic[t] = append(byTopic[t], i)
		}
	}
	r.Copies = len(texts) - dup.Unique(all)
	topics := make([]stats.Topic, 0, len(byTopic))
	for id, posts := range byTopic {
		t := stats.Topic{ID: id}
		told := map[int]bool{} // groups of copies that count already
		for _, i := range posts {
			p := in.Texts[i]
			v := voices[p.PostID]
			x := stats.Voices{Author: query.Speaker(p.AuthorID, p.PostID), Account: v.AccountID, Stratum: v.Value, Posts: 1}
			// A group of copies counts where its first post stands.
			g := dup.GroupOf[i]
			if g < 0 || !told[g] {
				x.Unique = 1
			}
			told[g] = true
			t.Voices = append(t.Voices, x)
		}
		topics = append(topics, t)
	}
	if r.Topics, err = stats.Rank(topics, r.Weights, stats.ByPosts); err != nil {
		return r, fmt.Errorf("ranking: %w", err)
	}
	return r, nil
}

// weigh compares the posts' mix with the customers'.
func (r *Ranking) weigh(in Input, voices map[string]query.WeekVoice) error {
	if !slices.Contains(r.Segments, in.Segment) {
		return nil
	}
	posts := map[string]uint64{}
	for _, p := range in.Texts {
		posts[voices[p.PostID].Value]++
	}
	for _, c := range in.Mix {
		if c.Segment == in.Segment {
			r.Mix = append(r.Mix, stats.Stratum{Value: c.Value, Posts: posts[c.Value], Customers: float64(c.Customers)})
			delete(posts, c.Value)
		}
	}
	for value, n := range posts {
		r.Mix = append(r.Mix, stats.Stratum{Value: value, Posts: n})
	}
	slices.SortFunc(r.Mix, func(x, y stats.Stratum) int { return strings.Compare(x.Value, y.Value) })
	var err error
	if r.Weights, err = stats.PostStratify(r.Mix, MaxWeight); err != nil {
		return fmt.Errorf("ranking: %w", err)
	}
	r.Segment = in.Segment
	return nil
}

// segments are those that split the customers into a handful of values.
func segments(mix []query.CustomerPart) []string {
	values := map[string]int{}
	for _, c := range mix {
		values[c.Segment]++
	}
	var list []string
	for s, n := range values {
		if n >= 2 && n <= 12 {
			list = append(list, s)
		}
	}
	slices.Sort(list)
	return list
}

// Preferred is the segment to weight by when nobody says which: what customers pay for tells most about who they are.
func Preferred(mix []query.CustomerPart) string {
	known := segments(mix)
	for _, s := range []string{"plan", "ltv_band", "touch_model", "industry"} {
		if slices.Contains(known, s) {
			return s
		}
	}
	return "plan"
}

// Row is a topic's numbers; zero when nobody speaks of it.
func (r Ranking) Row(topic string) stats.Ranked {
	for _, t := range r.Topics {
		if t.ID == topic {
			return t
		}
	}
	return stats.Ranked{ID: topic, Concentration: stats.Concentrate(nil)}
}

// Top are the topics without a parent.
func (r Ranking) Top() []stats.Ranked {
	return slices.DeleteFunc(slices.Clone(r.Topics), func(t stats.Ranked) bool { return strings.Contains(t.ID, "/") })
}

// Orders are the ways of counting that the ranking has; nothing is weighted when nothing is known about the customers.
func (r Ranking) Orders() []stats.Order {
	return slices.DeleteFunc(stats.Orders(), func(o stats.Order) bool { return o == stats.ByWeighted && r.Segment == "" })
}

// Places gives each of the topics its place, from 1, in one way of counting; equal numbers share a place.
func Places(topics []stats.Ranked, by stats.Order) map[string]int {
	m := make(map[string]int, len(topics))
	for _, t := range topics {
		place := 1
		for _, other := range topics {
			if other.Value(by) > t.Value(by) {
				place++
			}
		}
		m[t.ID] = place
	}
	return m
}
