package sink

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/prometheus/client_golang/prometheus"

	"voc/ingest/erasure"
	"voc/schema"
)

// Config of a sink.
type Config struct {
	DSN      string      // clickhouse://user:password@host:9000/
	Database string      // database of the tables
	TLS      *tls.Config // used when the DSN says secure=true; nil means the system's certificates
	// InsertTimeout bounds one attempt of one insert. It must be shorter than the group's session timeout, so that a
	// member whose insert hangs notices in time.
	InsertTimeout time.Duration
	// RetryMin and RetryMax bound the pauses between attempts.
	RetryMin, RetryMax time.Duration
}

// DefaultConfig returns everything but the DSN.
func DefaultConfig() Config {
	return Config{Database: "voc", InsertTimeout: 20 * time.Second, RetryMin: 200 * time.Millisecond, RetryMax: 10 * time.Second}
}

// Validate joins every fault, each naming its field.
func (c Config) Validate() error {
	var errs []error
	if o, err := clickhouse.ParseDSN(c.DSN); err != nil || c.DSN == "" {
		// The parser's text holds the DSN, and with it the password.
		errs = append(errs, errors.New("clickhouse.dsn cannot be read; give clickhouse://user:password@host:9000/"))
	} else if o.Protocol != clickhouse.Native {
		errs = append(errs, errors.New("clickhouse.dsn asks for HTTP; rows are written over the native protocol, so give clickhouse://user:password@host:9000/"))
	}
	if c.Database == "" {
		errs = append(errs, errors.New("clickhouse.database is empty; give a database name"))
	}
	if c.InsertTimeout <= 0 || c.RetryMin <= 0 || c.RetryMax < c.RetryMin {
		errs = append(errs, fmt.Errorf("insert_timeout (%s), retry_min (%s) and retry_max (%s) must be positive and growing", c.InsertTimeout, c.RetryMin, c.RetryMax))
	}
	return errors.Join(errs...)
}

// Deps are what a sink needs from outside.
type Deps struct {
	Log      *slog.Logger          // nil discards
	Registry prometheus.Registerer // nil registers nothing
	Step     func(name string)     // called after each table that got rows, for several tables at once; may be nil
}

// Origin is the Kafka record that a row came from.
type Origin struct {
	Topic     string
	Partition uint32
	Offset    uint64
}

// Refused is a record of which the server does not take a row. Err is for logs only: its text may hold content.
type Refused struct {
	Origin Origin
	Table  string
	Err    error
}

// Batch holds the rows of one partition's records. Outcomes must name every record of the batch, already when the facts
// are written: refusals are given back by them.
type Batch struct {
	// Erasures are posts of erased persons that were met in the batch. They are written first.
	Erasures []schema.ErasureRow
	// Early are deletions that came before their post and now find its day. They are written before the registry: once
	// the registry knows the day, nobody looks for them any more.
	Early       []schema.PostRow
	Registry    []schema.RegistryRow
	Posts       []schema.PostRow
	Activity    []schema.ActivityRow
	Accounts    []schema.AccountRow
	Surveys     []schema.SurveyRow
	Outcomes    []schema.OutcomeRow
	DeadLetters []schema.DeadLetterRow
	Windows     []schema.Window
}

// Status is the state of the last attempts, for the readiness page.
type Status struct {
	Err   string // what is wrong now; empty when the last attempt succeeded
	Class string
	Since time.Time // since when it is wrong
}

// Sink writes batches. It is safe for use by many goroutines.
type Sink struct {
	cfg Config
	// conn is for questions, inserter for rows.
	conn     driver.Conn
	inserter inserter
	blocks   spares
	log      *slog.Logger
	metrics  *metrics
	step     func(string)
	facts    *group[*Batch, []Refused]
	ledger   *group[*Batch, []Refused]
	// asked and known are the questions that every batch asks before it is written.
	asked *group[struct{}, *erasure.Set]
	known *group[[]PostKey, map[PostKey]time.Time]

	mu     sync.Mutex
	status Status

	// erased is kept by loadErased, of which one runs at a time.
	erased   *erasure.Set
	erasedAt uint64 // rows of erasure_keys when it was read
}

// New checks the configuration and returns a sink that has not connected yet.
func New(cfg Config, deps Deps) (*Sink, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	opts, err := clickhouse.ParseDSN(cfg.DSN)
	if err != nil {
		return nil, errors.New("clickhouse.dsn cannot be read; give clickhouse://user:password@host:9000/")
	}
	if cfg.TLS != nil && opts.TLS != nil {
		opts.TLS = cfg.TLS
	}
	opts.DialTimeout = 5 * time.Second
	opts.ReadTimeout = cfg.InsertTimeout
	// The look-ups of every partition share the connections.
	opts.MaxOpenConns, opts.MaxIdleConns = 6, 3
	// Servers close idle connections after an hour by default, proxies much earlier.
	opts.ConnMaxLifetime = 5 * time.Minute
	if opts.Compression == nil { // the DSN may say otherwise
		opts.Compression = &clickhouse.Compression{Method: clickhouse.CompressionLZ4}
		if onThisMachine(opts.Addr) {
			opts.Compression.Method = clickhouse.CompressionNone
		}
	}
	opts.ClientInfo.Products = append(opts.ClientInfo.Products, struct{ Name, Version string }{"voc", "ingest"})
	if opts.Settings == nil {
		opts.Settings = clickhouse.Settings{}
	}
	for k, v := range map[string]any{
		"async_insert":                    0,
		"insert_deduplicate":              0,
		"insert_distributed_sync":         1,
		"max_partitions_per_insert_block": 0, // an import of old posts touches many months
		// Versions of one post in one insert are told apart when they are read, as those of different inserts are; doing
		// it at the insert, too, copies every row.
		"optimize_on_insert": 0,
		// Merges make the skip indexes. A new part is so small that reading it costs less than eight more files to write
		// and sync.
		"materialize_skip_indexes_on_insert": 0,
	} {
		if _, given := opts.Settings[k]; !given {
			opts.Settings[k] = v
		}
	}
	conn, err := clickhouse.Open(opts)
	if err != nil {
		return nil, fmt.Errorf("prepare the connection to ClickHouse: %w", err)
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	if deps.Step == nil {
		deps.Step = func(string) {}
	}
	s := &Sink{cfg: cfg, conn: conn, inserter: newConnections(opts), blocks: spares{blocks: map[string]any{}}, log: deps.Log, step: deps.Step, metrics: newMetrics(deps.Registry)}
	s.asked = newGroup(firstLinger, s.loadErased)
	s.known = newGroup(nextLinger, s.registered)
	s.facts = newGroup(nextLinger, s.writeFacts)
	s.ledger = newGroup(nextLinger, s.writeLedger)
	return s, nil
}

// onThisMachine reports whether none of the addresses leads over a network, so that compressing what is sent costs more
// than it saves.
func onThisMachine(addresses []string) bool {
	return !slices.ContainsFunc(addresses, func(address string) bool {
		host, _, err := net.SplitHostPort(address)
		ip := net.ParseIP(host)
		return err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback())
	})
}

// Batches of several partitions are due at the same time, and go through the steps together: large inserts cost less a
// row, and leave fewer parts to merge. The first step waits for those that are a little late.
const (
	firstLinger = 20 * time.Millisecond
	nextLinger  = 2 * time.Millisecond
)

// Close closes the connections. No call may be running.
func (s *Sink) Close() error { return errors.Join(s.inserter.close(), s.conn.Close()) }

// Ping reports whether the server answers and the tables are there.
func (s *Sink) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	rows, err := s.conn.Query(ctx, "SELECT 1 FROM `"+s.cfg.Database+"`.post_facts LIMIT 0")
	if err != nil {
		return fmt.Errorf("ask ClickHouse for the table %s.post_facts: %w", s.cfg.Database, err)
	}
	return rows.Close()
}

// Status returns the state of the last attempts.
func (s *Sink) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

func (s *Sink) failed(err error) (first bool) {
	class := Class(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	first = s.status.Class != class
	if s.status.Err == "" {
		s.status.Since = time.Now()
	}
	s.status.Err, s.status.Class = err.Error(), class
	return first
}

func (s *Sink) worked() (was Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was, s.status = s.status, Status{}
	return was
}

// WriteFacts writes early deletions, then the registry, and then all other facts of the batch. It returns the records of which the server
// refuses a row for its content; everything else is written. The error is that of the context; after it, the batch must
// not be changed any more.
func (s *Sink) WriteFacts(ctx context.Context, b *Batch) ([]Refused, error) {
	refused, err := s.facts.do(ctx, b)
	return own(b, refused), err
}

// WriteLedger writes outcomes, dead letters and the marks of the changed windows, in any order.
func (s *Sink) WriteLedger(ctx context.Context, b *Batch) error {
	refused, err := s.ledger.do(ctx, b)
	if refused = own(b, refused); err == nil && len(refused) > 0 {
		return fmt.Errorf("write %s: the server refuses a row of the ledger: %w", refused[0].Table, refused[0].Err)
	}
	return err
}

func (s *Sink) writeFacts(ctx context.Context, bs []*Batch) ([]Refused, error) {
	var refused []Refused
	var err error
	write(ctx, s, erasures, gather(bs, func(b *Batch) []schema.ErasureRow { return b.Erasures }), &refused, &err)
	early := gather(bs, func(b *Batch) []schema.PostRow { return b.Early })
	write(ctx, s, posts, early, &refused, &err)
	if len(early) > 0 && err == nil {
		s.step("early deletions written")
	}
	write(ctx, s, registry, gather(bs, func(b *Batch) []schema.RegistryRow { return b.Registry }), &refused, &err)
	if err != nil {
		return refused, err
	}
	// No fact is looked up to write another one but early deletions, which are written.
	more, err := atOnce(
		writing(ctx, s, posts, gather(bs, func(b *Batch) []schema.PostRow { return b.Posts })),
		writing(ctx, s, activity, gather(bs, func(b *Batch) []schema.ActivityRow { return b.Activity })),
		writing(ctx, s, accounts, gather(bs, func(b *Batch) []schema.AccountRow { return b.Accounts })),
		writing(ctx, s, surveys, gather(bs, func(b *Batch) []schema.SurveyRow { return b.Surveys })),
	)
	return append(refused, more...), err
}

func (s *Sink) writeLedger(ctx context.Context, bs []*Batch) ([]Refused, error) {
	windows := gather(bs, func(b *Batch) []schema.Window { return b.Windows })
	if len(bs) > 1 {
		windows = distinct(windows)
	}
	// Marks announce facts, which are all written; nothing that is counted for a window reads the ledger.
	return atOnce(
		writing(ctx, s, outcomes, gather(bs, func(b *Batch) []schema.OutcomeRow { return b.Outcomes })),
		writing(ctx, s, deadLetters, gather(bs, func(b *Batch) []schema.DeadLetterRow { return b.DeadLetters })),
		writing(ctx, s, marks, windows),
	)
}

// writing is a call of write for later; nil when there is nothing to write.
func writing[R any](ctx context.Context, s *Sink, t table[R], rows []*R) func() ([]Refused, error) {
	if len(rows) == 0 {
		return nil
	}
	return func() (refused []Refused, err error) {
		write(ctx, s, t, rows, &refused, &err)
		return refused, err
	}
}

// atOnce makes calls at the same time and waits for all of them.
func atOnce(calls ...func() ([]Refused, error)) ([]Refused, error) {
	calls = slices.DeleteFunc(calls, func(f func() ([]Refused, error)) bool { return f == nil })
	refused, errs := make([][]Refused, len(calls)), make([]error, len(calls))
	var wg sync.WaitGroup
	for i, call := range calls {
		wg.Go(func() { refused[i], errs[i] = call() })
	}
	wg.Wait()
	return slices.Concat(refused...), errors.Join(errs...)
}

func gather[R any](bs []*Batch, rows func(*Batch) []R) []*R {
	var out []*R
	for _, b := range bs {
		rs := rows(b)
		for i := range rs {
			out = append(out, &rs[i])
		}
	}
	return out
}

func distinct(ws []*schema.Window) []*schema.Window {
	seen := map[schema.Window]bool{}
	out := ws[:0]
	for _, w := range ws {
		if !seen[*w] {
			seen[*w] = true
			out = append(out, w)
		}
	}
	return out
}
