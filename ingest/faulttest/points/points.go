// Package points ends and suspends a worker between two named steps of its work, and switches single safeties off.
//
// It is linked into cmd/voc only when that is built with the tag faultpoints, which the fault harness does and a
// release never does. It decides nothing: the harness writes one order at a time into a folder, and the first worker
// that comes to the step carries it out on itself.
package points

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"voc/ingest"
)

// The environment of a worker under test. The names do not begin with VOC_, because those are settings.
const (
	DirEnv = "FAULTPOINTS_DIR" // folder of orders
	OffEnv = "FAULTPOINTS_OFF" // safety that is switched off, one of Safeties
)

// Action is what a worker does to itself.
type Action string

// The actions of an order.
const (
	Kill Action = "kill" // as kill -9 does
	Stop Action = "stop" // suspended until somebody sends SIGCONT
)

// Steps are the names that an order may give, in the order of a batch; the last two are those of a rebuild.
func Steps() []string {
	return []string{
		"fetched", "analysed", "looked up", "early deletions written", "post_registry written", "post_facts written",
		"activity_facts written", "survey_facts written", "letters sent", "record_outcomes written", "dead_letter_facts written",
		"window_marks written", "committed", RollupRead, RollupWrote,
	}
}

// The steps of a rebuild.
const (
	RollupRead  = "rollup read the marks"
	RollupWrote = "rollup wrote the windows"
)

// Order is one fault for whichever worker comes first.
type Order struct {
	Action Action
	Step   string
	After  int // how often the worker passes the step before it obeys
}

const (
	armed = "armed"
	fired = "fired."
)

// Arm gives an order, replacing one that nobody has carried out.
func Arm(dir string, o Order) error {
	tmp := filepath.Join(dir, "order.tmp")
	if err := os.WriteFile(tmp, fmt.Appendf(nil, "%s\t%d\t%s", o.Action, o.After, o.Step), 0o600); err != nil {
		return fmt.Errorf("arm a fault point: %w", err)
	}
	if err := os.Rename(tmp, filepath.Join(dir, armed)); err != nil {
		return fmt.Errorf("arm a fault point: %w", err)
	}
	return nil
}

// Disarm takes the order back and reports whether it was still there.
func Disarm(dir string) bool { return os.Remove(filepath.Join(dir, armed)) == nil }

// Fired returns the process that carried out an order, once.
func Fired(dir string) (pid int, ok bool) {
	names, err := filepath.Glob(filepath.Join(dir, fired+"*"))
	if err != nil || len(names) == 0 {
		return 0, false
	}
	pid, err = strconv.Atoi(strings.TrimPrefix(filepath.Base(names[0]), fired))
	return pid, err == nil && os.Remove(names[0]) == nil
}

// Points is the part inside of the worker.
type Points struct {
	dir, off string

	mu     sync.Mutex
	order  string
	passed int
}

// New reads the environment.
func New(environ []string) *Points {
	p := &Points{}
	for _, kv := range environ {
		switch name, value, _ := strings.Cut(kv, "="); name {
		case DirEnv:
			p.dir = value
		case OffEnv:
			p.off = value
		}
	}
	return p
}

// Instrument puts the points into a pipeline, and takes the safety out of it.
func (p *Points) Instrument(cfg ingest.Config, deps *ingest.Deps) error {
	if p.dir != "" {
		deps.Step = p.At
	}
	return p.switchOff(cfg, deps)
}

// At obeys the order for this step, if there is one.
func (p *Points) At(step string) {
	if p.dir == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	raw, err := os.ReadFile(filepath.Join(p.dir, armed))
	if err != nil {
		return
	}
	f := strings.SplitN(string(raw), "\t", 3)
	if len(f) != 3 || f[2] != step {
		return
	}
	if p.order != string(raw) {
		p.order, p.passed = string(raw), 0
	}
	if after, err := strconv.Atoi(f[1]); err != nil || p.passed < after {
		p.passed++
		return
	}
	p.order = ""
	// Of several workers at the step, the one whose rename succeeds obeys.
	if os.Rename(filepath.Join(p.dir, armed), filepath.Join(p.dir, fired+strconv.Itoa(os.Getpid()))) != nil {
		return
	}
	signal := syscall.SIGKILL
	if Action(f[0]) == Stop {
		signal = syscall.SIGSTOP
	}
	_ = syscall.Kill(os.Getpid(), signal)
	if signal == syscall.SIGKILL {
		select {} // the signal may take a moment; nothing more must happen until then
	}
}

// Conn puts the steps of a rebuild around the statements of a connection.
func (p *Points) Conn(conn driver.Conn) driver.Conn { return &rollupConn{Conn: conn, p: p} }

type rollupConn struct {
	driver.Conn
	p *Points
}

// Exec implements driver.Conn: a rollup executes nothing but the inserts of windows.
func (c *rollupConn) Exec(ctx context.Context, query string, args ...any) error {
	c.p.At(RollupRead)
	if err := c.Conn.Exec(ctx, query, args...); err != nil {
		return err
	}
	c.p.At(RollupWrote)
	return nil
}
