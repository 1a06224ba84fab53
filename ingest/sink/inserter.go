package sink

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/ClickHouse/ch-go"
	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
)

// inserter sends the blocks of one insert.
type inserter interface {
	// insert runs a statement. Columns hold the first block; next fills them with each further one, until it returns
	// io.EOF.
	insert(ctx context.Context, statement string, columns proto.Input, next func() error) error
	close() error
}

// connections are those that rows are written over. clickhouse-go, which everything else uses, appends to columns value by
// value, by reflection and with an allocation for most; that took three times as long as all of this.
type connections struct {
	options  ch.Options
	tls      *tls.Config
	hosts    []string
	strategy clickhouse.ConnOpenStrategy
	patience time.Duration // of connecting to one host
	lifetime time.Duration

	mu     sync.Mutex
	idle   []connection
	turn   int
	closed bool
}

type connection struct {
	*ch.Client
	raw  net.Conn
	born time.Time
}

// idleConnections is how many are kept: a step of a batch writes at most four tables at once.
const idleConnections = 6

// newConnections takes the settings of clickhouse-go, without connecting.
func newConnections(o *clickhouse.Options) *connections {
	c := &connections{
		options: ch.Options{
			User: o.Auth.Username, Password: o.Auth.Password, Database: o.Auth.Database, ClientName: "voc ingest",
			ReadTimeout: ch.NoTimeout, // the context of an insert ends it
		},
		tls: o.TLS, hosts: o.Addr, strategy: o.ConnOpenStrategy, patience: o.DialTimeout, lifetime: o.ConnMaxLifetime,
	}
	switch o.Compression.Method {
	case clickhouse.CompressionLZ4:
		c.options.Compression = ch.CompressionLZ4
	case clickhouse.CompressionLZ4HC:
		c.options.Compression = ch.CompressionLZ4HC
	case clickhouse.CompressionZSTD:
		c.options.Compression = ch.CompressionZSTD
	}
	for k, v := range o.Settings {
		s := ch.Setting{Key: k, Important: true}
		switch v := v.(type) {
		case clickhouse.CustomSetting:
			s.Value, s.Important, s.Custom = v.Value, false, true
		case bool:
			s.Value = fmt.Sprint(flag(v))
		default:
			s.Value = fmt.Sprint(v)
		}
		c.options.Settings = append(c.options.Settings, s)
	}
	// A block is one part, and no part waits for the next block.
	c.options.Settings = append(c.options.Settings, ch.SettingInt("min_insert_block_size_rows", 0), ch.SettingInt("min_insert_block_size_bytes", 0))
	return c
}

func (c *connections) insert(ctx context.Context, statement string, columns proto.Input, next func() error) error {
	conn, err := c.take(ctx)
	if err != nil {
		return err
	}
	// The library looks at the context between packets only.
	stop := context.AfterFunc(ctx, func() { _ = conn.raw.Close() })
	var unsent error
	err = conn.Do(ctx, ch.Query{Body: statement, Input: columns, OnInput: func(context.Context) error {
		err := next()
		if err != nil && !errors.Is(err, io.EOF) {
			unsent = err
			_ = conn.raw.Close() // the answer to what was sent so far is not waited for
		}
		return err
	}})
	c.give(conn, err == nil && stop())
	return cmp.Or(unsent, err)
}

// take returns an idle connection, or a new one.
func (c *connections) take(ctx context.Context) (connection, error) {
	c.mu.Lock()
	for len(c.idle) > 0 {
		conn := c.idle[len(c.idle)-1]
		c.idle = c.idle[:len(c.idle)-1]
		if time.Since(conn.born) < c.lifetime {
			c.mu.Unlock()
			return conn, nil
		}
		_ = conn.Close() // nothing is under way on it
	}
	hosts := c.order()
	c.mu.Unlock()
	var errs []error
	for _, host := range hosts {
		conn, err := c.dial(ctx, host)
		if err == nil {
			return conn, nil
		}
		errs = append(errs, fmt.Errorf("connect to %s: %w", host, err))
	}
	return connection{}, errors.Join(errs...)
}

func (c *connections) dial(ctx context.Context, host string) (connection, error) {
	ctx, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	var raw net.Conn
	var err error
	if c.tls != nil {
		raw, err = (&tls.Dialer{Config: c.tls.Clone()}).DialContext(ctx, "tcp", host)
	} else {
		raw, err = new(net.Dialer).DialContext(ctx, "tcp", host)
	}
	if err != nil {
		return connection{}, err
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	client, err := ch.Connect(ctx, raw, c.options)
	if stop(); err != nil {
		_ = raw.Close() // the failure is told already
		return connection{}, err
	}
	return connection{client, raw, time.Now()}, nil
}

// order is that in which hosts are tried. mu must be held.
func (c *connections) order() []string {
	hosts := slices.Clone(c.hosts)
	switch c.strategy {
	case clickhouse.ConnOpenRoundRobin:
		c.turn++
		return slices.Concat(hosts[c.turn%len(hosts):], hosts[:c.turn%len(hosts)])
	case clickhouse.ConnOpenRandom:
		rand.Shuffle(len(hosts), func(i, k int) { hosts[i], hosts[k] = hosts[k], hosts[i] })
	}
	return hosts
}

// give takes a connection back. One that failed is closed, and all idle ones with it: the server may have been restarted.
func (c *connections) give(conn connection, good bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !good:
		_ = conn.Close() // the failure is told already
		c.drop()
	case c.closed || len(c.idle) == idleConnections:
		_ = conn.Close() // nothing is under way on it
	default:
		c.idle = append(c.idle, conn)
	}
}

// drop closes the idle connections. mu must be held.
func (c *connections) drop() {
	for _, conn := range c.idle {
		_ = conn.Close() // nothing is under way on it
	}
	c.idle = nil
}

func (c *connections) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.drop()
	return nil
}
