package sink

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// unknownTries is how often an insert that fails for a reason nobody has classified is tried before its rows are
// suspected.
const unknownTries = 3

// write inserts rows into one table, for as long as it takes. It does nothing after an earlier error, and sets err
// only when the context ends.
func write[R any](ctx context.Context, s *Sink, t table[R], rows []*R, refused *[]Refused, err *error) {
	if *err != nil || len(rows) == 0 {
		return
	}
	retry := backoff.NewExponentialBackOff()
	retry.InitialInterval, retry.MaxInterval = s.cfg.RetryMin, s.cfg.RetryMax
	for unknown := 0; ; {
		failure := insert(ctx, s, t, rows)
		if failure == nil {
			if was := s.worked(); was.Err != "" {
				s.log.InfoContext(ctx, "writing to ClickHouse works again", slog.Duration("after", time.Since(was.Since)))
			}
			s.step(t.name + " written")
			return
		}
		if ctx.Err() != nil {
			*err = fmt.Errorf("write %d rows to %s: %w", len(rows), t.name, context.Cause(ctx))
			return
		}
		class := Class(failure)
		s.metrics.errors.WithLabelValues(t.name, class).Inc()
		if class == "other" {
			unknown++
		}
		if class == "poison" || (class == "other" && unknown%unknownTries == 0) {
			bad, good := halve(ctx, s, t, rows)
			if class != "poison" {
				// The server may have recovered during the search: what was refused before that is no fault of the row.
				bad = still(ctx, s, t, rows, bad)
			}
			if class == "poison" || good {
				for _, r := range bad {
					s.log.ErrorContext(ctx, "ClickHouse refuses a row; its message becomes a dead letter", slog.String("table", t.name),
						slog.String("topic", r.Origin.Topic), slog.Uint64("partition", uint64(r.Origin.Partition)), slog.Uint64("offset", r.Origin.Offset),
						slog.Int("code", int(code(r.Err))))
				}
				*refused = append(*refused, bad...)
				if rows = without(t, rows, bad); len(rows) == 0 {
					return
				}
				// Halving has written good rows already; writing them once more proves that they are there.
				continue
			}
		}
		pause := retry.NextBackOff()
		level := slog.LevelDebug
		if s.failed(failure) {
			level = slog.LevelWarn
		}
		s.log.Log(ctx, level, "writing to ClickHouse failed; trying again", slog.String("table", t.name), slog.Int("rows", len(rows)),
			slog.String("class", class), slog.Duration("pause", pause), slog.Any("error", failure))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			*err = fmt.Errorf("write %d rows to %s: %w", len(rows), t.name, context.Cause(ctx))
			return
		}
	}
}

// halve finds the rows that the server does not take. good says whether it took any: when it takes none, the table or
// the server is at fault, not the rows. Failures that are not about content leave a row unsuspected.
func halve[R any](ctx context.Context, s *Sink, t table[R], rows []*R) (bad []Refused, good bool) {
	if ctx.Err() != nil {
		return nil, false
	}
	err := insert(ctx, s, t, rows)
	switch {
	case err == nil:
		return nil, true
	case len(rows) == 1:
		if class := Class(err); class == "poison" || class == "other" {
			return []Refused{{Origin: t.origin(rows[0]), Table: t.name, Err: err}}, false
		}
		return nil, false
	}
	mid := len(rows) / 2
	left, goodLeft := halve(ctx, s, t, rows[:mid])
	right, goodRight := halve(ctx, s, t, rows[mid:])
	return append(left, right...), goodLeft || goodRight
}

// still tries suspected rows once more, by themselves, and returns those that are refused again.
func still[R any](ctx context.Context, s *Sink, t table[R], rows []*R, suspects []Refused) []Refused {
	suspected := map[Origin]bool{}
	for _, r := range suspects {
		suspected[r.Origin] = true
	}
	var out []Refused
	for _, r := range rows {
		if !suspected[t.origin(r)] {
			continue
		}
		again, _ := halve(ctx, s, t, []*R{r})
		out = append(out, again...)
	}
	return out
}

func without[R any](t table[R], rows []*R, bad []Refused) []*R {
	drop := map[Origin]bool{}
	for _, r := range bad {
		drop[r.Origin] = true
	}
	var out []*R
	for _, r := range rows {
		if !drop[t.origin(r)] {
			out = append(out, r)
		}
	}
	return out
}

// insert makes one attempt: one statement, one block for each part that it makes.
func insert[R any](ctx context.Context, s *Sink, t table[R], rows []*R) (err error) {
	began := time.Now()
	defer func() {
		result := "ok"
		if err != nil {
			result = "failed"
		}
		s.metrics.latency.WithLabelValues(t.name, result).Observe(time.Since(began).Seconds())
	}()
	parts := t.parts(rows)
	// Working memory: whoever inserts at the same time takes another block.
	b, ok := s.blocks.take(t.name).(*block[R])
	if !ok {
		b = t.block()
	}
	if err := b.fill(parts[0]); err != nil {
		return fmt.Errorf("insert into %s: %w", t.name, err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.InsertTimeout)
	defer cancel()
	err = s.inserter.insert(ctx, t.insert(s.cfg.Database), b.input, func() error {
		if parts = parts[1:]; len(parts) == 0 {
			b.input.Reset()
			return io.EOF
		}
		return b.fill(parts[0])
	})
	if err != nil {
		return fmt.Errorf("insert into %s: %w", t.name, err)
	}
	if b.size() <= keptText {
		s.blocks.give(t.name, b)
	}
	s.metrics.rows.WithLabelValues(t.name).Add(float64(len(rows)))
	return nil
}
