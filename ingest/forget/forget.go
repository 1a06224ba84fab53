// Package forget removes a person or a post from everything that voc keeps, and proves it.
//
// What it does, in this order, so that nothing comes back whatever happens in between:
//
//  1. The erasure is registered, as keyed hashes. From then on every writer leaves out what it covers: new batches, a
//     replay of a topic from offset 0, a re-tagging.
//  2. Every post gets a tombstone, without text and author, with the highest version there is: a row that was on its way
//     loses against it. Views and aggregates are right from here on.
//  3. The rows are removed physically: older versions, superseded and deleted ones too, the history of tags, the
//     registry, activity, survey answers; ledger and dead letters keep their rows without the ids.
//  4. After a pause in which what a worker was writing has ended, batches and what stands ready of days and weeks, the days
//     are counted once more; it looks again, and repeats 2 and 3 if need be.
//  5. It waits until the server has unlinked the files that held the rows, within a deadline.
//
// It needs the rights of schema.RoleAdmin. It cannot reach Kafka's log but by tombstones in compacted topics: the raw
// messages stay there until the topics' retention, which the certificate says; nor backups, nor what another person has
// quoted, nor accounts, which are companies. A post whose newest stored version names no author belongs to nobody here:
// producers must send the author with edits, too, or such a post is forgotten by its id.
package forget

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/ingest/erasure"
	"voc/schema"
	"voc/schema/rollup"
)

// The kinds of a subject.
const (
	Author = "author"
	Post   = "post"
)

// Subject is who or what is forgotten.
type Subject struct {
	// Kind is Author or Post.
	Kind string
	// Pseudonym is the author's id as it is stored.
	Pseudonym string
	// PostID is the post's id.
	PostID string
	// Community bounds an author to one community; empty means all. A post needs one, unless only one community has it.
	Community string
	// Forever leaves out what the author does from now on, too.
	Forever bool
}

// Config of an erasure.
type Config struct {
	// Settle is how long to wait for what workers were writing when the erasure was registered; it must be longer than
	// their insert timeout. Default: 25 s. A negative value does not wait.
	Settle time.Duration
	// Deadline bounds the removal of rows and files. Default: 10 min.
	Deadline time.Duration
	// DataDir, when given, is the folder of a ClickHouse on this machine: its files are searched for the erased texts.
	DataDir string
	// Cluster and Sharded are those of the migration.
	Cluster string
	Sharded bool
}

// Deps are what an erasure needs from outside.
type Deps struct {
	// Conn is to the database of the tables and has the rights of schema.RoleAdmin.
	Conn driver.Conn
	Keys erasure.Keys
	// Kafka may be nil: then the certificate says nothing about the topics.
	Kafka *Kafka
	Log   *slog.Logger // nil discards
}

// Forget is one erasure.
type Forget struct {
	cfg  Config
	deps Deps
}

// New checks the configuration.
func New(cfg Config, deps Deps) (*Forget, error) {
	if deps.Conn == nil {
		return nil, errors.New("forget: a connection is needed")
	}
	if cfg.Settle == 0 {
		cfg.Settle = 25 * time.Second
	}
	if cfg.Deadline == 0 {
		cfg.Deadline = 10 * time.Minute
	}
	if cfg.Deadline < 0 {
		return nil, fmt.Errorf("forget: deadline is %s; it must be positive", cfg.Deadline)
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	return &Forget{cfg: cfg, deps: deps}, nil
}

// maxRounds is how often it looks for rows that came after their removal.
const maxRounds = 4

// ErrNotFound says that nothing of the subject is stored. The erasure is registered all the same when the subject is
// complete.
var ErrNotFound = errors.New("nothing of it is stored")

// Run erases the subject. progress, which may be nil, hears what is being done. The certificate is returned also when
// something could not be removed in time; it says what, and the error too. Another run continues.
func (f *Forget) Run(ctx context.Context, s Subject, progress func(string)) (*Certificate, error) {
	if progress == nil {
		progress = func(string) {}
	}
	if err := f.complete(ctx, &s); err != nil {
		return nil, err
	}
	began := time.Now()
	cert := &Certificate{ID: number(), Kind: s.Kind, Community: s.Community, Subject: f.subjectKey(s), Began: began.UTC().Truncate(time.Millisecond), Forever: s.Forever}
	ctx, cancel := context.WithTimeout(ctx, f.cfg.Deadline)
	defer cancel()
	progress("looking for what is stored")
	t, err := f.find(ctx, s)
	if err != nil {
		return nil, err
	}
	cert.Posts = len(t.posts)
	if err := f.count(ctx, t, cert, func(c *Count, n uint64) { c.Before = n }); err != nil {
		return nil, err
	}
	progress("registering the erasure")
	if err := f.register(ctx, s, t); err != nil {
		return nil, err
	}
	records, err := f.records(ctx, t)
	if err != nil {
		return cert, err
	}
	for round := 1; ; round++ {
		progress(fmt.Sprintf("removing %d posts and everything else", len(t.posts)))
		if err := f.erase(ctx, t, cert); err != nil {
			return cert, err
		}
		if round == 1 && f.cfg.Settle > 0 {
			progress(fmt.Sprintf("waiting %s for batches that were being written", f.cfg.Settle))
			if err := sleep(ctx, f.cfg.Settle); err != nil {
				return cert, err
			}
			// A worker may have kept rows of days and weeks that it had begun to count from the posts before they were removed.
			if err := f.recount(ctx, t, cert); err != nil {
				return cert, err
			}
		}
		again, err := f.find(ctx, s)
		if err != nil {
			return cert, err
		}
		fresh := again.minus(t)
		t.add(again)
		if err := f.register(ctx, Subject{Kind: Post}, fresh); err != nil {
			return cert, err
		}
		if err := f.count(ctx, t, cert, func(c *Count, n uint64) { c.After = n }); err != nil {
			return cert, err
		}
		cert.Posts = len(t.posts)
		if cert.left() == 0 {
			break
		}
		if round == maxRounds {
			return cert, fmt.Errorf("forget: %d rows are still there after %d rounds; a writer does not know of the erasure, update and restart it, and run this again", cert.left(), maxRounds)
		}
	}
	progress("waiting until the files are unlinked")
	if err := f.unlinked(ctx, cert); err != nil {
		return cert, err
	}
	if f.cfg.DataDir != "" {
		progress("searching the files for the erased texts")
		if err := f.search(ctx, t, cert); err != nil {
			return cert, err
		}
	}
	if f.deps.Kafka != nil {
		progress("asking Kafka what it keeps")
		if err := f.deps.Kafka.finish(ctx, records, cert); err != nil {
			return cert, err
		}
	}
	cert.Ended = time.Now().UTC().Truncate(time.Millisecond)
	if err := f.file(ctx, t, cert); err != nil {
		return cert, err
	}
	if len(cert.Found) > 0 {
		return cert, fmt.Errorf("forget: %d files still hold an erased text, first %s; run this again", len(cert.Found), cert.Found[0])
	}
	return cert, nil
}

func number() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see its documentation
	return hex.EncodeToString(b[:])
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// complete checks the subject and finds the community of a post that gives none.
func (f *Forget) complete(ctx context.Context, s *Subject) error {
	switch {
	case s.Kind == Author && s.Pseudonym != "":
		return nil
	case s.Kind != Post || s.PostID == "":
		return errors.New("forget: give an author or a post")
	case s.Community != "":
		return nil
	}
	var communities []string
	err := f.deps.Conn.QueryRow(ctx, "SELECT groupUniqArray(toString(community)) FROM post_facts WHERE post_id = {id:String}", driver.NamedValue{Name: "id", Value: s.PostID}).Scan(&communities)
	if err != nil {
		return fmt.Errorf("forget: cannot look for the post: %w", err)
	}
	switch len(communities) {
	case 0:
		return fmt.Errorf("forget: no community has the post: %w; name the community to have it left out when it comes", ErrNotFound)
	case 1:
		s.Community = communities[0]
		return nil
	}
	return fmt.Errorf("forget: %d communities have a post of that id; name one of %v", len(communities), communities)
}

func (f *Forget) subjectKey(s Subject) string {
	k := f.deps.Keys.Post(s.Community, s.PostID)
	if s.Kind == Author {
		k = f.deps.Keys.Author(s.Community, s.Pseudonym)
	}
	return hex.EncodeToString(k[:])
}

// register adds the keys of the subject and of every post.
func (f *Forget) register(ctx context.Context, s Subject, t *targets) error {
	var rows []schema.Row
	add := func(k erasure.Key, until time.Time) {
		rows = append(rows, &schema.ErasureRow{Key: string(k[:]), Until: until})
	}
	if s.Kind == Author {
		until := time.Now()
		if t.last.After(until) {
			until = t.last // their clock is ahead
		}
		if s.Forever {
			until = erasure.Forever
		}
		add(f.deps.Keys.Author(s.Community, s.Pseudonym), until)
	} else if s.PostID != "" {
		add(f.deps.Keys.Post(s.Community, s.PostID), erasure.Forever)
		add(f.deps.Keys.MessageKey(s.PostID), erasure.Forever)
	}
	for _, p := range t.posts {
		add(f.deps.Keys.Post(p.Community, p.PostID), erasure.Forever)
		add(f.deps.Keys.MessageKey(p.PostID), erasure.Forever)
	}
	if len(rows) == 0 {
		return nil
	}
	if err := schema.Insert(ctx, f.deps.Conn, rows...); err != nil {
		return fmt.Errorf("forget: cannot register the erasure: %w", err)
	}
	return nil
}

// erase writes tombstones, has the days counted again, and removes the rows.
func (f *Forget) erase(ctx context.Context, t *targets, cert *Certificate) error {
	if err := f.bury(ctx, t); err != nil {
		return err
	}
	if err := f.mutate(ctx, t); err != nil {
		return err
	}
	// Counted after the removal: activity and answers have no tombstones.
	return f.recount(ctx, t, cert)
}

// bury writes a tombstone for every post, in the day of its rows. Its version is the highest there is.
func (f *Forget) bury(ctx context.Context, t *targets) error {
	rows := make([]schema.Row, 0, len(t.posts))
	for _, p := range t.posts {
		rows = append(rows, &schema.PostRow{
			Community: p.Community, Day: p.Day, PostID: p.PostID, SourceVersion: math.MaxUint64, Deleted: true, PostedAt: p.Day, OccurredAt: p.Day,
			Event: "deleted", AnalyzerRevision: math.MaxUint16, KafkaOffset: 1<<48 - 1,
		})
	}
	if len(rows) == 0 {
		return nil
	}
	if err := schema.Insert(ctx, f.deps.Conn, rows...); err != nil {
		return fmt.Errorf("forget: cannot write the tombstones: %w", err)
	}
	return nil
}

// recount has every day counted again that held something of the subject, and drops the older counts.
func (f *Forget) recount(ctx context.Context, t *targets, cert *Certificate) error {
	windows := t.windowList()
	cert.Days = len(windows)
	if len(windows) == 0 {
		return nil
	}
	// Listed before the days are marked, so that none of these rows can be of the days as they are counted then.
	stale, err := f.keptRows(ctx, windows)
	if err != nil {
		return err
	}
	if err := rollup.Mark(ctx, f.deps.Conn, windows); err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	r, err := rollup.New(f.deps.Conn, rollup.Config{})
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	if _, err := r.RunOnce(ctx); err != nil {
		return fmt.Errorf("forget: cannot count the days again: %w", err)
	}
	// Nobody reads these rows any more: their days were counted again.
	for _, k := range kept() {
		if len(stale[k.table]) == 0 {
			continue
		}
		if err := f.exec(ctx, "ALTER TABLE "+f.local(k.table)+f.onCluster()+" DELETE WHERE (community, "+k.column+", calc) IN ("+strings.Join(stale[k.table], ", ")+") SETTINGS mutations_sync = 2"); err != nil {
			return fmt.Errorf("forget: cannot remove the rows of %s: %w", k.table, err)
		}
	}
	var years []int
	for _, w := range windows {
		if y := w.Day.Year(); !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	for _, y := range years {
		// The row of a day that was replaced is dropped by merging; the table is small.
		if err := f.exec(ctx, fmt.Sprintf("OPTIMIZE TABLE %s%s PARTITION %d FINAL", f.local("day_windows"), f.onCluster(), y)); err != nil {
			return fmt.Errorf("forget: cannot drop the older counts: %w", err)
		}
	}
	return nil
}

// keptTable holds what stands ready of days or weeks and tells of single posts. A row is of its day or week, and of so many weeks before it.
type keptTable struct {
	table, column, of string
	before            int
}

// kept are these tables, with the column of the day or week and the day or week of a day.
func kept() []keptTable {
	return []keptTable{
		{"week_details", "week", "toMonday(%s)", 0}, {"week_lists", "week", "toMonday(%s)", 0}, {"segment_windows", "week", "toMonday(%s)", 0},
		{"question_windows", "week", "toMonday(%s)", 0}, {"shown_windows", "week", "toMonday(%s)", 0}, {"writer_windows", "week", "toMonday(%s)", 0},
		{"progress_windows", "week", "toMonday(%s)", schema.ProgressWeeks}, {"attention_windows", "week", "toMonday(%s)", schema.ProgressWeeks},
		{"day_keys", "day", "%s", 0},
	}
}

// keptRows lists the rows of these tables that are of these days, as literals of SQL.
func (f *Forget) keptRows(ctx context.Context, windows []schema.Window) (map[string][]string, error) {
	out := map[string][]string{}
	for _, k := range kept() {
		var keys []string
		for _, w := range windows {
			for n := range k.before + 1 {
				keys = append(keys, "("+schema.Literal(w.Community)+", "+fmt.Sprintf(k.of, "toDate('"+w.Day.AddDate(0, 0, 7*n).Format(time.DateOnly)+"')")+")")
			}
		}
		var rows []string
		for chunk := range slices.Chunk(keys, 500) {
			query := "SELECT DISTINCT toString(community), " + k.column + ", calc FROM " + k.table + " WHERE (community, " + k.column + ") IN (" + strings.Join(chunk, ", ") + ")"
			err := f.each(ctx, query, nil, func(scan func(...any) error) error {
				var community string
				var day time.Time
				var calc uint64
				if err := scan(&community, &day, &calc); err != nil {
					return err
				}
				rows = append(rows, fmt.Sprintf("(%s, '%s', %d)", schema.Literal(community), day.Format(time.DateOnly), calc))
				return nil
			})
			if err != nil {
				return nil, fmt.Errorf("forget: cannot list the rows of %s: %w", k.table, err)
			}
		}
		slices.Sort(rows)
		out[k.table] = slices.Compact(rows)
	}
	return out, nil
}

// file keeps the certificate.
func (f *Forget) file(ctx context.Context, t *targets, cert *Certificate) error {
	text, err := cert.JSON()
	if err != nil {
		return err
	}
	row := &schema.ErasureFactRow{ID: cert.ID, ErasedAt: cert.Ended, Kind: cert.Kind, Subject: cert.Subject, Posts: uint64(cert.Posts), Records: cert.removed(), Certificate: string(text)}
	for _, w := range t.windowList() {
		row.Windows.Community, row.Windows.Day = append(row.Windows.Community, w.Community), append(row.Windows.Day, w.Day)
	}
	if err := schema.Insert(ctx, f.deps.Conn, row); err != nil {
		return fmt.Errorf("forget: everything is removed, but the certificate cannot be kept: %w", err)
	}
	return nil
}
