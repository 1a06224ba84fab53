package ingest

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// However the partitions take turns, and although nothing is written, batches hold no more than twice the bound and two
// records a partition.
func TestBoundsOfAllBatchesTogether(t *testing.T) {
	const partitions, most = 50, 10_000
	b := newBounds(most)
	type partition struct{ n, flight, round int }
	// add takes one record and says whether the partition must wait: its batch is due and the one before not written.
	add := func(p *partition) (blocked bool) {
		if p.n == 0 {
			p.round = b.begin()
		}
		p.n++
		if !b.take(p.round, 1000, false) {
			return false
		}
		if p.flight > 0 {
			return true
		}
		b.fly(p.round)
		p.flight, p.n = p.n, 0
		return false
	}
	ps := make([]partition, partitions)
	total := 0
	for i := range ps { // one after another, which lets each of them have the whole bound
		for !add(&ps[i]) {
		}
	}
	for i := range ps {
		total += ps[i].n + ps[i].flight
	}
	if total > 2*most+2*partitions {
		t.Errorf("%d partitions hold %d records, want at most %d", partitions, total, 2*most+2*partitions)
	}
	if total != b.held {
		t.Errorf("%d records are counted, %d are held", b.held, total)
	}
}

func TestFirstRoundsAreShort(t *testing.T) {
	b := newBounds(10_000)
	var rounds []int
	for range 7 {
		n, round := 0, b.begin()
		for due := false; !due; n++ {
			due = b.take(round, 1000, false)
		}
		b.fly(round)
		b.land(n, round, 0)
		rounds = append(rounds, n)
	}
	for i, want := range []int{500, 1000, 2000, 4000, 8000, 10_000, 10_000} {
		if rounds[i] != want {
			t.Fatalf("rounds of %v records; number %d must have %d", rounds, i, want)
		}
	}
}

// In a backlog rounds are larger, but not of records that are larger than usual, nor when it is over.
func TestRoundsOfABacklog(t *testing.T) {
	b := newBounds(10_000)
	fill := func(size int, late bool) (n int) {
		round := b.begin()
		for due := false; !due; n++ {
			due = b.take(round, size, late)
		}
		b.fly(round)
		b.land(n, round, 0)
		return n
	}
	for range 5 {
		fill(1000, true)
	}
	for _, c := range []struct {
		size int
		late bool
		want int
	}{{1000, true, 16_000}, {1000, true, 20_000}, {1000, false, 10_000}, {2000, true, backlogBytes/2000 + 1}, {10_000, true, 10_000}, {1000, true, 20_000}} {
		if got := fill(c.size, c.late); got != c.want {
			t.Errorf("a round of records of %d bytes has %d, want %d; backlog: %v", c.size, got, c.want, c.late)
		}
	}
	if b := newBounds(50_000); b.backlog != 50_000 {
		t.Errorf("a batch may have 50000 records, but all in a backlog only %d", b.backlog)
	}
}

// A partition whose records have ended does not make the others write small batches.
func TestAWaitingBatchDoesNotCutTheNext(t *testing.T) {
	b := newBounds(400)
	old := b.begin()
	for range 399 {
		b.take(old, 1000, false)
	}
	if !b.take(b.begin(), 1000, false) {
		t.Fatal("the round has not ended")
	}
	b.fly(old) // the other partition's; the 399 wait on
	round := b.begin()
	for n := range 399 {
		if b.take(round, 1000, false) {
			t.Fatalf("the next batch is due after %d records", n+1)
		}
	}
}

// Batches wait for those that are on their way, not for those that were given up, and never for long.
func TestBatchesMeet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBounds(100)
		round := b.begin()
		for range 4 {
			b.fly(round)
		}
		var wg sync.WaitGroup
		meet := func(after, want time.Duration) {
			wg.Go(func() {
				time.Sleep(after)
				began := time.Now()
				b.meet(context.Background(), round, 0)
				if took := time.Since(began); took != want {
					t.Errorf("who came after %s waited %s, want %s", after, took, want)
				}
			})
		}
		meet(0, 50*time.Millisecond)
		meet(30*time.Millisecond, 20*time.Millisecond)
		meet(40*time.Millisecond, 10*time.Millisecond)
		wg.Go(func() {
			time.Sleep(50 * time.Millisecond)
			b.land(1, round, 0)
		})
		wg.Wait()
		round = b.begin()
		b.fly(b.begin())
		b.fly(round)
		meet(0, longestMeeting)
		wg.Wait()
		// Who was written too late for that waits for nobody of another round.
		round = b.begin()
		b.fly(round)
		meet(0, 0)
		wg.Wait()
	})
}

// What is due together is written together: only a batch that began after the others left waits for them to be written.
func TestOnlyLaterBatchesWaitForOthers(t *testing.T) {
	b := newBounds(100)
	first, second := b.begin(), b.begin()
	b.take(first, 1000, false)
	b.take(second, 1000, false)
	b.fly(first)
	if b.behind(second) {
		t.Error("a batch that was collected when the first one left does not go with it")
	}
	b.fly(second)
	third := b.begin()
	b.take(third, 1000, false)
	if !b.behind(third) {
		t.Error("a batch that began afterwards does not wait")
	}
	b.land(1, first, 0)
	b.land(1, second, 0)
	if b.behind(third) {
		t.Error("a batch waits although none is being written")
	}
}
