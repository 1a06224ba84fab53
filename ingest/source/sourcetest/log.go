package sourcetest

import (
	"log/slog"
	"sync/atomic"
	"testing"
)

// Log returns a logger that writes to the test's output, until the test has ended.
func Log(t testing.TB) *slog.Logger {
	w := &writer{t: t}
	t.Cleanup(func() { w.closed.Store(true) })
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

type writer struct {
	t      testing.TB
	closed atomic.Bool
}

func (w *writer) Write(b []byte) (int, error) {
	if !w.closed.Load() {
		w.t.Log(string(b[:max(0, len(b)-1)]))
	}
	return len(b), nil
}
