package mask

import (
	"sync"
	"sync/atomic"
	"testing"

	"voc/ingest/privacy"
)

func TestSharedIsForManyGoroutines(t *testing.T) {
	m, err := New(Config{Key: testKey(), Off: []string{"name"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var mails atomic.Uint32
	s, err := NewShared(m, func(c Counts) { mails.Add(c.Of(Mail)) })
	if err != nil {
		t.Fatal(err)
	}
	want := s.Mask("taro@example.com")
	const goroutines, texts = 8, 50
	var group sync.WaitGroup
	for range goroutines {
		group.Go(func() {
			for range texts {
				if got := s.Mask("taro@example.com"); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
	group.Wait()
	if got := mails.Load(); got != goroutines*texts+1 {
		t.Errorf("counted %d mails, want %d", got, goroutines*texts+1)
	}
	if s.Pseudonym("u1") != privacy.Pseudonym(testKey(), "u1") || s.Pseudonym("") != "" {
		t.Error("author ids have a second definition")
	}
}
