package tryout

import (
	"fmt"
	"slices"
	"strings"

	"voc/analyze"
)

// Diff is what changes on a set of posts when one taxonomy takes the place of another.
type Diff struct {
	Posts int `json:"posts"`
	// Changed counts posts on which anything differs.
	Changed int `json:"changed"`
	// Sentiment is about the polarity of whole posts, which added words can change.
	Sentiment Change   `json:"sentiment"`
	Topics    []Change `json:"topics"`
	Intents   []Change `json:"intents"`
}

// Change is what changes about one tag, in posts.
type Change struct {
	ID     string `json:"id"`
	Before int    `json:"before"`
	After  int    `json:"after"`
	Gained int    `json:"gained"`
	Lost   int    `json:"lost"`
	// Turned counts posts that keep the tag with another polarity; intents have none.
	Turned   int       `json:"turned"`
	Examples []Example `json:"examples,omitempty"`
}

// Any says whether anything changed.
func (c *Change) Any() bool { return c.Gained+c.Lost+c.Turned > 0 }

// Example is a post on which a tag changed.
type Example struct {
	PostID string `json:"post_id"`
	Text   string `json:"text"`
	// How is gained, lost, or the polarities as negative→mixed.
	How string `json:"how"`
	// Rules are those of the tag that fire now, or that fired before when the tag is lost.
	Rules []string `json:"rules,omitempty"`
}

// Compare tags the posts with both taxonomies. Each change carries up to examples posts of every kind of change.
// Tags on which nothing changed are listed, too; the lists are in the order of the ids.
func Compare(before, after *analyze.Analyzer, posts []Post, examples int) *Diff {
	c := &comparer{examples: examples, topics: map[string]*Change{}, intents: map[string]*Change{}}
	c.diff = Diff{Posts: len(posts), Sentiment: Change{ID: "sentiment", Before: len(posts), After: len(posts)}}
	old, now := tag(before, posts), tag(after, posts)
	for i := range posts {
		c.post(&posts[i], &old[i], &now[i])
	}
	c.diff.Topics, c.diff.Intents = inOrder(c.topics), inOrder(c.intents)
	return &c.diff
}

type comparer struct {
	diff            Diff
	examples        int
	topics, intents map[string]*Change
}

func (c *comparer) post(p *Post, old, now *tagged) {
	changed := false
	if old.sentiment != now.sentiment {
		c.diff.Sentiment.Turned++
		c.example(&c.diff.Sentiment, p, turn(old.sentiment, now.sentiment), nil)
		changed = true
	}
	for _, t := range old.topics {
		ch := at(c.topics, t.id)
		ch.Before++
		k := slices.IndexFunc(now.topics, func(n topicTag) bool { return n.id == t.id })
		switch {
		case k < 0:
			ch.Lost++
			c.example(ch, p, "lost", old.rules)
			changed = true
		case now.topics[k].sentiment != t.sentiment:
			ch.Turned++
			c.example(ch, p, turn(t.sentiment, now.topics[k].sentiment), now.rules)
			changed = true
		}
	}
	for _, t := range now.topics {
		ch := at(c.topics, t.id)
		ch.After++
		if !slices.ContainsFunc(old.topics, func(o topicTag) bool { return o.id == t.id }) {
			ch.Gained++
			c.example(ch, p, "gained", now.rules)
			changed = true
		}
	}
	for _, id := range old.intents {
		ch := at(c.intents, id)
		ch.Before++
		if !slices.Contains(now.intents, id) {
			ch.Lost++
			c.example(ch, p, "lost", old.rules)
			changed = true
		}
	}
	for _, id := range now.intents {
		ch := at(c.intents, id)
		ch.After++
		if !slices.Contains(old.intents, id) {
			ch.Gained++
			c.example(ch, p, "gained", now.rules)
			changed = true
		}
	}
	if changed {
		c.diff.Changed++
	}
}

func at(m map[string]*Change, id string) *Change {
	if m[id] == nil {
		m[id] = &Change{ID: id}
	}
	return m[id]
}

func turn(from, to analyze.Sentiment) string { return fmt.Sprintf("%s→%s", from, to) }

// example keeps the post when it is among the first of its kind of change.
func (c *comparer) example(ch *Change, p *Post, how string, rules []string) {
	same := 0
	for _, e := range ch.Examples {
		if e.How == how {
			same++
		}
	}
	if same >= c.examples {
		return
	}
	e := Example{PostID: p.ID, Text: p.snippet(), How: how}
	for _, r := range rules {
		if strings.HasPrefix(r, ch.ID+".") || r == "model:topic/"+ch.ID || r == "model:intent/"+ch.ID {
			e.Rules = append(e.Rules, r)
		}
	}
	ch.Examples = append(ch.Examples, e)
}

func inOrder(m map[string]*Change) []Change {
	out := make([]Change, 0, len(m))
	for _, c := range m {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Change) int { return strings.Compare(a.ID, b.ID) })
	return out
}
