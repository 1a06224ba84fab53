package ingest_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voc/ingest"
	"voc/ingest/deadletter"
	"voc/ingest/erasure"
	"voc/ingest/sink"
	"voc/schema"
)

// steps wraps a store and the dead letters, and calls at before and after every step of a batch.
type steps struct {
	ingest.Store
	letters ingest.Letters
	at      func(ctx context.Context, step string) error
}

func (s *steps) Registered(ctx context.Context, keys []sink.PostKey) (map[sink.PostKey]time.Time, error) {
	if err := s.at(ctx, "before registry lookup"); err != nil {
		return nil, err
	}
	return s.Store.Registered(ctx, keys)
}

func (s *steps) WriteFacts(ctx context.Context, b *sink.Batch) ([]sink.Refused, error) {
	if err := s.at(ctx, "before facts"); err != nil {
		return nil, err
	}
	// A crash in the middle: the first tables are written, the others are not.
	for _, part := range []struct {
		name  string
		batch sink.Batch
	}{
		{"between early deletions and registry", sink.Batch{Early: b.Early, Outcomes: b.Outcomes}},
		{"between registry and posts", sink.Batch{Early: b.Early, Registry: b.Registry, Outcomes: b.Outcomes}},
	} {
		if err := s.at(ctx, part.name); err == nil {
			continue
		} else if _, werr := s.Store.WriteFacts(ctx, &part.batch); werr != nil {
			return nil, werr
		} else {
			return nil, err
		}
	}
	refused, err := s.Store.WriteFacts(ctx, b)
	if err != nil {
		return nil, err
	}
	return refused, s.at(ctx, "after facts")
}

func (s *steps) Write(ctx context.Context, l []deadletter.Letter) error {
	if err := s.letters.Write(ctx, l); err != nil {
		return err
	}
	return s.at(ctx, "after dead letters")
}

func (s *steps) WriteLedger(ctx context.Context, b *sink.Batch) error {
	if err := s.at(ctx, "between outcomes and marks"); err != nil {
		if werr := s.Store.WriteLedger(ctx, &sink.Batch{Outcomes: b.Outcomes, DeadLetters: b.DeadLetters}); werr != nil {
			return werr
		}
		return err
	}
	if err := s.Store.WriteLedger(ctx, b); err != nil {
		return err
	}
	return s.at(ctx, "before commit")
}

var stepNames = []string{
	"before registry lookup", "before facts", "between early deletions and registry", "between registry and posts", "after facts",
	"after dead letters", "between outcomes and marks", "before commit",
}

// withSteps puts a hook between a pipeline and its real stores.
func (e *env) withSteps(at func(ctx context.Context, step string) error) func(*ingest.Config, *ingest.Deps) {
	return func(c *ingest.Config, d *ingest.Deps) {
		e.t.Helper()
		c.DeadLetter.Kafka = c.Kafka
		store, err := sink.New(c.Sink, sink.Deps{Log: d.Log})
		if err != nil {
			e.t.Fatal(err)
		}
		letters, err := deadletter.New(c.DeadLetter, deadletter.Deps{Log: d.Log})
		if err != nil {
			e.t.Fatal(err)
		}
		e.t.Cleanup(func() { _ = store.Close(); _ = letters.Close() })
		s := &steps{Store: store, letters: letters, at: at}
		d.Store, d.Letters = s, s
	}
}

// proxy forwards TCP to a server and can be cut.
type proxy struct {
	ln     net.Listener
	target string
	open   atomic.Bool

	mu    sync.Mutex
	conns map[net.Conn]bool
}

func newProxy(t testing.TB, target string) *proxy {
	t.Helper()
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{ln: ln, target: target, conns: map[net.Conn]bool{}}
	p.open.Store(true)
	t.Cleanup(func() { _ = ln.Close(); p.cut() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			if !p.open.Load() {
				_ = c.Close()
				continue
			}
			go p.forward(c)
		}
	}()
	return p
}

func (p *proxy) forward(c net.Conn) {
	defer func() { _ = c.Close() }()
	s, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(context.Background(), "tcp", p.target)
	if err != nil {
		return
	}
	defer func() { _ = s.Close() }()
	p.mu.Lock()
	p.conns[c], p.conns[s] = true, true
	p.mu.Unlock()
	done := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{c, s}, {s, c}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			done <- struct{}{}
		}()
	}
	<-done
	p.mu.Lock()
	delete(p.conns, c)
	delete(p.conns, s)
	p.mu.Unlock()
}

// cut closes every connection, in the middle of whatever it does.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}

// through changes the address of a DSN to that of a new proxy in front of it.
func through(t testing.TB, dsn string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, u.Host)
	u.Host = p.ln.Addr().String()
	return p, u.String()
}

// memory is a store without a server, for tests of what happens before rows are written, and for benchmarks.
type memory struct {
	mu          sync.Mutex
	posts       int
	outcomes    map[schema.Outcome]int
	deadLetters []schema.DeadLetterRow
	letters     []deadletter.Letter
}

func (m *memory) Registered(context.Context, []sink.PostKey) (map[sink.PostKey]time.Time, error) {
	return nil, nil
}

func (m *memory) EarlyDeletions(context.Context, []sink.PostKey) (map[sink.PostKey]schema.PostRow, error) {
	return nil, nil
}

func (m *memory) Erased(context.Context) (*erasure.Set, error) { return &erasure.Set{}, nil }

func (m *memory) WriteFacts(_ context.Context, b *sink.Batch) ([]sink.Refused, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.posts += len(b.Posts)
	return nil, nil
}

func (m *memory) WriteLedger(_ context.Context, b *sink.Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.outcomes == nil {
		m.outcomes = map[schema.Outcome]int{}
	}
	for _, o := range b.Outcomes {
		m.outcomes[o.Outcome]++
	}
	m.deadLetters = append(m.deadLetters, b.DeadLetters...)
	return nil
}

func (m *memory) Write(_ context.Context, l []deadletter.Letter) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, l...)
	return nil
}

func (m *memory) Ping(context.Context) error { return nil }
