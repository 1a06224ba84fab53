package stats

import "time"

// Arrivals says whether messages still arrive: when none came for so long that it is no longer chance, the source or
// the pipeline has stopped, whatever the community does.
type Arrivals struct {
	Enough   bool // there is history to judge by
	Stopped  bool
	Last     time.Time     // when the last message happened
	Silence  time.Duration // since then
	Expected float64       // messages usual in that time
	// Day and DayUsual are the messages of the last 24 hours and the usual number: a trickle is no stream.
	Day, DayUsual float64
}

// arrivalWeeks is how many past weeks say how many messages are usual.
const arrivalWeeks = 4

// stoppedAt is the expected number of messages from which silence is no chance: independent messages leave such a gap
// after one in e^12 = 160,000.
const stoppedAt = 12

// A day with so small a part of the usual messages has a pipe that drips, whatever still comes through; below
// trickleUsual a day says too little.
const (
	trickle      = 0.05
	trickleUsual = 40
)

// Arriving judges the moment now by the hourly counts of all messages, hours of UTC; hours without messages may be
// missing. Messages dated after now are left out.
func Arriving(now time.Time, zone *time.Location, hours map[time.Time]uint64, last time.Time) Arrivals {
	a := Arrivals{Last: last}
	if last.IsZero() || len(hours) == 0 {
		return a
	}
	if last.After(now) {
		last = now
	}
	a.Silence = now.Sub(last)
	first := now
	for h := range hours {
		if h.Before(first) {
			first = h
		}
	}
	// A long silence is expected to go on as the first week of it would have.
	end := now
	if week := last.AddDate(0, 0, 7); end.After(week) {
		end = week
	}
	weeks := 0
	for w := 1; w <= arrivalWeeks; w++ {
		if last.AddDate(0, 0, -7*w).Before(first) {
			break
		}
		weeks++
	}
	if weeks < 2 {
		return a
	}
	a.Enough = true
	usual := func(from, to time.Time) (sum float64) {
		for w := 1; w <= weeks; w++ {
			sum += arrived(hours, from.In(zone).AddDate(0, 0, -7*w), to.In(zone).AddDate(0, 0, -7*w))
		}
		return sum / float64(weeks)
	}
	a.Expected = usual(last, end)
	day := now.Add(-24 * time.Hour)
	a.Day, a.DayUsual = arrived(hours, day, now), usual(day, now)
	a.Stopped = a.Expected >= stoppedAt || a.DayUsual >= trickleUsual && a.Day < trickle*a.DayUsual
	return a
}

// arrived counts the messages between two moments; those of an hour count as spread evenly over it.
func arrived(hours map[time.Time]uint64, from, to time.Time) (sum float64) {
	for t := from; t.Before(to); {
		next := t.Truncate(time.Hour).Add(time.Hour)
		if next.After(to) {
			next = to
		}
		sum += float64(hours[t.Truncate(time.Hour).UTC()]) * next.Sub(t).Hours()
		t = next
	}
	return sum
}
