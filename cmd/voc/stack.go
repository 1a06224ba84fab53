package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"voc/cmd/internal/config"
	"voc/ingest/broker"
	"voc/schema/engine"
)

// stack is the embedded Kafka and ClickHouse on one data folder. A later start on the same folder continues on
// the same data, at the same addresses.
type stack struct {
	dir    string
	engine *engine.Server
	broker *broker.Broker
	// config reaches both servers; it is also written to the file voc.yaml in dir, for other commands.
	config config.Config
}

// demoPartitions lets the sample and a few workers share the topics without making small batches smaller.
const demoPartitions = 4

// startStack starts both servers on dir, with base for every setting that is not an address or a secret.
func startStack(ctx context.Context, dir string, base config.Config, logger *slog.Logger, progress io.Writer) (_ *stack, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the data folder: %w", err)
	}
	s := &stack{dir: dir, config: base}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop(context.WithoutCancel(ctx)))
		}
	}()
	began := time.Now()
	ports := rememberedPorts(ctx, filepath.Join(dir, "clickhouse.ports"))
	s.engine, err = engine.Start(ctx, engine.Config{
		Dir: filepath.Join(dir, "clickhouse"), Databases: []string{base.ClickHouse.Database}, Logger: logger,
		TCPPort: ports[0], HTTPPort: ports[1],
	})
	if err != nil {
		return nil, fmt.Errorf("cannot start the embedded ClickHouse: %w", err)
	}
	if err := s.rememberPorts(filepath.Join(dir, "clickhouse.ports")); err != nil {
		return nil, err
	}
	fmt.Fprintf(progress, "  ClickHouse  ready in %.1f s\n", time.Since(began).Seconds())
	began = time.Now()
	t := base.Kafka.Topics
	s.broker, err = broker.Start(ctx, broker.Config{
		Dir:        filepath.Join(dir, "kafka"),
		Topics:     []string{t.Posts, t.Activity, t.Accounts, t.Surveys, t.DeadLetter},
		Compacted:  []string{t.Accounts},
		Partitions: demoPartitions,
	})
	if err != nil {
		return nil, fmt.Errorf("cannot start the embedded Kafka: %w", err)
	}
	fmt.Fprintf(progress, "  Kafka       ready in %.1f s\n", time.Since(began).Seconds())
	key, err := secretFile(filepath.Join(dir, "privacy.key"))
	if err != nil {
		return nil, err
	}
	s.config.Kafka.Brokers = []string{s.broker.Addr()}
	s.config.Privacy.Key, s.config.Privacy.KeyFile = "", key
	// The running demo holds the ports of the operations endpoint and the pages; other commands get none or any.
	s.config.HTTP.Listen = ""
	s.config.Serve.Listen, s.config.Serve.Auth = "127.0.0.1:0", "none"
	ch := &s.config.ClickHouse
	ch.DSN, ch.AdminDSN, ch.ReaderDSN, ch.DeciderDSN = "", "", "", ""
	for _, f := range []struct {
		role engine.Role
		file *string
	}{{engine.Writer, &ch.DSNFile}, {engine.Admin, &ch.AdminDSNFile}, {engine.Reader, &ch.ReaderDSNFile}, {engine.Decider, &ch.DeciderDSNFile}} {
		*f.file, err = filepath.Abs(filepath.Join(dir, string(f.role)+".dsn"))
		if err != nil {
			return nil, fmt.Errorf("cannot name the connection file: %w", err)
		}
		if err := os.WriteFile(*f.file, []byte(s.engine.DSN(f.role)+"\n"), 0o600); err != nil {
			return nil, fmt.Errorf("cannot write the connection file: %w", err)
		}
	}
	if err := s.writeConfig(); err != nil {
		return nil, err
	}
	s.config, err = config.Load(config.Source{File: s.configFile()})
	s.config.HTTP.Listen, s.config.Serve = freeAddress(ctx, base.HTTP.Listen), base.Serve
	return s, err
}

// freeAddress is the address, with a port that the system chooses when the given one is taken.
func freeAddress(ctx context.Context, address string) string {
	if address == "" {
		return ""
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err == nil {
		l.Close()
		return address
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return net.JoinHostPort(host, "0")
}

// writeConfig leaves a file that other commands can be given with --config while the servers run.
func (s *stack) writeConfig() error {
	var b strings.Builder
	b.WriteString("# Written by voc demo: how to reach its servers while it runs.\n")
	if err := s.config.Dump(&b, false); err != nil {
		return err
	}
	if err := os.WriteFile(s.configFile(), []byte(b.String()), 0o600); err != nil {
		return fmt.Errorf("cannot write the configuration of the demo: %w", err)
	}
	return nil
}

// rememberedPorts reads the ports of the last start, so that addresses stay the same. A port that is taken by now
// is replaced by 0, which lets the system choose.
func rememberedPorts(ctx context.Context, file string) (ports [2]int) {
	b, err := os.ReadFile(file)
	if err != nil {
		return ports
	}
	if _, err := fmt.Sscan(string(b), &ports[0], &ports[1]); err != nil {
		return [2]int{}
	}
	for i, p := range ports {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(p))
		if freeAddress(ctx, address) != address {
			ports[i] = 0
		}
	}
	return ports
}

func (s *stack) rememberPorts(file string) error {
	u, err := url.Parse(s.engine.DSN(engine.Reader))
	if err != nil {
		return fmt.Errorf("cannot read the address of the embedded ClickHouse: %w", err)
	}
	_, httpPort, err := net.SplitHostPort(s.engine.HTTPAddr())
	if err != nil {
		return fmt.Errorf("cannot read the address of the embedded ClickHouse: %w", err)
	}
	if err := os.WriteFile(file, []byte(u.Port()+" "+httpPort+"\n"), 0o600); err != nil {
		return fmt.Errorf("cannot remember the ports: %w", err)
	}
	return nil
}

func (s *stack) configFile() string { return filepath.Join(s.dir, "voc.yaml") }

// stop ends both servers, Kafka first so that nothing new arrives.
func (s *stack) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if s.broker != nil {
		s.broker.Close()
	}
	if s.engine != nil {
		if err := s.engine.Stop(ctx); err != nil {
			return fmt.Errorf("cannot stop the embedded ClickHouse: %w", err)
		}
	}
	return nil
}

// secretFile makes a file with a random secret on first use and returns its absolute path.
func secretFile(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("cannot name the key file: %w", err)
	}
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails, see its documentation
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return path, nil
	}
	if err != nil {
		return "", fmt.Errorf("cannot make the key file: %w", err)
	}
	if _, err := f.WriteString(hex.EncodeToString(b) + "\n"); err != nil {
		return "", errors.Join(fmt.Errorf("cannot write the key file: %w", err), f.Close())
	}
	return path, f.Close()
}
