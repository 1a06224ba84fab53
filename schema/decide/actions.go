package decide

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"voc/schema"
)

// The events of an action. The state of an action is its last event, except that one that was added is open.
const (
	Added    = "added"
	Shipped  = "shipped"
	Closed   = "closed"
	Reopened = "reopened"
	// Open is the state of an action that was added.
	Open = "open"
)

// Action is what is to be done about what members said.
type Action struct {
	Community string
	Title     string // masked
	Topic     string
	// Filter is the query of the address of the page of posts, without community and days.
	Filter string
	Owner  string
	Due    time.Time // a day; zero for none
	Note   string    // masked
}

// Step is an event that changes the state of an action.
type Step struct {
	Event   string // Shipped, Closed or Reopened
	Release string // of Shipped
	Note    string // masked
	// At is when it happened, when that was not now: a release of last week is written down today.
	At time.Time
}

// newActionID returns a random id that is short enough to be typed: two actions of one community that get the same one
// are hardly ever seen, one pair in four billion.
func newActionID() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails, see its documentation
	return "a-" + hex.EncodeToString(b[:])
}

// Add writes an action down and returns its id.
func (s *Store) Add(ctx context.Context, a Action, by string) (string, error) {
	var errs []error
	for _, f := range []struct{ what, value string }{{"community", a.Community}, {"title", a.Title}, {"owner", a.Owner}, {"filter", a.Filter}, {"name of who writes it down", by}} {
		if strings.TrimSpace(f.value) == "" {
			errs = append(errs, fmt.Errorf("decide: an action needs a %s", f.what))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return "", err
	}
	id := newActionID()
	if a.Due.IsZero() {
		a.Due = time.Unix(0, 0).UTC()
	}
	row := schema.ActionRow{
		Community: a.Community, ActionID: id, Number: 1, EventID: rand.Text(), Event: Added, HappenedAt: s.now(), MadeBy: by, Title: a.Title, Topic: a.Topic,
		Filter: a.Filter, Owner: a.Owner, Due: a.Due, Note: a.Note,
	}
	if err := schema.Insert(ctx, s.conn, &row); err != nil {
		return "", fmt.Errorf("decide: %w", err)
	}
	return id, nil
}

// Known is an action that is written down, as far as its next event must know it.
type Known struct {
	Community string    `ch:"community"`
	ID        string    `ch:"action_id"`
	State     string    `ch:"state"`
	Release   string    `ch:"release"`
	ChangedAt time.Time `ch:"changed_at"`
	Events    uint64    `ch:"events"`
}

// Find returns the action of an id. An empty community stands for the only one that has it.
func (s *Store) Find(ctx context.Context, community, id string) (Known, error) {
	var list []Known
	if err := s.conn.Select(ctx, &list, `SELECT toString(community) AS community, action_id, toString(state) AS state, release, changed_at, events FROM actions
		WHERE action_id = {id:String} AND ({community:String} = '' OR community = {community:String}) ORDER BY community`, named("id", id), named("community", community)); err != nil {
		return Known{}, fmt.Errorf("decide: cannot look for the action: %w", err)
	}
	switch len(list) {
	case 0:
		return Known{}, fmt.Errorf("decide: the action %s: %w; `voc actions list` shows those there are", id, ErrUnknown)
	case 1:
		return list[0], nil
	}
	return Known{}, fmt.Errorf("decide: the action %s: %w; name one", id, ErrAmbiguous)
}

// follows says which events may follow a state.
func follows(state string) []string {
	switch state {
	case Open, Reopened:
		return []string{Shipped, Closed}
	case Shipped: // another release may try again
		return []string{Shipped, Closed, Reopened}
	default:
		return []string{Reopened}
	}
}

// Take writes a step down. A step that was taken already, with the same release, changes nothing: written is false.
func (s *Store) Take(ctx context.Context, community, id string, step Step, by string) (k Known, written bool, err error) {
	if err := (Who{By: by}).validate(); err != nil {
		return Known{}, false, err
	}
	if k, err = s.Find(ctx, community, id); err != nil {
		return Known{}, false, err
	}
	if k.State == step.Event && (step.Event != Shipped || k.Release == step.Release) {
		return k, false, nil
	}
	if allowed := follows(k.State); !slices.Contains(allowed, step.Event) {
		return k, false, fmt.Errorf("decide: the action %s is %s and cannot become %s: %w; it can become %s", id, k.State, step.Event, ErrState, strings.Join(allowed, " or "))
	}
	now := s.now()
	switch {
	case step.At.IsZero():
		step.At = now
	case step.At.After(now):
		return k, false, fmt.Errorf("decide: %s lies in the future; write it down when it has happened", step.At.Format(time.DateOnly))
	}
	row := schema.ActionRow{
		Community: k.Community, ActionID: id, Number: uint32(k.Events) + 1, EventID: rand.Text(), Event: step.Event, HappenedAt: step.At, MadeBy: by, Release: step.Release,
		Note: step.Note, Due: time.Unix(0, 0).UTC(),
	}
	if err := schema.Insert(ctx, s.conn, &row); err != nil {
		return k, false, fmt.Errorf("decide: %w", err)
	}
	k.State, k.ChangedAt = step.Event, step.At
	if step.Event == Shipped {
		k.Release = step.Release
	}
	return k, true, nil
}
