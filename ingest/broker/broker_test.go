package broker_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"voc/ingest/broker"
)

func start(t *testing.T, cfg broker.Config) *broker.Broker {
	t.Helper()
	b, err := broker.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func produce(t *testing.T, addr, topic, value string) {
	t.Helper()
	// The default transport remembers the topics of the broker that was on this port before.
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	w := &kafka.Writer{Addr: kafka.TCP(addr), Topic: topic, BatchTimeout: time.Millisecond, RequiredAcks: kafka.RequireAll, Transport: transport}
	defer func() { _ = w.Close() }()
	if err := w.WriteMessages(t.Context(), kafka.Message{Value: []byte(value)}); err != nil {
		t.Fatal(err)
	}
}

func TestSecondStartContinuesOnTheSamePortAndData(t *testing.T) {
	cfg := broker.Config{Dir: t.TempDir(), Topics: []string{"a"}, Partitions: 1}
	b := start(t, cfg)
	addr := b.Addr()
	host, _, err := net.SplitHostPort(addr)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		t.Errorf("listens on %s, which is not loopback", addr)
	}
	produce(t, addr, "a", "first")
	if _, err := broker.Start(t.Context(), cfg); !errors.Is(err, broker.ErrInUse) {
		t.Errorf("a second broker on the folder gave %v, want ErrInUse", err)
	}
	b.Close()

	cfg.Topics = []string{"a", "b"}
	b = start(t, cfg)
	if b.Addr() != addr {
		t.Errorf("second start listens on %s, want %s", b.Addr(), addr)
	}
	produce(t, addr, "b", "new topic")
	r := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{addr}, Topic: "a", MaxWait: 10 * time.Millisecond})
	defer func() { _ = r.Close() }()
	m, err := r.ReadMessage(t.Context())
	if err != nil || string(m.Value) != "first" {
		t.Errorf("read %q, %v after the restart", m.Value, err)
	}
}

func TestTwoFreshBrokersDoNotCollide(t *testing.T) {
	a, b := start(t, broker.Config{}), start(t, broker.Config{})
	if a.Addr() == b.Addr() {
		t.Errorf("both listen on %s", a.Addr())
	}
}

const childEnv = "VOC_TEST_BROKER_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		child(dir)
		return
	}
	os.Exit(m.Run())
}

// child runs a broker, produces numbers for ever and prints each after the broker has confirmed it.
func child(dir string) {
	b, err := broker.Start(context.Background(), broker.Config{Dir: dir, Topics: []string{"a"}, Partitions: 1})
	if err != nil {
		panic(err)
	}
	w := &kafka.Writer{Addr: kafka.TCP(b.Addr()), Topic: "a", BatchTimeout: time.Millisecond, RequiredAcks: kafka.RequireAll}
	for i := 0; ; i++ {
		if err := w.WriteMessages(context.Background(), kafka.Message{Value: []byte(strconv.Itoa(i))}); err != nil {
			panic(err)
		}
		fmt.Println(i)
	}
}

func TestConfirmedMessagesSurviveKill(t *testing.T) {
	dir := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.Background(), exe)
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	confirmed := -1
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if confirmed, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatal(err)
		}
		if confirmed == 50 {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait()
	b := start(t, broker.Config{Dir: dir, Topics: []string{"a"}})
	r := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{b.Addr()}, Topic: "a", MaxWait: 10 * time.Millisecond})
	defer func() { _ = r.Close() }()
	for i := range confirmed + 1 {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		m, err := r.ReadMessage(ctx)
		cancel()
		if err != nil || string(m.Value) != strconv.Itoa(i) {
			t.Fatalf("message %d of %d after the kill: %q, %v", i, confirmed, m.Value, err)
		}
	}
}
