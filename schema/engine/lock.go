package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// lockFD is the file descriptor under which a child inherits the lock: the first of exec.Cmd.ExtraFiles.
const lockFD = 3

// acquireLock locks the data folder, waiting for a process that is about to end. The lock belongs to the open file,
// which the child inherits, so it is free only when the last holder has ended.
func acquireLock(ctx context.Context, path string, timeout time.Duration) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("engine: cannot open the lock of the data folder: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return nil, errors.Join(fmt.Errorf("engine: cannot lock the data folder: %w", err), f.Close())
		}
		select {
		case <-ctx.Done():
			holder, _ := os.ReadFile(path)
			return nil, errors.Join(fmt.Errorf("engine: the data folder %s is used by another engine (%s); stop that one or choose another folder",
				strings.TrimSuffix(path, "/lock"), strings.TrimSpace(string(holder))), f.Close())
		case <-tick.C:
		}
	}
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt(fmt.Appendf(nil, "process %d\n", os.Getpid()), 0)
	}
	return f, nil
}
