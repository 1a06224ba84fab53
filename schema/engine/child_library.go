//go:build linux && amd64

package engine

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"github.com/creack/pty"
	"github.com/ebitengine/purego"
	"golang.org/x/sys/unix"
)

// runLibrary runs the ClickHouse library's command line, which is clickhouse-local with listeners, and returns when
// it has ended. It returns an error when the server ended without being asked to.
func runLibrary(spec childSpec) error {
	runtime.LockOSThread()
	signal.Ignore(syscall.SIGPIPE)
	// The supervisor decides when the server ends; a signal meant for a whole process group must not.
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP)

	stdin, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("cannot keep the supervisor's pipe: %w", err)
	}
	terminal, tty, err := pty.Open()
	if err != nil {
		return fmt.Errorf("cannot open a pseudo terminal for the server: %w", err)
	}
	if err := unix.Dup2(int(tty.Fd()), 0); err != nil {
		return fmt.Errorf("cannot give the server a terminal: %w", err)
	}
	go func() { _, _ = io.Copy(io.Discard, terminal) }()

	asked := parentGone(os.NewFile(uintptr(stdin), "supervisor"))
	go func() {
		<-asked
		deadline := time.After(stopGrace)
		tick := time.NewTicker(time.Second)
		for {
			_, _ = terminal.WriteString("exit\r")
			select {
			case <-tick.C:
			case <-deadline:
				_ = unix.Kill(os.Getpid(), unix.SIGKILL)
			}
		}
	}()

	library, err := purego.Dlopen(spec.Library, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("cannot load the ClickHouse library %s; install it again with `make setup`: %w", spec.Library, err)
	}
	entry, err := purego.Dlsym(library, "chdb_query_cmdline")
	if err != nil {
		return fmt.Errorf("%s has no function chdb_query_cmdline and cannot be used: %w", spec.Library, err)
	}
	var cmdline func(argc int32, argv unsafe.Pointer) unsafe.Pointer
	purego.RegisterFunc(&cmdline, entry)

	argv := cStrings("clickhouse",
		"--config-file="+spec.Config,
		"--path="+spec.Data,
		"--log-level=warning",
		"--interactive", "--disable_suggestion", "--history_file=/dev/null",
		"--query", startQuery(spec.Ready))
	cmdline(int32(len(argv)-1), unsafe.Pointer(&argv[0]))
	runtime.KeepAlive(argv)
	select {
	case <-asked:
		return nil
	default:
		return errors.New("the server ended without being asked to; see the logs in its data folder")
	}
}

// startQuery opens the listeners and tells the supervisor their ports.
func startQuery(ready string) string {
	return "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; " +
		"SELECT getServerPort('tcp_port') AS tcp, getServerPort('http_port') AS http " +
		"INTO OUTFILE " + quoteSQL(ready) + " TRUNCATE FORMAT JSONEachRow"
}

// quoteSQL makes a string literal.
func quoteSQL(s string) string {
	out := []byte{'\''}
	for i := range len(s) {
		if s[i] == '\'' || s[i] == '\\' {
			out = append(out, '\\')
		}
		out = append(out, s[i])
	}
	return string(append(out, '\''))
}

// cStrings makes a NULL-terminated array of NUL-terminated strings.
func cStrings(args ...string) []*byte {
	argv := make([]*byte, 0, len(args)+1)
	for _, a := range args {
		b := append([]byte(a), 0)
		argv = append(argv, &b[0])
	}
	return append(argv, nil)
}
