package ingest

import (
	"context"
	"time"

	"voc/ingest/sink"
	"voc/schema"
)

// dated is one row of a batch whose day its post's first event decides.
type dated struct {
	post   int // index into Batch.Posts, or -1
	survey int // index into Batch.Surveys, or -1
	// comment says that the survey row has a comment, whose post is written too.
	comment bool
}

// resolve gives every post and survey of the batch its posted_at and its day, in log order, and adds the rows of
// posts that nobody had heard of to the registry. Deletions that came before their post find their day here.
func (w *writer) resolve(ctx context.Context) error {
	b := &w.rows
	if len(w.dated) == 0 {
		return nil
	}
	local := w.local
	ask := make([]sink.PostKey, 0, len(w.dated))
	for _, d := range w.dated {
		k := w.key(d)
		if _, ok := local[k]; ok {
			continue
		}
		at, ok := w.p.known.Get(k)
		if !ok {
			ask = append(ask, k)
		}
		local[k] = at
	}
	registered, err := w.p.store.Registered(ctx, ask)
	if err != nil {
		return err
	}
	for _, k := range ask {
		if at, ok := registered[k]; ok {
			local[k] = at
		} else {
			delete(local, k)
		}
	}
	early, err := w.earlyDeletions(ctx, local)
	if err != nil {
		return err
	}
	for _, d := range w.dated {
		k := w.key(d)
		at, heard := local[k]
		own := w.postedAt(d)
		if at.IsZero() && (!heard || !own.IsZero()) {
			r := schema.RegistryRow{Community: k.Community, PostID: k.PostID, PostedAt: own}
			o := w.origin(d)
			r.KafkaTopic, r.KafkaPartition, r.KafkaOffset = o.Topic, o.Partition, o.Offset
			b.Registry = append(b.Registry, r)
			local[k] = own
			at = own
			if t, ok := early[k]; ok && !own.IsZero() {
				t.PostedAt, t.Day = own, civil(own, w.p.cfg.Zone)
				b.Early = append(b.Early, t)
				delete(early, k)
			}
		}
		w.place(d, at)
		if at.IsZero() && d.post >= 0 {
			// A deletion without its post: remembered for the rest of the batch. The highest version wins.
			r := b.Posts[d.post]
			if old, ok := early[k]; !ok || less(&old, &r) {
				early[k] = r
			}
		}
	}
	return nil
}

// earlyDeletions looks up the deletions of posts that are known by their deletion only and get their post now.
func (w *writer) earlyDeletions(ctx context.Context, local map[sink.PostKey]time.Time) (map[sink.PostKey]schema.PostRow, error) {
	var ask []sink.PostKey
	for _, d := range w.dated {
		k := w.key(d)
		if at, heard := local[k]; heard && at.IsZero() && !w.postedAt(d).IsZero() {
			ask = append(ask, k)
		}
	}
	if len(ask) == 0 {
		return map[sink.PostKey]schema.PostRow{}, nil
	}
	return w.p.store.EarlyDeletions(ctx, ask)
}

// less says whether version a of a post is older than version b, as the column ver does.
func less(a, b *schema.PostRow) bool {
	if a.SourceVersion != b.SourceVersion {
		return a.SourceVersion < b.SourceVersion
	}
	if a.KafkaOffset != b.KafkaOffset {
		return a.KafkaOffset < b.KafkaOffset
	}
	return a.AnalyzerRevision < b.AnalyzerRevision
}

// place sets the day of the rows of d. A post without any known time goes to 1970-01-01.
func (w *writer) place(d dated, at time.Time) {
	day := nowhere
	if at.IsZero() {
		at = nowhere
	} else {
		day = civil(at, w.p.cfg.Zone)
	}
	b := &w.rows
	if d.post >= 0 {
		r := &b.Posts[d.post]
		r.PostedAt, r.Day = at, day
		if r.OccurredAt.IsZero() {
			r.OccurredAt = at
		}
	}
	if d.survey >= 0 {
		s := &b.Surveys[d.survey]
		s.Day = day
		if !d.comment {
			// Another answer with the same id may have a comment, written before or after this one: the newest decides.
			// It is taken back also when nobody has heard of one yet, or a replay, which has, would give another result.
			b.Posts = append(b.Posts, schema.PostRow{
				Community: s.Community, Day: day, PostID: surveyPost(s.ResponseID), SourceVersion: uint64(s.AnsweredAt.UnixMilli()), Deleted: true,
				PostedAt: at, OccurredAt: s.AnsweredAt, Event: "deleted", Source: "survey", AnalyzerRevision: w.engine.revision,
				KafkaTopic: s.KafkaTopic, KafkaPartition: s.KafkaPartition, KafkaOffset: s.KafkaOffset,
			})
		}
	}
}

func (w *writer) key(d dated) sink.PostKey {
	if d.post >= 0 {
		r := &w.rows.Posts[d.post]
		return sink.PostKey{Community: r.Community, PostID: r.PostID}
	}
	s := &w.rows.Surveys[d.survey]
	return sink.PostKey{Community: s.Community, PostID: surveyPost(s.ResponseID)}
}

// postedAt is the time that the event itself gives.
func (w *writer) postedAt(d dated) time.Time {
	if d.post >= 0 {
		return w.rows.Posts[d.post].PostedAt
	}
	return w.rows.Surveys[d.survey].AnsweredAt
}

func (w *writer) origin(d dated) sink.Origin {
	if d.post >= 0 {
		r := &w.rows.Posts[d.post]
		return sink.Origin{Topic: r.KafkaTopic, Partition: r.KafkaPartition, Offset: r.KafkaOffset}
	}
	s := &w.rows.Surveys[d.survey]
	return sink.Origin{Topic: s.KafkaTopic, Partition: s.KafkaPartition, Offset: s.KafkaOffset}
}

// windows returns the windows that the batch changes, each once.
func (w *writer) windows() []schema.Window {
	seen := map[schema.Window]bool{}
	add := func(community string, day time.Time) {
		if !day.Equal(nowhere) {
			seen[schema.Window{Community: community, Day: day}] = true
		}
	}
	b := &w.rows
	for i := range b.Early {
		add(b.Early[i].Community, b.Early[i].Day)
	}
	for i := range b.Posts {
		add(b.Posts[i].Community, b.Posts[i].Day)
	}
	for i := range b.Activity {
		add(b.Activity[i].Community, b.Activity[i].Day)
	}
	for i := range b.Surveys {
		add(b.Surveys[i].Community, b.Surveys[i].Day)
	}
	out := make([]schema.Window, 0, len(seen))
	for win := range seen {
		out = append(out, win)
	}
	return out
}
