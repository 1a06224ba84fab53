package schema

import (
	"fmt"
	"time"
)

// DefaultZone is the zone of the calendar when none is configured.
const DefaultZone = "Asia/Tokyo"

// Calendar turns instants into the days and weeks that posts are counted by. Days are those of one zone, whatever
// the zone of a server or a machine; weeks are ISO weeks, which begin on Monday.
type Calendar struct {
	zone *time.Location
}

// NewCalendar returns the calendar of an IANA zone such as Asia/Tokyo.
func NewCalendar(zone string) (Calendar, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return Calendar{}, fmt.Errorf("calendar: unknown time zone %q; use an IANA name such as Asia/Tokyo", zone)
	}
	return Calendar{loc}, nil
}

// Zone returns the calendar's zone.
func (c Calendar) Zone() *time.Location { return c.zone }

// Day returns the calendar day of an instant as midnight in UTC, which is how a Date is written and compared.
func (c Calendar) Day(t time.Time) time.Time {
	y, m, d := t.In(c.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Week returns the Monday of the ISO week of an instant, as Day returns days.
func (c Calendar) Week(t time.Time) time.Time {
	day := c.Day(t)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// ISOWeek returns the ISO week of an instant as 2026-W02.
func (c Calendar) ISOWeek(t time.Time) string {
	y, w := c.Day(t).ISOWeek()
	return fmt.Sprintf("%04d-W%02d", y, w)
}
