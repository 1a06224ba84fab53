// Package telemetry is how a running voc is watched: a Prometheus registry, structured logs, and an HTTP server with
// /metrics, /healthz and /readyz.
//
// It defines no metrics of the pipeline: each package registers its own. It imports no other package of voc.
package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// NewRegistry returns a registry that already knows the Go runtime and the process.
func NewRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// NewLogger returns a logger: level is debug, info, warn or error, format is text or json.
func NewLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil || strings.ContainsAny(level, "+-") {
		return nil, fmt.Errorf("log.level is %q; give debug, info, warn or error", level)
	}
	opts := &slog.HandlerOptions{Level: l}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	default:
		return nil, fmt.Errorf("log.format is %q; give text or json", format)
	}
}

// Check says what is wrong with one part of the process, or nil. It must return within a few seconds.
type Check func(ctx context.Context) error

// Server answers /metrics, /healthz and /readyz.
//
// /healthz is 200 for as long as the process runs. /readyz is 200 when every check passes and 503 otherwise; its body
// names each check and what is wrong.
type Server struct {
	ln   net.Listener
	http *http.Server
	log  *slog.Logger

	mu     sync.Mutex
	names  []string
	checks map[string]Check
	// notices say what is wrong without being a reason to take the worker away.
	notices map[string]func() string
}

// checkTimeout bounds all checks of one request together.
const checkTimeout = 6 * time.Second

// Listen opens the address. Port 0 lets the system choose; Addr tells which.
func Listen(ctx context.Context, addr string, gatherer prometheus.Gatherer, log *slog.Logger) (*Server, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("http.listen: %w", err)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Server{ln: ln, log: log, checks: map[string]Check{}}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(gatherer, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /readyz", s.ready)
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute}
	return s, nil
}

// AddCheck adds a check to /readyz, or replaces the one of that name.
func (s *Server) AddCheck(name string, c Check) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.checks[name]; !ok {
		s.names = append(s.names, name)
	}
	s.checks[name] = c
}

// AddNotice adds a remark to /readyz, or replaces the one of that name: what it returns is shown and makes nothing
// unready. It is left out while it is empty.
func (s *Server) AddNotice(name string, notice func() string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.notices == nil {
		s.notices = map[string]func() string{}
	}
	s.notices[name] = notice
}

// Addr is the address that the server listens on.
func (s *Server) Addr() string { return s.ln.Addr().String() }

// Start serves in the background.
func (s *Server) Start() {
	go func() {
		if err := s.http.Serve(s.ln); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("the operations endpoint has stopped", slog.Any("error", err))
		}
	}()
}

// Stop ends the server, started or not, and waits for requests in flight until ctx ends. It may be called again.
func (s *Server) Stop(ctx context.Context) error {
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("stop the operations endpoint: %w", err), s.http.Close())
	}
	_ = s.ln.Close() // Serve closes it too, if it was ever started
	return nil
}

// readiness is the body of /readyz.
type readiness struct {
	Ready  bool              `json:"ready"`
	Checks map[string]string `json:"checks"` // "ok", or what is wrong
	// Notices are what is wrong and yet no reason to take the worker away.
	Notices map[string]string `json:"notices,omitempty"`
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
	defer cancel()
	s.mu.Lock()
	names := append([]string(nil), s.names...)
	checks := make([]Check, len(names))
	for i, n := range names {
		checks[i] = s.checks[n]
	}
	notices := maps.Clone(s.notices)
	s.mu.Unlock()
	results := make([]error, len(names))
	var wg sync.WaitGroup
	for i, c := range checks {
		wg.Go(func() { results[i] = c(ctx) })
	}
	wg.Wait()
	body := readiness{Ready: true, Checks: map[string]string{}}
	for i, err := range results {
		body.Checks[names[i]] = "ok"
		if err != nil {
			body.Ready = false
			body.Checks[names[i]] = err.Error()
		}
	}
	for name, notice := range notices {
		if text := notice(); text != "" {
			if body.Notices == nil {
				body.Notices = map[string]string{}
			}
			body.Notices[name] = text
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !body.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.log.Debug("writing the answer of /readyz failed", slog.Any("error", err))
	}
}
