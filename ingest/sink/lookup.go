package sink

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/ext"
	"github.com/cenkalti/backoff/v5"

	"voc/ingest/erasure"
	"voc/schema"
)

// PostKey identifies a post.
type PostKey struct{ Community, PostID string }

// lookupKeys is the most keys of one query.
const lookupKeys = 20_000

// Registered returns what fixed the posted_at of the given posts. Posts nobody has heard of are absent; a post that is
// known by its deletion only has the zero time. The map may hold more posts than were asked for, and must not be changed.
func (s *Sink) Registered(ctx context.Context, keys []PostKey) (map[PostKey]time.Time, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	return s.known.do(ctx, keys)
}

// registered answers several batches with one query.
func (s *Sink) registered(ctx context.Context, asked [][]PostKey) (map[PostKey]time.Time, error) {
	keys := asked[0]
	if len(asked) > 1 {
		keys = slices.Concat(asked...)
	}
	out := map[PostKey]time.Time{} // most posts are new
	// The newest row is chosen as the table's engine would: by rank.
	query := "SELECT community, post_id, argMax(posted_at, rank) FROM `" + s.cfg.Database + "`.post_registry" +
		" WHERE (community, post_id) IN (SELECT community, post_id FROM wanted) GROUP BY community, post_id"
	err := s.lookup(ctx, "post_registry", query, keys, func(scan func(...any) error) error {
		var k PostKey
		var at time.Time
		if err := scan(&k.Community, &k.PostID, &at); err != nil {
			return err
		}
		if at.UnixMilli() == 0 {
			at = time.Time{}
		}
		out[k] = at
		return nil
	})
	return out, err
}

// EarlyDeletions returns the newest deletion of each given post that came before the post itself: those are kept on
// 1970-01-01, because nobody knew the post's day.
func (s *Sink) EarlyDeletions(ctx context.Context, keys []PostKey) (map[PostKey]schema.PostRow, error) {
	out := make(map[PostKey]schema.PostRow, len(keys))
	query := "SELECT community, post_id, argMax(source_version, ver), argMax(occurred_at, ver), argMax(kafka_topic, ver)," +
		" argMax(kafka_partition, ver), argMax(kafka_offset, ver), argMax(analyzer_revision, ver) FROM `" + s.cfg.Database + "`.post_facts" +
		" WHERE day = toDate(0) AND deleted = 1 AND (community, post_id) IN (SELECT community, post_id FROM wanted) GROUP BY community, post_id"
	err := s.lookup(ctx, "post_facts", query, keys, func(scan func(...any) error) error {
		r := schema.PostRow{Deleted: true, Event: "deleted"}
		if err := scan(&r.Community, &r.PostID, &r.SourceVersion, &r.OccurredAt, &r.KafkaTopic, &r.KafkaPartition, &r.KafkaOffset, &r.AnalyzerRevision); err != nil {
			return err
		}
		out[PostKey{r.Community, r.PostID}] = r
		return nil
	})
	return out, err
}

// lookup runs a query over the table "wanted" of keys, again and again until it succeeds or the context ends.
func (s *Sink) lookup(ctx context.Context, table, query string, keys []PostKey, row func(scan func(...any) error) error) error {
	for len(keys) > 0 {
		n := min(len(keys), lookupKeys)
		if err := s.lookupSome(ctx, table, query, keys[:n], row); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

func (s *Sink) lookupSome(ctx context.Context, table, query string, keys []PostKey, row func(scan func(...any) error) error) error {
	return s.patiently(ctx, table, func(ctx context.Context) error { return s.ask(ctx, table, query, keys, row) })
}

// Erased returns what was erased by now.
func (s *Sink) Erased(ctx context.Context) (*erasure.Set, error) {
	return s.asked.do(ctx, struct{}{})
}

// loadErased answers several batches at once. The keys are read again only when there are more than before: none is ever
// taken back.
func (s *Sink) loadErased(ctx context.Context, _ []struct{}) (*erasure.Set, error) {
	const name = "erasure_keys"
	err := s.patiently(ctx, name, func(ctx context.Context) error {
		ctx, release := attempt(ctx, s.cfg.InsertTimeout)
		defer release()
		var err error
		s.erased, s.erasedAt, err = erasure.Load(ctx, s.conn, s.cfg.Database, s.erased, s.erasedAt)
		return err
	})
	return s.erased, err
}

// patiently reads from a table, again and again until it succeeds or the context ends.
func (s *Sink) patiently(ctx context.Context, table string, read func(context.Context) error) error {
	retry := backoff.NewExponentialBackOff()
	retry.InitialInterval, retry.MaxInterval = s.cfg.RetryMin, s.cfg.RetryMax
	for {
		err := read(ctx)
		if err == nil {
			s.worked()
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("read %s: %w", table, context.Cause(ctx))
		}
		s.metrics.errors.WithLabelValues(table, Class(err)).Inc()
		level := slog.LevelDebug
		if s.failed(err) {
			level = slog.LevelWarn
		}
		pause := retry.NextBackOff()
		s.log.Log(ctx, level, "reading from ClickHouse failed; trying again", slog.String("table", table),
			slog.String("class", Class(err)), slog.Duration("pause", pause), slog.Any("error", err))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("read %s: %w", table, context.Cause(ctx))
		}
	}
}

// attempt bounds one use of a connection. clickhouse-go closes the connection when the context ends, from a goroutine
// that may notice a call's own end too late: then the connection is in the pool again, and the next call fails. So a
// context that was released lives a little longer.
func attempt(parent context.Context, timeout time.Duration) (ctx context.Context, release func()) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(parent), timeout)
	stop := context.AfterFunc(parent, cancel)
	return ctx, func() {
		stop()
		time.AfterFunc(time.Second, cancel)
	}
}

func (s *Sink) ask(ctx context.Context, table, query string, keys []PostKey, row func(scan func(...any) error) error) error {
	wanted, err := ext.NewTable("wanted", ext.Column("community", "String"), ext.Column("post_id", "String"))
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := wanted.Append(k.Community, k.PostID); err != nil {
			return err
		}
	}
	began := time.Now()
	ctx, release := attempt(ctx, s.cfg.InsertTimeout)
	defer release()
	rows, err := s.conn.Query(clickhouse.Context(ctx, clickhouse.WithExternalTable(wanted)), query)
	if err != nil {
		return fmt.Errorf("look up %s: %w", table, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err says what went wrong
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return fmt.Errorf("look up %s: %w", table, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("look up %s: %w", table, err)
	}
	s.metrics.latency.WithLabelValues(table, "lookup").Observe(time.Since(began).Seconds())
	return nil
}
