package faulttest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"voc/analyze"
	"voc/ingest/event"
	"voc/ingest/privacy"
)

// Model is what ClickHouse must hold, computed from the log alone. It shares the wire structs and the analyzer with the
// pipeline and nothing else: versions, days, deletions and every aggregate are worked out here once more.
type Model struct {
	zone   *time.Location
	key    []byte
	tagger *analyze.Worker

	posts    map[postKey]*post
	surveys  map[surveyKey]Logged
	activity map[activityKey]activityEvent
	outcomes []outcome
}

type postKey struct{ community, id string }

type post struct {
	first  time.Time // posted_at of the first event that had one
	winner *candidate
}

// candidate is one version of a post.
type candidate struct {
	rec      Logged
	version  uint64
	deleted  bool
	occurred time.Time
	kind     string
	e        event.Post
	result   analyze.Result
}

type surveyKey struct{ community, id string }

type activityKey struct {
	community, day, id string
}

type activityEvent struct {
	offset int64
	a      event.Activity
}

type outcome struct {
	rec    Logged
	what   string // stored, dead_letter or filtered
	reason string
	post   *postKey
	won    func() bool // whether the record's version is the one that is read
}

// NewModel reads the log of all topics, each in order of its partitions and offsets.
func NewModel(log []Logged, analyzer *analyze.Analyzer, key string, zone *time.Location) *Model {
	m := &Model{
		zone: zone, key: []byte(key), tagger: analyzer.NewWorker(),
		posts: map[postKey]*post{}, surveys: map[surveyKey]Logged{}, activity: map[activityKey]activityEvent{},
	}
	log = slices.Clone(log)
	slices.SortStableFunc(log, func(a, b Logged) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.Offset, b.Offset))
	})
	for _, r := range log {
		m.outcomes = append(m.outcomes, m.add(r))
	}
	for _, p := range m.posts {
		// Only what is read is analysed.
		if c := p.winner; !c.deleted {
			m.tagger.Analyze(analyze.Input{Title: c.e.Title, Body: c.e.Body, IsReply: c.e.ReplyTo != "", AuthorRole: c.e.Author.Role}, &c.result)
			c.result = clone(c.result)
		}
	}
	return m
}

// clone keeps what the next analysis overwrites.
func clone(r analyze.Result) analyze.Result {
	r.Topics, r.Intents, r.Flags = slices.Clone(r.Topics), slices.Clone(r.Intents), slices.Clone(r.Flags)
	return r
}

func (m *Model) add(r Logged) outcome {
	refused := func(reason string) outcome { return outcome{rec: r, what: "dead_letter", reason: reason} }
	switch {
	case r.Skipped, r.Null && r.Topic != topicAccounts:
		return outcome{rec: r, what: "filtered"}
	case r.Topic == topicPosts:
		var e event.Post
		if reason := decode(r.Value, &e); reason != "" {
			return refused(reason)
		}
		if reason := fault(r, e); reason != "" {
			return refused(reason)
		}
		return m.post(r, e)
	case r.Topic == topicSurveys:
		var s event.Survey
		if reason := decode(r.Value, &s); reason != "" {
			return refused(reason)
		}
		if s.ResponseID == "" {
			return refused("missing_field")
		}
		return m.survey(r, s)
	case r.Topic == topicActivity:
		var a event.Activity
		if reason := decode(r.Value, &a); reason != "" {
			return refused(reason)
		}
		if a.Event == "" {
			return refused("missing_field")
		}
		return m.act(r, a)
	}
	return outcome{rec: r, what: "stored"}
}

// decode reads a message and says why it cannot be read.
func decode(value []byte, into any) string {
	if !json.Valid(value) {
		return "invalid_json"
	}
	if value[0] != '{' {
		return "wrong_type"
	}
	d := json.NewDecoder(bytes.NewReader(value))
	d.DisallowUnknownFields()
	if d.Decode(into) != nil {
		return "unknown_field"
	}
	return ""
}

// fault says what is wrong with a post.
func fault(r Logged, e event.Post) string {
	switch {
	case e.Event != "" && e.Event != event.Created && e.Event != event.Edited && e.Event != event.Deleted:
		return "unknown_event"
	case e.PostID == "":
		return "missing_field"
	case e.PostedAt.After(r.Time.Add(24 * time.Hour)):
		return "time_out_of_range"
	}
	return ""
}

func community(c string) string { return cmp.Or(c, "default") }

func (m *Model) post(r Logged, e event.Post) outcome {
	c := &candidate{rec: r, e: e, kind: cmp.Or(string(e.Event), "created"), deleted: e.Event == event.Deleted}
	switch {
	case e.Version != nil:
		c.version = *e.Version
	case !e.OccurredAt.IsZero():
		c.version = uint64(e.OccurredAt.UnixMilli())
	default:
		c.version = uint64(r.Time.UnixMilli())
	}
	switch {
	case !e.OccurredAt.IsZero():
		c.occurred = e.OccurredAt
	case c.kind == "created":
		c.occurred = e.PostedAt
	default:
		c.occurred = r.Time
	}
	return m.enter(postKey{community(e.Community), e.PostID}, c, e.PostedAt)
}

// enter adds a version to a post, whose first known posted_at stays.
func (m *Model) enter(k postKey, c *candidate, at time.Time) outcome {
	p := m.posts[k]
	if p == nil {
		p = &post{}
		m.posts[k] = p
	}
	if p.first.IsZero() {
		p.first = at
	}
	if w := p.winner; w == nil || c.version > w.version || (c.version == w.version && c.rec.Offset > w.rec.Offset) {
		p.winner = c
	}
	return outcome{rec: c.rec, what: "stored", post: &k, won: func() bool { return p.winner == c }}
}

// survey keeps the answer that came last; its comment is a post of which the newest answer decides, also when that has
// no comment any more.
func (m *Model) survey(r Logged, s event.Survey) outcome {
	k := surveyKey{community(s.Community), s.ResponseID}
	m.surveys[k] = r
	c := &candidate{rec: r, version: uint64(s.AnsweredAt.UnixMilli()), occurred: s.AnsweredAt, kind: "created", deleted: s.Comment == ""}
	c.e = event.Post{Body: s.Comment, Source: "survey", Channel: s.SurveyID, Author: s.Author, Attributes: s.Attributes}
	out := m.enter(postKey{k.community, "survey/" + s.ResponseID}, c, s.AnsweredAt)
	if s.Comment == "" {
		out.post = nil // the record tells of no post
	}
	return out
}

func (m *Model) act(r Logged, a event.Activity) outcome {
	id := a.EventID
	if id == "" {
		id = r.Topic + "/" + strconv.Itoa(r.Partition) + "/" + strconv.FormatInt(r.Offset, 10)
	}
	k := activityKey{community(a.Community), m.civil(a.OccurredAt), id}
	if old, ok := m.activity[k]; !ok || r.Offset > old.offset {
		m.activity[k] = activityEvent{r.Offset, a}
	}
	return outcome{rec: r, what: "stored"}
}

// civil is the calendar day of a time.
func (m *Model) civil(t time.Time) string { return t.In(m.zone).Format(time.DateOnly) }

func (m *Model) pseudonym(id string) string { return privacy.Pseudonym(m.key, id) }

// read is a post that readers see.
type read struct {
	key postKey
	day string
	at  time.Time
	*candidate
}

// visible lists the posts that readers see.
func (m *Model) visible() []read {
	var out []read
	for k, p := range m.posts {
		if c := p.winner; !c.deleted {
			out = append(out, read{k, m.civil(p.first), p.first, c})
		}
	}
	return out
}
