package batch

import (
	"strings"
	"testing"
	"time"
)

var t0 = time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)

func TestFlushReasons(t *testing.T) {
	cfg := Config{MaxRows: 3, MaxBytes: 100, MaxAge: time.Second}
	p := New(cfg, t0)
	if p.Due(t0.Add(time.Hour)) != None {
		t.Error("an empty batch is due")
	}
	if _, ok := p.Wait(t0); ok {
		t.Error("an empty batch has something to wait for")
	}
	if r := p.Add(1, t0); r != None {
		t.Errorf("first record: %q", r)
	}
	if d, ok := p.Wait(t0.Add(300 * time.Millisecond)); !ok || d != 700*time.Millisecond {
		t.Errorf("Wait = %s, %v, want 700ms", d, ok)
	}
	if r := p.Due(t0.Add(time.Second)); r != Age {
		t.Errorf("after a second: %q, want age", r)
	}
	if d, _ := p.Wait(t0.Add(time.Minute)); d != 0 {
		t.Errorf("an overdue batch waits %s", d)
	}
	p.Add(1, t0)
	if r := p.Add(1, t0); r != Rows {
		t.Errorf("third record: %q, want rows", r)
	}
	p.Reset()
	if p.Len() != 0 {
		t.Errorf("Len = %d after Reset", p.Len())
	}
	if r := p.Add(100, t0.Add(time.Minute)); r != Bytes {
		t.Errorf("100 bytes: %q, want bytes", r)
	}
}

func TestAgeCountsFromTheFirstRecordAfterReset(t *testing.T) {
	p := New(Config{MaxRows: 10, MaxBytes: 10, MaxAge: time.Second}, t0)
	p.Add(1, t0)
	p.Reset()
	if r := p.Add(1, t0.Add(time.Hour)); r != None {
		t.Errorf("got %q, want none: the age of the written batch must be forgotten", r)
	}
}

// Batches that began at different times are due at the same time, none of them older than MaxAge.
func TestAgesEndTogether(t *testing.T) {
	cfg := Config{MaxRows: 10, MaxBytes: 10, MaxAge: time.Second}
	for _, after := range []time.Duration{0, time.Millisecond, 400 * time.Millisecond, 999 * time.Millisecond} {
		p := New(cfg, t0)
		began := t0.Add(time.Hour + after)
		p.Add(1, began)
		if d, _ := p.Wait(began); d != time.Second-after {
			t.Errorf("a batch of %s after the grid waits %s, want %s", after, d, time.Second-after)
		}
		p.SetPatience(Backlog)
		if d, _ := p.Wait(began); d != time.Second-after {
			t.Errorf("behind, a batch of %s after the grid waits %s for records that do not come, want %s", after, d, time.Second-after)
		}
		if p.Due(began.Add(time.Second)) != None || p.Due(began.Add(time.Duration(Backlog)*time.Second)) != Age {
			t.Error("a batch that is behind is due at the wrong time")
		}
		if !p.MayWait(began.Add(Late*time.Second-1)) || p.MayWait(began.Add(Late*time.Second)) {
			t.Errorf("a batch that is due waits until another time than %d s", Late)
		}
		p.SetPatience(Prompt)
		if p.Due(began.Add(time.Second)) != Age {
			t.Error("a batch that has caught up is not due at once")
		}
	}
}

// A backlog is what has waited for long; whoever can barely keep up writes sooner.
func TestPatienceFollowsTheAgeOfRecords(t *testing.T) {
	cfg := Config{MaxRows: 10, MaxBytes: 10, MaxAge: time.Second}
	now := t0.Add(time.Hour)
	for want, recorded := range map[Patience]time.Time{Prompt: now.Add(-Waiting * time.Second), Busy: now.Add(-Late * time.Second), Backlog: now.Add(-Late*time.Second - 1)} {
		if got := cfg.Waited(recorded, now); got != want {
			t.Errorf("a record of %s ago: patience %d, want %d", now.Sub(recorded), got, want)
		}
	}
	if got := cfg.Waited(time.Time{}, now); got != Backlog {
		t.Errorf("a record without a time: patience %d, want %d", got, Backlog)
	}
	if got := cfg.Waited(now.Add(time.Minute), now); got != Prompt {
		t.Errorf("a record of a clock that is ahead: patience %d, want %d", got, Prompt)
	}
}

func TestValidate(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Fatal(err)
	}
	err := Config{}.Validate()
	for _, name := range []string{"batch_rows", "batch_bytes", "batch_age"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("the fault of %s is not named: %v", name, err)
		}
	}
}
