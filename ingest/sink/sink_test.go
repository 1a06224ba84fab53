package sink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"voc/schema"
)

func TestClass(t *testing.T) {
	for want, err := range map[string]error{
		"":              nil,
		"unreachable":   fmt.Errorf("insert: %w", io.ErrUnexpectedEOF),
		"overloaded":    fmt.Errorf("insert: %w", &clickhouse.Exception{Code: 252}),
		"misconfigured": &clickhouse.Exception{Code: 516},
		"poison":        fmt.Errorf("%w: %w", errAppend, io.EOF),
		"other":         &clickhouse.Exception{Code: 49},
	} {
		if got := Class(err); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
	if Class(context.DeadlineExceeded) != "unreachable" {
		t.Error("an insert without an answer must be tried again")
	}
}

func TestValidateDoesNotShowThePassword(t *testing.T) {
	c := DefaultConfig()
	c.DSN = "clickhouse://u:geheim@host:port-that-is-none/%zz"
	err := c.Validate()
	if err == nil || strings.Contains(err.Error(), "geheim") || !strings.Contains(err.Error(), "clickhouse.dsn") {
		t.Errorf("got %v", err)
	}
}

func TestOnThisMachine(t *testing.T) {
	for addresses, want := range map[string]bool{
		"127.0.0.1:9000": true, "localhost:9000": true, "[::1]:9000": true, "127.0.0.1:9000 localhost:9001": true,
		"10.0.0.1:9000": false, "clickhouse:9000": false, "127.0.0.1:9000 db.example.com:9000": false, "no-port": false,
	} {
		if got := onThisMachine(strings.Fields(addresses)); got != want {
			t.Errorf("%s: %v, want %v", addresses, got, want)
		}
	}
}

// While one write is running, all others gather and go together in the next.
func TestGroupCommit(t *testing.T) {
	var mu sync.Mutex
	var groups []int
	entered, release := make(chan struct{}, 10), make(chan struct{})
	c := newGroup(0, func(_ context.Context, bs []*Batch) ([]Refused, error) {
		mu.Lock()
		groups = append(groups, len(bs))
		mu.Unlock()
		entered <- struct{}{}
		<-release
		return nil, nil
	})
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = c.do(t.Context(), &Batch{}) })
	<-entered
	for range 5 {
		wg.Go(func() { _, _ = c.do(t.Context(), &Batch{}) })
	}
	for {
		c.mu.Lock()
		n := len(c.waiting)
		c.mu.Unlock()
		if n == 5 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	close(release)
	wg.Wait()
	if len(groups) != 2 || groups[1] != 5 {
		t.Errorf("groups of %v, want [1 5]", groups)
	}
}

// A caller whose time is over leaves its group; the others are written all the same, and each gets its own refusals.
func TestGroupCommitOutlivesACaller(t *testing.T) {
	origin := func(o uint64) Origin { return Origin{"t", 0, o} }
	first := make(chan struct{})
	c := newGroup(0, func(ctx context.Context, bs []*Batch) ([]Refused, error) {
		for _, b := range bs {
			if b.Outcomes[0].KafkaOffset == 1 {
				close(first)
				<-ctx.Done() // the server does not answer
				return nil, context.Cause(ctx)
			}
		}
		return []Refused{{Origin: origin(2)}, {Origin: origin(3)}}, nil
	})
	batch := func(o uint64) *Batch { return &Batch{Outcomes: []schema.OutcomeRow{{KafkaTopic: "t", KafkaOffset: o}}} }
	gone := errors.New("gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := c.do(ctx, batch(1)); !errors.Is(err, gone) {
			t.Errorf("the caller that gave up got %v", err)
		}
	})
	<-first
	wg.Go(func() {
		refused, err := c.do(t.Context(), batch(2))
		if mine := own(batch(2), refused); err != nil || len(mine) != 1 || mine[0].Origin != origin(2) {
			t.Errorf("got %v of %v, %v", mine, refused, err)
		}
	})
	cancel(gone)
	wg.Wait()
}
