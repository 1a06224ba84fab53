// Package process turns the text of a post into the columns that say what it is about: masked first, then tagged.
//
// The pipeline does it with new posts, a re-tagging with stored ones; that both use this package is why they agree. It
// decides nothing about versions, days or where rows go.
package process

import (
	"voc/analyze"
	"voc/schema"
)

// Tagger analyses posts, with buffers of its own: one goroutine at a time. *analyze.Worker is one.
type Tagger interface {
	Analyze(in analyze.Input, out *analyze.Result)
}

// Masker hides personal data in a text. It is used by many goroutines at once. Masking a masked text changes nothing.
type Masker interface {
	Mask(text string) string
}

// Fill sets the texts and tags of a row. The row's AuthorRole and ReplyTo must be set: they are hints for the tagger.
// res is working memory of the caller; nothing of it is kept.
func Fill(row *schema.PostRow, title, body string, m Masker, t Tagger, res *analyze.Result) {
	Mask(row, title, body, m)
	Tag(row, t, res)
}

// Mask sets the texts of a row, which then waits to be tagged.
func Mask(row *schema.PostRow, title, body string, m Masker) {
	row.Title, row.Body = m.Mask(title), m.Mask(body)
}

// Tag sets the tags of a row whose texts are masked.
func Tag(row *schema.PostRow, t Tagger, res *analyze.Result) {
	t.Analyze(analyze.Input{Title: row.Title, Body: row.Body, IsReply: row.ReplyTo != "", AuthorRole: row.AuthorRole}, res)
	Set(row, res)
}

// Values masks the names and values of attributes. What it is given is not changed.
func Values(in map[string]string, mask func(string) string) map[string]string {
	if len(in) == 0 {
		return in
	}
	out := make(map[string]string, len(in))
	for k, v := range in {
		out[mask(k)] = mask(v)
	}
	return out
}

// Set copies an analysis into a row. The result is reused by the next post, so nothing of it is kept.
func Set(r *schema.PostRow, res *analyze.Result) {
	topics, intents, signals := len(res.Topics), len(res.Intents), len(res.Signals)
	n := len(res.Evidence)
	for i := range res.Topics {
		n += len(res.Topics[i].Evidence)
	}
	for i := range res.Intents {
		n += len(res.Intents[i].Evidence)
	}
	for i := range res.Signals {
		n += len(res.Signals[i].Evidence)
	}
	// Posts are many, and so would be their small slices: all are cut from three.
	words := make([]string, 0, 4*n+2*topics+intents+2*signals+len(res.Flags))
	spans, scores := make([]uint32, 0, 2*n), make([]float32, 0, topics)
	ev := schema.PostEvidence{
		Kind: cut(&words, n), Tag: cut(&words, n), Field: cut(&words, n), Rule: cut(&words, n), Start: cut(&spans, n), End: cut(&spans, n),
	}
	add := func(kind, tag string, es []analyze.Evidence) {
		for _, e := range es {
			field := "body"
			if e.Field == analyze.FieldTitle {
				field = "title"
			}
			ev.Kind, ev.Tag, ev.Field = append(ev.Kind, kind), append(ev.Tag, tag), append(ev.Field, field)
			ev.Start, ev.End = append(ev.Start, uint32(e.Start)), append(ev.End, uint32(e.End))
			ev.Rule = append(ev.Rule, e.Rule)
		}
	}
	r.Sentiment, r.Score = string(res.Sentiment), float32(res.Score)
	add("sentiment", string(res.Sentiment), res.Evidence)
	r.Topics = schema.PostTopics{ID: cut(&words, topics), Sentiment: cut(&words, topics), Score: cut(&scores, topics)}
	for i := range res.Topics {
		t := &res.Topics[i]
		r.Topics.ID = append(r.Topics.ID, t.ID)
		r.Topics.Sentiment = append(r.Topics.Sentiment, string(t.Sentiment))
		r.Topics.Score = append(r.Topics.Score, float32(t.Score))
		add("topic", t.ID, t.Evidence)
	}
	r.Intents = cut(&words, intents)
	for i := range res.Intents {
		r.Intents = append(r.Intents, res.Intents[i].ID)
		add("intent", res.Intents[i].ID, res.Intents[i].Evidence)
	}
	r.Signals = schema.PostSignals{Kind: cut(&words, signals), Value: cut(&words, signals)}
	for i := range res.Signals {
		s := &res.Signals[i]
		r.Signals.Kind = append(r.Signals.Kind, s.Kind)
		r.Signals.Value = append(r.Signals.Value, s.Value)
		if len(s.Evidence) > 0 {
			add("signal", s.Kind+"="+s.Value, s.Evidence)
		}
	}
	r.Evidence = ev
	r.Flags = append(cut(&words, len(res.Flags)), res.Flags...)
}

// cut takes room for n values from the free end of a slice; nil when n is zero.
func cut[V any](from *[]V, n int) []V {
	if n == 0 {
		return nil
	}
	at := len(*from)
	*from = (*from)[:at+n]
	return (*from)[at : at : at+n]
}
