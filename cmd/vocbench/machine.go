package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// machine is what the figures were measured on.
type machine struct {
	cores     int
	processor string
	memory    int // GiB
	// others is the share of the processors that went to programs that are no part of the measurement, 0 to 1.
	others float64
	took   time.Duration
}

// quietBelow is the share of others up to which a machine counts as quiet.
const quietBelow = 0.05

func (m machine) String() string {
	state := "quiet"
	if m.others > quietBelow {
		state = "shared"
	}
	return fmt.Sprintf("%d cores (%s), %d GB of memory, %s: other programs took %.0f %% of the processors meanwhile", m.cores, m.processor, m.memory, state, 100*m.others)
}

// watch remembers what the processors had done when it began.
type watch struct {
	began           time.Time
	busy, all, mine time.Duration
}

func startWatch() watch {
	busy, all := processorTimes()
	return watch{time.Now(), busy, all, family()}
}

// end describes the machine. Processes that this one has started must have ended and been waited for.
func (w watch) end() machine {
	busy, all := processorTimes()
	m := machine{cores: runtime.NumCPU(), processor: "unknown", took: time.Since(w.began)}
	if d := all - w.all; d > 0 {
		m.others = max(0, float64(busy-w.busy-(family()-w.mine))/float64(d))
	}
	if v, ok := procValue("/proc/cpuinfo", "model name"); ok {
		m.processor = v
	}
	m.memory = (kilobytes("/proc/meminfo", "MemTotal") + 1<<19) >> 20
	return m
}

// memoryNow and mostMemory are what /proc calls the resident memory of a process, and the most that it was.
const (
	memoryNow  = "VmRSS"
	mostMemory = "VmHWM"
)

// memory is that of a running process in MiB; zero when it has ended.
func memory(pid int, which string) int {
	return kilobytes(fmt.Sprintf("/proc/%d/status", pid), which) / 1024
}

// kilobytes is a value that a file of /proc gives in kB.
func kilobytes(path, key string) int {
	v, _ := procValue(path, key)
	kb, _ := strconv.Atoi(strings.TrimSuffix(v, " kB"))
	return kb
}

// family is the processor time of this process and of its children that have ended.
func family() time.Duration {
	var u syscall.Rusage
	// Getrusage of the own children cannot fail.
	_ = syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u)
	return self() + time.Duration(u.Utime.Nano()+u.Stime.Nano())
}

// processorTimes are what all processors have spent working, and working or idle, since the machine was started.
func processorTimes() (busy, all time.Duration) {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0
	}
	return parseProcessorTimes(raw)
}

// parseProcessorTimes reads /proc/stat: user, nice, system, idle, waiting, interrupts, soft interrupts and stolen time in
// hundredths of a second; what follows is part of user already.
func parseProcessorTimes(raw []byte) (busy, all time.Duration) {
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	f := strings.Fields(string(line))
	if len(f) < 9 || f[0] != "cpu" {
		return 0, 0
	}
	for i, v := range f[1:9] {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return 0, 0
		}
		d := time.Duration(n) * 10 * time.Millisecond
		all += d
		if i != 3 && i != 4 {
			busy += d
		}
	}
	return busy, all
}

// procValue is the value of the first line "key: value" of a file.
func procValue(path, key string) (string, bool) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", false
	}
	for s := bufio.NewScanner(bytes.NewReader(raw)); s.Scan(); {
		if k, v, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v), true
		}
	}
	return "", false
}
