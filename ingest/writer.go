package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
	"unicode"
	"unicode/utf8"

	"voc/analyze"
	"voc/ingest/batch"
	"voc/ingest/deadletter"
	"voc/ingest/event"
	"voc/ingest/process"
	"voc/ingest/sink"
	"voc/ingest/source"
	"voc/schema"
)

// writer collects the rows of one batch of a partition and writes them. It belongs to one goroutine at a time.
type writer struct {
	p      *Pipeline
	part   *source.Partition
	policy *batch.Policy
	// engine is what the batch is masked and tagged with: one for all its rows, chosen when the first record comes.
	engine *engine
	rows   sink.Batch
	dated  []dated
	// raw keeps the messages of the batch, in case the server refuses a row of one.
	raw     []message
	bytes   []byte
	letters []deadletter.Letter
	next    int64 // offset to commit after the batch
	round   int   // of the bounds when the batch began
	met     int   // at how many meetings the batch has been while it is written
	result  analyze.Result
	// untagged are the posts whose texts are masked and wait to be tagged.
	untagged []untagged
	// local is what fixed the posted_at of the batch's posts; working memory of resolve.
	local map[sink.PostKey]time.Time
	// former are the pseudonyms that the persons of the batch had under earlier keys.
	former map[string][]string
}

// untagged is a post of the batch, by its place, and how long masking it took.
type untagged struct {
	post   int
	masked time.Duration
}

// message is one record of the batch; keyAt and valueAt are ranges of writer.bytes.
type message struct {
	offset  int64
	time    time.Time
	keyAt   [2]int
	valueAt [2]int
	null    bool
	headers []source.Header
}

func newWriter(p *Pipeline, part *source.Partition) *writer {
	return &writer{p: p, part: part, policy: batch.New(p.cfg.Batch, p.grid), engine: p.engine.Load(), next: -1, local: map[sink.PostKey]time.Time{}}
}

// takeSome works on records until the batch is due, with one tagger. All are masked before the first is tagged, because
// masker and tagger drive each other's tables out of the processor's caches.
func (w *writer) takeSome(ctx context.Context, records []source.Record) (n int, due batch.Reason, err error) {
	if w.policy.Len() == 0 {
		w.engine = w.p.engine.Load()
		w.round = w.p.bounds.begin()
	}
	var tagger Tagger
	select {
	case tagger = <-w.engine.taggers:
	case <-ctx.Done():
		return 0, batch.None, context.Cause(ctx)
	}
	defer func() { w.engine.taggers <- tagger }()
	before := w.markAll()
	for n < len(records) && due == batch.None {
		if ctx.Err() != nil {
			return n, batch.None, context.Cause(ctx)
		}
		r := &records[n]
		n++
		w.record(r, nil)
		w.next = r.Offset + 1
		now := time.Now()
		size := len(r.Value) + recordOverhead
		due = w.ripe(w.policy.Add(size, now), now)
		if w.p.bounds.take(w.round, size, w.p.late.Load() > 0) && due == batch.None {
			due = batch.Rows
		}
	}
	if w.tag(tagger) {
		return n, due, nil
	}
	// The tagger has crashed. Which of the records it was shows when each is tagged by itself.
	w.resetAll(before)
	panicked := true
	for i := range records[:n] {
		if panicked {
			tagger = w.engine.newTagger() // its buffers may be in any state
		}
		panicked = w.record(&records[i], tagger)
	}
	if panicked {
		tagger = w.engine.newTagger()
	}
	return n, due, nil
}

// tag tags what waits for it, and reports whether the tagger got through.
func (w *writer) tag(tagger Tagger) (ok bool) {
	defer func() {
		if v := recover(); v != nil {
			ok = false
		}
	}()
	for _, u := range w.untagged {
		began := time.Now()
		process.Tag(&w.rows.Posts[u.post], tagger, &w.result)
		w.analysed(u.masked + time.Since(began))
	}
	w.untagged = w.untagged[:0]
	return true
}

// ripe holds a batch back that is due by age while others are written with which it cannot go any more, for a while: those
// of all partitions that are due then are written together.
func (w *writer) ripe(due batch.Reason, now time.Time) batch.Reason {
	if due == batch.Age && w.p.bounds.behind(w.round) && w.policy.MayWait(now) {
		return batch.None
	}
	return due
}

// recordOverhead is roughly what a row needs beside its text.
const recordOverhead = 512

// record turns one record into rows. It never fails: what cannot be used becomes a dead letter. Without a tagger, its posts
// wait to be tagged.
func (w *writer) record(r *source.Record, tagger Tagger) (panicked bool) {
	w.keep(r)
	out := schema.OutcomeRow{
		KafkaTopic: w.part.Topic, KafkaPartition: uint32(w.part.ID), KafkaOffset: uint64(r.Offset), RecordTime: milli(r.Time),
		Outcome: schema.OutcomeStored,
	}
	topics := &w.p.cfg.Topics
	meta := event.Meta{Topic: w.part.Topic, Partition: w.part.ID, Offset: r.Offset, Key: r.Key, Time: r.Time}
	if r.Kind != source.Data || (r.Value == nil && w.part.Topic != topics.Accounts) {
		out.Outcome = schema.OutcomeFiltered
		w.rows.Outcomes = append(w.rows.Outcomes, out)
		return false
	}
	mark := w.mark()
	reason := event.ReasonDecoderPanic
	var rejected *event.Reject
	func() {
		defer func() {
			if v := recover(); v != nil {
				panicked = true
				rejected = &event.Reject{Reason: reason, Detail: "the message must not crash voc; please report this with the message from the dead-letter topic"}
				w.p.metrics.panics.Inc()
				// The text of a panic may quote content, the stack does not.
				w.p.log.Error("a message crashed its processing and becomes a dead letter", slog.String("reason", string(reason)),
					slog.String("topic", w.part.Topic), slog.Int("partition", w.part.ID), slog.Int64("offset", r.Offset),
					slog.String("panic", fmt.Sprintf("%T", v)), slog.String("stack", string(debug.Stack())))
			}
		}()
		switch w.part.Topic {
		case topics.Posts:
			var e event.Post
			if e, rejected = event.DecodePost(r.Value, meta, w.p.cfg.Limits); rejected == nil {
				reason = event.ReasonAnalyzerPanic
				w.engine.hidePost(&e)
				w.post(&e, meta, tagger, &out)
			}
		case topics.Activity:
			var a event.Activity
			if a, rejected = event.DecodeActivity(r.Value, meta, w.p.cfg.Limits); rejected == nil {
				reason = event.ReasonAnalyzerPanic
				w.engine.hideActivity(&a)
				out.Community = a.Community
				row := w.engine.activityRow(&a, meta, w.p.cfg.Zone)
				w.knew(row.AuthorID, a.Author.ID)
				w.knew(row.InvitedBy, a.InvitedBy)
				w.rows.Activity = append(w.rows.Activity, row)
			}
		case topics.Accounts:
			var a event.Account
			if a, rejected = event.DecodeAccount(r.Value, meta, w.p.cfg.Limits); rejected == nil {
				reason = event.ReasonAnalyzerPanic
				w.engine.hideAccount(&a)
				w.rows.Accounts = append(w.rows.Accounts, accountRow(&a, meta))
			}
		case topics.Surveys:
			var s event.Survey
			if s, rejected = event.DecodeSurvey(r.Value, meta, w.p.cfg.Limits); rejected == nil {
				reason = event.ReasonAnalyzerPanic
				w.engine.hideSurvey(&s)
				w.survey(&s, meta, tagger, &out)
			}
		}
	}()
	if rejected != nil {
		w.reset(mark)
		out.Community, out.PostID, out.SourceVersion = "", "", 0
		out.Outcome = schema.OutcomeDeadLetter
		w.deadLetter(len(w.raw)-1, rejected)
	}
	w.rows.Outcomes = append(w.rows.Outcomes, out)
	return panicked
}

func (w *writer) post(e *event.Post, m event.Meta, tagger Tagger, out *schema.OutcomeRow) {
	row := w.engine.postRow(e, m)
	w.knew(row.AuthorID, e.Author.ID)
	if !row.Deleted {
		w.analyse(&row, e.Title, e.Body, tagger)
	}
	out.Community, out.PostID, out.SourceVersion = row.Community, row.PostID, row.SourceVersion
	w.dated = append(w.dated, dated{post: len(w.rows.Posts), survey: -1})
	w.rows.Posts = append(w.rows.Posts, row)
}

func (w *writer) survey(s *event.Survey, m event.Meta, tagger Tagger, out *schema.OutcomeRow) {
	d := dated{post: -1, survey: len(w.rows.Surveys)}
	out.Community = s.Community
	if event.HasText(s.Comment) {
		row := w.engine.commentRow(s, m)
		w.analyse(&row, "", s.Comment, tagger)
		out.PostID, out.SourceVersion = row.PostID, row.SourceVersion
		d.post, d.comment = len(w.rows.Posts), true
		w.rows.Posts = append(w.rows.Posts, row)
	}
	row := w.engine.surveyRow(s, m)
	w.knew(row.AuthorID, s.Author.ID)
	w.rows.Surveys = append(w.rows.Surveys, row)
	w.dated = append(w.dated, d)
}

func (w *writer) analyse(row *schema.PostRow, title, body string, tagger Tagger) {
	began := time.Now()
	process.Mask(row, title, body, w.engine.masker)
	if tagger == nil {
		// The row is appended next.
		w.untagged = append(w.untagged, untagged{len(w.rows.Posts), time.Since(began)})
		return
	}
	process.Tag(row, tagger, &w.result)
	w.analysed(time.Since(began))
}

// analysed counts a post that is masked and tagged.
func (w *writer) analysed(took time.Duration) {
	w.p.analysed.Add(int64(took))
	w.p.metrics.analysis.Observe(took.Seconds())
}

// keep copies the message: the record is valid only until the next fetch.
func (w *writer) keep(r *source.Record) {
	m := message{offset: r.Offset, time: r.Time, null: r.Value == nil, headers: r.Headers}
	m.keyAt[0] = len(w.bytes)
	w.bytes = append(w.bytes, r.Key...)
	m.keyAt[1] = len(w.bytes)
	w.bytes = append(w.bytes, r.Value...)
	m.valueAt = [2]int{m.keyAt[1], len(w.bytes)}
	w.raw = append(w.raw, m)
}

// lengths marks a state of the batch to go back to.
type lengths struct{ posts, activity, accounts, surveys, dated, untagged int }

func (w *writer) mark() lengths {
	return lengths{len(w.rows.Posts), len(w.rows.Activity), len(w.rows.Accounts), len(w.rows.Surveys), len(w.dated), len(w.untagged)}
}

func (w *writer) reset(l lengths) {
	w.rows.Posts, w.rows.Activity = w.rows.Posts[:l.posts], w.rows.Activity[:l.activity]
	w.rows.Accounts, w.rows.Surveys = w.rows.Accounts[:l.accounts], w.rows.Surveys[:l.surveys]
	w.dated, w.untagged = w.dated[:l.dated], w.untagged[:l.untagged]
}

// allLengths also mark what every record leaves, a bad one too.
type allLengths struct {
	lengths
	raw, bytes, outcomes, letters, deadLetters int
}

func (w *writer) markAll() allLengths {
	return allLengths{w.mark(), len(w.raw), len(w.bytes), len(w.rows.Outcomes), len(w.letters), len(w.rows.DeadLetters)}
}

func (w *writer) resetAll(l allLengths) {
	w.reset(l.lengths)
	w.raw, w.bytes, w.letters = w.raw[:l.raw], w.bytes[:l.bytes], w.letters[:l.letters]
	w.rows.Outcomes, w.rows.DeadLetters = w.rows.Outcomes[:l.outcomes], w.rows.DeadLetters[:l.deadLetters]
}

// deadLetter adds the letter and the row of message i.
func (w *writer) deadLetter(i int, why *event.Reject) {
	m := &w.raw[i]
	key, value := w.bytes[m.keyAt[0]:m.keyAt[1]:m.keyAt[1]], w.bytes[m.valueAt[0]:m.valueAt[1]:m.valueAt[1]]
	l := deadletter.Letter{
		Topic: w.part.Topic, Partition: w.part.ID, Offset: m.offset, Time: m.time, Key: key, Value: value,
		Reason: string(why.Reason), Field: w.engine.masker.Mask(why.Field), Detail: why.Detail,
	}
	if m.null {
		l.Value = nil
	}
	for _, h := range m.headers {
		l.Headers = append(l.Headers, deadletter.Header(h))
	}
	w.letters = append(w.letters, l)
	w.rows.DeadLetters = append(w.rows.DeadLetters, schema.DeadLetterRow{
		KafkaTopic: w.part.Topic, KafkaPartition: uint32(w.part.ID), KafkaOffset: uint64(m.offset), RecordTime: milli(m.time),
		Reason: l.Reason, Field: l.Field, Detail: l.Detail, MessageKey: w.shownKey(key), Size: uint64(len(value)),
	})
}

// shownKey is the message key as the dead-letter table shows it: a key is an id by contract, but a broken producer may
// put anything there.
func (w *writer) shownKey(key []byte) string {
	if len(key) > w.p.cfg.Limits.MaxIDBytes || !utf8.Valid(key) {
		return ""
	}
	for _, r := range string(key) {
		if unicode.IsControl(r) {
			return ""
		}
	}
	return w.engine.masker.Mask(string(key))
}

// flush writes the batch and commits. See the package's documentation for the order of the steps.
func (w *writer) flush(ctx context.Context, reason batch.Reason) error {
	began := time.Now()
	w.p.deps.Step("analysed")
	if err := w.erase(ctx); err != nil {
		return err
	}
	w.meet(ctx)
	if err := w.resolve(ctx); err != nil {
		return err
	}
	w.meet(ctx)
	w.p.deps.Step("looked up")
	refused, err := w.p.store.WriteFacts(ctx, &w.rows)
	if err != nil {
		return err
	}
	w.refuse(refused)
	if err := w.p.letters.Write(ctx, w.letters); err != nil {
		return err
	}
	w.p.deps.Step("letters sent")
	w.rows.Windows = w.windows()
	w.meet(ctx)
	if err := w.p.store.WriteLedger(ctx, &w.rows); err != nil {
		return err
	}
	if err := w.part.Commit(ctx, w.next); err != nil {
		return err
	}
	w.p.deps.Step("committed")
	w.count(reason, began)
	w.clear()
	return nil
}

// meet waits for the batches of other partitions, to write together with them.
func (w *writer) meet(ctx context.Context) {
	w.p.bounds.meet(ctx, w.round, w.met)
	w.met++
}

// refuse turns the records that the server does not take into dead letters.
func (w *writer) refuse(refused []sink.Refused) {
	if len(refused) == 0 {
		return
	}
	bad := map[uint64]bool{}
	for _, r := range refused {
		bad[r.Origin.Offset] = true
	}
	for i := range w.rows.Outcomes {
		o := &w.rows.Outcomes[i]
		if !bad[o.KafkaOffset] || o.Outcome != schema.OutcomeStored {
			continue
		}
		o.Outcome, o.Community, o.PostID, o.SourceVersion = schema.OutcomeDeadLetter, "", "", 0
		// Outcomes and messages are parallel: one of each a record.
		w.deadLetter(i, &event.Reject{Reason: event.ReasonStoreRefused, Detail: "ClickHouse must accept every value of the row; the log of voc names the table and the error code"})
	}
}

func (w *writer) count(reason batch.Reason, began time.Time) {
	m := w.p.metrics
	now := time.Now()
	m.flushes.WithLabelValues(string(reason)).Inc()
	m.size.Observe(float64(w.policy.Len()))
	m.flush.Observe(now.Sub(began).Seconds())
	counts := map[schema.Outcome]int{}
	fresh := m.freshness.WithLabelValues(w.part.Topic)
	for i := range w.rows.Outcomes {
		o := &w.rows.Outcomes[i]
		counts[o.Outcome]++
		if o.Outcome == schema.OutcomeStored && !o.RecordTime.IsZero() {
			fresh.Observe(max(0, now.Sub(o.RecordTime).Seconds()))
		}
	}
	for o, n := range counts {
		m.records.WithLabelValues(w.part.Topic, string(o)).Add(float64(n))
	}
	for i := range w.rows.Registry {
		if r := &w.rows.Registry[i]; !r.PostedAt.IsZero() {
			w.p.known.Add(sink.PostKey{Community: r.Community, PostID: r.PostID}, r.PostedAt)
		}
	}
}

// clear empties the batch and keeps its memory, unless a flood has made it large.
func (w *writer) clear() {
	w.policy.Reset()
	w.rows = sink.Batch{
		Erasures: reuse(w.rows.Erasures), Early: reuse(w.rows.Early), Registry: reuse(w.rows.Registry), Posts: reuse(w.rows.Posts), Activity: reuse(w.rows.Activity), Accounts: reuse(w.rows.Accounts),
		Surveys: reuse(w.rows.Surveys), Outcomes: reuse(w.rows.Outcomes), DeadLetters: reuse(w.rows.DeadLetters),
	}
	w.dated, w.raw, w.letters = reuse(w.dated), reuse(w.raw), reuse(w.letters)
	clear(w.former)
	if len(w.local) > keptRows {
		w.local = map[sink.PostKey]time.Time{}
	}
	clear(w.local)
	if cap(w.bytes) > keptBytes {
		w.bytes = nil
	}
	w.bytes = w.bytes[:0]
}

// keptRows and keptBytes bound the memory that an idle partition holds on to, twice: about 6 MB of the largest rows, and
// messages, so that each of four partitions keeps its slices for the next batch of a backlog.
const (
	keptRows  = 8000
	keptBytes = 4 << 20
)

// reuse empties a slice; what it pointed to is released.
func reuse[T any](s []T) []T {
	if cap(s) > keptRows {
		return nil
	}
	clear(s[:cap(s)])
	return s[:0]
}
