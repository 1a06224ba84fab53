package faulttest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"voc/ingest/faulttest/points"
)

// Worker is one process of voc run.
type Worker struct {
	Name   string
	group  string
	cmd    *exec.Cmd
	log    string
	exited chan struct{}
	err    error // of the process; read after exited

	mu       sync.Mutex
	expected bool // its end was brought about by the harness
}

// command says how workers of a seed are started.
type command struct {
	binary, config, orders, off string
}

// start runs a worker whose output goes to a file.
func (c command) start(name, group, logFile string) (*Worker, error) {
	out, err := os.OpenFile(logFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(c.binary, "run", "--config", c.config, "--group", group)
	cmd.Env = append(environ(), points.DirEnv+"="+c.orders, points.OffEnv+"="+c.off, "GOMAXPROCS=2")
	cmd.Stdout, cmd.Stderr = out, out
	// A worker must not outlive a harness that is killed. The kernel watches the thread that started it, so that thread
	// is kept until the worker exits.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	w := &Worker{Name: name, group: group, cmd: cmd, log: logFile, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			w.err = cmd.Wait()
		}
		close(w.exited)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	return w, nil
}

// environ is the environment without settings of voc.
func environ() []string {
	var out []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "VOC_") {
			out = append(out, kv)
		}
	}
	return out
}

// PID of the process.
func (w *Worker) PID() int { return w.cmd.Process.Pid }

// Alive says whether the process has not ended.
func (w *Worker) Alive() bool {
	select {
	case <-w.exited:
		return false
	default:
		return true
	}
}

func (w *Worker) expect() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = true
}

// Kill is kill -9.
func (w *Worker) Kill() {
	w.expect()
	_ = w.cmd.Process.Kill()
	<-w.exited
}

// Suspend and Continue make a zombie and wake it.
func (w *Worker) Suspend() { _ = w.cmd.Process.Signal(syscall.SIGSTOP) }

// Continue wakes a suspended process.
func (w *Worker) Continue() { _ = w.cmd.Process.Signal(syscall.SIGCONT) }

// Stop asks the worker to end softly and waits for it.
func (w *Worker) Stop(within time.Duration) error {
	w.expect()
	w.Continue()
	_ = w.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-w.exited:
	case <-time.After(within):
		_ = w.cmd.Process.Kill()
		<-w.exited
		return fmt.Errorf("worker %s did not end within %s of a soft stop; its last words: %s", w.Name, within, w.lastWords())
	}
	if w.err != nil {
		return fmt.Errorf("worker %s ended with %w; its last words: %s", w.Name, w.err, w.lastWords())
	}
	return nil
}

// died returns an error, once, when the worker has ended by itself, which it must never do. Orders end it by SIGKILL.
func (w *Worker) died() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.Alive() || w.expected {
		return nil
	}
	w.expected = true
	if exit, ok := errors.AsType[*exec.ExitError](w.err); ok {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGKILL {
			return nil
		}
	}
	return fmt.Errorf("worker %s ended by itself (%w); its last words: %s", w.Name, errors.Join(errEnded, w.err), w.lastWords())
}

var errEnded = errors.New("nobody asked it to")

func (w *Worker) lastWords() string {
	raw, err := os.ReadFile(w.log)
	if err != nil {
		return err.Error()
	}
	lines := bytes.Split(bytes.TrimSpace(raw), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-6):], []byte(" / ")))
}
