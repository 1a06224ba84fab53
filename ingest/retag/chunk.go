package retag

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/ext"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/analyze"
	"voc/ingest/erasure"
	"voc/ingest/process"
	"voc/schema"
	"voc/schema/rollup"
)

// windows lists the windows with posts of earlier analyzers, newest days first.
func (r *Retag) windows(ctx context.Context) ([]window, error) {
	rows, err := r.deps.Conn.Query(ctx, "SELECT toString(community), day, count() FROM post_facts FINAL WHERE "+r.days()+" AND "+r.old()+
		" GROUP BY community, day ORDER BY day DESC, community")
	if err != nil {
		return nil, fmt.Errorf("retag: cannot list the days: %w", err)
	}
	defer rows.Close()
	var out []window
	for rows.Next() {
		var w window
		if err := rows.Scan(&w.Community, &w.Day, &w.posts); err != nil {
			return nil, fmt.Errorf("retag: cannot list the days: %w", err)
		}
		out = append(out, w)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("retag: cannot list the days: %w", err)
	}
	return out, nil
}

// read gives the posts of the windows in chunks. Small windows share a chunk, large ones have several.
func (r *Retag) read(ctx context.Context, windows []window, yield func([]schema.PostRow) bool) error {
	size := uint64(r.cfg.Chunk)
	if r.cfg.Rate > 0 {
		size = min(size, uint64(r.cfg.Rate)) // so that the rate holds within a second or so
	}
	for len(windows) > 0 {
		if windows[0].posts > size {
			if more, err := r.readLarge(ctx, windows[0], size, yield); err != nil || !more {
				return err
			}
			windows = windows[1:]
			continue
		}
		n, posts := 0, uint64(0)
		for n < len(windows) && posts+windows[n].posts <= size {
			posts += windows[n].posts
			n++
		}
		rows, err := r.readWindows(ctx, windows[:n])
		if err != nil {
			return err
		}
		if len(rows) > 0 && !yield(rows) {
			return nil
		}
		windows = windows[n:]
	}
	return nil
}

func (r *Retag) readLarge(ctx context.Context, w window, size uint64, yield func([]schema.PostRow) bool) (more bool, err error) {
	after := ""
	for first := true; ; first = false {
		rows, err := r.query(ctx, "day = {day:Date} AND community = {community:String} AND (post_id > {after:String} OR {first:UInt8} = 1)",
			fmt.Sprintf(" ORDER BY post_id LIMIT %d", size),
			driver.NamedValue{Name: "day", Value: w.Day.Format(time.DateOnly)}, driver.NamedValue{Name: "community", Value: w.Community},
			driver.NamedValue{Name: "after", Value: after}, driver.NamedValue{Name: "first", Value: bit(first)})
		if err != nil || len(rows) == 0 {
			return true, err
		}
		after = rows[len(rows)-1].PostID
		if !yield(rows) {
			return false, nil
		}
	}
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func (r *Retag) readWindows(ctx context.Context, windows []window) ([]schema.PostRow, error) {
	wanted, err := ext.NewTable("wanted", ext.Column("community", "String"), ext.Column("day", "Date"))
	if err != nil {
		return nil, fmt.Errorf("retag: %w", err)
	}
	for _, w := range windows {
		if err := wanted.Append(w.Community, w.Day); err != nil {
			return nil, fmt.Errorf("retag: %w", err)
		}
	}
	// The windows are sorted by day; the bounds prune partitions.
	return r.query(clickhouse.Context(ctx, clickhouse.WithExternalTable(wanted)),
		"day BETWEEN {from:Date} AND {to:Date} AND (community, day) IN (SELECT community, day FROM wanted)", "",
		driver.NamedValue{Name: "from", Value: windows[len(windows)-1].Day.Format(time.DateOnly)},
		driver.NamedValue{Name: "to", Value: windows[0].Day.Format(time.DateOnly)})
}

// query reads whole rows of posts of earlier analyzers.
func (r *Retag) query(ctx context.Context, where, order string, args ...any) ([]schema.PostRow, error) {
	columns := (&schema.PostRow{}).Columns()
	rows, err := r.deps.Conn.Query(ctx, "SELECT `"+strings.Join(columns, "`, `")+"` FROM post_facts FINAL WHERE "+r.old()+" AND "+where+order, args...)
	if err != nil {
		return nil, fmt.Errorf("retag: cannot read posts: %w", err)
	}
	defer rows.Close()
	var out []schema.PostRow
	for rows.Next() {
		var p schema.PostRow
		var deleted uint8
		if err := rows.Scan(&p.Community, &p.Day, &p.PostID, &p.SourceVersion, &deleted, &p.PostedAt, &p.OccurredAt, &p.Event, &p.Source, &p.Channel,
			&p.ThreadID, &p.ReplyTo, &p.URL, &p.Rating, &p.Views, &p.Accepted, &p.Reactions, &p.Attributes, &p.AuthorID, &p.AuthorRole,
			&p.AuthorLevel, &p.AccountID, &p.Title, &p.Body, &p.Sentiment, &p.Score, &p.Topics.ID, &p.Topics.Sentiment, &p.Topics.Score,
			&p.Intents, &p.Signals.Kind, &p.Signals.Value, &p.Evidence.Kind, &p.Evidence.Tag, &p.Evidence.Field, &p.Evidence.Start,
			&p.Evidence.End, &p.Evidence.Rule, &p.Flags, &p.AnalyzerRevision, &p.KafkaTopic, &p.KafkaPartition, &p.KafkaOffset); err != nil {
			return nil, fmt.Errorf("retag: cannot read a post: %w", err)
		}
		out = append(out, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("retag: cannot read posts: %w", err)
	}
	return out, nil
}

// chunk are posts before and after.
type chunk struct {
	history []schema.TagHistoryRow
	posts   []schema.PostRow
	changed []bool
}

// tag analyses the posts of a chunk on all workers.
func (r *Retag) tag(rows []schema.PostRow, taggers []process.Tagger, results []analyze.Result) *chunk {
	c := &chunk{posts: rows, history: make([]schema.TagHistoryRow, len(rows)), changed: make([]bool, len(rows))}
	var wg sync.WaitGroup
	for w := range taggers {
		wg.Go(func() {
			for i := w; i < len(rows); i += len(taggers) {
				p := &rows[i]
				c.history[i] = said(p, r.deps.Revision)
				if slices.Contains(r.masked, p.AnalyzerRevision) {
					process.Tag(p, taggers[w], &results[w])
				} else {
					p.URL, p.Channel = r.deps.Masker.Mask(p.URL), r.deps.Masker.Mask(p.Channel)
					p.Attributes = process.Values(p.Attributes, r.deps.Masker.Mask)
					process.Fill(p, p.Title, p.Body, r.deps.Masker, taggers[w], &results[w])
				}
				p.AnalyzerRevision = r.deps.Revision
				c.changed[i] = differ(&c.history[i], p)
			}
		})
	}
	wg.Wait()
	return c
}

// said is what the earlier analyzer said about a post.
func said(p *schema.PostRow, by uint16) schema.TagHistoryRow {
	return schema.TagHistoryRow{
		Community: p.Community, Day: p.Day, PostID: p.PostID, AnalyzerRevision: p.AnalyzerRevision, SourceVersion: p.SourceVersion, KafkaOffset: p.KafkaOffset,
		Sentiment: p.Sentiment, Score: p.Score, Topics: p.Topics, Intents: p.Intents, Signals: p.Signals, Evidence: p.Evidence, Flags: p.Flags, ReplacedBy: by,
	}
}

func differ(h *schema.TagHistoryRow, p *schema.PostRow) bool {
	return h.Sentiment != p.Sentiment || h.Score != p.Score || !alike(h.Topics.ID, p.Topics.ID) || !alike(h.Topics.Sentiment, p.Topics.Sentiment) ||
		!alike(h.Topics.Score, p.Topics.Score) || !alike(h.Intents, p.Intents) || !alike(h.Signals.Kind, p.Signals.Kind) || !alike(h.Signals.Value, p.Signals.Value)
}

// alike compares two slices; an empty one equals nil.
func alike[T any](a, b []T) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

// write writes a chunk: history, facts, marks.
func (r *Retag) write(ctx context.Context, c *chunk, s *Stats) error {
	erased, _, err := erasure.Load(ctx, r.deps.Conn, "", nil, 0)
	if err != nil {
		return fmt.Errorf("retag: %w", err)
	}
	f := erasure.Filter{Set: erased, Keys: r.deps.Keys}
	history, posts := make([]schema.Row, 0, len(c.posts)), make([]schema.Row, 0, len(c.posts))
	seen := map[schema.Window]bool{}
	var windows []schema.Window
	var changed uint64
	for i := range c.posts {
		p := &c.posts[i]
		if f.Post(p) {
			s.Erased++
			continue
		}
		history, posts = append(history, &c.history[i]), append(posts, p)
		if w := (schema.Window{Community: p.Community, Day: p.Day}); !seen[w] {
			seen[w] = true
			windows = append(windows, w)
		}
		if c.changed[i] {
			changed++
		}
	}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"history", func() error { return schema.Insert(ctx, r.deps.Conn, history...) }},
		{"facts", func() error { return schema.Insert(ctx, r.deps.Conn, posts...) }},
		{"marks", func() error { return rollup.Mark(ctx, r.deps.Conn, windows) }},
	} {
		if err := r.step(ctx, step.name); err != nil {
			return err
		}
		if err := step.do(); err != nil {
			return fmt.Errorf("retag: cannot write %s: %w", step.name, err)
		}
	}
	s.Posts += uint64(len(posts))
	s.Changed += changed
	return nil
}
