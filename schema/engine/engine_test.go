package engine_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/schema/engine"
)

// parentEnv turns the test binary into a program that starts an engine, prints its pid and HTTP address and waits to be killed.
const parentEnv = "VOC_TEST_ENGINE_PARENT"

// fakeEnv turns the test binary into a stand-in for the clickhouse binary.
const fakeEnv = "TEST_FAKE_CLICKHOUSE"

func TestMain(m *testing.M) {
	engine.RunChild()
	if dir := os.Getenv(parentEnv); dir != "" {
		os.Exit(parentMain(dir))
	}
	if os.Getenv(fakeEnv) != "" {
		os.Exit(fakeClickHouse(os.Args[1:]))
	}
	os.Exit(m.Run())
}

func parentMain(dir string) int {
	srv, err := engine.Start(context.Background(), engine.Config{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println(srv.PID(), srv.HTTPAddr())
	select {}
}

func start(t *testing.T, cfg engine.Config) *engine.Server {
	t.Helper()
	if cfg.Dir == "" {
		cfg.Dir = t.TempDir()
	}
	cfg.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	srv, err := engine.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, srv) })
	return srv
}

func stop(t *testing.T, srv *engine.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := srv.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func open(t *testing.T, dsn string) driver.Conn {
	t.Helper()
	opt, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	opt.Auth.Database = ""
	conn, err := clickhouse.Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func mustExec(t *testing.T, conn driver.Conn, statements ...string) {
	t.Helper()
	for _, q := range statements {
		if err := conn.Exec(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func count(t *testing.T, conn driver.Conn, query string) uint64 {
	t.Helper()
	var n uint64
	if err := conn.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestDataSurvivesStopAndStart(t *testing.T) {
	dir := t.TempDir()
	srv := start(t, engine.Config{Dir: dir})
	conn := open(t, srv.DSN(engine.Admin))
	mustExec(t, conn, "CREATE DATABASE voc", "CREATE TABLE voc.posts (id UInt64) ENGINE = MergeTree ORDER BY id", "INSERT INTO voc.posts SELECT number FROM numbers(1000)")
	pid := srv.PID()
	stop(t, srv)
	if !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || srv.PID() != 0 {
		t.Errorf("process %d still runs after Stop, or PID is %d and not 0", pid, srv.PID())
	}

	again := start(t, engine.Config{Dir: dir})
	if got := count(t, open(t, again.DSN(engine.Reader)), "SELECT count() FROM voc.posts"); got != 1000 {
		t.Errorf("after a restart there are %d rows, want 1000", got)
	}
}

func TestRestartsAfterCrashOnTheSamePorts(t *testing.T) {
	srv := start(t, engine.Config{})
	dsn, addr, pid := srv.DSN(engine.Admin), srv.HTTPAddr(), srv.PID()
	conn := open(t, dsn)
	mustExec(t, conn, "CREATE DATABASE voc", "CREATE TABLE voc.posts (id UInt64) ENGINE = MergeTree ORDER BY id SETTINGS fsync_after_insert = 1", "INSERT INTO voc.posts VALUES (7)")
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server is back", func() bool {
		return srv.Restarts() == 1 && conn.Ping(t.Context()) == nil
	})
	if srv.DSN(engine.Admin) != dsn || srv.HTTPAddr() != addr {
		t.Errorf("addresses changed: %s %s, want %s %s", srv.DSN(engine.Admin), srv.HTTPAddr(), dsn, addr)
	}
	if srv.PID() == pid || srv.PID() == 0 {
		t.Errorf("PID is %d after a restart of %d", srv.PID(), pid)
	}
	if got := count(t, conn, "SELECT sum(id) FROM voc.posts"); got != 7 {
		t.Errorf("an acknowledged row is lost: sum is %d, want 7", got)
	}
}

// A client that resets its connection must not abort the server (ClickHouse issue 115666), nor one that goes away
// while the server writes to it (SIGPIPE).
func TestClientsThatGoAwayDoNotHurt(t *testing.T) {
	srv := start(t, engine.Config{})
	pid := srv.PID()
	for range 5 {
		conn, err := net.Dial("tcp", srv.HTTPAddr())
		if err != nil {
			t.Fatal(err)
		}
		body := "SELECT number, repeat('x', 1000) FROM numbers(10000000)"
		fmt.Fprintf(conn, "POST /?user=%s&password=%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", engine.Admin, srv.Password(engine.Admin), len(body), body)
		if _, err := io.ReadFull(conn, make([]byte, 4096)); err != nil {
			t.Fatal(err)
		}
		if err := conn.(*net.TCPConn).SetLinger(0); err != nil { // close sends RST
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
	conn := open(t, srv.DSN(engine.Admin))
	for range 20 {
		mustExec(t, conn, "SELECT sleep(0.05)")
	}
	if srv.PID() != pid || srv.Restarts() != 0 {
		t.Errorf("the server crashed %d times", srv.Restarts())
	}
}

// kill -9 of the parent must end the server, and the data folder must be usable at once by the next parent.
func TestDiesWithItsParent(t *testing.T) {
	dir := t.TempDir()
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentEnv+"="+dir)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the parent printed nothing: %v", err)
	}
	pid, err := strconv.Atoi(strings.Fields(line)[0])
	if err != nil {
		t.Fatalf("the parent printed %q", line)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	eventually(t, "the server is gone", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || zombie(pid) })
	start(t, engine.Config{Dir: dir})
}

// zombie says whether a process has ended and only waits for somebody to notice, as happens where no init reaps orphans.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(rest, "Z")
}

func TestOneServerPerFolder(t *testing.T) {
	dir := t.TempDir()
	start(t, engine.Config{Dir: dir})
	_, err := engine.Start(t.Context(), engine.Config{Dir: dir, LockTimeout: 50 * time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("a second engine in the same folder: error is %v, want one that names process %d", err, os.Getpid())
	}
}

func TestUsers(t *testing.T) {
	dir := t.TempDir()
	srv := start(t, engine.Config{Dir: dir})
	for _, name := range []string{"credentials.json", "users.xml", "config.xml"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want 0600", name, info.Mode().Perm())
		}
	}
	for _, tc := range []struct{ user, password string }{
		{"default", ""}, {string(engine.Admin), ""}, {string(engine.Admin), "wrong"}, {string(engine.Reader), srv.Password(engine.Writer)},
	} {
		resp, err := http.Post("http://"+srv.HTTPAddr()+"/?user="+tc.user+"&password="+tc.password, "text/plain", strings.NewReader("SELECT 1"))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			t.Errorf("user %q with password %q may query", tc.user, tc.password)
		}
	}
}

func TestLogsStayQuiet(t *testing.T) {
	dir := t.TempDir()
	srv := start(t, engine.Config{Dir: dir})
	mustExec(t, open(t, srv.DSN(engine.Admin)), "SELECT 1")
	info, err := os.Stat(filepath.Join(dir, "log", "server.log"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 4096 {
		t.Errorf("a quiet start wrote %d bytes to the log", info.Size())
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("not within 30 s: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
