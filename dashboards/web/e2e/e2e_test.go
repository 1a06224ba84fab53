//go:build e2e

// Package e2e clicks through the pages in headless Chromium. It needs Chromium and what `npm ci` installs here; run it
// with `make test-e2e`. The pictures that it takes are for looking at: they stay in the folder VOC_E2E_SHOTS.
package e2e

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"voc/dashboards/dashtest"
	"voc/dashboards/web"
	"voc/dashboards/wording"
	"voc/schema/chtest"
	"voc/schema/engine"
)

func TestMain(m *testing.M) { chtest.Main(m) }

func TestInChromium(t *testing.T) {
	db := chtest.Open(t)
	dashtest.Fill(t, db, 1)
	names, err := wording.Default(db.Calendar.Zone())
	if err != nil {
		t.Fatal(err)
	}
	s, err := web.New(web.Config{
		Conn: db.As(t, engine.Reader), Names: names, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Timeout: time.Minute, Weeks: 8,
		Now: func() time.Time { return dashtest.Week().AddDate(0, 0, 7) },
	})
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	shots := os.Getenv("VOC_E2E_SHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	out, err := exec.CommandContext(t.Context(), "node", "e2e.mjs", server.URL, shots).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}
