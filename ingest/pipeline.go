package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"voc/ingest/deadletter"
	"voc/ingest/sink"
	"voc/ingest/source"
)

// Pipeline is one worker process of voc. New makes it without connecting to anything; Run runs it, once.
type Pipeline struct {
	cfg     Config
	deps    Deps
	log     *slog.Logger
	metrics *metrics
	source  *source.Source
	store   Store
	letters Letters
	closers []func() error
	engine  atomic.Pointer[engine]
	// grid is where the ages of all batches begin.
	grid time.Time
	// bounds are those of all batches together.
	bounds *bounds
	// behind counts the partitions that have more records than were fetched.
	behind atomic.Int64
	// late counts those of them whose records have waited for long: they are of a backlog.
	late atomic.Int64
	// analysed is how long all analyses took together, in nanoseconds.
	analysed atomic.Int64
	// known remembers the posted_at of posts whose registration was confirmed. It is never wrong, because a known
	// posted_at never changes.
	known *lru.Cache[sink.PostKey, time.Time]
}

// knownPosts is how many posts are remembered: about 20 MB.
const knownPosts = 100_000

// New checks the configuration and builds every part. The pipeline is inert until Run.
func New(cfg Config, deps Deps) (_ *Pipeline, err error) {
	cfg.complete()
	if err := errors.Join(cfg.Validate(), deps.validate()); err != nil {
		return nil, fmt.Errorf("ingest: %w", err)
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	if deps.Step == nil {
		deps.Step = func(string) {}
	}
	p := &Pipeline{cfg: cfg, deps: deps, log: deps.Log, metrics: newMetrics(deps.Registry), store: deps.Store, letters: deps.Letters, grid: time.Now(), bounds: newBounds(max(cfg.Batch.MaxRows, collectedRows))}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if p.known, err = lru.New[sink.PostKey, time.Time](knownPosts); err != nil {
		return nil, fmt.Errorf("ingest: %w", err)
	}
	if p.store == nil {
		s, err := sink.New(cfg.Sink, sink.Deps{Log: deps.Log, Registry: deps.Registry, Step: deps.Step})
		if err != nil {
			return nil, fmt.Errorf("ingest: %w", err)
		}
		p.store, p.closers = s, append(p.closers, s.Close)
	}
	if p.letters == nil {
		w, err := deadletter.New(cfg.DeadLetter, deadletter.Deps{Log: deps.Log, Registry: deps.Registry})
		if err != nil {
			return nil, fmt.Errorf("ingest: %w", err)
		}
		p.letters, p.closers = w, append(p.closers, w.Close)
	}
	if p.source, err = source.New(cfg.Source, p, source.Deps{Log: deps.Log, Registry: deps.Registry}); err != nil {
		return nil, fmt.Errorf("ingest: %w", err)
	}
	p.Swap(Engine{NewTagger: deps.NewTagger, Revision: deps.Revision, Masker: deps.Masker})
	return p, nil
}

// Engine is what posts are masked and tagged with.
type Engine struct {
	// NewTagger makes one tagger; it is called Config.Workers times, and again after a tagger has panicked.
	NewTagger func() Tagger
	// Revision is the number of tagger and masker in analyzer_revisions.
	Revision uint16
	Masker   Masker
}

// engine is an Engine with its taggers.
type engine struct {
	newTagger func() Tagger
	revision  uint16
	masker    Masker
	taggers   chan Tagger
}

// Swap makes every batch from now on be masked and tagged with another engine. A batch that has begun is finished with
// the engine it began with, so that its rows carry one revision. It may be called while the pipeline runs.
func (p *Pipeline) Swap(e Engine) {
	x := &engine{newTagger: e.NewTagger, revision: e.Revision, masker: e.Masker, taggers: make(chan Tagger, p.cfg.Workers)}
	for range p.cfg.Workers {
		x.taggers <- e.NewTagger()
	}
	p.engine.Store(x)
}

// Revision is the number of the engine that new batches begin with.
func (p *Pipeline) Revision() uint16 { return p.engine.Load().revision }

// Run reads and writes until ctx ends, which is the soft stop: what is in hand is written and committed, within
// Config.Source.Drain. It returns nil after a stop.
func (p *Pipeline) Run(ctx context.Context) error {
	err := p.source.Run(ctx)
	return errors.Join(err, p.close())
}

// Close releases a pipeline that was never run.
func (p *Pipeline) Close() error { return p.close() }

// Abort is the hard stop: work in hand is dropped and will be read again.
func (p *Pipeline) Abort() { p.source.Abort() }

// Source is the membership of the group, for status pages.
func (p *Pipeline) Source() *source.Source { return p.source }

func (p *Pipeline) close() error {
	var errs []error
	for i := len(p.closers) - 1; i >= 0; i-- {
		errs = append(errs, p.closers[i]())
	}
	p.closers = nil
	return errors.Join(errs...)
}

// KafkaReady says why the pipeline does not read from Kafka, or nil.
func (p *Pipeline) KafkaReady(context.Context) error {
	st := p.source.Status()
	switch {
	case !st.Joined && st.Err != "":
		return errors.New("not in the consumer group: " + st.Err)
	case !st.Joined:
		return errors.New("not in the consumer group yet")
	case len(st.Missing) > 0:
		return errors.New("these topics do not exist: " + strings.Join(st.Missing, ", "))
	}
	return nil
}

// ClickHouseReady says why the pipeline cannot write, or nil.
func (p *Pipeline) ClickHouseReady(ctx context.Context) error {
	if s, ok := p.store.(*sink.Sink); ok {
		if st := s.Status(); st.Err != "" {
			return fmt.Errorf("writing has failed since %s (%s): %s", st.Since.Format(time.RFC3339), st.Class, st.Err)
		}
	}
	return p.store.Ping(ctx)
}

// Assigned implements source.Handler.
func (p *Pipeline) Assigned(a source.Assignment) {
	p.log.Debug("assigned", slog.Int("generation", int(a.Generation)), slog.Any("partitions", a.Partitions))
}

// heldBack is how often a batch asks whether it may be written that is due and waits for others.
const heldBack = 10 * time.Millisecond

// Consume implements source.Handler: it works on one partition until the partition is lost or the process stops.
func (p *Pipeline) Consume(ctx context.Context, part *source.Partition) error {
	if p.deps.Rollup != nil && part.Topic == p.cfg.Topics.Posts && part.ID == 0 {
		// The partition has one owner in the group, so one process of the group rebuilds windows. Several at once
		// would be harmless.
		stop := p.startRollup(ctx)
		defer stop()
	}
	c := newCollector(p, part)
	defer c.close()
	for {
		wait, ok := c.w.policy.Wait(time.Now())
		switch {
		case !ok:
			wait = time.Second
		case wait == 0:
			wait = heldBack
		}
		b, err := part.Fetch(ctx, wait, ok) // what has begun a batch is in no hurry before it is due
		if errors.Is(err, source.ErrDraining) {
			return c.finish(ctx)
		}
		if err != nil {
			return err // what is in hand is not written: the next owner reads it again
		}
		if len(b.Records) > 0 {
			p.deps.Step("fetched")
		}
		if err := c.take(ctx, b); err != nil {
			return err
		}
	}
}
