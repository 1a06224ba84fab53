package report

import (
	"slices"
	"strings"

	"voc/dashboards/faq"
	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// cardRunes is how much of a post is shown.
const cardRunes = 220

// card shows a post with the words marked that prove one of the tags; kind=tag such as topic=pricing/plan. Without
// tags all evidence of topics and intents is marked.
func (b *builder) card(p query.Post, why Line, tags ...string) PostCard {
	c := PostCard{PostID: p.PostID, Title: wording.Masked(p.Title), Why: why, URL: p.URL}
	c.Posts = b.post(p)
	c.Meta = append(c.Meta, b.at(p.PostedAt))
	if p.Channel != "" {
		c.Meta = append(c.Meta, p.Channel)
	} else if p.Source != "" {
		c.Meta = append(c.Meta, b.value("source", p.Source))
	}
	who := b.role(p.AuthorRole)
	if p.AccountName != "" {
		who += "・" + p.AccountName
	}
	c.Meta = append(c.Meta, who)
	for _, k := range []string{"plan", "touch_model", "industry"} {
		if v := segmentOf(p, k); v != "" {
			c.Meta = append(c.Meta, b.segment(k)+": "+b.value(k, v))
		}
	}
	if p.Reactions > 0 {
		c.Meta = append(c.Meta, "反応 "+stats.Count(p.Reactions, "件"))
	}
	for _, t := range p.Topics {
		c.Tags = append(c.Tags, b.topic(t))
	}
	for _, i := range p.Intents {
		c.Tags = append(c.Tags, b.intent(i))
	}
	c.Body = b.marked(p, tags)
	return c
}

// post is the address of one post.
func (b *builder) post(p query.Post) string {
	f := query.Filter{Community: b.Community, From: p.Day, To: p.Day, ID: []string{p.PostID}}
	return f.Path()
}

// segmentOf is what the post says of itself, else what its account was when it was written.
func segmentOf(p query.Post, key string) string {
	if v := p.Attributes[key]; v != "" {
		return v
	}
	return p.AccountAttributes[key]
}

func tone(sentiment string) Tone {
	switch sentiment {
	case "positive":
		return ToneMarkGood
	case "negative":
		return ToneMarkBad
	default:
		return ToneMark
	}
}

// marked cuts the body around its evidence and marks the evidence.
func (b *builder) marked(p query.Post, tags []string) Line {
	runes := []rune(p.Body)
	mark := make([]bool, len(runes))
	first := -1
	for _, s := range b.spansOf[p.PostID] {
		wanted := len(tags) == 0 && (s.Kind == "topic" || s.Kind == "intent")
		for _, t := range tags {
			kind, id, _ := strings.Cut(t, "=")
			wanted = wanted || s.Kind == kind && (s.Tag == id || strings.HasPrefix(s.Tag, id+"/"))
		}
		if !wanted || s.Field != "body" || int(s.End) > len(runes) || s.Start >= s.End {
			continue
		}
		start, end := wording.Whole(p.Body, int(s.Start), int(s.End))
		for i := start; i < end; i++ {
			mark[i] = true
		}
		if first < 0 || start < first {
			first = start
		}
	}
	from, to := 0, len(runes)
	if len(runes) > cardRunes {
		if first > cardRunes*2/3 {
			from = min(first-cardRunes/3, len(runes)-cardRunes)
		}
		from, to = wording.Whole(p.Body, from, from+cardRunes)
	}
	var line Line
	if from > 0 {
		line = append(line, text("…"))
	}
	for i := from; i < to; {
		j := i
		for j < to && mark[j] == mark[i] {
			j++
		}
		s := Span{Text: strings.Join(strings.Fields(wording.Masked(string(runes[i:j]))), " ")}
		if mark[i] {
			s.Tone = tone(p.Sentiment)
		}
		if s.Text != "" {
			line = append(line, s)
		}
		i = j
	}
	if to < len(runes) {
		line = append(line, text("…"))
	}
	return line
}

// pick chooses voices that differ among candidates.
func pick[T any](list []T, n int, post func(T) query.Post, segments []string, weight func(T) float64) ([]T, stats.Pick, error) {
	voices := make([]stats.Voice, len(list))
	for i, v := range list {
		p := post(v)
		voices[i] = stats.Voice{ID: p.PostID, Author: query.Speaker(p.AuthorID, p.PostID), Body: p.Body, Topics: p.Topics, Weight: weight(v)}
		for _, k := range segments {
			value := segmentOf(p, k)
			switch k {
			case "author_role":
				value = p.AuthorRole
			case "author_level":
				value = p.AuthorLevel
			}
			if value != "" {
				voices[i].Segments = append(voices[i].Segments, k+"="+value)
			}
		}
	}
	cfg := stats.DefaultPickConfig()
	cfg.Voices = n
	chosen, err := stats.PickVoices(cfg, voices)
	if err != nil {
		return nil, stats.Pick{}, err
	}
	var out []T
	for _, i := range chosen.Voices {
		out = append(out, list[i])
	}
	return out, chosen, nil
}

// telling weighs a post as a quotation: readable length first, then reactions.
func telling(p query.Post) float64 {
	n := len([]rune(p.Body))
	w := float64(min(p.Reactions, 20)) / 20
	if n >= 20 && n <= 200 {
		w += 2
	}
	return w
}

// distinct leaves each post once, in its first place.
func distinct(list []query.VoiceCandidate) []query.VoiceCandidate {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(list), func(c query.VoiceCandidate) bool {
		again := seen[c.PostID]
		seen[c.PostID] = true
		return again
	})
}

// excerpt cuts n characters from where the evidence begins, for a line of a table.
func (b *builder) excerpt(p query.Post, n int) string {
	runes := []rune(p.Body)
	from := len(runes)
	for _, s := range b.spansOf[p.PostID] {
		if s.Field == "body" && (s.Kind == "topic" || s.Kind == "intent") {
			from = min(from, int(s.Start))
		}
	}
	if from+n > len(runes) {
		from = max(0, len(runes)-n)
	}
	if from < 8 {
		from = 0
	}
	cut := clip(string(runes[from:]), n)
	if from > 0 {
		cut = "…" + cut
	}
	return cut
}

// sentenceWith returns the text from the sentence on that holds one of the words; all of it when none does.
func sentenceWith(body string, words []string) string {
	list := faq.Sentences(body)
	for i, s := range list {
		for _, w := range words {
			if w != "" && strings.Contains(s, w) {
				return strings.Join(list[i:], "")
			}
		}
	}
	return body
}
