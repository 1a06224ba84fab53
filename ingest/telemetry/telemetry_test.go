package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestEndpoints(t *testing.T) {
	s, err := Listen(t.Context(), "127.0.0.1:0", NewRegistry(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var kafka error
	s.AddCheck("kafka", func(context.Context) error { return kafka })
	s.AddCheck("clickhouse", func(context.Context) error { return nil })
	s.Start()
	defer func() { _ = s.Stop(t.Context()) }()
	url := "http://" + s.Addr()
	if code, body := get(t, url+"/metrics"); code != 200 || !strings.Contains(body, "go_goroutines") {
		t.Errorf("/metrics: %d %.80s", code, body)
	}
	if code, _ := get(t, url+"/healthz"); code != 200 {
		t.Errorf("/healthz: %d", code)
	}
	if code, body := get(t, url+"/readyz"); code != 200 || !strings.Contains(body, `"ready":true`) {
		t.Errorf("/readyz: %d %s", code, body)
	}
	kafka = errors.New("not joined")
	code, body := get(t, url+"/readyz")
	var r readiness
	if err := json.Unmarshal([]byte(body), &r); err != nil || code != 503 || r.Ready || r.Checks["kafka"] != "not joined" || r.Checks["clickhouse"] != "ok" {
		t.Errorf("/readyz: %d %s (%v)", code, body, err)
	}
	if code, _ := get(t, url+"/"); code != 404 {
		t.Errorf("/: %d", code)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := Listen(t.Context(), "no port", NewRegistry(), nil); err == nil || !strings.Contains(err.Error(), "http.listen") {
		t.Errorf("got %v", err)
	}
}

func TestNewLogger(t *testing.T) {
	var b strings.Builder
	l, err := NewLogger(&b, "warn", "json")
	if err != nil {
		t.Fatal(err)
	}
	l.Info("hidden")
	l.Warn("shown")
	var line map[string]any
	if err := json.Unmarshal([]byte(b.String()), &line); err != nil || line["msg"] != "shown" {
		t.Errorf("logged %q", b.String())
	}
	for _, c := range [][2]string{{"loud", "text"}, {"info", "xml"}, {"info+1", "text"}} {
		if _, err := NewLogger(&b, c[0], c[1]); err == nil {
			t.Errorf("%v is accepted", c)
		}
	}
}
