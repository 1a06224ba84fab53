package sample

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"voc/ingest/event"
)

// The topics the events are meant for, by their default names.
const (
	TopicPosts    = "voc.posts"
	TopicActivity = "voc.activity"
	TopicAccounts = "voc.accounts"
	TopicSurveys  = "voc.surveys"
)

// Config says which community is made.
type Config struct {
	// Seed chooses the community: another seed, another one; the same seed, the same bytes.
	Seed uint64
	// End is when the last week ends; it is moved back to the start of a Monday, Japanese time. Zero is refused:
	// the caller decides what now is (see DefaultEnd).
	End time.Time
	// Weeks is how many weeks there are, at least 12; zero means 12. The stories fill the last 12.
	Weeks int
}

// Event is one message: the topic's default name, its key, its JSON value and the time it happened.
type Event struct {
	Topic string
	Key   []byte
	Value []byte
	Time  time.Time
}

// Community is a made community. It is immutable and safe for concurrent use.
type Community struct {
	events []Event
	truths Truths
	cal    calendar
}

// New makes the community of the configuration. It takes some tenths of a second.
func New(cfg Config) (*Community, error) {
	if cfg.Weeks == 0 {
		cfg.Weeks = storyWeeks
	}
	if cfg.Weeks < storyWeeks || cfg.Weeks > 104 {
		return nil, fmt.Errorf("sample weeks is %d; it must be between %d and 104", cfg.Weeks, storyWeeks)
	}
	if cfg.End.IsZero() {
		return nil, fmt.Errorf("sample end is not given; it must be the time at which the last week ends")
	}
	lib, err := loadLibrary()
	if err != nil {
		return nil, fmt.Errorf("read the sample's material: %w", err)
	}
	w := &world{seed: cfg.Seed, cal: newCalendar(cfg.End, cfg.Weeks), lib: lib, said: map[string]int{}, uses: map[*text]int{},
		cast: cast{by: map[string]map[string][]*member{}}}
	w.chatter = w.rand("names")
	typos, err := w.names("typos")
	if err != nil {
		return nil, err
	}
	for _, t := range typos {
		right, wrong, _ := strings.Cut(t, "→")
		w.typos = append(w.typos, [2]string{right, wrong})
	}
	if err := w.people(); err != nil {
		return nil, err
	}
	w.stories()
	w.live()
	w.finish()
	events := w.events()
	slices.SortStableFunc(events, func(a, b Event) int { return a.Time.Compare(b.Time) })
	return &Community{events: events, truths: w.tell(), cal: w.cal}, nil
}

// Events yields every event in the order of its time. The byte slices must not be changed.
func (c *Community) Events() iter.Seq[Event] { return slices.Values(c.events) }

// Len is the number of events.
func (c *Community) Len() int { return len(c.events) }

// Fingerprint names exactly this community: it changes with the seed, the end, the weeks, the material and the
// generator. Whoever feeds a part now and the rest later must find the same fingerprint then.
func (c *Community) Fingerprint() string {
	h := sha256.New()
	for _, e := range c.events {
		for _, b := range [][]byte{[]byte(e.Topic), e.Key, e.Value, e.Time.AppendFormat(nil, time.RFC3339Nano)} {
			h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
			h.Write(b)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Span is the time the community lives through, from the start of its first Monday to its end, exclusive.
func (c *Community) Span() (start, end time.Time) { return c.cal.start, c.cal.end }

// Truths says what is hidden in the community. Only tests and the marking of what was found may read it.
func (c *Community) Truths() Truths { return c.truths }

// finish decides what changes later, drops what falls behind the end and gives the posts their ids.
func (w *world) finish() {
	slices.SortStableFunc(w.posts, func(a, b *post) int { return a.at.Compare(b.at) })
	w.revise(w.rand("revise"))
	n := map[string]int{}
	for _, p := range w.posts {
		n[p.community]++
		prefix := "mb"
		if p.community == Plants {
			prefix = "mz"
		}
		p.id = fmt.Sprintf("%s-%05d", prefix, n[p.community])
	}
}

// revise edits some posts (typos, additions, solved) and deletes a few that their writers regret.
func (w *world) revise(r *rand.Rand) {
	answered := map[*post]bool{}
	replied := map[*post]bool{}
	for _, p := range w.posts {
		if p.accepted && p.root != nil {
			answered[p.root] = true
		}
		if p.parent != nil {
			replied[p.parent] = true
		}
	}
	for _, p := range w.posts {
		if p.source == "app_review" || p.source == "chat" || p.author.role == "outsider" || !p.deleted.IsZero() {
			continue
		}
		at := p.author.rhythm.settle(r, p.at.Add(delay(r, 40*time.Minute)))
		if !p.author.active(at) || !at.Before(w.cal.end) {
			continue
		}
		body := ""
		switch x := r.Float64(); {
		case p.body != p.clean && x < .3:
			body = p.clean
			if r.Float64() < .4 {
				body += w.draw(r, "edit-typo")
			}
		case answered[p] && x < .09:
			at = p.author.rhythm.settle(r, p.at.Add(delay(r, 26*time.Hour)))
			body = p.body + w.draw(r, "edit-solved")
		case p.act == "bug" && x < .06:
			body = p.body + w.draw(r, "edit-bug")
		case p.root == nil && p.author.role == "member" && len([]rune(p.body)) > 40 && x < .03:
			body = p.body + w.draw(r, "edit-any")
		case p.root != nil && !replied[p] && !p.accepted && p.story == "" && p.author.role == "member" && x < .045:
			p.deleted = at
		}
		if body != "" && body != p.body && at.Before(w.cal.end) {
			p.edits = append(p.edits, edit{at: at, body: body})
		}
	}
}

// events turns the world into messages.
func (w *world) events() []Event {
	var out []Event
	put := func(topic, key string, at time.Time, v any) {
		out = append(out, Event{Topic: topic, Key: []byte(key), Value: encode(v), Time: at})
	}
	w.accountEvents(put)
	for _, p := range w.posts {
		w.postEvents(p, put)
	}
	w.activity(put)
	w.surveys(put)
	return out
}

// encode writes a wire value as compact JSON without escaping HTML characters. The wire types cannot fail to encode.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("sample: encode %T: %v", v, err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

type putter func(topic, key string, at time.Time, v any)

func (w *world) postEvents(p *post, put putter) {
	root := p.thread()
	e := event.Post{
		PostID: p.id, Event: event.Created, OccurredAt: p.at, PostedAt: p.at, Title: p.title, Body: p.body,
		Community: p.community, Source: p.source, Channel: p.channel, ThreadID: root.id,
		Rating: float64(p.rating), Accepted: false, Author: author(p.author), Attributes: segment(p.author),
	}
	if p.parent != nil {
		e.ReplyTo = p.parent.id
	}
	if p.source == "community" {
		e.URL = "https://" + p.community + ".example/t/" + root.id
		if p.root != nil {
			e.URL += "#" + p.id
		}
	}
	if p.helpful > 0 {
		e.Reactions = map[string]uint64{"helpful": uint64(p.helpful)}
	}
	put(TopicPosts, p.id, p.at, e)
	for _, d := range p.edits {
		e.Event, e.Body, e.OccurredAt = event.Edited, d.body, d.at
		put(TopicPosts, p.id, d.at, e)
	}
	if !p.deleted.IsZero() && p.deleted.Before(w.cal.end) {
		put(TopicPosts, p.id, p.deleted, event.Post{PostID: p.id, Event: event.Deleted, OccurredAt: p.deleted, PostedAt: p.at, Community: p.community})
	}
}

func author(m *member) event.Author {
	a := event.Author{ID: m.id, Role: m.role, Level: m.level}
	if m.account != nil {
		a.AccountID = m.account.id
	}
	return a
}

// segment is what the community knows about the writer's company; the rest is in the account events.
func segment(m *member) map[string]string {
	if m.account == nil {
		return nil
	}
	return map[string]string{"plan": m.account.plan, "industry": m.account.industry, "touch_model": m.account.touch, "usage_phase": m.account.phase}
}

func (w *world) accountEvents(put putter) {
	r := w.rand("accounts")
	for _, a := range w.cast.accounts {
		put(TopicAccounts, a.id, w.cal.start, event.Account{AccountID: a.id, ValidFrom: a.since, Name: a.name, Attributes: a.attributes()})
		// Some companies grow into their next phase or plan while we watch.
		if r.Float64() > .15 {
			continue
		}
		at := officeRhythm().moment(r, w.cal, 2+r.IntN(w.cal.weeks-2))
		b := *a
		if a.phase == "利用開始" || a.phase == "導入準備" {
			b.phase = "本格運用"
		} else {
			b.phase = "拡張"
		}
		put(TopicAccounts, a.id, at, event.Account{AccountID: a.id, ValidFrom: at, Name: a.name, Attributes: b.attributes()})
	}
}
