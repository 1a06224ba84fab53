// Package duplicates keeps duplicate_windows a function of the stored posts: which posts of one community and ISO week
// are light variations of one another.
//
// It owns the rows of duplicate_windows. What a variation is, analyze/similar decides; which days changed, the marks of
// the writers tell, as they tell the rollup: a week is compared again when the marks of its days are not those its row
// was made from, so a crash anywhere leaves the week to the next run, and runs that overlap write the same row. It reads
// masked texts only and changes no fact.
package duplicates

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/analyze/similar"
	"voc/schema"
)

// Config says what is compared and how often.
type Config struct {
	// Database holds the tables; empty for the connection's own.
	Database string
	// Interval is the shortest pause between two looks for changed weeks. Default: 1 minute.
	Interval time.Duration
	// MaxPosts is how many posts of a week are compared at most, the newest; it bounds the memory, of which a post of
	// 100 characters takes about 2 KB. Default: 200,000.
	MaxPosts int
	// Similar says what a variation is. Default: similar.DefaultConfig.
	Similar similar.Config
	// Logger receives failures. Default: slog.Default().
	Logger *slog.Logger
}

func (c Config) withDefaults() Config {
	if c.Interval == 0 {
		c.Interval = time.Minute
	}
	if c.MaxPosts == 0 {
		c.MaxPosts = 200_000
	}
	if c.Similar == (similar.Config{}) {
		c.Similar = similar.DefaultConfig()
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// Validate reports every field that cannot work.
func (c Config) Validate() error {
	c = c.withDefaults()
	var errs []error
	if c.Interval < 0 {
		errs = append(errs, fmt.Errorf("duplicates: interval is %s; it must not be negative", c.Interval))
	}
	if c.MaxPosts < 0 {
		errs = append(errs, fmt.Errorf("duplicates: max_posts is %d; it must not be negative", c.MaxPosts))
	}
	return errors.Join(append(errs, c.Similar.Validate())...)
}

// Job compares the posts of changed weeks. Its methods may be called at the same time, also by other processes.
type Job struct {
	conn driver.Conn
	cfg  Config
}

// New returns a job over a connection that has the rights of schema.RoleWriter.
func New(conn driver.Conn, cfg Config) (*Job, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Job{conn: conn, cfg: cfg.withDefaults()}, nil
}

// Stats tells what a run did.
type Stats struct {
	Weeks  int // compared
	Posts  int // compared
	Groups int // found
	// Left counts posts beyond Config.MaxPosts, which were not compared.
	Left int
}

// Run compares changed weeks until ctx ends. It takes at most a tenth of the time; failures are logged and tried again.
func (j *Job) Run(ctx context.Context) {
	failing := false
	for ctx.Err() == nil {
		began := time.Now()
		stats, err := j.RunOnce(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			j.cfg.Logger.WarnContext(ctx, "comparing posts for copies failed; it is tried again", "error", err)
		case err == nil && stats.Left > 0:
			j.cfg.Logger.WarnContext(ctx, "a week has more posts than are compared for copies", "left_out", stats.Left, "max_posts", j.cfg.MaxPosts)
		}
		failing = err != nil
		timer := time.NewTimer(max(j.cfg.Interval, 9*time.Since(began)))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

// RunOnce compares the posts of every week that changed, newest weeks first.
func (j *Job) RunOnce(ctx context.Context) (Stats, error) {
	var stats Stats
	weeks, err := j.changed(ctx)
	if err != nil {
		return stats, err
	}
	for _, w := range weeks {
		if err := j.compare(ctx, w, &stats); err != nil {
			return stats, fmt.Errorf("duplicates: week %s of %s: %w", w.Week.Format(time.DateOnly), w.Community, err)
		}
		stats.Weeks++
	}
	return stats, nil
}

// sql puts the database's name into a statement.
func (j *Job) sql(statement string) string {
	prefix := ""
	if j.cfg.Database != "" {
		prefix = j.cfg.Database + "."
	}
	return strings.ReplaceAll(statement, "@", prefix)
}

// changed lists the weeks whose marks are not those of their row, as rows to be filled. Day 0 holds tombstones only.
func (j *Job) changed(ctx context.Context) ([]*schema.DuplicatesRow, error) {
	rows, err := j.conn.Query(ctx, j.sql(`
SELECT toString(m.community), m.week, m.marks, d.calc + 1
FROM
(
    SELECT community, toMonday(day) AS week, sum(marks) AS marks
    FROM @window_marks
    WHERE day > toDate(7)
    GROUP BY community, week
) AS m
LEFT JOIN (SELECT community, week, marks, calc FROM @duplicate_windows FINAL) AS d ON m.community = d.community AND m.week = d.week
WHERE m.marks != d.marks
ORDER BY m.week DESC, m.community`))
	if err != nil {
		return nil, fmt.Errorf("duplicates: cannot look for changed weeks: %w", err)
	}
	defer rows.Close()
	var weeks []*schema.DuplicatesRow
	for rows.Next() {
		var w schema.DuplicatesRow
		if err := rows.Scan(&w.Community, &w.Week, &w.Marks, &w.Calc); err != nil {
			return nil, fmt.Errorf("duplicates: cannot read the changed weeks: %w", err)
		}
		weeks = append(weeks, &w)
	}
	return weeks, rows.Err()
}

// member is a post of the week.
type member struct {
	id     string
	day    time.Time
	posted time.Time
	author uint64
}

// compare reads the posts of a week and writes its row.
func (j *Job) compare(ctx context.Context, w *schema.DuplicatesRow, stats *Stats) error {
	posts, texts, total, err := j.posts(ctx, w)
	if err != nil {
		return err
	}
	found, err := similar.Find(j.cfg.Similar, texts)
	if err != nil {
		return err
	}
	w.Compared = uint64(len(posts))
	for _, g := range found.Groups {
		// The first post leads the group; ids settle a tie, so that every run gives the same row.
		slices.SortFunc(g.Members, func(a, b int) int {
			return cmp.Or(posts[a].posted.Compare(posts[b].posted), cmp.Compare(posts[a].id, posts[b].id))
		})
		lead := posts[g.Members[0]].id
		for _, i := range g.Members {
			w.Members.GroupID = append(w.Members.GroupID, lead)
			w.Members.PostID = append(w.Members.PostID, posts[i].id)
			w.Members.Day = append(w.Members.Day, posts[i].day)
			w.Members.Author = append(w.Members.Author, posts[i].author)
		}
	}
	stats.Posts += len(posts)
	stats.Groups += len(found.Groups)
	stats.Left += total - len(posts)
	return schema.Insert(ctx, j.conn, w)
}

// posts reads the newest posts of a week and counts all of those that are long enough to be compared.
func (j *Job) posts(ctx context.Context, w *schema.DuplicatesRow) ([]member, []similar.Text, int, error) {
	rows, err := j.conn.Query(ctx, j.sql(`
SELECT post_id, day, posted_at, if(author_id = '', 0, cityHash64(author_id)), body, count() OVER ()
FROM @post_facts FINAL
WHERE community = ? AND day BETWEEN toDate(?) AND toDate(?) + 6 AND lengthUTF8(body) >= ?
ORDER BY posted_at DESC, post_id
LIMIT ?`), w.Community, w.Week.Format(time.DateOnly), w.Week.Format(time.DateOnly), j.cfg.Similar.MinRunes, j.cfg.MaxPosts)
	if err != nil {
		return nil, nil, 0, fmt.Errorf("cannot read its posts: %w", err)
	}
	defer rows.Close()
	var (
		posts []member
		texts []similar.Text
		total uint64
	)
	for rows.Next() {
		var (
			m    member
			body string
		)
		if err := rows.Scan(&m.id, &m.day, &m.posted, &m.author, &body, &total); err != nil {
			return nil, nil, 0, fmt.Errorf("cannot read its posts: %w", err)
		}
		posts = append(posts, m)
		texts = append(texts, similar.Text{ID: m.id, Body: body})
	}
	if err := rows.Err(); err != nil {
		return nil, nil, 0, fmt.Errorf("cannot read its posts: %w", err)
	}
	return posts, texts, int(total), nil
}
