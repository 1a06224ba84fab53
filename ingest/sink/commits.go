package sink

import (
	"context"
	"sync"
	"time"
)

// commits lets concurrent callers share writes. The first caller waits a moment for others, whose batches are due at the
// same time; those that come while they are written are written together when that is done.
type commits struct {
	write  func(context.Context, []*Batch) ([]Refused, error)
	linger time.Duration

	mu      sync.Mutex
	running bool
	waiting []*pending
}

type pending struct {
	ctx     context.Context
	batch   *Batch
	done    chan struct{}
	refused []Refused
	err     error
}

func newCommits(linger time.Duration, write func(context.Context, []*Batch) ([]Refused, error)) *commits {
	return &commits{write: write, linger: linger}
}

// do writes one batch, maybe together with others, and returns what concerns this one. When ctx ends it returns at
// once, although a write in flight may still read the batch, which the caller must leave alone then; that the rows may
// still be written is harmless.
func (c *commits) do(ctx context.Context, b *Batch) ([]Refused, error) {
	p := &pending{ctx: ctx, batch: b, done: make(chan struct{})}
	c.mu.Lock()
	c.waiting = append(c.waiting, p)
	if !c.running {
		c.running = true
		go c.run()
	}
	c.mu.Unlock()
	select {
	case <-p.done:
		return p.refused, p.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (c *commits) run() {
	time.Sleep(c.linger)
	for {
		c.mu.Lock()
		group := c.waiting
		c.waiting = nil
		if len(group) == 0 {
			c.running = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		c.together(group)
	}
}

// together writes a group. When the context of one caller ends in the middle, the attempt is broken off and the
// others are written again without it.
func (c *commits) together(group []*pending) {
	for len(group) > 0 {
		ctx, cancel := context.WithCancelCause(context.Background())
		var stops []func() bool
		var live []*pending
		for _, p := range group {
			if p.ctx.Err() != nil {
				p.finish(nil, context.Cause(p.ctx))
				continue
			}
			live = append(live, p)
			stops = append(stops, context.AfterFunc(p.ctx, func() { cancel(context.Cause(p.ctx)) }))
		}
		group = live
		if len(group) == 0 {
			cancel(nil)
			return
		}
		batches := make([]*Batch, len(group))
		for i, p := range group {
			batches[i] = p.batch
		}
		refused, err := c.write(ctx, batches)
		for _, stop := range stops {
			stop()
		}
		cancel(nil)
		if err != nil {
			ended := false
			for _, p := range group {
				ended = ended || p.ctx.Err() != nil
			}
			if ended {
				continue // whoever has ended is sorted out above
			}
			for _, p := range group {
				p.finish(nil, err)
			}
			return
		}
		for _, p := range group {
			p.finish(own(p.batch, refused), nil)
		}
		return
	}
}

func (p *pending) finish(refused []Refused, err error) {
	p.refused, p.err = refused, err
	close(p.done)
}

// own picks the refused records of one batch. Batches hold different partitions or generations, so an origin that two
// of them share is refused for both.
func own(b *Batch, refused []Refused) []Refused {
	if len(refused) == 0 {
		return nil
	}
	mine := map[Origin]bool{}
	for i := range b.Outcomes {
		mine[outcomes.origin(&b.Outcomes[i])] = true
	}
	var out []Refused
	for _, r := range refused {
		if mine[r.Origin] {
			out = append(out, r)
		}
	}
	return out
}
