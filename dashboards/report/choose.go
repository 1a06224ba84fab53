package report

import (
	"fmt"
	"math"
	"slices"

	"voc/analyze/similar"
	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// shown are the posts that are quoted, chosen before their evidence is asked for.
type shown struct {
	voices     []query.VoiceCandidate
	cover      stats.Pick
	candidates int
	byTopic    map[string][]query.VoiceCandidate // of the stories
	severe     []query.SeverePost
	stories    []query.Story
	praises    []query.IntentPost
	pitches    []query.IntentPost
}

// choose settles which posts are quoted: telling ones, as different as possible.
func (b *builder) choose() error {
	segments := b.segmentNames()
	candidate := func(c query.VoiceCandidate) query.Post { return c.Post }
	intent := func(p query.IntentPost) query.Post { return p.Post }
	list := distinct(b.candidates.rows)
	b.shown.candidates = len(list)
	var err error
	if b.shown.voices, b.shown.cover, err = pick(list, 8, candidate, segments, func(c query.VoiceCandidate) float64 { return telling(c.Post) }); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	b.shown.byTopic = map[string][]query.VoiceCandidate{}
	for _, id := range b.storyTopics {
		now := b.topicRow(id)
		mood := "negative"
		if now.Positive > now.Negative {
			mood = "positive"
		}
		var about []query.VoiceCandidate
		for _, c := range b.candidates.rows {
			if c.Topic == id {
				c.Post.Topics = nil // only segments are to be covered: all of these are about the topic
				about = append(about, c)
			}
		}
		chosen, _, err := pick(about, 3, candidate, nil, func(c query.VoiceCandidate) float64 {
			w := telling(c.Post) + math.Abs(float64(c.TopicScore)) + 2*b.typical(id, c.ThreadID)
			if c.TopicSentiment == mood {
				w += 3
			}
			return w
		})
		for i := range chosen {
			chosen[i] = b.candidate(id, chosen[i].PostID)
		}
		if err != nil {
			return fmt.Errorf("report: %w", err)
		}
		b.shown.byTopic[id] = chosen
	}
	if b.shown.stories, _, err = pick(b.stories.rows, 4, func(p query.Story) query.Post { return p.Post }, segments, func(p query.Story) float64 {
		return telling(p.Post) + float64(len(p.Outcomes)) + float64(min(p.Empathy, 5))/5
	}); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if b.shown.praises, _, err = pick(gladOnes(b.praises.rows), 4, intent, segments, func(p query.IntentPost) float64 { return telling(p.Post) }); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if b.shown.pitches, _, err = pick(b.quarantinePosts.rows, 3, intent, nil, func(p query.IntentPost) float64 { return telling(p.Post) }); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return b.chooseSevere()
}

// typical is 1 for a post of the thread where most of a topic's posts stand, else 0.
func (b *builder) typical(topic, thread string) float64 {
	for _, t := range b.threads.rows {
		if t.Topic == topic && t.Thread == thread && t.Posts*4 >= b.topicRow(topic).Posts {
			return 1
		}
	}
	return 0
}

// candidate finds a candidate again as the query gave it.
func (b *builder) candidate(topic, id string) query.VoiceCandidate {
	for _, c := range b.candidates.rows {
		if c.Topic == topic && c.PostID == id {
			return c
		}
	}
	return query.VoiceCandidate{}
}

// gladOnes leaves posts out that praise something among complaints, unless there are hardly any others.
func gladOnes(list []query.IntentPost) []query.IntentPost {
	var glad []query.IntentPost
	for _, p := range list {
		if p.Sentiment == "positive" {
			glad = append(glad, p)
		}
	}
	if len(glad) < 4 {
		return list
	}
	return glad
}

// chooseSevere keeps the order of points and leaves copies out.
func (b *builder) chooseSevere() error {
	texts := make([]similar.Text, len(b.severePosts.rows))
	for i, p := range b.severePosts.rows {
		texts[i] = similar.Text{ID: p.PostID, Author: p.AuthorID, Body: p.Body}
	}
	dup, err := similar.Find(similar.DefaultConfig(), texts)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	told := map[int]bool{}
	for i, p := range b.severePosts.rows {
		if g := dup.GroupOf[i]; g >= 0 {
			if told[g] {
				continue
			}
			told[g] = true
		}
		if len(b.shown.severe) < 6 {
			b.shown.severe = append(b.shown.severe, p)
		}
	}
	return nil
}

// shownIDs are the posts whose evidence is shown.
func (b *builder) shownIDs() []string {
	var ids []string
	add := func(p query.Post) { ids = append(ids, p.PostID) }
	for _, c := range b.shown.voices {
		add(c.Post)
	}
	for _, list := range b.shown.byTopic {
		for _, c := range list {
			add(c.Post)
		}
	}
	for _, p := range b.shown.severe {
		add(p.Post)
	}
	for _, p := range b.shown.stories {
		add(p.Post)
	}
	for _, list := range [][]query.IntentPost{b.shown.praises, b.shown.pitches, b.signalPosts.rows[:min(len(b.signalPosts.rows), 80)]} {
		for _, p := range list {
			add(p.Post)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
