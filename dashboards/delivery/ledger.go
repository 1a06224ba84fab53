package delivery

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Entry is a line of the ledger.
type Entry struct {
	At     time.Time `json:"at"`
	Event  string    `json:"event"` // started, found, delivered or failed
	Notice string    `json:"notice,omitempty"`
	Target string    `json:"target,omitempty"`
	Error  string    `json:"error,omitempty"`
	// Detail is what a found entry is about.
	Detail json.RawMessage `json:"detail,omitempty"`
}

// The events.
const (
	started   = "started" // the schedule began: nothing before is due
	delivered = "delivered"
	failed    = "failed"
	found     = "found"
)

// Ledger is the record of deliveries, a file of JSON lines that only grows. One process holds it at a time.
type Ledger struct {
	mu      sync.Mutex
	file    *os.File
	entries []Entry
	done    map[[2]string]bool
}

// OpenLedger opens or makes the file. It fails when another process holds it.
func OpenLedger(path string) (*Ledger, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the folder of the delivery ledger: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot open the delivery ledger: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("the delivery ledger %s is held by another voc; stop that one first, or give this one its own file", path), f.Close())
	}
	l := &Ledger{file: f, done: map[[2]string]bool{}}
	if err := l.read(path); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

// ReadLedger returns the entries of a file that another process may hold; none when there is no file.
func ReadLedger(path string) ([]Entry, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the delivery ledger: %w", err)
	}
	defer f.Close()
	entries, _, err := parseLedger(f, path)
	return entries, err
}

func (l *Ledger) read(path string) error {
	entries, good, err := parseLedger(l.file, path)
	if err != nil {
		return err
	}
	// A last line that a crash cut off is taken away: it says nothing.
	if err := l.file.Truncate(good); err != nil {
		return fmt.Errorf("cannot mend the delivery ledger: %w", err)
	}
	if _, err := l.file.Seek(good, io.SeekStart); err != nil {
		return fmt.Errorf("cannot read the delivery ledger: %w", err)
	}
	for _, e := range entries {
		l.note(e)
	}
	return nil
}

// parseLedger also returns the length of the lines that are whole.
func parseLedger(r io.Reader, path string) (entries []Entry, good int64, err error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, 0, fmt.Errorf("cannot read the delivery ledger: %w", err)
	}
	for n := 1; ; n++ {
		line, rest, whole := bytes.Cut(b, []byte("\n"))
		if !whole {
			return entries, good, nil
		}
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, 0, fmt.Errorf("line %d of the delivery ledger %s cannot be read; take it out: %w", n, path, err)
		}
		entries = append(entries, e)
		good += int64(len(line)) + 1
		b = rest
	}
}

func (l *Ledger) note(e Entry) {
	l.entries = append(l.entries, e)
	if e.Event == delivered {
		l.done[[2]string{e.Notice, e.Target}] = true
	}
}

// add returns once the entry is on disk.
func (l *Ledger) add(e Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, err := json.Marshal(e)
	if err == nil {
		_, err = l.file.Write(append(b, '\n'))
	}
	if err = errors.Join(err, l.file.Sync()); err != nil {
		return fmt.Errorf("cannot write the delivery ledger: %w", err)
	}
	l.note(e)
	return nil
}

// Delivered says whether a target has a notice.
func (l *Ledger) Delivered(notice, target string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.done[[2]string{notice, target}]
}

// Entries are all entries, oldest first.
func (l *Ledger) Entries() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Entry(nil), l.entries...)
}

// Found notes something that is to be delivered, so that it is known after a restart. It returns once that is on disk.
func (l *Ledger) Found(at time.Time, notice string, detail any) error {
	b, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("cannot write the delivery ledger: %w", err)
	}
	return l.add(Entry{At: at.UTC(), Event: found, Notice: notice, Detail: b})
}

// Findings are the entries of Found since a moment, oldest first.
func (l *Ledger) Findings(since time.Time) []Entry {
	var list []Entry
	for _, e := range l.Entries() {
		if e.Event == found && !e.At.Before(since) {
			list = append(list, e)
		}
	}
	return list
}

// begin returns since when the schedule runs, and notes it the first time.
func (l *Ledger) begin(now time.Time) (time.Time, error) {
	for _, e := range l.Entries() {
		if e.Event == started {
			return e.At, nil
		}
	}
	return now, l.add(Entry{At: now, Event: started})
}

// Close gives the file free.
func (l *Ledger) Close() error { return l.file.Close() }
