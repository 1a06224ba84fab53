package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"voc/ingest/broker"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

// world is a Kafka and a ClickHouse on which a test runs the program's own commands.
type world struct {
	t      testing.TB
	db     *chtest.DB
	kafka  *broker.Broker
	topics []string // posts, activity, accounts, surveys, dead letters
	dir    string
	// environ are the settings that every command gets.
	environ []string
}

// newWorld starts both without any table.
func newWorld(t testing.TB, kc broker.Config) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), db: chtest.Open(t, chtest.Empty())}
	d := "voc."
	w.topics = []string{d + "posts", d + "activity", d + "accounts", d + "surveys", d + "deadletter"}
	kc.Topics, kc.Partitions = w.topics, 1
	var err error
	if w.kafka, err = broker.Start(t.Context(), kc); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.kafka.Close)
	w.environ = []string{
		"VOC_KAFKA_BROKERS=" + w.kafka.Addr(), "VOC_CLICKHOUSE_DATABASE=" + w.db.Database, "VOC_PRIVACY_KEY=a secret key of the tests",
		"VOC_HTTP_LISTEN=", "VOC_SERVE_LISTEN=127.0.0.1:0", "VOC_SERVE_AUTH=none", "VOC_INGEST_ROLLUP_INTERVAL=100ms", "VOC_INGEST_DUPLICATES_INTERVAL=0",
	}
	return w
}

// dsns are the settings of the logins given, each as the role that shall be enough for it.
func (w *world) dsns(roles map[string]engine.Role) []string {
	var out []string
	for name, role := range roles {
		out = append(out, name+"="+w.db.DSN(role))
	}
	return out
}

// ends is what a command printed and how it ended.
type ends struct {
	out, err string
	code     int
}

func (e ends) String() string { return fmt.Sprintf("exit code %d\n%s%s", e.code, e.out, e.err) }

// voc runs one command to its end.
func (w *world) voc(environ []string, args ...string) ends {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 2*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	code := run(ctx, args, stdio{in: strings.NewReader(""), out: &out, err: &errs}, append(append([]string{}, w.environ...), environ...))
	return ends{out.String(), errs.String(), code}
}

// must runs one command that has to succeed.
func (w *world) must(environ []string, args ...string) ends {
	w.t.Helper()
	e := w.voc(environ, args...)
	if e.code != exitOK {
		w.t.Fatalf("voc %s: %s", strings.Join(args, " "), e)
	}
	return e
}

// written collects what a running command prints.
type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *written) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *written) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// running is a command that stays until it is told to stop.
type running struct {
	w        *world
	out, err written
	cancel   context.CancelFunc
	done     chan int
}

// start runs one command that stays.
func (w *world) start(environ []string, args ...string) *running {
	ctx, cancel := context.WithCancel(w.t.Context())
	r := &running{w: w, cancel: cancel, done: make(chan int, 1)}
	environ = append(append([]string{}, w.environ...), environ...)
	go func() { r.done <- run(ctx, args, stdio{in: strings.NewReader(""), out: &r.out, err: &r.err}, environ) }()
	return r
}

// stop ends the command and returns what it printed.
func (r *running) stop() ends {
	r.w.t.Helper()
	r.cancel()
	select {
	case code := <-r.done:
		return ends{r.out.String(), r.err.String(), code}
	case <-time.After(time.Minute):
		r.w.t.Fatalf("the command did not stop within a minute: %s%s", r.out.String(), r.err.String())
		return ends{}
	}
}

// await waits until ok, while the command runs.
func (r *running) await(what string, ok func() bool) {
	r.w.t.Helper()
	deadline := time.After(time.Minute)
	for !ok() {
		select {
		case code := <-r.done:
			r.w.t.Fatalf("waiting for %s, but the command ended with %d: %s%s", what, code, r.out.String(), r.err.String())
		case <-deadline:
			r.w.t.Fatalf("%s did not come within a minute: %s%s", what, r.out.String(), r.err.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

var pagesPrinted = regexp.MustCompile(`voc serve: (http\S+)`)

// page opens an address of a running voc serve.
func (r *running) page(path string) (int, string) {
	r.w.t.Helper()
	var base string
	r.await("the pages' address", func() bool {
		if m := pagesPrinted.FindStringSubmatch(r.out.String()); m != nil {
			base = m[1]
		}
		return base != ""
	})
	u, err := url.JoinPath(base, path)
	if err != nil {
		r.w.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(r.w.t.Context(), http.MethodGet, u, nil)
	if err != nil {
		r.w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		r.w.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// produce sends messages to a topic.
func (w *world) produce(topic string, transport *kafka.Transport, values ...string) {
	w.t.Helper()
	p := &kafka.Writer{Addr: kafka.TCP(w.kafka.Addr()), Topic: topic, RequiredAcks: kafka.RequireAll, BatchTimeout: 5 * time.Millisecond}
	if transport != nil {
		p.Transport = transport
	}
	var messages []kafka.Message
	for _, v := range values {
		messages = append(messages, kafka.Message{Value: []byte(v)})
	}
	if err := errors.Join(p.WriteMessages(w.t.Context(), messages...), p.Close()); err != nil {
		w.t.Fatal(err)
	}
}

// counted says how many posts the numbers of the days know.
func (w *world) counted() uint64 {
	var n uint64
	if err := w.db.Conn.QueryRow(w.t.Context(), "SELECT sum(posts) FROM "+w.db.Database+".community_daily").Scan(&n); err != nil {
		return 0
	}
	return n
}

// behind says how many records the group of a configuration has not committed.
func (w *world) behind(environ []string) int64 {
	w.t.Helper()
	a := app{environ: append(append([]string{}, w.environ...), environ...)}
	cfg, err := a.loadConfig()
	if err != nil {
		w.t.Fatal(err)
	}
	client, err := kafkaClient(cfg.Kafka)
	if err != nil {
		w.t.Fatal(err)
	}
	lag, _, err := groupLag(w.t.Context(), client, cfg.Kafka)
	if err != nil {
		w.t.Fatal(err)
	}
	return lag
}

// file writes a file of the test and returns its path.
func (w *world) file(name, content string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// postsOfAWeek are two posts of two communities in 2026-W46.
var postsOfAWeek = []string{
	`{"post_id":"p1","event":"created","version":1,"posted_at":"2026-11-10T09:00:00+09:00","community":"shop","source":"community","author":{"id":"u-1","role":"member"},"body":"値段は高いけどサポートは最高です"}`,
	`{"post_id":"p2","event":"created","version":1,"posted_at":"2026-11-11T09:00:00+09:00","community":"shop","source":"community","author":{"id":"u-2","role":"member"},"body":"ログインできません。どうすればいいですか?"}`,
}
