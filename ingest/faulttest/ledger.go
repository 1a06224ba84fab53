package faulttest

import (
	"encoding/json"

	"voc/ingest/event"
)

func (d *daily) act(m *Model, a event.Activity) {
	d.acts[a.Event] += *a.Count
	d.members.add(m.pseudonym(a.Author.ID))
}

// postRow is a post as the view posts shows it.
func (m *Model) postRow(r read, sentiment string, score float32) []any {
	topics, intents := []string{}, []string{}
	for _, t := range r.result.Topics {
		topics = append(topics, t.ID)
	}
	for _, i := range r.result.Intents {
		intents = append(intents, i.ID)
	}
	a := r.e.Author
	return []any{r.key.community, r.day, monday(r.day), r.key.id, r.at, r.occurred, r.kind, r.e.Source, r.e.Channel, r.e.ThreadID, r.e.ReplyTo, r.e.URL,
		float32(r.e.Rating), r.e.Views, r.e.Accepted, r.e.Reactions, r.e.Attributes, m.pseudonym(a.ID), a.Role, a.Level, a.AccountID,
		r.e.Title, r.e.Body, sentiment, score, topics, intents, r.result.Flags, r.version, r.rec.Topic, r.rec.Partition, r.rec.Offset}
}

func (m *Model) surveyRows() [][]any {
	var out [][]any
	for k, r := range m.surveys {
		var s event.Survey
		if err := json.Unmarshal(r.Value, &s); err != nil {
			panic(err)
		}
		category := "detractor"
		switch {
		case *s.Score >= 9:
			category = "promoter"
		case *s.Score > 6:
			category = "passive"
		}
		// The day is that of the first answer: the comment's post has it, whether there is a comment or not.
		day := m.civil(m.posts[postKey{k.community, "survey/" + k.id}].first)
		out = append(out, []any{k.community, day, k.id, s.SurveyID, s.Metric, float32(*s.Score), category, s.AnsweredAt, m.pseudonym(s.Author.ID), s.Author.Role})
	}
	return out
}

type ledgerKey struct {
	Place
	day string
}

type ledgerRow struct{ read, stored, superseded, dead, filtered uint64 }

func (m *Model) ledger() [][]any {
	rows := map[ledgerKey]*ledgerRow{}
	for _, o := range m.outcomes {
		k := ledgerKey{o.rec.Place, m.civil(o.rec.Time)}
		r := rows[k]
		if r == nil {
			r = &ledgerRow{}
			rows[k] = r
		}
		r.read++
		switch {
		case o.what == "filtered":
			r.filtered++
		case o.what == "dead_letter":
			r.dead++
		case o.post == nil || o.won():
			r.stored++
		default:
			r.superseded++
		}
	}
	var out [][]any
	for k, r := range rows {
		out = append(out, []any{k.Topic, k.Partition, k.day, r.read, r.stored, r.superseded, r.dead, r.filtered, uint64(0)})
	}
	return out
}

func (m *Model) offsets() [][]any {
	last := map[Place]int64{}
	n := map[Place]int{}
	for _, o := range m.outcomes {
		last[o.rec.Place] = max(last[o.rec.Place], o.rec.Offset)
		n[o.rec.Place]++
	}
	var out [][]any
	for p, end := range last {
		out = append(out, []any{p.Topic, p.Partition, 0, end, n[p], 0})
	}
	return out
}

func (m *Model) deadLetters() [][]any {
	var out [][]any
	for _, o := range m.outcomes {
		if o.what == "dead_letter" {
			out = append(out, []any{o.rec.Topic, o.rec.Partition, o.rec.Offset, o.rec.Time, o.reason, len(o.rec.Value)})
		}
	}
	return out
}

// letters are the origins that the dead-letter topic must hold.
func (m *Model) letters() map[Place]map[int64]bool {
	out := map[Place]map[int64]bool{}
	for _, o := range m.outcomes {
		if o.what == "dead_letter" {
			if out[o.rec.Place] == nil {
				out[o.rec.Place] = map[int64]bool{}
			}
			out[o.rec.Place][o.rec.Offset] = true
		}
	}
	return out
}
