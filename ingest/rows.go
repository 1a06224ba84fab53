package ingest

import (
	"time"

	"voc/analyze"
	"voc/ingest/event"
	"voc/schema"
)

// civil returns the calendar day of t in zone, as the UTC midnight that the Date columns take.
func civil(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// nowhere is the day of deletions whose post nobody has seen yet.
var nowhere = time.Unix(0, 0).UTC()

// milli cuts a time to what the columns hold, so that a value read back equals the one written.
func milli(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}

// postRow builds the row of a post event but for its analysis and its day. PostedAt is what the event says, which may
// be zero for a deletion.
func (p *Pipeline) postRow(e *event.Post, m event.Meta) schema.PostRow {
	r := schema.PostRow{
		Community: e.Community, PostID: e.PostID, SourceVersion: e.SourceVersion(m), Deleted: e.Event == event.Deleted,
		PostedAt: milli(e.PostedAt), OccurredAt: milli(e.OccurredAt), Event: string(e.Event), Source: e.Source, Channel: e.Channel,
		ThreadID: e.ThreadID, ReplyTo: e.ReplyTo, URL: p.deps.Masker.Mask(e.URL), Rating: float32(e.Rating), Views: e.Views, Accepted: e.Accepted,
		Reactions: e.Reactions, Attributes: e.Attributes,
		AuthorID: p.deps.Masker.Pseudonym(e.Author.ID), AuthorRole: e.Author.Role, AuthorLevel: e.Author.Level, AccountID: e.Author.AccountID,
		AnalyzerRevision: p.deps.Revision,
		KafkaTopic:       m.Topic, KafkaPartition: uint32(m.Partition), KafkaOffset: uint64(m.Offset),
	}
	if r.OccurredAt.IsZero() {
		r.OccurredAt = r.PostedAt
		if r.Event != string(event.Created) && !m.Time.IsZero() {
			r.OccurredAt = milli(m.Time)
		}
	}
	return r
}

// commentRow builds the post of a survey's comment.
func (p *Pipeline) commentRow(s *event.Survey, m event.Meta) schema.PostRow {
	return schema.PostRow{
		Community: s.Community, PostID: surveyPost(s.ResponseID), SourceVersion: s.SourceVersion(),
		PostedAt: milli(s.AnsweredAt), OccurredAt: milli(s.AnsweredAt), Event: string(event.Created), Source: "survey", Channel: s.SurveyID,
		Attributes: s.Attributes,
		AuthorID:   p.deps.Masker.Pseudonym(s.Author.ID), AuthorRole: s.Author.Role, AuthorLevel: s.Author.Level, AccountID: s.Author.AccountID,
		AnalyzerRevision: p.deps.Revision,
		KafkaTopic:       m.Topic, KafkaPartition: uint32(m.Partition), KafkaOffset: uint64(m.Offset),
	}
}

// surveyPost is the post_id of a survey's comment.
func surveyPost(responseID string) string { return "survey/" + responseID }

func (p *Pipeline) surveyRow(s *event.Survey, m event.Meta) schema.SurveyRow {
	return schema.SurveyRow{
		Community: s.Community, ResponseID: s.ResponseID, SurveyID: s.SurveyID, Metric: s.Metric, Score: float32(*s.Score),
		AnsweredAt: milli(s.AnsweredAt), AuthorID: p.deps.Masker.Pseudonym(s.Author.ID), AuthorRole: s.Author.Role,
		AuthorLevel: s.Author.Level, AccountID: s.Author.AccountID, Attributes: s.Attributes,
		KafkaTopic: m.Topic, KafkaPartition: uint32(m.Partition), KafkaOffset: uint64(m.Offset),
	}
}

func (p *Pipeline) activityRow(a *event.Activity, m event.Meta) schema.ActivityRow {
	return schema.ActivityRow{
		Community: a.Community, Day: civil(a.OccurredAt, p.cfg.Zone), EventID: a.EventID, Event: a.Event,
		OccurredAt: milli(a.OccurredAt), PostID: a.PostID, AuthorID: p.deps.Masker.Pseudonym(a.Author.ID), AuthorRole: a.Author.Role,
		AuthorLevel: a.Author.Level, AccountID: a.Author.AccountID, Kind: a.Kind, Count: *a.Count,
		InvitedBy: p.deps.Masker.Pseudonym(a.InvitedBy), Attributes: a.Attributes,
		KafkaTopic: m.Topic, KafkaPartition: uint32(m.Partition), KafkaOffset: uint64(m.Offset),
	}
}

func accountRow(a *event.Account, m event.Meta) schema.AccountRow {
	return schema.AccountRow{
		AccountID: a.AccountID, ValidFrom: milli(a.ValidFrom), Name: a.Name, Deleted: a.Deleted, Attributes: a.Attributes,
		KafkaTopic: m.Topic, KafkaPartition: uint32(m.Partition), KafkaOffset: uint64(m.Offset),
	}
}

// setResult copies an analysis into a row. The result is reused by the next post, so nothing of it is kept.
func setResult(r *schema.PostRow, res *analyze.Result) {
	r.Sentiment, r.Score = string(res.Sentiment), float32(res.Score)
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
	ev := schema.PostEvidence{}
	if n > 0 {
		words := make([]string, 4*n)
		spans := make([]uint32, 2*n)
		ev = schema.PostEvidence{
			Kind: words[0:0:n], Tag: words[n : n : 2*n], Field: words[2*n : 2*n : 3*n], Rule: words[3*n : 3*n : 4*n],
			Start: spans[0:0:n], End: spans[n : n : 2*n],
		}
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
	add("sentiment", string(res.Sentiment), res.Evidence)
	for i := range res.Topics {
		t := &res.Topics[i]
		r.Topics.ID = append(r.Topics.ID, t.ID)
		r.Topics.Sentiment = append(r.Topics.Sentiment, string(t.Sentiment))
		r.Topics.Score = append(r.Topics.Score, float32(t.Score))
		add("topic", t.ID, t.Evidence)
	}
	for i := range res.Intents {
		r.Intents = append(r.Intents, res.Intents[i].ID)
		add("intent", res.Intents[i].ID, res.Intents[i].Evidence)
	}
	for i := range res.Signals {
		s := &res.Signals[i]
		r.Signals.Kind = append(r.Signals.Kind, s.Kind)
		r.Signals.Value = append(r.Signals.Value, s.Value)
		add("signal", s.Kind+"="+s.Value, s.Evidence)
	}
	r.Evidence = ev
	r.Flags = append([]string(nil), res.Flags...)
}
