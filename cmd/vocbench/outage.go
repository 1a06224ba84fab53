package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"sync"
	"time"

	"voc/schema/engine"
)

// measureOutage starts the worker on a backlog, takes ClickHouse away for a while as posts keep coming, and prints the
// worker's memory before, during and after, and how long it takes to catch up.
func (b *bench) measureOutage(ctx context.Context, eng *engine.Server) error {
	dsn, err := url.Parse(eng.DSN(engine.Admin))
	if err != nil {
		return err
	}
	g, err := newGate(ctx, dsn.Host)
	if err != nil {
		return err
	}
	defer g.close()
	dsn.Host = g.addr()
	b.env = append(b.env, "VOC_CLICKHOUSE_DSN="+dsn.String())
	if err := b.produce(ctx, "load", b.posts); err != nil {
		return err
	}
	voc, stopVoc, err := b.startVoc(ctx)
	if err != nil {
		return err
	}
	defer stopVoc()
	// A third of the backlog shows the rate at full load; what is left lasts until ClickHouse goes.
	if _, _, err := b.await(ctx, "load", 1); err != nil {
		return err
	}
	// What came with the first batch came before the clock.
	began, used := time.Now(), cpu(voc.Pid)
	early, err := b.visible(ctx, "load")
	if err != nil {
		return err
	}
	if _, _, err := b.await(ctx, "load", b.posts/3); err != nil {
		return err
	}
	have, err := b.visible(ctx, "load")
	if err != nil {
		return err
	}
	came := float64(have - early)
	if came == 0 {
		return fmt.Errorf("%d of %d posts came at once, so no rate can be told from the others; give more by -posts", early, b.posts)
	}
	fmt.Printf("full load: %.0f posts/s, %.0f µs of processor time a post; load of the machine %s\n", came/time.Since(began).Seconds(),
		(cpu(voc.Pid)-used).Seconds()*1e6/came, load())
	feeding, stop := context.WithCancel(ctx)
	defer stop()
	fed := make(chan int, 1)
	go func() { fed <- b.feed(feeding, "live") }()
	fmt.Printf("before: %d MB\n", memory(voc.Pid, memoryNow))
	g.close()
	var seen []int
	for end := time.Now().Add(b.outage); time.Now().Before(end); time.Sleep(time.Second) {
		seen = append(seen, memory(voc.Pid, memoryNow))
	}
	n := len(seen)
	fmt.Printf("away for %s: at first %d MB, in the middle %d MB, at last %d MB, least %d MB, most %d MB\n", b.outage, seen[0], seen[n/2], seen[n-1],
		slices.Min(seen), slices.Max(seen))
	stop()
	sent := <-fed
	have, err = b.visible(ctx, "load")
	if err != nil {
		return err
	}
	behind := b.posts - have + sent
	if err := g.open(ctx); err != nil {
		return err
	}
	began, used = time.Now(), cpu(voc.Pid)
	_, first, err := b.await(ctx, "load", have+1)
	if err != nil {
		return err
	}
	most := 0
	for {
		have, err := b.visible(ctx, "load")
		if err != nil {
			return err
		}
		live, err := b.visible(ctx, "live")
		if err != nil {
			return err
		}
		most = max(most, memory(voc.Pid, memoryNow))
		if have+live >= b.posts+sent {
			break
		}
		if time.Since(began) > 20*time.Minute {
			return fmt.Errorf("%d of %d posts were stored 20 minutes after the outage", have+live, b.posts+sent)
		}
		time.Sleep(200 * time.Millisecond)
	}
	took := time.Since(began)
	fmt.Printf("back: first posts after %.1f s, %d posts caught up in %s, %.0f posts/s, %.0f µs of processor time a post, most memory %d MB; load %s\n",
		first.Sub(began).Seconds(), behind, took.Round(100*time.Millisecond), float64(behind)/took.Seconds(),
		(cpu(voc.Pid)-used).Seconds()*1e6/float64(behind), most, load())
	return nil
}

// gate forwards connections to a server. Closed, it resets those it has and refuses others.
type gate struct {
	to, at string

	mu       sync.Mutex
	listener net.Listener
	conns    []net.Conn
}

func newGate(ctx context.Context, to string) (*gate, error) {
	g := &gate{to: to, at: "127.0.0.1:0"}
	if err := g.open(ctx); err != nil {
		return nil, err
	}
	g.at = g.listener.Addr().String()
	return g, nil
}

func (g *gate) addr() string { return g.at }

func (g *gate) open(ctx context.Context) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", g.at)
	if err != nil {
		return fmt.Errorf("open the gate: %w", err)
	}
	g.mu.Lock()
	g.listener = l
	g.mu.Unlock()
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			g.forward(ctx, in)
		}
	}()
	return nil
}

func (g *gate) forward(ctx context.Context, in net.Conn) {
	var d net.Dialer
	out, err := d.DialContext(ctx, "tcp", g.to)
	if err != nil {
		_ = in.Close()
		return
	}
	g.mu.Lock()
	g.conns = append(g.conns, in, out)
	g.mu.Unlock()
	pipe := func(a, b net.Conn) {
		_, _ = io.Copy(a, b)
		_ = a.Close()
		_ = b.Close()
	}
	go pipe(in, out)
	go pipe(out, in)
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.listener.Close()
	for _, c := range g.conns {
		_ = c.Close()
	}
	g.conns = nil
}
