package source

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Partition is one partition in one generation. It is used by one goroutine, that of Handler.Consume.
type Partition struct {
	Topic string
	ID    int

	f        fetcher
	cfg      *Config
	log      *slog.Logger
	metrics  *metrics
	draining <-chan struct{}
	lost     <-chan struct{}
	commit   func(topic string, partition int, next int64) error

	retry     *backoff.ExponentialBackOff
	retryAt   time.Time
	lastClass string
	committed int64
}

// Asking for records has its price, on both sides, however few there are: whoever is not in a hurry lets the broker
// collect so many bytes of them, for so long.
const (
	gatheredBytes = 64 << 10
	gatherWait    = 50 * time.Millisecond
)

// Fetch returns the next records, as soon as there are any, or with gather a moment later. When wait passes first, it
// returns an empty batch, so that the caller can write what has become old; also while the broker is away, which it waits
// out with growing pauses. The error is ErrDraining, ErrLost or the context's.
func (p *Partition) Fetch(ctx context.Context, wait time.Duration, gather bool) (Batch, error) {
	least, longest := 1, p.cfg.FetchWait
	if gather {
		least, longest = min(gatheredBytes, p.cfg.FetchMaxBytes), min(gatherWait, longest)
	}
	deadline := time.Now().Add(wait)
	for {
		if err := p.ended(ctx); err != nil {
			return Batch{}, err
		}
		left := time.Until(deadline)
		if pause := time.Until(p.retryAt); pause > 0 {
			if left <= 0 {
				return Batch{Next: p.f.pos}, nil
			}
			if err := p.sleep(ctx, min(pause, left)); err != nil {
				return Batch{}, err
			}
			continue
		}
		began := time.Now()
		b, err := p.fetchOnce(ctx, least, min(max(left, 0), longest))
		if err != nil {
			if ended := p.ended(ctx); ended != nil {
				return Batch{}, ended
			}
			p.failed(ctx, err)
			continue
		}
		p.recovered(ctx)
		p.metrics.lag.WithLabelValues(p.labels()...).Set(float64(max(0, b.Stable-b.Next)))
		if b.Lost > 0 {
			p.metrics.lost.WithLabelValues(p.Topic).Add(float64(b.Lost))
			p.log.ErrorContext(ctx, "records were deleted from the log before they were read; raise the topic's retention or add consumers",
				slog.Int64("count", b.Lost), slog.Int64("continue_at", b.Next))
		}
		if len(b.Records) > 0 {
			p.metrics.records.WithLabelValues(p.Topic).Add(float64(len(b.Records)))
			return b, nil
		}
		if left <= 0 || time.Until(deadline) <= 0 {
			return b, nil
		}
		// A broker that answers at once without records would be asked at full speed.
		if time.Since(began) < 5*time.Millisecond {
			p.retryAt = time.Now().Add(min(50*time.Millisecond, p.cfg.RetryMin))
		}
	}
}

// fetchOnce sends one fetch, which ends early when the partition is lost or the process stops.
func (p *Partition) fetchOnce(ctx context.Context, least int, wait time.Duration) (Batch, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-p.draining:
			cancel()
		case <-p.lost:
			cancel()
		case <-done:
		}
	}()
	return p.f.next(ctx, least, wait)
}

// Commit tells the group that everything before next is dealt with. It tries again while the generation lives and the
// coordinator is merely out of reach; it returns ErrLost when the partition belongs to somebody else by now, which
// means that the records will be delivered again.
func (p *Partition) Commit(ctx context.Context, next int64) error {
	if next == p.committed {
		return nil
	}
	retry := newBackoff(p.cfg)
	for {
		err := p.commit(p.Topic, p.ID, next)
		if err == nil {
			p.committed = next
			p.metrics.committed.WithLabelValues(p.labels()...).Set(float64(next))
			return nil
		}
		p.metrics.errors.WithLabelValues("commit", Class(err)).Inc()
		select {
		case <-p.lost:
			return fmt.Errorf("commit offset %d of %s/%d: %w (%w)", next, p.Topic, p.ID, ErrLost, err)
		default:
		}
		if commitRefused(err) {
			return fmt.Errorf("commit offset %d of %s/%d: %w (%w)", next, p.Topic, p.ID, ErrLost, err)
		}
		p.log.WarnContext(ctx, "committing failed; trying again", slog.Any("error", err))
		timer := time.NewTimer(retry.NextBackOff())
		select {
		case <-timer.C:
		case <-p.lost:
			timer.Stop()
			return fmt.Errorf("commit offset %d of %s/%d: %w (%w)", next, p.Topic, p.ID, ErrLost, err)
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("commit offset %d of %s/%d: %w", next, p.Topic, p.ID, context.Cause(ctx))
		}
	}
}

// Lost is closed when the generation has ended: finish the write in flight, begin no other.
func (p *Partition) Lost() <-chan struct{} { return p.lost }

// Position is the offset that the next Fetch starts at; negative while it is not known yet.
func (p *Partition) Position() int64 { return p.f.pos }

// ended says whether the partition must not be read any further.
func (p *Partition) ended(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.lost:
		return ErrLost
	case <-p.draining:
		return ErrDraining
	default:
		return nil
	}
}

func (p *Partition) sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.lost:
		return ErrLost
	case <-p.draining:
		return ErrDraining
	}
}

// failed notes a failed fetch and sets the pause before the next. Only a change of the kind of trouble is logged as a
// warning: a broker that is away for an hour must not fill the log.
func (p *Partition) failed(ctx context.Context, err error) {
	class := Class(err)
	p.metrics.errors.WithLabelValues("fetch", class).Inc()
	pause := p.retry.NextBackOff()
	p.retryAt = time.Now().Add(pause)
	level := slog.LevelDebug
	if class != p.lastClass {
		level = slog.LevelWarn
	}
	p.lastClass = class
	p.log.Log(ctx, level, "reading from Kafka failed; trying again", slog.String("class", class), slog.Duration("pause", pause), slog.Any("error", err))
}

func (p *Partition) recovered(ctx context.Context) {
	if p.lastClass != "" {
		p.log.InfoContext(ctx, "reading from Kafka works again")
		p.lastClass = ""
		p.retry.Reset()
	}
}

func newBackoff(cfg *Config) *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval = cfg.RetryMin, cfg.RetryMax
	return b
}

// lostOrDraining reports whether a handler's error only says that its time is over.
func lostOrDraining(err error) bool {
	return err == nil || errors.Is(err, ErrLost) || errors.Is(err, ErrDraining) ||
		errors.Is(err, context.Canceled) || errors.Is(err, errGraceOver) || errors.Is(err, errDrainOver) || errors.Is(err, ErrAborted)
}
