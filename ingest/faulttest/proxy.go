package faulttest

import (
	"context"
	"net"
	"sync"
	"time"
)

// Cut is what a proxy does to the connections it holds.
type Cut string

// The cuts.
const (
	Reset     Cut = "reset"      // both sides get an RST, in the middle of whatever they do
	HalfClose Cut = "half-close" // the server hears that the client has finished; its answers still pass
	Mute      Cut = "mute"       // the server's answers are swallowed: what was sent may be done or not
	Delay     Cut = "delay"      // bytes arrive late
)

// Proxy forwards TCP connections to a server and spoils them on request.
type Proxy struct {
	ln net.Listener

	mu     sync.Mutex
	target string
	pairs  map[*pair]bool
	hold   time.Time // bytes are forwarded from then on
	left   int64     // bytes towards the server until trap is called; negative is never
	trap   func()
}

type pair struct {
	client, server *net.TCPConn
	muted          bool
}

// NewProxy listens on a free port of the loopback interface.
func NewProxy(target string) (*Proxy, error) {
	ln, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{ln: ln, target: target, pairs: map[*pair]bool{}, left: -1}
	go p.accept()
	return p, nil
}

// Addr is where clients connect.
func (p *Proxy) Addr() string { return p.ln.Addr().String() }

// SetTarget moves new connections to another server.
func (p *Proxy) SetTarget(addr string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = addr
}

// Close ends the proxy and its connections.
func (p *Proxy) Close() {
	_ = p.ln.Close()
	p.Cut(Reset, 0)
}

// Cut spoils the connections that exist now. The duration is that of a delay.
func (p *Proxy) Cut(c Cut, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c == Delay {
		p.hold = time.Now().Add(d)
		return
	}
	for pr := range p.pairs {
		switch c {
		case HalfClose:
			_ = pr.server.CloseWrite()
		case Mute:
			pr.muted = true
			// A muted connection would hang until a timeout of the client; it ends as a broken one does.
			time.AfterFunc(300*time.Millisecond, pr.reset)
		default:
			pr.reset()
		}
	}
}

// After calls f once, when n more bytes have gone towards the server: it stands in the middle of a write then.
func (p *Proxy) After(n int64, f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left, p.trap = n, f
}

func (p *Proxy) accept() {
	for {
		c, err := p.ln.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		target := p.target
		p.mu.Unlock()
		go p.forward(c, target)
	}
}

func (p *Proxy) forward(c net.Conn, target string) {
	s, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(context.Background(), "tcp", target)
	if err != nil {
		_ = c.Close()
		return
	}
	client, ok1 := c.(*net.TCPConn)
	server, ok2 := s.(*net.TCPConn)
	if !ok1 || !ok2 {
		return
	}
	pr := &pair{client: client, server: server}
	p.mu.Lock()
	p.pairs[pr] = true
	p.mu.Unlock()
	var wg sync.WaitGroup
	wg.Go(func() { p.pump(pr, client, server, true) })
	wg.Go(func() { p.pump(pr, server, client, false) })
	wg.Wait()
	p.mu.Lock()
	delete(p.pairs, pr)
	p.mu.Unlock()
	_ = client.Close()
	_ = server.Close()
}

func (p *Proxy) pump(pr *pair, from, to *net.TCPConn, up bool) {
	buf := make([]byte, 16<<10)
	for {
		n, err := from.Read(buf)
		b := buf[:n]
		if n > 0 {
			p.mu.Lock()
			hold, muted := time.Until(p.hold), pr.muted && !up
			var trap func()
			head := n
			if up && p.left >= 0 {
				if head = int(min(p.left, int64(n))); p.left <= int64(n) {
					trap, p.trap, p.left = p.trap, nil, -1
				} else {
					p.left -= int64(n)
				}
			}
			p.mu.Unlock()
			if hold > 0 {
				time.Sleep(hold)
			}
			if trap != nil {
				_, _ = to.Write(b[:head])
				trap()
				b = b[head:]
			}
			if !muted && len(b) > 0 {
				if _, err := to.Write(b); err != nil {
					pr.reset()
					return
				}
			}
		}
		if err != nil {
			_ = to.CloseWrite()
			return
		}
	}
}

// reset ends both connections with an RST.
func (pr *pair) reset() {
	for _, c := range []*net.TCPConn{pr.client, pr.server} {
		_ = c.SetLinger(0)
		_ = c.Close()
	}
}
