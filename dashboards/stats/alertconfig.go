package stats

import (
	"errors"
	"fmt"
	"time"
)

// AlertConfig rules when talk is unusual enough to tell somebody.
type AlertConfig struct {
	Window     time.Duration // how long a spike is looked at, 1h to 24h
	DropWindow time.Duration // how long a silence is looked at, 1h to 24h
	Weeks      int           // past weeks that say what is usual
	MinWeeks   int           // weeks of history before anything is said
	MinPosts   uint64        // posts below which there is no spike
	MinAuthors uint64        // authors below which a spike is a note, not an alert
	PerAuthor  uint64        // posts of one author in the window that count, the further ones do not
	MinRatio   float64       // posts over the usual number below which there is no spike
	MinUsual   float64       // usual posts in DropWindow below which there is no drop
	DropRatio  float64       // posts over the usual number above which there is no drop
	// FalseAlarms is how many alerts a quiet week may raise by chance on average, over all topics. Lower values wait
	// for clearer cases.
	FalseAlarms float64
	CoolDown    time.Duration // how long after an alert the same cause is not told again
	SameCause   float64       // part of the posts that two topics must share to be one cause, 0 to 1
	Holidays    []string      // days such as "2026-11-23" on which a Sunday is usual
}

// DefaultAlertConfig looks at 3 hours for spikes and at a day for drops.
func DefaultAlertConfig() AlertConfig {
	return AlertConfig{
		Window: 3 * time.Hour, DropWindow: 24 * time.Hour, Weeks: 8, MinWeeks: 3,
		MinPosts: 10, MinAuthors: 5, PerAuthor: 2, MinRatio: 2, MinUsual: 12, DropRatio: 0.5,
		FalseAlarms: 0.05, CoolDown: 12 * time.Hour, SameCause: 0.5,
	}
}

// Validate joins every fault of the configuration.
func (c AlertConfig) Validate() error {
	var errs []error
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	const day = 24 * time.Hour
	refuse(c.Window < time.Hour || c.Window > day, "alert_window is %s; it must be 1h to 24h", c.Window)
	refuse(c.DropWindow < time.Hour || c.DropWindow > day, "alert_drop_window is %s; it must be 1h to 24h", c.DropWindow)
	refuse(c.Weeks < 2 || c.Weeks > 52, "alert_weeks is %d; it must be 2 to 52", c.Weeks)
	refuse(c.MinWeeks < 2 || c.MinWeeks > max(2, c.Weeks), "alert_min_weeks is %d; it must be 2 to alert_weeks", c.MinWeeks)
	refuse(c.MinPosts < 1, "alert_min_posts is 0; it must be at least 1")
	refuse(c.MinAuthors < 1, "alert_min_authors is 0; it must be at least 1")
	refuse(c.PerAuthor < 1, "alert_per_author is 0; it must be at least 1")
	refuse(!(c.MinRatio >= 1), "alert_min_ratio is %v; it must be at least 1", c.MinRatio)
	refuse(!(c.MinUsual >= 1), "alert_min_usual is %v posts; it must be at least 1", c.MinUsual)
	refuse(!(c.DropRatio >= 0 && c.DropRatio < 1), "alert_drop_ratio is %v; it must be 0 to below 1", c.DropRatio)
	refuse(!(c.FalseAlarms > 0 && c.FalseAlarms <= 100), "alert_false_alarms is %v a week; it must be above 0 and at most 100", c.FalseAlarms)
	refuse(c.CoolDown < c.Window, "alert_cool_down is %s; it must be at least alert_window, or one burst alerts twice", c.CoolDown)
	refuse(!(c.SameCause > 0 && c.SameCause <= 1), "alert_same_cause is %v; it must be above 0 and at most 1", c.SameCause)
	for _, h := range c.Holidays {
		_, err := time.Parse(time.DateOnly, h)
		refuse(err != nil, "alert_holidays has %q; a day looks like 2026-11-23", h)
	}
	return errors.Join(errs...)
}

// AlertKind says what was found.
type AlertKind string

// The kinds of findings.
const (
	Spike AlertKind = "spike" // far more posts, by many authors
	Drop  AlertKind = "drop"  // far fewer posts
	Note  AlertKind = "note"  // far more posts, but by few authors: to be shown, nobody is to be woken
)

// Alert is one finding: one cause, however many topics it touches.
type Alert struct {
	Kind     AlertKind
	At       time.Time // the moment judged
	From     time.Time // start of the window; the posts lie after From, up to and including At
	Topics   []string  // the topic with the largest surplus first; AllTopics when no single topic stands out
	Posts    uint64    // of the first topic
	Authors  uint64    // of the first topic
	Expected float64   // posts usual for this weekday and time
	P        float64   // chance of so many (or few) posts in one quiet window
	Loudest  string    // author with the most posts of the first topic, empty for drops
	Top      Share     // part of the posts that the loudest author wrote
	PostIDs  []string  // all posts of the cause, by time; empty for drops
}

// Ratio returns posts over the usual number, +Inf when nothing is usual.
func (a Alert) Ratio() float64 { return float64(a.Posts) / a.Expected }

// Text returns one Japanese sentence about the finding; name gives a topic's display name and is not asked for
// AllTopics.
func (a Alert) Text(name func(topic string) string) string {
	what := "投稿全体"
	if len(a.Topics) > 0 && a.Topics[0] != AllTopics {
		what = "「" + name(a.Topics[0]) + "」"
	}
	hours := tenths(a.At.Sub(a.From).Hours())
	if whole, ok := cutZero(hours); ok {
		hours = whole
	}
	usual := "通常は" + tenths(a.Expected) + "件"
	switch a.Kind {
	case Drop:
		return what + "が" + hours + "時間で" + Count(a.Posts, "件") + "に減りました(" + usual + ")。"
	case Note:
		return what + "が" + hours + "時間で" + Count(a.Posts, "件") + "ありますが、投稿者は" + Count(a.Authors, "人") + "です(" + usual + ")。"
	default:
		return what + "が" + hours + "時間で" + Count(a.Posts, "件") + "、" + Count(a.Authors, "人") + "から投稿されています(" + usual + ")。"
	}
}

func cutZero(s string) (string, bool) {
	const zero = ".0"
	if len(s) > len(zero) && s[len(s)-len(zero):] == zero {
		return s[:len(s)-len(zero)], true
	}
	return s, false
}
