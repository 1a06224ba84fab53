package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"voc/dashboards/delivery"
	"voc/dashboards/query"
	"voc/dashboards/stats"
	"voc/dashboards/wording"
)

// Watcher judges every community again and again and delivers what it finds: each cause once, for as long as its
// cool-down lasts. Notes about few people are kept in the ledger and wake nobody.
type Watcher struct {
	// Open connects for one round; close ends it. The database may have been away in between.
	Open    func(ctx context.Context) (j *Judge, close func(), err error)
	Courier *delivery.Courier
	Names   *wording.Names
	BaseURL string
	// Communities limits the watch; empty = all.
	Communities []string
	Interval    time.Duration
	Log         *slog.Logger
	Now         func() time.Time
	Wait        func(ctx context.Context, d time.Duration) error
}

// memory is how long findings are remembered, longer than any cool-down; giveUp is how long delivery is tried.
const (
	memory = 4 * 24 * time.Hour
	giveUp = 24 * time.Hour
)

// stopRest is how long a pipe that drips is not told of again.
const stopRest = 24 * time.Hour

// Finding is what the ledger keeps of one.
type Finding struct {
	Community string          `json:"community"`
	Alert     *stats.Alert    `json:"alert,omitempty"`
	Stopped   *stats.Arrivals `json:"stopped,omitempty"`
}

// Run watches until ctx ends. A round that fails is told in the log and tried again at the next one.
func (w *Watcher) Run(ctx context.Context) error {
	for {
		if err := w.Round(ctx); err != nil && ctx.Err() == nil {
			w.Log.Warn("alerts could not be judged or delivered everywhere; the next round tries again", "error", err)
		}
		if w.Wait(ctx, w.Interval) != nil {
			return nil //nolint:nilerr // the end of ctx is how a watch ends
		}
	}
}

// Round judges the present once and delivers.
func (w *Watcher) Round(ctx context.Context) error {
	j, done, err := w.Open(ctx)
	if err != nil {
		return err
	}
	defer done()
	var rows []query.CommunityRow
	if err := query.Run(ctx, j.conn, "communities", nil, &rows); err != nil {
		return err
	}
	now := w.Now()
	var errs []error
	for _, r := range rows {
		if len(w.Communities) > 0 && !slices.Contains(w.Communities, r.Community) {
			continue
		}
		if err := w.judge(ctx, j, r.Community, now); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", r.Community, err))
		}
	}
	return errors.Join(append(errs, w.deliver(ctx, j, now))...)
}

// judge puts new findings into the ledger.
func (w *Watcher) judge(ctx context.Context, j *Judge, community string, now time.Time) error {
	arrivals, err := j.Arrivals(ctx, community, now)
	if err != nil {
		return err
	}
	if arrivals.Stopped {
		// Whoever is silent cannot be told from a pipe that is cut: nothing is said about the community.
		kind := "alert/" + community + "/stopped/"
		id := kind + arrivals.Last.UTC().Format(time.RFC3339)
		for _, e := range w.Courier.Ledger.Findings(now.Add(-30 * 24 * time.Hour)) {
			if e.Notice == id || strings.HasPrefix(e.Notice, kind) && now.Sub(e.At) < stopRest {
				return nil
			}
		}
		return w.Courier.Ledger.Found(now, id, Finding{Community: community, Stopped: &arrivals})
	}
	past, err := w.past(community, now)
	if err != nil {
		return err
	}
	found, err := j.Now(ctx, community, now, past)
	if err != nil {
		return err
	}
	for _, a := range found {
		topic := a.Topics[0]
		if topic == stats.AllTopics {
			topic = "*"
		}
		id := fmt.Sprintf("alert/%s/%s/%s/%s", community, a.Kind, topic, a.At.UTC().Format(time.RFC3339))
		if err := w.Courier.Ledger.Found(now, id, Finding{Community: community, Alert: &a}); err != nil {
			return err
		}
	}
	return nil
}

// past are the community's findings that are remembered.
func (w *Watcher) past(community string, now time.Time) ([]stats.Alert, error) {
	var list []stats.Alert
	for _, e := range w.Courier.Ledger.Findings(now.Add(-memory)) {
		var f Finding
		if err := json.Unmarshal(e.Detail, &f); err != nil {
			return nil, fmt.Errorf("the finding %s in the ledger cannot be read: %w", e.Notice, err)
		}
		if f.Community == community && f.Alert != nil {
			list = append(list, *f.Alert)
		}
	}
	return list, nil
}

// deliver brings findings to the targets that do not have them.
func (w *Watcher) deliver(ctx context.Context, j *Judge, now time.Time) error {
	var errs []error
	for _, e := range w.Courier.Ledger.Findings(now.Add(-giveUp)) {
		if len(w.Courier.Pending(e.Notice)) == 0 {
			continue
		}
		var f Finding
		if err := json.Unmarshal(e.Detail, &f); err != nil {
			errs = append(errs, fmt.Errorf("the finding %s in the ledger cannot be read: %w", e.Notice, err))
			continue
		}
		if f.Alert != nil && f.Alert.Kind == stats.Note {
			continue
		}
		n, err := w.notice(ctx, j, e.Notice, f)
		if err == nil {
			err = w.Courier.Deliver(ctx, n, false)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (w *Watcher) notice(ctx context.Context, j *Judge, id string, f Finding) (delivery.Notice, error) {
	if f.Stopped != nil {
		return j.stopped(id, f.Community, *f.Stopped, w.Names, w.BaseURL), nil
	}
	s, err := j.Explain(ctx, f.Community, *f.Alert)
	if err != nil {
		return delivery.Notice{}, err
	}
	var q stats.Quiet
	if f.Alert.Kind == stats.Drop {
		if q, err = j.QuietAt(ctx, f.Community, f.Alert.At); err != nil {
			return delivery.Notice{}, err
		}
	}
	return j.notice(id, f.Community, *f.Alert, s, q, w.Names, w.BaseURL), nil
}

// QuietAt is Quiet for the whole days of the week up to a moment, or for the week before when there are fewer than two.
func (j *Judge) QuietAt(ctx context.Context, community string, at time.Time) (stats.Quiet, error) {
	today := j.day(at)
	days := (int(today.Weekday()) + 6) % 7
	week := today.AddDate(0, 0, -days)
	if days < 2 {
		week, days = week.AddDate(0, 0, -7), 7
	}
	return j.Quiet(ctx, community, week, days)
}
