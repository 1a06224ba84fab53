package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/adhocore/gronx"
	"github.com/cenkalti/backoff/v5"
)

// Schedule says when weekly reports are due: a cron expression of five fields in the calendar's zone.
//
// The zero zone of ParseSchedule is UTC, which is enough to check an expression.
type Schedule struct {
	expr string
	zone *time.Location
}

// ParseSchedule reads an expression such as "0 8 * * 1", which is Monday at eight.
func ParseSchedule(expr string, zone *time.Location) (Schedule, error) {
	if zone == nil {
		zone = time.UTC
	}
	expr = strings.Join(strings.Fields(expr), " ")
	if !strings.HasPrefix(expr, "@") && strings.Count(expr, " ") != 4 || !gronx.IsValid(expr) {
		return Schedule{}, fmt.Errorf("is %q; give five cron fields (minute, hour, day, month, weekday), such as \"0 8 * * 1\" for Mondays at eight", expr)
	}
	if _, err := gronx.NextTickAfter(expr, time.Date(2026, 1, 1, 0, 0, 0, 0, zone), true); err != nil {
		return Schedule{}, fmt.Errorf("is %q, which never comes; give for example \"0 8 * * 1\"", expr)
	}
	return Schedule{expr, zone}, nil
}

// Next is the first moment after t.
func (s Schedule) Next(t time.Time) (time.Time, error) {
	return gronx.NextTickAfter(s.expr, t.In(s.zone), false)
}

// WeekOf is the last week that had ended at t, named by its Monday at midnight UTC.
func WeekOf(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return day.AddDate(0, 0, -7-(int(day.Weekday())+6)%7)
}

// due are the weeks whose moment lies after since, up to and including now: oldest first, at most so many.
func (s Schedule) due(since, now time.Time, most int) ([]time.Time, error) {
	// Older moments could only name weeks that are out of reach.
	if oldest := now.AddDate(0, 0, -7*(most+1)); since.Before(oldest) {
		since = oldest
	}
	var weeks []time.Time
	for t := since; ; {
		next, err := s.Next(t)
		if err != nil {
			return nil, fmt.Errorf("the schedule has no next moment: %w", err)
		}
		if next.After(now) {
			break
		}
		if w := WeekOf(next, s.zone); len(weeks) == 0 || !weeks[len(weeks)-1].Equal(w) {
			weeks = append(weeks, w)
		}
		t = next
	}
	return weeks[max(0, len(weeks)-most):], nil
}

// Scheduler delivers the report of every week and community when it is due.
type Scheduler struct {
	Courier  *Courier
	Schedule Schedule
	// CatchUp is how many missed weeks are delivered late, at least 1.
	CatchUp int
	// Communities lists those that get a report of a week, named by its Monday.
	Communities func(ctx context.Context, week time.Time) ([]string, error)
	// Build makes the report. It is asked again while some target does not have the week.
	Build func(ctx context.Context, community string, week time.Time) (Notice, error)
	// Wait pauses for a while or until ctx ends.
	Wait func(ctx context.Context, d time.Duration) error
}

// The pauses: how often the clock is looked at, and how soon something that failed is tried again.
const (
	look       = 20 * time.Second
	retryFirst = 5 * time.Second
	retryMost  = 15 * time.Minute
)

// Run delivers until ctx ends. Whatever fails is tried again with growing pauses; only a ledger that cannot be written
// ends it.
func (s *Scheduler) Run(ctx context.Context) error {
	c := s.Courier
	since, err := c.Ledger.begin(c.Now())
	if err != nil {
		return err
	}
	next, err := s.Schedule.Next(c.Now())
	if err != nil {
		return fmt.Errorf("the schedule has no next moment: %w", err)
	}
	c.Log.Info("weekly reports are scheduled", "schedule", s.Schedule.expr, "next", next.Format(time.RFC3339), "targets", len(c.Targets))
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = retryFirst, retryMost
	finished := map[time.Time]bool{}
	for {
		weeks, err := s.Schedule.due(since, c.Now(), s.CatchUp)
		if err != nil {
			return err
		}
		var errs []error
		for _, w := range weeks {
			if finished[w] || ctx.Err() != nil {
				continue
			}
			if err := s.week(ctx, w); err != nil {
				errs = append(errs, err)
				continue
			}
			finished[w] = true
		}
		wait := look
		if err := errors.Join(errs...); err != nil && ctx.Err() == nil {
			var f fatal
			if errors.As(err, &f) {
				return err
			}
			wait = pause.NextBackOff()
			var later RetryAfter
			if errors.As(err, &later) {
				wait = max(wait, min(later.Wait, time.Hour))
			}
			c.Log.Warn("a weekly report is not delivered everywhere yet", "again_in", wait.Round(time.Second).String(), "error", err)
		} else {
			pause.Reset()
		}
		if err := s.Wait(ctx, wait); err != nil {
			return nil //nolint:nilerr // the end of ctx is how a schedule ends
		}
	}
}

// week delivers one week to whoever does not have it.
func (s *Scheduler) week(ctx context.Context, week time.Time) error {
	list, err := s.Communities(ctx, week)
	if err != nil {
		return fmt.Errorf("the communities cannot be listed: %w", err)
	}
	var errs []error
	for _, community := range list {
		if len(s.Courier.Pending(ReportID(community, week))) == 0 {
			continue
		}
		n, err := s.Build(ctx, community, week)
		if err != nil {
			errs = append(errs, fmt.Errorf("the report of %s cannot be made: %w", community, err))
			continue
		}
		errs = append(errs, s.Courier.Deliver(ctx, n, false))
	}
	return errors.Join(errs...)
}

// Sleep is the Wait of a running process.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
