package sink

import (
	"context"
	"sync"
	"time"
)

// group lets concurrent callers share calls to the server. The first caller waits a moment for others, whose batches are
// due at the same time; those that come while a call is under way are served together by the next. So a call begins
// after each of its callers asked for it.
type group[Q, A any] struct {
	call   func(context.Context, []Q) (A, error)
	linger time.Duration

	mu      sync.Mutex
	running bool
	waiting []*pending[Q, A]
}

type pending[Q, A any] struct {
	ctx    context.Context
	asked  Q
	done   chan struct{}
	answer A
	err    error
}

func newGroup[Q, A any](linger time.Duration, call func(context.Context, []Q) (A, error)) *group[Q, A] {
	return &group[Q, A]{call: call, linger: linger}
}

// do makes the call for one caller, maybe together with others, and returns what all of them share: it must not be
// changed. When ctx ends it returns at once, although a call in flight may still read what was asked, which the caller
// must leave alone then; that rows may still be written is harmless.
func (g *group[Q, A]) do(ctx context.Context, asked Q) (A, error) {
	p := &pending[Q, A]{ctx: ctx, asked: asked, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, p)
	if !g.running {
		g.running = true
		go g.run()
	}
	g.mu.Unlock()
	select {
	case <-p.done:
		return p.answer, p.err
	case <-ctx.Done():
		var none A
		return none, context.Cause(ctx)
	}
}

func (g *group[Q, A]) run() {
	time.Sleep(g.linger)
	for {
		g.mu.Lock()
		callers := g.waiting
		g.waiting = nil
		if len(callers) == 0 {
			g.running = false
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		g.together(callers)
	}
}

// together serves callers with one call. When the context of one of them ends in the middle, the attempt is broken off
// and made again for the others.
func (g *group[Q, A]) together(callers []*pending[Q, A]) {
	var none A
	for len(callers) > 0 {
		ctx, cancel := context.WithCancelCause(context.Background())
		var stops []func() bool
		var live []*pending[Q, A]
		var asked []Q
		for _, p := range callers {
			if p.ctx.Err() != nil {
				p.finish(none, context.Cause(p.ctx))
				continue
			}
			live, asked = append(live, p), append(asked, p.asked)
			stops = append(stops, context.AfterFunc(p.ctx, func() { cancel(context.Cause(p.ctx)) }))
		}
		callers = live
		if len(callers) == 0 {
			cancel(nil)
			return
		}
		answer, err := g.call(ctx, asked)
		for _, stop := range stops {
			stop()
		}
		cancel(nil)
		if err != nil {
			ended := false
			for _, p := range callers {
				ended = ended || p.ctx.Err() != nil
			}
			if ended {
				continue // whoever has ended is sorted out above
			}
		}
		for _, p := range callers {
			p.finish(answer, err)
		}
		return
	}
}

func (p *pending[Q, A]) finish(answer A, err error) {
	p.answer, p.err = answer, err
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
