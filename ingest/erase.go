package ingest

import (
	"context"

	"voc/ingest/erasure"
	"voc/schema"
)

// erase takes out of the batch what was erased by now. Its records are filtered: read, and left out on purpose. It is
// asked for each batch anew, right before the batch is written, so an erasure holds from the moment it is registered
// but for the batches that are being written at that moment; voc forget looks for those.
func (w *writer) erase(ctx context.Context) error {
	set, err := w.p.store.Erased(ctx)
	if err != nil || set.Len() == 0 {
		return err
	}
	b := &w.rows
	f := erasure.Filter{Set: set, Keys: w.engine.masker.ErasureKeys(), Former: func(p string) []string { return w.former[p] }}
	// An erased person's posts are remembered each by itself: a later event of one may not name its author.
	posts := map[erasure.Key]bool{}
	for i := range b.Posts {
		if r := &b.Posts[i]; f.Author(r.Community, r.AuthorID, r.PostedAt) && !f.PostID(r.Community, r.PostID) {
			if k := f.Keys.Post(r.Community, r.PostID); !posts[k] {
				posts[k] = true
				b.Erasures = append(b.Erasures, schema.ErasureRow{Key: string(k[:]), Until: erasure.Forever})
			}
		}
	}
	gone := map[uint64]bool{}
	for i := range b.Posts {
		r := &b.Posts[i]
		if f.Post(r) || posts[f.Keys.Post(r.Community, r.PostID)] {
			gone[r.KafkaOffset] = true
		}
	}
	for i := range b.Surveys {
		if r := &b.Surveys[i]; f.Survey(r, surveyPost(r.ResponseID)) {
			gone[r.KafkaOffset] = true
		}
	}
	for i := range b.Activity {
		if r := &b.Activity[i]; f.Activity(r) {
			gone[r.KafkaOffset] = true
		}
	}
	for i := range b.DeadLetters {
		if r := &b.DeadLetters[i]; f.MessageKey(r.MessageKey) {
			r.MessageKey = ""
		}
	}
	if len(gone) > 0 {
		w.leaveOut(gone)
	}
	return nil
}

// knew remembers, for the batch, what a person was called under earlier keys.
func (w *writer) knew(pseudonym, id string) {
	if former := w.engine.masker.Former(id); former != nil {
		if w.former == nil {
			w.former = map[string][]string{}
		}
		w.former[pseudonym] = former
	}
}

// leaveOut takes the rows of records out of the batch and counts the records as filtered.
func (w *writer) leaveOut(gone map[uint64]bool) {
	b := &w.rows
	var posts, surveys []int
	b.Posts, posts = keepRows(b.Posts, func(r *schema.PostRow) bool { return !gone[r.KafkaOffset] })
	b.Surveys, surveys = keepRows(b.Surveys, func(r *schema.SurveyRow) bool { return !gone[r.KafkaOffset] })
	b.Activity, _ = keepRows(b.Activity, func(r *schema.ActivityRow) bool { return !gone[r.KafkaOffset] })
	kept := w.dated[:0]
	for _, d := range w.dated {
		if d.post >= 0 {
			d.post = posts[d.post]
		}
		if d.survey >= 0 {
			d.survey = surveys[d.survey]
		}
		if d.post >= 0 || d.survey >= 0 {
			kept = append(kept, d)
		}
	}
	w.dated = kept
	for i := range b.Outcomes {
		if o := &b.Outcomes[i]; gone[o.KafkaOffset] {
			o.Outcome, o.Community, o.PostID, o.SourceVersion = schema.OutcomeFiltered, "", "", 0
			w.p.metrics.erased.WithLabelValues(w.part.Topic).Inc()
		}
	}
}

// keepRows keeps some rows, and says where each of the old ones is now; −1 is nowhere.
func keepRows[R any](rows []R, keep func(*R) bool) ([]R, []int) {
	at := make([]int, len(rows))
	out := rows[:0]
	for i := range rows {
		at[i] = -1
		if keep(&rows[i]) {
			at[i] = len(out)
			out = append(out, rows[i])
		}
	}
	clear(rows[len(out):])
	return out, at
}
