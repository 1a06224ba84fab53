package engine

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// physicalMemory returns the machine's memory in bytes.
func physicalMemory() uint64 {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return 4 << 30
	}
	return uint64(info.Totalram) * uint64(info.Unit) //nolint:unconvert // the field is 32 bits wide on 32-bit machines
}

// sysProcAttr puts the child into its own session, so that Ctrl-C at the terminal reaches the parent only, which
// then ends the child in order.
func sysProcAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// serverProcAttr is for a clickhouse binary. The server ends in order when the process in between is killed.
func serverProcAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} }
