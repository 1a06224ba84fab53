package reload_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"voc/ingest/reload"
)

// world is a file and what is in use.
type world struct {
	t    *testing.T
	file string
	reg  *prometheus.Registry
	w    *reload.Watcher

	mu     sync.Mutex
	used   []string
	builds int
	away   bool
}

func newWorld(t *testing.T, content string, interval time.Duration) *world {
	x := &world{t: t, file: filepath.Join(t.TempDir(), "taxonomy.yaml"), reg: prometheus.NewRegistry()}
	x.write(content)
	w, err := reload.New(reload.Config{Files: []string{x.file}, Interval: interval}, reload.Deps{Build: x.build, Current: content, Registry: x.reg})
	if err != nil {
		t.Fatal(err)
	}
	x.w = w
	return x
}

func (x *world) write(content string) {
	if err := os.WriteFile(x.file, []byte(content), 0o600); err != nil {
		x.t.Fatal(err)
	}
}

// build takes the first line of the file for what it means.
func (x *world) build(context.Context) (reload.Candidate, error) {
	b, err := os.ReadFile(x.file)
	if err != nil {
		return reload.Candidate{}, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.builds++
	name, _, _ := strings.Cut(string(b), "\n")
	if strings.Contains(name, "broken") {
		return reload.Candidate{}, errors.New("line 1: topics is not a list")
	}
	return reload.Candidate{Name: name, Use: func(context.Context) error {
		x.mu.Lock()
		defer x.mu.Unlock()
		if x.away {
			return errors.New("the database is away")
		}
		x.used = append(x.used, name)
		return nil
	}}, nil
}

func (x *world) state() (used string, builds int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return strings.Join(x.used, " "), x.builds
}

func (x *world) count(result string) float64 {
	v := 0.0
	mfs, err := x.reg.Gather()
	if err != nil {
		x.t.Fatal(err)
	}
	for _, mf := range mfs {
		for _, m := range mf.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetValue() == result {
					v = m.GetCounter().GetValue()
				}
			}
		}
	}
	return v
}

func TestAChangedFileIsPutToUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newWorld(t, "one", time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go x.w.Run(ctx)
		pass := func(d time.Duration) { time.Sleep(d); synctest.Wait() }
		pass(5500 * time.Millisecond)
		if used, builds := x.state(); used != "" || builds != 0 {
			t.Errorf("without a change, %q is used after %d builds", used, builds)
		}
		x.write("two")
		pass(time.Second)
		if used, _ := x.state(); used != "" {
			t.Errorf("%q is used after one look; the editor may still be writing", used)
		}
		pass(time.Second)
		if used, _ := x.state(); used != "two" || x.count("ok") != 1 {
			t.Errorf("used: %q, ok: %v; want two, 1", used, x.count("ok"))
		}

		x.write("broken")
		pass(10 * time.Second)
		used, builds := x.state()
		if used != "two" || builds != 2 || x.count("broken") != 1 {
			t.Errorf("a broken file: used %q, %d builds, counted %v; want it told once", used, builds, x.count("broken"))
		}
		if p := x.w.Problem(); !strings.Contains(p, "line 1: topics is not a list") || !strings.Contains(p, "two stays in use") {
			t.Errorf("the problem is %q", p)
		}
		x.write("two\n# a remark")
		pass(3 * time.Second)
		if used, _ := x.state(); used != "two" || x.count("unchanged") != 1 || x.w.Problem() != "" {
			t.Errorf("a remark: used %q, unchanged %v, problem %q", used, x.count("unchanged"), x.w.Problem())
		}
		if err := os.Remove(x.file); err != nil {
			t.Fatal(err)
		}
		pass(3 * time.Second)
		if used, _ := x.state(); used != "two" || x.w.Problem() == "" {
			t.Errorf("without the file: used %q, problem %q", used, x.w.Problem())
		}

		x.mu.Lock()
		x.away = true
		x.mu.Unlock()
		x.write("three")
		pass(5 * time.Second)
		if used, _ := x.state(); used != "two" || x.count("postponed") < 2 {
			t.Errorf("while it cannot be used: used %q, postponed %v; want further attempts", used, x.count("postponed"))
		}
		x.mu.Lock()
		x.away = false
		x.mu.Unlock()
		pass(2 * time.Second)
		if used, _ := x.state(); used != "two three" || x.w.Problem() != "" {
			t.Errorf("used %q, problem %q; want three", used, x.w.Problem())
		}
	})
}

func TestTrigger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newWorld(t, "one", 0)
		ctx, cancel := context.WithCancel(t.Context())
		go x.w.Run(ctx)
		x.write("two")
		time.Sleep(time.Hour)
		if used, _ := x.state(); used != "" {
			t.Errorf("%q is used although nobody asked", used)
		}
		if err := x.w.Trigger(ctx); err != nil {
			t.Error(err)
		}
		x.write("broken")
		for range 2 {
			if err := x.w.Trigger(ctx); err == nil {
				t.Error("a broken file is good")
			}
		}
		if used, _ := x.state(); used != "two" {
			t.Errorf("used: %q, want two", used)
		}
		cancel()
		synctest.Wait()
		if err := x.w.Trigger(ctx); err == nil {
			t.Error("a stopped watcher looked")
		}
	})
}

func TestMetricsAreThereFromTheStart(t *testing.T) {
	x := newWorld(t, "one", 0)
	n := 0
	mfs, err := x.reg.Gather()
	for _, mf := range mfs {
		if mf.GetName() == "voc_taxonomy_reload_total" {
			n = len(mf.GetMetric())
		}
	}
	if err != nil || n != 4 {
		t.Errorf("%d series, %v; want one a result", n, err)
	}
	if _, err := reload.New(reload.Config{}, reload.Deps{}); err == nil {
		t.Error("a watcher that cannot build was made")
	}
}
