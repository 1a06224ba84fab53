// Package alerts finds out what changes suddenly in a community: spikes, silences, single people's bursts, and whether
// messages still arrive at all.
//
// It reads the history, asks the detectors of package stats, and explains what they find by opinions and voices. It
// delivers nothing; the web pages show it, and Watcher hands it to package delivery.
package alerts

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/dashboards/query"
	"voc/dashboards/stats"
)

// Judge judges the moments of a community's history.
type Judge struct {
	conn      driver.Conn
	zone      *time.Location
	detectors []*stats.Detector
	weeks     int
}

// Config rules a Judge.
type Config struct {
	// Holidays are days such as 2026-11-23 on which a Sunday is usual.
	Holidays []string
}

// New returns a judge of two windows: three hours for bursts, and a day for what builds up more slowly. Silence is
// looked for in a day.
func New(conn driver.Conn, zone *time.Location, c Config) (*Judge, error) {
	fast := stats.DefaultAlertConfig()
	fast.Holidays = c.Holidays
	slow := fast
	slow.Window, slow.CoolDown = 24*time.Hour, 36*time.Hour
	slow.MinPosts, slow.MinAuthors, slow.PerAuthor, slow.MinRatio = 15, 8, 3, 1.8
	slow.MinUsual = math.MaxFloat64 // the fast one looks for silence
	j := &Judge{conn: conn, zone: zone, weeks: fast.Weeks}
	for _, cfg := range []stats.AlertConfig{fast, slow} {
		d, err := stats.NewDetector(cfg)
		if err != nil {
			return nil, fmt.Errorf("alerts: %w", err)
		}
		j.detectors = append(j.detectors, d)
	}
	return j, nil
}

// reach is the longest window and how long an alert keeps the same cause quiet.
const (
	window = 24 * time.Hour
	reach  = 36 * time.Hour
)

// MinWeeks is how many weeks of history are needed before anything is said.
func MinWeeks() int { return stats.DefaultAlertConfig().MinWeeks }

// timeline reads what judging the moments from from to to needs.
func (j *Judge) timeline(ctx context.Context, community string, from, to time.Time) (*stats.Timeline, error) {
	var rows []query.CommunityRow
	if err := query.Run(ctx, j.conn, "communities", nil, &rows); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rows, func(r query.CommunityRow) bool { return r.Community == community })
	if i < 0 {
		return nil, fmt.Errorf("the community %q has no posts", community)
	}
	start := j.day(from).AddDate(0, 0, -7*j.weeks-1)
	if start.Before(rows[i].FirstDay) {
		start = rows[i].FirstDay
	}
	var cells []query.HourCell
	var mentions []query.Mention
	span := query.Params{"community": community, "from": start, "to": j.day(to)}
	if err := query.Run(ctx, j.conn, "hour_cells", span, &cells); err != nil {
		return nil, err
	}
	if err := query.Run(ctx, j.conn, "mentions", span.With("from", j.day(from.Add(-window-reach))), &mentions); err != nil {
		return nil, err
	}
	hours := make([]stats.HourCell, len(cells))
	for i, x := range cells {
		hours[i] = stats.HourCell(x)
	}
	posts := make([]stats.Mention, len(mentions))
	for i, m := range mentions {
		posts[i] = stats.Mention{PostID: m.PostID, Author: m.Author, At: m.PostedAt, Topics: m.Topics}
	}
	tl, err := stats.NewTimeline(j.zone, j.midnight(start), hours, posts)
	if err != nil {
		return nil, fmt.Errorf("alerts: %w", err)
	}
	return tl, nil
}

// Rehearse judges every step from from to to, oldest finding first. The same data gives the same findings.
func (j *Judge) Rehearse(ctx context.Context, community string, from, to time.Time, step time.Duration) ([]stats.Alert, error) {
	tl, err := j.timeline(ctx, community, from, to)
	if err != nil {
		return nil, err
	}
	var all []stats.Alert
	for t := from; !t.After(to); t = t.Add(step) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		all = append(all, j.detect(tl, t, all)...)
	}
	return j.withoutStops(ctx, community, all)
}

// withoutStops leaves out silences while next to nothing arrived: those are no news about the community.
func (j *Judge) withoutStops(ctx context.Context, community string, list []stats.Alert) ([]stats.Alert, error) {
	var out []stats.Alert
	for _, a := range list {
		if a.Kind == stats.Drop {
			arrivals, err := j.Arrivals(ctx, community, a.At)
			if err != nil {
				return nil, err
			}
			if arrivals.Stopped {
				continue
			}
		}
		out = append(out, a)
	}
	return out, nil
}

// Now judges one moment; past are the findings before.
func (j *Judge) Now(ctx context.Context, community string, t time.Time, past []stats.Alert) ([]stats.Alert, error) {
	tl, err := j.timeline(ctx, community, t, t)
	if err != nil {
		return nil, err
	}
	return j.detect(tl, t, past), nil
}

func (j *Judge) detect(tl *stats.Timeline, t time.Time, past []stats.Alert) []stats.Alert {
	var found []stats.Alert
	for _, d := range j.detectors {
		// What one detector tells the next one does not tell again.
		found = append(found, d.Detect(tl, t, append(slices.Clone(past), found...))...)
	}
	return found
}

// Story explains a finding.
type Story struct {
	Opinions []query.PostOpinion
	Voices   []query.Post
}

// maxIDs is how many of an alert's posts are asked for.
const maxIDs = 500

// Explain reads the opinions and voices of a finding's posts; a silence has none.
func (j *Judge) Explain(ctx context.Context, community string, a stats.Alert) (Story, error) {
	var s Story
	if len(a.PostIDs) == 0 {
		return s, nil
	}
	ids := a.PostIDs[:min(len(a.PostIDs), maxIDs)]
	p := query.Params{"community": community, "from": j.day(a.From), "to": j.day(a.At), "id": ids}
	var posts []query.Post
	err := errors.Join(
		query.Run(ctx, j.conn, "post_opinions", p, &s.Opinions),
		query.Run(ctx, j.conn, "posts_list", p.With("limit", maxIDs), &posts),
	)
	if err != nil {
		return s, err
	}
	// What one person says is no opinion of many; it is shown only where nothing else is.
	if i := slices.IndexFunc(s.Opinions, func(o query.PostOpinion) bool { return o.Authors < 2 }); i > 0 {
		s.Opinions = s.Opinions[:i]
	}
	s.Voices, err = voices(posts)
	return s, err
}

// voices are three posts of different people that say different things.
func voices(posts []query.Post) ([]query.Post, error) {
	list := make([]stats.Voice, len(posts))
	for i, p := range posts {
		weight := 1 + 2*math.Abs(float64(p.Score))
		if n := len([]rune(p.Body)); n >= 15 && n <= 300 {
			weight++
		}
		list[i] = stats.Voice{ID: p.PostID, Author: query.Speaker(p.AuthorID, p.PostID), Body: p.Body, Weight: weight}
	}
	if len(list) == 0 {
		return nil, nil
	}
	cfg := stats.DefaultPickConfig()
	cfg.Voices = 3
	pick, err := stats.PickVoices(cfg, list)
	if err != nil {
		return nil, fmt.Errorf("alerts: %w", err)
	}
	var out []query.Post
	for _, i := range pick.Voices {
		out = append(out, posts[i])
	}
	return out, nil
}

// Arrivals says whether messages still arrive.
func (j *Judge) Arrivals(ctx context.Context, community string, now time.Time) (stats.Arrivals, error) {
	var rows []query.ArrivalHour
	// Six weeks hold the weeks to compare with and a silence of one.
	p := query.Params{"community": community, "from": j.day(now).AddDate(0, 0, -42), "to": j.day(now)}
	if err := query.Run(ctx, j.conn, "arrival_hours", p, &rows); err != nil {
		return stats.Arrivals{}, err
	}
	hours := map[time.Time]uint64{}
	var last time.Time
	for _, r := range rows {
		hours[r.Hour.UTC()] = r.Messages
		// When it happened counts, not when it was written: an import of old posts says nothing about the present.
		if r.LastAt.After(last) && !r.LastAt.After(now) {
			last = r.LastAt
		}
	}
	return stats.Arriving(now, j.zone, hours, last), nil
}

// Quiet says whether a week, named by its Monday, is quiet and why. days below 7 compares the first days of each week.
func (j *Judge) Quiet(ctx context.Context, community string, week time.Time, days int) (stats.Quiet, error) {
	var rows []query.QuietWeek
	if err := query.Run(ctx, j.conn, "quiet_weeks", query.Params{"community": community, "week": week, "days": uint8(max(1, min(7, days)))}, &rows); err != nil {
		return stats.Quiet{}, err
	}
	now := query.QuietWeek{Week: week}
	byWeek := map[time.Time]query.QuietWeek{}
	first := week
	for _, r := range rows {
		byWeek[r.Week] = r
		if r.Week.Equal(week) {
			now = r
		}
		if r.Week.Before(first) {
			first = r.Week
		}
	}
	factor := func(name, unit string, rising bool, of func(query.QuietWeek) uint64) stats.Factor {
		f := stats.Factor{Name: name, Unit: unit, Rising: rising, Now: float64(of(now))}
		for w := first; w.Before(week); w = w.AddDate(0, 0, 7) { // a week without anything counts as nothing
			f.Past = append(f.Past, float64(of(byWeek[w])))
		}
		return f
	}
	return stats.Diagnose(
		factor("メンバーの投稿", "件", false, func(w query.QuietWeek) uint64 { return w.Posts }),
		[]stats.Factor{
			factor("メンバーの返信", "件", false, func(w query.QuietWeek) uint64 { return w.Replies }),
			factor("返信するメンバー", "人", false, func(w query.QuietWeek) uint64 { return w.Repliers }),
			factor("話し始める投稿", "件", false, func(w query.QuietWeek) uint64 { return w.Threads }),
			factor("運営の返信", "件", false, func(w query.QuietWeek) uint64 { return w.StaffReplies }),
			factor("運営からの話題", "件", false, func(w query.QuietWeek) uint64 { return w.StaffThreads }),
			factor("新しく参加した人", "人", false, func(w query.QuietWeek) uint64 { return w.Joined }),
			factor("閲覧", "回", false, func(w query.QuietWeek) uint64 { return w.Viewed }),
			factor("宣伝・迷惑投稿", "件", true, func(w query.QuietWeek) uint64 { return w.Promotions }),
		}), nil
}

// day is the calendar day of an instant, at midnight UTC as queries name it.
func (j *Judge) day(t time.Time) time.Time {
	y, m, d := t.In(j.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// midnight is the instant at which a calendar day begins.
func (j *Judge) midnight(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, j.zone)
}
