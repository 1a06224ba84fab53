package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"voc/schema/engine"
)

// fakeClickHouse answers `clickhouse server --config-file=F` with the library, as far as the supervisor can tell: it
// listens on the ports of the configuration and ends on SIGTERM. It stands in for the binary, which is not installed
// everywhere.
func fakeClickHouse(args []string) int {
	if len(args) != 2 || args[0] != "server" || !strings.HasPrefix(args[1], "--config-file=") {
		fmt.Fprintln(os.Stderr, "unexpected arguments", args)
		return 2
	}
	terminated, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	config, err := os.ReadFile(strings.TrimPrefix(args[1], "--config-file="))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var tcp, http int
	for line := range strings.Lines(string(config)) {
		_, _ = fmt.Sscanf(strings.TrimSpace(line), "<tcp_port>%d", &tcp)
		_, _ = fmt.Sscanf(strings.TrimSpace(line), "<http_port>%d", &http)
	}
	if err := os.Setenv("PATH", ""); err != nil {
		return 1
	}
	srv, err := engine.Start(context.Background(), engine.Config{
		Dir: os.Getenv(fakeEnv), TCPPort: tcp, HTTPPort: http, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	<-terminated.Done()
	if err := srv.Stop(context.Background()); err != nil {
		return 1
	}
	return 0
}

func TestPrefersABinaryOnPath(t *testing.T) {
	bin := t.TempDir()
	library, err := filepath.Abs(filepath.Join("npm", "node_modules", "@chdb", "lib-linux-x64-gnu", "libchdb.so"))
	if err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/sh\nexport %s='%s' %s='%s'\nunset VOC_ENGINE_CHILD\nexec '%s' \"$@\"\n",
		fakeEnv, t.TempDir(), engine.LibraryEnv, library, os.Args[0])
	if err := os.WriteFile(filepath.Join(bin, "clickhouse"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	srv, err := engine.Start(t.Context(), engine.Config{Dir: t.TempDir(), Logger: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	pid := srv.PID()
	stop(t, srv)
	if !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		t.Errorf("process %d still runs after Stop", pid)
	}
}

func TestMissingLibraryNamesTheCommand(t *testing.T) {
	t.Setenv("PATH", "")
	t.Chdir(t.TempDir()) // outside of any module, so that nothing is found
	_, err := engine.Start(t.Context(), engine.Config{Dir: t.TempDir()})
	if !errors.Is(err, engine.ErrMissing) || !strings.Contains(err.Error(), "make setup") {
		t.Errorf("error is %v, want ErrMissing that names `make setup`", err)
	}
}

func TestBadSources(t *testing.T) {
	garbage := filepath.Join(t.TempDir(), "libchdb.so")
	if err := os.WriteFile(garbage, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		cfg  engine.Config
		env  string
		want string
	}{
		"binary that is not there":  {cfg: engine.Config{Binary: "/nowhere/clickhouse"}, want: "Binary"},
		"library that is not there": {cfg: engine.Config{Library: "/nowhere/libchdb.so"}, want: "Library"},
		"library is a folder":       {cfg: engine.Config{Library: t.TempDir()}, want: "libchdb.so"},
		"library is garbage":        {cfg: engine.Config{Library: garbage}, want: "make setup"},
		"environment":               {env: "/nowhere/libchdb.so", want: engine.LibraryEnv},
		"no folder":                 {cfg: engine.Config{Dir: " "}, want: "Dir"},
		"bad database":              {cfg: engine.Config{Databases: []string{"a.b"}}, want: "Databases"},
		"bad port":                  {cfg: engine.Config{TCPPort: 70000}, want: "TCPPort"},
		"bad zone":                  {cfg: engine.Config{Timezone: "Asia/Edo"}, want: "Timezone"},
		"little memory":             {cfg: engine.Config{MaxMemory: 1}, want: "MaxMemory"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.env != "" {
				t.Setenv(engine.LibraryEnv, tc.env)
			}
			switch tc.cfg.Dir {
			case "":
				tc.cfg.Dir = t.TempDir()
			case " ":
				tc.cfg.Dir = ""
			}
			tc.cfg.Logger = slog.New(slog.DiscardHandler)
			srv, err := engine.Start(t.Context(), tc.cfg)
			if err == nil {
				stop(t, srv)
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %q, want one that names %q", err, tc.want)
			}
		})
	}
}
