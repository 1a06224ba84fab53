package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl/plain"

	"voc/ingest/broker"
	"voc/schema/engine"
)

// printed is everything that commands showed, by what provoked it.
type printed struct {
	t       *testing.T
	secrets []string
	checked int
}

// keep looks for secrets in a text, as they are and as they travel.
func (p *printed) keep(what, text string) {
	p.t.Helper()
	p.checked++
	for _, s := range p.secrets {
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s), base64.StdEncoding.EncodeToString([]byte(s)), fmt.Sprintf("%x", s)} {
			if i := strings.Index(text, form); i >= 0 {
				p.t.Errorf("%s prints the secret %q: …%s", what, s, text[max(0, i-120):min(len(text), i+len(form)+20)])
				return
			}
		}
	}
}

// TestSecretsStaySecret runs the commands at debug level with a marker for every secret, well and badly, and looks for
// the markers in all that comes out: both streams, the operations endpoint, the pages and the command lines.
func TestSecretsStaySecret(t *testing.T) {
	const saslPassword = "MARK-sasl/+pass word"
	w := newWorld(t, broker.Config{SASL: &broker.SASL{Mechanism: "PLAIN", Username: "voc", Password: saslPassword}})
	transport := &kafka.Transport{SASL: plain.Mechanism{Username: "voc", Password: saslPassword}}
	p := &printed{t: t, secrets: []string{
		"MARK-", saslPassword, w.db.Server().Password(engine.Admin), w.db.Server().Password(engine.Writer), w.db.Server().Password(engine.Reader),
		"taro@example.jp", "090-1234-5678",
	}}
	right := append(w.dsns(map[string]engine.Role{"VOC_CLICKHOUSE_ADMIN_DSN": engine.Admin, "VOC_CLICKHOUSE_DSN": engine.Writer, "VOC_CLICKHOUSE_READER_DSN": engine.Reader}),
		"VOC_LOG_LEVEL=debug", "VOC_PRIVACY_KEY=MARK-privacy-key-0123456789", "VOC_HTTP_LISTEN=127.0.0.1:0",
		"VOC_KAFKA_SASL_MECHANISM=PLAIN", "VOC_KAFKA_SASL_USERNAME=voc", "VOC_KAFKA_SASL_PASSWORD="+saslPassword,
		"VOC_PRIVACY_PREVIOUS_KEYS=MARK-previous-key-0123456789\nMARK-older-key-0123456789", "VOC_SERVE_OIDC_CLIENT_SECRET=MARK-oidc-secret", "VOC_SERVE_OIDC_CLIENT_ID=voc")
	commands := [][]string{
		{"config", "check"}, {"config", "dump"}, {"run", "--check"}, {"migrate", "status"}, {"migrate", "plan"}, {"migrate", "up"}, {"doctor"},
		{"query", "SELECT count() FROM posts"}, {"query", "SELECT count() FROM nothing"}, {"explain", "p1"}, {"replay", "list"}, {"retag"},
		{"report", "weekly", "--week", "2026-W46", "--out", w.dir}, {"serve", "user", "list"},
		{"forget", "--yes", "--author", "u-9", "--settle", "10ms", "--data-dir", "none"},
	}
	few := [][]string{{"config", "dump"}, {"migrate", "status"}, {"query", "SELECT 1"}, {"doctor"}}
	all := func(what string, environ []string, commands [][]string) {
		for _, args := range commands {
			e := w.voc(environ, args...)
			p.keep(what+": voc "+strings.Join(args, " "), e.String())
		}
	}

	// Everything is right.
	w.must(right, "migrate", "up")
	w.produce(w.topics[0], transport, append([]string{
		`{"post_id":"p3","posted_at":"2026-11-10T09:00:00+09:00","community":"shop","body":"連絡は taro@example.jp か 090-1234-5678 へ"}`,
		`{"post_id":"p4","posted_at":"taro@example.jp","community":"shop","body":"090-1234-5678"}`,
		`{"post_id":"p5","body":"090-1234-5678","taro@example.jp":1}`, `taro@example.jp 090-1234-5678`,
	}, postsOfAWeek...)...)
	r := w.start(right, "run")
	r.await("three posts", func() bool { return w.counted() == 3 })
	ops := regexp.MustCompile(`operations=(\S+)`).FindStringSubmatch(r.err.String())
	if ops == nil {
		t.Fatalf("the log does not say where the operations endpoint is: %s", r.err.String())
	}
	for _, path := range []string{"/metrics", "/readyz", "/healthz"} {
		p.keep(path, fetch(t, "http://"+ops[1]+path))
	}
	p.keep("voc run", r.stop().String())
	all("right", right, commands)
	s := w.start(right, "serve")
	_, page := s.page("/")
	p.keep("the first page", page)
	p.keep("voc serve", s.stop().String())

	// A login is wrong, a server is away, the settings are broken.
	addr := func() string {
		u, err := url.Parse(w.db.DSN(engine.Writer))
		if err != nil {
			t.Fatal(err)
		}
		return u.Host
	}()
	dsns := func(dsn string) []string {
		return []string{"VOC_CLICKHOUSE_DSN=" + dsn, "VOC_CLICKHOUSE_ADMIN_DSN=" + dsn, "VOC_CLICKHOUSE_READER_DSN=" + dsn}
	}
	closed := closedPort(t)
	for what, environ := range map[string][]string{
		"wrong password":            dsns("clickhouse://voc_writer:MARK-clickhouse@" + addr + "/"),
		"wrong password, in query":  dsns("clickhouse://" + addr + "/?username=voc_writer&password=MARK-query&token=MARK-token"),
		"ClickHouse away":           dsns("clickhouse://voc_writer:MARK-clickhouse@" + closed + "/"),
		"unknown host":              dsns("clickhouse://voc_writer:MARK-clickhouse@no-such-host.invalid:9000/"),
		"TLS to plain text":         dsns("clickhouse://voc_writer:MARK-clickhouse@" + addr + "/?secure=true"),
		"unknown setting in DSN":    dsns("clickhouse://voc_writer:MARK-clickhouse@" + addr + "/?x=MARK-y"),
		"DSN that cannot be read":   dsns("clickhouse://voc_writer:MARK-click%zzhouse@" + addr + "/"),
		"DSN without scheme":        dsns("voc_writer:MARK-clickhouse@" + addr),
		"DSN with a bad port":       dsns("clickhouse://voc_writer:MARK-clickhouse@host:MARK-port/"),
		"DSN with a bad parameter":  dsns("clickhouse://voc_writer:MARK-clickhouse@" + addr + "/?dial_timeout=soon"),
		"wrong SASL password":       {"VOC_KAFKA_SASL_PASSWORD=MARK-wrong"},
		"Kafka away":                {"VOC_KAFKA_BROKERS=" + closed},
		"short key":                 {"VOC_PRIVACY_KEY=MARK-short"},
		"misspelt variable":         {"VOC_PRIVACY_KEEY=MARK-misspelt"},
		"SASL mechanism is unknown": {"VOC_KAFKA_SASL_MECHANISM=MORE"},
	} {
		which := few
		if what == "wrong password" || what == "Kafka away" {
			which = commands
		}
		all(what, slices.Concat(right, environ), which)
		r := w.start(slices.Concat(right, environ), "run")
		for range 100 {
			if strings.Contains(r.err.String(), "level=WARN") || strings.Contains(r.err.String(), "level=ERROR") || len(r.done) > 0 {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		p.keep(what+": voc run", r.stop().String())
	}
	for name, text := range map[string]string{
		"list.yaml": "privacy: {key: [MARK-list]}", "unknown.yaml": "privacy:\n  MARK-key: 1\n  keyy: MARK-value", "broken.yaml": "privacy:\n  key: \"MARK-open\n kafka: [",
		"tag.yaml": "privacy: {key: !!binary MARK-binary}", "number.yaml": "kafka: {heartbeat: MARK-duration, sasl: {password: {a: MARK-map}}}",
	} {
		file := w.file(name, strings.ReplaceAll(text, "MARK-key: 1\n  ", ""))
		for _, args := range [][]string{{"config", "check"}, {"config", "dump"}, {"run", "--check"}} {
			e := w.voc(nil, append(args, "--config", file)...)
			if e.code == exitOK && name != "tag.yaml" {
				t.Errorf("%s is taken: %s", name, e)
			}
			p.keep(name, strings.ReplaceAll(e.String(), "MARK-duration", "")) // a duration is no secret and is quoted
		}
	}
	for _, set := range []string{
		"privacy.key=MARK-set-0123456789", "privacy.key:MARK-set", "privacy.key MARK-set", "privacy.keyy=MARK-set", "kafka.sasl.password=MARK-set",
		"clickhouse.dsn=clickhouse://u:MARK-set@h:1/", "clickhouse.dsn=clickhouse://h:1/?password=MARK-set", "clickhouse.dsn=clickhouse://u:MARK%zz@h:1/", "serve.oidc.client_secret=MARK-set",
	} {
		e := w.voc(nil, "config", "check", "--set", set)
		if e.code != exitUsage {
			t.Errorf("a secret on the command line is taken: %s: %s", set, e)
		}
		p.keep("--set "+set, e.String())
	}
	if e := w.voc(right, "run", "--clickhouse", "clickhouse://u:MARK-flag@h:1/"); e.code != exitUsage || strings.Contains(e.String(), "MARK-") {
		t.Errorf("a password in --clickhouse: %s", e)
	}
	t.Run("oidc", func(t *testing.T) {
		s := w.start(slices.Concat(right, []string{"VOC_SERVE_AUTH=oidc", "VOC_SERVE_OIDC_ISSUER=http://" + closed, "VOC_SERVE_PUBLIC_URL=http://localhost"}), "serve")
		if code, page := s.page("/login/start"); code != http.StatusBadGateway {
			t.Errorf("the login answers %d: %s", code, page)
		}
		p.keep("login", s.stop().String())
	})

	// What other users of the machine can see, and what the server need not know.
	pid := fmt.Sprint(w.db.Server().PID())
	for _, name := range []string{"cmdline", "environ"} {
		b, err := os.ReadFile(filepath.Join("/proc", pid, name))
		if err != nil {
			t.Fatal(err)
		}
		p.keep("/proc/"+name+" of the embedded server", string(b))
		if name == "environ" && strings.Contains(string(b), "VOC_PRIVACY") {
			t.Error("the embedded server is given the settings of voc")
		}
	}
	if p.checked < 140 {
		t.Errorf("only %d texts were looked at", p.checked)
	}
	control := &printed{t: &testing.T{}, secrets: p.secrets}
	control.keep("control", "password=MARK-x")
	if !control.t.Failed() {
		t.Error("a printed secret is not found; the test proves nothing")
	}
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// closedPort is an address on which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
