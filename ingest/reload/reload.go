// Package reload takes up a changed taxonomy or dictionary while the process runs.
//
// It watches files by their content, so that an editor's rename, a changed link and a coarse clock make no difference,
// and hands what is new to its caller to be built and put to use. What cannot be built never replaces what is in use:
// it is told once, counted, and shown until the file is good again. The package knows nothing of taxonomies.
package reload

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// maxFile is the largest file that is read; a taxonomy has some 100 kB.
const maxFile = 64 << 20

// Config of a watcher.
type Config struct {
	// Files are watched together: a change of one builds all anew.
	Files []string
	// Interval is the time between two looks; 0 means only when [Watcher.Trigger] is called.
	Interval time.Duration
}

// Candidate is what was built from the files.
type Candidate struct {
	// Name tells two candidates apart: those of one name are the same.
	Name string
	// Use puts it to use. An error leaves what was in use, and it is tried again.
	Use func(ctx context.Context) error
}

// Deps are what a watcher needs from outside.
type Deps struct {
	// Build reads and checks the files. Its error says what is wrong with them.
	Build func(ctx context.Context) (Candidate, error)
	// Current is the name of what is in use at first.
	Current  string
	Log      *slog.Logger          // nil discards
	Registry prometheus.Registerer // nil registers nothing
}

// The results of a look at changed files, as the metric names them.
const (
	resultOK        = "ok"        // put to use
	resultUnchanged = "unchanged" // other bytes, same meaning
	resultBroken    = "broken"    // cannot be built; the one in use stays
	resultPostponed = "postponed" // could not be put to use yet
)

// Watcher watches files. Run runs it, once.
type Watcher struct {
	cfg     Config
	deps    Deps
	trigger chan chan error
	results *prometheus.CounterVec
	used    prometheus.Gauge

	current string // name of what is in use
	loaded  string // fingerprint of the files it was built from
	seen    string // fingerprint at the last look
	broken  string // fingerprint that cannot be built

	mu      sync.Mutex
	problem string
}

// New returns a watcher that takes the files as they are now for what is in use.
func New(cfg Config, deps Deps) (*Watcher, error) {
	if deps.Build == nil {
		return nil, errors.New("reload: a function that builds is needed")
	}
	if cfg.Interval < 0 {
		return nil, fmt.Errorf("reload: interval is %s; it must not be negative", cfg.Interval)
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	w := &Watcher{
		cfg: cfg, deps: deps, current: deps.Current, trigger: make(chan chan error),
		results: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "voc_taxonomy_reload_total", Help: "Changes of the taxonomy or the user dictionary, by result: ok, unchanged, broken or postponed.",
		}, []string{"result"}),
		used: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "voc_taxonomy_reload_timestamp_seconds", Help: "When a changed taxonomy or user dictionary was last put to use; 0 for never.",
		}),
	}
	for _, r := range []string{resultOK, resultUnchanged, resultBroken, resultPostponed} {
		w.results.WithLabelValues(r)
	}
	if deps.Registry != nil {
		deps.Registry.MustRegister(w.results, w.used)
	}
	w.loaded = fingerprint(cfg.Files)
	w.seen = w.loaded
	return w, nil
}

// Run looks at the files until ctx ends.
func (w *Watcher) Run(ctx context.Context) {
	var tick <-chan time.Time
	if w.cfg.Interval > 0 && len(w.cfg.Files) > 0 {
		t := time.NewTicker(w.cfg.Interval)
		defer t.Stop()
		tick = t.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
			_ = w.look(ctx, false) // told and shown by look
		case done := <-w.trigger:
			done <- w.look(ctx, true)
		}
	}
}

// Trigger looks at the files at once and returns what is wrong with them. Run must be running.
func (w *Watcher) Trigger(ctx context.Context) error {
	done := make(chan error, 1)
	select {
	case w.trigger <- done:
		return <-done
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Problem says why the files as they are now are not in use; empty when they are.
func (w *Watcher) Problem() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.problem
}

func (w *Watcher) tell(problem string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problem = problem
}

// look builds what has changed. Unless it was asked for, a change counts only when it is the same at two looks: an
// editor may be in the middle of writing.
func (w *Watcher) look(ctx context.Context, asked bool) error {
	now := fingerprint(w.cfg.Files)
	settled := now == w.seen
	w.seen = now
	switch {
	case now == w.loaded:
		if w.Problem() != "" {
			w.deps.Log.InfoContext(ctx, "the taxonomy is again the one in use", slog.String("revision", w.current))
			w.tell("")
		}
		w.broken = ""
		return nil
	case !asked && (!settled || now == w.broken):
		return nil
	}
	c, err := w.deps.Build(ctx)
	if err != nil {
		w.broken = now
		w.results.WithLabelValues(resultBroken).Inc()
		err = fmt.Errorf("the changed taxonomy or user dictionary is not used, %s stays in use: %w", w.current, err)
		w.tell(err.Error())
		w.deps.Log.ErrorContext(ctx, "the changed taxonomy or user dictionary cannot be used; the one in use stays",
			slog.String("revision", w.current), slog.Any("error", err))
		return err
	}
	if c.Name == w.current {
		w.results.WithLabelValues(resultUnchanged).Inc()
		w.loaded, w.broken = now, ""
		w.tell("")
		return nil
	}
	if err := c.Use(ctx); err != nil {
		w.results.WithLabelValues(resultPostponed).Inc()
		err = fmt.Errorf("the changed taxonomy is good but cannot be used yet, %s stays in use: %w", w.current, err)
		w.tell(err.Error())
		w.deps.Log.WarnContext(ctx, "the changed taxonomy cannot be put to use yet and is tried again", slog.Any("error", err))
		return err
	}
	w.deps.Log.InfoContext(ctx, "a changed taxonomy is in use", slog.String("revision", c.Name), slog.String("before", w.current))
	w.current, w.loaded, w.broken = c.Name, now, ""
	w.results.WithLabelValues(resultOK).Inc()
	w.used.SetToCurrentTime()
	w.tell("")
	return nil
}

// fingerprint is a hash of the files' contents; of a file that cannot be read, of the reason.
func fingerprint(files []string) string {
	h := sha256.New()
	for _, name := range files {
		content, err := read(name)
		if err != nil {
			fmt.Fprintf(h, "%s: %v\n", name, err)
			continue
		}
		fmt.Fprintf(h, "%s: %x\n", name, content)
	}
	return string(h.Sum(nil))
}

func read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(f, maxFile)); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}
