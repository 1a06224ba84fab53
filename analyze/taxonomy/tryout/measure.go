package tryout

import (
	"cmp"
	"slices"
	"strings"

	"voc/analyze"
	"voc/analyze/taxonomy"
)

// Coverage is what a taxonomy does to a set of posts.
type Coverage struct {
	Posts int
	// NoTopic and NoIntent count posts without any.
	NoTopic, NoIntent int
	// Topics and Intents count the posts of each tag or of a tag below it, in the order of the file. Zeros are listed.
	Topics, Intents []Count
	// Idle are rules that fired on no post, as tag.rule, in the order of the file.
	Idle []string
	// Overlaps are pairs of topics that stand on mostly the same posts, the closest first.
	Overlaps []Overlap
}

// Count is a number of posts.
type Count struct {
	ID    string
	Posts int
}

// Overlap is a pair of topics. Small is the one with fewer posts.
type Overlap struct {
	Small, Large Count
	Both         int
}

// Share is the part of the smaller topic's posts that are the larger one's as well.
func (o Overlap) Share() float64 { return float64(o.Both) / float64(o.Small.Posts) }

const (
	// overlapShare is the share above which two topics are told to overlap.
	overlapShare = 0.8
	// overlapLeast is the number of posts below which a share says nothing.
	overlapLeast = 5
)

// Measure tags the posts and counts.
func Measure(a *analyze.Analyzer, posts []Post) *Coverage {
	c := &Coverage{Posts: len(posts)}
	topics, intents, rules := map[string]int{}, map[string]int{}, map[string]int{}
	own := map[string]int{} // posts of a topic without those of the topics below it
	both := map[[2]string]int{}
	for _, t := range tag(a, posts) {
		if len(t.topics) == 0 {
			c.NoTopic++
		}
		if len(t.intents) == 0 {
			c.NoIntent++
		}
		countUp(intents, t.intents)
		ids := make([]string, len(t.topics))
		for i := range t.topics {
			ids[i] = t.topics[i].id
		}
		countUp(topics, ids)
		for _, r := range t.rules {
			rules[r]++
		}
		for i, x := range t.topics {
			own[x.id]++
			for _, y := range t.topics[i+1:] {
				both[[2]string{x.id, y.id}]++
			}
		}
	}
	f := a.Taxonomy()
	c.Topics, c.Idle = counts(f.Topics, topics, rules, c.Idle)
	c.Intents, c.Idle = counts(f.Intents, intents, rules, c.Idle)
	c.overlaps(own, both)
	return c
}

// countUp counts one post for its tags and for the tags above them, each once.
func countUp(posts map[string]int, ids []string) {
	seen := map[string]bool{}
	for _, id := range ids {
		for ; id != "" && !seen[id]; id = id[:max(strings.LastIndexByte(id, '/'), 0)] {
			seen[id] = true
			posts[id]++
		}
	}
}

func counts(tags []taxonomy.Tag, posts, rules map[string]int, idle []string) ([]Count, []string) {
	var out []Count
	taxonomy.Walk(tags, func(t *taxonomy.Tag, _ string) {
		out = append(out, Count{t.ID, posts[t.ID]})
		for i := range t.Rules {
			if name := t.ID + "." + t.Rules[i].Name(i); rules[name] == 0 {
				idle = append(idle, name)
			}
		}
	})
	return out, idle
}

func (c *Coverage) overlaps(posts map[string]int, both map[[2]string]int) {
	for pair, n := range both {
		small, large := Count{pair[0], posts[pair[0]]}, Count{pair[1], posts[pair[1]]}
		if small.Posts > large.Posts {
			small, large = large, small
		}
		o := Overlap{small, large, n}
		if small.Posts < overlapLeast || o.Share() <= overlapShare || strings.HasPrefix(small.ID, large.ID+"/") || strings.HasPrefix(large.ID, small.ID+"/") {
			continue
		}
		c.Overlaps = append(c.Overlaps, o)
	}
	slices.SortFunc(c.Overlaps, func(a, b Overlap) int {
		return cmp.Or(cmp.Compare(b.Share(), a.Share()), cmp.Compare(b.Both, a.Both), strings.Compare(a.Small.ID, b.Small.ID), strings.Compare(a.Large.ID, b.Large.ID))
	})
}
