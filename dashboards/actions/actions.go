// Package actions says how the actions stand that people wrote down about what members said: how many voices there were
// since, how many a week before and after, and whether the voices are back. Report, pages and command line show the same.
//
// An action's voices are the posts of its filter, which is a drill-down like any other, so that every number opens its
// posts. It decides nothing about posts and writes nothing: package schema/decide does.
//
// When are voices back? Every full week after the release is compared with the weeks before it by the test that judges
// topics (stats.Changes): shares of all posts, authors who repeat themselves counted for less, a minimum of posts and
// authors, and corrected for how many weeks and actions are looked at. One such week is enough, until people write
// something down about the action again: it is not forgotten because the week after was quiet.
package actions

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// Status is how an action stands.
type Status string

// The statuses. All but Back are what people said last.
const (
	Open     Status = "open"
	Shipped  Status = "shipped"
	Closed   Status = "closed"
	Reopened Status = "reopened" // by people
	Back     Status = "back"     // reopened by its voices: shipped, and they are above the level before
)

// History is how many weeks before the action, or its release, make the level before. maxWeeks bounds how far back a
// release is looked at, and falseReturns the share of reports that may call an action back although nothing changed.
const (
	History      = 8
	maxWeeks     = 200
	falseReturns = 0.05
)

// Standing is an action with its numbers.
type Standing struct {
	query.Action
	Status Status
	// Posts are the voices from the day it was written down to the last day; Authors are who wrote them.
	Posts, Authors uint64
	// Since is their filter.
	Since query.Filter
	// Before and After are voices a week, of BeforeWeeks full weeks before the week of the release (or, without one, the
	// week in which the action was written down) and AfterWeeks full weeks after it.
	Before, After           float64
	BeforeWeeks, AfterWeeks int
	// Last judges the newest full week after the release against those before; nil without such weeks, and when people have
	// reopened or closed the action since.
	Last *stats.Change
	// BackIn is the Monday of the first week in which the voices were back; zero when they are not.
	BackIn time.Time
	// Overdue says that it is not done and its day has passed.
	Overdue bool
}

// Listed says whether a weekly report names the action: all but those that people closed.
func (s *Standing) Listed() bool { return s.Status != Closed }

// NewFilter checks the drill-down of a new action and returns it as it is kept. What it leaves out is filled in: voices
// that ask for something (requests, complaints, bugs, signs of leaving), by whoever is no staff and no outsider,
// without posts that are set aside. It must not single out persons or posts.
func NewFilter(topic, text string) (string, error) {
	// A whole address may be given, too; a question mark behind a key belongs to what is searched for.
	if path, behind, ok := strings.Cut(text, "?"); ok && !strings.Contains(path, "=") {
		text = behind
	}
	v, err := url.ParseQuery(text)
	if err != nil {
		return "", fmt.Errorf("actions: the query %q cannot be read; write it as an address of the page of posts has it, such as intent=request&text=CSV: %w", text, err)
	}
	for _, key := range []string{"community", "from", "to", "week", "limit", "offset", "sort"} {
		v.Del(key)
	}
	for _, key := range []string{"author", "account", "id", "thread"} {
		if v.Has(key) {
			return "", fmt.Errorf("actions: the query asks for %s; an action answers what is said, whoever says it", key)
		}
	}
	if topic != "" {
		v.Set("topic", topic)
	}
	if len(v) == 0 {
		return "", errors.New("actions: give a topic or a query, so that the action has voices to be measured by")
	}
	for key, list := range map[string][]string{
		"intent": {"request", "complaint", "bug", "churn_risk"}, "role": {"member", "leader", "partner", ""}, "quarantined": {"no"},
	} {
		if !v.Has(key) {
			v[key] = list
		}
	}
	kept := v.Encode()
	if _, err := parse(kept, "", time.Unix(0, 0).UTC(), time.Unix(0, 0).UTC()); err != nil {
		return "", err
	}
	return kept, nil
}

// parse is the filter of an action for some days.
func parse(kept, community string, from, to time.Time) (query.Filter, error) {
	v, err := url.ParseQuery(kept)
	if err != nil {
		return query.Filter{}, fmt.Errorf("actions: the filter %q cannot be read: %w", kept, err)
	}
	v.Set("from", from.Format(time.DateOnly))
	v.Set("to", to.Format(time.DateOnly))
	f, err := query.ParseFilter(v)
	if err != nil {
		return f, fmt.Errorf("actions: the filter %q: %w", kept, err)
	}
	f.Community = community
	return f, nil
}

// Day is the calendar day of an instant, as filters have it.
func Day(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func monday(day time.Time) time.Time { return day.AddDate(0, 0, -(int(day.Weekday())+6)%7) }

// Asked returns the filter of what was said about an action up to a day, also before it was written down.
func Asked(a query.Action, community string, zone *time.Location, last time.Time) (query.Filter, error) {
	from := Day(a.AddedAt, zone).AddDate(-1, 0, 0)
	if last.Before(from) {
		last = from
	}
	return parse(a.Filter, community, from, last)
}

// Load returns the actions of a community as they stand at the end of a day, oldest first. Posts after that day are not
// looked at; what people wrote down about the actions is taken as it is now.
func Load(ctx context.Context, conn driver.Conn, zone *time.Location, community string, last time.Time) ([]Standing, error) {
	var list []query.Action
	if err := query.Run(ctx, conn, "actions", query.Params{"community": community}, &list); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, nil
	}
	full := monday(last.AddDate(0, 0, 1)).AddDate(0, 0, -7) // Monday of the last week that is over
	first := full
	for _, a := range list {
		first = earlier(first, pivot(a, zone).AddDate(0, 0, -7*History))
	}
	if bound := full.AddDate(0, 0, -7*maxWeeks); first.Before(bound) {
		first = bound
	}
	weeks := int(full.Sub(first)/(7*24*time.Hour)) + 1
	var overview []query.OverviewWeek
	if err := query.Run(ctx, conn, "overview_weeks", query.Params{"community": community, "week": full, "weeks": weeks - 1}, &overview); err != nil {
		return nil, err
	}
	base := map[time.Time]uint64{}
	var began time.Time
	for _, w := range overview {
		base[w.Week.UTC()] = w.Posts
		if w.Posts > 0 && began.IsZero() {
			began = w.Week.UTC()
		}
	}
	out := make([]Standing, len(list))
	voices := make([][]query.PostsWeek, len(list))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for i, a := range list {
		g.Go(func() error {
			var err error
			out[i], voices[i], err = count(ctx, conn, zone, community, a, first, last)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return out, judge(out, voices, base, began, full, zone)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// pivot is the Monday of the week that parts before from after.
func pivot(a query.Action, zone *time.Location) time.Time {
	at := a.AddedAt
	if a.ShippedAt != nil {
		at = *a.ShippedAt
	}
	return monday(Day(at, zone))
}

// count asks for the voices of an action.
func count(ctx context.Context, conn driver.Conn, zone *time.Location, community string, a query.Action, first, last time.Time) (Standing, []query.PostsWeek, error) {
	s := Standing{Action: a, Status: Status(a.State)}
	done := a.State == string(Closed) || a.State == string(Shipped)
	s.Overdue = a.Due != nil && a.Due.Before(last) && !done
	added := Day(a.AddedAt, zone)
	f, err := parse(a.Filter, community, first, last)
	if err != nil {
		return s, nil, err
	}
	var weeks []query.PostsWeek
	if err := query.Run(ctx, conn, "posts_weeks", f.Params(), &weeks); err != nil {
		return s, nil, err
	}
	s.Since = f
	s.Since.From = added
	if added.After(last) {
		return s, weeks, nil // written down after these days: nothing can have been said since
	}
	var n []query.PostCount
	if err := query.Run(ctx, conn, "posts_count", s.Since.Params(), &n); err != nil {
		return s, nil, err
	}
	for _, c := range n {
		s.Posts, s.Authors = c.Posts, c.Authors
	}
	return s, weeks, nil
}

// judge fills in the levels before and after, and finds the actions whose voices are back.
func judge(list []Standing, voices [][]query.PostsWeek, base map[time.Time]uint64, began, full time.Time, zone *time.Location) error {
	type looked struct {
		action int
		week   time.Time
	}
	var series []stats.Series
	var of []looked
	for i := range list {
		s := &list[i]
		counts := map[time.Time]stats.Week{}
		for _, w := range voices[i] {
			counts[w.Week.UTC()] = stats.Week{Posts: w.Posts, Authors: w.Authors, SumSquares: w.SumSquares}
		}
		week := func(monday time.Time) stats.Week {
			w := counts[monday]
			w.Base = max(base[monday], w.Posts) // the counts of a day may be a moment behind its posts
			return w
		}
		middle := pivot(s.Action, zone)
		var before []stats.Week
		for m := middle.AddDate(0, 0, -7*History); m.Before(middle) && !m.After(full); m = m.AddDate(0, 0, 7) {
			if began.IsZero() || m.Before(began) {
				continue
			}
			before = append(before, week(m))
			s.Before += float64(week(m).Posts)
			s.BeforeWeeks++
		}
		for m := middle.AddDate(0, 0, 7); !m.After(full); m = m.AddDate(0, 0, 7) {
			if m.Before(began) {
				continue // a release so long ago that not all weeks are looked at
			}
			s.After += float64(week(m).Posts)
			s.AfterWeeks++
			// What people closed is news only when the voices come after that.
			if s.ShippedAt != nil && (s.Status == Shipped || s.Status == Closed && m.After(Day(s.ChangedAt, zone))) {
				series = append(series, stats.Series{ID: s.ID + " " + m.Format(time.DateOnly), Weeks: append(slices.Clone(before), week(m))})
				of = append(of, looked{i, m})
			}
		}
		s.Before /= float64(max(1, s.BeforeWeeks))
		s.After /= float64(max(1, s.AfterWeeks))
	}
	cfg := stats.DefaultChangeConfig()
	cfg.FDR = falseReturns
	changes, err := stats.Changes(cfg, series)
	if err != nil {
		return fmt.Errorf("actions: %w", err)
	}
	for i, c := range changes {
		s := &list[of[i].action]
		s.Last = &changes[i]
		if c.Verdict == stats.Up && s.BackIn.IsZero() {
			s.Status, s.BackIn = Back, of[i].week
		}
	}
	return nil
}
