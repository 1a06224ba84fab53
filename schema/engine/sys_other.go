//go:build !linux

package engine

import "syscall"

// physicalMemory returns a guess of the machine's memory in bytes.
func physicalMemory() uint64 { return 8 << 30 }

// sysProcAttr keeps Ctrl-C at the terminal away from the child.
func sysProcAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// serverProcAttr is for a clickhouse binary. The server outlives the process in between if that is killed; only Linux can prevent it.
func serverProcAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
