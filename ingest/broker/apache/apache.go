// Package apache runs a real Apache Kafka 4 (KRaft, one node) for tests.
//
// The jars come from Maven: `make kafka` puts them into a
// folder that git ignores. Nothing of this package is linked into the voc binary; its callers are tests.
package apache

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
)

// Config of a broker.
type Config struct {
	Dir        string            // empty folder for the log, or that of an earlier Start
	SASL       *SASL             // nil admits everybody
	Properties map[string]string // further lines of server.properties, which win
}

// SASL is the one user, who may log in by PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512.
type SASL struct{ Username, Password string }

// Server is one broker process. It can be killed and started again on the same port and log.
type Server struct {
	cfg        Config
	libs       string
	addr       string
	controller string
	mu         sync.Mutex
	cmd        *exec.Cmd
	exited     chan struct{}
	out        *tail
}

// ErrNoJars says how to get what is missing.
var ErrNoJars = errors.New("the jars of Apache Kafka are missing; run `make kafka`")

// Libs returns the folder of the jars.
func Libs() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working folder; run inside the repository")
		}
		dir = parent
	}
	libs := filepath.Join(dir, "ingest", "broker", "apache", "target", "lib")
	jars, err := filepath.Glob(filepath.Join(libs, "kafka_2.13-4.*.jar"))
	if err != nil || len(jars) == 0 {
		return "", ErrNoJars
	}
	return libs, nil
}

// Start formats the log folder if it is new, starts the broker and waits until it answers.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	libs, err := Libs()
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, libs: libs}
	// Another process may take a port between choosing and using it; then the broker exits and others are tried.
	for range 3 {
		if err = s.prepare(ctx); err != nil {
			return nil, err
		}
		if err = s.Restart(ctx); err == nil {
			return s, nil
		}
		s.Kill()
		if _, statErr := os.Stat(s.formatted()); statErr == nil {
			os.RemoveAll(s.cfg.Dir)
		}
	}
	return nil, err
}

func (s *Server) formatted() string  { return filepath.Join(s.cfg.Dir, "formatted") }
func (s *Server) properties() string { return filepath.Join(s.cfg.Dir, "server.properties") }

// prepare chooses ports, writes the properties and formats the log.
func (s *Server) prepare(ctx context.Context) error {
	if err := os.MkdirAll(s.cfg.Dir, 0o700); err != nil {
		return err
	}
	ports, err := freePorts(2)
	if err != nil {
		return err
	}
	s.addr, s.controller = ports[0], ports[1]
	protocol := "PLAINTEXT"
	if s.cfg.SASL != nil {
		protocol = "SASL_PLAINTEXT"
	}
	props := map[string]string{
		"process.roles":                            "broker,controller",
		"node.id":                                  "1",
		"controller.quorum.bootstrap.servers":      s.controller,
		"listeners":                                "CLIENT://" + s.addr + ",CONTROLLER://" + s.controller,
		"advertised.listeners":                     "CLIENT://" + s.addr,
		"controller.listener.names":                "CONTROLLER",
		"listener.security.protocol.map":           "CLIENT:" + protocol + ",CONTROLLER:PLAINTEXT",
		"inter.broker.listener.name":               "CLIENT",
		"log.dirs":                                 filepath.Join(s.cfg.Dir, "data"),
		"offsets.topic.replication.factor":         "1",
		"offsets.topic.num.partitions":             "1",
		"transaction.state.log.replication.factor": "1",
		"transaction.state.log.min.isr":            "1",
		"transaction.state.log.num.partitions":     "1",
		"group.initial.rebalance.delay.ms":         "0",
		"group.min.session.timeout.ms":             "500",
		"auto.create.topics.enable":                "false",
		"message.max.bytes":                        "8388608",
		"log.cleaner.backoff.ms":                   "200",
	}
	if u := s.cfg.SASL; u != nil {
		props["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512"
		props["sasl.mechanism.inter.broker.protocol"] = "PLAIN"
		props["listener.name.client.plain.sasl.jaas.config"] = fmt.Sprintf(
			"org.apache.kafka.common.security.plain.PlainLoginModule required username=%q password=%q user_%s=%q;",
			u.Username, u.Password, u.Username, u.Password)
		for _, m := range []string{"scram-sha-256", "scram-sha-512"} {
			props["listener.name.client."+m+".sasl.jaas.config"] = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
		}
	}
	for k, v := range s.cfg.Properties {
		props[k] = v
	}
	var b strings.Builder
	for _, k := range sorted(props) {
		b.WriteString(k + "=" + props[k] + "\n")
	}
	if err := os.WriteFile(s.properties(), []byte(b.String()), 0o600); err != nil {
		return err
	}
	id := make([]byte, 16)
	rand.Read(id)
	args := []string{"kafka.tools.StorageTool", "format", "--standalone",
		"-t", base64.RawURLEncoding.EncodeToString(id), "-c", s.properties()}
	if u := s.cfg.SASL; u != nil {
		for _, m := range []string{"SCRAM-SHA-256", "SCRAM-SHA-512"} {
			args = append(args, "--add-scram", fmt.Sprintf("%s=[name=%s,password=%s]", m, u.Username, u.Password))
		}
	}
	out, err := exec.CommandContext(ctx, "java", s.java("128m", args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("format the log of Apache Kafka: %w: %s", err, bytes.TrimSpace(out))
	}
	return os.WriteFile(s.formatted(), nil, 0o600)
}

func (s *Server) java(heap string, args ...string) []string {
	return append([]string{"-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", filepath.Join(s.libs, "*")}, args...)
}

// Restart starts the broker process on the same ports and log; it must not be running.
func (s *Server) Restart(ctx context.Context) error {
	s.out = &tail{}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), "java", s.java("400m", "kafka.Kafka", s.properties())...)
	cmd.Stdout, cmd.Stderr = s.out, s.out
	// The broker must not outlive a test that is killed. The kernel watches the thread that started it, so that
	// thread is kept until the broker exits.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started, exited := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(exited)
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start Apache Kafka: %w", err)
	}
	s.mu.Lock()
	s.cmd, s.exited = cmd, exited
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	for {
		if err := s.answers(ctx); err == nil {
			return nil
		}
		select {
		case <-exited:
			return fmt.Errorf("apache Kafka exited while starting: %s", s.out)
		case <-ctx.Done():
			return fmt.Errorf("apache Kafka does not answer: %w: %s", ctx.Err(), s.out)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (s *Server) answers(ctx context.Context) error {
	var m sasl.Mechanism
	if u := s.cfg.SASL; u != nil {
		m = plain.Mechanism{Username: u.Username, Password: u.Password}
	}
	d := &kafka.Dialer{Timeout: 2 * time.Second, SASLMechanism: m}
	c, err := d.DialContext(ctx, "tcp", s.addr)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	b, err := c.Brokers()
	if err != nil {
		return err
	}
	if len(b) == 0 {
		return io.ErrNoProgress
	}
	return nil
}

// Addr is the broker's address.
func (s *Server) Addr() string { return s.addr }

// Kill ends the broker as kill -9 does, and waits for its end.
func (s *Server) Kill() { s.signal(syscall.SIGKILL) }

// Stop ends the broker in order.
func (s *Server) Stop() { s.signal(syscall.SIGTERM) }

func (s *Server) signal(sig syscall.Signal) {
	s.mu.Lock()
	cmd, exited := s.cmd, s.exited
	s.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Signal(sig)
	select {
	case <-exited:
	case <-time.After(20 * time.Second):
		_ = cmd.Process.Kill()
		<-exited
	}
}

// freePorts returns n addresses on the loopback interface that nobody listens on.
func freePorts(n int) ([]string, error) {
	var addrs []string
	for range n {
		l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { _ = l.Close() }()
		addrs = append(addrs, "127.0.0.1:"+strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	}
	return addrs, nil
}

func sorted(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// tail keeps the last output of the broker for error messages.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if over := len(t.b) - 8<<10; over > 0 {
		t.b = t.b[over:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
