// Package chtest gives tests a real ClickHouse: one embedded engine a test binary, one migrated database a test.
//
// It is imported by tests only. A test that needs it fails when the engine is not installed; nothing is skipped.
//
//	func TestMain(m *testing.M) { chtest.Main(m) }
//
//	func TestSomething(t *testing.T) {
//		db := chtest.Open(t)
//		…
//	}
package chtest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema"
	"voc/schema/engine"
	"voc/schema/migrate"
)

// databases is how many tests of one binary can hold a database at once. The engine reads rights once, when it
// starts, so the names must be known then; a name is used again when its test has ended.
const databases = 24

// BoundShop and BoundDefault are readers who may see one community only: shop and default.
const (
	BoundShop    engine.Role = "bound_shop"
	BoundDefault engine.Role = "bound_default"
)

// shared is the engine of the test binary. Tests cannot be handed one by the testing package, so Main leaves it here.
var shared struct {
	sync.Mutex
	srv   *engine.Server
	free  chan string
	close func()
	err   error
}

// Main runs the tests of a package that uses Open, and ends the process. TestMain calls it first. The functions of
// after run when the tests are done: they clean up what other packages share between tests.
func Main(m *testing.M, after ...func()) {
	engine.RunChild()
	code := m.Run()
	for _, f := range after {
		f()
	}
	if shared.close != nil {
		shared.close()
	}
	os.Exit(code)
}

// Option changes what Open gives.
type Option func(*options)

type options struct {
	migrate migrate.Config
	unready bool
}

// Zone chooses the calendar's zone; the default is Asia/Tokyo.
func Zone(zone string) Option { return func(o *options) { o.migrate.Timezone = zone } }

// Empty leaves the database away, for tests that migrate it themselves.
func Empty() Option { return func(o *options) { o.unready = true } }

// DB is a database of its own for one test.
type DB struct {
	// Conn is a connection as voc_admin, with Database as its default.
	Conn driver.Conn
	// Database is the name of the database.
	Database string
	// Calendar is the one the database was migrated for.
	Calendar schema.Calendar
	// Migrate is the configuration it was migrated with.
	Migrate migrate.Config
	srv     *engine.Server
	drop    func()
}

// Open gives a migrated database that is dropped when the test ends. The first call starts the engine.
func Open(t testing.TB, opts ...Option) *DB {
	t.Helper()
	o := options{migrate: migrate.Config{}.WithDefaults()}
	for _, opt := range opts {
		opt(&o)
	}
	srv, free := start(t)
	name := <-free
	o.migrate.Database = name
	admin := Connect(t, srv.DatabaseDSN(engine.Admin, ""))
	drop := sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := admin.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" SYNC"); err != nil {
			t.Errorf("chtest: cannot drop the test's database: %v", err)
		}
		free <- name
	})
	t.Cleanup(drop)
	calendar, err := schema.NewCalendar(o.migrate.Timezone)
	if err != nil {
		t.Fatal(err)
	}
	db := &DB{Database: name, Calendar: calendar, Migrate: o.migrate, srv: srv, drop: drop}
	if o.unready {
		db.Conn = admin
		return db
	}
	if _, err := migrate.Up(t.Context(), admin, o.migrate, nil); err != nil {
		t.Fatal(err)
	}
	db.Conn = Connect(t, srv.DatabaseDSN(engine.Admin, name))
	return db
}

// Close drops the database before the test ends, for tests that need many.
func (db *DB) Close() { db.drop() }

// DSN returns the address of the database for a role: voc_admin, voc_writer, voc_reader or a bound reader.
func (db *DB) DSN(role engine.Role) string { return db.srv.DatabaseDSN(role, db.Database) }

// As connects as a role.
func (db *DB) As(t testing.TB, role engine.Role) driver.Conn {
	t.Helper()
	return Connect(t, db.DSN(role))
}

// Server is the engine that all tests of the binary share. Killing it disturbs the others.
func (db *DB) Server() *engine.Server { return db.srv }

// Exec runs statements and fails the test at the first error.
func (db *DB) Exec(t testing.TB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if err := db.Conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// Insert writes rows as the pipeline does.
func (db *DB) Insert(t testing.TB, rows ...schema.Row) {
	t.Helper()
	if err := schema.Insert(t.Context(), db.Conn, rows...); err != nil {
		t.Fatal(err)
	}
}

// Strings returns the values of a query with one column of text.
func (db *DB) Strings(t testing.TB, query string, args ...any) []string {
	t.Helper()
	var out []string
	rows, err := db.Conn.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

// Query returns all values of all rows as text, tab-separated, one row a line.
func (db *DB) Query(t testing.TB, query string, args ...any) []string {
	t.Helper()
	lines, err := Lines(t.Context(), db.Conn, query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return lines
}

// Lines returns all values of all rows as text, tab-separated, one row a line.
func Lines(ctx context.Context, conn driver.Conn, query string, args ...any) ([]string, error) {
	rows, err := conn.Query(ctx, "SELECT toString(tuple(*)) FROM ("+query+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, rows.Err()
}

// Connect opens a connection that is closed when the test ends.
func Connect(t testing.TB, dsn string) driver.Conn {
	t.Helper()
	opt, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// start starts the engine once.
func start(t testing.TB) (*engine.Server, chan string) {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	if shared.srv != nil {
		return shared.srv, shared.free
	}
	dir, err := os.MkdirTemp("", "voc-chtest-")
	if err != nil {
		t.Fatal(err)
	}
	shared.free = make(chan string, databases)
	var names []string
	for i := range databases {
		name := fmt.Sprintf("voc_test_%02d", i)
		names = append(names, name)
		shared.free <- name
	}
	out := &strings.Builder{}
	var mu sync.Mutex
	logger := slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return out.Write(p)
	}), nil))
	srv, err := engine.Start(context.Background(), engine.Config{
		Dir: dir, Databases: names, Logger: logger, Readers: map[string]string{string(BoundShop): "shop", string(BoundDefault): "default"},
	})
	if err != nil {
		shared.err = fmt.Errorf("chtest: %w", err)
		_ = os.RemoveAll(dir)
		t.Fatal(shared.err)
	}
	shared.srv = srv
	shared.close = func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := srv.Stop(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "chtest:", err)
		}
		if srv.Restarts() > 0 {
			mu.Lock()
			defer mu.Unlock()
			_, _ = io.WriteString(os.Stderr, out.String())
		}
		_ = os.RemoveAll(dir)
	}
	return srv, shared.free
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
