package source

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
)

// Handler deals with the records of the partitions that this process is given.
type Handler interface {
	// Assigned is called once in each generation, before its partitions are consumed. It must not block.
	Assigned(a Assignment)
	// Consume reads one partition for the time of one generation: it loops over Fetch, and commits what it has dealt
	// with. It returns when Fetch returns an error. An error that is not the one of Fetch or Commit ends Run with it.
	Consume(ctx context.Context, p *Partition) error
}

// Assignment is what the group gave to this process.
type Assignment struct {
	Generation int32
	Partitions map[string][]int // by topic, ascending
}

// Status of a source, for the readiness page.
type Status struct {
	Joined     bool
	Generation int32
	Assigned   int
	Missing    []string // topics that do not exist
	Err        string   // the last failure of the group, empty while joined
}

// Deps are what a source needs from outside.
type Deps struct {
	Log      *slog.Logger          // nil discards
	Registry prometheus.Registerer // nil registers nothing
}

// Source is one member of a consumer group. New makes it, Run runs it, once.
type Source struct {
	cfg       Config
	handler   Handler
	log       *slog.Logger
	metrics   *metrics
	dialer    *kafka.Dialer
	transport *kafka.Transport
	client    *kafka.Client

	abortOnce sync.Once
	aborted   chan struct{}

	mu     sync.Mutex
	status Status
}

var (
	errGraceOver = errors.New("the generation ended and its time to finish is over")
	errDrainOver = errors.New("the time to finish before the stop is over")
	// ErrAborted is the cause of the contexts that Abort cancels.
	ErrAborted = errors.New("stopped hard")
)

// New checks the configuration and returns a source that has not connected to anything.
func New(cfg Config, handler Handler, deps Deps) (*Source, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("kafka: %w", err)
	}
	dialer, err := cfg.Kafka.Dialer()
	if err != nil {
		return nil, fmt.Errorf("kafka: %w", err)
	}
	transport, err := cfg.Kafka.Transport(cfg.Topics...)
	if err != nil {
		return nil, fmt.Errorf("kafka: %w", err)
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	return &Source{
		cfg: cfg, handler: handler, log: deps.Log, metrics: newMetrics(deps.Registry),
		dialer: dialer, transport: transport,
		client:  &kafka.Client{Addr: cfg.Kafka.Addr(), Transport: transport, Timeout: networkTimeout},
		aborted: make(chan struct{}),
	}, nil
}

// Status returns the state of the group membership.
func (s *Source) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.status
	st.Missing = slices.Clone(st.Missing)
	return st
}

func (s *Source) setStatus(change func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.status)
}

// Abort is the hard stop: the contexts of all handlers are cancelled at once. Run returns soon after. What was not
// committed is delivered again.
func (s *Source) Abort() { s.abortOnce.Do(func() { close(s.aborted) }) }

// Run takes part in the group until ctx ends, which is the soft stop: nothing more is fetched, the handlers finish,
// and the member leaves the group. It returns nil after a stop, and the error of a handler that failed.
func (s *Source) Run(ctx context.Context) error {
	defer s.transport.CloseIdleConnections()
	hard, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	finished := make(chan struct{})
	defer close(finished)
	go func() {
		select {
		case <-ctx.Done():
		case <-s.aborted:
			cancel(ErrAborted)
			return
		case <-finished:
			return
		}
		timer := time.NewTimer(s.cfg.Drain)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel(errDrainOver)
		case <-s.aborted:
			cancel(ErrAborted)
		case <-finished:
		}
	}()
	soft, stopSoft := context.WithCancel(ctx)
	defer stopSoft()
	defer context.AfterFunc(hard, stopSoft)()

	for soft.Err() == nil {
		known, ok := s.discover(soft)
		if !ok {
			break
		}
		if err := s.session(soft, hard, known); err != nil {
			return err
		}
	}
	return nil
}

// discover waits until at least one of the topics exists, and returns the partition counts of those that do.
func (s *Source) discover(ctx context.Context) (map[string]int, bool) {
	retry := newBackoff(&s.cfg)
	last := ""
	for ctx.Err() == nil {
		known, err := s.partitions(ctx)
		switch {
		case err == nil && len(known) > 0:
			return known, true
		case err == nil:
			err = fmt.Errorf("none of the topics %v exists; create them or correct kafka.topics", s.cfg.Topics)
		default:
			err = fmt.Errorf("ask Kafka for the topics: %w", err)
		}
		if ctx.Err() != nil {
			break
		}
		s.metrics.errors.WithLabelValues("metadata", Class(err)).Inc()
		if err.Error() != last {
			last = err.Error()
			s.log.WarnContext(ctx, "cannot join the consumer group yet; trying again", slog.Any("error", err))
		}
		s.setStatus(func(st *Status) { st.Joined, st.Assigned, st.Err = false, 0, err.Error() })
		select {
		case <-time.After(retry.NextBackOff()):
		case <-ctx.Done():
		}
	}
	return nil, false
}

// partitions returns the partition counts of the configured topics that exist.
func (s *Source) partitions(ctx context.Context) (map[string]int, error) {
	ctx, cancel := context.WithTimeout(ctx, networkTimeout)
	defer cancel()
	res, err := s.client.Metadata(ctx, &kafka.MetadataRequest{Topics: s.cfg.Topics})
	if err != nil {
		return nil, err
	}
	known, missing := map[string]int{}, []string(nil)
	var failure error
	for _, t := range res.Topics {
		switch {
		case t.Error == nil:
			known[t.Name] = len(t.Partitions)
		case errors.Is(t.Error, kafka.UnknownTopicOrPartition):
			missing = append(missing, t.Name)
		default:
			failure = fmt.Errorf("topic %s: %w", t.Name, t.Error)
		}
	}
	slices.Sort(missing)
	s.setStatus(func(st *Status) { st.Missing = missing })
	if failure != nil {
		return nil, failure
	}
	return known, nil
}

// session is one subscription: it ends when ctx ends, when the set of existing topics changes, or with the error of a
// handler.
func (s *Source) session(ctx, hard context.Context, known map[string]int) error {
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID:                s.cfg.Group,
		Brokers:           s.cfg.Kafka.Brokers,
		Dialer:            s.dialer,
		Topics:            slices.Sorted(maps.Keys(known)),
		SessionTimeout:    s.cfg.SessionTimeout,
		RebalanceTimeout:  s.cfg.RebalanceTimeout,
		HeartbeatInterval: s.cfg.Heartbeat,
		JoinGroupBackoff:  s.cfg.JoinBackoff,
		StartOffset:       s.cfg.startOffset(),
		Timeout:           min(5*time.Second, s.cfg.SessionTimeout/2),
	})
	if err != nil {
		return fmt.Errorf("kafka: %w", err)
	}
	last := ""
	var gen *generation
	for {
		g, err := group.Next(ctx)
		if err != nil {
			if ctx.Err() != nil {
				break
			}
			s.groupFailed(ctx, err, &last)
			continue
		}
		last = ""
		gen = s.start(ctx, hard, g, known)
		select {
		case <-gen.ended:
		case <-ctx.Done():
		}
		if gen.failure() != nil || gen.resubscribe() {
			break
		}
	}
	// Let the handlers finish while the generation is still alive, then leave.
	if gen != nil {
		<-gen.drained
	}
	s.setStatus(func(st *Status) { st.Joined, st.Assigned = false, 0 })
	s.metrics.assigned.Set(0)
	closeErr := group.Close()
	if gen != nil && gen.failure() != nil {
		return gen.failure()
	}
	if closeErr != nil {
		return fmt.Errorf("leave the consumer group: %w", closeErr)
	}
	return nil
}

func (s *Source) groupFailed(ctx context.Context, err error, last *string) {
	class := Class(err)
	s.metrics.errors.WithLabelValues("group", class).Inc()
	if class == "rebalance" {
		s.log.DebugContext(ctx, "the consumer group is rebalancing", slog.Any("error", err))
		return
	}
	s.setStatus(func(st *Status) { st.Joined, st.Assigned, st.Err = false, 0, err.Error() })
	if err.Error() != *last {
		*last = err.Error()
		s.log.WarnContext(ctx, "joining the consumer group failed; trying again", slog.String("class", class), slog.Any("error", err))
	}
}

// generation is one generation of the group and the goroutines that work in it.
type generation struct {
	ended   chan struct{} // closed when the generation is over and all its handlers have returned
	drained chan struct{} // closed when all handlers have returned

	mu    sync.Mutex
	err   error
	again bool
}

func (g *generation) failure() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.err
}

func (g *generation) resubscribe() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.again
}

// start begins to consume the partitions of a generation and returns at once.
func (s *Source) start(ctx, hard context.Context, kg *kafka.Generation, known map[string]int) *generation {
	g := &generation{ended: make(chan struct{}), drained: make(chan struct{})}
	a := Assignment{Generation: kg.ID, Partitions: map[string][]int{}}
	n := 0
	for topic, parts := range kg.Assignments {
		for _, p := range parts {
			a.Partitions[topic] = append(a.Partitions[topic], p.ID)
			n++
		}
		slices.Sort(a.Partitions[topic])
	}
	s.metrics.rebalances.Inc()
	s.metrics.assigned.Set(float64(n))
	s.metrics.lag.Reset()
	s.metrics.committed.Reset()
	s.setStatus(func(st *Status) { st.Joined, st.Generation, st.Assigned, st.Err = true, kg.ID, n, "" })
	s.log.InfoContext(ctx, "joined the consumer group", slog.Int("generation", int(kg.ID)), slog.Any("partitions", a.Partitions))
	s.handler.Assigned(a)

	// The function below returns as soon as end is closed, which ends the generation.
	end := make(chan struct{})
	var endOnce sync.Once
	stop := func() { endOnce.Do(func() { close(end) }) }
	kg.Start(func(gctx context.Context) {
		select {
		case <-end:
		case <-gctx.Done():
		}
	})
	kg.Start(func(gctx context.Context) {
		s.watch(ctx, gctx, g, known, stop)
		<-gctx.Done()
	})
	kg.Start(func(gctx context.Context) {
		defer close(g.ended)
		work, cancel := context.WithCancelCause(hard)
		defer cancel(nil)
		go func() {
			select {
			case <-gctx.Done():
			case <-g.drained:
				return
			}
			timer := time.NewTimer(s.cfg.Grace)
			defer timer.Stop()
			select {
			case <-timer.C:
				cancel(errGraceOver)
			case <-g.drained:
			}
		}()
		var commit sync.Mutex
		var wg sync.WaitGroup
		for topic, parts := range kg.Assignments {
			for _, pa := range parts {
				p := &Partition{
					Topic: topic, ID: pa.ID,
					f:   fetcher{client: s.client, topic: topic, partition: pa.ID, maxBytes: s.cfg.FetchMaxBytes, pos: pa.Offset},
					cfg: &s.cfg, metrics: s.metrics, retry: newBackoff(&s.cfg),
					log:      s.log.With(slog.String("topic", topic), slog.Int("partition", pa.ID)),
					draining: ctx.Done(), lost: gctx.Done(),
					commit: func(topic string, partition int, next int64) error {
						// One connection serves the generation's commits; two at once would share its deadline.
						commit.Lock()
						defer commit.Unlock()
						return kg.CommitOffsets(map[string]map[int]int64{topic: {partition: next}})
					},
					committed: pa.Offset,
				}
				wg.Go(func() {
					err := s.handler.Consume(work, p)
					if !lostOrDraining(err) {
						g.mu.Lock()
						g.err = errors.Join(g.err, fmt.Errorf("consume %s/%d: %w", p.Topic, p.ID, err))
						g.mu.Unlock()
					}
					if ctx.Err() == nil {
						stop()
					}
				})
			}
		}
		wg.Wait()
		close(g.drained)
		<-gctx.Done()
	})
	return g
}

// watch ends the generation when partitions are added, and the subscription when topics appear or vanish. It does so
// instead of kafka-go's own watcher, which spins when a topic does not exist.
func (s *Source) watch(ctx, gctx context.Context, g *generation, known map[string]int, stop func()) {
	ticker := time.NewTicker(s.cfg.WatchInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		case <-gctx.Done():
			return
		}
		now, err := s.partitions(ctx)
		if err != nil || maps.Equal(now, known) || gctx.Err() != nil {
			continue
		}
		s.log.InfoContext(ctx, "topics or partitions have changed; rejoining", slog.Any("before", known), slog.Any("now", now))
		if !slices.Equal(slices.Sorted(maps.Keys(now)), slices.Sorted(maps.Keys(known))) {
			g.mu.Lock()
			g.again = true
			g.mu.Unlock()
		}
		clear(known)
		maps.Copy(known, now)
		stop()
		return
	}
}
