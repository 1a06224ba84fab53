package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// healthyAfter is how long a server must have run for its next crash to count as the first.
const healthyAfter = time.Minute

// Server is a running engine. Its methods may be called from any goroutine.
type Server struct {
	cfg    Config
	src    source
	files  layout
	creds  credentials
	lock   *os.File
	ports  ports
	logger *slog.Logger

	stopping  chan struct{} // closed by Stop
	stopOnce  sync.Once
	finished  chan struct{} // closed when the supervisor has ended
	finishErr error         // why the last child did not end well; read after finished

	mu       sync.Mutex
	pid      int
	restarts int
}

// Start starts the server and returns when it answers. The context bounds the start only; Stop ends the server.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("engine: Dir: %w", err)
	}
	cfg.Dir = dir
	src, err := findSource(cfg)
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, src: src, files: layout{dir}, logger: cfg.Logger,
		ports:    ports{TCP: cfg.TCPPort, HTTP: cfg.HTTPPort},
		stopping: make(chan struct{}), finished: make(chan struct{}),
	}
	if err := s.files.make(); err != nil {
		return nil, err
	}
	if s.lock, err = acquireLock(ctx, s.files.lock(), cfg.LockTimeout); err != nil {
		return nil, err
	}
	if s.creds, err = loadCredentials(s.files.credentials(), cfg.Readers); err != nil {
		return nil, errors.Join(err, s.lock.Close())
	}
	began := time.Now()
	child, err := s.launch(ctx)
	if err != nil {
		return nil, errors.Join(err, s.lock.Close())
	}
	s.logger.Info("ClickHouse started", "from", src.String(), "tcp", s.ports.TCP, "http", s.ports.HTTP,
		"pid", child.cmd.Process.Pid, "took", time.Since(began).Round(time.Millisecond))
	go s.supervise(child)
	return s, nil
}

// DSN returns the address and credentials of a role for clickhouse-go, in the first of Config.Databases.
func (s *Server) DSN(role Role) string { return s.DatabaseDSN(role, s.cfg.Databases[0]) }

// DatabaseDSN is DSN for another database. Writer and Reader have rights in Config.Databases only.
func (s *Server) DatabaseDSN(role Role, database string) string {
	u := url.URL{
		Scheme: "clickhouse",
		User:   url.UserPassword(string(role), s.creds[role]),
		Host:   net.JoinHostPort("127.0.0.1", strconv.Itoa(s.ports.TCP)),
		Path:   "/" + database,
	}
	return u.String()
}

// HTTPAddr returns host:port of the HTTP interface.
func (s *Server) HTTPAddr() string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.ports.HTTP))
}

// Password returns the password of a role, for clients that do not take a DSN.
func (s *Server) Password(role Role) string { return s.creds[role] }

// PID returns the process id of the child, or 0 while there is none.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pid
}

// Restarts returns how often the server was started again after a crash.
func (s *Server) Restarts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.restarts
}

// Stop ends the server and waits for it, at most until ctx ends; then the server is killed. It may be called again
// and returns the same result. The data folder is free afterwards.
func (s *Server) Stop(ctx context.Context) error {
	s.stopOnce.Do(func() { close(s.stopping) })
	select {
	case <-s.finished:
	case <-ctx.Done():
		if pid := s.PID(); pid != 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		<-s.finished
		if s.finishErr == nil {
			return fmt.Errorf("engine: the server was killed because it did not stop in time: %w", ctx.Err())
		}
	}
	return s.finishErr
}

// child is one running child process.
type child struct {
	cmd    *exec.Cmd
	pipe   io.Closer // closing it asks the child to end
	exited chan struct{}
	status error // how it ended; read after exited
	began  time.Time
}

// launch starts a child and waits until it answers. The ports that the first one got are kept for all later ones.
func (s *Server) launch(ctx context.Context) (*child, error) {
	if err := writeConfig(s.cfg, s.src, s.files, s.fixedPorts(ctx), s.creds); err != nil {
		return nil, err
	}
	if err := os.Remove(s.files.ready()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("engine: cannot remove an old file: %w", err)
	}
	c, err := s.spawn()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.StartTimeout)
	defer cancel()
	p, err := s.awaitReady(ctx, c)
	if err != nil {
		_ = c.pipe.Close()
		_ = c.cmd.Process.Kill()
		<-c.exited
		s.setPID(0)
		return nil, err
	}
	if s.ports != p { // at the first start only, before anyone reads them
		s.ports = p
	}
	return c, nil
}

// fixedPorts chooses ports for a binary, which cannot be asked which ones the operating system gave it.
func (s *Server) fixedPorts(ctx context.Context) ports {
	if s.src.library != "" {
		return s.ports
	}
	for _, port := range []*int{&s.ports.TCP, &s.ports.HTTP} {
		if *port != 0 {
			continue
		}
		if l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0"); err == nil {
			*port = l.Addr().(*net.TCPAddr).Port
			_ = l.Close()
		}
	}
	return s.ports
}

// spawn starts the program again as the child.
func (s *Server) spawn() (*child, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("engine: cannot find the running program: %w", err)
	}
	spec, err := json.Marshal(childSpec{
		Library: s.src.library, Binary: s.src.binary,
		Config: s.files.config(), Data: s.files.data(), Ready: s.files.ready(),
	})
	if err != nil {
		return nil, fmt.Errorf("engine: cannot encode the child's specification: %w", err)
	}
	console, err := os.OpenFile(s.files.console(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("engine: cannot open the console log: %w", err)
	}
	defer console.Close()
	cmd := exec.Command(exe)
	cmd.Dir = s.files.data()
	cmd.Env = append(childEnviron(os.Environ()), childEnv+"="+string(spec), "HOME="+s.files.home(), "TZ="+s.cfg.Timezone)
	cmd.Stdout, cmd.Stderr = console, console
	cmd.ExtraFiles = []*os.File{s.lock}
	cmd.SysProcAttr = sysProcAttr()
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("engine: cannot make the child's pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("engine: cannot start the child: %w", err)
	}
	s.setPID(cmd.Process.Pid)
	c := &child{cmd: cmd, pipe: pipe, exited: make(chan struct{}), began: time.Now()}
	go func() {
		c.status = cmd.Wait()
		close(c.exited)
	}()
	return c, nil
}

// childEnviron drops what would change the child: its own marker, HOME, the zone, which the library takes from the
// environment only, and the settings of Go's test tools, which would write profiles over those of the parent. It also
// drops the settings of voc, which hold secrets that the server must not know.
func childEnviron(env []string) []string {
	out := make([]string, 0, len(env))
	for _, e := range env {
		if strings.HasPrefix(e, "VOC_") || strings.HasPrefix(e, "HOME=") || strings.HasPrefix(e, "TZ=") || strings.HasPrefix(e, "GOCOVERDIR=") {
			continue
		}
		out = append(out, e)
	}
	return out
}

// awaitReady waits until the child listens and the HTTP interface answers, and returns the ports.
func (s *Server) awaitReady(ctx context.Context, c *child) (ports, error) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if p, ok := s.probe(ctx); ok {
			return p, nil
		}
		select {
		case <-c.exited:
			return ports{}, fmt.Errorf("engine: ClickHouse (%s) ended while it started (%s): %s", s.src, exitText(c.status), s.lastWords())
		case <-ctx.Done():
			return ports{}, fmt.Errorf("engine: ClickHouse (%s) did not answer in time: %w; %s", s.src, ctx.Err(), s.lastWords())
		case <-tick.C:
		}
	}
}

func exitText(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}

// probe says whether the server answers.
func (s *Server) probe(ctx context.Context) (ports, bool) {
	p := s.ports
	if s.src.library != "" {
		raw, err := os.ReadFile(s.files.ready())
		if err != nil || json.Unmarshal(raw, &p) != nil || p.TCP == 0 || p.HTTP == 0 {
			return ports{}, false
		}
	}
	for _, port := range []int{p.HTTP, p.TCP} {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			return ports{}, false
		}
		_ = conn.Close()
	}
	return p, true
}

// terminalCodes are the colours and cursor movements that the library writes to its console.
var terminalCodes = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)

// lastWords returns what the child wrote last to its console and log, in one line.
func (s *Server) lastWords() string {
	for _, path := range []string{s.files.errorLog(), s.files.console()} {
		raw, err := os.ReadFile(path)
		if err != nil || len(strings.TrimSpace(string(raw))) == 0 {
			continue
		}
		if len(raw) > 600 {
			raw = raw[len(raw)-600:]
		}
		return strings.Join(strings.Fields(terminalCodes.ReplaceAllString(string(raw), "")), " ")
	}
	return "it wrote nothing; its logs are in " + filepath.Dir(s.files.console())
}

func (s *Server) setPID(pid int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pid = pid
}

// supervise owns the child until Stop: it starts another one after every crash, slower each time.
func (s *Server) supervise(c *child) {
	defer close(s.finished)
	defer func() { _ = s.lock.Close() }()
	defer s.setPID(0)
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval = 100 * time.Millisecond
	wait.MaxInterval = 30 * time.Second
	for {
		select {
		case <-s.stopping:
			_ = c.pipe.Close()
			if <-c.exited; c.status != nil {
				s.finishErr = fmt.Errorf("engine: the server did not end well: %w", c.status)
			}
			s.logger.Info("ClickHouse stopped", "pid", c.cmd.Process.Pid)
			return
		case <-c.exited:
			_ = c.pipe.Close()
			s.setPID(0)
			s.logger.Error("ClickHouse ended unexpectedly and is started again", "exit", exitText(c.status), "last_words", s.lastWords())
			if time.Since(c.began) > healthyAfter {
				wait.Reset()
			}
			if c = s.relaunch(wait); c == nil {
				return
			}
		}
	}
}

// relaunch starts a child, trying until it succeeds; it returns nil when the server is stopped meanwhile.
func (s *Server) relaunch(wait *backoff.ExponentialBackOff) *child {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-s.stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	for {
		select {
		case <-s.stopping:
			return nil
		case <-time.After(wait.NextBackOff()):
		}
		c, err := s.launch(ctx)
		if err == nil {
			s.mu.Lock()
			s.restarts++
			s.mu.Unlock()
			s.logger.Info("ClickHouse started again", "pid", c.cmd.Process.Pid)
			return c
		}
		if ctx.Err() == nil {
			s.logger.Error("ClickHouse cannot be started again yet", "error", err)
		}
	}
}
