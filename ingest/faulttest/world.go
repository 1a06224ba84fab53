package faulttest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/ingest/faulttest/points"
	"voc/schema/engine"
)

const (
	group       = "voc"
	secondGroup = "voc-again"
	privacyKey  = "a secret key of the fault tests"
	// session is how long the group waits for a silent member.
	session = 3 * time.Second
)

// World is everything of a seed that runs: a Kafka, a ClickHouse, proxies in front of both, and workers.
type World struct {
	plan    Plan
	dir     string
	kafka   *Kafka
	engine  *engine.Server
	proxy   *Proxy // in front of ClickHouse
	admin   driver.Conn
	reader  driver.Conn
	command command

	mu      sync.Mutex
	workers []*Worker // base members, by position
	others  []*Worker // all ever started
	serial  int
}

// NewWorld starts the servers and migrates. Close must be called also after an error.
func NewWorld(ctx context.Context, plan Plan, binary, dir string) (*World, error) {
	w := &World{plan: plan, dir: dir}
	var err error
	if w.kafka, err = StartKafka(ctx, plan.Kafka, dir); err != nil {
		return w, err
	}
	quiet := slog.New(slog.DiscardHandler)
	if w.engine, err = engine.Start(ctx, engine.Config{Dir: filepath.Join(dir, "clickhouse"), Logger: quiet, MaxMemory: 1 << 30}); err != nil {
		return w, err
	}
	dsn, err := url.Parse(w.engine.DSN(engine.Writer))
	if err != nil {
		return w, err
	}
	if w.proxy, err = NewProxy(dsn.Host); err != nil {
		return w, err
	}
	dsn.Host = w.proxy.Addr()
	w.command = command{binary: binary, config: filepath.Join(dir, "voc.yaml"), orders: filepath.Join(dir, "orders"), off: plan.Off}
	if err := os.MkdirAll(w.command.orders, 0o700); err != nil {
		return w, err
	}
	tax := filepath.Join(dir, "taxonomy.yaml")
	if err := os.WriteFile(tax, []byte(taxonomy), 0o600); err != nil {
		return w, err
	}
	config := fmt.Sprintf(`kafka:
  brokers: [%q]
  session_timeout: %s
  rebalance_timeout: 3s
  heartbeat: 250ms
clickhouse:
  dsn: %q
  admin_dsn: %q
  insert_timeout: 2500ms
analyze:
  taxonomy: %q
ingest:
  batch_rows: %d
  batch_age: 40ms
  rollup_interval: 100ms
  drain: 5s
privacy:
  key: %q
http:
  listen: ""
`, w.kafka.Proxy.Addr(), session, dsn.String(), w.engine.DSN(engine.Admin), tax, plan.BatchRows, privacyKey)
	if err := os.WriteFile(w.command.config, []byte(config), 0o600); err != nil {
		return w, err
	}
	migrate := exec.CommandContext(ctx, binary, "migrate", "up", "--config", w.command.config)
	migrate.Env = environ()
	if out, err := migrate.CombinedOutput(); err != nil {
		return w, fmt.Errorf("migrate: %w: %s", err, out)
	}
	if w.admin, err = connect(w.engine.DSN(engine.Admin)); err != nil {
		return w, err
	}
	if w.reader, err = connect(w.engine.DSN(engine.Admin)); err != nil {
		return w, err
	}
	if plan.Off == points.VersionOnly {
		const alter = "ALTER TABLE post_facts MODIFY COLUMN ver UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(source_version), 64), toUInt128(analyzer_revision))"
		if err := w.admin.Exec(ctx, alter); err != nil {
			return w, fmt.Errorf("take the offset out of the version: %w", err)
		}
	}
	for i := range plan.Workers {
		w.workers = append(w.workers, nil)
		if err := w.startMember(i); err != nil {
			return w, err
		}
	}
	return w, nil
}

func connect(dsn string) (driver.Conn, error) {
	opt, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	opt.MaxOpenConns, opt.MaxIdleConns = 3, 1
	return clickhouse.Open(opt)
}

// Close ends everything. It returns an error when the engine did not end well by itself.
func (w *World) Close() error {
	for _, m := range w.all() {
		m.Kill()
	}
	var errs []error
	for _, c := range []driver.Conn{w.admin, w.reader} {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	if w.proxy != nil {
		w.proxy.Close()
	}
	if w.engine != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		defer cancel()
		_ = w.engine.Stop(ctx)
	}
	if w.kafka != nil {
		w.kafka.Close()
	}
	return errors.Join(errs...)
}

func (w *World) all() []*Worker {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.others)
}

// start runs one more worker.
func (w *World) start(name, group string) (*Worker, error) {
	m, err := w.command.start(name, group, filepath.Join(w.dir, name+".log"))
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.others = append(w.others, m)
	return m, nil
}

// startMember starts the base member at a position, in place of one that has ended.
func (w *World) startMember(i int) error {
	w.serial++
	m, err := w.start(fmt.Sprintf("worker-%d-%d", i, w.serial), group)
	if err == nil {
		w.workers[i] = m
	}
	return err
}

// revive starts every base member that is not there.
func (w *World) revive() error {
	for i, m := range w.workers {
		if !m.Alive() {
			if err := w.startMember(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// withPID finds a worker by its process.
func (w *World) withPID(pid int) *Worker {
	for _, m := range w.all() {
		if m.PID() == pid {
			return m
		}
	}
	return nil
}

// check returns an error for every worker that ended by itself.
func (w *World) check() error {
	var errs []error
	for _, m := range w.all() {
		errs = append(errs, m.died())
	}
	return errors.Join(errs...)
}

// killEngine is kill -9 on the ClickHouse server; its supervisor starts it again.
func (w *World) killEngine() {
	if pid := w.engine.PID(); pid != 0 {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// dirty counts the windows that wait to be rebuilt. It is the harness's own query.
func (w *World) dirty(ctx context.Context) (int, error) {
	rows, err := readRows(ctx, w.admin, `
SELECT community, day FROM
(
    SELECT community, day, sum(marks) AS marked FROM window_marks WHERE day > '1970-01-01' GROUP BY community, day
) AS m
LEFT JOIN (SELECT community, day, marks, calc FROM day_windows FINAL) AS d USING (community, day)
WHERE d.calc = 0 OR d.marks != m.marked`)
	return len(rows), err
}
