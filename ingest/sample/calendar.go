package sample

import (
	"math"
	"math/rand/v2"
	"time"
)

// jst is the zone of the community; a fixed offset, so that no zone database is needed.
var jst = time.FixedZone("JST", 9*60*60)

const day = 24 * time.Hour

// DefaultEnd returns the end of the last full week before now: the start of Monday, Japanese time.
func DefaultEnd(now time.Time) time.Time {
	t := now.In(jst)
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, jst)
	return midnight.AddDate(0, 0, -((int(t.Weekday()) + 6) % 7))
}

// calendar is the time the community lives through; weeks count from 1.
type calendar struct {
	start, end time.Time
	weeks      int
}

func newCalendar(end time.Time, weeks int) calendar {
	e := DefaultEnd(end)
	return calendar{start: e.AddDate(0, 0, -7*weeks), end: e, weeks: weeks}
}

// at returns a moment of the given week (from 1), day of the week (0 is Monday) and clock time.
func (c calendar) at(week, weekday int, clock time.Duration) time.Time {
	return c.start.AddDate(0, 0, 7*(week-1)+weekday).Add(clock)
}

// week returns the week that t lies in, from 1; 0 and less lie before the start.
func (c calendar) week(t time.Time) int {
	return int(math.Floor(float64(t.Sub(c.start))/float64(7*day))) + 1
}

// rhythm is when a kind of person writes: weights from 0 to 1 per weekday (Monday first) and hour.
type rhythm struct {
	days  [7]float64
	hours [24]float64
}

func workRhythm() *rhythm {
	return &rhythm{
		days: [7]float64{1, 1, .95, .9, .85, .22, .12},
		hours: [24]float64{.02, .01, .01, .01, .02, .08, .25, .5, .9, 1, .85, .7,
			.75, .8, .75, .8, .85, .8, .55, .4, .38, .3, .2, .08},
	}
}

func officeRhythm() *rhythm {
	return &rhythm{
		days:  [7]float64{1, 1, 1, 1, .9, .01, .01},
		hours: [24]float64{9: .6, 10: 1, 11: 1, 12: .3, 13: .9, 14: 1, 15: 1, 16: 1, 17: .8, 18: .3},
	}
}

func homeRhythm() *rhythm {
	return &rhythm{
		days: [7]float64{.7, .65, .65, .65, .75, 1, 1},
		hours: [24]float64{.15, .06, .03, .02, .02, .08, .3, .5, .45, .4, .45, .45,
			.6, .45, .35, .35, .4, .5, .6, .75, .95, 1, .85, .45},
	}
}

// nightRhythm is that of somebody who answers when everybody else sleeps.
func nightRhythm() *rhythm {
	return &rhythm{
		days:  [7]float64{1, 1, 1, 1, 1, .9, .9},
		hours: [24]float64{1, 1, .7, .2, 0, 0, .05, .1, 0, 0, 0, 0, .1, 0, 0, 0, 0, 0, 0, .05, .1, .3, .7, 1},
	}
}

// settle moves t forward to a moment at which the person writes.
func (h *rhythm) settle(r *rand.Rand, t time.Time) time.Time {
	for range 24 * 14 {
		w := h.days[(int(t.Weekday())+6)%7] * h.hours[t.Hour()]
		if r.Float64() < w {
			return t
		}
		t = t.Truncate(time.Hour).Add(time.Hour + time.Duration(r.IntN(3600))*time.Second)
	}
	return t
}

// within draws a moment of the day after t at which the person looks in.
func (h *rhythm) within(r *rand.Rand, t time.Time) time.Time {
	for range 200 {
		at := t.Add(time.Duration(r.Int64N(int64(day))))
		if r.Float64() < h.days[(int(at.Weekday())+6)%7]*h.hours[at.Hour()] {
			return at
		}
	}
	return h.settle(r, t)
}

// moment draws a moment of the week.
func (h *rhythm) moment(r *rand.Rand, c calendar, week int) time.Time {
	for {
		d, hour := r.IntN(7), r.IntN(24)
		if r.Float64() < h.days[d]*h.hours[hour] {
			return c.at(week, d, time.Duration(hour)*time.Hour+time.Duration(r.IntN(3600))*time.Second)
		}
	}
}

// delay draws a waiting time whose median is given and which is sometimes much longer.
func delay(r *rand.Rand, median time.Duration) time.Duration {
	d := time.Duration(float64(median) * math.Exp(r.NormFloat64()*.9))
	return max(d, 90*time.Second).Round(time.Second)
}
