package stats

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// AllTopics is the pseudo-topic of all posts of the scope, tagged or not.
const AllTopics = ""

// HourCell is how many posts of a topic fell into the hour that starts at Hour, a whole hour of UTC. The topic
// AllTopics counts every post once.
type HourCell struct {
	Topic string
	Hour  time.Time
	Posts uint64
}

// Mention is one post with its topics.
type Mention struct {
	PostID string
	Author string
	At     time.Time
	Topics []string
}

// Timeline is the history that alerts are judged by: hourly counts for what is usual, single posts for what is new.
// It may reach beyond the moment judged: a Detector reads nothing later.
type Timeline struct {
	zone     *time.Location
	start    time.Time // since when the cells are complete
	topics   []string  // ascending, AllTopics first
	sums     map[string][]float64
	mentions []Mention // by At
}

// NewTimeline takes hourly cells, complete from start on (cells of AllTopics among them), and the posts of at least
// the longest alert window before any moment to be judged. Days begin and end in zone.
func NewTimeline(zone *time.Location, start time.Time, cells []HourCell, mentions []Mention) (*Timeline, error) {
	tl := &Timeline{zone: zone, start: start.Truncate(time.Hour), sums: map[string][]float64{AllTopics: nil}}
	last := 0
	for _, c := range cells {
		if c.Hour.Before(tl.start) {
			return nil, fmt.Errorf("hour cell of topic %q at %s lies before the start %s; give cells from the start on only", c.Topic, c.Hour.Format(time.RFC3339), tl.start.Format(time.RFC3339))
		}
		last = max(last, tl.hour(c.Hour))
	}
	for _, c := range cells {
		if tl.sums[c.Topic] == nil {
			tl.sums[c.Topic] = make([]float64, last+2)
		}
		tl.sums[c.Topic][tl.hour(c.Hour)+1] += float64(c.Posts)
	}
	tl.mentions = slices.Clone(mentions)
	for i, m := range tl.mentions {
		tl.mentions[i].Topics = distinct(m.Topics)
	}
	slices.SortFunc(tl.mentions, func(a, b Mention) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.PostID, b.PostID))
	})
	for _, m := range tl.mentions {
		for _, t := range m.Topics {
			if _, ok := tl.sums[t]; !ok {
				tl.sums[t] = nil // new: usual is nothing
			}
		}
	}
	for t, s := range tl.sums {
		for i := 1; i < len(s); i++ {
			s[i] += s[i-1]
		}
		tl.topics = append(tl.topics, t)
	}
	slices.Sort(tl.topics)
	return tl, nil
}

// TimelineOf makes the cells from the posts themselves, complete from start on: for rehearsals over history.
func TimelineOf(zone *time.Location, start time.Time, mentions []Mention) (*Timeline, error) {
	type key struct {
		topic string
		hour  int64
	}
	counts := map[key]uint64{}
	for _, m := range mentions {
		if m.At.Before(start) {
			return nil, fmt.Errorf("post %q at %s lies before the start %s; give posts from the start on only", m.PostID, m.At.Format(time.RFC3339), start.Format(time.RFC3339))
		}
		hour := m.At.Truncate(time.Hour).Unix()
		counts[key{AllTopics, hour}]++
		for _, t := range distinct(m.Topics) {
			counts[key{t, hour}]++
		}
	}
	cells := make([]HourCell, 0, len(counts))
	for k, n := range counts {
		cells = append(cells, HourCell{k.topic, time.Unix(k.hour, 0), n})
	}
	return NewTimeline(zone, start, cells, mentions)
}

func (tl *Timeline) hour(t time.Time) int { return int(t.Sub(tl.start) / time.Hour) }

// count returns the posts of a topic between two moments; the posts of an hour count as spread evenly over it.
func (tl *Timeline) count(topic string, from, to time.Time) float64 {
	s := tl.sums[topic]
	return at(s, to.Sub(tl.start)) - at(s, from.Sub(tl.start))
}

// at returns the posts before d since the start, of which sums has one element an hour.
func at(sums []float64, d time.Duration) float64 {
	if len(sums) == 0 || d <= 0 {
		return 0
	}
	h := int(d / time.Hour)
	if h >= len(sums)-1 {
		return sums[len(sums)-1]
	}
	return sums[h] + (sums[h+1]-sums[h])*float64(d%time.Hour)/float64(time.Hour)
}

// posts returns the posts after from up to and including to, by time.
func (tl *Timeline) posts(from, to time.Time) []Mention {
	after := func(t time.Time) int {
		i, _ := slices.BinarySearchFunc(tl.mentions, t, func(m Mention, t time.Time) int {
			if m.At.After(t) {
				return 1
			}
			return -1
		})
		return i
	}
	return tl.mentions[after(from):after(to)]
}

// distinct returns a post's topics, each once; AllTopics is no tag.
func distinct(topics []string) []string {
	sorted := slices.Compact(slices.Sorted(slices.Values(topics)))
	return slices.DeleteFunc(sorted, func(t string) bool { return t == AllTopics })
}
