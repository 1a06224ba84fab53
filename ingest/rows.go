package ingest

import (
	"time"

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
func (x *engine) postRow(e *event.Post, m event.Meta) schema.PostRow {
	r := schema.PostRow{
		Community: e.Community, PostID: e.PostID, SourceVersion: e.SourceVersion(m), Deleted: e.Event == event.Deleted,
		PostedAt: milli(e.PostedAt), OccurredAt: milli(e.OccurredAt), Event: string(e.Event), Source: e.Source, Channel: e.Channel,
		ThreadID: e.ThreadID, ReplyTo: e.ReplyTo, URL: e.URL, Rating: float32(e.Rating), Views: e.Views, Accepted: e.Accepted,
		Reactions: e.Reactions, Attributes: e.Attributes,
		AuthorID: x.masker.Pseudonym(e.Author.ID), AuthorRole: e.Author.Role, AuthorLevel: e.Author.Level, AccountID: e.Author.AccountID,
		AnalyzerRevision: x.revision,
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
func (x *engine) commentRow(s *event.Survey, m event.Meta) schema.PostRow {
	return schema.PostRow{
		Community: s.Community, PostID: surveyPost(s.ResponseID), SourceVersion: s.SourceVersion(),
		PostedAt: milli(s.AnsweredAt), OccurredAt: milli(s.AnsweredAt), Event: string(event.Created), Source: "survey", Channel: s.SurveyID,
		Attributes: s.Attributes,
		AuthorID:   x.masker.Pseudonym(s.Author.ID), AuthorRole: s.Author.Role, AuthorLevel: s.Author.Level, AccountID: s.Author.AccountID,
		AnalyzerRevision: x.revision,
		KafkaTopic:       m.Topic, KafkaPartition: uint32(m.Partition), KafkaOffset: uint64(m.Offset),
	}
}

// surveyPost is the post_id of a survey's comment.
func surveyPost(responseID string) string { return "survey/" + responseID }

func (x *engine) surveyRow(s *event.Survey, m event.Meta) schema.SurveyRow {
	return schema.SurveyRow{
		Community: s.Community, ResponseID: s.ResponseID, SurveyID: s.SurveyID, Metric: s.Metric, Score: float32(*s.Score),
		AnsweredAt: milli(s.AnsweredAt), AuthorID: x.masker.Pseudonym(s.Author.ID), AuthorRole: s.Author.Role,
		AuthorLevel: s.Author.Level, AccountID: s.Author.AccountID, Attributes: s.Attributes,
		KafkaTopic: m.Topic, KafkaPartition: uint32(m.Partition), KafkaOffset: uint64(m.Offset),
	}
}

func (x *engine) activityRow(a *event.Activity, m event.Meta, zone *time.Location) schema.ActivityRow {
	return schema.ActivityRow{
		Community: a.Community, Day: civil(a.OccurredAt, zone), EventID: a.EventID, Event: a.Event,
		OccurredAt: milli(a.OccurredAt), PostID: a.PostID, AuthorID: x.masker.Pseudonym(a.Author.ID), AuthorRole: a.Author.Role,
		AuthorLevel: a.Author.Level, AccountID: a.Author.AccountID, Kind: a.Kind, Count: *a.Count,
		InvitedBy: x.masker.Pseudonym(a.InvitedBy), Attributes: a.Attributes,
		KafkaTopic: m.Topic, KafkaPartition: uint32(m.Partition), KafkaOffset: uint64(m.Offset),
	}
}

func accountRow(a *event.Account, m event.Meta) schema.AccountRow {
	return schema.AccountRow{
		AccountID: a.AccountID, ValidFrom: milli(a.ValidFrom), Name: a.Name, Deleted: a.Deleted, Attributes: a.Attributes,
		KafkaTopic: m.Topic, KafkaPartition: uint32(m.Partition), KafkaOffset: uint64(m.Offset),
	}
}
