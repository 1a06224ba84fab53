package engine

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// runBinary runs `clickhouse server` until it ends or the supervisor goes. The process in between exists because
// the server does not notice when its parent dies.
func runBinary(spec childSpec) error {
	runtime.LockOSThread() // the death signal is sent when the thread that started the server ends
	cmd := exec.Command(spec.Binary, "server", "--config-file="+spec.Config)
	cmd.Dir = spec.Data
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	// The server keeps the lock of the data folder too, should this process be killed alone.
	cmd.ExtraFiles = []*os.File{os.NewFile(lockFD, "lock")}
	cmd.SysProcAttr = serverProcAttr()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot start %s: %w", spec.Binary, err)
	}
	var status error
	exited := make(chan struct{})
	go func() {
		status = cmd.Wait()
		close(exited)
	}()
	select {
	case <-exited:
		if status == nil {
			status = errors.New("it ended without being asked to")
		}
		return fmt.Errorf("%s server: %w", spec.Binary, status)
	case <-parentGone(os.Stdin):
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("cannot stop the server: %w", err)
	}
	select {
	case <-exited: // whatever its status, this is the end that was asked for
		return nil
	case <-time.After(stopGrace):
		_ = cmd.Process.Kill()
		<-exited
		return fmt.Errorf("the server did not end within %s and was killed", stopGrace)
	}
}
