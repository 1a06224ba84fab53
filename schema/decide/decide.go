// Package decide owns what people decide: which posts are set aside or put back, and what is done about what members
// said. It writes post_decision_facts and action_facts, and marks the days whose numbers a decision changes.
//
// Both tables are logs. A row is never changed and only voc forget and the retention remove one; what holds is the
// newest row, and the views say so. A decision is about the post, not about a row of post_facts: it takes effect where
// posts are read (schema.IntentsSQL), so edits, other analyzers and replays of a topic leave it in force.
//
// It needs the rights of schema.RoleDecider and no more. It counts nothing and judges nothing: whether an action helped
// is dashboards/actions' to say. Texts arrive masked.
//
// Order of writing: the decision, then the mark of its day. After a crash in between, the same command again writes no
// second decision but the mark.
package decide

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
	"voc/schema/rollup"
)

var (
	// ErrUnknown is wrapped when there is no such post or action.
	ErrUnknown = errors.New("unknown id")
	// ErrNotSetAside is wrapped when a post is to be put back that nothing set aside.
	ErrNotSetAside = errors.New("it is not set aside")
	// ErrAmbiguous is wrapped when several communities have the id.
	ErrAmbiguous = errors.New("several communities have the id")
	// ErrState is wrapped when an event does not follow the state of an action.
	ErrState = errors.New("its state does not allow that")
)

// Who decides, and why.
type Who struct {
	// By is the name that is kept with the decision.
	By string
	// Reason is kept, too; it may be empty. The caller has masked personal data in it.
	Reason string
}

func (w Who) validate() error {
	if strings.TrimSpace(w.By) == "" {
		return errors.New("decide: nobody is named who decides; give a name")
	}
	return nil
}

// Post is a post with what is known about its being set aside.
type Post struct {
	Community, PostID string
	Day               time.Time
	// Intents are those that views show, Tagged those of promotion and spam that the analyzer gave.
	Intents, Tagged []string
	Revision        uint16
	Version         uint64
	// Last is the decision that holds; its Number is 0 when there is none.
	Last schema.DecisionRow
}

// SetAside says whether the post is left out of rankings now.
func (p *Post) SetAside() bool { return schema.IsSetAside(p.Intents) }

// Result is what a decision came to.
type Result struct {
	Post Post
	// Written is false when it was so already; Post then says since when and by whom.
	Written bool
}

// Store reads and writes decisions. The calls of one process may overlap.
type Store struct {
	conn driver.Conn
	now  func() time.Time
}

// New returns a store over a connection with the rights of schema.RoleDecider.
func New(conn driver.Conn) *Store { return &Store{conn: conn, now: time.Now} }

// Release puts a post back that is set aside.
func (s *Store) Release(ctx context.Context, community, postID string, who Who) (Result, error) {
	return s.decide(ctx, community, postID, schema.Released, who)
}

// SetAside sets a post aside as one of schema.SetAside. An empty kind leaves a post that is set aside as it is, and takes
// what the analyzer said, else promotion.
func (s *Store) SetAside(ctx context.Context, community, postID, kind string, who Who) (Result, error) {
	if kind != "" && !slices.Contains(schema.SetAside(), kind) {
		return Result{}, fmt.Errorf("decide: a post cannot be set aside as %q; use %s", kind, strings.Join(schema.SetAside(), " or "))
	}
	return s.decide(ctx, community, postID, kind, who)
}

func (s *Store) decide(ctx context.Context, community, postID, verdict string, who Who) (Result, error) {
	if err := who.validate(); err != nil {
		return Result{}, err
	}
	p, err := s.Post(ctx, community, postID)
	if err != nil {
		return Result{}, err
	}
	settled := verdict != schema.Released && slices.Contains(p.Intents, verdict) || verdict == schema.Released && p.Last.Verdict == schema.Released
	if verdict == "" {
		settled = p.SetAside()
		verdict = append(slices.Clone(p.Tagged), schema.SetAside()...)[0]
	}
	switch {
	case settled:
		return Result{Post: p}, s.mark(ctx, p)
	case verdict == schema.Released && !p.SetAside():
		return Result{Post: p}, fmt.Errorf("decide: the post %s of %s: %w", p.PostID, p.Community, ErrNotSetAside)
	}
	row := schema.DecisionRow{
		Community: p.Community, Day: p.Day, PostID: p.PostID, Number: p.Last.Number + 1, DecisionID: rand.Text(), Verdict: verdict, DecidedAt: s.now(), DecidedBy: who.By,
		Reason: who.Reason, Tagged: p.Tagged, AnalyzerRevision: p.Revision, SourceVersion: p.Version,
	}
	if err := schema.Insert(ctx, s.conn, &row); err != nil {
		return Result{}, fmt.Errorf("decide: %w", err)
	}
	p.Last = row
	return Result{Post: p, Written: true}, s.mark(ctx, p)
}

// mark has the day of a post counted again.
func (s *Store) mark(ctx context.Context, p Post) error {
	if err := rollup.Mark(ctx, s.conn, []schema.Window{{Community: p.Community, Day: p.Day}}); err != nil {
		return fmt.Errorf("decide: the decision is kept, but its day is not marked to be counted again; run it once more: %w", err)
	}
	return nil
}

// Post looks a post up. An empty community stands for the only one that has the id.
func (s *Store) Post(ctx context.Context, community, postID string) (Post, error) {
	var found []struct {
		Community string    `ch:"community"`
		Day       time.Time `ch:"day"`
		Intents   []string  `ch:"intents"`
		Version   uint64    `ch:"version"`
	}
	if err := s.conn.Select(ctx, &found, `SELECT toString(community) AS community, day, intents, version FROM posts
		WHERE post_id = {id:String} AND ({community:String} = '' OR community = {community:String}) ORDER BY community`,
		named("id", postID), named("community", community)); err != nil {
		return Post{}, fmt.Errorf("decide: cannot look for the post: %w", err)
	}
	switch {
	case len(found) == 0 && community != "":
		return Post{}, fmt.Errorf("decide: the community %s has no post %s: %w", community, postID, ErrUnknown)
	case len(found) == 0:
		return Post{}, fmt.Errorf("decide: no community has a post %s: %w", postID, ErrUnknown)
	case len(found) > 1:
		names := make([]string, len(found))
		for i := range found {
			names[i] = found[i].Community
		}
		return Post{}, fmt.Errorf("decide: the post %s: %w: %s; name one", postID, ErrAmbiguous, strings.Join(names, ", "))
	}
	p := Post{Community: found[0].Community, PostID: postID, Day: found[0].Day, Intents: found[0].Intents, Version: found[0].Version}
	args := []any{named("id", postID), named("community", p.Community), clickhouse.Named("day", p.Day.Format(time.DateOnly))}
	var said []struct {
		Intents  []string `ch:"intents"`
		Revision uint16   `ch:"analyzer_revision"`
	}
	if err := s.conn.Select(ctx, &said, `SELECT intents, analyzer_revision FROM post_history
		WHERE community = {community:String} AND day = {day:Date} AND post_id = {id:String} AND current`, args...); err != nil {
		return Post{}, fmt.Errorf("decide: cannot read the tags of the post: %w", err)
	}
	p.Tagged = []string{}
	for _, x := range said {
		p.Revision = x.Revision
		for _, kind := range schema.SetAside() {
			if slices.Contains(x.Intents, kind) {
				p.Tagged = append(p.Tagged, kind)
			}
		}
	}
	var last []struct {
		Number    uint32    `ch:"number"`
		Verdict   string    `ch:"verdict"`
		DecidedAt time.Time `ch:"decided_at"`
		DecidedBy string    `ch:"decided_by"`
		Reason    string    `ch:"reason"`
	}
	if err := s.conn.Select(ctx, &last, `SELECT number, toString(verdict) AS verdict, decided_at, decided_by, reason FROM post_decisions
		WHERE community = {community:String} AND post_id = {id:String} AND current LIMIT 1`, args[:2]...); err != nil {
		return Post{}, fmt.Errorf("decide: cannot read the decisions about the post: %w", err)
	}
	for _, d := range last {
		p.Last = schema.DecisionRow{
			Community: p.Community, Day: p.Day, PostID: postID, Number: d.Number, Verdict: d.Verdict, DecidedAt: d.DecidedAt, DecidedBy: d.DecidedBy, Reason: d.Reason,
		}
	}
	return p, nil
}

func named(name, value string) driver.NamedValue { return driver.NamedValue{Name: name, Value: value} }
